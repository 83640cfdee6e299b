"""Passwords by argon2 (RFC 9106), codes of an authenticator app by TOTP (RFC 6238)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING, Any

from ticketctl.errors import MissingExtra, NextStep

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_ONE_AT_A_TIME = Semaphore()  # each takes 19 MiB: eight log-ins at once must not take eight times that
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$4xdc/VSjBlv5Lubo+LlRXg$TX2TnpPORJMkOk4I6Tx7gHPrwyZUQho3CFKuVuVmOqg"
STEP = 30  # seconds


class WebCredentials:
    """`own` and `outside` give the desk's keys, the second the one that lies elsewhere, where rules.yaml names one. The
    secret of an app is not stored: it is made of such a key and of what is stored, "NAME:SALT" with the name of the
    key. So data/desk.json alone gives no codes."""

    def __init__(self, own: Callable[[], bytes], outside: Callable[[], tuple[Path, bytes] | None]) -> None:
        self._own, self._outside = own, outside

    def _keys(self) -> list[bytes]:
        """That of new apps first."""
        outside = self._outside()
        return [*([outside[1]] if outside else []), self._own()]

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
        _pyotp()
        return f"{_name(self._keys()[0])}:{secrets.token_hex(16)}"

    def shown(self, secret: str) -> str:
        name, colon, salt = secret.partition(":")
        if not colon:
            return secret  # as it was stored before
        key = next((one for one in self._keys() if _name(one) == name), None)
        made = hmac.digest(key, f"authenticator app {salt}".encode(), "sha256") if key else b""
        return base64.b32encode(made[:20]).decode()

    def step(self, secret: str, code: str, at: datetime) -> int:
        shown = self.shown(secret)
        if not shown:
            return 0
        totp = _pyotp().TOTP(shown, interval=STEP)
        found = 0
        for away in (-1, 0, 1):
            moment = at + timedelta(seconds=away * STEP)
            if hmac.compare_digest(totp.at(moment).encode(), code.encode()):
                found = int(moment.timestamp()) // STEP
        return found

    def address(self, secret: str, name: str, desk: str) -> str:
        return str(_pyotp().TOTP(self.shown(secret), interval=STEP).provisioning_uri(name=name, issuer_name=desk))


def _name(key: bytes) -> str:
    return hmac.digest(key, b"name of this key", "sha256").hex()[:8]


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
