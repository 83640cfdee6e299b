"""The files in a winmail.dat, which Outlook makes of a mail with formatted text (TNEF, [MS-OXTNEF]).

Only what leads to the attachments is read: attributes are skipped by their length, and every length is held to the
bytes that are there, so that a damaged or hostile file ends the reading and never runs away. The library that is to be
had for this (tnefparse) has had no release since January 2021 and unpacks much else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

SIGNATURE = 0x223E9F78
FILES = 500
PROPERTIES = 2_000  # of one attachment

_TITLE, _DATA, _RENDERING, _PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
_SHORT_NAME, _LONG_NAME = 0x3704, 0x3707
_WIDE = 0x1F  # the type of a string in UTF-16
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # type → bytes, padded
_VARIABLE = {0x0D, 0x1E, _WIDE, 0x102}
_MANY = 0x1000


class File(NamedTuple):
    name: str
    payload: bytes


def files(data: bytes) -> list[File]:
    """The attachments in this container, as far as it is sound; an empty list where it is none or holds none."""
    found: list[File] = []
    name, payload = "", b""
    for kind, value in _attributes(data):
        if kind == _RENDERING:  # which begins each attachment
            found += [File(name, payload)] if payload else []
            name, payload = "", b""
        elif kind == _TITLE:
            name = name or _text(value)
        elif kind == _DATA:
            payload = value
        elif kind == _PROPERTIES:
            name = _long_name(value) or name
        if len(found) >= FILES:
            return found
    return found + ([File(name, payload)] if payload else [])


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each attribute: level (1 byte), number (2), type (2), length (4), value, checksum (2)."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return
    position = 6
    while position + 9 <= len(data):
        _, number, _, length = struct.unpack_from("<BHHI", data, position)
        position += 9
        if position + length > len(data):
            return
        yield number, data[position : position + length]
        position += length + 2


def _long_name(data: bytes) -> str:
    """The long file name among the properties of an attachment, "" where there is none or they can't be read."""
    names: dict[int, str] = {}
    try:
        for kind, number, value in _properties(data):
            if number in (_SHORT_NAME, _LONG_NAME):
                names[number] = value.decode("utf-16-le", "replace").rstrip("\0") if kind == _WIDE else _text(value)
    except struct.error:  # cut off; what was found before counts
        pass
    return names.get(_LONG_NAME, "") or names.get(_SHORT_NAME, "")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, number and first value of each property; raises struct.error where the data ends too early."""
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, PROPERTIES)):
        kind, number = struct.unpack_from("<HH", data, position)
        position += 4
        if number >= 0x8000:
            position = _past_name(data, position)
        many, kind = bool(kind & _MANY), kind & ~_MANY
        values = 1
        if many or kind in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, position)
            position += 4
        first = b""
        for index in range(min(values, PROPERTIES)):
            value, position = _value(data, position, kind)
            first = first if index else value
        yield kind, number, first


def _past_name(data: bytes, position: int) -> int:
    """Past the name of a named property: a GUID, then a number or a string."""
    (named,) = struct.unpack_from("<I", data, position + 16)
    if named == 0:
        return position + 24
    (length,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + _padded(length)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    if kind in _FIXED:
        return data[position : position + _FIXED[kind]], position + _FIXED[kind]
    (length,) = struct.unpack_from("<I", data, position)
    return data[position + 4 : position + 4 + length], position + 4 + _padded(length)


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(value: bytes) -> str:
    """A string in the code page of the sender, which is rarely told and mostly Western."""
    return value.partition(b"\0")[0].decode("cp1252", "replace")
