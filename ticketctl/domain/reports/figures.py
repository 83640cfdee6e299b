"""Every figure of the reports, exactly as docs/measures.md defines it: pure functions of the tickets' histories.

Spam, machine mail, tests and merged-away tickets are left out of flows and times, whenever they were marked or merged.
Durations come twice, in calendar and in business time. Figures of an instant (backlog, workload, unanswered) are those
of the window's end, or of now where the window has not ended; the stock has what was marked or merged only after that.
What was closed in the window is decided as of the same instant, and stays (closed.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.deadlines import deadlines
from ticketctl.domain.deadlines.due import asleep, overdue
from ticketctl.domain.deadlines.promises import promises
from ticketctl.domain.reports import closed
from ticketctl.domain.reports.periods import Window, steps
from ticketctl.domain.reports.statistics import Rate, Times, times
from ticketctl.domain.settings.settings import TARGET_KINDS, Hours, Target, TargetKind
from ticketctl.domain.ticket.answering import exchanges, first_answer
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Priority, Ticket
from ticketctl.domain.ticket.timeline import (
    answered_at,
    answers,
    as_of,
    began_at,
    closings,
    counts,
    first_customer_message,
    lasting,
    opened_by_team,
)

OURS = "ours"  # among the channels: a matter of our own, in which no customer ever wrote
AGES = (1, 3, 7, 30)  # days: <1, 1–3, 3–7, 7–30, >30


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
    """Arrivals by channel, or OURS; closes and reopenings as often as they happened."""

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
    """One report. `waiting` is the time spent waiting for the customer within `resolution_last`; `ours` the resolution
    of matters of our own, which is in neither. `causes` are in order of frequency, `covered` is how many closed tickets
    have one. `touches` counts replies per closed ticket, `one_touch` those solved with exactly one. `provisional`: all
    that tells of what was closed in the window can still change."""

    window: Window
    instant: datetime
    first_response: Times
    unanswered: Awaiting
    closed_unanswered: int
    resolution_first: Times
    resolution_last: Times
    waiting: Times
    ours: Times
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
    provisional: bool


def figures(
    tickets: Iterable[Ticket], window: Window, *, hours: Hours, targets: Mapping[Priority, Target], now: datetime
) -> Figures:
    """The report of `window` as it stands at `now`, from every ticket there is (outlines without texts are enough)."""
    zone, instant = ZoneInfo(hours.timezone), min(window.end, now)
    every = {ticket.number: ticket for ticket in tickets}
    then = {number: as_of(ticket, instant, every) for number, ticket in every.items()}
    there = [one for one in then.values() if counts(one) and began_at(one) <= instant]
    stock = [one for one in there if not one.closed]
    seen = [ticket for ticket in every.values() if counts(ticket) and began_at(ticket) < window.end]
    cohort = closed.cohort(seen, then, window, zone, now)
    touches = Counter(len(_replies(ticket)) for ticket in cohort.ended)
    causes = closed.causes(cohort, instant)
    return Figures(
        window=window,
        instant=instant,
        first_response=first_response(seen, window, hours),
        unanswered=unanswered(stock, instant),
        closed_unanswered=sum(closed.left_unanswered(then[ticket.number], window) for ticket in seen),
        resolution_first=closed.resolution_first(cohort, hours),
        resolution_last=closed.resolution_last(cohort, hours),
        waiting=closed.waiting(cohort, hours),
        ours=closed.resolution_last(cohort, hours, ours=True),
        automatic_closes=sum(close.actor == "system" for ticket in seen for close in cohort.closes(ticket)),
        reopened=closed.reopen_rate(cohort),
        kept=kept(seen, then, window, hours, targets, now),
        promised=promises_kept(seen, window, now),
        flow=flow(seen, window, zone),
        backlog=backlog(stock, instant),
        workload=workload(stock, there, window, hours, targets, instant),
        causes=dict(sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))),
        covered=Rate(causes.total(), len(cohort.ended), cohort.provisional),
        touches=touches,
        one_touch=Rate(touches[1], len(cohort.ended), cohort.provisional),
        provisional=cohort.provisional,
    )


# --- responses ---


def first_response(tickets: Iterable[Ticket], window: Window, hours: Hours) -> Times:
    """First customer message → first accepted reply by a person, of the tickets that arrived in the window. Provisional
    while one of them is unanswered and not closed; where a close settled it (a call) there is no value. In a merged
    ticket each requester waits for their own."""
    stretches, awaited = [], False
    for party in (one.ticket for ticket in tickets for one in parties(ticket)):
        first = first_customer_message(party)
        if first is None or opened_by_team(party) or not window.holds(first.at):
            continue
        answer = first_answer(party)
        if answer:
            stretches.append((first.at, answered_at(answer)))
        awaited = awaited or any(one.settled is None for one in exchanges(party)[:1])
    return times(stretches, hours, provisional=awaited)


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


def _replies(ticket: Ticket) -> list[Message]:
    """Its answers; what went to several requesters in a mail each is one."""
    return list({one.reply_key: one for one in answers(ticket)}.values())


def kept(
    tickets: Iterable[Ticket],
    then: Mapping[int, Ticket],
    window: Window,
    hours: Hours,
    targets: Mapping[Priority, Target],
    now: datetime,
) -> dict[TargetKind, Rate]:
    """Per target: met of those that fell due in the window. Open and overdue is breached; not yet due is left out. The
    resolution is that of `then`, the ticket as it was at the window's end: one that was kept stays so when the ticket
    is reopened."""
    met: Counter[TargetKind] = Counter()
    due: Counter[TargetKind] = Counter()
    for ticket in tickets:
        found = [one for one in deadlines(ticket, targets, hours, now) if one.kind != "resolution"]
        before = deadlines(then[ticket.number], targets, hours, min(window.end, now))
        for one in (*found, *(one for one in before if one.kind == "resolution")):
            if one.kind != "promise" and one.state != "pending" and window.holds(one.due_at) and one.due_at <= now:
                due[one.kind] += 1
                met[one.kind] += one.state == "met"
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


# --- flow and stock ---


def flow(tickets: Sequence[Ticket], window: Window, zone: ZoneInfo) -> Flow:
    arrivals = [(began_at(ticket), arrived_by(ticket)) for ticket in tickets if window.holds(began_at(ticket))]
    closes = [close.at for ticket in tickets for close in closings(ticket) if window.holds(close.at)]
    reopened = sum(event.what == "reopened" and window.holds(event.at) for one in tickets for event in lasting(one))
    rows = tuple(
        Step(step.first, sum(step.holds(at) for at, _ in arrivals), sum(map(step.holds, closes)))
        for step in steps(window, zone)
    )
    channels = Counter(channel for _, channel in arrivals)
    return Flow(dict(channels.most_common()), len(closes), reopened, rows)


def arrived_by(ticket: Ticket) -> str:
    """The channel of its customer's first message; OURS where no customer ever wrote."""
    first = first_customer_message(ticket)
    if first is None:
        return OURS
    return "email" if ticket.channel == "system" and first.message_id else ticket.channel


def backlog(stock: Iterable[Ticket], instant: datetime) -> Backlog:
    """What was not closed at `instant`, by age since its start."""
    on_us, on_customer = [0] * (len(AGES) + 1), [0] * (len(AGES) + 1)
    for ticket in stock:
        age = instant - began_at(ticket)
        bucket = sum(age >= timedelta(days=days) for days in AGES)
        (on_customer if asleep(ticket, instant) else on_us)[bucket] += 1
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
        on_us=sum(not asleep(ticket, at) for ticket in own),
        oldest=max((at - began_at(ticket) for ticket in own), default=timedelta()),
        replies=replies,
    )
