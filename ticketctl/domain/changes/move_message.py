"""Moving one message that was joined wrongly: to another ticket, or to a new one.

The message goes whole (attachments, original bytes, delivery) and takes a free key in its new ticket; both histories
tell of it, and both tickets are linked as related. Later answers follow it, because a message is found by the ticket
that holds its Message-ID, our own replies too (conversation.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from ticketctl.domain.mail.filing import PARTICIPANTS
from ticketctl.domain.mail.threading import BY_NUMBER, BY_REPLY_TO
from ticketctl.domain.text.subjects import base_subject
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NextStep, Refused


def move(act: Act, source: Ticket, key: str, target: Ticket, ours: Callable[[str], bool]) -> tuple[Ticket, Ticket, str]:
    """(source, target, key there) after the message went from one to the other. Its sender takes part in the target,
    and a customer's message wakes a target that waited. `ours` tells our addresses. Raises Refused, NoSuchTicket."""
    _must_be_movable(source, key)
    if target.number == source.number:
        raise Refused(
            "#{number} {key} is in #{target} already",
            code="already_there",
            number=source.number,
            key=key,
            target=target.number,
        )
    if target.merged_into:
        raise Refused(
            "#{number} was merged into #{target}; move it there",
            code="move_target_merged",
            number=target.number,
            target=target.merged_into,
        )
    target.must_not_be_closed()
    message = source.message(key)
    there = target.next_key()
    after = _received(act, target, _moved(act, message, source.number, there), f"#{source.number} {key}")
    persons = [] if message.machine is not None else _persons(message, ours)
    after = after.add_participants(act, persons).link(act, source.number).hold_with(act, source)
    if after.status == "waiting" and message.from_customer:
        after = after.wake(act)
    return _released(act, source, message, f"#{target.number} {there}").link(act, target.number), after, there


def split(
    act: Act, source: Ticket, key: str, number: int, ours: Callable[[str], bool], subject: str = ""
) -> tuple[Ticket, Ticket]:
    """(source, new ticket) after the message became a ticket of its own, which began when the message came. It is its
    sender's, or of our own mail its recipient's; `subject` stands in for the message's. Raises Refused and
    NoSuchTicket."""
    _must_be_movable(source, key)
    message = source.message(key)
    persons = _persons(message, ours)
    if message.direction == "internal" or not persons:
        raise Refused(
            "#{number} {key} is not to or from a customer",
            code="not_splittable",
            number=source.number,
            key=key,
            next_step=(
                NextStep("move", source.number, f"{key} NUMBER", "puts it into another ticket"),
                NextStep("new", then="logs a matter of your own"),
            ),
        )
    ticket = Ticket(
        number=number,
        subject=subject or base_subject(message.subject) or source.subject,
        requester=persons[0],
        opened_at=message.at,
        channel=source.channel,
        language=message.language or source.language,
        test=source.test,
    )
    ticket = _received(act, ticket, _moved(act, message, source.number, "m1"), f"#{source.number} {key}")
    ticket = ticket.add_participants(act, persons[1:]).link(act, source.number).hold_with(act, source)
    if message.is_reply:
        ticket = ticket.touch(act)
    return _released(act, source, message, f"#{number} m1").link(act, number), ticket


def moved_copies(outbox: Iterable[Outbound], source: Ticket, key: str, target: int, there: str) -> list[Outbound]:
    """The outbox's mails of that message, made mails of its new place; raises Refused while one of them leaves."""
    found = [item for item in outbox if item.ticket == source.number and item.message == key]
    if any(item.state == "sending" for item in found):
        raise Refused(
            "#{number} {key} is being sent",
            code="message_being_sent",
            number=source.number,
            key=key,
            next_step=NextStep("send", then="first"),
        )
    return [msgspec.structs.replace(item, ticket=target, message=there) for item in found]


def _must_be_movable(source: Ticket, key: str) -> None:
    if source.merged_into:
        raise Refused(
            "#{number} was merged into #{target}, which has its messages",
            code="messages_elsewhere",
            number=source.number,
            target=source.merged_into,
        )
    message = source.message(key)
    if message.delivery == "draft":
        raise Refused(
            "#{number} {key} is a draft and was not sent",
            code="draft_not_movable",
            number=source.number,
            key=key,
            next_step=NextStep("reply", then="writes it elsewhere"),
        )
    if not any(one.key != key and one.kind in ("message", "note") for one in source.messages):
        raise Refused(
            "nothing would be left of #{number}",
            code="nothing_left",
            number=source.number,
            next_step=NextStep("merge", source.number, given={"into": "NUMBER"}, then="joins it whole"),
        )


def _moved(act: Act, message: Message, source: int, key: str) -> Message:
    """Somebody has looked where it belongs: it is no longer flagged as joined by its number, or Reply-To, alone."""
    why = f"moved from #{source} by {act.actor}" + (f"; there because it {message.why}" if message.why else "")
    flags = [flag for flag in message.flagged.split(", ") if flag not in ("", BY_NUMBER, BY_REPLY_TO)]
    return msgspec.structs.replace(message, key=key, why=why, flagged=", ".join(flags), together="")


def _received(act: Act, ticket: Ticket, message: Message, origin: str) -> Ticket:
    """In order of time; the earliest start counts, as with merges."""
    messages = tuple(sorted((*ticket.messages, message), key=lambda one: one.at))
    start = min(ticket.opened_at, message.at)
    return ticket.changed(act, "moved here", origin, message.key, messages=messages, opened_at=start)


def _released(act: Act, source: Ticket, message: Message, place: str) -> Ticket:
    """Without the message, and without the persons whom no other message names: they have no part in this matter."""
    messages = tuple(one for one in source.messages if one.key != message.key)
    named = {person.address for one in messages for person in (one.sender, *one.to, *one.cc)}
    gone = {person.address for person in (message.sender, *message.to, *message.cc)} - named
    runs = tuple(one for one in source.rule_runs if one.message != message.key)  # they quote it
    ticket = source.changed(act, "moved away", message.key, place, messages=messages, rule_runs=runs)
    left = [person for person in source.participants if person.address in gone]
    if not left:
        return ticket
    kept = tuple(person for person in source.participants if person.address not in gone)
    return ticket.changed(act, "participants left", left, "", participants=kept)


def _persons(message: Message, ours: Callable[[str], bool]) -> list[Person]:
    """The customers that it is from and to, the one whose matter it is first. As with mail that comes in, nobody
    becomes a party by a machine's mail, by a letter to hundreds, or by a note."""
    persons = {one.address: one for one in (message.sender, *message.to, *message.cc) if one.address}
    found = [] if message.direction == "internal" else [one for address, one in persons.items() if not ours(address)]
    return found[:1] if message.machine is not None or len(found) > PARTICIPANTS else found
