"""What the desk's own past proposes for a ticket: each similar closed ticket votes for what it got, with as much weight
as it is alike (weighted k nearest neighbours). A proposal names the tickets behind it; nothing here is ever applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import msgspec

from ticketctl.domain.reply.similarity import Neighbour, Texts, words_of
from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.ticket import Ticket

NEIGHBOURS = 40  # chosen on a validation part of other people's tickets: docs/performance.md
ALIKE = 0.1  # what is less like the ticket has no vote
EVIDENCE = 0.3  # likeness behind a proposal: one ticket that is fairly alike, or several that are a little
MAJORITY = 0.5  # of the votes, for a proposal to be made
NAMED = 3  # tickets that a proposal names

Values = Callable[[Ticket], Iterable[str]]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """`what` is the name of a field, "label", "owner" or "snippet"; `share` of the votes, 0.5 … 1; `like` the tickets
    that had it, the most alike first."""

    what: str
    value: str
    share: float
    like: tuple[int, ...]


class Past:
    """The closed tickets of a desk (with texts), ready to be asked."""

    def __init__(self, closed: Iterable[Ticket]) -> None:
        usable = [one for one in closed if one.closed and not (one.spam or one.test or one.merged_into)]
        self._tickets = {one.number: one for one in usable}
        self._texts = Texts({one.number: words_of(one) for one in usable})

    def similar(self, ticket: Ticket) -> list[tuple[Ticket, float]]:
        """The closed tickets most like it, with how much, the most alike first."""
        found: list[Neighbour] = self._texts.nearest(words_of(ticket), NEIGHBOURS + 1)
        alike = [one for one in found if one.key != ticket.number and one.score >= ALIKE][:NEIGHBOURS]
        return [(self._tickets[one.key], one.score) for one in alike]


def suggest(
    ticket: Ticket, past: Past, fields: Mapping[str, FieldSpec], labels: Collection[str], owners: Collection[str]
) -> list[Proposal]:
    """What similar tickets got and this one lacks: fields that have declared values, labels and an owner of those that
    there are today, and the snippet that answered them."""
    similar = past.similar(ticket)
    return [
        *_fields(ticket, similar, fields),
        *(one for one in _votes("label", similar, lambda other: other.labels) if _fresh(one, ticket, labels)),
        *_best("owner", similar, lambda other: {other.assignee} & set(owners), unless=bool(ticket.assignee)),
        *_best("snippet", similar, snippets_of, unless=any(message.is_reply for message in ticket.messages)),
    ]


def snippets_of(ticket: Ticket) -> set[str]:
    """The snippets with which people answered it."""
    found = (snippet_of(message.why) for message in ticket.messages if message.is_reply)
    return set(filter(None, found))


def _fields(ticket: Ticket, similar: list[tuple[Ticket, float]], fields: Mapping[str, FieldSpec]) -> Iterator[Proposal]:
    for name, spec in fields.items():

        def values(other: Ticket, name: str = name, spec: FieldSpec = spec) -> set[str]:
            return {other.fields.get(name, "")} & set(spec.values)

        yield from _best(name, similar, values, unless=bool(ticket.fields.get(name)))


def _fresh(one: Proposal, ticket: Ticket, labels: Collection[str]) -> bool:
    return one.value not in ticket.labels and (not labels or one.value in labels) and one.share >= MAJORITY


def _best(what: str, similar: list[tuple[Ticket, float]], values: Values, *, unless: bool) -> list[Proposal]:
    """The value with most votes among the tickets that have one, where it has the majority."""
    if unless:
        return []
    having = [(ticket, score) for ticket, score in similar if any(values(ticket))]
    return [one for one in _votes(what, having, values)[:1] if one.share >= MAJORITY]


def _votes(what: str, similar: list[tuple[Ticket, float]], values: Values) -> list[Proposal]:
    """Every value with enough votes and its share of all, the largest share first."""
    total = sum(score for _, score in similar)
    votes: dict[str, float] = defaultdict(float)
    voters: dict[str, list[int]] = defaultdict(list)
    for ticket, score in similar:
        for value in filter(None, values(ticket)):
            votes[value] += score
            voters[value].append(ticket.number)
    found = [
        Proposal(what=what, value=value, share=round(vote / total, 3), like=tuple(voters[value][:NAMED]))
        for value, vote in votes.items()
        if vote >= EVIDENCE
    ]
    return sorted(found, key=lambda one: (-one.share, one.value))
