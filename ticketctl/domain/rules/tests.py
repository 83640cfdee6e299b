"""The tests in rules.yaml: a made-up mail, what the rules shall make of it, and where that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ticketctl.domain.rules.actions import Applied, NotifyEffect, ReplyEffect
from ticketctl.domain.rules.rules import EventName, Rule, Trace
from ticketctl.domain.settings.settings import Duration
from ticketctl.domain.ticket.ticket import Ticket


class Given(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The customer's mail, and the ticket that it came to; of `agent_reply` our answer to it, which says the same.
    `state` are fields of Ticket that are set before the rules run. `passed` is how long ago the one of
    conditions.TIME_SUBJECTS that `since` names happened; `at` is when the mail came, local time without a zone, and
    `known` whether its sender wrote before."""

    event: EventName = "created"
    sender: str = "kund@kund.example"
    to: str = ""
    subject: str = "Test"
    text: str = ""
    headers: dict[str, str] = {}
    state: dict[str, str] = {}
    labels: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    known: bool = False
    at: datetime | None = None
    since: str = ""
    passed: Duration | None = None


class Expectation(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is left out (None) is not looked at. `values` are Ticket's own by name and fields as `field.NAME`; "" is
    none. `fired` are rules in file order, `replies` snippets in the order of the replies, `notified` who is, as
    Notify.whom says it."""

    values: dict[str, str] = {}
    labels: tuple[str, ...] | None = None
    fired: tuple[str, ...] | None = None
    replies: tuple[str, ...] | None = None
    notified: tuple[str, ...] | None = None


class RuleTest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`line` is its line in rules.yaml."""

    name: str
    given: Given
    expect: Expectation
    line: int = 0


class Rulebook(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What stands under `rules:` and `tests:` in rules.yaml."""

    rules: tuple[Rule, ...] = ()
    tests: tuple[RuleTest, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected or '(none)'}, got {self.actual or '(none)'}"


def differences(expect: Expectation, trace: Trace, applied: Applied) -> tuple[Difference, ...]:
    """Where what the rules did is not what was expected; empty where the test passes."""
    return tuple(Difference(*one) for one in _compared(expect, trace, applied) if one[1] != one[2])


def _compared(expect: Expectation, trace: Trace, applied: Applied) -> Iterator[tuple[str, str, str]]:
    ticket = applied.ticket
    for name, value in expect.values.items():
        yield name.removeprefix("field."), value, _value(ticket, name)
    if expect.labels is not None:
        yield "labels", _list(sorted(expect.labels)), _list(sorted(ticket.labels))
    if expect.fired is not None:
        yield "fired", _list(expect.fired), _list([rule.id for rule in trace.fired])
    if expect.replies is not None:
        snippets = [one.snippet for one in applied.effects if isinstance(one, ReplyEffect)]
        yield "replies", _list(expect.replies), _list(snippets)
    if expect.notified is not None:
        notified = {one.whom for one in applied.effects if isinstance(one, NotifyEffect)}
        yield "notified", _list(sorted(expect.notified)), _list(sorted(notified))


def _value(ticket: Ticket, name: str) -> str:
    if name.startswith("field."):
        return ticket.fields.get(name.removeprefix("field."), "")
    value: Any = getattr(ticket, name)
    return str(value)


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
