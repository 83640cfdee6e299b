"""What S/MIME signs in packed form: the content of a CMS SignedData (RFC 5652, 5.1), which needs no key to be read.

Nothing is verified. Only the way to the content is walked: an element's length is held to the bytes that are there, and
of nested elements only so many levels are read, so that damaged or hostile input ends the reading.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 20  # elements within elements
ELEMENTS = 200_000  # that are looked at
LIMIT = 25_000_000  # bytes that compressed content may become
_SEQUENCE, _OCTETS, _PIECES, _FIRST = 0x30, 0x04, 0x24, 0xA0  # _FIRST: [0] EXPLICIT
_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")


class _Element(NamedTuple):
    """One BER element: its tag, and where its content begins and ends; `after` is where the next one begins."""

    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes | None:
    """The content that is signed (or compressed, RFC 3274) in `data`; None where there is none or it can't be read."""
    walk = _Walk(data)
    try:
        name, wrapped = list(walk.within(walk.element(0, len(data))))[:2]
        kind = data[name.start : name.end]
        if kind not in (_SIGNED, _COMPRESSED):
            return None
        fields = list(walk.within(next(walk.within(wrapped))))
        holders = (inner for one in fields if one.tag == _SEQUENCE for inner in [list(walk.within(one))])
        held = next(inner[1] for inner in holders if len(inner) > 1 and inner[1].tag == _FIRST)
        content = b"".join(walk.octets(next(walk.within(held)), 0))
    except (IndexError, StopIteration, ValueError):
        return None
    return _inflated(content) if kind == _COMPRESSED else content or None


def _inflated(content: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(content, LIMIT) or None
    except zlib.error:
        return None


class _Walk:
    """Elements of one container. All raise ValueError or IndexError where the bytes hold none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = ELEMENTS

    def within(self, element: _Element) -> Iterator[_Element]:
        position = element.start
        while position < element.end:
            inner = self.element(position, element.end)
            yield inner
            position = inner.after

    def octets(self, element: _Element, depth: int) -> Iterator[bytes]:
        """The pieces of an octet string, which programs that write as they go give one after the other."""
        if element.tag == _OCTETS:
            yield self.data[element.start : element.end]
            return
        if element.tag != _PIECES or depth >= DEEPEST:
            raise ValueError("no octet string")
        for piece in self.within(element):
            yield from self.octets(piece, depth + 1)

    def element(self, position: int, end: int, depth: int = 0) -> _Element:
        tag, size = self.data[position], self.data[position + 1]
        start = position + 2
        self.left -= 1
        if tag & 0x1F == 0x1F or size > 0x88 or self.left < 0:
            raise ValueError("an element beyond all measure")
        if size == 0x80:
            return self._until_zeros(tag, start, end, depth)
        if size > 0x80:
            start += size & 0x7F
            size = int.from_bytes(self.data[position + 2 : start], "big")
        if start + size > end:
            raise ValueError("an element that ends nowhere")
        return _Element(tag, start, start + size, start + size)

    def _until_zeros(self, tag: int, start: int, end: int, depth: int) -> _Element:
        """An element without a length (X.690, 8.1.3.6): up to the two zeros that end it, past the elements within."""
        if depth > DEEPEST:
            raise ValueError("nested too deep")
        position = start
        while position < end and self.data[position : position + 2] != b"\0\0":
            position = self.element(position, end, depth + 1).after
        return _Element(tag, start, position, position + 2)
