"""Every figure of the reports, exactly as KPI.md defines it: pure functions of the tickets' histories.

Spam, machine mail, tests and merged-away tickets are left out of all of them. Durations come twice, in calendar and in
business time. Figures of an instant (backlog, workload, unanswered) are those of the window's end, or of now where the
window has not ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.answering import exchanges, first_answer
from ticketctl.domain.deadlines import deadlines
from ticketctl.domain.due import overdue
from ticketctl.domain.hours import between
from ticketctl.domain.message import Message
from ticketctl.domain.parties import parties
from ticketctl.domain.promised import promises
from ticketctl.domain.settings import TARGET_KINDS, Hours, Target, TargetKind
from ticketctl.domain.statistics import Rate, Summary, summary
from ticketctl.domain.ticket import Event, Priority, Ticket
from ticketctl.domain.timeline import (
    answered_at,
    answers,
    as_of,
    began_at,
    counts,
    first_customer_message,
    opened_by_team,
    periods,
)
from ticketctl.domain.windows import Window, steps

REOPEN_DAYS = 14
AGES = (1, 3, 7, 30)  # days: <1, 1–3, 3–7, 7–30, >30


class Times(msgspec.Struct, frozen=True):
    """The same stretches in calendar and in business time. `provisional`: more may come."""

    calendar: Summary = Summary()
    business: Summary = Summary()
    provisional: bool = False


class Awaiting(msgspec.Struct, frozen=True):
    """Tickets with a customer message and no answer: how many, the oldest one's number and age (calendar)."""

    count: int = 0
    oldest: int = 0
    age: timedelta = timedelta()


class Step(msgspec.Struct, frozen=True):
    """Arrivals and closes of a day, week or month, named by its first day."""

    day: date
    arrivals: int
    closes: int


class Flow(msgspec.Struct, frozen=True):
    """Arrivals by channel; closes and reopenings as often as they happened."""

    arrivals: dict[str, int]
    closes: int
    reopened: int
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return sum(self.arrivals.values())

    @property
    def net(self) -> int:
        return self.total - self.closes


class Backlog(msgspec.Struct, frozen=True):
    """Tickets that were not closed, per age bucket (AGES), split by whom they wait for."""

    on_us: tuple[int, ...]
    on_customer: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.on_us) + sum(self.on_customer)


