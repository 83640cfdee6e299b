"""Which texts are alike: words weighted by how rare they are (tf-idf, Salton & Buckley 1988), compared by the cosine of
their angle. Small enough to read, and it can tell its reasons: the words that two texts share.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest
from math import log, sqrt

import msgspec

from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

Weights = dict[str, float]
LONGEST = 20_000  # characters of a text that are looked at: a pasted log must not drown what was asked
_WORD = re.compile(r"[^\W_]{3,40}")
_COMMON = """\
the and for you your our are was have has had with this that from not but can will would could been any all just
please thank thanks hello dear regards best kind sincerely when what there they them his her its our out one
och att det som för den har med inte till ett kan vi ni jag mig min mitt mina han hon sig var vad när men eller
från hej tack hälsningar vänliga vänlig mvh hälsning skulle vill också där här detta denna dessa era ert din ditt
dina oss dem blir blev vara varit nu bara efter över under
"""
_SKIPPED = frozenset(_COMMON.split())


class Neighbour(msgspec.Struct, frozen=True):
    """A text that is like the one asked about; `score` is 0 … 1."""

    key: int
    score: float


def words(text: str) -> list[str]:
    """Words and numbers of three characters or more, case-folded, without those that every text has."""
    return [word for word in _WORD.findall(fold(text[:LONGEST])) if word not in _SKIPPED]


def is_common(word: str) -> bool:
    """Whether every text has it, so that it tells nothing."""
    return word in _SKIPPED


def asked(ticket: Ticket) -> str:
    """What the customer asked: the first message of a person, else the first of all."""
    inbound = [message.text for message in ticket.messages if message.direction == "in" and message.text.strip()]
    return inbound[0] if inbound else next((message.text for message in ticket.messages), "")


def words_of(ticket: Ticket) -> list[str]:
    """Subject and question; the subject's words count twice."""
    subject = words(ticket.subject)
    return [*subject, *subject, *words(asked(ticket))]


def cosine(one: Weights, other: Weights) -> float:
    """0 (nothing shared) … 1 (the same) for two unit vectors."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return min(1.0, sum(weight * large[word] for word, weight in small.items() if word in large))


def shared(one: Weights, other: Weights, count: int = 4) -> tuple[str, ...]:
    """The words that make the two alike, the weightiest first."""
    both = {word: weight * other[word] for word, weight in one.items() if word in other}
    return tuple(nlargest(count, both, key=lambda word: both[word]))


class Texts:
    """Texts under their numbers, weighed against each other."""

    def __init__(self, documents: Mapping[int, Iterable[str]]) -> None:
        counts = {key: Counter(document) for key, document in documents.items()}
        self.holders: dict[str, list[int]] = defaultdict(list)
        for key, count in counts.items():
            for word in count:
                self.holders[word].append(key)
        self._size = len(counts)
        self.vectors = {key: self._weighed(count) for key, count in counts.items()}

    def weigh(self, document: Iterable[str]) -> Weights:
        """A unit vector of its words; words that no text here has count as the rarest."""
        return self._weighed(Counter(document))

    def nearest(self, document: Iterable[str], count: int) -> list[Neighbour]:
        """The `count` texts most like `document`, the most alike first; those that share nothing left out."""
        scores: dict[int, float] = defaultdict(float)
        for word, weight in self.weigh(document).items():
            for key in self.holders.get(word, ()):
                scores[key] += weight * self.vectors[key][word]
        best = nlargest(count, scores.items(), key=lambda pair: (pair[1], pair[0]))
        return [Neighbour(key, min(1.0, score)) for key, score in best]

    def _weighed(self, count: Counter[str]) -> Weights:
        weights = {word: (1 + log(times)) * self._rarity(word) for word, times in count.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    def _rarity(self, word: str) -> float:
        return log(1 + self._size / max(1, len(self.holders.get(word, ()))))
