"""The file of the log's head: number and mac of the last record, sealed with the key.

It is written with each record, those of readings too, so that cutting off the end of the log shows without the desk
file. Whoever has no key can at most put an older copy back, of both files at once; where the key lies elsewhere
(`privacy: audit_key:`), so does this file, and not even that. It is written after the log has reached the disk, and not
synced itself: after a power failure it may lag behind the log, never the other way round.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import NamedTuple

from ticketctl.errors import Damaged
from ticketctl.ports.audit import Head
from ticketctl.store import fs
from ticketctl.store.audit.lines import key_id

NAME = "audit.head"
_NONE = "0" * 64
_SHAPE = re.compile(rb"audit head (\d{20}) ([0-9a-f]{64}) ([0-9a-f]{16}) ([0-9a-f]{64})\n")


class Sealed(NamedTuple):
    """`key` names the key that signed the log's last record. Record 0, before the first, has no mac."""

    head: Head
    key: str


def read(path: Path, *keys: bytes) -> Sealed | None:
    """None where there is no such file; raises Damaged where none of the keys sealed it."""
    data = fs.read(path)
    if data is None:
        return None
    found = _SHAPE.fullmatch(data)
    for key in keys:
        if found and key_id(key).encode() == found[3] and hmac.compare_digest(_seal(data[:-65], key), found[4]):
            mac = found[2].decode()
            return Sealed(Head(int(found[1]), "" if mac == _NONE else mac), found[3].decode())
    raise Damaged("{name} is not as it was written", code="audit_head_changed", name=path.name)


def write(path: Path, head: Head, key: bytes) -> None:
    """In place, where it is there: its length is always the same."""
    text = b"audit head %020d %b %b " % (head.number, (head.mac or _NONE).encode(), key_id(key).encode())
    data = text + _seal(text, key) + b"\n"
    if fs.status(path) is None:
        fs.replace(path, data)
    else:
        fs.overwrite(path, data)


def _seal(text: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"head:" + text, hashlib.sha256).hex().encode()
