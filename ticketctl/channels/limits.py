"""How large a message may be to be taken whole; of a larger one only the header is read."""

from __future__ import annotations

import re

MAIL = 25_000_000  # bytes
HEADER = 256_000  # bytes of header that are kept of a larger one

_BLANK = re.compile(rb"\r?\n\r?\n")


def header_of(raw: bytes) -> bytes:
    """The header of a message, with the blank line behind it, at most HEADER bytes."""
    blank = _BLANK.search(raw, 0, HEADER)
    return raw[: blank.end()] if blank else raw[:HEADER]
