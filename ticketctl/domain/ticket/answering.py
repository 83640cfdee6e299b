"""Which messages of the customer were answered, and by what.

A reply answers what its writer could see: a message that was fetched after the reply was written is not answered by it,
however early it had arrived. A close settles what came before it for good (a call, say), unless it was undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import ancestry, origin, parties
from ticketctl.domain.ticket.ticket import STATUS_AFTER, Event, Status, Ticket
from ticketctl.domain.ticket.timeline import (
    Period,
    answered_at,
    answers,
    first_customer_message,
    imported_at,
    opened_by_team,
    periods,
    remembered,
    standing,
)


class Settling(msgspec.Struct, frozen=True):
    """What settles the messages that were here by then: a reply that was written, or a close. `place` is its place in
    the ticket's history; None for what a merge or a move brought."""

    at: datetime
    place: int | None
    reply: Message | None = None


class Exchange(msgspec.Struct, frozen=True):
    """Customer messages, by arrival, with what answered or settled them together; None where they wait for us."""

    messages: tuple[Message, ...]
    settled: Settling | None

    @property
    def began(self) -> datetime:
        return self.messages[0].at

    @property
    def ended(self) -> datetime | None:
        """When the reply was accepted, or the ticket closed; never before it began."""
        if self.settled is None:
            return None
        return max(answered_at(self.settled.reply) if self.settled.reply else self.settled.at, self.began)


def exchanges(ticket: Ticket, replies: Iterable[Message] | None = None) -> list[Exchange]:
    """What the customer wrote and what became of it, in the order in which it was settled, what is open last. Left out
    is what needs no answer: a message that left the ticket waiting or closed (a thank-you). `replies` are those that
    answer, where not all that arrived do. What came with a merged ticket was settled by the closes of that."""
    return _exchanges(ticket) if replies is None else _settled_by(ticket, list(replies))


@remembered
def _exchanges(ticket: Ticket) -> list[Exchange]:
    return _settled_by(ticket, answers(ticket))


def _settled_by(ticket: Ticket, written: Sequence[Message]) -> list[Exchange]:
    places = _places(ticket)
    homes = {prefix: _Home(one, _settlings(one, written, places), places) for prefix, one in ancestry(ticket).items()}
    found: dict[tuple[datetime, str] | None, list[Message]] = {}
    settled: dict[tuple[datetime, str] | None, Settling | None] = {None: None}
    for message in sorted(ticket.messages, key=lambda one: one.at):
        home = homes[origin(ticket, message)]
        if message.from_customer and message.key not in home.needless:
            first = next((one for one in home.settlings if _came_after(one, message, places)), None)
            key = (first.at, first.reply.key if first.reply else "~") if first else None
            found.setdefault(key, []).append(message)
            settled[key] = first
    ordered = sorted(key for key in found if key) + [None] * (None in found)
    return [Exchange(tuple(found[key]), settled[key]) for key in ordered]


def first_answer(ticket: Ticket) -> Message | None:
    """The first reply to the first message of the customer; None where a close settled that, or nobody has answered."""
    every = exchanges(ticket) if first_customer_message(ticket) else []
    return every[0].settled.reply if every and every[0].settled else None


def saw(ticket: Ticket, reply: Message, message: Message) -> bool:
    """Whether that message was here when that reply was written."""
    places = _places(ticket)
    return _came_after(Settling(reply.at, places.get(reply.key), reply), message, places)


def written_since(ticket: Ticket) -> bool:
    """Whether somebody from outside has written since our last reply that arrived: to them, or in a merged ticket to
    anybody where they have had none."""
    replies = answers(ticket)
    for _, party in parties(ticket):
        last = (answers(party) or replies)[-1:]
        if any(one.from_customer and not all(saw(party, reply, one) for reply in last) for one in party.messages):
            return True
    return False


def _came_after(settling: Settling, message: Message, places: dict[str, int]) -> bool:
    """The history tells what came after what; of messages that a merge or a move brought, their instants."""
    place = places.get(message.key)
    return settling.at >= message.known_at if place is None or settling.place is None else settling.place > place


def _places(ticket: Ticket) -> dict[str, int]:
    """Where in its history each message came in or was written; a reply that was released past others, where that
    was."""
    places: dict[str, int] = {}
    for at, event in enumerate(ticket.events):
        if event.what in ("received", "replied"):
            places[event.after] = at
        elif event.what == "released" and event.before in places:
            places[event.before] = at
    return places


def _settlings(ticket: Ticket, replies: Iterable[Message], places: dict[str, int]) -> list[Settling]:
    own = any(event.what == "received" for event in ticket.events)  # the history of a merged ticket has no such places
    found = [Settling(one.at, places.get(one.key), one) for one in replies]
    closes = (at for at, one in enumerate(standing(ticket)) if one and one.what == "closed")
    found += [Settling(ticket.events[at].at, at if own else None) for at in closes]
    return sorted(found, key=lambda one: (one.at, one.reply is None))


class _Home:
    """One of the tickets that a ticket is made of: what settles its messages, and the keys of those that need no
    answer."""

    def __init__(self, ticket: Ticket, settlings: list[Settling], places: dict[str, int]) -> None:
        self.settlings = settlings
        self.needless = _calls(ticket) | _thanks(ticket) | _unplaced(ticket, places) | _elsewhere(ticket)


def _calls(ticket: Ticket) -> set[str]:
    """A call that is logged asks for no answer."""
    return {one.key for one in ticket.messages if one.at <= ticket.opened_at} if opened_by_team(ticket) else set()


def _elsewhere(ticket: Ticket) -> set[str]:
    """What was said before the ticket came here from another system."""
    since = imported_at(ticket)
    return {one.key for one in ticket.messages if one.at <= since} if since else set()


def _thanks(ticket: Ticket) -> set[str]:
    """What left the ticket waiting or closed as it was."""
    status: Status = "new"
    found: set[str] = set()
    events = standing(ticket)
    for at, event in enumerate(events):
        if event is None:
            continue
        status = STATUS_AFTER.get(event.what, status)
        if event.what == "received" and status in ("waiting", "closed") and not _woke(event, events[at + 1 : at + 2]):
            found.add(event.after)
    return found


def _unplaced(ticket: Ticket, places: dict[str, int]) -> set[str]:
    """The same, of messages of which no history tells when they came in."""
    unplaced = [one for one in ticket.messages if one.key not in places]
    shut = [one for one in periods(ticket) if one.status == "closed"] if unplaced else []
    return {one.key for one in unplaced if _within(one.at, shut)}


def _woke(received: Event, following: Sequence[Event | None]) -> bool:
    return any(
        one and one.what in ("reopened", "woken") and (one.at, one.actor) == (received.at, received.actor)
        for one in following
    )


def _within(at: datetime, stretches: Iterable[Period]) -> bool:
    return any(one.start <= at and (one.end is None or at < one.end) for one in stretches)
