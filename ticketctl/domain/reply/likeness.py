"""What makes two texts alike, whatever their language: runs of four letters, the beginnings of words, and whole words.

Runs of letters find what stems miss: Swedish compounds ("fakturaadress", "adressen på fakturan"), other endings and
slips of the pen, without a stemmer (McNamee & Mayfield, Character n-gram tokenization, 2004). docs/answers.md has the
figures. A text is the set of its features: of so short texts, how often one occurs tells little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from heapq import nlargest

from ticketctl.domain.reply.similarity import LONGEST, is_common
from ticketctl.domain.ticket.query import fold

Features = frozenset[str]
RUN = 4  # letters
BEGINNING = 5  # letters
# Words that both questions may well have, and that tell nobody why they are alike.
_ASKING = "hur how vilka vilken vilket which why varför who vem does did fråga question undrar wonder behöver need"
_TELLS_NOTHING = frozenset(_ASKING.split())
_WORD = re.compile(r"[^\W_]{2,40}")


def words(text: str) -> list[str]:
    """Words and numbers of two characters or more, case-folded."""
    return _WORD.findall(fold(text[:LONGEST]))


@lru_cache(maxsize=200_000)
def features_of_word(word: str) -> Features:
    """Of "posten": the runs " pos", "post", "oste", "sten", "ten ", the beginning "^poste", the word "=posten"."""
    framed = f" {word} "
    runs = {framed[at : at + RUN] for at in range(max(1, len(framed) - RUN + 1))}
    return frozenset(runs | {f"^{word[:BEGINNING]}", f"={word}"})


def features(text: str) -> Features:
    return frozenset().union(*map(features_of_word, set(words(text))))


def shared_words(one: str, other: str, rarity: Callable[[str], float], count: int = 4) -> tuple[str, ...]:
    """The words of `one` that make it like `other`, which has them or words that begin alike; the rarest first.
    `rarity` is that of a feature."""
    beginnings = {word[:BEGINNING] for word in words(other)}
    both = {word for word in words(one) if len(word) > 2 and word[:BEGINNING] in beginnings and not _is_common(word)}
    return tuple(nlargest(count, sorted(both), key=lambda word: rarity(f"={word}")))


def _is_common(word: str) -> bool:
    return word in _TELLS_NOTHING or is_common(word)
