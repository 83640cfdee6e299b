"""Text that is safe to print: what a customer wrote can move no cursor, set no title and reverse no line.

Controls are shown in caret notation as git does (CVE-2024-52005); bidirectional controls (CVE-2021-42574) and invisible
characters as <U+202E>.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_SEQUENCES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # of characters that terminals do not agree on how to draw, and what is put in their place
    ("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]", ""),  # variation selectors, keycaps, skin tones
    ("(?<=[\u2190-\u2bff\U0001f000-\U0001faff])(?:\u200d[\u2190-\u2bff\U0001f000-\U0001faff])+", ""),
    ("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])", ""),  # joiners inside Persian, Hindi …
    ("[\U0001f1e6-\U0001f1ff]", lambda found: chr(ord(found[0]) - 0x1F1E6 + ord("A"))),  # flags
    (f"([{_MARKS}]{{2}})[{_MARKS}]+", r"\1"),
)
_OWN = f"\x1b{os.urandom(8).hex()}"  # stands for the ESC of a sequence of ours until the last gate: nobody can write it
_OURS = re.compile(rf"{_OWN}(\[[0-9;]*m)")
BARS, ASCII_BARS = "▁▂▃▅▇", "_.-=#"
_CODES = {"red": 31, "green": 32, "yellow": 33, "cyan": 36}


def safe(text: str) -> str:
    """`text` with every control but newline and tab made visible."""
    text = text.replace("\r\n", "\n")
    if text.replace("\n", "").replace("\t", "").isprintable():  # as most is; compiling costs 0.7 ms
        return text
    return re.sub(_UNSAFE, _visible, text)


def line(text: str) -> str:
    """`text` as one safe line: white space folded, composed, and without what terminals draw each in their own width: a
    family emoji becomes its first member, a flag its letters."""
    folded = " ".join(text.split())
    return safe(folded if folded.isascii() else _agreed(folded))


def _agreed(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if max(text) >= "\u0300":
        for sequence, instead in _SEQUENCES:
            text = _compiled(sequence).sub(instead, text)
    return text


_compiled = cache(re.compile)  # few texts need it


def styled(text: str, *, fg: str = "", bold: bool = False, dim: bool = False) -> str:
    """`text` in that colour and weight, once it has passed `guarded`."""
    codes = [1] * bold + [2] * dim + ([_CODES[fg]] if fg else [])
    return f"{_OWN}[{';'.join(map(str, codes))}m{text}{_OWN}[0m" if codes else text


def guarded(text: str) -> str:
    """The last gate before the terminal: everything made visible except the sequences that `styled` made. Those that a
    mail brought, colours too, are text."""
    parts, at = [], 0
    for own in _OURS.finditer(text):
        parts += [safe(text[at : own.start()]), "\x1b", own[1]]
        at = own.end()
    return "".join([*parts, safe(text[at:])])


def as_json(value: Any) -> str:
    """One line of JSON, exact, with controls and bidirectional characters as escapes."""
    import json  # 1 ms, and most commands print none

    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return re.sub(_UNSAFE, lambda match: f"\\u{ord(match[0]):04x}", text)


def width() -> int:
    """Columns to write in: the terminal's, at least 40; 100 where there is none."""
    return max(40, _size("COLUMNS", 100))


def height() -> int:
    """Lines of the terminal; 24 where there is none."""
    return _size("LINES", 24)


def _size(variable: str, otherwise: int) -> int:
    """As shutil.get_terminal_size, which would be imported with all archivers."""
    given = os.environ.get(variable, "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except (OSError, ValueError):
        return otherwise
    return (size.columns if variable == "COLUMNS" else size.lines) or otherwise


def columns(text: str) -> int:
    """How many terminal columns `text` takes: wide East Asian characters and emoji two, marks that stand on another
    character none."""
    if text.isascii() or max(text) < "\u0300":  # below it nothing is wide and nothing combines
        return len(text)
    return sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


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


def folded(text: str, width: int, indent: str = "", first: str | None = None) -> Iterator[str]:
    """`text` in lines of at most `width` columns, broken at spaces where there are any; the first begins with `first`
    and the others with `indent`."""
    start = indent if first is None else first
    room = max(20, width - columns(indent))
    for part in _pieces(text, room):
        yield (start + part).rstrip()
        start = indent


def _pieces(text: str, room: int) -> Iterator[str]:
    """`text` cut into what fits; takes time linear in its length, since a customer may send one line of a megabyte."""
    at = 0
    while (end := _end(text, at, room)) < len(text):
        space = text.rfind(" ", at + 1, end + 1)
        cut = space if space > at and text[at:space].strip() else end
        yield text[at:cut].rstrip()
        at = cut
        while at < len(text) and text[at] == " ":
            at += 1
    yield text[at:]


def _end(text: str, at: int, room: int) -> int:
    """Where the longest piece ends that begins at `at` and takes at most `room` columns; no more than four characters
    a column, however many combining marks there are."""
    limit = min(len(text), at + 4 * room)
    if text[at : at + room].isascii():
        at = min(len(text), at + room)
        room = 0
    used = 0
    for here in range(at, limit):
        used += columns(text[here])
        if used > room:
            return here
    return limit


def counted(count: int, what: str, many: str = "") -> str:
    """ "1 mail", "1,200 mails"; `many` where the plural is not made with an s."""
    return f"{count:,} {what if count == 1 else many or f'{what}s'}"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    return f"<U+{code:04X}>"


def sparkline(values: Sequence[float], *, in_ascii: bool = False) -> str:
    """A character a value, from nothing to the largest: "▁▂▃▅▇", or "_.-=#"."""
    bars, most = ASCII_BARS if in_ascii else BARS, max(values, default=0)
    top = len(bars) - 1
    return "".join(bars[round(value / most * top) if most else 0] for value in values)


def shows_bars(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether "▁▂▃▅▇" can be printed: the encoding of stdout is UTF-8, and so is the locale, which C and POSIX are not.
    Python itself sets LC_CTYPE to C.UTF-8 where the locale is C (PEP 538): that says nothing of the terminal."""
    forced = environ.get("LC_CTYPE") == "C.UTF-8" and environ.get("LANG", "") in ("", "C", "POSIX")
    names = [environ.get(name, "") for name in ("LC_ALL", *([] if forced else ["LC_CTYPE"]), "LANG")]
    locale = next(filter(None, names), "C")
    return _is_utf8(encoding) and _is_utf8(locale.partition("@")[0].rpartition(".")[2])


def _is_utf8(name: str) -> bool:
    return name.casefold().replace("-", "").replace("_", "") == "utf8"
