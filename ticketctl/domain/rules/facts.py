"""What the rules of one run look at: a ticket, the message that set them off, and the texts that each subject means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from itertools import takewhile

import msgspec

from ticketctl.domain.rules.match import plain_text, short
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.text.subjects import base_subject, is_forward
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket


class View(msgspec.Struct, frozen=True, dict=True):
    """What the rules of one run look at, frozen: the ticket as it was before any of them, the message that set them off
    (None where there is none) and that message's headers (names in any case). `now` is the instant that times are
    counted to, in `hours`; left out, it is when the message came. `wrote_before` tells whether the sender had; it may
    take a while, and is asked only by rules that need it. `later`: the message came to a conversation that was there;
    then `text` and `body` are what is new in it, without the subject that it has had and without quotes."""

    ticket: Ticket
    message: Message | None = None
    headers: Mapping[str, tuple[str, ...]] = {}
    now: datetime | None = None
    hours: Hours = Hours()
    wrote_before: Callable[[], bool] = bool
    later: bool = False

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
            self._texts[subject] = tuple(plain_text(text) for text in self.raw_texts(subject))
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
        if self.later and subject in ("text", "body"):
            new = (*_new_subject(self.ticket, self.message), *_new_body(self.message))
            return new if subject == "text" else _new_body(self.message)
        return _SUBJECTS[subject](self.ticket, self.message)


def _subject(ticket: Ticket, message: Message | None) -> tuple[str, ...]:
    return ((message.subject if message else "") or ticket.subject,)


def _body(ticket: Ticket, message: Message | None) -> tuple[str, ...]:
    # a forwarded mail has nothing newly written: then all of it counts
    return (message.text or message.whole,) if message else ()


def _new_subject(ticket: Ticket, message: Message | None) -> tuple[str, ...]:
    """The subject where the conversation has not had it before."""
    if message is None:
        return ()
    earlier = takewhile(lambda one: one.key != message.key, ticket.messages)
    had = {base_subject(subject) for subject in (ticket.subject, *(one.subject for one in earlier))}
    return () if base_subject(message.subject) in had else (message.subject,)


def _new_body(message: Message | None) -> tuple[str, ...]:
    """What its writer newly wrote; of a mail that is nothing but a quote, nothing."""
    if message is None or message.whole or is_forward(message.subject):
        return (message.text or message.whole,) if message else ()
    from ticketctl.domain.text import quotes  # its patterns take 5 ms, and `list` quotes nothing

    return (quotes.split(message.text, message.subject).new_text,)


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
