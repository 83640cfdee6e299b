"""ISO-2022-JP and EUC-JP as mails hold them, where the codecs of Python's library give up.

Those know the standard's characters only. Mail programs also send the circled numbers, units and Roman numerals that
NEC put into row 13, and IBM's kanji; both have their places in Shift JIS as Windows knows it (cp932). So a pair of
bytes is moved there by the arithmetic that relates the two, and one that means nothing is U+FFFD alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_KANJI = re.compile(rb"\x1b\$[@B]")
_ESCAPE = re.compile(rb"\x1b(\$[@AB]|\$\([@A-DOPQ]|\([A-Z]|\.[AF])")
_PAIR = re.compile(rb"[\x21-\x7e]{2}|.", re.S)
_EUC = re.compile(rb"[\x00-\x7f]+|[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|.", re.S)
_HIGH = bytes(range(128, 256)) * 2  # translates 7-bit bytes to the same with the high bit
_OTHERS = {b"$A": "gb2312", b"$(A": "gb2312", b"$(C": "euc_kr", b"$(O": "euc_jis_2004", b"$(Q": "euc_jis_2004"}


def is_iso_2022(data: bytes) -> bool:
    """Whether the bytes switch to kanji by an escape sequence, which nothing but ISO-2022-JP does."""
    return b"\x1b$" in data and _KANJI.search(data) is not None


def iso_2022(data: bytes, plain: Callable[[bytes], str]) -> str:
    """ISO-2022-JP (RFC 1468, 2237, 1554) as text; `plain` reads what stands outside of its escape sequences."""
    try:
        return data.decode("iso2022_jp_ext")
    except ValueError:
        pass
    first, *pieces = _ESCAPE.split(data)
    out = [plain(first)]
    for escape, piece in zip(pieces[::2], pieces[1::2], strict=True):
        end = piece.find(b"\n") if escape not in (b"(B", b"(J") else 0
        end = len(piece) if end < 0 else end  # a line end switches back to ASCII
        out += [_switched(escape, piece[:end]), plain(piece[end:])]
    return "".join(out)


def _switched(escape: bytes, data: bytes) -> str:
    if escape in (b"$B", b"$@", b"$(B", b"$(@"):
        return b"".join(_shifted(match[0]) for match in _PAIR.finditer(data)).decode("cp932", "replace")
    if escape == b"(I":  # half-width katakana
        return data.translate(_HIGH).decode("cp932", "replace")
    if escape == b"$(D":
        return b"".join(b"\x8f" + match[0].translate(_HIGH) for match in _PAIR.finditer(data)).decode(
            "euc_jp", "replace"
        )
    return (
        data.translate(_HIGH).decode(_OTHERS[escape], "replace")
        if escape in _OTHERS
        else data.decode("ascii", "replace")
    )


def euc(data: bytes) -> str:
    """EUC-JP as text."""
    try:
        return data.decode("euc_jp")
    except ValueError:
        return "".join(_of_euc(match[0]) for match in _EUC.finditer(data))


def _of_euc(piece: bytes) -> str:
    if piece[0] < 0x80:
        return piece.decode("ascii")
    if piece[0] in (0x8E, 0x8F) and len(piece) > 1:
        return piece.decode("euc_jp", "replace")
    if len(piece) == 1:
        return piece.decode("cp1252", "replace")
    return _shifted(bytes(byte & 0x7F for byte in piece)).decode("cp932", "replace")


def _shifted(pair: bytes) -> bytes:
    """A pair of JIS X 0208 in Shift JIS; a byte alone is none of either."""
    if len(pair) < 2:
        return pair if pair in b"\r\t " else b"\xa0"
    row, cell = pair
    lead = ((row + 1) >> 1) + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x7E if not row & 1 else 0x1F if cell < 0x60 else 0x20)
    return bytes((lead, trail))
