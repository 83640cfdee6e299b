"""Where in the archive a ticket is, from when to when it lived, and which tickets hold a message: sorted fixed-width
records, found by bisection.

It is derived from the archive's month files and made anew, month by month, wherever one of them changed.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from ticketctl.domain.ticket.timeline import lifespan
from ticketctl.store.fs import Signature
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.documents import ARCHIVED, Archived, decode, digest

_PLACE = struct.Struct(">IHQI8sII")  # ticket number, month, offset, length and checksum of its row, its lifespan
_MARK = struct.Struct(">16sIH")  # digest of a Message-ID or content hash, ticket number (0: purged), month
_FORMAT = 2
_NUMBERS = range(1, 1 << 32)
_LATEST = (1 << 32) - 1


class Place(NamedTuple):
    """Where a ticket's row lies: `month` counts in `Index.months`. Its lifespan (domain.ticket.timeline) lies between
    the minutes `first` and `last` since 1970 UTC, both included."""

    number: int
    month: int
    offset: int
    length: int
    check: bytes
    first: int
    last: int


class _Head(msgspec.Struct, frozen=True):
    """The first line of the file; length and sha256 of both kinds of records."""

    format: int
    months: dict[str, Signature]
    places: tuple[int, str]
    marks: tuple[int, str]


class Index:
    """`months` names the files it was made from, in order, with the signature each had then."""

    def __init__(self, months: dict[str, Signature], places: bytes = b"", marks: bytes = b"") -> None:
        self.months = months
        self._places = places
        self._marks = marks
        self._unread: tuple[mmap.mmap | bytes, int, tuple[int, str]] | None = None

    def __len__(self) -> int:
        return len(self._places) // _PLACE.size

    @property
    def highest(self) -> int:
        """The highest ticket number, 0 where there is none."""
        return int(_PLACE.unpack(self._places[-_PLACE.size :])[0]) if self._places else 0

    def place(self, number: int) -> Place | None:
        """In the latest month that has it."""
        found = self.every({number})
        return found[-1] if found else None

    def every(self, numbers: Iterable[int]) -> list[Place]:
        """All places of those tickets: more than one only where a move between months was cut off."""
        return [
            Place(*_PLACE.unpack(record))
            for number in numbers
            if number in _NUMBERS
            for record in _equal(self._places, _PLACE.size, number.to_bytes(4))
        ]

    def places(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Place]:
        """In order of number, each number once: those that lived between the two instants, and perhaps a few more."""
        start = 0 if since is None else _minute(since)
        end = _LATEST if until is None else _minute(until)
        held: tuple[Any, ...] | None = None
        for fields in _PLACE.iter_unpack(self._places):
            if held is not None and held[0] != fields[0]:
                yield Place(*held)
            held = fields if fields[6] >= start and fields[5] <= end else None
        if held is not None:
            yield Place(*held)

    def tickets(self) -> set[int]:
        """The numbers of all."""
        return {fields[0] for fields in _PLACE.iter_unpack(self._places)}

    def numbers(self, mark: bytes) -> list[int]:
        """Of the tickets that hold a message with that digest; 0 stands for a purged one."""
        return [_MARK.unpack(record)[1] for record in _equal(self._marks, _MARK.size, mark)]

    # --- on disk ---

    def dump(self) -> bytes:
        head = _Head(_FORMAT, self.months, _sum(self._places), _sum(self._marks))
        return b"".join((msgspec.json.encode(head), b"\n", self._places, self._marks))

    @classmethod
    def load(cls, data: mmap.mmap | bytes) -> Index | None:
        """None for anything but an undamaged index of this format. The marks, most of it, are read only when asked for:
        `marks_are_whole` then tells whether they may be."""
        start = data.find(b"\n") + 1
        try:
            head = msgspec.json.decode(data[:start], type=_Head)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        end = start + head.places[0]
        places = data[start:end]
        if head.format != _FORMAT or _sum(places) != head.places:
            return None
        index = cls(head.months, places)
        index._unread = data, end, head.marks
        return index

    def marks_are_whole(self) -> bool:
        if self._unread is None:
            return True
        data, start, expected = self._unread
        marks = data[start:]
        if _sum(marks) != expected:
            return False
        self._marks, self._unread = marks, None
        return True

    # --- making ---

    def renewed(self, months: dict[str, Signature], read: Callable[[str], bytes]) -> Index:
        """The index of `months`, reading only those that changed. `read` raises Damaged or StoreFailed."""
        if months == self.months:
            return self
        if not self.marks_are_whole():
            return Index({}).renewed(months, read)
        order = {name: ordinal for ordinal, name in enumerate(months)}
        kept = {
            old: order[name]
            for old, (name, signature) in enumerate(self.months.items())
            if months.get(name) == signature
        }
        places = [_PLACE.pack(p[0], kept[p[1]], *p[2:]) for p in _PLACE.iter_unpack(self._places) if p[1] in kept]
        marks = [_MARK.pack(m[0], m[1], kept[m[2]]) for m in _MARK.iter_unpack(self._marks) if m[2] in kept]
        for name, ordinal in order.items():
            if self.months.get(name) != months[name]:
                _scan(read(name), name, ordinal, places, marks)
        return Index(months, b"".join(sorted(places)), b"".join(sorted(marks)))


def _scan(data: bytes, name: str, month: int, places: list[bytes], marks: list[bytes]) -> None:
    file_format.verify(data, f"archive/{name}")
    for table, key, start, end in file_format.walk(data, f"archive/{name}"):
        if table == "tombstones":
            marks.append(_MARK.pack(bytes.fromhex(key), 0, month))
        elif table == "tickets":
            raw = data[start:end]
            ticket = decode(ARCHIVED, raw)
            places.append(_PLACE.pack(int(key), month, start, end - start, checksum(raw), *_life(ticket)))
            marks += {
                _MARK.pack(digest(*mark), int(key), month) for message in ticket.messages for mark in message.marks
            }


def _life(ticket: Archived) -> tuple[int, int]:
    first, last = lifespan(ticket)
    return _minute(first), _LATEST if last is None else _minute(last)


def _minute(at: datetime) -> int:
    """Since 1970; earlier and later than fits counts as the first and the last."""
    return min(max(int(at.timestamp() // 60), 0), _LATEST)


def _sum(records: bytes) -> tuple[int, str]:
    return len(records), hashlib.sha256(records).hexdigest()


def checksum(row: bytes) -> bytes:
    return hashlib.sha256(row).digest()[:8]


def _equal(records: bytes, width: int, prefix: bytes) -> Iterator[bytes]:
    """The records that begin with `prefix`."""
    position = bisect_left(
        range(len(records) // width), prefix, key=lambda at: records[at * width : at * width + len(prefix)]
    )
    while records.startswith(prefix, position * width):
        yield records[position * width : (position + 1) * width]
        position += 1
