"""What a customer answers by mail to the question how satisfied they are."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ticketctl.domain.text import phrases
from ticketctl.domain.text.thanks import is_thanks

LONGEST = 300  # characters of an answer
TEXT = 200  # characters kept of what is said beside the number
_SIGNS = " \t\n-\u2013\u2014,.:;!(\u2026"


class Rating(NamedTuple):
    """`value` is 1 to 5, `text` what was said beside it, on one line. `says_more`: that is more than thanks and praise,
    so somebody must read it."""

    value: int
    text: str
    says_more: bool


def rating_of(text: str) -> Rating | None:
    """What a customer newly wrote, without quotes and signature, read as an answer to the question: "4", "Betyg: 4",
    "4/5", "4 av 5, snabb hjälp", "★★★★". None for any other text: the number must stand first, with a sign or the end
    of the line behind it, or praise."""
    if len(text) > LONGEST:
        return None
    found = _pattern().match(text.strip())
    if found is None:
        return None
    rest = text.strip()[found.end() :]
    value = int(found["number"]) if found["number"] else found["stars"].count("★") + found["stars"].count("⭐")
    said = " ".join(rest.lstrip(_SIGNS).split())[:TEXT]
    praise = _is_praise(value, said)
    if rest.strip() and not (rest.lstrip(" \t")[:1] in _SIGNS or (rest[0] == " " and praise)):
        return None  # "3 paddles are missing", "4.5", "3-4 days"
    if rest[:1] in (".", ":") and said and not praise:
        return None  # "1. Where is my order"
    return Rating(value, said, bool(said) and not praise)


def _is_praise(value: int, said: str) -> bool:
    words = {phrases.fold(word) for word in re.findall(r"[^\W\d_]+", said)}
    return is_thanks(said) or (value >= 4 and words <= _praise() and "?" not in said and not re.search(r"\d", said))


@cache
def _praise() -> frozenset[str]:
    return frozenset(phrases.every("praise"))


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:hej|hejsan|hi|hello)\b[!,.]?\s+)?"
        r"(?:(?:mitt\s+|my\s+)?(?:betyg(?:et)?|rating|score|poäng|svar|answer)\s*(?:är|is)?\s*[:=]?\s*"
        r"|jag\s+ger\s+(?:er\s+)?(?:en\s+)?|i\s+give\s+(?:you\s+)?(?:a\s+)?)?"
        r"(?:(?P<number>[1-5])(?![\d.,:-]\S)(?:\s*(?:/|av|of|out\s+of)\s*5(?!\d))?(?:\s*(?:poäng|points?|stars?|stjärnor)\b)?"
        r"|(?P<stars>(?:[★⭐]\ufe0f?\s?){1,5})☆{0,4})",
        re.IGNORECASE,
    )
