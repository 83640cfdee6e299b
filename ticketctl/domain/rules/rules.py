"""A desk's rules: decided on a frozen view, as values that can be printed; carried out afterwards.

`evaluate` says for every rule whether it fires and why; `apply` (actions.py) does what the fired ones ask. A rule
fires once per (rule, ticket, occasion): `ticket.fired` remembers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.rules.actions import Action, Close, Reply
from ticketctl.domain.rules.conditions import TEXT_SUBJECTS, Condition, Verdict, judge
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.match import short
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Asked, Reason, RuleRun, Ticket

EventName = Literal["created", "customer_message", "agent_reply", "closed", "reopened", "sweep"]
EVENTS: tuple[EventName, ...] = ("created", "customer_message", "agent_reply", "closed", "reopened", "sweep")
MAIL_EVENTS: tuple[EventName, ...] = ("created", "customer_message")  # what a mail that comes in can be
Once = Literal["per_event", "per_wait", "per_ticket"]
Outcome = Literal[
    "fired", "not met", "other event", "already fired", "stopped", "not waiting", "held back", "left alone"
]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`when` None always holds. `stop` ends the run once it fires. `at_most` bounds its firings in a run of a sweep, 0
    does not. `line` is its line in rules.yaml."""

    id: str
    events: tuple[EventName, ...]
    then: tuple[Action, ...]
    when: Condition | None = None
    why: str = ""
    stop: bool = False
    once: Once = "per_event"
    at_most: int = 0
    line: int = 0


class RuleTrace(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What became of one rule; `verdict` None where its conditions were not looked at, or it has none. `occasion` is
    the one under which its firing is remembered."""

    rule: Rule
    outcome: Outcome
    verdict: Verdict | None = None
    occasion: str = ""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run: every rule in file order, and the occasion under which most of them remember it."""

    event: EventName
    occasion: str
    message: str
    rules: tuple[RuleTrace, ...]

    @property
    def fired(self) -> tuple[Rule, ...]:
        return tuple(one.rule for one in self.rules if one.outcome == "fired")

    @property
    def firings(self) -> tuple[tuple[Rule, str], ...]:
        """The rules that fire, each with the occasion under which that is remembered."""
        return tuple((one.rule, one.occasion) for one in self.rules if one.outcome == "fired")

    @property
    def actions(self) -> tuple[tuple[Rule, Action], ...]:
        """In the order in which they are carried out: the later one wins."""
        return tuple((rule, action) for rule in self.fired for action in rule.then)


def occasion(ticket: Ticket, event: EventName, message: Message | None = None) -> str:
    """The name of this happening in the ticket's life: the same for the same happening, another for the next one."""
    if event == "created":
        return event
    if event == "sweep":  # until somebody writes or the status is another: a run every 15 minutes is no happening
        spoken = [one.key for one in ticket.messages if one.from_customer or one.is_reply]
        return f"{event} {ticket.status} {spoken[-1] if spoken else '-'}"
    if event in ("closed", "reopened"):
        return f"{event} {sum(one.what == event for one in ticket.events)}"
    return f"{event} {message.key if message else len(ticket.messages)}"


def recorded(trace: Trace, at: datetime) -> RuleRun | None:
    """What the ticket remembers of a run: of each rule that was asked what became of it, and the conditions that
    decided that; not those that an earlier one stops. None where no rule was asked, and where time passed and nothing
    came of it."""
    concerned = [one for one in trace.rules if one.outcome not in ("other event", "stopped")]
    if not concerned or (trace.event == "sweep" and not trace.fired):
        return None
    asked = (Asked(one.rule.id, one.outcome, tuple(_reasons(one.verdict))) for one in concerned)
    return RuleRun(event=trace.event, at=at, message=trace.message, rules=tuple(asked))


def _reasons(verdict: Verdict | None) -> Iterator[Reason]:
    """The conditions, without all, any and not, to which the whole owes that it holds, or does not."""
    if verdict is None:
        return
    if not verdict.parts:
        # What a text says the ticket has anyway; a header may say what its mail is deleted for in time.
        quoted = verdict.held or verdict.what not in TEXT_SUBJECTS
        actual = short(verdict.actual, 40) if quoted and not verdict.what.startswith("header.") else ""
        yield Reason(verdict.what, verdict.held, short(verdict.expected, 30), actual)
    elif verdict.what == "not":
        yield from _reasons(verdict.parts[0])
    else:
        for part in verdict.parts:
            if part.held == verdict.held:
                yield from _reasons(part)


def waiting_since(ticket: Ticket) -> str:
    """The name of the time for which the ticket waits for the customer now; "" where it does not. Waiting longer than
    was first meant is the same wait."""
    if ticket.status != "waiting":
        return ""
    begun = (event.at for event in reversed(ticket.events) if event.what == "waiting" and event.before != "waiting")
    return f"wait {next(begun, ticket.opened_at).isoformat()}"


def evaluate(rules: Iterable[Rule], view: View, event: EventName, *, spent: Collection[str] = ()) -> Trace:
    """What `rules` decide about `view` when `event` happens; changes nothing. `spent` are the ids of rules that have
    fired `at_most` times in this run."""
    now = occasion(view.ticket, event, view.message)
    view = msgspec.structs.replace(view, later=event == "customer_message")
    traces: list[RuleTrace] = []
    stopped = False
    for rule in rules:
        trace = RuleTrace(rule=rule, outcome="stopped") if stopped else _trace(rule, view, event, now)
        if trace.outcome == "fired" and rule.id in spent:
            trace = msgspec.structs.replace(trace, outcome="held back")
        traces.append(trace)
        stopped = stopped or (rule.stop and trace.outcome in ("fired", "already fired", "held back"))
    return Trace(event=event, occasion=now, message=view.message.key if view.message else "", rules=tuple(traces))


def _trace(rule: Rule, view: View, event: EventName, now: str) -> RuleTrace:
    if event not in rule.events:
        return RuleTrace(rule=rule, outcome="other event")
    if rule.once == "per_wait":
        now = waiting_since(view.ticket)
        if not now:
            return RuleTrace(rule=rule, outcome="not waiting")
    if _has_fired(rule, view.ticket, now):
        return RuleTrace(rule=rule, outcome="already fired")
    verdict = judge(rule.when, view) if rule.when is not None else None
    outcome: Outcome = "fired" if verdict is None or verdict.held else "not met"
    if outcome == "fired" and event == "sweep" and _presses(rule, view.ticket) and _rests(view.ticket):
        outcome = "left alone"
    return RuleTrace(rule=rule, outcome=outcome, verdict=verdict, occasion=now)


def _presses(rule: Rule, ticket: Ticket) -> bool:
    """Whether it would write to the customer (a draft: remind a customer who is waited for), or close the ticket."""
    waits = ticket.status == "waiting"
    return any(isinstance(one, Close) or (isinstance(one, Reply) and (one.automatic or waits)) for one in rule.then)


def _rests(ticket: Ticket) -> bool:
    """Whether it waits for a day that somebody named, or on a promise of ours: there is nothing to remind of."""
    return ticket.waits_for_a_day or running(ticket) is not None


def _has_fired(rule: Rule, ticket: Ticket, now: str) -> bool:
    if rule.once == "per_ticket":
        return any(one.rule == rule.id for one in ticket.fired)
    return ticket.has_fired(rule.id, now)
