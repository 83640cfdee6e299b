"""What a rule asks of a ticket and the message that set it off, and the answer with its reasons.

How texts are compared is in `comparing.py`, what there is to look at in `view.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import add, next_opening
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.match import TextOperator, first, search, short
from ticketctl.domain.settings.settings import Duration
from ticketctl.domain.ticket.answering import written_since
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, answers

LabelOperator = Literal["has", "any_of", "none_of"]
Topic = Literal["personal_data"]
TEXT_SUBJECTS = ("subject", "body", "text", "from", "to", "attachment.name", "sender.domain")  # and header.NAME
SCALAR_SUBJECTS = ("status", "priority", "channel", "language", "assignee")  # and field.NAME
NUMBER_SUBJECTS = ("attachment.count", "attachment.size")
TIME_SUBJECTS = ("since_our_reply", "since_customer_message", "since_created")


class Text(msgspec.Struct, frozen=True, tag="text"):
    """`subject` is one of TEXT_SUBJECTS or `header.NAME`; it holds when any of its texts passes for any of `values`."""

    subject: str
    operator: TextOperator
    values: tuple[str, ...]


class Scalar(msgspec.Struct, frozen=True, tag="scalar"):
    """`subject` is one of SCALAR_SUBJECTS or `field.NAME`; "" stands for none."""

    subject: str
    operator: Literal["any_of", "none_of"]
    values: tuple[str, ...]


class Labels(msgspec.Struct, frozen=True, tag="labels"):
    """`has` asks for all of `values`."""

    operator: LabelOperator
    values: tuple[str, ...]


class Number(msgspec.Struct, frozen=True, tag="number", omit_defaults=True):
    """`subject` is one of NUMBER_SUBJECTS: how many attachments, or their bytes together."""

    subject: str
    at_least: int | None = None
    at_most: int | None = None


class Machine(msgspec.Struct, frozen=True, tag="machine"):
    """Whether a machine wrote the message (bounce, auto-reply, list …)."""

    expected: bool


class Since(msgspec.Struct, frozen=True, tag="since", omit_defaults=True):
    """`subject` is one of TIME_SUBJECTS: so much time has passed, or has not yet. What never happened does not hold."""

    subject: str
    at_least: Duration | None = None
    at_most: Duration | None = None


class Open(msgspec.Struct, frozen=True, tag="open"):
    """Whether it is within the opening hours: when the message came, in a sweep now. A desk without hours is open."""

    expected: bool


class Known(msgspec.Struct, frozen=True, tag="known"):
    """Whether the sender wrote before this message."""

    expected: bool


class About(msgspec.Struct, frozen=True, tag="about"):
    """Whether its subject or text asks for what the law gives a person: their own data, or its erasure."""

    topic: Topic


class All(msgspec.Struct, frozen=True, tag="all"):
    parts: tuple[Condition, ...]


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    parts: tuple[Condition, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    part: Condition


Condition = Text | Scalar | Labels | Number | Machine | Since | Open | Known | About | All | AnyOf | Not


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """One condition, answered: what was expected, what was there."""

    what: str
    held: bool
    expected: str = ""
    actual: str = ""
    parts: tuple[Verdict, ...] = ()


def judge(condition: Condition, view: View) -> Verdict:
    """Whether `condition` holds; all parts are answered, also those that no longer matter: `explain` shows them."""
    match condition:
        case Text():
            return _judge_text(condition, view)
        case Scalar(subject, operator, values):
            actual = _scalar(subject, view.ticket)
            held = (fold(actual) in map(fold, values)) == (operator == "any_of")
            return Verdict(subject, held, f"{operator} {_list(values)}", actual or "(none)")
        case Labels(operator, values):
            held = _labels_hold(operator, set(values), set(view.ticket.labels))
            return Verdict("labels", held, f"{operator} {_list(values)}", _list(view.ticket.labels))
        case Number(subject, at_least, at_most):
            count = _number(subject, view.message)
            held = (at_least is None or count >= at_least) and (at_most is None or count <= at_most)
            return Verdict(subject, held, _span(at_least, at_most), str(count))
        case Since():
            return _judge_since(condition, view)
        case Open(expected):
            moment, words = view.moment, ("outside", "inside")
            inside = next_opening(moment, view.hours) == moment
            return Verdict("hours", inside == expected, words[expected], words[inside])
        case Known(expected):
            wrote = view.wrote_before()
            return Verdict("sender.known", wrote == expected, str(expected).lower(), str(wrote).lower())
        case Machine(expected):
            kind = _machine(view.message)
            return Verdict("machine", (kind != "") == expected, str(expected).lower(), kind or "false")
        case About(topic):
            return _judge_about(topic, view)
        case All(parts):
            verdicts = tuple(judge(part, view) for part in parts)
            return Verdict("all", all(one.held for one in verdicts), parts=verdicts)
        case AnyOf(parts):
            verdicts = tuple(judge(part, view) for part in parts)
            return Verdict("any", any(one.held for one in verdicts), parts=verdicts)
        case Not(part):
            verdict = judge(part, view)
            return Verdict("not", not verdict.held, parts=(verdict,))


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """What it is made of, without all, any and not."""
    match condition:
        case None:
            return
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


# --- texts ---


def _judge_text(condition: Text, view: View) -> Verdict:
    if condition.operator == "matches":
        found = search(condition.values, view.raw_texts(condition.subject))
    else:
        subject = condition.subject
        found = first(condition.operator, condition.values, view.texts(subject), lambda: view.encoded(subject))
    actual = f"“{short(found)}” found" if found is not None else view.shown(condition.subject)
    return Verdict(condition.subject, found is not None, _expected(condition.operator, condition.values), actual)


def _judge_about(topic: Topic, view: View) -> Verdict:
    from ticketctl.domain.text import personal_data  # many expressions, for the few rules that ask

    found = search(personal_data.forms(), tuple(personal_data.spread(text) for text in view.texts("text")))
    actual = f"“{short(found)}” found" if found is not None else view.shown("text")
    return Verdict("about", found is not None, topic, actual)


@lru_cache(maxsize=1024)
def _expected(operator: str, values: tuple[str, ...]) -> str:
    return f"{operator} {_list(values)}"


# --- times ---


def _judge_since(condition: Since, view: View) -> Verdict:
    start = _began(condition.subject, view.ticket)
    low, high, now = condition.at_least, condition.at_most, view.moment
    held = start is not None and (
        (low is None or add(start, low, view.hours) <= now) and (high is None or now <= add(start, high, view.hours))
    )
    local = f"since {start.astimezone(ZoneInfo(view.hours.timezone)):%Y-%m-%d %H:%M}" if start else "never"
    if start is None and condition.subject == "since_our_reply" and answers(view.ticket):
        local = "somebody has written since"
    return Verdict(condition.subject, held, _span(low, high), local)


def _began(subject: str, ticket: Ticket) -> datetime | None:
    """A reply counts from when it was taken by the customer's server, and as long as nobody from outside has written
    since: nobody is reminded of what never came, or of what they have answered."""
    if subject == "since_created":
        return ticket.opened_at
    if subject == "since_our_reply":
        if written_since(ticket):
            return None
        return max((answered_at(message) for message in answers(ticket)), default=None)
    return max((message.at for message in ticket.messages if message.from_customer), default=None)


def implies(condition: Condition | None, wanted: Callable[[Condition], bool]) -> bool:
    """Whether a condition of which `wanted` holds must hold for the whole to hold."""
    match condition:
        case None | Not():
            return False
        case All(parts):
            return any(implies(part, wanted) for part in parts)
        case AnyOf(parts):
            return bool(parts) and all(implies(part, wanted) for part in parts)
        case _:
            return wanted(condition)


# --- the others ---


def _scalar(subject: str, ticket: Ticket) -> str:
    if subject.startswith("field."):
        return ticket.fields.get(subject.removeprefix("field."), "")
    return str(getattr(ticket, subject))


def _labels_hold(operator: str, wanted: set[str], there: set[str]) -> bool:
    if operator == "has":
        return wanted <= there
    return bool(wanted & there) == (operator == "any_of")


def _number(subject: str, message: Message | None) -> int:
    attachments = message.attachments if message else ()
    return len(attachments) if subject == "attachment.count" else sum(one.size for one in attachments)


def _machine(message: Message | None) -> str:
    if message is None:
        return ""
    return message.machine or (message.kind if message.kind in ("automatic", "bounce") else "")


def _span(at_least: object, at_most: object) -> str:
    bounds = (("at_least", at_least), ("at_most", at_most))
    return " and ".join(f"{name} {bound}" for name, bound in bounds if bound is not None)


def _list(values: Iterable[str]) -> str:
    return ", ".join(value or "(none)" for value in values) or "(none)"
