"""What `patterns` shows: how many tickets each has and had, what became of them, and a few of their questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.patterns.grouping import Document
from ticketctl.domain.patterns.likeness import Rarity, cosine, weighted
from ticketctl.domain.patterns.naming import SAMPLE
from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.patterns.ticket_text import asked, belongs
from ticketctl.domain.patterns.weeks import EARLY, LATE, iso_week, trends, week_of
from ticketctl.domain.patterns.words import STEMS
from ticketctl.domain.privacy.impersonal import masked
from ticketctl.domain.reply.answers import body
from ticketctl.domain.reports.cases import Frame, frame, histories
from ticketctl.domain.reports.durations import resolution_last
from ticketctl.domain.reports.outcomes import causes, reopened
from ticketctl.domain.reports.periods import days
from ticketctl.domain.reports.statistics import Rate, Summary, summary
from ticketctl.domain.statistics.change import Says
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at
from ticketctl.errors import NextStep, NoSuchTicket, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.group import Reader, group_new, grouped
from ticketctl.usecases.patterns.view import Living, shown
from ticketctl.usecases.readings import note_listing, note_reading
from ticketctl.usecases.reply.without_persons import known_persons
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.period import ago

WEEKS = 13  # of the picture
NEW = timedelta(days=30)
EXAMPLES = 3
LONGEST = 240  # characters of an example


class FindPatterns(msgspec.Struct, frozen=True, kw_only=True):
    """`since`: only tickets that came so long ago at most ("90d"); all where it is ""."""

    since: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern with its figures, of the tickets asked for. `count` are all of these, deleted ones too, `tickets` those
    that are there. `weeks` are the last WEEKS, the running one last. `business` is the time to the last close, in
    opening hours (resolution_last of docs/figures.md). `new`: its first ticket came after the week of 30 days ago.
    `trend` is that of its share of all tickets."""

    id: int
    name: str
    count: int
    tickets: tuple[int, ...]
    weeks: tuple[int, ...]
    new: bool
    trend: Says
    causes: Mapping[str, int]
    business: Summary
    reopened: Rate
    one_sender: bool
    hidden: bool = False


class Proposal(msgspec.Struct, frozen=True):
    """Two patterns that have grown alike, with their names."""

    one: int
    other: int
    likeness: float
    names: tuple[str, str]


class Patterns(msgspec.Struct, frozen=True):
    """`rows`: those with most tickets first. `grouped` of `of` tickets are in one of them. `plain`: stems are made
    without Snowball."""

    rows: tuple[Row, ...]
    proposals: tuple[Proposal, ...]
    grouped: int
    of: int
    plain: bool


class Example(msgspec.Struct, frozen=True):
    """A customer's question without what tells of a person."""

    ticket: int
    text: str


class ShowPattern(msgspec.Struct, frozen=True):
    id: int


class PatternShown(msgspec.Struct, frozen=True):
    """`asked` is the number asked for, that of `row` or of one that was merged into it."""

    asked: int
    row: Row
    examples: tuple[Example, ...]
    proposals: tuple[Proposal, ...]


def patterns(session: Session, request: FindPatterns) -> Patterns:
    """Groups what has come since the last time, too: who may only look sees it, and it is not stored. Raises Usage
    where `since` is no length."""
    session.must("patterns")
    since = ago(session, request.since) if request.since else None
    known = _current(session)
    with session.store.reading() as desk:
        tickets = {one.number: one for one in desk.find(archive=True)}
        vocabulary = desk.vocabulary()
    found = _Figures(session, known, tickets, since)
    rows = tuple(sorted(found.rows(), key=lambda row: (-row.count, row.id)))
    note_listing(session, "patterns", [number for row in rows for number in row.tickets])
    grouped_ones = sum(len(row.tickets) for row in rows)
    of = sum(map(belongs, found.tickets.values()))
    return Patterns(rows, proposals(known, vocabulary), grouped_ones, of, STEMS == "plain")


def show_pattern(session: Session, request: ShowPattern) -> PatternShown:
    """Whose questions are shown is noted as read. Raises NoSuchTicket where there is no such pattern."""
    session.must("patterns show")
    known = _current(session)
    pattern = named(known, request.id)
    with session.store.reading() as desk:
        tickets = {one.number: one for one in desk.find(archive=True)}
        read = _nearest(session, desk, pattern)
        vocabulary = desk.vocabulary()
    seen = {**known, pattern.key: msgspec.structs.replace(pattern, hidden=False)}
    rows = _Figures(session, seen, tickets, None).rows()
    row = next((one for one in rows if one.id == pattern.key), empty(pattern))
    row = msgspec.structs.replace(row, hidden=pattern.hidden)
    if read:
        note_reading(session, "patterns show", *read)
    people = known_persons(session, read)
    examples = tuple(Example(one.number, _short(masked(body(asked(one)), people))) for one in read)
    pairs = tuple(one for one in proposals(known, vocabulary) if pattern.key in (one.one, one.other))
    return PatternShown(request.id, row, examples, pairs)


def named(known: Mapping[int, Pattern], number: int) -> Pattern:
    """The pattern of that number, or the one that it was merged into; raises NoSuchTicket."""
    pattern = known.get(number) if number > 0 else None
    while pattern is not None and pattern.into:
        pattern = known.get(pattern.into)
    if pattern is None:
        raise NoSuchTicket(
            "there is no pattern P{number}",
            code="no_pattern",
            number=number,
            next_step=NextStep("patterns", then="lists them"),
        )
    return pattern


