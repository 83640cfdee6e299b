"""The question how satisfied a customer is, and what they answer to it by mail."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

QUESTION = {
    "sv": "Hur nöjd är du? Svara med en siffra från 1 (inte alls) till 5 (mycket).",
    "en": "How satisfied are you? Answer with a number from 1 (not at all) to 5 (very).",
}
LONGEST = 300  # characters of an answer
TEXT = 200  # characters kept of what is said beside the number
PRAISE = frozenset(
    """
    a all allt als alltid always and answer bra bästa best de det du e er excellent fantastisk fantastiskt fast
    fin fint friendly för good great happy help helped helpful hjälp hjälpen hjälpsam hjälpsamma i in is it jag
    jättebra jättenöjd kanon kind kundtjänst löste med mig mycket nice ni nöjd och perfect perfekt pleased quick
    quickly reply satisfied service snabb snabba snabbt snäll so super superbra support suverän suveränt svar
    svaret så the toppen trevlig trevliga trevligt utmärkt vi väl väldigt very was well with you är
    """.split()  # noqa: SIM905 - a table of words
)
_SIGNS = " \t\n-\u2013\u2014,.:;!(\u2026"


class Rating(NamedTuple):
    """`value` is 1 to 5, `text` what was said beside it, on one line. `says_more`: that is more than thanks and praise,
    so somebody must read it."""

    value: int
    text: str
    says_more: bool


def asks(text: str) -> bool:
    """Whether a text of ours has the question, in whatever lines it was broken."""
    line = " ".join(text.split())
    return any(question in line for question in QUESTION.values())


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
    from ticketctl.domain.text.thanks import is_thanks  # here: every command asks tickets, few read a mail

    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", said)}
    return is_thanks(said) or (value >= 4 and words <= PRAISE and "?" not in said and not re.search(r"\d", said))


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
