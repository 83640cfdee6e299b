"""What the retention rules say is over, and what is left of a ticket when its persons are taken out of it.

Ages are calendar time in the desk's zone. What is anonymised keeps its figures: times, statuses, owners, causes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.hours import add
from ticketctl.domain.message import Message, Person
from ticketctl.domain.parties import parties
from ticketctl.domain.settings import Duration, Hours, RetentionRule
from ticketctl.domain.ticket import Act, Event, Merged, Ticket
from ticketctl.domain.timeline import ESCALATION

ANONYMISED = "anonymised"
SUBJECT = "(anonymised)"
NOBODY = Person("")

# Events whose values are statuses, agents, numbers or words of rules.yaml; of all others only the fact stays.
_TELLING = frozenset(
    {
        "opened",
        "waiting",
        "woken",
        "closed",
        "reopened",
        "assigned",
        "priority",
        "received",
        "replied",
        "noted",
        "drafted",
        "sent automatically",
        "cause",
        "promised",
        "promise dropped",
        "promise kept",
        "labelled",
        "unlabelled",
        "spam",
        "linked",
        "unlinked",
        "merged from",
        "merged into",
        "unmerged",
        "joined",
        "released",
        "moved here",
        "moved away",
        ANONYMISED,
    }
)


class Purge(msgspec.Struct, frozen=True):
    """What shall happen to a ticket, and the rule in words."""

    number: int
    then: Literal["anonymise", "delete"]
    why: str


def plan(tickets: Iterable[Ticket], rules: Sequence[RetentionRule], timezone: str, now: datetime) -> list[Purge]:
    """The tickets whose time is over. Where several rules say so, deleting comes before anonymising."""
    found = []
    for ticket in tickets:
        due = [rule for rule in rules if _is_over(ticket, rule, timezone, now)]
        rule = next((rule for rule in due if rule.then == "delete"), due[0] if due else None)
        if rule and (rule.then == "delete" or not is_anonymous(ticket)):
            found.append(Purge(ticket.number, rule.then, told(rule)))
    return found


def expired(at: datetime, age: Duration, timezone: str, now: datetime) -> bool:
    """Whether `age`, as calendar time, has passed since `at`."""
    return add(at, msgspec.structs.replace(age, calendar=True), Hours(timezone=timezone)) <= now


def raw_expired(ticket: Ticket, age: Duration, timezone: str, now: datetime) -> list[str]:
    """The keys of messages whose original bytes have been kept long enough."""
    return [one.key for one in ticket.messages if one.raw and expired(one.at, age, timezone, now)]


def told(rule: RetentionRule) -> str:
    """ "closed for 24 months", "spam, opened 30d ago"."""
    age = str(rule.age).removeprefix("calendar ")
    since = f"closed for {age}" if rule.status == "closed" else f"opened {age} ago"
    return f"{rule.label}, {since}" if rule.label else since


def is_anonymous(ticket: Ticket) -> bool:
    """Whether it was anonymised, and nobody has written since."""
    last = next((event.at for event in reversed(ticket.events) if event.what == ANONYMISED), None)
    return last is not None and all(message.at <= last for message in ticket.messages)


def anonymised(ticket: Ticket, act: Act, kept_fields: frozenset[str]) -> Ticket:
    """Without persons, texts, subjects, attachments, ids and free fields. `kept_fields` are those whose values are
    words of rules.yaml. The hash of each message's content stays, so that the same mail is not taken in again. Which
    message concerns which of several requesters stays too, by the numbers of their tickets: the figures count them."""
    strangers = {
        party.ticket.requester: Person("", f"#{party.number}")
        for party in parties(ticket)
        if party.number != ticket.number
    }
    blank = msgspec.structs.replace(
        ticket,
        subject=SUBJECT,
        requester=NOBODY,
        participants=(),
        fields={name: value for name, value in ticket.fields.items() if name in kept_fields},
        lesson="",
        rule_runs=(),
        messages=tuple(_blank_message(one, strangers) for one in ticket.messages),
        merged=tuple(_blank_merged(one, strangers) for one in ticket.merged),
        events=tuple(_blank_event(event, kept_fields) for event in ticket.events),
    )
    return blank.changed(act, ANONYMISED)


def without_raw(ticket: Ticket, act: Act, keys: Sequence[str]) -> Ticket:
    """The ticket without the original bytes of these messages; what they said stays."""
    messages = tuple(
        msgspec.structs.replace(message, raw="") if message.key in keys else message for message in ticket.messages
    )
    return ticket.changed(act, "original mail removed", "", keys, messages=messages)


def blobs_of(ticket: Ticket) -> set[str]:
    """The blobs that the ticket names."""
    attached = {attachment.sha256 for message in ticket.messages for attachment in message.attachments}
    return (attached | {message.raw for message in ticket.messages}) - {""}


def larger_than_expected(count: int, of: int) -> bool:
    """More than 20, and more than a twentieth: such a deletion asks first."""
    return count > 20 and count * 20 > of


def _is_over(ticket: Ticket, rule: RetentionRule, timezone: str, now: datetime) -> bool:
    if rule.label and rule.label not in ticket.labels and not (rule.label == "spam" and ticket.spam):
        return False
    since = ticket.opened_at
    if rule.status:
        if ticket.status != rule.status:
            return False
        since = ticket.closed_at or ticket.opened_at
    return expired(since, rule.age, timezone, now)


def _blank_merged(merged: Merged, strangers: Mapping[Person, Person]) -> Merged:
    return msgspec.structs.replace(
        merged,
        requester=strangers.get(merged.requester, NOBODY),
        participants=(),
        subject=SUBJECT,
        events=tuple(_blank_event(event, frozenset()) for event in merged.events),
    )


def _blank_message(message: Message, strangers: Mapping[Person, Person]) -> Message:
    known = {person.address: number for person, number in strangers.items()}
    return Message(
        key=message.key,
        direction=message.direction,
        kind=message.kind,
        at=message.at,
        sender=known.get(message.sender.address, NOBODY),
        to=tuple(known[one.address] for one in message.to if one.address in known),
        content=message.content,
        author=message.author,
        source=message.source,
        machine=message.machine,
        language=message.language,
        delivery=message.delivery,
        delivered_at=message.delivered_at,
        aside=message.aside,
        fetched_at=message.fetched_at,
    )


def _blank_event(event: Event, kept_fields: frozenset[str]) -> Event:
    telling = event.what in _TELLING or event.what.removeprefix("field ") in kept_fields
    after = event.after if telling else event.after.split(" ")[0] if event.what.startswith("delivery ") else ""
    why = event.why if event.why == "undo" or event.why.startswith(ESCALATION) else ""  # figures hang on it
    return msgspec.structs.replace(event, before=event.before if telling else "", after=after, why=why)
