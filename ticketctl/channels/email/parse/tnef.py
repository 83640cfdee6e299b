"""The files and the text in a winmail.dat, which Outlook makes of a mail with formatted text (TNEF, [MS-OXTNEF]).

Only what leads to these is read: attributes are skipped by their length, and every length is held to the bytes that
are there, so that a damaged or hostile file ends the reading and never runs away. The library that is to be had for
this (tnefparse) has had no release since January 2021 and unpacks much else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import rtf

SIGNATURE = 0x223E9F78
FILES = 500
PROPERTIES = 2_000  # of one attachment, or of the message

_BODY, _CODE_PAGE, _MESSAGE = 0x800C, 0x9007, 0x9003
_TITLE, _DATA, _RENDERING, _PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
_SHORT_NAME, _LONG_NAME, _CONTENT = 0x3704, 0x3707, 0x3701
_TEXT, _RTF, _HTML, _HTML_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_WIDE = 0x1F  # the type of a string in UTF-16
_OBJECT = 0x0D  # the type of an object: 16 bytes that name its interface, then itself
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # type → bytes, padded
_VARIABLE = {_OBJECT, 0x1E, _WIDE, 0x102}
_MANY = 0x1000


class File(NamedTuple):
    name: str
    payload: bytes


class Held(NamedTuple):
    """What a container holds. `html` tells what `text` is; `whole` whether nothing in it was left unread."""

    files: list[File]
    text: str
    html: bool
    whole: bool


class _Reader:
    """Collects attributes in the order in which they come. A new attachment begins with its rendering data, or, where
    that is left out, with an attribute that the one before has already."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.page = "cp1252"
        self.text = ""
        self.properties = b""
        self.whole = True
        self.of_file: dict[int, bytes] = {}

    def attribute(self, kind: int, value: bytes) -> None:
        if kind in (_TITLE, _DATA, _RENDERING, _PROPERTIES):
            if kind == _RENDERING or kind in self.of_file:
                self.end_file()
            self.of_file[kind] = value
        elif kind == _CODE_PAGE and len(value) >= 4:
            self.page = charset.page_codec(struct.unpack_from("<I", value)[0]) or self.page
        elif kind == _BODY:
            self.text = self.text or _text(value, self.page)
        elif kind == _MESSAGE:
            self.properties = self.properties or value

    def end_file(self) -> None:
        found, self.of_file = self.of_file, {}
        if not found or found.keys() == {_RENDERING}:
            return
        known = _known(found.get(_PROPERTIES, b""), (_SHORT_NAME, _LONG_NAME, _CONTENT), self.page)
        payload = found.get(_DATA, known.get(_CONTENT))
        if not isinstance(payload, bytes) or len(self.files) >= FILES:
            self.whole = False
            return
        names = (known.get(_LONG_NAME), _text(found.get(_TITLE, b""), self.page), known.get(_SHORT_NAME))
        self.files.append(File(next((name for name in names if isinstance(name, str) and name), ""), payload))


def read(data: bytes) -> Held:
    """The files and the text in this container, as far as it is sound; nothing where it is none."""
    reader = _Reader()
    end = 0
    for kind, value, after in _attributes(data):
        reader.attribute(kind, value)
        end = after
    reader.end_file()
    text, html = (reader.text, False) if reader.text.strip() else _message(reader.properties, reader.page)
    rest = data[end:].strip(b"\0\r\n \x1a")
    return Held(reader.files, text, html, reader.whole and end > 0 and not rest)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Number, value and end of each: level (1 byte), number and type (2 each), length (4), value, checksum (2)."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return
    position = 6
    while position + 9 <= len(data):
        _, number, _, length = struct.unpack_from("<BHHI", data, position)
        position += 9
        if position + length > len(data):
            return
        value = data[position : position + length]
        position += length + 2
        yield number, value, position


def _message(properties: bytes, page: str) -> tuple[str, bool]:
    """The text among the properties of a message, and whether it is HTML."""
    known = _known(properties, (_TEXT, _RTF, _HTML, _HTML_PAGE), page)
    plain, html, packed = known.get(_TEXT), known.get(_HTML), known.get(_RTF)
    if isinstance(plain, str) and plain.strip():
        return plain, False
    if isinstance(html, bytes):
        number = known.get(_HTML_PAGE)
        own = charset.page_codec(int.from_bytes(number, "little")) if isinstance(number, bytes) else None
        html = charset.decode(html.rstrip(b"\0"), own or page)
    if isinstance(html, str) and html.strip():
        return html, True
    return rtf.text(rtf.unpacked(packed)) if isinstance(packed, bytes) else ("", False)


def _known(data: bytes, wanted: tuple[int, ...], page: str) -> dict[int, str | bytes]:
    """The wanted properties by their number, strings decoded; as far as the data can be read."""
    known: dict[int, str | bytes] = {}
    try:
        for kind, number, value in _properties(data):
            if number in wanted and kind == _WIDE:
                known[number] = value.decode("utf-16-le", "replace").rstrip("\0")
            elif number in wanted:
                known[number] = _text(value, page) if kind == 0x1E else value[16 if kind == _OBJECT else 0 :]
    except struct.error:  # cut off; what was found before counts
        pass
    return known


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


def _text(value: bytes, page: str) -> str:
    """A string in the code page of the sender, Western where it names none."""
    return charset.decode(value.partition(b"\0")[0], page)
