"""Passwords by argon2 (RFC 9106), codes of an authenticator app by TOTP (RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from threading import Semaphore
from typing import TYPE_CHECKING, Any

from ticketctl.errors import MissingExtra, NextStep

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_ONE_AT_A_TIME = Semaphore()  # each takes 19 MiB: eight log-ins at once must not take eight times that
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$4xdc/VSjBlv5Lubo+LlRXg$TX2TnpPORJMkOk4I6Tx7gHPrwyZUQho3CFKuVuVmOqg"
STEP = 30  # seconds


class WebCredentials:
    def hashed(self, password: str) -> str:
        hasher = _hasher()
        with _ONE_AT_A_TIME:
            return hasher.hash(password)

    def fits(self, password: str, stored: str) -> bool:
        hasher = _hasher()
        from argon2.exceptions import InvalidHashError, VerificationError

        with _ONE_AT_A_TIME:
            try:
                return hasher.verify(stored or _NOBODY, password) and bool(stored)
            except (VerificationError, InvalidHashError):
                return False

    def new_secret(self) -> str:
        return str(_pyotp().random_base32())

    def step(self, secret: str, code: str, at: datetime) -> int:
        totp = _pyotp().TOTP(secret, interval=STEP)
        found = 0
        for away in (-1, 0, 1):
            moment = at + timedelta(seconds=away * STEP)
            if hmac.compare_digest(totp.at(moment).encode(), code.encode()):
                found = int(moment.timestamp()) // STEP
        return found

    def address(self, secret: str, name: str, desk: str) -> str:
        return str(_pyotp().TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=desk))


def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise _missing() from None
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP Password Storage, 2nd set


def _pyotp() -> Any:
    try:
        import pyotp
    except ImportError:
        raise _missing() from None
    return pyotp


def _missing() -> MissingExtra:
    return MissingExtra(
        "passwords need the extra [web]", code="no_passwords", next_step=NextStep("install", more="web")
    )
