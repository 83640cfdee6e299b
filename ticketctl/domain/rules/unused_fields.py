"""Declared fields that nothing uses, as far as the configuration and the tickets' history tell: whoever reads a field,
or lists by it, leaves no trace there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from ticketctl.domain.rules.actions import SetField
from ticketctl.domain.rules.conditions import Scalar, leaves
from ticketctl.domain.rules.rules import Rule
from ticketctl.domain.settings.settings import FieldSpec, RetentionRule
from ticketctl.domain.ticket.ticket import Ticket

_PRINTED = re.compile(r"\bfields\s*(?:\.\s*|\[\s*['\"])([\w-]+)")


def unused_fields(
    specs: Iterable[FieldSpec], named: Iterable[str], tickets: Iterable[Ticket], since: datetime, now: datetime
) -> tuple[str, ...]:
    """The fields that closing does not ask for, that are not among `named`, and that no person set or changed from
    since to now; in the order given."""
    known = set(named).union(*(_set_by_hand(ticket, since, now) for ticket in tickets))
    return tuple(spec.name for spec in specs if not spec.required_at_close and spec.name not in known)


def named_fields(rules: Iterable[Rule], retention: Iterable[RetentionRule], snippets: Iterable[str]) -> frozenset[str]:
    """The fields that conditions and actions of rules, retention rules and the texts of snippets speak of."""
    found: set[str] = set()
    for rule in rules:
        found |= {one.name for one in rule.then if isinstance(one, SetField)}
        subjects = (one.subject for one in leaves(rule.when) if isinstance(one, Scalar))
        found |= {subject.removeprefix("field.") for subject in subjects if subject.startswith("field.")}
    for kept in retention:
        found |= set(kept.fields)
    return frozenset(found.union(*(_PRINTED.findall(text) for text in snippets)))


def _set_by_hand(ticket: Ticket, since: datetime, now: datetime) -> Iterator[str]:
    for event in ticket.events:
        person = event.actor != "system" and not event.why.startswith("rule ")
        if person and since <= event.at <= now and event.what.startswith("field "):
            yield event.what.removeprefix("field ")
