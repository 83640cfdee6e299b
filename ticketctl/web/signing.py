"""Short texts that a visitor carries for us and cannot make: signed with the desk's key, each for one purpose."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from ticketctl.usecases.session import Session

SOONEST = timedelta(seconds=2)  # nobody has read a form and filled it in by then
LATEST = timedelta(hours=24)
MAC = 16  # bytes


def sign(key: bytes, purpose: str, text: str) -> str:
    """`text` has no dot."""
    return f"{text}.{_mac(key, purpose, text)}"


def read(key: bytes, purpose: str, signed: str) -> str | None:
    """The text that was signed; None where it was not, or for another purpose."""
    text, _, mac = signed.rpartition(".")
    good = hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(key, purpose, text).encode())
    return text if good else None


def fresh_token(ours: Session, purpose: str) -> str:
    """For a form that is about to be shown: what is sent with it is one submission."""
    return sign(ours.key, purpose, f"{int(ours.now.timestamp())}-{secrets.token_hex(16)}")


def judged_token(ours: Session, purpose: str, token: str) -> tuple[str, str]:
    """What makes that visit one of a kind, "" for no token of ours or one that is too old; and what is wrong with it, a
    key of the form's texts."""
    text = read(ours.key, purpose, token)
    if text is None:
        return "", "sent_too_late"
    seconds, _, nonce = text.partition("-")
    age = ours.now - datetime.fromtimestamp(int(seconds), UTC)
    if age > LATEST:
        return "", "sent_too_late"
    return nonce, "sent_too_soon" if age < SOONEST else ""


def _mac(key: bytes, purpose: str, text: str) -> str:
    digest = hmac.digest(key, f"web {purpose}\n{text}".encode("utf-8", "replace"), "sha256")[:MAC]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
