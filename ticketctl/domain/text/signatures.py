"""Where the signature begins in what a person wrote: delimiters, closings, contact blocks, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby

from ticketctl.domain.text import phrases
from ticketctl.domain.text import quote_markers as marks

REGION = 60  # lines with words from the end in which a closing, a rule or a disclaimer is looked for
SHORT = 100  # characters of a line in a signature
LONG = 12  # lines below a closing of which one at least has a contact detail, if there are more
HEAD = 3  # characters that every phrase of `mobile` and `disclaimer` has at least
CONTACT = re.compile(
    r"@[\w-]+\.\w|https?:|www\.|\+?\d[\d ()./-]{5,}\d|\bvia mobile\b|\b[\w-]+\.(?:com|se|org|net|io|eu)\b"
)
NAMED = re.compile(r"(?:[-–—~/]{1,2}|//) ?([^\W\d_][^\n]{0,50})")
PARTICLES = ("från", "fra", "from", "von", "av", "de", "da", "van", "till", "to")
VOWELS = frozenset("aeiouyåäöæø")
IMAGE = re.compile(
    r"\[(?:cid:[^\[\]]{1,200}|image: ?[^\[\]]{1,200}|[^\[\]]{1,100}\.(?:png|jpe?g|gif))\]", re.IGNORECASE
)
PUNCTUATION = " \t\u00a0,.!;:-–—*_~\u200b"
LINK = re.compile(r"[<\[(]https?://[^\s<>\[\]()]{1,300}[>\])]")  # what plain text puts behind a linked word
WORD = re.compile(r"[\s,.!;:\-–—*_~\u200b/]*([^\s,/]*)")  # the first of a line


def find(lines: Sequence[str], above: bool = False) -> int | None:
    """Index of the first line of the signature, or None.

    `above` tells that other words of the sender stand before these lines; without any, only the footer of an app can
    be a signature, for a text is not empty because it looks like one.
    """
    end = last = _trim(lines, len(lines))
    first = _region(lines, end)
    end = _disclaimer(lines, first, end)
    end = _delimiter(lines, first, end)
    end = app = _footers(lines, end)
    end = _closing(lines, end, floor=-1 if above else _first(lines))
    end = _contact(lines, end)
    while end < last and end > 0 and (not lines[end - 1].strip() or is_separator(lines[end - 1])):
        end -= 1
    if end == last:
        return None
    if not above and not any(line.strip() for line in lines[:end]):
        return app if app < last and _is_footer(lines[app]) else None
    return end


def _trim(lines: Sequence[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _first(lines: Sequence[str]) -> int:
    return next((index for index, line in enumerate(lines) if line.strip()), 0)


def _region(lines: Sequence[str], end: int) -> int:
    """The first of the last `REGION` lines with words."""
    left = REGION
    while end > 0 and left:
        end -= 1
        left -= bool(lines[end].strip())
    return end


def is_separator(line: str) -> bool:
    """Whether the line only divides a signature from what stands above it."""
    return not line[-1:].isalnum() and (marks.is_rule(line) or line.strip() in ("--", "__", "—", "–", "***"))


def _delimiter(lines: Sequence[str], first: int, end: int) -> int:
    """RFC 3676 `-- `, or a rule above what looks like a signature."""
    for index in range(first, end):
        line = lines[index]
        if not is_separator(line):
            continue
        below = [one for one in lines[index + 1 : end] if one.strip() and not is_separator(one)]
        if line.rstrip("\r") == "-- " or line.strip() == "--":
            if len(below) <= 30:
                return index
        elif below and len(below) <= 15 and _like_block(below):
            return index
    return end


def _like_block(below: Sequence[str]) -> bool:
    """Short lines, with a contact detail or a name first: not a paragraph or a table that happens to follow a rule."""
    if any(len(line) > 2 * SHORT or line.rstrip().endswith("?") for line in below):
        return False
    if any(CONTACT.search(line[:200]) for line in below):
        return sum(len(line) > SHORT for line in below) <= 1
    return len(below) <= 6 and (_is_name(below[0]) or _is_closing(below[0]))


def _disclaimer(lines: Sequence[str], first: int, end: int) -> int:
    """The first paragraph that opens like a disclaimer or a list's footer, and what stands below it."""
    for index in range(first, end):
        if index and lines[index - 1].strip() and not is_separator(lines[index - 1]):
            continue
        words = phrases.fold(lines[index].strip(PUNCTUATION + "[(>"))
        if _begins(words, "disclaimer"):
            paragraph = phrases.fold(" ".join(lines[index : min(end, index + 12)])[:3000])
            if any(stem in paragraph for stem in _set("legal")):
                return index
    return end


