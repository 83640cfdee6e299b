"""What goes over the wire of an IMAP connection, as values: folder names, lists of mails, batches, literals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple

from imap_tools.utils import encode_folder

from ticketctl.channels.base import UNKNOWN
from ticketctl.channels.limits import MAIL
from ticketctl.errors import ChannelFailed

BATCH = 100  # mails in one FETCH: one at a time is ten times slower at 20 ms round trip
BATCH_BYTES = 8_000_000  # and no more than this, so that memory stays flat

Answer = Sequence[bytes | tuple[bytes, bytes] | None]
"""As imaplib gives it: lines, and (line, literal) where a literal follows."""


class Listed(NamedTuple):
    """What a mailbox tells of a mail before it is fetched."""

    uid: int
    size: int
    arrived_at: datetime


def quoted(folder: str) -> str:
    """A folder name as an argument: modified UTF-7, quoted; refused with line ends, which would be another command."""
    if re.search(r"[\r\n\0]", folder):
        raise ChannelFailed(f"{folder!r} is not a folder name")
    encoded: bytes = encode_folder(folder)
    return encoded.decode("ascii")


def flag(name: str) -> str:
    """A flag as an argument: `seen` is the system flag \\Seen, other words are keywords of the user's own."""
    word = name.removeprefix("\\")
    if not re.fullmatch(r"[A-Za-z0-9$_-]+", word):
        raise ChannelFailed(f"{name!r} is not a flag; write seen, flagged, or a word of your own")
    return "\\" + word.capitalize() if word.lower() in _SYSTEM_FLAGS else word


_SYSTEM_FLAGS = {"seen", "flagged", "answered", "deleted", "draft"}


def batches(mails: Sequence[Listed]) -> Iterator[list[Listed]]:
    """In order, at most BATCH mails and BATCH_BYTES (or one mail) each; an oversize one is always alone."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        full = len(batch) == BATCH or size + mail.size > BATCH_BYTES
        if batch and (full or batch[-1].size > MAIL or mail.size > MAIL):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_MONTHS = [b"", b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"]


def listed(line: bytes) -> Listed | None:
    """From a line such as `3 (UID 17 RFC822.SIZE 4711 INTERNALDATE "21-Nov-2026 14:30:00 +0100")`."""
    uid, size = _UID.search(line), _SIZE.search(line)
    if uid is None or size is None:
        return None
    return Listed(int(uid[1]), int(size[1]), _date(line))


def _date(line: bytes) -> datetime:
    match = _DATE.search(line)
    if match is None:
        return UNKNOWN
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    with suppress(ValueError):
        return datetime(
            int(year),
            _MONTHS.index(month),
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=_zone(sign, hours, minutes),
        )
    return UNKNOWN


@cache
def _zone(sign: bytes, hours: bytes, minutes: bytes) -> timezone:
    """One object for all mails: there may be a hundred thousand. Raises ValueError."""
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1))


def literals(answer: Answer) -> Iterator[tuple[int, bytes]]:
    """(UID, bytes) of a FETCH answer as imaplib gives it: the UID stands before the literal, or after it."""
    for at, part in enumerate(answer):
        if isinstance(part, tuple):
            after = answer[at + 1] if at + 1 < len(answer) else b""
            uid = _UID.search(part[0]) or _UID.search(after if isinstance(after, bytes) else b"")
            if uid is not None:
                yield int(uid[1]), part[1]
