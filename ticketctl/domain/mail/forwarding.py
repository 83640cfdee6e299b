"""Messages that a person passed on by forwarding them inline: who wrote them, and what stands above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

from ticketctl.domain.text import quote_markers as marks
from ticketctl.domain.text import subjects, tips
from ticketctl.domain.text.attributions import ADDRESS, DASHES, is_verb
from ticketctl.domain.text.quote_markers import Mark
from ticketctl.domain.ticket.message import Forwarded, Person

WRITTEN = 2_000  # characters above a forwarded message by which the language is told
QUOTES = " \t\"'«»„“”‚‘’\u00a0"
LINKED = re.compile(r"[<\[(]mailto:[^<>\[\]()]{0,320}[>\])]")


def unwrap(text: str, subject: str = "", scan: marks.Scan | None = None) -> Forwarded | None:
    """The message that was forwarded inline in this text, or None where there is none.

    `subject` is that of the mail: with `VB:` or `Fwd:` a header block or an attribution begins a forwarded message,
    with `Re:` it begins the history of a reply; without either, a block counts when nothing stands above it. `scan` is
    that of the text, where somebody has it already.
    """
    scan = scan or tips.scan(text)
    lines, mark = scan.lines, _first(scan)
    if mark is None or not _is_forward(lines, mark, subject):
        return None
    inner = _inner(lines, mark)
    if mark.kind == "attribution":
        introduction = " ".join(marks.unquoted(line).strip() for line in lines[mark.start : mark.end])
        about = subjects.base_subject(subject)
        return Forwarded(sender=_attributed(introduction), subject=about, date=_date(introduction), text=inner)
    fields = mark.fields
    return Forwarded(
        sender=person(fields["sender"]) if fields.get("sender") else None,
        subject=fields.get("subject", ""),
        date=fields.get("sent", ""),
        text=inner,
    )


def above(text: str) -> str:
    """What stands above the first older message in this text; the whole text where there is none."""
    scan = tips.scan(text)
    lines, mark = scan.lines, _first(scan)
    return "\n".join(lines if mark is None else lines[: mark.start]).strip()


def person(written: str) -> Person | None:
    """A person as clients write one: `Anna <anna@…>`, `Anna [mailto:anna@…]`, an address or a name alone."""
    plain = LINKED.sub(" ", written) if "@" in LINKED.sub(" ", written) else written.replace("mailto:", "")
    match = ADDRESS.search(plain[:2000])
    name = (plain[: match.start()] if match else plain[:200]).rstrip("<([ \t*").strip(QUOTES + "*,;")
    if match is None and not name:
        return None
    return Person(match[0].lower().strip(".") if match else "", " ".join(name.split()))


def _first(scan: marks.Scan) -> Mark | None:
    """The first mark, unless a quote without one stands above it."""
    lines = scan.lines
    for index, line in enumerate(lines[: marks.DEEPEST]):
        mark = scan.at(index)
        if mark is not None:
            return mark
        if marks.is_quoted(line) and marks.unquoted(line).strip() and not _leads_to_banner(lines, index):
            return None  # a quote: what is in it was not forwarded by this sender
    return None


def _leads_to_banner(lines: Sequence[str], index: int) -> bool:
    """Whether a wholly quoted forward begins here, its banner not on the first line."""
    return not marks.unquoted(lines[index]).strip(DASHES)


def _is_forward(lines: Sequence[str], mark: Mark, subject: str) -> bool:
    if mark.kind == "forwarded":
        return True
    if subjects.is_forward(subject, "\n".join(lines[mark.start : mark.end])[:WRITTEN]):
        return True
    if mark.kind == "attribution" or not mark.fields or subjects.is_reply(subject):
        return False
    above = [line.strip() for line in lines[: mark.start] if line.strip()]
    return mark.announced or not above or (len(above) == 1 and above[0].endswith((":", "：")))


def _inner(lines: Sequence[str], mark: Mark) -> str:
    below = list(lines[mark.end :])
    if mark.quoted:
        below = below[: marks.quoted_end(lines, mark) - mark.end]
    if mark.quoted or _mostly_quoted(below):
        below = [_less_quoted(line) for line in below]
    return dedent("\n".join(below)).strip()


def _mostly_quoted(lines: Sequence[str]) -> bool:
    """Whether all is quoted, but for a line or a tenth of them that lost their mark on the way."""
    said = [line for line in lines if line.strip()]
    bare = sum(not marks.is_quoted(line) for line in said)
    return bool(said) and marks.is_quoted(said[0]) and len(said) > 1 + bare and bare <= max(1, len(said) // 10)


def _less_quoted(line: str) -> str:
    bare = line.lstrip(" \t\u00a0\ufeff")
    return bare[2:] if bare.startswith("> ") else bare[1:] if bare.startswith(">") else line


def _attributed(introduction: str) -> Person | None:
    """The person in "On 28/10/2021 12:46, "Anna Berg" <anna@…> wrote:"."""
    match = ADDRESS.search(introduction)
    if match is None:
        return None
    before = introduction[: match.start()].rstrip("<([ \t*:").removesuffix("mailto").rstrip("<([ \t*")
    words: list[str] = []
    for word in reversed(before.split()):
        if any(c.isdigit() for c in word) or is_verb(word) or (words and word.endswith((",", ":"))):
            break
        words.insert(0, word)
    if len(words) < len(before.split()):  # after a date may come "um", "heeft", "użytkownik": no part of a name
        while words and words[0].strip(QUOTES)[:1].islower() and words[0] == words[0].strip(QUOTES):
            words.pop(0)
    return Person(match[0].lower(), " ".join(words).strip(QUOTES + ","))


def _date(introduction: str) -> str:
    """The words from the first to the last with a digit, outside of the address."""
    words = [word.strip(",;:") for word in introduction.split()]
    dated = [number for number, word in enumerate(words) if any(c.isdigit() for c in word) and "@" not in word]
    return " ".join(words[dated[0] : dated[-1] + 1]) if dated and dated[-1] - dated[0] <= 8 else ""
