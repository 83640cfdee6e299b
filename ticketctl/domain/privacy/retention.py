"""What the retention rules say is over, and what is left of a ticket when its persons are taken out of it.

Ages are calendar time in the desk's zone. What is anonymised keeps its figures: times, statuses, owners, causes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
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
_AHEAD = timedelta(days=1)
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
    """What shall happen to a ticket, by which rule, that rule in words, and from when on."""

    number: int
    then: Literal["anonymise", "delete"]
    why: str
    rule: RetentionRule | None = None
    due: datetime | None = None


class Undated(msgspec.Struct, frozen=True):
    """A ticket that a rule is about and whose dates say nothing: it is never taken. `what` is "closed" or "label" (no
    date), or "future"."""

    number: int
    what: Literal["closed", "label", "future"]


class Kept(msgspec.Struct, frozen=True):
    """What an anonymised ticket keeps, because it is a word of rules.yaml and no free text: `fields` whose values are
    listed there, `labels` and `causes`."""

    fields: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()


def plan(
    tickets: Iterable[Ticket], rules: Sequence[RetentionRule], timezone: str, now: datetime, kept: Kept
) -> list[Purge]:
    """The tickets whose time is over and that no legal hold keeps. Where several rules say so, deleting comes before
    anonymising."""
    due = (_due(ticket, rules, timezone, now, kept) for ticket in tickets if not ticket.legal_hold)
    return [one for one in due if one]


def held_plan(
    tickets: Iterable[Ticket], rules: Sequence[RetentionRule], timezone: str, now: datetime, kept: Kept
) -> list[Purge]:
    """What would be over, and a legal hold keeps; `why` is that of the hold."""
    held = ((ticket, _due(ticket, rules, timezone, now, kept)) for ticket in tickets if ticket.legal_hold)
    return [msgspec.structs.replace(due, why=ticket.legal_hold) for ticket, due in held if due]


def _due(ticket: Ticket, rules: Sequence[RetentionRule], timezone: str, now: datetime, kept: Kept) -> Purge | None:
    due = [(rule, at) for rule in rules if (at := _over_at(ticket, rule, timezone)) and at <= now]
    if not due:
        return None
    rule, at = next((one for one in due if one[0].then == "delete"), due[0])
    if rule.then == "anonymise" and is_anonymous(ticket) and _has_only(ticket, kept):
        return None
    return Purge(ticket.number, rule.then, told(rule), rule, at)


def undated(tickets: Iterable[Ticket], rules: Sequence[RetentionRule], now: datetime) -> list[Undated]:
    """Tickets that a rule is about and that are never taken, because a date is missing or in the future."""
    found = []
    for ticket in tickets:
        concerned = [rule for rule in rules if _is_about(ticket, rule)]
        if not concerned:
            continue
        if ticket.closed and ticket.closed_at is None:
            found.append(Undated(ticket.number, "closed"))
        elif any(rule.label and _label_date(ticket, rule) is None for rule in concerned):
            found.append(Undated(ticket.number, "label"))
        elif max(ticket.opened_at, ticket.closed_at or ticket.opened_at) > now + _AHEAD:
            found.append(Undated(ticket.number, "future"))
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
    what = " and ".join([*([rule.label] if rule.label else []), *(f"{key} {one}" for key, one in rule.fields.items())])
    if not what:
        return f"closed for {age}"
    return f"{what} and closed for {age}" if rule.status else f"{what} for {age}"


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
        legal_hold="",
        rating_text="",
        messages=tuple(blank_message(one, strangers) for one in ticket.messages),
        merged=tuple(_blank_merged(one, strangers, kept) for one in ticket.merged),
        events=tuple(blank_event(event, kept) for event in ticket.events),
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


def _is_about(ticket: Ticket, rule: RetentionRule) -> bool:
    """Whether the rule is about it, however old it is."""
    return (
        (not rule.label or _labelled(ticket, rule.label))
        and all(ticket.fields.get(name) == value for name, value in rule.fields.items())
        and (rule.open or ticket.closed)
    )


def _over_at(ticket: Ticket, rule: RetentionRule, timezone: str) -> datetime | None:
    """When the rule takes it; None where it is not about it, or where a date is missing: nothing is taken then."""
    if not _is_about(ticket, rule) or (ticket.closed and ticket.closed_at is None):
        return None
    hours, since = Hours(timezone=timezone), [ticket.opened_at]
    if rule.label:
        labelled = _label_date(ticket, rule)
        if labelled is None:
            return None
        since.append(labelled)
    if rule.status and ticket.closed_at:
        since.append(ticket.closed_at)
    over = add(max(since), msgspec.structs.replace(rule.age, calendar=True), hours)
    if rule.open or rule.status or ticket.closed_at is None:
        return over
    return max(over, add(ticket.closed_at, NIGHT, hours))


def _label_date(ticket: Ticket, rule: RetentionRule) -> datetime | None:
    """When it got the label; where no event tells, when it was closed: that is later."""
    return _labelled_at(ticket, rule.label) or ticket.closed_at


def _labelled(ticket: Ticket, label: str) -> bool:
    return label in ticket.labels or (label == "spam" and ticket.spam)


def _labelled_at(ticket: Ticket, label: str) -> datetime | None:
    """When it got the label that it has: the last time, since one that was taken off for a while counts anew; None
    where no event tells."""
    return next((event.at for event in reversed(ticket.events) if _sets(event, label)), None)


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
        events=tuple(blank_event(event, kept) for event in merged.events),
    )


def blank_message(message: Message, strangers: Mapping[Person, Person]) -> Message:
    """Without words, files, ids and persons, but for `strangers` by whose stand-ins the figures tell them apart."""
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
        together=message.together,
        fetched_at=message.fetched_at,
    )


def blank_event(event: Event, kept: Kept) -> Event:
    """Without what somebody wrote or named in it."""
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
