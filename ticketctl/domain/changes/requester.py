"""Whose matter a ticket is, corrected by a person: somebody passed on a customer's question, or a name was typed wrong.

What was written to the one before is no answer to the one whose matter it is: the first response counts for the real
customer. The one before takes part, so that their mails still join, and is not shown to the other by a copy.
"""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.parties import REQUESTER
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.errors import Refused


def change(ticket: Ticket, act: Act, person: Person) -> Ticket:
    """The ticket as a matter of `person`'s; the same again changes nothing but a name. Raises Refused for a ticket that
    was merged away."""
    if ticket.merged_into:
        raise Refused(
            "#{number} was merged into #{target}; change the requester there",
            code="requester_merged",
            number=ticket.number,
            target=ticket.merged_into,
        )
    before = ticket.requester
    if person.address == before.address and not person.name:
        person = msgspec.structs.replace(person, name=before.name)
    if person == before:
        return ticket
    after = _given(ticket, act, person)
    moved = "@" in before.address and person.address != before.address
    after = after.add_participants(act, [before]) if moved else after
    return after.wake(act) if _waits_for_another(after) else after


def _waits_for_another(ticket: Ticket) -> bool:
    """Whether it waits for an answer of somebody who was asked in the place of the one whose matter it is."""
    replies = [one for one in ticket.messages if one.is_reply]
    return (
        ticket.status == "waiting"
        and not ticket.waits_for_a_day
        and bool(replies)
        and all(one.aside for one in replies)
    )


def back(ticket: Ticket, act: Act, event: Event) -> Ticket:
    """What `change` did, undone. Raises Refused where it was changed since."""
    if str(ticket.requester) != event.after:
        raise Refused(
            "#{number}: the requester was changed since", code="requester_changed_since", number=ticket.number
        )
    return _given(ticket, act, Person.of(event.before))


def _given(ticket: Ticket, act: Act, person: Person) -> Ticket:
    before = ticket.requester
    ticket = ticket.changed(act, REQUESTER, before, person, requester=person)
    if person.address == before.address:
        return ticket
    messages = tuple(_judged_anew(one, before, person) for one in ticket.messages)
    return msgspec.structs.replace(ticket, messages=messages)


def _judged_anew(message: Message, before: Person, person: Person) -> Message:
    """A reply that went to either of them: an answer where it reached the one whose matter it is."""
    reached = {one.address for one in (*message.to, *message.cc, *message.bcc)}
    if not message.is_reply or not reached & {before.address, person.address} - {""}:
        return message
    return msgspec.structs.replace(message, aside=person.address not in reached)
