"""What happened on a ticket, as sentences: "Åsa Öberg wrote: “…”", "bo gave it to you", "rule vip set area to app"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.domain.deadlines import promises as promised
from ticketctl.domain.ticket.mentions import MENTIONED
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import PRIORITIES, Event, Ticket
from ticketctl.present.thread import event_words


class Told(msgspec.Struct, frozen=True):
    """An event, and for whom its sentence is; `message` is the one that it is about."""

    event: Event
    reader: str
    zone: tzinfo
    message: Message | None = None

    @property
    def who(self) -> str:
        """Who did it: an agent, a rule, or ticketctl."""
        event = self.event
        if event.actor != "system":
            return event.actor or "somebody"
        return event.why if event.why.startswith("rule ") else "ticketctl"

    @property
    def after(self) -> str:
        return line(self.event.after)

    @property
    def before(self) -> str:
        return line(self.event.before)

    def name(self, agent: str) -> str:
        return "you" if agent == self.reader else agent

    def moment(self, text: str) -> str:
        try:
            return local(datetime.fromisoformat(text), self.zone)
        except ValueError:
            return text


def sentence(ticket: Ticket, event: Event, reader: str, zone: tzinfo) -> str:
    """One line, for the agent `reader`, with instants in the desk's time."""
    key = event.before if event.what == MENTIONED else event.after
    message = next((one for one in ticket.messages if one.key == key), None)
    told = Told(event, reader, zone, message)
    kind = re.sub("^(field|delivery) .*", r"\1", event.what)
    make = _SENTENCES.get(kind)
    said = make(told) if make else event_words(event, zone)
    text = line(message.text) if message else ""
    return line(said) + (f": “{text}”" if text and kind in _QUOTED else "")


def _received(told: Told) -> str:
    message = told.message
    if message is None:
        return "a message came in"
    name = message.sender.name or message.sender.address or "somebody"
    if message.kind == "bounce":
        return "a mail came back"
    return f"an automatic mail came from {name}" if message.machine else f"{name} wrote"


def _assigned(told: Told) -> str:
    before, after, who = told.event.before, told.event.after, told.who
    if not after:
        return f"{who} gave it back" if before == who else f"{who} took it from {told.name(before)}"
    taken = f" (it was {_whose(told, before)})" if before and before != who else ""
    return f"{who} took it{taken}" if after == who else f"{who} gave it to {told.name(after)}{taken}"


def _whose(told: Told, agent: str) -> str:
    return "yours" if agent == told.reader else f"{agent}’s"


def _priority(told: Told) -> str:
    rank: dict[str, int] = {name: at for at, name in enumerate(PRIORITIES)}
    verb = "raised" if rank.get(told.event.after, 0) < rank.get(told.event.before, 0) else "lowered"
    return f"{told.who} {verb} the priority from {told.before} to {told.after}"


def _field(told: Told) -> str:
    name = told.event.what.removeprefix("field ")
    if not told.after:
        return f"{told.who} emptied {name} (it was {told.before})"
    return f"{told.who} set {name} to {told.after}" + (f" (it was {told.before})" if told.before else "")


def _closed(told: Told) -> str:
    how = told.after.replace("_", " ")
    return f"{told.who} closed it" + (f" ({how})" if how not in ("", "solved") else "")


def _delivery(told: Told) -> str:
    state, _, detail = told.after.partition(" ")
    key = told.event.what.removeprefix("delivery ")
    what = {
        "sent": "was sent",
        "bounced": "came back",
        "failed": "was refused by the receiving server",
        "deferred": "has not been accepted yet",
        "uncertain": "was perhaps not delivered",
        "held": "is held back",
    }.get(state, f"is {state}")
    return f"the reply {key} {what}" + (f" ({detail})" if detail else "")


def _spam(told: Told) -> str:
    return f"{told.who} marked it as spam" if told.after == "yes" else f"{told.who} said that it is no spam"


_SENTENCES: dict[str, Callable[[Told], str]] = {
    "received": _received,
    "noted": lambda told: f"{told.who} noted",
    MENTIONED: lambda told: f"{told.who} named you in a note",
    "replied": lambda told: f"{told.who} answered",
    "drafted": lambda told: f"{told.who} began a reply",
    "draft changed": lambda told: f"{told.who} changed the draft {told.before}",
    "draft dropped": lambda told: f"{told.who} dropped the draft {told.before}",
    "sent automatically": lambda _: "an automatic answer was written",
    "assigned": _assigned,
    "priority": _priority,
    "labelled": lambda told: f"{told.who} added the label {told.after}",
    "unlabelled": lambda told: f"{told.who} took the label {told.before} off",
    "field": _field,
    "waiting": lambda told: f"{told.who} lets it wait for the customer until {told.moment(told.event.after)}",
    "woken": lambda _: "it waits for us again",
    "opened": lambda told: f"{told.who} opened it",
    "closed": _closed,
    "reopened": lambda told: f"{told.who} opened it again" if told.event.actor != "system" else "it is open again",
    "spam": _spam,
    "cause": lambda told: f"{told.who} noted the cause {told.after or '(none)'}",
    "lesson": lambda told: f"{told.who} noted the lesson “{told.after}”",
    "linked": lambda told: f"{told.who} linked it to {told.after.rpartition(' ')[2]}",
    "unlinked": lambda told: f"{told.who} took the link to {told.before} off",
    "merged into": lambda told: f"{told.who} merged it into {told.after}",
    "merged from": lambda told: f"{told.who} merged {told.after} into it",
    "subject": lambda told: f"{told.who} changed the subject to “{told.after}”",
    "participants": lambda told: f"{told.after} {'take' if ',' in told.after else 'takes'} part now",
    "participants left": lambda told: f"{told.before} {'take' if ',' in told.before else 'takes'} part no longer",
    promised.MADE: lambda told: f"{told.who} promised an answer by {told.moment(told.event.after)}",
    promised.DROPPED: lambda told: f"{told.who} said that nothing is promised any more",
    promised.KEPT: lambda _: "what was promised has been kept",
    "delivery": _delivery,
}
_QUOTED = ("received", "noted", MENTIONED, "replied", "drafted", "sent automatically")