def _begins(folded: str, field: str) -> bool:
    """Whether this begins with a phrase of this field."""
    return folded.startswith(_beginnings(field).get(folded[:HEAD], ()))


def _below(folded: str, field: str) -> str | None:
    """What follows the longest phrase of this field that this begins with; None where it begins with none."""
    phrase = max(filter(folded.startswith, _beginnings(field).get(folded[:HEAD], ())), key=len, default=None)
    return None if phrase is None else folded[len(phrase) :]


@cache
def _beginnings(field: str) -> dict[str, tuple[str, ...]]:
    """The phrases of this field by their first `HEAD` characters, so that few of them have to be compared."""
    groups = groupby(sorted(_set(field)), lambda phrase: phrase[:HEAD])
    return {head: tuple(group) for head, group in groups}


def _footers(lines: Sequence[str], end: int) -> int:
    """Lines of apps at the end: "Skickat från min iPhone"; and images, which stand there as logos."""
    while True:
        last = _trim(lines, end) - 1
        if last < 0 or not (_is_footer(lines[last]) or IMAGE.fullmatch(lines[last].strip())):
            return end
        end = last


def ends_message(lines: Sequence[str], index: int) -> bool:
    """Whether this line is the footer of an app in a paragraph of its own, below other words.

    What follows is history, though nothing else marks it: apps put their footer between the answer and the quote.
    """
    if index < 2 or index + 1 >= len(lines) or lines[index + 1].strip() or lines[index - 1].strip():
        return False
    return bool(lines[index].strip()) and _is_footer(lines[index])


def _is_footer(line: str) -> bool:
    if len(line) > 400:
        return False
    line = LINK.sub(" ", line) if "http" in line else line
    bare = " ".join(phrases.fold(line.strip(PUNCTUATION + "[(<>")).split())
    if len(bare) > 160 or len(bare.split()) > 14 or line.rstrip().endswith("?"):
        return False
    rest = _below(bare, "mobile")
    if rest is None:
        rest = _below(bare, "app")
        rest = rest if rest is not None and _names_app(bare) else None
    if rest is None or "? " in rest or ": " in rest:
        return False
    _, more, excuse = rest.replace(", ", ". ").partition(". ")
    return not more or _below(excuse, "excusing") is not None


def _names_app(folded: str) -> bool:
    return any(f" {app}" in folded for app in _apps())


@cache
def _apps() -> tuple[str, ...]:
    return tuple(map(phrases.fold, phrases.APPS.split()))


def _closing(lines: Sequence[str], end: int, floor: int) -> int:
    """ "Med vänlig hälsning", "Thanks, Anna", "/Anna" with nothing but short lines below."""
    best, count, index = end, 0, _trim(lines, end) - 1
    below: list[str] = []
    while index > floor and count <= 30:
        line = lines[index]
        if line.strip():
            if count == LONG + 1 and not any(CONTACT.search(one[:200]) for one in below):
                break
            if _closes(line, below, lines[max(0, index - 2) : index]):
                best = index
            elif _is_sentence(line):
                break
            below.insert(0, line)
            count += 1
        index -= 1
    return best


def _is_sentence(line: str) -> bool:
    bare = line.rstrip()
    if IMAGE.match(bare):
        return False
    return len(bare) > SHORT or bare.endswith("?") or bare.startswith(">") or len(bare.split()) > 14


def _closes(line: str, below: Sequence[str], above: Sequence[str]) -> bool:
    if len(line) > 80:
        return False
    if _first_word(line) not in _first_words():  # as most lines
        return _is_named(line, above)
    if _is_closing(line):
        return True
    if _matches(line, "thanking"):
        return bool(below) and (_is_name(below[0]) or _is_closing(below[0]) or bool(NAMED.fullmatch(below[0].strip())))
    return _is_named(line, above)


def _is_closing(line: str) -> bool:
    return _matches(line, "closing")


