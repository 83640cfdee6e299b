"""What a rule asks of a ticket and the message that set it off, and the answer with its reasons.

Text is compared case-folded, in NFC and with white space collapsed, so that `Å` composed or not is the same letter and
a phrase may run over a line break. Nothing here backtracks: `matches` is RE2's, the rest are plain searches.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.hours import add, next_opening
from ticketctl.domain.message import Message, Person
from ticketctl.domain.query import fold
from ticketctl.domain.settings import Duration, Hours
from ticketctl.domain.ticket import Ticket
from ticketctl.domain.timeline import answered_at, answers

TextOperator = Literal["is", "any_of", "contains", "any_word", "starts_with", "ends_with", "matches"]
LabelOperator = Literal["has", "any_of", "none_of"]
TEXT_SUBJECTS = ("subject", "body", "text", "from", "to", "attachment.name", "sender.domain")  # and header.NAME
SCALAR_SUBJECTS = ("status", "priority", "channel", "language", "assignee")  # and field.NAME
NUMBER_SUBJECTS = ("attachment.count", "attachment.size")
TIME_SUBJECTS = ("since_our_reply", "since_customer_message", "since_created")
MANY = 8  # words: so many are worth a search for all of them at once


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


class All(msgspec.Struct, frozen=True, tag="all"):
    parts: tuple[Condition, ...]


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    parts: tuple[Condition, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    part: Condition


Condition = Text | Scalar | Labels | Number | Machine | Since | Open | Known | All | AnyOf | Not


class View(msgspec.Struct, frozen=True, dict=True):
    """What the rules of one run look at, frozen: the ticket as it was before any of them, the message that set them off
    (None where there is none) and that message's headers (names in any case). `now` is the instant that times are
    counted to, in `hours`; left out, it is when the message came. `wrote_before` tells whether the sender had; it may
    take a while, and is asked only by rules that need it."""

    ticket: Ticket
    message: Message | None = None
    headers: Mapping[str, tuple[str, ...]] = {}
    now: datetime | None = None
    hours: Hours = Hours()
    wrote_before: Callable[[], bool] = bool

    @property
    def moment(self) -> datetime:
        return self.now or (self.message.at if self.message else self.ticket.opened_at)

    @cached_property
    def _texts(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _encoded(self) -> dict[str, bytes]:
        return {}

    @cached_property
    def _shown(self) -> dict[str, str]:
        return {}

    def texts(self, subject: str) -> tuple[str, ...]:
        """The texts that `subject` means, each folded once."""
        if subject not in self._texts:
            self._texts[subject] = tuple(_plain(text) for text in self.raw_texts(subject))
        return self._texts[subject]

    def encoded(self, subject: str) -> bytes:
        """Those texts for RE2, which reads UTF-8."""
        if subject not in self._encoded:
            self._encoded[subject] = "\n".join(self.texts(subject)).encode("utf-8", "replace")
        return self._encoded[subject]

    def shown(self, subject: str) -> str:
        """The beginning of those texts, for people, on one line."""
        if subject not in self._shown:
            self._shown[subject] = short(" / ".join(self.raw_texts(subject))) or "(empty)"
        return self._shown[subject]

    def raw_texts(self, subject: str) -> tuple[str, ...]:
        if subject.startswith("header."):
            wanted = subject.removeprefix("header.").lower()
            return tuple(text for name, texts in self.headers.items() if name.lower() == wanted for text in texts)
        return _SUBJECTS[subject](self.ticket, self.message)


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
        case All(parts):
            verdicts = tuple(judge(part, view) for part in parts)
            return Verdict("all", all(one.held for one in verdicts), parts=verdicts)
        case AnyOf(parts):
            verdicts = tuple(judge(part, view) for part in parts)
            return Verdict("any", any(one.held for one in verdicts), parts=verdicts)
        case Not(part):
            verdict = judge(part, view)
            return Verdict("not", not verdict.held, parts=(verdict,))


@lru_cache(maxsize=256)
def pattern(text: str, *, any_case: bool = True) -> Any:
    """The compiled linear-time expression; raises ValueError that says what RE2 does not take."""
    import re2  # a C++ library that most desks never need: `matches` is rare

    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    try:
        return re2.compile(unicodedata.normalize("NFC", text), options)
    except re2.error as error:
        detail = error.args[0] if error.args else ""
        raise ValueError(detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)) from None


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
        found = _search(condition.values, view.raw_texts(condition.subject))
    else:
        found = _first(condition, view)
    actual = f"“{short(found)}” found" if found is not None else view.shown(condition.subject)
    return Verdict(condition.subject, found is not None, _expected(condition.operator, condition.values), actual)


def _first(condition: Text, view: View) -> str | None:
    """The first of the values that one of the texts passes for."""
    if len(condition.values) >= MANY and not _all_at_once(condition.values).search(view.encoded(condition.subject)):
        return None
    passes, texts = _OPERATORS[condition.operator], view.texts(condition.subject)
    return next((value for value, plain in _folded(condition.values) if any(passes(one, plain) for one in texts)), None)


@lru_cache(maxsize=1024)
def _all_at_once(values: tuple[str, ...]) -> Any:
    """Finds whether any of them is anywhere, which every operator asks at least: in most mails none is, and one pass by
    RE2 tells so ten times as fast as a search for each."""
    import re2

    try:
        return pattern("|".join(re2.escape(plain) for _, plain in _folded(values)), any_case=False)
    except ValueError:
        return pattern("")  # more than RE2 takes: it may be there, and each is looked for


@lru_cache(maxsize=1024)
def _folded(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each value as it is written and as it is compared: the same for every mail."""
    return tuple((value, _plain(value)) for value in values)


