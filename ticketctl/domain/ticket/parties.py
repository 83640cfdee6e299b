"""Who waits for an answer in a ticket: its requester, and after merges the requesters of what was merged into it.

Customers who came together only because we merged their tickets do not know of each other. Each has a conversation of
their own in the ticket: what they wrote, what we wrote to them, who took part there. `parties` gives the ticket as each
of them knows it; whatever is asked of a ticket (whom to write to, which mail is answered, is it answered at all) can
be asked of that.

`ancestry` gives the tickets that one ticket is made of, each with its own history up to the merge and the common one
from then on: a promise is decided by the priority and the closings of the ticket in which it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Merged, Ticket

REQUESTER = "requester"  # the event of a change of requester


class Party(NamedTuple):
    """`ticket` as `ticket.requester` knows it. `number` is the ticket that they came with."""

    number: int
    ticket: Ticket


def parties(ticket: Ticket) -> tuple[Party, ...]:
    """The ticket as each of its requesters knows it, its own requester first. One who has several of the merged
    tickets is one party; the ticket itself where that is all."""
    circles = _circles(ticket) if ticket.merged else []
    if len(circles) < 2:
        return (Party(ticket.number, ticket),)
    for message in ticket.messages:
        for circle in _of(message, ticket, circles):
            circle.messages.append(message)
            circle.members.update(_named(message))
    requesters = {_who(circle.requester) for circle in circles}
    return tuple(_party(ticket, circle, requesters) for circle in circles)


def ancestry(ticket: Ticket) -> Mapping[str, Ticket]:
    """Prefix of the messages → the ticket that they came with, with those messages and the history that counts for
    them; "" for the ticket's own."""
    if not ticket.merged:
        return {"": ticket}
    own = msgspec.structs.replace(ticket, opened_at=ticket.own_start, merged=(), messages=_messages(ticket, ""))
    return {"": own} | {one.prefix: _before(ticket, one) for one in ticket.merged}


def origin(ticket: Ticket, message: Message) -> str:
    """The prefix of the merged ticket that the message came with, "" for none."""
    if not ticket.merged:
        return ""
    found = (one.prefix for one in ticket.merged if message.key.startswith(one.prefix))
    return max(found, key=len, default="")


def predecessors(ticket: Ticket) -> frozenset[str]:
    """The addresses of those whose matter it was thought to be."""
    found = {Person.of(one.before).address for one in ticket.events if one.what == REQUESTER}
    return frozenset(found - {ticket.requester.address, ""})


def apart(ticket: Ticket) -> frozenset[str]:
    """Participants of this conversation whom its requester has never seen in a mail: those to whom we alone wrote,
    those whose mail was moved here, and who was taken for the requester. Neither may learn the other's address unless
    somebody says so."""
    met: set[str] = set()
    strangers = set(predecessors(ticket))
    for message in ticket.messages:
        named = _named(message)
        if ticket.requester.address in named:
            met |= named
        elif message.direction == "out" or message.why.startswith("moved from"):
            strangers |= named
    return frozenset(strangers - met)


# --- inside ---


class _Circle(msgspec.Struct):
    """One requester's conversation, while it is gathered."""

    head: Merged | None
    requester: Person
    prefixes: set[str]
    members: set[str]
    messages: list[Message] = []


def _circles(ticket: Ticket) -> list[_Circle]:
    circles = {_who(ticket.requester): _Circle(None, ticket.requester, {""}, {_who(ticket.requester)})}
    for one in ticket.merged:
        circle = circles.setdefault(_who(one.requester), _Circle(one, one.requester, set(), {_who(one.requester)}))
        circle.prefixes.add(one.prefix)
        circle.members.update(map(_who, one.participants))
    return list(circles.values())


def _who(person: Person) -> str:
    """Whom a ticket is from; a caller without mail is known by the name or telephone number."""
    return person.address or person.name


def _of(message: Message, ticket: Ticket, circles: list[_Circle]) -> list[_Circle]:
    """Whose conversations the message belongs to: of those it came with; since the merge its sender's, that of whom it
    was written to, that in which they take part, that of the mail it answers; else the ticket's own."""
    prefix = origin(ticket, message)
    if prefix:
        return [circle for circle in circles if prefix in circle.prefixes]
    own = circles[0]
    people = {_who(message.sender)} if message.direction == "in" else _named(message) | set(map(_who, message.bcc))
    asked = [circle for circle in circles if _who(circle.requester) in people - {""}]
    if asked:
        return asked
    taking_part = [circle for circle in circles if people & circle.members]
    answered = [circle for circle in circles if {one.message_id for one in circle.messages} & {*message.references}]
    return ([one for one in answered if one in taking_part] or answered or taking_part or [own])[:1]


def _named(message: Message) -> set[str]:
    """The addresses that all who get the message see; of our own mail those that it is to."""
    persons: Iterable[Person] = (*message.to, *message.cc)
    if message.direction == "in":
        persons = (message.sender, *persons)
    return set(map(_who, persons)) - {""}


def _party(ticket: Ticket, circle: _Circle, requesters: set[str]) -> Party:
    """Other requesters are no participants here: they are written to themselves."""
    merged, head = ticket.merged, circle.head
    joined = {_who(person) for one in merged for person in (one.requester, *one.participants)}
    at_home = set(map(_who, ticket.participants)) - joined if head is None else set[str]()
    members = (circle.members | at_home) - requesters
    seen = msgspec.structs.replace(
        ticket,
        requester=circle.requester,
        participants=tuple(one for one in ticket.participants if _who(one) in members),
        merged=tuple(one for one in merged if one.prefix in circle.prefixes),
        messages=tuple(circle.messages),
    )
    if head is None:
        return Party(ticket.number, msgspec.structs.replace(seen, opened_at=ticket.own_start))
    seen = msgspec.structs.replace(
        seen, subject=head.subject, language=head.language, channel=head.channel, opened_at=head.opened_at
    )
    return Party(int(head.prefix.partition(".")[0]), seen)


def _before(ticket: Ticket, merged: Merged) -> Ticket:
    """The ticket that was merged, as if it had gone on as this one."""
    return msgspec.structs.replace(
        ticket,
        requester=merged.requester,
        opened_at=merged.opened_at,
        channel=merged.channel,
        events=(*merged.events, *ticket.events_since(merged)),
        messages=_messages(ticket, merged.prefix),
        merged=(),
    )


def _messages(ticket: Ticket, prefix: str) -> tuple[Message, ...]:
    return tuple(one for one in ticket.messages if origin(ticket, one) == prefix)
