"""Every figure of the reports, exactly as docs/figures.md defines it: pure functions of the tickets' histories.

FIGURES names them all, each with the function that finds its cases in one history; a Tally sums the cases up, and
`breakdown.cases_in` lists them. Spam, machine mail, tests and merged-away tickets are left out of flows and times,
whenever they were marked or merged. Durations come twice, in calendar and in business time.

Figures of an instant (backlog, workload, unanswered) are those of the window's end, or of now where the window has not
ended; the stock has what was marked or merged only after that. What was closed in the window is decided as of the same
instant, and stays: a ticket that is reopened afterwards is still counted there, and in the rate of reopening. A close
that its own agent took back never happened. All that is counted by its close is provisional until the window is over
and each close in it 15 local days old, since until then a customer may bring the ticket back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from ticketctl.domain.reports import durations, flow, outcomes
from ticketctl.domain.reports.cases import Case, Cases, Frame, History, counted, frame, histories
from ticketctl.domain.reports.flow import OURS as OURS
from ticketctl.domain.reports.periods import Window, steps
from ticketctl.domain.reports.statistics import Counts, Rate, Times, counts_summary, summary
from ticketctl.domain.settings.settings import TARGET_KINDS, Hours, Target, TargetKind
from ticketctl.domain.ticket.ticket import Priority, Ticket

AGES = (1, 3, 7, 30)  # days: <1, 1–3, 3–7, 7–30, >30

Kind = Literal["times", "rate", "count", "counts"]
Cohort = Literal["arrival", "close", "due", "instant", "window"]


class Spec(msgspec.Struct, frozen=True):
    """One figure: how its cases are summed up (durations; a part of a whole; how many; a number per ticket), what
    places a ticket in it, and its cases in one history. `of_persons`: by owner it would tell how fast or how well
    somebody works."""

    kind: Kind
    cohort: Cohort
    cases: Callable[[History], Cases]
    of_persons: bool = True


FIGURES: dict[str, Spec] = {
    "first_response": Spec("times", "arrival", durations.first_response),
    "first_response_chat": Spec("times", "arrival", durations.first_response_chat),
    "unanswered": Spec("count", "instant", outcomes.unanswered, of_persons=False),
    "closed_unanswered": Spec("count", "close", outcomes.closed_unanswered),
    "resolution_first": Spec("times", "close", durations.resolution_first),
    "resolution_last": Spec("times", "close", durations.resolution_last),
    "waiting_for_customer": Spec("times", "close", durations.waiting_for_customer),
    "own_matters": Spec("times", "close", durations.own_matters),
    "automatic_closes": Spec("count", "close", outcomes.automatic_closes),
    "reopened": Spec("rate", "close", outcomes.reopened),
    **{f"targets_kept.{kind}": Spec("rate", "due", outcomes.kept(kind)) for kind in TARGET_KINDS},
    "promises_kept": Spec("rate", "due", outcomes.promises_kept),
    "arrivals": Spec("count", "window", flow.arrivals, of_persons=False),
    "closes": Spec("count", "window", flow.closes),
    "net": Spec("count", "window", flow.net),
    "reopenings": Spec("count", "window", flow.reopenings),
    "backlog": Spec("count", "instant", flow.backlog, of_persons=False),
    "overdue": Spec("count", "instant", flow.late, of_persons=False),
    "replies": Spec("count", "window", flow.answers_written, of_persons=False),
    "causes": Spec("rate", "close", outcomes.causes),
    "touches": Spec("counts", "close", outcomes.touches),
    "one_touch": Spec("rate", "close", outcomes.one_touch),
    "rated": Spec("rate", "close", outcomes.rated),
    "satisfied": Spec("rate", "close", outcomes.satisfied),
}


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
    """Arrivals by channel, or OURS; closes and reopenings as often as they happened. `provisional`: the window is not
    over, or a customer may still write in a matter of our own, which then begins with that."""

    arrivals: dict[str, int]
    closes: int
    reopened: int
    steps: tuple[Step, ...]
    provisional: bool = False

    @property
    def total(self) -> int:
        return sum(self.arrivals.values())

    @property
    def net(self) -> int:
        return self.total - self.closes


class Backlog(msgspec.Struct, frozen=True):
    """Tickets that were not closed, per age bucket (AGES), split by whom they wait for; the oldest one's number and age
    (calendar)."""

    on_us: tuple[int, ...]
    on_customer: tuple[int, ...]
    oldest: int = 0
    age: timedelta = timedelta()

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
    have one. `touches` counts replies per closed ticket, `one_touch` those solved with exactly one; `rated` those whose
    customer answered how satisfied they are, `satisfied` those that answered 4 or 5. `provisional`: all
    that tells of what was closed in the window can still change. `overdue` are open tickets past a deadline, `replies`
    those that left in the window. `first_response_chat` is that of chats, which are not in `first_response`."""

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
    rated: Rate
    satisfied: Rate
    provisional: bool
    overdue: int = 0
    replies: int = 0
    first_response_chat: Times = Times()


