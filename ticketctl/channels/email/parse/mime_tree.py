"""Raw mail as a tree of MIME parts: slices of the bytes as they came.

The standard library's parser goes line by line in Python, recurses, and can give back an attached message only as it
would write it itself. Here each part is a slice, found with `bytes.find`, so that an attachment is what was sent,
time is linear in the size, and the limits of depth and number hold while parsing. Header syntax is forgiving in the
same places as the standard library.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from ticketctl.channels.email.parse import base64, cms, headers
from ticketctl.ports.medium import Unreadable as Unreadable

DEPTH = 50  # multiparts within multiparts
PARTS = 500
SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
FIELDS = 2_000  # header fields of one part
HEADER = 20_000  # characters below a broken line in which further fields are sought
MEMORY = 64_000_000, 4  # bytes that the slices of all levels may take together, or so many times the message if more


class Part(NamedTuple):
    """One MIME part.

    `fields` are (lower-case name, value as it came, 8-bit bytes as surrogates); `body` is what stands below them, empty
    in a multipart within a multipart.
    """

    fields: list[tuple[str, str]]
    body: bytes
    type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    children: list[Part]
    parent: str = ""

    @property
    def is_packed(self) -> bool:
        """Whether it is S/MIME in packed form (RFC 8551, 3.5.2): its child, if it has one, is what was signed in it."""
        return self.type in SMIME or (self.type == "application/octet-stream" and self.filename[-4:].lower() == ".p7m")

    def first(self, name: str) -> str:
        """The first value of this header, as it came; "" where there is none."""
        return next((value for field, value in self.fields if field == name), "")

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def payload(self) -> bytes:
        """The content with its transfer encoding undone."""
        return self.decoded()[0]

    def decoded(self) -> tuple[bytes, bytes]:
        """The content with its transfer encoding undone, and what a list or gateway wrote below it without that."""
        encoding = re.split(r"[;(]", self.first("content-transfer-encoding"), maxsplit=1)[0].strip("\"' \t\r\n").lower()
        if encoding == "base64":
            return base64.decode(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body), b""
        if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return _uudecode(self.body), b""
        return self.body, b""

    def walk(self) -> Iterator[Part]:
        """This part and all within it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator[Part]:
        """All parts without children, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


_FIELD = re.compile(r"([^\x00- :\x7f]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)\n?")
_ENVELOPE = re.compile(r">?From [^\n]*\n")
# One damaged line above an otherwise sound header must not turn the whole header into text.
_STRAY = re.compile(
    rb"(?i)(?![!-9;-~]+[ \t]*:|>?From )[^\n]{1,1000}\n(?=(?:received|return-path|from|message-id|date|to):)"
)
_BLANK = re.compile(rb"(?:\A|\n)(?:\r*\n|\Z)")


def parse(raw: bytes) -> Part:
    """The tree of a whole message; raises Unreadable where it is nested too deep or in too many parts."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if stray := _STRAY.match(raw):
        raw = raw[stray.end() :]
    return _Reader(max(MEMORY[0], MEMORY[1] * len(raw))).part(raw)


