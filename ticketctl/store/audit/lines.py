"""Records as the lines of `audit.jsonl`, and what is read from a log without verifying it.

A line's `mac` stands last in it. It is a keyed hash (HMAC-SHA256) of the mac of the line before and of this line's own
bytes without its mac, so that no byte can be changed, and no line taken out, put in or moved.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from contextlib import suppress
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged
from ticketctl.ports.audit import PRUNED, VERSION, Head, Record
from ticketctl.ports.store import DELETED
from ticketctl.store import fs
from ticketctl.store.tiny.documents import Decoder, decode, encode
from ticketctl.store.tiny.file_format import Tables

NAME = "audit.jsonl"
TAIL = 65_536  # bytes, more than the longest line
_LINE = re.compile(rb'(\{[^\r\n]*),"mac":"([0-9a-f]{64})"\}')
_RECORD = Decoder(Record)
_VERSION = re.compile(rb'\{"version":(\d{1,9}),')
_HEAD = Decoder(Head)


def key_id(key: bytes) -> str:
    """Names a key without telling anything of it."""
    return hmac.digest(key, b"audit key", hashlib.sha256).hex()[:16]


def signed(record: Record, before: str, key: bytes) -> tuple[bytes, Head]:
    """The record as a line without its end, behind a line with the mac `before`; and the head that it makes."""
    unsigned = encode(msgspec.structs.replace(record, mac=""))
    mac = mac_of(unsigned, before, key)
    return unsigned[:-1] + b',"mac":"' + mac.encode() + b'"}', Head(record.number, mac)


def mac_of(unsigned: bytes, before: str, key: bytes) -> str:
    return hmac.digest(key, before.encode() + unsigned, hashlib.sha256).hex()


def taken_apart(line: bytes) -> tuple[bytes, str] | None:
    """The bytes that are signed, and the mac; None where it is no line of a log."""
    found = _LINE.fullmatch(line)
    return (found[1] + b"}", found[2].decode()) if found else None


def lines(data: bytes) -> list[bytes]:
    """Those that are whole."""
    return data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]


def decoded(line: bytes, where: str) -> Record:
    """Raises Damaged where it is no record, or one of a newer version."""
    try:
        return _RECORD.decode(line)
    except msgspec.MsgspecError as error:
        version = _VERSION.match(line)
        if version and int(version[1]) > VERSION:
            raise Damaged(
                "{where} was written by a newer version; use that one", code="audit_newer", where=where
            ) from error
        raise Damaged(
            "{where} is not a record; compare it with a backup", code="audit_not_a_record", where=where
        ) from error


def last_record(tail: bytes) -> Record | None:
    found = lines(tail)
    return decoded(found[-1], "the last line of audit.jsonl") if found else None


def head_of(record: Record | None) -> Head:
    """What a line that follows it is chained to."""
    if record is None:
        return Head()
    return Head(record.number, record.last if record.action == PRUNED else record.mac)


def anchor(tables: Tables) -> Head:
    """The last record that a desk file remembers."""
    raw = tables.get("audit", {}).get("head")
    return decode(_HEAD, raw) if raw else Head()


def advanced(folder: Path, old: Head) -> Head:
    """The log's last record; `old` again where the log no longer holds that one, so that a cut never goes under."""
    path = folder / NAME
    tail = fs.read_tail(path, TAIL)
    return head_of(last_record(tail)) if holds(old, tail, path) else old


def holds(head: Head, tail: bytes, path: Path) -> bool:
    """Whether the log, of which `tail` is the end, has that record."""
    wanted = head.mac.encode()
    return wanted in tail or wanted in (fs.read(path) or b"")


def highest_ticket(folder: Path) -> int:
    """The highest ticket number that any readable line of the log is about, 0 where there is none."""
    highest = 0
    for line in lines(fs.read(folder / NAME) or b""):
        with suppress(msgspec.MsgspecError):
            highest = max(highest, _RECORD.decode(line).ticket)
    return highest


def tickets(folder: Path) -> set[int]:
    """The ticket numbers that readable lines of the log are about, without those that a rule deleted."""
    known: set[int] = set()
    for line in lines(fs.read(folder / NAME) or b""):
        with suppress(msgspec.MsgspecError):
            record = _RECORD.decode(line)
            (known.discard if record.action in (DELETED, PRUNED) else known.add)(record.ticket)
    return known - {0}
