"""Which escalation steps are due on which tickets: each (ticket, promise, step) once, and each step about nobody owning
a ticket once for each time that nobody does; remembered in the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.deadlines.business_hours import add, between, clock
from ticketctl.domain.deadlines.deadlines import Deadline
from ticketctl.domain.deadlines.due import owed
from ticketctl.domain.settings.settings import Agent, Duration, EscalationStep, Hours, Target
from ticketctl.domain.ticket.ticket import IMPORTED, PRIORITIES, Act, Event, Priority, Ticket
from ticketctl.domain.ticket.timeline import ESCALATION, counts


class Escalated(msgspec.Struct, frozen=True):
    """A step that a ticket has reached: a promise with the share of its time that has passed, or `unowned_since`.
    `occasion` is the one under which that is remembered."""

    number: int
    step: EscalationStep
    occasion: str
    deadline: Deadline | None = None
    unowned_since: datetime | None = None


def plan(
    tickets: Iterable[Ticket],
    steps: Sequence[EscalationStep],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
    away: Mapping[str, str] | None = None,
) -> list[Escalated]:
    """The steps that are due and have not run, by ticket, promise and share, then those about nobody owning it. A
    promise that is kept, ended, or paused before it ran out, escalates no more. `away` are those who are not here, with
    who stands in for them."""
    absent = away or {}
    unowned = [step for step in steps if step.unassigned]
    dated = [step for step in steps if step.promise is not None]
    shares = sorted((step for step in steps if step not in unowned + dated), key=lambda step: step.used)
    return [
        one
        for ticket in tickets
        for one in (
            *(_owing(ticket, shares, dated, targets, hours, now) if shares or dated else ()),
            *(_unowned(ticket, unowned, hours, now) if unowned else ()),
        )
        if one.step.owner_away in (None, ticket.assignee in absent)
        and not ticket.has_fired(rule_of(one.step), one.occasion)
    ]


def _owing(
    ticket: Ticket,
    shares: Sequence[EscalationStep],
    dated: Sequence[EscalationStep],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
) -> Iterator[Escalated]:
    """The targets first, then the date that a reply promised and that is still owed."""
    for deadline in sorted(owed(ticket, targets, hours, now), key=lambda one: one.kind == "promise"):
        for step in dated if deadline.kind == "promise" else shares:
            if _reached(step, deadline, hours, now):
                yield Escalated(ticket.number, step, deadline.occasion, deadline)


def _reached(step: EscalationStep, deadline: Deadline, hours: Hours, now: datetime) -> bool:
    if step.promise is None:
        return deadline.used >= step.used
    return deadline.due_at <= now or _near(deadline.due_at, step.promise, now, hours)


def _near(due: datetime, before: Duration, now: datetime, hours: Hours) -> bool:
    """Whether less than `before` (zero: never) is left until then."""
    if before.minutes:
        return between(now, due, clock(before, hours)) <= timedelta(minutes=before.minutes)
    return before != Duration() and add(now, before, hours) >= due


def _unowned(ticket: Ticket, steps: Iterable[EscalationStep], hours: Hours, now: datetime) -> Iterator[Escalated]:
    """Only a matter of a customer that waits for us: nobody need own bounces and newsletters. It counts from when
    nobody had it: its start, the owner being taken away, its coming back from waiting or closing."""
    if ticket.assignee or ticket.status not in ("new", "open") or not counts(ticket):
        return
    freed = [event.at for event in ticket.events if _frees(event)]
    since = max([ticket.opened_at, *freed])
    for step in steps:
        if step.unassigned and add(since, step.unassigned, hours) <= now:
            yield Escalated(ticket.number, step, f"unassigned {len(freed)}", unowned_since=since)


def _frees(event: Event) -> bool:
    return event.what in ("reopened", "woken", IMPORTED) or (event.what == "assigned" and not event.after)


def escalated(
    ticket: Ticket,
    steps: Sequence[EscalationStep],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
    away: Mapping[str, str] | None = None,
) -> tuple[Ticket, list[Escalated]]:
    """The ticket after all its steps, and the steps. What a step changes may make further ones due at once (the owner
    that it gave the ticket to is away): they run too, so that a second run at the same instant finds nothing to do."""
    done: list[Escalated] = []
    while due := plan([ticket], steps, targets, hours, now, away):
        for one in due:
            ticket = carry_out(ticket, one, now, away)
        done += due
    return ticket, done


def rule_of(step: EscalationStep) -> str:
    """The name under which a ticket remembers that the step has run."""
    return f"{ESCALATION}{step.name}"


def carry_out(ticket: Ticket, due: Escalated, now: datetime, away: Mapping[str, str] | None = None) -> Ticket:
    """The ticket after the step: priority raised (never lowered), owner changed, labels given, and the step remembered;
    replies and notices are for others. What shall go
    to somebody away goes to who stands in for them, and stays where it is where nobody does."""
    absent = away or {}
    step = due.step
    act = Act("system", now, rule_of(step))
    for action, value in step.actions:
        if action == "raise_priority":
            ticket = _raised(ticket, act, value)
        elif action == "label":
            ticket = ticket.label(act, value)
        elif action == "assign":
            receiver = absent.get(ticket.assignee, "") if value == "deputy" else absent.get(value, value)
            ticket = ticket.assign(act, receiver) if receiver else ticket
    return ticket.note_fired(rule_of(step), due.occasion, now)


def notified(
    ticket: Ticket, step: EscalationStep, team: Sequence[Agent], away: Mapping[str, str] | None = None
) -> list[str]:
    """The addresses that the step notifies, each once."""
    return addresses(ticket, [whom for action, whom in step.actions if action == "notify"], team, away or {})


def addresses(ticket: Ticket, whom: Iterable[str], team: Sequence[Agent], away: Mapping[str, str]) -> list[str]:
    """The addresses of "owner", "team", "deputy" or themselves, each once. The team are those who are here, or all
    where nobody is. For an owner who is away it is their deputy, whom "deputy" means too; a ticket that is unassigned,
    or whose owner has no deputy, is the team's."""
    agents = [agent for agent in team if agent.role != "viewer"]
    everybody = [agent.email for agent in agents if agent.name not in away] or [agent.email for agent in agents]
    stand_in = away.get(ticket.assignee, ticket.assignee)
    owner = [agent.email for agent in team if agent.name == stand_in] or everybody
    known = {"owner": owner, "team": everybody, "deputy": owner}
    return list(dict.fromkeys(address for one in whom for address in known.get(one, [one])))


def waking(tickets: Iterable[Ticket], now: datetime) -> list[int]:
    """The numbers of waiting tickets whose wake-up date has come."""
    return [
        ticket.number for ticket in tickets if ticket.status == "waiting" and ticket.wake_at and ticket.wake_at <= now
    ]


def _raised(ticket: Ticket, act: Act, value: str) -> Ticket:
    wanted = next(priority for priority in PRIORITIES if priority == value)
    higher = PRIORITIES.index(wanted) < PRIORITIES.index(ticket.priority)
    return ticket.prioritise(act, wanted) if higher else ticket
