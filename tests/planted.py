"""Finds planted words in every file of a folder, however they are packed: as text in several encodings, escaped, in
base64 and quoted-printable, in zip files and deflate streams (docx, pdf), in mails inside mails, winmail.dat.

It shares no code with ticketctl: what hides a word from our own readers does not hide it here.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

DEEPEST = 6  # layers of packing
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{4,}[ \t]*(?:\r?\n|\\r\\n|\\n)?){2,}={0,2}|[A-Za-z0-9+/_-]{11,}={0,2}")
_ENCODED_WORD = re.compile(rb"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=(\s*(?==\?))?")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
_ESCAPES = re.compile(rb"\\u[0-9a-fA-F]{4}")
_RTF = re.compile(rb"\\'([0-9a-fA-F]{2})")
_OCTAL = re.compile(rb"\\([0-7]{3})")


def hits(folder: Path, words: Iterable[str]) -> list[str]:
    """ "archive/2026-11.json: anna@kund.example (base64)" for each word that a file, or its name, holds."""
    wanted = {fold(word): word for word in words}
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found += [f"{name}: {word} (name)" for key, word in wanted.items() if key in fold(name)]
        if path.is_file() and not path.is_symlink():
            found += [f"{name}: {wanted[key]} ({way})" for key, way in inside(path.read_bytes(), wanted)]
    return found


def holds(data: bytes, *words: str) -> bool:
    """Whether the bytes hold one of the words, however packed."""
    return bool(inside(data, [fold(word) for word in words]))


def inside(data: bytes, wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Each of the folded words that the bytes hold, with how it was packed."""
    found: dict[str, str] = {}
    left = set(wanted)
    seen: set[bytes] = set()
    waiting = [(data, "raw", 0)]
    while waiting and left:
        here, way, depth = waiting.pop()
        for text, coding in texts(here):
            for word in [one for one in left if one in text]:
                found[word] = f"{way}, {coding}"
                left.discard(word)
        if depth < DEEPEST:
            for inner, how in unpacked(here):
                if inner and inner not in seen and inner != here:
                    seen.add(inner)
                    waiting.append((inner, how if way == "raw" else f"{way}, {how}", depth + 1))
    return sorted(found.items())


def fold(text: str) -> str:
    """Case, spaces and composed letters are no difference; neither are marks before quoted lines."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s>|\u00ad\u200b]+", " ", plain).strip()


def texts(data: bytes) -> Iterator[tuple[str, str]]:
    """The bytes as text in each encoding that they may be in, folded."""
    yield fold(data.decode("utf-8", "replace")), "utf-8"
    yield fold(data.decode("cp1252", "replace")), "cp1252"
    if b"\0" in data:
        for start in (0, 1):
            yield fold(data[start:].decode("utf-16-le", "replace")), "utf-16"
            yield fold(data[start:].decode("utf-16-be", "replace")), "utf-16-be"
    if b"+" in data:
        yield fold(data.decode("utf-7", "ignore")), "utf-7"


def unpacked(data: bytes) -> Iterator[tuple[bytes, str]]:
    yield from deflated(data)
    for match in _BASE64.finditer(data):
        yield from decoded(re.sub(rb"\\r\\n|\\n|\s", b"", match[0]))
    if b"=" in data:
        yield quopri.decodestring(data), "quoted-printable"
        yield quopri.decodestring(data.replace(b"\\n", b"\n").replace(b"\\r", b"\r")), "quoted-printable in JSON"
        if b"=?" in data:
            yield _ENCODED_WORD.sub(encoded_word, data), "encoded word"
    if b"\\u" in data:
        yield _ESCAPES.sub(lambda found: chr(int(found[0][2:], 16)).encode("utf-8", "replace"), data), "\\u"
    if b"&" in data:
        yield html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace"), "entities"
        yield re.sub(rb"<[^>]{0,400}>", b"", data), "no tags"
    if b"%" in data:
        yield unquote_to_bytes(data), "percent"
    if b"\\" in data:
        yield _RTF.sub(lambda found: bytes([int(found[1], 16)]), data), "rtf"
        yield _OCTAL.sub(lambda found: bytes([int(found[1], 8) & 255]), data), "octal"
    if b"<" in data:
        yield re.sub(rb"<[^<>]{0,400}>", b"", data), "no tags"
        for found in _HEX.finditer(data):
            digits = re.sub(rb"\s", b"", found[1])
            yield bytes.fromhex(digits[: len(digits) // 2 * 2].decode()), "hex"
    if b"BEGIN:V" in data:
        yield re.sub(rb"\r?\n[ \t]", b"", data), "folded lines"
    if b"(" in data and b"Tj" in data.upper():
        yield b"".join(re.findall(rb"\(((?:[^()\\]|\\.)*)\)", data)), "pdf strings"


def encoded_word(found: re.Match[bytes]) -> bytes:
    try:
        if found[2] in b"bB":
            plain = base64.b64decode(found[3] + b"==")
        else:
            plain = quopri.decodestring(found[3].replace(b"_", b" "))
        return plain.decode(found[1].decode("ascii"), "replace").encode()
    except (binascii.Error, LookupError, ValueError):
        return found[0]


def decoded(run: bytes) -> Iterator[tuple[bytes, str]]:
    """A run of base64, wherever in it the encoding began."""
    plain = run.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    for start in range(4):
        piece = plain[start:]
        piece = piece[: len(piece) - (len(piece) % 4 == 1)]
        try:
            yield base64.b64decode(piece + b"=" * (-len(piece) % 4)), "base64"
        except binascii.Error:
            continue


def deflated(data: bytes) -> Iterator[tuple[bytes, str]]:
    """What is packed by zlib or gzip, or as a member of a zip file."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        yield inflate(data[match.start() :], 47), "deflate"
    for match in re.finditer(rb"PK\x03\x04", data):
        head = data[match.start() : match.start() + 30]
        if len(head) == 30:
            start = match.start() + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            yield inflate(data[start:], -15), "zip"


def inflate(data: bytes, bits: int) -> bytes:
    unpacker = zlib.decompressobj(bits)
    out = b""
    try:
        while data and len(out) < 20_000_000:
            out += unpacker.decompress(data[:65536], 5_000_000)
            data = unpacker.unconsumed_tail + data[65536:] if not unpacker.eof else b""
    except zlib.error:
        pass
    return out
