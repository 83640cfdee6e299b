"""Files that old mailers put into the text itself: `begin 644 name`, lines of uuencode or base64, `end`."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

FILES = 50  # taken out of one text; what follows stays text
_BEGIN = re.compile(r"^begin(-base64)? [0-7]{3,4} ([^\n]{1,200}?)[ \t]*\n", re.M)


class Embedded(NamedTuple):
    name: str
    payload: bytes


def take_out(text: str) -> tuple[str, list[Embedded]]:
    """The text without the files that stand in it whole, and those files. Linear in the length of the text.

    Where nothing else is said the text stays as it is: a message does not become empty. A customer may begin a line
    with "begin", and a file may be cut off: without its `end`, or with a line between that is no data, all of it stays
    text.
    """
    if "begin" not in text:
        return text, []
    kept: list[str] = []
    files: list[Embedded] = []
    position = 0
    for match in _BEGIN.finditer(text):
        if match.start() < position or len(files) >= FILES:
            continue
        found = _data(text, match.end(), match[1] is not None)
        if found is None:
            continue
        payload, end = found
        kept.append(text[position : match.start()])
        files.append(Embedded(match[2], payload))
        position = end
    rest = "".join((*kept, text[position:]))
    return (rest if rest.strip() else text), files


def _data(text: str, start: int, base64: bool) -> tuple[bytes, int] | None:
    """The bytes of the lines from here to the one that ends them, and where that one ends; None where it is no file."""
    pieces: list[bytes] = []
    while start < len(text):
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        line = text[start:line_end].rstrip("\r")
        start = line_end + 1
        if line.strip() == ("====" if base64 else "end"):
            return (b"".join(pieces), min(start, len(text))) if pieces else None
        data = _decoded(line, base64)
        if data is None:
            return None
        pieces.append(data)
    return None


def _decoded(line: str, base64: bool) -> bytes | None:
    """The bytes of one line; None where the line cannot be one."""
    if len(line) > 100 or not line.isascii():
        return None
    try:
        if base64:
            return binascii.a2b_base64(line, strict_mode=True)
        bare = line.rstrip()
        count = (ord(bare[0]) - 32) & 63 if bare else 0
        if len(bare) > 4 * ((count + 2) // 3) + 2:  # some write a checksum, or a mark, behind each line
            return None
        return binascii.a2b_uu(bare)
    except binascii.Error:
        return None
