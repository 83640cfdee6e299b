"""Puts tickets into groups, in order of arrival: each joins the group whose middle is nearest, if that is near enough,
or begins a group. Whoever is in a group of `SHOWN` or more stays there.

Groups that stay small are tried once more against the middles of the large ones (`gather`): early tickets came when
there was nothing yet to join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

import msgspec

from ticketctl.domain.patterns.likeness import Features, Rarity
from ticketctl.domain.patterns.pattern import SHOWN, Alike, Pattern, Vocabulary
from ticketctl.domain.patterns.words import LONG

NEAR, NEAR_LONG = 0.25, 0.2  # cosine from which a text is near enough; of a long text
EARLY, GROWN = 0.1, 2000  # on a growing desk with fewer texts rare words are not known: long ones must be nearer
ALIKE = 0.6  # cosine of two groups from which merging them is proposed
FEW = 20  # new texts for which not all groups are weighed anew
TERMS = 120  # of a group that are kept
LEAST = 0.001  # of a sum that is more than what rounding leaves


class Document(msgspec.Struct, frozen=True):
    """A ticket's text: its number, and the features of its stems (disguised)."""

    number: int
    features: Features


class Group:
    """A group at work: `terms` is the sum of its members' features, `square` the square of its weighted length."""

    __slots__ = ("grown", "key", "square", "terms", "tickets")

    def __init__(self, key: int, tickets: Iterable[int] = (), terms: Mapping[str, float] | None = None) -> None:
        self.key, self.tickets, self.terms = key, list(tickets), dict(terms or {})
        self.square, self.grown = 0.0, False