def proposals(known: Mapping[int, Pattern], vocabulary: Vocabulary) -> tuple[Proposal, ...]:
    """Of those found this month, what is still to be decided."""
    found = []
    for pair in vocabulary.alike:
        both = known.get(pair.one), known.get(pair.other)
        if all(one is not None and one.living and not one.hidden for one in both):
            one, other = (pattern.name for pattern in both if pattern)
            found.append(Proposal(pair.one, pair.other, pair.likeness, (one, other)))
    return tuple(found)


def empty(pattern: Pattern) -> Row:
    """Of a pattern that has no tickets to be shown any more."""
    return Row(
        id=pattern.key,
        name=pattern.name,
        count=pattern.size,
        tickets=(),
        weeks=(0,) * WEEKS,
        new=False,
        trend="too few",
        causes={},
        business=Summary(),
        reopened=Rate(),
        one_sender=False,
    )


def _current(session: Session) -> Mapping[int, Pattern]:
    """All groups with what is new; stored where the actor may change something."""
    if not _is_viewer(session):
        return group_new(session)
    with session.store.reading() as desk:
        return grouped(session, desk).patterns


def _is_viewer(session: Session) -> bool:
    """Whom the team does not name is none."""
    try:
        agent = session.config.agent(session.actor)
    except Usage:
        return False
    return agent is not None and agent.role == "viewer"


class _Figures:
    """The figures of patterns: `tickets` are those that came `since`; weeks and trends are those of `every` ticket."""

    def __init__(
        self, session: Session, known: Mapping[int, Pattern], every: Mapping[int, Ticket], since: datetime | None
    ) -> None:
        self.zone, self.now = ZoneInfo(session.config.timezone), session.now
        self.tickets = {key: one for key, one in every.items() if since is None or began_at(one) >= since}
        self.whole = {one.id: one for one in shown(known.values(), every, self.zone)}
        counted = (known[key] for key in self.whole)
        self.living = list(shown(_within(counted, since, self.zone), self.tickets, self.zone, least=1))
        self.frame = self._frame(session)
        today = session.now.astimezone(self.zone).date()
        self.weeks = [iso_week(today - timedelta(weeks=back)) for back in range(LATE + EARLY, -1, -1)]
        desk = Counter(week_of(began_at(one), self.zone) for one in every.values() if belongs(one))
        self.desk = [desk[week] for week in self.weeks]

    def rows(self) -> list[Row]:
        own = {key: [one.weeks.get(week, 0) for week in self.weeks] for key, one in self.whole.items()}
        says = trends({key: weeks[:-1] for key, weeks in own.items()}, self.desk[:-1])
        return [self._row(one, own[one.id], says[one.id]) for one in self.living]

    def _frame(self, session: Session) -> Frame:
        first = min((began_at(one) for one in self.tickets.values()), default=self.now)
        last = self.now.astimezone(self.zone).date()
        window = days(min(first.astimezone(self.zone).date(), last), last, self.zone)
        return frame(window, hours=session.config.hours, targets=session.config.targets, now=self.now)

    def _row(self, one: Living, weeks: Sequence[int], says: Says) -> Row:
        members = [self.tickets[number] for number in one.tickets]
        found = list(histories(members, self.frame))
        lasting = [case for history in found for case in resolution_last(history) if case.counted]
        closed = [case for history in found for case in reopened(history) if case.counted]
        why = Counter(case.group for history in found for case in causes(history) if case.counted and case.group)
        return Row(
            id=one.id,
            name=one.name,
            count=one.count,
            tickets=one.tickets,
            weeks=tuple(weeks[-WEEKS:]),
            new=self._new(self.whole[one.id]),
            trend=says,
            causes=dict(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
            business=summary(case.business for case in lasting if case.business is not None),
            reopened=Rate(sum(case.count for case in closed), len(closed)),
            one_sender=len({member.requester.address or member.requester.name for member in members}) == 1,
        )

    def _new(self, one: Living) -> bool:
        return min(one.weeks) > week_of(self.now - NEW, self.zone)


def _within(known: Iterable[Pattern], since: datetime | None, zone: ZoneInfo) -> Iterator[Pattern]:
    """With those deleted members that came since."""
    first = week_of(since, zone) if since else ""
    for one in known:
        gone = {week: count for week, count in one.gone.items() if week >= first}
        yield msgspec.structs.replace(one, gone=gone)


def _nearest(session: Session, desk: Desk, pattern: Pattern) -> list[Ticket]:
    """The tickets nearest to the middle of the pattern, each with another question, of different customers as far as
    there are."""
    reader, vocabulary = Reader(session), desk.vocabulary()
    rarity = Rarity(vocabulary.counts, vocabulary.total)
    middle = weighted(pattern.terms, rarity)
    query = Query(numbers=frozenset(pattern.tickets[-SAMPLE:]))
    found: list[tuple[float, Ticket]] = []
    for ticket in desk.find(query, archive=True, texts=True):
        if belongs(ticket) and asked(ticket).strip():
            document: Document = reader.document(ticket)
            found.append((cosine(weighted(document.features, rarity), middle), ticket))
    ordered = [ticket for _, ticket in sorted(found, key=lambda one: (-one[0], one[1].number))]
    different = {" ".join(asked(one).split()): one for one in reversed(_of_different_customers(ordered))}
    return list(different.values())[: -EXAMPLES - 1 : -1]


def _of_different_customers(tickets: Sequence[Ticket]) -> list[Ticket]:
    first = {one.requester.address: one.number for one in reversed(tickets)}
    return sorted(tickets, key=lambda one: first[one.requester.address] != one.number)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST else f"{one_line[: LONGEST - 1].rstrip()}…"
