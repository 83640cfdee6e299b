"""What comes over the wire of an IMAP connection, as values: folder names, lists of mails, batches, literals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from ticketctl.channels.limits import MAIL
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import UNKNOWN

BATCH = 100  # mails in one FETCH: one at a time is ten times slower at 20 ms round trip
BATCH_BYTES = 8_000_000  # and no more than this, so that memory stays flat

Answer = Sequence[bytes | tuple[bytes, bytes] | None]
"""As imaplib gives it: lines, and (line, literal) where a literal follows."""


UNSIZED = -1
LAST_UID = 2**32 - 2  # RFC 3501, 2.3.1.1 has 32 bits; after the very last one no mail could ever come


class Listed(NamedTuple):
    """What is known of a mail before it is fetched; `size` is UNSIZED where it does not say."""

    uid: int
    size: int
    arrived_at: datetime


def folder_name(folder: str) -> str:
    """The name, refused with line ends, which would be another command."""
    if re.search(r"[\r\n\0]", folder):
        raise ChannelFailed("{folder!r} is not a folder name", code="not_a_folder_name", folder=folder)
    return folder


def flag(name: str) -> str:
    """A flag as an argument: `seen` is the system flag \\Seen, other words are keywords of the user's own."""
    word = name.removeprefix("\\")
    if not re.fullmatch(r"[A-Za-z0-9$_-]+", word):
        raise ChannelFailed(
            "{name!r} is not a flag; write seen, flagged, or a word of your own", code="not_a_flag", name=name
        )
    return "\\" + word.capitalize() if word.lower() in _SYSTEM_FLAGS else word


_SYSTEM_FLAGS = {"seen", "flagged", "answered", "deleted", "draft"}


def batches(mails: Sequence[Listed]) -> Iterator[list[Listed]]:
    """In order, at most BATCH mails and BATCH_BYTES (or one mail) each; an oversize or unsized one is always alone."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        full = len(batch) == BATCH or size + mail.size > BATCH_BYTES
        if batch and (full or _alone(batch[-1]) or _alone(mail)):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


def _alone(mail: Listed) -> bool:
    return mail.size > MAIL or mail.size == UNSIZED


_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)
_DATE = re.compile(
    rb'\bINTERNALDATE "([ \d]?\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', re.IGNORECASE
)
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
_TEXT = re.compile(rb'\b(?:BODY\[[^\]]*\](?:<\d+>)?|RFC822)\s+("(?:[^"\\]|\\.)*")', re.IGNORECASE | re.DOTALL)
_BEFORE_LITERAL = re.compile(rb"~?\{\d+\}\Z")
_MONTHS = [b"", b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"]


def number(digits: bytes) -> int | None:
    """A number of 32 bits (RFC 3501, 9); None for anything else."""
    if not digits.isdigit() or len(digits) > 10:
        return None
    value = int(digits)
    return value if value < 2**32 else None


def listed(line: bytes) -> Listed | None:
    """From a line such as `3 (UID 17 RFC822.SIZE 4711 INTERNALDATE "21-Nov-2026 14:30:00 +0100")`; None where it names
    no UID that can be."""
    uid, size = _uid(line), _SIZE.search(line)
    if uid is None:
        return None
    return Listed(uid, int(size[1][:12]) if size else UNSIZED, _date(line))


def listing(answer: Answer) -> tuple[dict[int, Listed], int]:
    """The mails of an answer by UID, and how many of its lines name none that can be. A line without a size may be told
    of its own accord, when flags change: one with a size counts for more."""
    found: dict[int, Listed] = {}
    unread = 0
    for line in whole_lines(answer):
        one = listed(line)
        if one is None:
            unread += b"FLAGS" not in line.upper()
        elif one.uid not in found or one.size != UNSIZED:
            found[one.uid] = one
    return found, unread


def whole_lines(answer: Answer) -> Iterator[bytes]:
    """The lines of an answer, with what came as a literal in quotes."""
    before = b""
    for part in answer:
        if isinstance(part, tuple):
            before += _BEFORE_LITERAL.sub(b"", part[0]) + b'"' + part[1] + b'"'
        elif part is not None:
            yield before + part
            before = b""


def _uid(line: bytes) -> int | None:
    match = _UID.search(line)
    value = number(match[1]) if match else None
    return value if value and value <= LAST_UID else None


def _date(line: bytes) -> datetime:
    match = _DATE.search(line)
    if match is None:
        return UNKNOWN
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    with suppress(ValueError):
        return datetime(
            int(year),
            _MONTHS.index(month.capitalize()),
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
    """(UID, bytes) of a FETCH answer as imaplib gives it: the UID stands before the literal, or after it. A short mail
    may come as a quoted string (RFC 3501, 9: nstring); NIL is none."""
    for at, part in enumerate(answer):
        if isinstance(part, tuple):
            after = answer[at + 1] if at + 1 < len(answer) else b""
            uid = _uid(_QUOTED.sub(b"", part[0])) or _uid(after if isinstance(after, bytes) else b"")
            if uid is not None:
                yield uid, part[1]
        elif part is not None and (text := _TEXT.search(part)):
            uid = _uid(part[: text.start()]) or _uid(part[text.end() :])
            if uid is not None:
                yield uid, re.sub(rb"(?s)\\(.)", rb"\1", text[1][1:-1])


_FOLDER = re.compile(rb"\([^()]*\) \S+ ")


def decodable(answer: Answer) -> Iterator[bytes | tuple[bytes, bytes]]:
    """The lines of LIST that name a folder, in modified UTF-7 throughout. (imap-tools' own search for them would also
    take the square of a hostile line's length.)"""
    for part in answer:
        head, name = part if isinstance(part, tuple) else (part or b"", b"")
        if _FOLDER.match(head):
            yield (_in_utf7(head), _in_utf7(name)) if isinstance(part, tuple) else _in_utf7(head)


def _in_utf7(text: bytes) -> bytes:
    """As it is, where that is what it is; else its characters are taken for what they are."""
    with suppress(ValueError):
        if utf7_encode(utf7_decode(text)) == text:
            return text
    encoded: bytes = utf7_encode(text.decode("utf-8", "replace"))
    return encoded
