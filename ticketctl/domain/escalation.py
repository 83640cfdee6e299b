"""Which escalation steps are due on which tickets: each (ticket, promise, step) once, remembered in the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.deadlines import Deadline, deadlines
from ticketctl.domain.hours import add, between, clock
from ticketctl.domain.promised import running
from ticketctl.domain.settings import Agent, Duration, EscalationStep, Hours, Target
from ticketctl.domain.ticket import PRIORITIES, Act, Priority, Ticket


class Escalated(msgspec.Struct, frozen=True):
    """A step that a ticket's promise has reached, and the share of its time that has passed."""

    number: int
    deadline: Deadline
    step: EscalationStep


def plan(
    tickets: Iterable[Ticket],
    steps: Sequence[EscalationStep],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
    away: Mapping[str, str] | None = None,
) -> list[Escalated]:
    """The steps that are due and have not run, by ticket, promise and share. A promise that is kept, ended or paused
    escalates no more. `away` are those who are not here, with who stands in for them."""
    absent = away or {}
    ordered = sorted(steps, key=lambda step: step.used)
    return [
        Escalated(ticket.number, deadline, step)
        for ticket in tickets
        for deadline in (*deadlines(ticket, targets, hours, now), *_owed(ticket, hours, now))
        if deadline.running and not deadline.paused
        for step in ordered
        if _reached(step, deadline, hours, now)
        and step.owner_away in (None, ticket.assignee in absent)
        and not ticket.has_fired(rule_of(step), deadline.occasion)
    ]


def _owed(ticket: Ticket, hours: Hours, now: datetime) -> list[Deadline]:
    """The date that a reply promised and that is still owed, as a deadline."""
    owed = running(ticket)
    if owed is None:
        return []
    whole = between(owed.made_at, owed.due_at, hours)
    return [
        Deadline(
            kind="promise",
            occasion=f"promise {owed.due_at.isoformat()}",
            started_at=owed.made_at,
            due_at=owed.due_at,
            used=round(between(owed.made_at, now, hours) / whole, 4) if whole else 1.0,
            state="breached" if owed.due_at <= now else "pending",
        )
    ]


def _reached(step: EscalationStep, deadline: Deadline, hours: Hours, now: datetime) -> bool:
    if step.promise is None or deadline.kind != "promise":
        return step.promise is None and deadline.kind != "promise" and deadline.used >= step.used
    return deadline.due_at <= now or _near(deadline.due_at, step.promise, now, hours)


def _near(due: datetime, before: Duration, now: datetime, hours: Hours) -> bool:
    """Whether less than `before` (zero: never) is left until then."""
    if before.minutes:
        return between(now, due, clock(before, hours)) <= timedelta(minutes=before.minutes)
    return before != Duration() and add(now, before, hours) >= due


def escalated(
    ticket: Ticket,
    steps: Sequence[EscalationStep],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
    away: Mapping[str, str] | None = None,
) -> tuple[Ticket, list[Escalated]]:
    """The ticket after all its steps, and the steps. A raised priority may make further ones due at once: they run too,
    so that a second run at the same instant finds nothing to do."""
    done: list[Escalated] = []
    while due := plan([ticket], steps, targets, hours, now, away):
        for one in due:
            ticket = carry_out(ticket, one, now, away)
        done += due
    return ticket, done


def rule_of(step: EscalationStep) -> str:
    """The name under which a ticket remembers that the step has run."""
    return f"escalation {step.name}"


def carry_out(ticket: Ticket, due: Escalated, now: datetime, away: Mapping[str, str] | None = None) -> Ticket:
    """The ticket after the step: priority raised (never lowered), owner changed, and the step remembered. What shall go
    to somebody away goes to who stands in for them, and stays where it is where nobody does."""
    absent = away or {}
    step = due.step
    act = Act("system", now, rule_of(step))
    for action, value in step.actions:
        if action == "raise_priority":
            ticket = _raised(ticket, act, value)
        elif action == "assign":
            receiver = absent.get(ticket.assignee, "") if value == "deputy" else absent.get(value, value)
            ticket = ticket.assign(act, receiver) if receiver else ticket
    return ticket.note_fired(rule_of(step), due.deadline.occasion, now)


def told(
    ticket: Ticket, step: EscalationStep, team: Sequence[Agent], away: Mapping[str, str] | None = None
) -> list[str]:
    """The addresses that the step notifies, each once."""
    return addresses(ticket, [whom for action, whom in step.actions if action == "notify"], team, away)


def addresses(
    ticket: Ticket, whom: Iterable[str], team: Sequence[Agent], away: Mapping[str, str] | None = None
) -> list[str]:
    """The addresses of "owner", "team" or themselves, each once. For an owner who is away their stand-in is told; a
    ticket that nobody owns, or whose owner nobody stands in for, is everybody's."""
    everybody = [agent.email for agent in team if agent.role != "viewer"]
    here = (away or {}).get(ticket.assignee, ticket.assignee)
    owner = [agent.email for agent in team if agent.name == here]
    known = {"owner": owner or everybody, "team": everybody}
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