def head(raw: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """The header fields of a message or part, and the bytes after them.

    A line that is no header ends the header, as if the blank line had been forgotten; a Unix From line is skipped. But
    where fields follow that a header still lacks, it belongs to the field above: a relay broke the folding.
    """
    blank = _BLANK.search(raw)
    end = blank.end() if blank else len(raw)
    text = raw[: blank.start() + 1 if blank else end].decode("ascii", "surrogateescape")
    fields: list[tuple[str, str]] = []
    position = 0
    while match := _FIELD.match(text, position) or _ENVELOPE.match(text, position) or _broken(text, position, fields):
        position = match.end()
        if match.re is _FIELD and len(fields) < FIELDS:
            fields.append((match[1].lower(), match[2].strip()))
        elif match.re is _LINES and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {match[0].strip()}")
    return fields, raw[end:] if not text[position:].strip() else raw[position:]


# What can be the rest of a value: no field, no boundary, no rule, and no field's name behind another word.
_LINES = re.compile(r"(?:(?!--|[!-9;-~]{1,76}[ \t]{0,9}:|[^\n]{0,1000}:[ \t]|[\W_]{0,1000}\n)[^\n]{1,1000}\n){1,20}")
_KNOWN = re.compile(
    r"(?i)(from|to|subject|date|message-id|received|mime-version|content-type|content-transfer-encoding|"
    r"content-disposition)[ \t]{0,9}:"
)
_ALWAYS = {"from", "to", "subject", "date"}  # which an older mail that is quoted on top of a text begins with, too


def _broken(text: str, position: int, fields: list[tuple[str, str]]) -> re.Match[str] | None:
    """The lines here that are no fields, where fields stand below them that this header still lacks."""
    lines = _LINES.match(text, position) if fields else None
    if lines is None:
        return None
    seen = {name for name, _ in fields}
    below = {
        match[1].lower() for match in map(_KNOWN.match, text[lines.end() : lines.end() + HEADER].split("\n")) if match
    }
    lacking = below - seen
    return lines if lacking - _ALWAYS or (lacking and "from" not in seen) else None


class _Reader:
    """Counts parts and bytes of one message while it is read."""

    def __init__(self, room: int) -> None:
        self.parts = 0
        self.room = room

    def part(self, raw: bytes, default: str = "text/plain", depth: int = 0, parent: str = "") -> Part:
        self.parts += 1
        self.room -= len(raw)
        if self.parts > PARTS:
            raise Unreadable("the message has more than {most} parts", code="too_many_parts", most=PARTS)
        if self.room < 0:
            raise Unreadable("the message nests large parts too deep", code="large_parts_too_deep")
        fields, body = head(raw)
        del raw  # so that each level of a deep message holds its bytes once, and only while it needs them
        kind, parameters, disposition, filename = _described(fields, default)
        children: list[Part] = []
        if kind.startswith("multipart/"):
            if depth >= DEPTH:
                raise Unreadable("the message is nested more than {most} deep", code="nested_too_deep", most=DEPTH)
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            slices = _slices(body, parameters.get("boundary") or _guessed_boundary(body))
            body = body if not (slices and depth) else b""  # its bytes are the children's; many levels would add up
            slices.reverse()
            while slices:
                children.append(self.part(slices.pop(), inner, depth + 1, kind))
            kind = kind if children else "text/plain"
        found = Part(fields, body, kind, parameters, disposition, filename, children, parent)
        return found._replace(children=self.unpacked(found, depth)) if found.is_packed else found

    def unpacked(self, part: Part, depth: int) -> list[Part]:
        """What is signed in this part, as its only child."""
        content = cms.signed_content(part.payload())
        if content is None or depth >= DEPTH:
            return []
        return [self.part(content, depth=depth + 1, parent=part.type)]


def _described(fields: list[tuple[str, str]], default: str) -> tuple[str, dict[str, str], str, str]:
    """Type, its parameters, disposition, file name."""
    kind, parameters, disposition, filename = default, dict[str, str](), "", ""
    for name, value in fields:
        if name == "content-type" and kind == default and not parameters:
            kind, parameters = headers.content(value)
        elif name == "content-disposition" and not disposition:
            disposition, more = headers.content(value)
            filename = more.get("filename") or more.get("name", "")
    kind = kind if _TYPE.fullmatch(kind) else _mended(kind)
    return kind, parameters, disposition, filename or parameters.get("name", "")


_TYPE = re.compile(r"[a-z0-9.+_-]+/[a-z0-9.+_-]+")


def _mended(kind: str) -> str:
    """A type that is none ("text", "plain", "multipart"): shown where it may be text, else a file."""
    if kind == "multipart":
        return "multipart/mixed"
    return "application/octet-stream" if "/" in kind and not kind.startswith("text/") else "text/plain"


def _slices(body: bytes, boundary: str) -> list[bytes]:
    """The parts between the lines that consist of this boundary; what stands before and after them is for no one."""
    if not boundary:
        return []
    mark = b"--" + boundary.rstrip().encode("utf-8", "surrogateescape")
    found: list[bytes] = []
    start, position = -1, body.find(mark)
    while position >= 0:
        after = position + len(mark)
        if position == 0 or body[position - 1] in b"\r\n":
            line_end = body.find(b"\n", after)
            line_end = len(body) if line_end < 0 else line_end
            rest = body[after : min(line_end, after + 200)].strip()
            if rest in (b"", b"--"):
                if start >= 0:
                    found.append(body[start : _before(body, start, position)])
                start = -1 if rest else line_end + 1
                if len(found) > PARTS:
                    break
        position = body.find(mark, after)
    if 0 <= start < len(body):
        found.append(body[start:])
    return found


def _before(body: bytes, start: int, position: int) -> int:
    """Where the part ends: the line end before a boundary belongs to the boundary."""
    if position > start and body[position - 1 : position] == b"\n":
        position -= 1
    if position > start and body[position - 1 : position] == b"\r":
        position -= 1
    return position


def _guessed_boundary(body: bytes) -> str:
    """Some mailers lose the parameter; the first line then still shows it."""
    line = body.lstrip(b"\r\n")[:80].split(b"\n", 1)[0].strip()
    return line[2:].decode("ascii", "surrogateescape") if line.startswith(b"--") and len(line) > 6 else ""


def _uudecode(data: bytes) -> bytes:
    out: list[bytes] = []
    lines = iter(data.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)
