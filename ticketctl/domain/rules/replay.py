"""What a set of rules would have done to a past ticket, beside what was done. Nothing is changed.

The rules are asked again of the ticket's first message and of each later one of the customer, at the instant at which
it came, about a ticket of which only they have made something; its status alone is taken from its history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

import msgspec

from ticketctl.domain.rules.actions import Workload, apply
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import EventName, Rule, evaluate
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.domain.ticket.timeline import as_of

BY_TURN = "(whose turn it is)"  # who that was then is not known: any owner agrees with it
Kind = Literal["same", "other", "rules alone", "done alone"]


class Past(msgspec.Struct, frozen=True):
    """What the rules may ask of the past: the headers of a message, whether its sender wrote before, who was away."""

    headers: Callable[[Message], Mapping[str, tuple[str, ...]]]
    wrote_before: Callable[[Ticket, Message], bool]
    away: Callable[[datetime], dict[str, str]]


class Contrast(msgspec.Struct, frozen=True):
    """One thing of one ticket; "" is nothing. `kind`: both the same, another value, or only one of the two."""

    ticket: int
    what: str
    would: str
    was: str
    kind: Kind


class Replayed(msgspec.Struct, frozen=True):
    """`would_fire` and `fired` are rules' ids, each once."""

    ticket: int
    contrasts: tuple[Contrast, ...]
    would_fire: tuple[str, ...]
    fired: tuple[str, ...]


def can_be_replayed(ticket: Ticket) -> bool:
    """Whether rules were run on it at all, and its messages are here."""
    by_hand = ticket.channel in ("phone", "visit", "system")
    return bool(not by_hand and not ticket.merged_into and ticket.messages and ticket.messages[0].direction == "in")


def replay(ticket: Ticket, rules: Sequence[Rule], hours: Hours, past: Past) -> Replayed:
    """What `rules` make of the ticket's mails, against how it is. Sweeps are left out."""
    would = Ticket(
        number=ticket.number,
        subject=ticket.subject,
        requester=ticket.requester,
        opened_at=ticket.opened_at,
        channel=ticket.channel,
        language=ticket.language,
        participants=ticket.participants,
    )
    fired: dict[str, None] = {}
    for event, message in _letters(ticket):
        then = as_of(ticket, message.at)
        would = msgspec.structs.replace(would, messages=then.messages, status=then.status)
        before = partial(past.wrote_before, ticket, message)
        view = View(would, message, past.headers(message), None, hours, before)
        trace = evaluate(rules, view, event)
        load = Workload({BY_TURN: 0}, away=past.away(message.at))
        would = apply(would, trace, Act("system", message.at), load, hours).ticket
        fired.update(dict.fromkeys(rule.id for rule in trace.fired))
    mail_rules = (one.rule for one in ticket.fired if one.occasion.startswith(("created", "customer_message")))
    return Replayed(ticket.number, tuple(_contrasts(would, ticket)), tuple(fired), tuple(dict.fromkeys(mail_rules)))


def _letters(ticket: Ticket) -> Iterator[tuple[EventName, Message]]:
    """What the rules were asked about. What a merge brought had opened a ticket of its own."""
    first, *later = ticket.messages
    yield "created", first
    for message in later:
        if message.from_customer and "." not in message.key:
            yield "customer_message", message


def _contrasts(would: Ticket, was: Ticket) -> Iterator[Contrast]:
    yield _contrast(was.number, "priority", would.priority, _decided(was, "priority", was.priority))
    owner = _decided(was, "assigned", was.assignee)
    yield _contrast(was.number, "assignee", owner if would.assignee == BY_TURN and owner else would.assignee, owner)
    for label in sorted({*would.labels, *was.labels}):
        yield _contrast(was.number, f"label {label}", "yes" * (label in would.labels), "yes" * (label in was.labels))
    for name in sorted({*would.fields, *was.fields}):
        yield _contrast(was.number, name, would.fields.get(name, ""), was.fields.get(name, ""))
    yield _contrast(was.number, "spam", "yes" * would.spam, "yes" * was.spam)


def _contrast(number: int, what: str, would: str, was: str) -> Contrast:
    kind: Kind = "same" if would == was else "done alone" if not would else "rules alone" if not was else "other"
    return Contrast(number, what, would, was, kind)


def _decided(ticket: Ticket, what: str, now: str) -> str:
    """The value that rules and persons gave it, before time running out changed it."""
    changes = [event for event in ticket.events if event.what == what]
    own = [event.after for event in changes if not event.why.startswith("escalation ")]
    if own or not changes:
        return own[-1] if own else now
    return changes[0].before


def counted(contrasts: Iterable[Contrast]) -> dict[str, dict[Kind, int]]:
    """By what is contrasted, how many of each kind; what neither the rules nor anybody set is left out."""
    counts: dict[str, dict[Kind, int]] = {}
    for one in contrasts:
        if one.would or one.was:
            kinds = counts.setdefault(one.what, {"same": 0, "other": 0, "rules alone": 0, "done alone": 0})
            kinds[one.kind] += 1
    return counts