@lru_cache(maxsize=1024)
def _expected(operator: str, values: tuple[str, ...]) -> str:
    return f"{operator} {_list(values)}"


def _search(patterns: Iterable[str], texts: tuple[str, ...]) -> str | None:
    # RE2 reads UTF-8; a lone surrogate typed on a terminal must not stop the desk
    encoded = [unicodedata.normalize("NFC", text).encode("utf-8", "replace") for text in texts]
    for one in patterns:
        for text in encoded:
            if match := pattern(one).search(text):
                return str(match.group(0).decode("utf-8", "replace"))
    return None


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("’", "'").split())  # phones type can’t


def _has_word(text: str, word: str) -> bool:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _in_word(text[start - 1])) and not (end < len(text) and _in_word(text[end])):
            return True
        start = text.find(word, start + 1)
    return False


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda text, value: text == value,
    "any_of": lambda text, value: text == value,
    "contains": lambda text, value: value in text,
    "any_word": _has_word,
    "starts_with": lambda text, value: text.startswith(value),
    "ends_with": lambda text, value: text.endswith(value),
}


def _subject(ticket: Ticket, message: Message | None) -> tuple[str, ...]:
    return ((message.subject if message else "") or ticket.subject,)


def _body(ticket: Ticket, message: Message | None) -> tuple[str, ...]:
    # a forwarded mail has nothing newly written: then all of it counts
    return (message.text or message.whole,) if message else ()


def _names(persons: Iterable[Person]) -> tuple[str, ...]:
    return tuple(text for person in persons for text in (person.address, person.name) if text)


def _sender(ticket: Ticket, message: Message | None) -> Person:
    """The customer, also where a reply of ours is looked at."""
    return message.sender if message and message.direction != "out" else ticket.requester


_SUBJECTS: dict[str, Callable[[Ticket, Message | None], tuple[str, ...]]] = {
    "subject": _subject,
    "body": _body,
    "text": lambda ticket, message: _subject(ticket, message) + _body(ticket, message),
    "from": lambda ticket, message: _names([_sender(ticket, message)]),
    "to": lambda ticket, message: _names((*message.to, *message.cc)) if message else (),
    "attachment.name": lambda ticket, message: tuple(one.name for one in message.attachments) if message else (),
    "sender.domain": lambda ticket, message: (_sender(ticket, message).address.rpartition("@")[2],),
}


# --- times ---


def _judge_since(condition: Since, view: View) -> Verdict:
    start = _began(condition.subject, view.ticket)
    low, high, now = condition.at_least, condition.at_most, view.moment
    held = start is not None and (
        (low is None or add(start, low, view.hours) <= now) and (high is None or now <= add(start, high, view.hours))
    )
    local = f"since {start.astimezone(ZoneInfo(view.hours.timezone)):%Y-%m-%d %H:%M}" if start else "never"
    return Verdict(condition.subject, held, _span(low, high), local)


def _began(subject: str, ticket: Ticket) -> datetime | None:
    """A reply counts from when it was taken by the customer's server: nobody is reminded of what never came."""
    if subject == "since_created":
        return ticket.opened_at
    if subject == "since_our_reply":
        return max((answered_at(message) for message in answers(ticket)), default=None)
    return max((message.at for message in ticket.messages if message.from_customer), default=None)


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


def short(text: str, limit: int = 60) -> str:
    """The beginning of the text, on one line."""
    line = " ".join(text[: 8 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
