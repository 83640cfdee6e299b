"""Headers of a forwarded message that are known by their shape: labels of unknown languages, fields glued together.

A block counts where it stands below something that announces it (a banner, dashes, a quoted line with a colon), or
where what is glued together is a convincing header by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ticketctl.domain.text import phrases
from ticketctl.domain.text.attributions import ADDRESS, CLOCK, DATE, DECORATION

LABEL = re.compile(r"[^\W\d_][^\n:：@<>\"]{0,30}?\s?[:：]\s?")
MOST = 12  # fields of a block
GLUED = 2_000  # characters of a line in which glued fields begin


def shaped(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The fields of a block of `Label: value` lines that begins with the first one and ends at an empty line, and how
    many lines it takes; ({}, 0) where it is no header of a mail.

    Known labels are believed. Of unknown ones, the first value with an address is the sender, others with one are
    recipients, a date with a clock is the date, and what is neither is the subject.
    """
    found: list[tuple[str, str]] = []
    for count, line in enumerate(lines):
        bare = line.lstrip("> \t\u00a0\ufeff").strip(DECORATION)
        if not bare:
            break
        match = LABEL.match(bare)
        if match is None or count >= MOST:
            return {}, 0
        found.append((bare[: match.end()].strip(DECORATION + ":："), bare[match.end() :].strip(DECORATION)))
    kinds = _kinds(found)
    fields: dict[str, str] = {}
    for kind, (_, value) in zip(kinds, found, strict=True):
        fields.setdefault(kind, value)
    return (fields, len(found)) if _is_header(fields) else ({}, 0)


def _kinds(found: Sequence[tuple[str, str]]) -> list[str]:
    known = phrases_fields()
    kinds = [known.get(phrases.fold(label), "") for label, _ in found]
    for number, (_, value) in enumerate(found):
        if not kinds[number]:
            kinds[number] = _guessed(value, kinds)
    return kinds


def _guessed(value: str, kinds: Sequence[str]) -> str:
    if ADDRESS.search(value[:500]):
        return "sender" if "sender" not in kinds else "to"
    if "sent" not in kinds and is_date(value):
        return "sent"
    return "subject" if "subject" not in kinds else "copy"


def is_date(value: str) -> bool:
    """Whether a field's value is the day and time of a mail."""
    return CLOCK.search(value[:100]) is not None and DATE.search(value[:100]) is not None


def _is_header(fields: Mapping[str, str]) -> bool:
    """A sender with an address, and the date of a mail, or recipients with one and a subject."""
    sender, to = (ADDRESS.search(fields.get(name, "")[:500]) for name in ("sender", "to"))
    dated = is_date(fields.get("sent", ""))
    return (sender is not None and (dated or to is not None) and len(fields) >= 3) or (to is not None and dated)


# --- fields on one line ---


def apart(line: str) -> list[str]:
    """The fields of a header that a client put on one line, each glued to the value before it; [] for other lines."""
    line = line.strip()
    starts: list[tuple[int, str]] = []
    for match in _labels().finditer(line, 0, GLUED):
        kind = phrases_fields().get(phrases.fold(match[1]), "copy")
        if kind == "copy" or all(kind != other for _, other in starts):
            starts.append((match.start(), kind))
    if len(starts) < 3 or starts[0][0] != 0:
        return []
    ends = [*(start for start, _ in starts[1:]), len(line)]
    fields = [line[start:end].strip() for (start, _), end in zip(starts, ends, strict=True)]
    values = {kind: re.split("[:：]", field, maxsplit=1)[1] for (_, kind), field in zip(starts, fields, strict=True)}
    return fields if "@" in values.get("sender", "") and values.keys() & {"sent", "to", "subject"} else []


@cache
def phrases_fields() -> dict[str, str]:
    return phrases.fields()


@cache
def _labels() -> re.Pattern[str]:
    """A known label with a capital and a colon, wherever it stands, the longest first."""
    names = sorted(map(_capital, phrases_fields()), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, names))})\\s?[:：]")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
