"""What the retention rules say is over, and what is left of a ticket when its persons are taken out of it.

Ages are calendar time in the desk's zone. What is anonymised keeps its figures: times, statuses, owners, causes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.settings.settings import Duration, FieldSpec, Hours, RetentionRule
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Act, Event, Merged, Ticket
from ticketctl.domain.ticket.timeline import ESCALATION

ANONYMISED = "anonymised"
SUBJECT = "(anonymised)"
NOBODY = Person("")
NIGHT = Duration(days=1, calendar=True)  # between a close and what a label's rule takes: the day before, purge says so

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
        "promised",
        "promise dropped",
        "promise kept",
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
    """What shall happen to a ticket, by which rule, and that rule in words."""

    number: int
    then: Literal["anonymise", "delete"]
    why: str
    rule: RetentionRule | None = None


class Kept(msgspec.Struct, frozen=True):
    """What an anonymised ticket keeps, because it is a word of rules.yaml and no free text: `fields` whose values are
    listed there, `labels` and `causes`."""

    fields: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()


def plan(
    tickets: Iterable[Ticket], rules: Sequence[RetentionRule], timezone: str, now: datetime, kept: Kept
) -> list[Purge]:
    """The tickets whose time is over. Where several rules say so, deleting comes before anonymising."""
    found = []
    for ticket in tickets:
        due = [rule for rule in rules if _is_over(ticket, rule, timezone, now)]
        rule = next((rule for rule in due if rule.then == "delete"), due[0] if due else None)
        if rule and (rule.then == "delete" or not (is_anonymous(ticket) and _has_only(ticket, kept))):
            found.append(Purge(ticket.number, rule.then, told(rule), rule))
    return found


def next_plan(
    tickets: Sequence[Ticket],
    rules: Sequence[RetentionRule],
    timezone: str,
    now: datetime,
    within: Duration,
    kept: Kept,
) -> list[Purge]:
    """What is not over yet and will be `within` that time, as the tickets stand now."""
    over = {purge.number for purge in plan(tickets, rules, timezone, now, kept)}
    later = add(now, within, Hours(timezone=timezone))
    return [purge for purge in plan(tickets, rules, timezone, later, kept) if purge.number not in over]


def kept_words(fields: Mapping[str, FieldSpec], labels: Iterable[str], causes: Iterable[str]) -> Kept:
    """The words of rules.yaml that anonymised tickets keep."""
    declared = frozenset(name for name, spec in fields.items() if spec.values)
    return Kept(declared, frozenset(labels), frozenset(causes))


def expired(at: datetime, age: Duration, timezone: str, now: datetime) -> bool:
    """Whether `age`, as calendar time, has passed since `at`."""
    return add(at, msgspec.structs.replace(age, calendar=True), Hours(timezone=timezone)) <= now


def raw_expired(ticket: Ticket, age: Duration, timezone: str, now: datetime) -> list[str]:
    """The keys of messages whose original bytes have been kept long enough."""
    return [one.key for one in ticket.messages if one.raw and expired(one.at, age, timezone, now)]


def told(rule: RetentionRule) -> str:
    """ "closed for 24 months", "spam for 30d", "vip and closed for 24 months"."""
    age = str(rule.age).removeprefix("calendar ")
    if not rule.label:
        return f"closed for {age}"
    return f"{rule.label} and closed for {age}" if rule.status else f"{rule.label} for {age}"


def is_anonymous(ticket: Ticket) -> bool:
    """Whether it was anonymised, and nobody has written since."""
    last = next((event.at for event in reversed(ticket.events) if event.what == ANONYMISED), None)
    return last is not None and all(message.at <= last for message in ticket.messages)


def _has_only(ticket: Ticket, kept: Kept) -> bool:
    """Whether an anonymised ticket has no free text: earlier versions left labels and causes as they were, and somebody
    may have written on it since."""
    blank = _blank(ticket, kept)
    names = ("subject", "requester", "participants", "fields", "labels", "cause", "lesson", "events")
    return all(getattr(ticket, name) == getattr(blank, name) for name in names)


def anonymised(ticket: Ticket, act: Act, kept: Kept) -> Ticket:
    """Without persons, texts, subjects, attachments, ids, and fields, labels and causes that rules.yaml does not list.
    The hash of each message's content stays, so that the same mail is not taken in again. Which message concerns which
    of several requesters stays too, by the numbers of their tickets: the figures count them."""
    return _blank(ticket, kept).changed(act, ANONYMISED)


def _blank(ticket: Ticket, kept: Kept) -> Ticket:
    strangers = {
        party.ticket.requester: Person("", f"#{party.number}")
        for party in parties(ticket)
        if party.number != ticket.number
    }
    return msgspec.structs.replace(
        ticket,
        subject=SUBJECT,
        requester=NOBODY,
        participants=(),
        fields={name: value for name, value in ticket.fields.items() if name in kept.fields},
        labels=tuple(label for label in ticket.labels if label in kept.labels),
        cause=ticket.cause if ticket.cause in kept.causes else "",
        lesson="",
        rule_runs=(),
        messages=tuple(_blank_message(one, strangers) for one in ticket.messages),
        merged=tuple(_blank_merged(one, strangers, kept) for one in ticket.merged),
        events=tuple(_blank_event(event, kept) for event in ticket.events),
    )


def free_words(ticket: Ticket, kept: Kept) -> set[str]:
    """What of a ticket's free text a report or notice repeats, folded: names, labels, cause, lesson."""
    labels = (label for label in ticket.labels if label not in kept.labels)
    cause = ticket.cause if ticket.cause not in kept.causes else ""
    people = (ticket.requester, *ticket.participants, *(one.requester for one in ticket.merged))
    words = (ticket.lesson, cause, *labels, *(text for one in people for text in (one.name, one.address)))
    return {" ".join(word.split()).casefold() for word in words if len(word) > 3}


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
    if rule.label and not _labelled(ticket, rule.label):
        return False
    if not rule.open and (not ticket.closed or not (rule.status or expired(_closed_at(ticket), NIGHT, timezone, now))):
        return False
    since = [_labelled_at(ticket, rule.label)] if rule.label else []
    since += [_closed_at(ticket)] if rule.status else []
    return expired(max(since), rule.age, timezone, now)


