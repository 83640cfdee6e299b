"""What makes and checks passwords and the codes of an authenticator app."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Credentials(Protocol):
    def hashed(self, password: str) -> str:
        """As it is stored. Raises MissingExtra."""
        ...

    def fits(self, password: str, stored: str) -> bool:
        """Takes the same time where nothing is stored (""), and does one at a time. Raises MissingExtra."""
        ...

    def new_secret(self) -> str:
        """Of an authenticator app, as it is stored."""
        ...

    def shown(self, secret: str) -> str:
        """As an app takes it, base32; "" where the key that it was made with is not here."""
        ...

    def step(self, secret: str, code: str, at: datetime) -> int:
        """The number of the half minute that the code is of, at most one away from now; 0 where it is none (RFC 6238,
        5.2)."""
        ...

    def address(self, secret: str, name: str, desk: str) -> str:
        """What an app reads: otpauth://…"""
        ...