class Grouping:
    """The groups of a desk, with what is added to them; `counts` and `total` as in Vocabulary, with the new texts."""

    def __init__(
        self,
        patterns: Iterable[Pattern],
        vocabulary: Vocabulary,
        documents: Sequence[Document] = (),
        *,
        closer: float = 0.0,
    ) -> None:
        """`closer` is added to NEAR and NEAR_LONG. `documents` are all that will be learnt."""
        self.closer = closer
        self.last, self.least = vocabulary.last, vocabulary.least
        self.counts, self.total = dict(vocabulary.counts), vocabulary.total
        for document in documents:
            self._count(document)
        self.rarity = Rarity(self.counts, self.total)
        self._early = EARLY * max(0.0, 1 - self.total / GROWN) if vocabulary.seen else 0.0
        self.groups: dict[int, Group] = {}
        self.emptied: set[int] = set()
        self._holders: dict[str, dict[int, float]] = defaultdict(dict)
        few = bool(vocabulary.seen) and len(documents) < FEW
        self._wanted = {term for document in documents for term in document.features} if few else None
        for pattern in patterns:
            if not pattern.into:
                self._open(Group(pattern.key, pattern.tickets, pattern.terms), pattern.square)

    def learn(self, documents: Iterable[Document]) -> None:
        """Puts each where it belongs; a text without words belongs nowhere."""
        for document in documents:
            if document.features:
                key = self.nearest(document.features) or self._new()
                self._join(self.groups[key], document.features, (document.number,))

    def settle(self, documents: Iterable[Document]) -> None:
        """Once more from the start, now that the middles of the large groups are known: only where nobody has seen a
        group yet. Those that are near none of them begin anew."""
        old = {key: group for key, group in self.groups.items() if len(group.tickets) >= SHOWN}
        self.groups = {}
        self._holders = defaultdict(dict)
        for group in old.values():
            self._open(group)
        homes = [(document, self.nearest(document.features)) for document in documents if document.features]
        self.groups = {}
        self._holders = defaultdict(dict)
        for key in old:
            self._open(Group(key))
        for document, key in homes:
            if key:
                self._join(self.groups[key], document.features, (document.number,))
        for empty in [group for group in self.groups.values() if not group.tickets]:
            self.close(empty)
        self.learn(document for document, key in homes if not key)

    def restore(self, key: int, numbers: Sequence[int], documents: Mapping[int, Document]) -> None:
        """A group with these members, made from their texts; those without a text count as members only."""
        group = self.groups[key]
        for number in numbers:
            known = documents.get(number)
            self._join(group, known.features if known else {}, (number,))

    def forget(self, key: int, document: Document) -> None:
        """What a member's text gave to the group goes; the member stays."""
        group = self.groups[key]
        for term, weight in document.features.items():
            left = group.terms.get(term, 0.0) - weight
            if left > LEAST:
                group.terms[term] = left
            else:
                group.terms.pop(term, None)
        group.grown = True

    def nearest(self, features: Features, among: range | None = None) -> int:
        """The key of the group that is nearest, 0 where none is near enough; `among` only those keys."""
        floor = (NEAR_LONG + self._early if len(features) > LONG else NEAR) + self.closer
        length, scores = 0.0, defaultdict[int, float](float)
        for term, weight in features.items():
            told = self.rarity[term]
            mine = weight * told
            length += mine * mine
            for key, theirs in self._holders[term].items():
                scores[key] += mine * theirs
        best, found = floor * sqrt(length), 0
        for key, score in scores.items():
            near = score / sqrt(self.groups[key].square)
            if near >= best and (among is None or key in among):
                best, found = near, key
        return found

    def gather(self) -> None:
        """Small groups join the large one that is nearest, if that is near enough."""
        self._index_all()
        for small in [group for group in self.groups.values() if group.key < 0 and len(group.tickets) < SHOWN]:
            length = sqrt(sum(weight * weight for weight in small.terms.values())) or 1.0
            own = {term: weight / length for term, weight in small.terms.items()}
            key = self.nearest(own, among=range(1, self.last + 1))
            if key:
                self._join(self.groups[key], small.terms, small.tickets)
                self.close(small)

    def grow_up(self) -> list[Group]:
        """Gives those that have become large enough their number for life, in order of their first ticket."""
        ripe = [group for group in self.groups.values() if group.key < 0 and len(group.tickets) >= SHOWN]
        for group in sorted(ripe, key=lambda one: min(one.tickets)):
            self.close(group)
            self.last += 1
            group.key, group.grown = self.last, True
            self._open(group)
        return ripe

    def alike(self) -> list[Alike]:
        """Pairs of large groups that are near each other, the nearest first."""
        self._index_all()
        large = [group for group in self.groups.values() if group.key > 0]
        sums = {one.key: self._weights(one) for one in large}
        found = []
        for at, one in enumerate(large):
            for other in large[:at]:
                mine, theirs = sums[one.key], sums[other.key]
                small, big = (mine, theirs) if len(mine) < len(theirs) else (theirs, mine)
                score = sum(weight * big[term] for term, weight in small.items() if term in big)
                score /= sqrt(one.square * other.square) or 1.0
                if score >= ALIKE:
                    found.append(Alike(min(one.key, other.key), max(one.key, other.key), round(score, 2)))
        return sorted(found, key=lambda pair: (-pair.likeness, pair.one, pair.other))

    def top(self, group: Group, count: int) -> tuple[str, ...]:
        """The terms that say most of what the group is about."""
        weights = self._weights(group)
        return tuple(sorted(weights, key=lambda term: (-weights[term], term))[:count])

    def kept(self, group: Group) -> dict[str, float]:
        """Of its terms those that are stored."""
        best = self.top(group, TERMS) if len(group.terms) > TERMS else sorted(group.terms)
        return {term: round(group.terms[term], 4) for term in best}

    def close(self, group: Group) -> None:
        """It is a group no more; its tickets went elsewhere."""
        del self.groups[group.key]
        self.emptied.add(group.key)
        for term in group.terms:
            self._holders[term].pop(group.key, None)

    # --- inside ---

    def _count(self, document: Document) -> None:
        self.total += bool(document.features)
        for term in document.features:
            self.counts[term] = self.counts.get(term, 0) + 1

    def _new(self) -> int:
        self.least -= 1
        self._open(Group(self.least))
        return self.least

    def _open(self, group: Group, square: float = 0.0) -> None:
        """`square` as it was stored: near enough while only the terms of a few new texts are wanted."""
        self.groups[group.key] = group
        self.emptied.discard(group.key)
        if self._wanted is not None and square:
            group.square = square
            for term in self._wanted & group.terms.keys():
                self._holders[term][group.key] = group.terms[term] * self.rarity[term]
            return
        group.square = 0.0
        for term, weight in group.terms.items():
            told = weight * self.rarity[term]
            group.square += told * told
            self._holders[term][group.key] = told

    def _index_all(self) -> None:
        """Weighs all groups anew, where only the terms of a few new texts had to be found until now."""
        if self._wanted is not None:
            self._wanted = None
            for group in self.groups.values():
                self._open(group)

    def _join(self, group: Group, features: Mapping[str, float], numbers: Iterable[int]) -> None:
        group.tickets.extend(numbers)
        group.grown = True
        for term, weight in features.items():
            before = group.terms.get(term, 0.0)
            after = group.terms[term] = before + weight
            told = self.rarity[term]
            group.square += (after * after - before * before) * told * told
            self._holders[term][group.key] = after * told

    def _weights(self, group: Group) -> dict[str, float]:
        return {term: weight * self.rarity[term] for term, weight in group.terms.items()}