def _closed_at(ticket: Ticket) -> datetime:
    return ticket.closed_at or ticket.opened_at


def _labelled(ticket: Ticket, label: str) -> bool:
    return label in ticket.labels or (label == "spam" and ticket.spam)


def _labelled_at(ticket: Ticket, label: str) -> datetime:
    """When it got the label that it has: the last time, since one that was taken off for a while counts anew."""
    found = (event.at for event in reversed(ticket.events) if _sets(event, label))
    return next(found, ticket.opened_at)


def _sets(event: Event, label: str) -> bool:
    if event.what == "labelled":
        return label in event.after.split(", ")
    return label == "spam" and event.what == "spam" and event.after == "yes"


def _blank_merged(merged: Merged, strangers: Mapping[Person, Person], kept: Kept) -> Merged:
    return msgspec.structs.replace(
        merged,
        requester=strangers.get(merged.requester, NOBODY),
        participants=(),
        subject=SUBJECT,
        events=tuple(_blank_event(event, kept) for event in merged.events),
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


def _blank_event(event: Event, kept: Kept) -> Event:
    if event.what == ANONYMISED:
        return event
    before, after = (_telling(event, value, kept) for value in (event.before, event.after))
    why = event.why if event.why == "undo" or event.why.startswith(ESCALATION) else ""  # figures hang on it
    return msgspec.structs.replace(event, before=before, after=after, why=why)


def _telling(event: Event, value: str, kept: Kept) -> str:
    """What of an event's value may stay."""
    if event.what in ("labelled", "unlabelled"):
        return ", ".join(label for label in value.split(", ") if label in kept.labels)
    if event.what == "cause":
        return value if value in kept.causes else ""
    if event.what.startswith("delivery "):
        return value.split(" ")[0]
    return value if event.what in _TELLING or event.what.removeprefix("field ") in kept.fields else ""