class Load(msgspec.Struct, frozen=True):
    """One owner ("" = nobody): tickets not closed, those past a deadline, those that wait for us, the age of the oldest
    (calendar), and the replies written in the window."""

    owner: str
    open: int
    overdue: int
    on_us: int
    oldest: timedelta
    replies: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One report. `waiting` is the time spent waiting for the customer within `resolution_last`. `causes` are in order
    of frequency, `covered` is how many closed tickets have one. `touches` counts replies per closed ticket, `one_touch`
    those solved with exactly one."""

    window: Window
    instant: datetime
    first_response: Times
    unanswered: Awaiting
    closed_unanswered: int
    resolution_first: Times
    resolution_last: Times
    waiting: Times
    automatic_closes: int
    reopened: Rate
    kept: dict[TargetKind, Rate]
    promised: Rate
    flow: Flow
    backlog: Backlog
    workload: tuple[Load, ...]
    causes: dict[str, int]
    covered: Rate
    touches: Counter[int]
    one_touch: Rate


def figures(
    tickets: Iterable[Ticket], window: Window, *, hours: Hours, targets: Mapping[Priority, Target], now: datetime
) -> Figures:
    """The report of `window` as it stands at `now`, from every ticket there is (outlines without texts are enough)."""
    zone = ZoneInfo(hours.timezone)
    seen = [ticket for ticket in tickets if counts(ticket) and began_at(ticket) < window.end]
    instant = min(window.end, now)
    then = [as_of(ticket, instant) for ticket in seen]
    stock = [ticket for ticket in then if began_at(ticket) <= instant and not ticket.closed]
    ended = [ticket for ticket in seen if ticket.closed_at and ticket.closed and window.holds(ticket.closed_at)]
    with_cause = Counter(ticket.cause for ticket in ended if ticket.cause)
    touches = Counter(len(_replies(ticket)) for ticket in ended)
    return Figures(
        window=window,
        instant=instant,
        first_response=first_response(seen, window, hours),
        unanswered=unanswered(stock, instant),
        closed_unanswered=sum(_left_unanswered(ticket) for ticket in ended),
        resolution_first=_resolution(seen, window, hours, first=True),
        resolution_last=_resolution(ended, window, hours, first=False),
        waiting=waiting(ended, hours),
        automatic_closes=sum(_closings(ticket)[-1].actor == "system" for ticket in ended if _closings(ticket)),
        reopened=reopen_rate(seen, window, zone, now),
        kept=kept(seen, window, hours, targets, now),
        promised=promises_kept(seen, window, now),
        flow=flow(seen, window, zone),
        backlog=backlog(stock, instant),
        workload=workload(stock, seen, window, hours, targets, instant),
        causes=dict(sorted(with_cause.items(), key=lambda pair: (-pair[1], pair[0]))),
        covered=Rate(with_cause.total(), len(ended)),
        touches=touches,
        one_touch=Rate(touches[1], len(ended)),
    )


# --- responses ---


def first_response(tickets: Iterable[Ticket], window: Window, hours: Hours) -> Times:
    """First customer message → first accepted reply by a person, of the tickets that arrived in the window. Provisional
    while one of them is unanswered and not closed. In a merged ticket each requester waits for their own."""
    stretches, awaited = [], False
    for party in (one.ticket for ticket in tickets for one in parties(ticket)):
        first = first_customer_message(party)
        if first is None or opened_by_team(party) or not window.holds(first.at):
            continue
        answer = first_answer(party)
        if answer:
            stretches.append((first.at, answered_at(answer)))
        awaited = awaited or not (answer or party.closed)
    return _times(stretches, hours, provisional=awaited)


def unanswered(stock: Iterable[Ticket], instant: datetime) -> Awaiting:
    """Tickets of which a requester waits for the first answer."""
    waiting_since = {ticket.number: min(since) for ticket in stock if (since := _waiting_since(ticket))}
    if not waiting_since:
        return Awaiting()
    oldest = min(waiting_since, key=lambda number: waiting_since[number])
    return Awaiting(len(waiting_since), oldest, instant - waiting_since[oldest])


def _waiting_since(ticket: Ticket) -> list[datetime]:
    """Since when each of its requesters waits who has had no answer at all."""
    return [
        one.began
        for _, party in parties(ticket)
        if not opened_by_team(party) and not answers(party)
        for one in exchanges(party)
        if one.settled is None
    ]


def _left_unanswered(ticket: Ticket) -> bool:
    return any(not opened_by_team(party) and not answers(party) for _, party in parties(ticket))


def _replies(ticket: Ticket) -> list[Message]:
    """Its answers; what went to several requesters in a mail each is one."""
    return list({(one.at, one.author): one for one in answers(ticket)}.values())


def kept(
    tickets: Iterable[Ticket], window: Window, hours: Hours, targets: Mapping[Priority, Target], now: datetime
) -> dict[TargetKind, Rate]:
    """Per target: met of those that fell due in the window. Open and overdue is breached; not yet due is left out."""
    met: Counter[TargetKind] = Counter()
    due: Counter[TargetKind] = Counter()
    for ticket in tickets:
        for deadline in deadlines(ticket, targets, hours, now):
            if (
                deadline.kind != "promise"
                and deadline.state != "pending"
                and window.holds(deadline.due_at)
                and deadline.due_at <= now
            ):
                due[deadline.kind] += 1
                met[deadline.kind] += deadline.state == "met"
    return {kind: Rate(met[kind], due[kind], now < window.end) for kind in TARGET_KINDS}


def promises_kept(tickets: Iterable[Ticket], window: Window, now: datetime) -> Rate:
    """Of the dates promised in replies that fell due in the window, those kept by then. One that is gone (dropped, or
    the reply never arrived) is left out; overdue and still owed is broken."""
    fell_due = [
        one
        for ticket in tickets
        for one in promises(ticket)
        if one.state != "gone" and window.holds(one.due_at) and one.due_at <= now
    ]
    return Rate(sum(one.state == "kept" for one in fell_due), len(fell_due), now < window.end)


# --- closing ---


def _resolution(tickets: Iterable[Ticket], window: Window, hours: Hours, *, first: bool) -> Times:
    """Start → first (or last) close, of tickets whose first (last) close lies in the window and is a person's."""
    stretches = []
    for ticket in tickets:
        closings = _closings(ticket)
        close = closings[0 if first else -1] if closings else None
        if close and close.actor != "system" and window.holds(close.at):
            stretches.append((began_at(ticket), close.at))
    return _times(stretches, hours)


