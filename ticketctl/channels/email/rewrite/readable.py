"""The readable texts of stored bytes, as far as they can be read without the program that made them: mail in mail,
text, HTML, calendar files, Office files, PDF. To find a person in them, not to show them.

Most PDF files have a code of their own for letters: these are read by pypdf (documents.py), where it is installed.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from ticketctl.channels.email.rewrite import documents

_DEEPEST = 5
_LARGEST = 8_000_000  # bytes that one packed part may become
_TOGETHER = 64_000_000  # and all parts of one file
_STREAMS = 5_000  # of a PDF
_HEADER = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t])")
_TAG = re.compile(r"<[^<>]{0,500}>")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/tr|/td|/w:p|/text:p)\b[^<>]{0,200}>")
_STREAM = re.compile(rb"stream\r?\n")
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]{4,})>")


class _Budget:
    """How many bytes may still be unpacked: a small file can become a huge one."""

    def __init__(self) -> None:
        self.left = _TOGETHER

    def taken(self, data: bytes) -> bytes:
        self.left -= len(data)
        return data

    @property
    def share(self) -> int:
        return max(0, min(self.left, _LARGEST))


def texts(data: bytes) -> Iterator[str]:
    """Each text that is in the bytes; the same may come in several readings."""
    yield from _texts(data, 0, _Budget())


def _texts(data: bytes, depth: int, budget: _Budget) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if data.startswith(b"PK\x03\x04"):
        yield from _zipped(data, depth, budget)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data, budget)
    elif _HEADER.match(data[:80]):
        yield from _mail(data, depth, budget)
    yield from _plain(data)


def _plain(data: bytes) -> Iterator[str]:
    read = [data.decode("utf-8", "replace")]
    if not data.isascii():
        read.append(data.decode("cp1252", "replace"))
    if b"\0" in data:
        read += [data[start:].decode(coding, "replace") for start in (0, 1) for coding in ("utf-16-le", "utf-16-be")]
    for text in read:
        yield text
        if "<" in text or "&" in text:
            yield html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
        if "\n " in text and "BEGIN:V" in text:
            yield re.sub(r"\r?\n[ \t]", "", text)
        if "\\'" in text:  # RTF
            yield re.sub(r"\\'([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]).decode("cp1252", "?"), text)


def _mail(data: bytes, depth: int, budget: _Budget) -> Iterator[str]:
    from email import message_from_bytes
    from email.errors import MessageError
    from email.header import decode_header, make_header

    for part in message_from_bytes(data).walk():
        for name, value in part.items():
            try:
                yield f"{name}: {make_header(decode_header(str(value)))}"
            except (MessageError, LookupError, ValueError, UnicodeError):
                yield f"{name}: {value}"
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            charset = part.get_content_charset() or ""
            with suppress(LookupError, ValueError):
                yield payload.decode(charset or "utf-8", "replace")
            yield from _texts(payload, depth + 1, budget)


def _zipped(data: bytes, depth: int, budget: _Budget) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename
                if member.file_size <= budget.share:
                    with archive.open(member) as opened:
                        yield from _texts(budget.taken(opened.read(budget.share)), depth + 1, budget)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        return


def _pdf(data: bytes, budget: _Budget) -> Iterator[str]:
    """What pypdf reads; and of any file, damaged ones too, the strings that use no code of their own."""
    if documents.can_read_pdf():
        with suppress(documents.Unreadable):
            yield _pdf_text(data)
    yield from _strings(data, budget)


@lru_cache(maxsize=4)  # a file comes twice: by itself, and in the mail that brought it
def _pdf_text(data: bytes) -> str:
    return documents.pdf_text(data)


def _strings(data: bytes, budget: _Budget) -> Iterator[str]:
    """Strings of a PDF's pages and properties, where they are packed by deflate or not at all."""
    streams = [data]
    view = memoryview(data)
    for found in islice(_STREAM.finditer(data), _STREAMS):
        unpacker = zlib.decompressobj()
        with suppress(zlib.error):
            if budget.share:
                streams.append(budget.taken(unpacker.decompress(view[found.end() :], budget.share)))
    for stream in streams:
        pieces = [_unescaped(found) for found in _STRING.finditer(stream)]
        for coding in ("utf-8", "cp1252"):
            yield "".join(piece.decode(coding, "replace") for piece in pieces)
            yield "\n".join(piece.decode(coding, "replace") for piece in pieces)
        marked = (piece for piece in pieces if piece.startswith((b"\xfe\xff", b"\xff\xfe")))
        yield from (piece.decode("utf-16", "replace") for piece in marked)
        yield from (piece.decode("utf-16-be", "replace") for piece in pieces if b"\0" in piece)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[2] is not None:
        digits = re.sub(rb"\s", b"", found[2])
        return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    return re.sub(rb"\\([0-7]{1,3}|.)", _escape, found[1], flags=re.DOTALL)


def _escape(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8) & 255]) if found[1][:1].isdigit() and found[1].isdigit() else found[1]
