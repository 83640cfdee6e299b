"""Whether a text of ours says that something is attached: asked before a reply leaves without an attachment."""

from __future__ import annotations

import re
from functools import cache

from ticketctl.domain.text import phrases

WORDS = re.compile(r"[^\W\d_]+")
SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]?")


def speaks_of_attachment(text: str) -> str:
    """The phrase that says so ("bifogar", "see attached"), as it is written; "" where none does. Quoted lines and
    questions ("har du bifogat kvittot?") are passed over. Takes time linear in the text."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    for sentence in SENTENCES.findall(own):
        if not sentence.endswith("?") and (found := _phrase(WORDS.findall(sentence))):
            return found
    return ""


def _phrase(words: list[str]) -> str:
    folded = [phrases.fold(word) for word in words]
    known, longest = _known()
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            if tuple(folded[start:end]) in known:
                return " ".join(words[start:end])
    return ""


@cache
def _known() -> tuple[frozenset[tuple[str, ...]], int]:
    """The phrases as words, and how many words the longest has."""
    known = frozenset(tuple(WORDS.findall(phrase)) for phrase in phrases.every("attaching"))
    return known, max(map(len, known))
