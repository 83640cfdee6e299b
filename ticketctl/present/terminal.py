"""Text that is safe to print: what a customer wrote can move no cursor, set no title and reverse no line.

Controls are shown in caret notation as git does (CVE-2024-52005); bidirectional controls (CVE-2021-42574) and invisible
characters as <U+202E>.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from typing import Any

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_OURS = re.compile(r"\x1b\[[0-9;]*m")


def safe(text: str) -> str:
    """`text` with every control but newline and tab made visible."""
    return _UNSAFE.sub(_visible, text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """`text` as one safe line: white space folded."""
    return safe(" ".join(text.split()))


def guarded(text: str) -> str:
    """The last gate before the terminal: everything made visible except the colours that we set ourselves."""
    parts, at = [], 0
    for colour in _OURS.finditer(text):
        parts += [safe(text[at : colour.start()]), colour[0]]
        at = colour.end()
    return "".join([*parts, safe(text[at:])])


def as_json(value: Any) -> str:
    """One line of JSON, exact, with controls and bidirectional characters as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def width() -> int:
    """Columns to write in: the terminal's, at least 40; 100 where there is none."""
    return max(40, shutil.get_terminal_size((100, 24)).columns)


def columns(text: str) -> int:
    """How many terminal columns `text` takes: wide East Asian characters and emoji two, combining marks none."""
    if text.isascii() or max(text) < "\u0300":  # below it nothing is wide and nothing combines
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` columns, with … where something was cut."""
    if columns(text) <= room:
        return text
    kept, used = [], 0
    for char in text:
        used += columns(char)
        if used > room - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    return f"<U+{code:04X}>"
