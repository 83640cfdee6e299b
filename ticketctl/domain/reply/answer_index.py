"""Which closed tickets ask what a text asks, found fast: for each feature (likeness.py) the tickets that have it.

The whole is one run of bytes that is read in place, so that it can be kept and used without being decoded. It is
derived from the tickets and can be thrown away. Of features it holds keyed hashes, and nobody reads words in it.

A head (JSON, a line), then: the hashes of all features, sorted (8 bytes each); where the tickets of each begin (4);
the ordinals of the tickets (2, or 4 where there are more than 65,535); by ordinal their numbers (4), revisions (4) and
lengths (the square root of the sum of squared rarities; 4); and the numbers that were looked at and left out (4).
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from math import log, sqrt
from typing import Any, NamedTuple

import msgspec

from ticketctl.domain.reply.likeness import features, features_of_word, words
from ticketctl.domain.reply.similarity import Neighbour

FORMAT = 1
MOST = 250  # features of a question that are looked up, the rarest; of a very long text the others tell little
COMMON = 0.4  # share of the texts; what more of them have tells nothing
FEW = 100  # texts; among fewer nothing is too common


class Document(NamedTuple):
    """A closed ticket's number and revision, and the text that was asked."""

    number: int
    revision: int
    text: str


class _Head(msgspec.Struct, frozen=True):
    """`order` is the byte order of the machine, `sizes` the bytes of each part, `sum` of all of them; `check` tells
    whether the key is the same."""

    format: int
    order: str
    check: str
    wide: bool
    sizes: tuple[int, ...]
    sum: int


class AnswerIndex:
    """`load` reads what `made` wrote."""

    def __init__(self, key: bytes, wide: bool, parts: list[memoryview]) -> None:
        self._key = key
        kinds: tuple[Any, ...] = ("Q", "I", "I" if wide else "H", "I", "I", "f", "I")
        cast: list[Any] = [part.cast(kind) for part, kind in zip(parts, kinds, strict=True)]
        self._hashes, self._starts, self._postings, numbers, revisions, lengths, left_out = cast
        self._numbers: list[int] = numbers.tolist()
        self._revisions: list[int] = revisions.tolist()
        self._lengths: list[float] = lengths.tolist()
        self._left_out: list[int] = left_out.tolist()
        self._rarities: dict[str, float] = {}  # of features that were asked for

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def looked_at(self) -> set[int]:
        """The numbers of the tickets it knows of, those left out too."""
        return {*self._numbers, *self._left_out}

    def revision(self, number: int) -> int | None:
        """That of the ticket as it is known here; None for one that is not."""
        at = bisect_left(self._numbers, number)
        return self._revisions[at] if at < len(self) and self._numbers[at] == number else None

    def rarity(self, feature: str) -> float:
        found = self._rarities.get(feature)
        if found is None:
            found = self._rarities[feature] = self._rarity(self._count(self._place(feature)))
        return found

    def nearest(self, text: str, count: int, fresh: Iterable[Document] = ()) -> list[Neighbour]:
        """The `count` tickets most like `text`, with the cosine of both (0 … 1), the most alike first. `fresh` are
        tickets that it does not know yet, few enough to be compared one by one."""
        places = {feature: self._place(feature) for feature in features(text)}
        asked = {feature: self._rarity(self._count(at)) ** 2 for feature, at in places.items()}
        length = sqrt(sum(asked.values())) or 1.0
        scores = [0.0] * len(self)
        for feature in nlargest(MOST, sorted(asked), key=asked.__getitem__):
            weight = asked[feature]
            for ordinal in self._holders(places[feature]):
                scores[ordinal] += weight
        found = [
            Neighbour(number, min(1.0, score / (own * length)))
            for number, score, own in zip(self._numbers, scores, self._lengths, strict=True)
            if score
        ]
        found += [Neighbour(one.number, self._likeness(one.text, asked, length)) for one in fresh]
        return nlargest(count, (one for one in found if one.score), key=lambda one: (one.score, one.key))

    def _likeness(self, text: str, asked: Mapping[str, float], length: float) -> float:
        own = features(text)
        both = sum(asked[feature] for feature in own & asked.keys())
        return min(1.0, both / (length * (sqrt(sum(self.rarity(one) ** 2 for one in own)) or 1.0))) if both else 0.0

    def _place(self, feature: str) -> int:
        """-1 where no ticket has it."""
        hashed = _hash(feature, self._key)
        at = bisect_left(self._hashes, hashed)
        return at if at < len(self._hashes) and self._hashes[at] == hashed else -1

    def _count(self, place: int) -> int:
        return 1 if place < 0 else self._starts[place + 1] - self._starts[place]

    def _holders(self, place: int) -> list[int]:
        return [] if place < 0 else self._postings[self._starts[place] : self._starts[place + 1]].tolist()

    def _rarity(self, count: int) -> float:
        """0 for what too many have."""
        return log(1 + len(self) / count) if count else 0.0

    # --- on disk ---

    @classmethod
    def load(cls, data: Any, key: bytes) -> AnswerIndex | None:
        """None for anything but an undamaged index of this format, this kind of machine and that key. `data` is bytes
        or a map of a file."""
        view = memoryview(data)
        start = data.find(b"\n") + 1
        try:
            head = msgspec.json.decode(view[:start], type=_Head)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        if (head.format, head.order, head.check) != (FORMAT, sys.byteorder, _check(key)):
            return None
        body = view[start:]
        if len(body) != sum(head.sizes) or zlib.crc32(body) != head.sum:
            return None
        parts, at = [], 0
        for size in head.sizes:
            parts.append(body[at : at + size])
            at += size
        return cls(key, head.wide, parts)


