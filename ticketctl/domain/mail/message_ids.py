"""Our Message-IDs: they carry the ticket's number and a keyed hash, so that a reply finds its ticket and nobody can
make one up. `<17.5f0c….9ab1…@example.se>`: number, nonce, 16 bytes of HMAC-SHA256 over both.
An address for answers is made alike: `support+17-9ab1…@example.se`, 12 bytes of it over the number.

The domain is not part of what is signed: some servers rewrite it on the way.
"""

from __future__ import annotations

import hmac
import re

_ANSWERS = re.compile(r"[^@+]+\+([1-9][0-9]{0,8})-([0-9a-f]{24})@.+", re.ASCII)
NOTICE = "notice."  # begins the Message-ID of mail to the team, which is of no ticket
_OURS = re.compile(r"([1-9][0-9]{0,8})\.([0-9a-z]{1,64})\.([0-9a-f]{32})@", re.ASCII)

# What people choose: words, and perhaps a few digits at the end. Programs make ids of numbers and random letters.
_CHOSEN = re.compile(r"(?:[A-Za-z][a-z]*[._+-])*(?:[A-Za-z][a-z]*|[A-Za-z][a-z]{2,}[._-]?[0-9]{1,4})")


def looks_made(message_id: str) -> bool:
    """Whether a program made it up. An address of a person or team where an id should stand, and words that are neither
    ("no-id", "null"), do not: that two mails name the same one says nothing."""
    left, at, right = message_id.rpartition("@")
    return bool(left and at and right) and ":" not in left and _CHOSEN.fullmatch(left) is None


def make_message_id(number: int, nonce: str, key: bytes, domain: str) -> str:
    """A Message-ID without angle brackets. `nonce` makes it unique: at most 64 of 0-9 and a-z."""
    message_id = f"{number}.{nonce}.{_mac(number, nonce, key)}@{domain}"
    if _OURS.match(message_id) is None:
        raise ValueError(f"number {number} or nonce {nonce!r} does not fit into a Message-ID")
    return message_id


def ticket_of(message_id: str, key: bytes) -> int | None:
    """The ticket that a Message-ID of ours belongs to; None for all others and for forged ones."""
    match = _OURS.match(message_id.lower())
    if match is None:
        return None
    number, nonce = int(match[1]), match[2]
    return number if hmac.compare_digest(match[3], _mac(number, nonce, key)) else None


def answer_address(number: int, address: str, key: bytes) -> str:
    """The plus-address of the mailbox `address` by which an answer finds its ticket, whatever became of the ids."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{number}-{_address_mac(number, key)}@{domain}"


def ticket_of_address(address: str, key: bytes) -> int | None:
    """The ticket that an address for answers belongs to; None for all others and for forged ones."""
    match = _ANSWERS.fullmatch(address.lower())
    if match is None:
        return None
    number = int(match[1])
    return number if hmac.compare_digest(match[2], _address_mac(number, key)) else None


def _address_mac(number: int, key: bytes) -> str:
    return hmac.digest(key, f"address-of:{number}".encode(), "sha256")[:12].hex()


def _mac(number: int, nonce: str, key: bytes) -> str:
    return hmac.digest(key, f"message-id:{number}.{nonce}".encode(), "sha256")[:16].hex()
