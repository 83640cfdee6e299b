"""How alike texts are: the cosine of their weighted stems, in which rare stems weigh more.

Sublinear tf-idf (Salton & Buckley 1988) with the square root of the idf: measured on bank questions, IT tickets and
Swedish questions the root finds better groups than the idf itself (docs/patterns.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from math import log, sqrt

OTHERS = (
    20  # texts without any of the stems that are thought beside those of the desk: of a few tickets that all ask for
)
# the same, the word that they share must count

Features = dict[str, float]
"""Stem, or what stands for it → its weight in the text; of length 1. Knows nothing of other texts, so that what a text
gave to a sum of many can be taken away again."""


def features(stems: Iterable[str]) -> Features:
    """Of the stems of one text; empty where there are none."""
    weights = {stem: 1 + log(times) for stem, times in Counter(stems).items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {stem: weight / length for stem, weight in weights.items()}


class Disguise(dict[str, str]):
    """Stem → eight characters made of it with the desk's key: what is stored tells no word to whoever has no key."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key[:64]

    def __missing__(self, stem: str) -> str:
        made = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=4, key=self._key).hexdigest()
        self[stem] = made
        return made


class Rarity(dict[str, float]):
    """Stem → how much it tells, where `counts` of `total` texts hold each: 0 for one that nobody has counted and more
    the rarer it is."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        super().__init__()
        self._counts, self._total = counts, total

    def __missing__(self, stem: str) -> float:
        told = sqrt(log((self._total + OTHERS) / (self._counts.get(stem, 0) + 0.5)))
        self[stem] = told
        return told


def weighted(features: Mapping[str, float], rarity: Rarity) -> Features:
    """The weights times the rarity of their stems, of length 1 again."""
    weights = {stem: weight * rarity[stem] for stem, weight in features.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 (nothing shared) … 1 (the same), of two that are `weighted`."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return min(1.0, sum(weight * large[stem] for stem, weight in small.items() if stem in large))