def figures(
    tickets: Iterable[Ticket], window: Window, *, hours: Hours, targets: Mapping[Priority, Target], now: datetime
) -> Figures:
    """The report of `window` as it stands at `now`, from every ticket there is (outlines without texts are enough), or
    at least from those that matter to it (cases.read_from)."""
    return figures_of(tickets, frame(window, hours=hours, targets=targets, now=now))


def figures_of(tickets: Iterable[Ticket], asked: Frame) -> Figures:
    tally = Tally(asked)
    for history in histories(tickets, asked):
        tally.add(history, cases_of(history))
    return tally.figures()


Figure = Times | Rate | Counts | int


def figure(of: Figures, name: str) -> Figure:
    """One of FIGURES, as the report has it."""
    rates: dict[str, Rate] = {f"targets_kept.{kind}": rate for kind, rate in of.kept.items()}
    values: dict[str, Figure] = {
        "first_response": of.first_response,
        "first_response_chat": of.first_response_chat,
        "unanswered": of.unanswered.count,
        "closed_unanswered": of.closed_unanswered,
        "resolution_first": of.resolution_first,
        "resolution_last": of.resolution_last,
        "waiting_for_customer": of.waiting,
        "own_matters": of.ours,
        "automatic_closes": of.automatic_closes,
        "reopened": of.reopened,
        **rates,
        "promises_kept": of.promised,
        "arrivals": of.flow.total,
        "closes": of.flow.closes,
        "net": of.flow.net,
        "reopenings": of.flow.reopened,
        "backlog": of.backlog.total,
        "overdue": of.overdue,
        "replies": of.replies,
        "causes": of.covered,
        "touches": counts_summary(of.touches),
        "one_touch": of.one_touch,
        "rated": of.rated,
        "satisfied": of.satisfied,
    }
    return values[name]


Found = Mapping[str, Sequence[Case]]


def cases_of(history: History) -> Found:
    """What is counted of one ticket, by figure; of `first_response` also that it is still to be answered."""
    found: dict[str, Cases] = {}
    for name, cases_in_it in _SUMMED:
        cases = cases_in_it(history)
        if len(cases) > 1:
            cases = tuple([one for one in cases if one.reason in _MATTERS])
        if cases and cases[0].reason in _MATTERS:
            found[name] = cases
    return found


_SUMMED = [(name, spec.cases) for name, spec in FIGURES.items() if name != "net"]
_MATTERS = ("counted", "unanswered")


