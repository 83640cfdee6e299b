"""Groups the tickets that have come since the last time, names what needs a name, and keeps both in the store.

Nobody who is in a group with a number is ever moved by it. The first time it looks at the newest `MOST` tickets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from ticketctl.domain.patterns.grouping import Document, Group, Grouping
from ticketctl.domain.patterns.likeness import Disguise, features
from ticketctl.domain.patterns.naming import CUSTOMERS, SAMPLE, Wording, name
from ticketctl.domain.patterns.pattern import Alike, Pattern, Vocabulary
from ticketctl.domain.patterns.ticket_text import belongs, language, people, question
from ticketctl.domain.patterns.words import STEMS, stems_of, surfaces
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

MOST = 20_000  # tickets that are looked at in one run, the newest
TOP = 6  # terms by which it is told whether a group is still about the same thing
MANY = 20  # new tickets from which small groups are tried once more
_FEW = 500  # tickets that are read one by one, not all of the archive


class Grouped(msgspec.Struct):
    """All groups by key; `before` is the vocabulary that was there, `changed` and `dropped` are keys."""

    patterns: dict[int, Pattern]
    before: Vocabulary
    vocabulary: Vocabulary
    changed: set[int] = msgspec.field(default_factory=set)
    dropped: set[int] = msgspec.field(default_factory=set)


def group_new(session: Session) -> Mapping[int, Pattern]:
    """Groups what is new and stores it; all groups, by key. Others are not kept waiting while it computes."""
    with session.store.reading() as desk:
        found = grouped(session, desk)
    if found.vocabulary is not found.before:
        with session.store.transaction() as desk:
            if desk.vocabulary() != found.before:
                found = grouped(session, desk)  # another run was faster
            keep(desk, found)
    return found.patterns


def keep(desk: Desk, found: Grouped) -> None:
    for key in found.dropped:
        desk.drop_pattern(key)
    for key in found.changed:
        desk.save_pattern(found.patterns[key])
    desk.set_vocabulary(found.vocabulary)


def grouped(session: Session, desk: Desk) -> Grouped:
    """The groups with what is new; the vocabulary is the same object where nothing is."""
    before, patterns = desk.vocabulary(), {one.key: one for one in desk.patterns()}
    if before.seen and before.stems != STEMS:
        return _Anew(session, desk, patterns, before).run()
    if desk.last_number <= before.seen and all(one.top for one in patterns.values() if one.living):
        return Grouped(patterns, before, before)
    if not any(key > 0 for key in patterns):
        return _from_nothing(session, desk, patterns, before)
    return Run(session, desk, patterns, before).run()


def _from_nothing(session: Session, desk: Desk, small: Mapping[int, Pattern], before: Vocabulary) -> Grouped:
    """As long as no group is shown, all tickets are grouped together: that finds better groups."""
    found = Run(session, desk, {}, Vocabulary(least=before.least, last=before.last)).run()
    found.before, found.dropped = before, set(small) - set(found.patterns)
    return found


class Reader:
    """Reads tickets' texts: `disguise` turns stems into what is stored."""

    def __init__(self, session: Session) -> None:
        self.disguise = Disguise(blake2b(b"patterns", key=session.key[:64]).digest())
        self._language = session.config.language
        self._team = frozenset(
            part for agent in session.config.team for part in agent.name.casefold().split() if len(part) > 2
        )

    def document(self, ticket: Ticket) -> Document:
        text = question(ticket)
        stems = stems_of(text, language(ticket, text, self._language))
        return Document(ticket.number, features(map(self.disguise.__getitem__, stems)))

    def wording(self, ticket: Ticket) -> Wording:
        text = question(ticket)
        words = surfaces(text, language(ticket, text, self._language))
        customer = ticket.requester.address or ticket.requester.name
        return Wording(ticket.number, customer, words, people(ticket) | self._team)