def waiting(ended: Iterable[Ticket], hours: Hours) -> Times:
    """How long each of those tickets waited for the customer, in all; the ones that `resolution_last` counts."""
    calendar, business = [], []
    for ticket in ended:
        closings = _closings(ticket)
        if not closings or closings[-1].actor == "system":
            continue
        waits = [(one.start, one.end) for one in periods(ticket) if one.status == "waiting" and one.end]
        calendar.append(sum((end - start for start, end in waits), timedelta()))
        business.append(sum((between(start, end, hours) for start, end in waits), timedelta()))
    return Times(summary(calendar), summary(business))


def reopen_rate(tickets: Iterable[Ticket], window: Window, zone: ZoneInfo, now: datetime) -> Rate:
    """Distinct tickets closed in the window, and those of them that the customer brought back by the 14th day after.
    Provisional until the window's last day is 14 days old."""
    closed = reopened = 0
    for ticket in tickets:
        closings = [close.at for close in _closings(ticket) if window.holds(close.at)]
        closed += bool(closings)
        reopened += any(
            close <= back and (_day(back, zone) - _day(close, zone)).days <= REOPEN_DAYS
            for close in closings
            for back in customer_reopenings(ticket)
        )
    return Rate(reopened, closed, bool(closed) and (_day(now, zone) - window.last).days <= REOPEN_DAYS)


def customer_reopenings(ticket: Ticket) -> list[datetime]:
    """When customers' messages brought it back: the arrivals. An agent's own undo is none."""
    arrivals = {message.key: message.at for message in ticket.messages if message.from_customer}
    return [
        max(arrivals[before.after], _close_before(ticket, event))
        for before, event in pairwise(ticket.events)
        if event.what == "reopened" and before.what == "received" and before.after in arrivals
    ]


def _close_before(ticket: Ticket, event: Event) -> datetime:
    """A mail may have arrived just before the close and been fetched after it: it counts as of the close."""
    return max((close.at for close in _closings(ticket) if close.at <= event.at), default=event.at)


def _closings(ticket: Ticket) -> list[Event]:
    return [event for event in ticket.events if event.what == "closed"]


# --- flow and stock ---


def flow(tickets: Sequence[Ticket], window: Window, zone: ZoneInfo) -> Flow:
    arrivals = [(began_at(ticket), ticket.channel) for ticket in tickets if window.holds(began_at(ticket))]
    closes = [close.at for ticket in tickets for close in _closings(ticket) if window.holds(close.at)]
    reopened = sum(event.what == "reopened" and window.holds(event.at) for ticket in tickets for event in ticket.events)
    rows = tuple(
        Step(step.first, sum(step.holds(at) for at, _ in arrivals), sum(map(step.holds, closes)))
        for step in steps(window, zone)
    )
    channels = Counter(channel for _, channel in arrivals)
    return Flow(dict(channels.most_common()), len(closes), reopened, rows)


def backlog(stock: Iterable[Ticket], instant: datetime) -> Backlog:
    """What was not closed at `instant`, by age since its start."""
    on_us, on_customer = [0] * (len(AGES) + 1), [0] * (len(AGES) + 1)
    for ticket in stock:
        age = instant - began_at(ticket)
        bucket = sum(age >= timedelta(days=days) for days in AGES)
        (on_customer if ticket.status == "waiting" else on_us)[bucket] += 1
    return Backlog(tuple(on_us), tuple(on_customer))


def workload(
    stock: Sequence[Ticket],
    tickets: Iterable[Ticket],
    window: Window,
    hours: Hours,
    targets: Mapping[Priority, Target],
    instant: datetime,
) -> tuple[Load, ...]:
    """Per owner, unowned first, then by name."""
    replies = Counter(
        answer.author for ticket in tickets for answer in _replies(ticket) if window.holds(answered_at(answer))
    )
    owners = {ticket.assignee for ticket in stock} | set(replies)
    return tuple(
        _load(owner, [ticket for ticket in stock if ticket.assignee == owner], replies[owner], hours, targets, instant)
        for owner in sorted(owners)
    )


def _load(
    owner: str, own: Sequence[Ticket], replies: int, hours: Hours, targets: Mapping[Priority, Target], at: datetime
) -> Load:
    return Load(
        owner,
        open=len(own),
        overdue=sum(bool(overdue(ticket, targets, hours, at)) for ticket in own),
        on_us=sum(ticket.status != "waiting" for ticket in own),
        oldest=max((at - began_at(ticket) for ticket in own), default=timedelta()),
        replies=replies,
    )


# --- inside ---


def _times(stretches: Sequence[tuple[datetime, datetime]], hours: Hours, *, provisional: bool = False) -> Times:
    return Times(
        summary(end - start for start, end in stretches),
        summary(between(start, end, hours) for start, end in stretches),
        provisional,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