def made(documents: Iterable[Document], left_out: Iterable[int], key: bytes) -> bytes:
    """The bytes of an index of those tickets; `left_out` are others that need not be looked at again."""
    kept = sorted(documents)
    holders = _holders([words(one.text) for one in kept])
    lengths = array("f", _lengths(holders, len(kept)))
    wide = len(kept) > 0xFFFF
    hashes, starts, postings = _tables(holders, key, "I" if wide else "H")
    parts = (
        hashes,
        starts,
        postings,
        array("I", (one.number for one in kept)),
        array("I", (one.revision for one in kept)),
        lengths,
        array("I", sorted(left_out)),
    )
    return _whole(parts, wide, key)


def _lengths(holders: Mapping[str, list[int]], count: int) -> Iterator[float]:
    """Of each text. Most features are those of one word alone, and have one and the same list."""
    weights: dict[int, float] = {}
    lists = {id(having): having for having in holders.values()}
    for having in holders.values():
        if having:
            weights[id(having)] = weights.get(id(having), 0.0) + log(1 + count / len(having)) ** 2
    squares = [0.0] * count
    for name, having in lists.items():
        weight = weights.get(name, 0.0)
        for ordinal in having:
            squares[ordinal] += weight
    return (sqrt(square) or 1.0 for square in squares)


def _holders(texts: Sequence[list[str]]) -> dict[str, list[int]]:
    """For each feature the ordinals of the texts that have it, none where too many do: by way of the words, of which
    there are far fewer than features."""
    by_word: dict[str, list[int]] = {}
    for ordinal, text in enumerate(texts):
        for word in set(text):
            by_word.setdefault(word, []).append(ordinal)
    by_feature: dict[str, list[str]] = {}
    for word in by_word:
        for feature in features_of_word(word):
            by_feature.setdefault(feature, []).append(word)
    found = {
        feature: by_word[having[0]] if len(having) == 1 else list(set().union(*map(by_word.__getitem__, having)))
        for feature, having in by_feature.items()
    }
    most = max(FEW, COMMON * len(texts))
    return {feature: having if len(having) <= most else [] for feature, having in found.items()}


def _tables(holders: Mapping[str, list[int]], key: bytes, kind: str) -> tuple[array[int], array[int], array[int]]:
    ordered = sorted((_hash(feature, key), having) for feature, having in holders.items())
    starts, postings = array("I", [0]), array(kind)
    for _, having in ordered:
        postings.extend(having)
        starts.append(len(postings))
    return array("Q", (hashed for hashed, _ in ordered)), starts, postings


def _whole(parts: Iterable[array[Any]], wide: bool, key: bytes) -> bytes:
    datas = [part.tobytes() for part in parts]
    body = b"".join(datas)
    head = _Head(FORMAT, sys.byteorder, _check(key), wide, tuple(map(len, datas)), zlib.crc32(body))
    text = msgspec.json.encode(head)
    return b"".join((text, b" " * (-(len(text) + 1) % 8), b"\n", body))


def _hash(feature: str, key: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest())


def _check(key: bytes) -> str:
    return hashlib.blake2b(b"answer index", digest_size=8, key=key).hexdigest()
