"""The text of the compressed RTF in which Outlook writes a mail ([MS-OXRTFCP]), as HTML where it was made from HTML.

Only reading is done: fonts, pictures and styles are passed over. Every step is bounded by the bytes that are there and
by LIMIT, so that damaged or hostile input ends the reading early and never runs away.
"""

from __future__ import annotations

import re
import struct

from ticketctl.channels.email.charsets import decode as charset

LIMIT = 500_000  # bytes of RTF that are unpacked
DEEPEST = 200  # groups within groups that are told apart
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
# What the dictionary of the compression begins with.
_KNOWN = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|.", re.S
)
_PASSED = {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"themedata"}
_SIGNS = {b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"bullet": "\u2022"} | {
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"endash": "\u2013",
    b"emdash": "\u2014",
}


def unpacked(data: bytes) -> bytes:
    """The RTF in this container, as far as it is sound; b"" where it is none."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[16 : 16 + min(size, LIMIT)]
    return bytes(_inflated(data[16:], min(size, LIMIT))) if kind == _COMPRESSED else b""


def _inflated(data: bytes, size: int) -> bytearray:
    """LZFu: flags of eight steps, each a byte as it is, or a place in the last 4,096 bytes and a length."""
    out = bytearray(_KNOWN)
    end = len(_KNOWN) + size
    position = 0
    while position < len(data) and len(out) < end:
        flags = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data) or len(out) >= end:
                break
            if not flags >> bit & 1:
                out.append(data[position])
                position += 1
                continue
            pair = int.from_bytes(data[position : position + 2], "big")
            position += 2
            back = (len(out) - (pair >> 4)) % 4_096 or 4_096
            if pair >> 4 == len(out) % 4_096 or back > len(out):  # the mark of the end
                return out[len(_KNOWN) :]
            for _ in range((pair & 15) + 2):
                out.append(out[-back])
    return out[len(_KNOWN) : end]


class _Group:
    """What holds within braces: whether they are passed over, hold an HTML tag, or RTF that stands for one."""

    def __init__(self, above: _Group | None = None) -> None:
        self.passed: bool = above is not None and above.passed
        self.tag: bool = above is not None and above.tag
        self.double: bool = above is not None and above.double
        self.starred = False
        self.skip: int = above.skip if above is not None else 1


class _Reader:
    def __init__(self, html: bool, codec: str) -> None:
        self.html = html
        self.codec = codec
        self.groups = [_Group()]
        self.pieces: list[str] = []
        self.pending = bytearray()  # bytes of characters that may take several
        self.fallback = 0  # characters still to be passed over: what stands for a \u where it is unknown

    def read(self, rtf: bytes) -> str:
        for match in _TOKEN.finditer(rtf):
            word, number, code, sign, brace, text = match.groups()
            if word is not None:
                self.word(word, int(number) if number else None)
            elif code is not None:
                self.characters(bytes((int(code, 16),)))
            elif sign is not None:
                self.sign(sign)
            elif brace is not None:
                self.brace(brace)
            elif text is not None:
                self.characters(text)
        self.write("")
        return "".join(self.pieces)

    def brace(self, brace: bytes) -> None:
        self.write("")
        self.fallback = 0
        if brace == b"{" and len(self.groups) < DEEPEST:
            self.groups.append(_Group(self.groups[-1]))
        elif brace == b"}" and len(self.groups) > 1:
            self.groups.pop()

    def word(self, word: bytes, number: int | None) -> None:
        group = self.groups[-1]
        if word == b"htmltag" and self.html:
            group.tag, group.passed = True, False
        elif word == b"htmlrtf":
            group.double = number != 0
        elif word in _PASSED or (group.starred and word != b"htmltag"):
            group.passed = True
        elif word == b"uc" and number is not None:
            group.skip = max(0, min(number, 9))
        elif word == b"u" and number is not None:
            self.say(chr(number % 65_536))
            self.fallback = group.skip
        elif word in _SIGNS:
            self.say(_SIGNS[word])
        group.starred = False

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.groups[-1].starred = True
        elif sign in b"\\{}":
            self.characters(sign)
        elif sign == b"~":
            self.say("\u00a0")
        elif sign in b"\r\n":
            self.say("\n")

    def characters(self, text: bytes) -> None:
        passed = min(self.fallback, len(text))
        self.fallback -= passed
        group = self.groups[-1]
        if not group.passed and (group.tag or not (self.html and group.double)):
            self.pending += text[passed:]

    def say(self, text: str) -> None:
        group = self.groups[-1]
        if not group.passed and (group.tag or not (self.html and group.double)):
            self.write(text)

    def write(self, text: str) -> None:
        if self.pending:
            self.pieces.append(charset.decode(bytes(self.pending), self.codec))
            self.pending.clear()
        self.pieces.append(text)


_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_START = 1_000  # bytes in which an RTF tells what it was made from


def text(rtf: bytes) -> tuple[str, bool]:
    """The text of RTF, and whether it is HTML; ("", False) where it is no RTF."""
    if not rtf.startswith(b"{\\rtf"):
        return "", False
    page = _PAGE.search(rtf[:_START])
    html = b"\\fromhtml" in rtf[:_START]
    codec = f"windows-{page[1].decode()}" if page else "windows-1252"
    return _Reader(html, codec).read(rtf).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), html
