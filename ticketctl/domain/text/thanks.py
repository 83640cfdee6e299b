"""Whether a message only says thank you: it is welcome, but it reopens nothing and stops no clock."""

from __future__ import annotations

import re
from functools import cache

from ticketctl.domain.text import phrases

LONGEST = 300  # characters
MOST = 25  # words
PIECES = re.compile(r"[.!,;:\n\u2026\u2013\u2014]+|\s-\s")
WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def is_thanks(text: str) -> bool:
    """True for a short text that thanks, greets and names persons, and says nothing else.

    `text` is what the sender newly wrote, without the signature block. A question, a "but", a thank-you in advance, or
    any sentence that does not thank makes it False: a request that goes unseen is worse than a ticket reopened in vain.
    """
    if len(text) > LONGEST or "?" in text or not 0 < len(WORDS.findall(text)) <= MOST:
        return False
    pieces = [words for words in (WORDS.findall(piece) for piece in PIECES.split(text)) if words]
    verdicts = [_verdict(words) for words in pieces]
    return "thanks" in verdicts and "more" not in verdicts


def _verdict(words: list[str]) -> str:
    """What a piece of the text is: "thanks", "polite" (a greeting, a closing, a name), or "more"."""
    folded = [phrases.fold(word).replace("’", "'") for word in words]
    if not _known("unless").isdisjoint(folded) or any(word.isdigit() for word in words):
        return "more"
    thanked = _prefix(folded, "thanks")
    if thanked:
        rest = folded[thanked:]
        return "thanks" if not rest or rest[0] in _known("owing") or _is_name(words[thanked:]) else "more"
    polite = _prefix(folded, "greeting") or _prefix(folded, "closing")
    return "polite" if _is_name(words[polite:]) else "more"


def _prefix(folded: list[str], field: str) -> int:
    """How many words of the beginning are a phrase of this field, at most; 0 where none is."""
    known = _known(field)
    return next((n for n in range(min(len(folded), 6), 0, -1) if " ".join(folded[:n]) in known), 0)


def _is_name(words: list[str]) -> bool:
    return len(words) <= 3 and all(word[:1].isupper() for word in words)


@cache
def _known(field: str) -> frozenset[str]:
    return frozenset(phrases.every(field))