def _matches(line: str, field: str) -> bool:
    """Whether the line is a phrase of this field, alone or with a name behind it."""
    bare = line.strip(PUNCTUATION + "/").replace("/", " / ").replace(",", ", ")
    folded = phrases.fold(line.strip(PUNCTUATION + "/"))
    known = _set(field)
    if folded in known:
        return True
    words = bare.split()
    for count in range(min(len(words), 6), 0, -1):
        head = " ".join(words[:count])
        phrase = phrases.fold(head.strip(PUNCTUATION + "/"))
        if phrase in known:
            rest = words[count + (words[count : count + 1] != [] and words[count].casefold() in PARTICLES) :]
            if not rest or (len(rest) <= 2 and len(phrase) <= 4 and not set(phrase) & VOWELS):  # "mvh anna"
                return True
            apart = head[-1] in ",.!-–/:" or rest[0][0] in ",-–/&"
            return len(rest) <= 4 and (_names(rest) or (apart and len(rest) <= 2 and line.rstrip()[-1] not in "?.:"))
    return False


@cache
def _set(field: str) -> frozenset[str]:
    return frozenset(phrases.every(field))


def _first_word(line: str) -> str:
    match = WORD.match(line)
    return phrases.fold(match[1].rstrip(PUNCTUATION)) if match else ""


@cache
def _first_words() -> frozenset[str]:
    """The words that closings and thanks begin with."""
    return frozenset(map(_first_word, _set("closing") | _set("thanking")))


def _is_named(line: str, above: Sequence[str]) -> bool:
    """`/Anna`, `-Anna Berg`, `// Anna`: not the last of several list items."""
    match = NAMED.fullmatch(line.strip())
    if match is None:
        return False
    words = match[1].strip(PUNCTUATION).split()
    if not words or len(words) > 3 or any(one.strip()[:1] == line.strip()[:1] for one in above):
        return False
    item = line.strip()[1:2] == " " and bool(above) and bool(above[-1].strip())
    return _names(words) or (len(words) == 1 and words[0].isalpha() and not item)


def _is_name(line: str) -> bool:
    """ "Anna Berg", "Anna Berg | Manager | Example Ltd"."""
    bare = line.partition("|")[0].strip()
    words = bare.strip(PUNCTUATION).split()
    return 0 < len(words) <= 4 and len(bare) <= 50 and not bare.endswith(("?", "!", ":")) and _names(words)


def _names(words: Sequence[str]) -> bool:
    """Whether every word could be part of a name: a capital first, no digits (emoji and the like pass)."""
    return all(word[:1].isupper() or not any(c.isalnum() for c in word) for word in words) and not any(
        c.isdigit() for word in words for c in word
    )


def _contact(lines: Sequence[str], end: int) -> int:
    """A last paragraph of short lines that begins with a name and holds a telephone number, an address or a link."""
    last = _trim(lines, end)
    top = last
    while top > 0 and lines[top - 1].strip() and last - top <= 8:
        top -= 1
    block = lines[top:last]
    if len(block) == 1 and block[0].count("|") >= 2 and len(block[0]) <= 200 and CONTACT.search(block[0]):
        return top
    app = last == end < len(lines) and _is_footer(lines[end])  # the footer of an app stands right below
    if not 2 - app <= len(block) <= 8 or any(len(line) > 70 or line.rstrip().endswith("?") for line in block):
        return end
    if all(CONTACT.search(line) for line in block):  # the name is a paragraph of its own, or it is no signature
        name = _name_above(lines, top)
        return name if name < top else end
    rest = "\n".join(block[1:])
    if not _is_name(block[0]) or not (app or CONTACT.search(rest)):
        return end
    return _name_above(lines, top)


def _name_above(lines: Sequence[str], top: int) -> int:
    """Where the paragraph above a contact block begins if it is a name and a title, else the block itself."""
    last = _trim(lines, top)
    first = last
    while first > 0 and lines[first - 1].strip() and last - first <= 3:
        first -= 1
    block = lines[first:last]
    plain = all(len(line) <= 50 and line.rstrip()[-1] not in ".:?!," for line in block)
    return first if 0 < len(block) <= 3 and plain and _is_name(block[0]) and _trim(lines, first) > 0 else top
