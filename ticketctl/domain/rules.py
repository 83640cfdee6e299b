"""A desk's rules: decided on a frozen view, as values that can be printed; carried out afterwards.

`evaluate` tells for every rule whether it fires and why; `apply` (domain.actions) does what the fired ones ask. A rule
fires once per (rule, ticket, occasion): `ticket.fired` remembers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from ticketctl.domain.actions import Action
from ticketctl.domain.conditions import Condition, Verdict, View, judge
from ticketctl.domain.message import Message
from ticketctl.domain.ticket import Ticket

EventName = Literal["created", "customer_message"]
EVENTS: tuple[EventName, ...] = ("created", "customer_message")
Outcome = Literal["fired", "not met", "other event", "already fired", "stopped"]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`when` None always holds. `stop` ends the run once it fires. `line` is where it stands in rules.yaml."""

    id: str
    events: tuple[EventName, ...]
    then: tuple[Action, ...]
    when: Condition | None = None
    why: str = ""
    stop: bool = False
    once: Literal["per_event", "per_ticket"] = "per_event"
    line: int = 0


class RuleTrace(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What became of one rule; `verdict` None where its conditions were not looked at, or it has none."""

    rule: Rule
    outcome: Outcome
    verdict: Verdict | None = None


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run: every rule in file order, and the occasion under which its firing is remembered."""

    event: EventName
    occasion: str
    message: str
    rules: tuple[RuleTrace, ...]

    @property
    def fired(self) -> tuple[Rule, ...]:
        return tuple(one.rule for one in self.rules if one.outcome == "fired")

    @property
    def actions(self) -> tuple[tuple[Rule, Action], ...]:
        """In the order in which they are carried out: the later one wins."""
        return tuple((rule, action) for rule in self.fired for action in rule.then)


def occasion(ticket: Ticket, event: EventName, message: Message | None = None) -> str:
    """The name of this happening in the ticket's life: the same for the same happening, another for the next one."""
    if event == "created":
        return event
    return f"{event} {message.key if message else len(ticket.messages)}"


def evaluate(rules: Iterable[Rule], view: View, event: EventName) -> Trace:
    """What `rules` decide about `view` when `event` happens; changes nothing."""
    now = occasion(view.ticket, event, view.message)
    traces: list[RuleTrace] = []
    stopped = False
    for rule in rules:
        trace = RuleTrace(rule=rule, outcome="stopped") if stopped else _trace(rule, view, event, now)
        traces.append(trace)
        stopped = stopped or (rule.stop and trace.outcome in ("fired", "already fired"))
    return Trace(event=event, occasion=now, message=view.message.key if view.message else "", rules=tuple(traces))


def _trace(rule: Rule, view: View, event: EventName, now: str) -> RuleTrace:
    if event not in rule.events:
        return RuleTrace(rule=rule, outcome="other event")
    if _has_fired(rule, view.ticket, now):
        return RuleTrace(rule=rule, outcome="already fired")
    verdict = judge(rule.when, view) if rule.when is not None else None
    outcome: Outcome = "fired" if verdict is None or verdict.held else "not met"
    return RuleTrace(rule=rule, outcome=outcome, verdict=verdict)


def _has_fired(rule: Rule, ticket: Ticket, now: str) -> bool:
    if rule.once == "per_ticket":
        return any(one.rule == rule.id for one in ticket.fired)
    return ticket.has_fired(rule.id, now)
