"""base64 as mails hold it: in chunks, damaged, above the footer of a mailing list. Linear, and never an exception."""

from __future__ import annotations

import binascii
import re

_SOUND = re.compile(rb"[A-Za-z0-9+/=]*")
_NOISE = re.compile(rb"[^A-Za-z0-9+/=]+")
_SPACE = b" \t\r\n\v\f"
_CONTROL = bytes(range(9)) + bytes(range(14, 32)) + b"\x7f"
_WORD = 20  # characters that hardly a word has
_LONG = 40  # characters of a line that is base64 wherever it stands; a shorter one below other text may be a word
_FOR_URLS = re.compile(rb"[A-Za-z0-9_-]*={0,2}")  # RFC 4648, 5
_WHOLE = re.compile(rb"[A-Za-z0-9+/]*={0,2}")


def decode(data: bytes) -> tuple[bytes, bytes]:
    """What base64 says as far as it is sound, and what stands below it as it is, b"" where nothing does.

    Padding ends a chunk and not the whole: some programs encode piece by piece. Line noise and missing padding are no
    reason to lose the rest, but from a line on that is no base64, with none below it, all is text: a list or a gateway
    wrote below what it should have encoded.
    """
    bare = data.translate(None, _SPACE)
    if _WHOLE.fullmatch(bare) and len(bare) % 4 == 0:
        return binascii.a2b_base64(bare), b""
    if _FOR_URLS.fullmatch(bare) and (len(bare) >= _LONG or bare.endswith(b"=")) and b" " not in data.strip():
        return _chunk(bare.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))), b""
    end = _end(data)
    if not end:
        return data, b""
    return b"".join(map(_chunk, _NOISE.sub(b"", data[:end]).split(b"="))), data[end:]


def _chunk(sound: bytes) -> bytes:
    sound = sound[: len(sound) - (len(sound) % 4 == 1)]
    return binascii.a2b_base64(sound + b"=" * (-len(sound) % 4)) if sound else b""


def _end(data: bytes) -> int:
    """Where the base64 ends: behind its last line, where lines below are something else; 0 where there is none."""
    position = end = 0
    for line in data.splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.translate(None, _CONTROL).strip()
        goes_on = end == start or len(bare) >= _LONG
        if goes_on and _SOUND.fullmatch(bare):
            end = position
    letters = data[:end].translate(None, _SPACE)
    if len(letters) < _LONG and len(letters) % 4 and end < len(data):  # the first word of a text
        return 0
    return end or _without_lines(data)


def _without_lines(data: bytes) -> int:
    """Where no line is whole: noise within base64, or a text that was never encoded."""
    bare = data.strip()
    pieces = _NOISE.split(bare)
    noise = len(bare) - sum(map(len, pieces))
    return 0 if noise * 10 > len(bare) or (len(pieces) > 1 and max(map(len, pieces)) < _WORD) else len(data)