class Tally:
    """Sums up the cases of tickets, one after the other; nothing of a ticket is kept but these."""

    def __init__(self, asked: Frame) -> None:
        self._asked = asked
        self._provisional = self._ours = asked.runs
        self._found: dict[str, list[Case]] = {name: [] for name in FIGURES}
        self._owners: dict[int, str] = {}

    def add(self, history: History | None, found: Found) -> None:
        """`history` is None for cases that belong here though their ticket does not."""
        for name, cases in found.items():
            self._found[name] += cases
        if history is not None:
            if "backlog" in found:
                self._owners[history.number] = history.then.assignee
            self._ours = self._ours or ("arrivals" in found and history.ours and history.may_be_written_in)
            self._provisional = self._provisional or (history.left_out == "counted" and history.may_come_back)

    def figures(self) -> Figures:
        found, young, runs = self._found, self._provisional, self._asked.runs
        causes = Counter(one.group for one in found["causes"] if one.count)
        return Figures(
            window=self._asked.window,
            instant=self._asked.instant,
            first_response=_times(found["first_response"], _awaited(found["first_response"])),
            first_response_chat=_times(found["first_response_chat"], _awaited(found["first_response_chat"])),
            unanswered=_awaiting(list(counted(found["unanswered"]))),
            closed_unanswered=len(found["closed_unanswered"]),
            resolution_first=_times(found["resolution_first"], young),
            resolution_last=_times(found["resolution_last"], young),
            waiting=_times(found["waiting_for_customer"], young),
            ours=_times(found["own_matters"], young),
            automatic_closes=len(found["automatic_closes"]),
            reopened=_rate(found["reopened"], young),
            kept={kind: _rate(found[f"targets_kept.{kind}"], runs) for kind in TARGET_KINDS},
            promised=_rate(found["promises_kept"], runs),
            flow=_flow(found, self._asked, self._ours),
            backlog=_backlog(found["backlog"]),
            workload=_workload(found, self._owners),
            causes=dict(sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))),
            covered=_rate(found["causes"], young),
            touches=Counter(one.count for one in found["touches"]),
            one_touch=_rate(found["one_touch"], young),
            rated=_rate(found["rated"], young),
            satisfied=_rate(found["satisfied"], young),
            provisional=young,
            overdue=len(found["overdue"]),
            replies=len(found["replies"]),
        )


# --- summing up ---


def _awaited(cases: Iterable[Case]) -> bool:
    return any(one.reason == "unanswered" for one in cases)


def _times(cases: Iterable[Case], provisional: bool) -> Times:
    found = list(counted(cases))
    return Times(
        summary(one.calendar for one in found if one.calendar is not None),
        summary(one.business for one in found if one.business is not None),
        provisional,
    )


def _rate(cases: Sequence[Case], provisional: bool) -> Rate:
    return Rate(sum(one.count for one in cases), len(cases), provisional)


def _awaiting(cases: Sequence[Case]) -> Awaiting:
    oldest = max(cases, key=lambda one: (_age(one), -one.ticket), default=None)
    return Awaiting(len(cases), oldest.ticket, _age(oldest)) if oldest else Awaiting()


def _age(case: Case) -> timedelta:
    return case.calendar or timedelta()


def _flow(found: Found, asked: Frame, provisional: bool) -> Flow:
    came = sorted(one.start.at for one in found["arrivals"] if one.start)
    went = sorted(one.end.at for one in found["closes"] if one.end)
    rows = tuple(Step(step.first, _within(step, came), _within(step, went)) for step in steps(asked.window, asked.zone))
    channels = Counter(one.group for one in found["arrivals"])
    ordered = dict(sorted(channels.items(), key=lambda pair: (-pair[1], pair[0])))
    return Flow(ordered, len(went), len(found["reopenings"]), rows, provisional)


def _within(step: Window, ordered: Sequence[datetime]) -> int:
    return bisect_left(ordered, step.end) - bisect_left(ordered, step.start)


def bucket(age: timedelta) -> int:
    """Which of the age buckets (AGES) it is in: 0 is less than a day."""
    return sum(age >= timedelta(days=days) for days in AGES)


def _backlog(cases: Sequence[Case]) -> Backlog:
    places = Counter((one.group, bucket(_age(one))) for one in cases)
    us, customer = (tuple(places[group, at] for at in range(len(AGES) + 1)) for group in (flow.ON_US, flow.ON_CUSTOMER))
    oldest = max(cases, key=lambda one: (_age(one), -one.ticket), default=None)
    return Backlog(us, customer, oldest.ticket if oldest else 0, _age(oldest) if oldest else timedelta())


def _workload(found: Found, owners: Mapping[int, str]) -> tuple[Load, ...]:
    """Per owner, unowned first, then by name."""
    own: dict[str, list[Case]] = {}
    for case in found["backlog"]:
        own.setdefault(owners[case.ticket], []).append(case)
    late = Counter(owners[one.ticket] for one in found["overdue"])
    written = Counter(one.group for one in found["replies"])
    return tuple(
        Load(
            owner,
            open=len(own.get(owner, ())),
            overdue=late[owner],
            on_us=sum(one.group == flow.ON_US for one in own.get(owner, ())),
            oldest=max(map(_age, own.get(owner, ())), default=timedelta()),
            replies=written[owner],
        )
        for owner in sorted(own.keys() | written.keys())
    )