class Run:
    """One run of grouping on what was stored."""

    def __init__(self, session: Session, desk: Desk, patterns: dict[int, Pattern], before: Vocabulary) -> None:
        self.session, self.desk, self.patterns, self.before = session, desk, patterns, before
        self.reader = Reader(session)
        self.wordings: dict[int, Wording] = {}
        self.month = f"{session.now:%Y-%m}"

    def run(self) -> Grouped:
        documents = list(self._documents())
        grouping = Grouping(self.patterns.values(), self.before, documents)
        grouping.learn(documents)
        if not self.patterns:
            grouping.settle(documents)
        if len(documents) >= MANY or self.before.month != self.month:
            grouping.gather()
        grouping.grow_up()
        return self._found(grouping)

    def _documents(self) -> Iterator[Document]:
        known = {number for pattern in self.patterns.values() for number in pattern.tickets}
        for ticket in self._new_tickets():
            if ticket.number not in known and belongs(ticket):
                self.wordings[ticket.number] = self.reader.wording(ticket)
                yield self.reader.document(ticket)

    def _new_tickets(self) -> Iterator[Ticket]:
        last = self.desk.last_number
        first = max(self.before.seen, last - MOST) + 1
        if last - first < _FEW:
            numbers = Query(numbers=frozenset(range(first, last + 1)))
            return self.desk.find(numbers, archive=True, texts=True)
        return (one for one in self.desk.find(archive=True, texts=True) if one.number >= first)

    # --- what came of it ---

    def _found(self, grouping: Grouping) -> Grouped:
        changed = {group.key for group in grouping.groups.values() if group.grown}
        patterns = {key: one for key, one in self.patterns.items() if key not in grouping.emptied}
        for key in changed:
            patterns[key] = self._stored(grouping, grouping.groups[key])
        changed |= {key for key, one in patterns.items() if one.living and not one.top}
        for key in sorted(key for key in changed if key > 0):
            patterns[key] = self.named(grouping, patterns, grouping.groups[key])
        dropped = grouping.emptied & self.patterns.keys()
        return Grouped(patterns, self.before, self._vocabulary(grouping, patterns), changed, dropped)

    def _stored(self, grouping: Grouping, group: Group) -> Pattern:
        old = self.patterns.get(group.key) or Pattern(key=group.key)
        born = old.born or (self.session.now if group.key > 0 else None)
        return replace(
            old, tickets=tuple(group.tickets), terms=grouping.kept(group), square=round(group.square, 3), born=born
        )

    def _vocabulary(self, grouping: Grouping, patterns: Mapping[int, Pattern]) -> Vocabulary:
        alike = self.before.alike
        if self.before.month != self.month:
            alike = tuple(one for one in grouping.alike() if _seen(patterns, one))
        return replace(
            self.before,
            seen=max(self.before.seen, self.desk.last_number),
            total=grouping.total,
            counts=grouping.counts,
            last=grouping.last,
            least=grouping.least,
            stems=STEMS,
            month=self.month,
            alike=alike,
        )

    # --- names ---

    def named(self, grouping: Grouping, patterns: Mapping[int, Pattern], group: Group) -> Pattern:
        """With a new name where it has none, or where it is about something else now."""
        pattern, top = patterns[group.key], grouping.top(group, TOP)
        if is_named(pattern) and 2 * len({*pattern.top} & {*top}) >= len(pattern.top):
            return pattern
        return self.renamed(grouping, patterns, pattern, top)

    def renamed(
        self, grouping: Grouping, patterns: Mapping[int, Pattern], pattern: Pattern, top: tuple[str, ...]
    ) -> Pattern:
        """With the name that its tickets give it now."""
        others = (one for one in patterns.values() if one.living and one.key != pattern.key)
        taken = {
            frozenset(name.casefold().removesuffix(" …").split(", "))
            for one in others
            for name in (one.name, one.found_name)
        }
        members = list(self._wordings(pattern.tickets[-SAMPLE:]))
        words = name(members, lambda stem: grouping.counts.get(self.reader.disguise[stem], 0), grouping.total, taken)
        return replace(pattern, words=words, top=top)

    def _wordings(self, numbers: Iterable[int]) -> Iterator[Wording]:
        for number in numbers:
            if number not in self.wordings:
                with suppress(NoSuchTicket):
                    self.wordings[number] = self.reader.wording(self.desk.get(number))
            if number in self.wordings:
                yield self.wordings[number]


class _Anew(Run):
    """Stems are made in another way than when the groups were stored: the same groups, from their tickets' texts."""

    def _documents(self) -> Iterator[Document]:
        for ticket in self.desk.find(archive=True, texts=True):
            if ticket.number > self.before.seen - MOST and belongs(ticket):
                yield self.reader.document(ticket)

    def run(self) -> Grouped:
        documents = {one.number: one for one in self._documents()}
        empty = [replace(one, tickets=(), terms={}, top=()) for one in self.patterns.values()]
        fresh = replace(self.before, counts={}, total=0, seen=0)
        grouping = Grouping(empty, fresh, list(documents.values()))
        for pattern in self.patterns.values():
            if not pattern.into:
                grouping.restore(pattern.key, pattern.tickets, documents)
        homeless = documents.keys() - {number for one in self.patterns.values() for number in one.tickets}
        grouping.learn(documents[number] for number in sorted(homeless))
        grouping.grow_up()
        return self._found(grouping)


def is_named(pattern: Pattern) -> bool:
    """Whether it has a name, each word of which at least two customers used."""
    return bool(pattern.words and pattern.top) and all(len(word.tickets) >= CUSTOMERS for word in pattern.words)


def _seen(patterns: Mapping[int, Pattern], pair: Alike) -> bool:
    return not (patterns[pair.one].hidden or patterns[pair.other].hidden)
