"""A ticket from what `export` prints, or from what another system knows in that shape (docs/import.md).

A ticket of our own export is the same ticket again. One from elsewhere begins with the event "imported", before which
nothing was promised here: it is in no figure and no clock of it runs until its customer writes again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ticketctl.domain.ticket.message import Attachment, Direction, Kind, Message, Person
from ticketctl.domain.ticket.ticket import (
    IMPORTED,
    THERE,
    Act,
    Channel,
    Event,
    Link,
    Priority,
    Relation,
    Status,
    Ticket,
)

Json = Mapping[str, Any]
Place = tuple[str, dict[str, Any]]
"""Where a ticket stands, as "tickets.jsonl:17", and its shape."""
WAITS = timedelta(days=7)  # a ticket that waited there without a date comes back after so long
UNKNOWN = "unknown"
ELSEWHERE = "elsewhere"  # of a system that is not named
PATH = "path:"  # how Attachment.sha256 begins as long as the bytes lie in a folder


class ForeignFile(msgspec.Struct, kw_only=True):
    """The bytes are under their sha256 in the folder of files, or under `path` there."""

    name: str
    type: str = "application/octet-stream"
    size: int = 0
    sha256: str = ""
    path: str = ""
    inline: bool = False


class ForeignMessage(msgspec.Struct, kw_only=True):
    """`author` is the name or address of who of the team wrote it. `at` is RFC 3339."""

    at: datetime
    direction: Direction = "in"
    kind: Kind = "message"
    sender: Person | None = msgspec.field(default=None, name="from")
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    subject: str = ""
    text: str = ""
    message_id: str | None = None
    references: tuple[str, ...] = ()
    author: str | None = None
    attachments: tuple[ForeignFile, ...] = ()


class ForeignLink(msgspec.Struct):
    to: str | int
    kind: Relation = "related"


class ForeignTicket(msgspec.Struct, kw_only=True):
    """`number` is the other system's, with digits or without; `system` is its name. `events` are what happened there:
    `at`, `actor`, `what`, `before`, `after`."""

    number: str | int
    subject: str = ""
    status: Status = "open"
    priority: Priority = "medium"
    requester: Person | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    wake_at: datetime | None = None
    channel: Channel = "email"
    cause: str | None = None
    spam: bool = False
    links: tuple[ForeignLink, ...] = ()
    messages: tuple[ForeignMessage, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    system: str = ""


def is_own(shape: Json) -> bool:
    """Whether it is a line of our own `export`."""
    messages = shape.get("messages", ())
    return "revision" in shape and "events" in shape and all("key" in one for one in messages)


def own(shape: Json) -> Ticket:
    """The ticket that was exported; raises msgspec.ValidationError, which names the place."""
    return msgspec.convert(_renamed(shape), Ticket)


def _renamed(shape: Json) -> dict[str, Any]:
    found = {name: value for name, value in shape.items() if value is not None}
    found["messages"] = [
        {("sender" if name == "from" else name): value for name, value in one.items() if value is not None}
        for one in found.get("messages", ())
    ]
    found["events"] = [{name: value for name, value in one.items() if value is not None} for one in found["events"]]
    return found


class Team(msgspec.Struct, frozen=True):
    """`agents` are the names of the team; `people` say whom of them a name or address of the other system means."""

    agents: Collection[str]
    people: Mapping[str, str] = {}

    def agent(self, name: str) -> str:
        """ "" for whom nobody knows."""
        found = self.people.get(name, self.people.get(name.lower(), name))
        return found if found in self.agents else ""


def foreign(shape: ForeignTicket, number: int, team: Team, act: Act) -> Ticket:
    """The ticket under a number of ours. Links are left to the caller, who knows the numbers of the others."""
    requester = _requester(shape)
    every = enumerate(_in_order(shape.messages), 1)
    messages = tuple(_message(f"m{at}", one, requester, team) for at, one in every)
    times = [one.at for one in messages]
    opened = shape.opened_at or min(times, default=act.at)
    owner = team.agent(shape.assignee or "")
    origin = f"{shape.system or ELSEWHERE} {shape.number}"
    first = Event(at=act.at, actor=act.actor, what=IMPORTED, before=origin, why=act.why)
    closed = shape.status == "closed"
    status, wake = _waiting(shape, act.at)
    return Ticket(
        number=number,
        subject=shape.subject,
        requester=requester,
        opened_at=opened.astimezone(UTC),
        status=status,
        priority=shape.priority,
        assignee=owner,
        labels=tuple(dict.fromkeys(shape.labels)),
        fields={name: value for name, value in shape.fields.items() if value},
        channel=shape.channel,
        closed_at=(shape.closed_at or max(times, default=opened)).astimezone(UTC) if closed else None,
        wake_at=wake,
        cause=shape.cause or "",
        resolution="imported" if closed else "",
        spam=shape.spam,
        messages=messages,
        events=(first, *_events(shape, owner, opened, act), *_ended(shape, messages, opened, act), *_waits(wake, act)),
    )


def _in_order(messages: Sequence[ForeignMessage]) -> list[ForeignMessage]:
    """By time; those of the same second stay in the order in which they were given."""
    return sorted(messages, key=lambda one: one.at)


def _message(key: str, one: ForeignMessage, requester: Person, team: Team) -> Message:
    """Who wrote what came in, where that is left out, was the requester."""
    ours = one.direction != "in"
    return Message(
        key=key,
        direction=one.direction,
        kind=one.kind,
        at=one.at.astimezone(UTC),
        sender=one.sender or (Person("", one.author or UNKNOWN) if ours else requester),
        to=one.to,
        cc=one.cc,
        bcc=one.bcc,
        subject=one.subject,
        text=one.text,
        message_id=(one.message_id or "").strip().strip("<>"),
        references=tuple(part.strip().strip("<>") for part in one.references),
        author=(team.agent(one.author or "") or one.author or "") if ours else "",
        attachments=tuple(_file(file) for file in one.attachments),
        delivery="sent" if one.direction == "out" else "",
        delivered_at=one.at.astimezone(UTC) if one.direction == "out" else None,
        why="imported",
    )


def _file(file: ForeignFile) -> Attachment:
    stored = file.sha256 or (f"{PATH}{file.path}" if file.path else "")
    return Attachment(name=file.name, type=file.type, size=file.size, sha256=stored, inline=file.inline)


def _requester(shape: ForeignTicket) -> Person:
    """Never an address that was made up: "unknown", where the other system names nobody."""
    if shape.requester and (shape.requester.address or shape.requester.name):
        return Person(shape.requester.address.lower(), shape.requester.name)
    writers = (one.sender for one in _in_order(shape.messages) if one.direction == "in" and one.sender)
    return next((one for one in writers if one.address or one.name), Person("", UNKNOWN))


def _waiting(shape: ForeignTicket, now: datetime) -> tuple[Status, datetime | None]:
    """A wait that is over is none."""
    if shape.status != "waiting":
        return shape.status, None
    wake = shape.wake_at.astimezone(UTC) if shape.wake_at else now + WAITS
    return ("waiting", wake) if wake > now else ("open", None)


def _waits(wake: datetime | None, act: Act) -> tuple[Event, ...]:
    """For a named day: no reminder of a rule is sent to somebody who was last written to elsewhere."""
    if wake is None:
        return ()
    return (Event(at=act.at, actor=act.actor, what="waiting", after=wake.isoformat(), why=act.why, named=True),)


def _events(shape: ForeignTicket, owner: str, opened: datetime, act: Act) -> list[Event]:
    """What happened there, as a history to read: its names are none of ours, which would change the ticket. An owner
    whom nobody here is stays in it."""
    found = []
    if shape.assignee and not owner:
        event = Event(at=opened.astimezone(UTC), actor=UNKNOWN, what=f"{THERE} assigned", after=shape.assignee[:200])
        found.append(event)
    for one in shape.events:
        at = msgspec.convert(one.get("at"), datetime | None) or act.at
        what = f"{THERE} {str(one.get('what') or 'changed')[:80]}"
        before, after = str(one.get("before") or "")[:200], str(one.get("after") or "")[:200]
        actor = str(one.get("actor") or "")[:80]
        found.append(Event(at=at.astimezone(UTC), actor=actor or UNKNOWN, what=what, before=before, after=after))
    return sorted(found, key=lambda one: one.at)


def _ended(shape: ForeignTicket, messages: Sequence[Message], opened: datetime, act: Act) -> tuple[Event, ...]:
    if shape.status != "closed":
        return ()
    at = shape.closed_at or max((one.at for one in messages), default=opened)
    return (Event(at=at.astimezone(UTC), actor="system", what="closed", before="open", after="closed", why=act.why),)


def linked(ticket: Ticket, shape: ForeignTicket, numbers: Mapping[str, int]) -> Ticket:
    """With the links to those tickets that came along."""
    found = tuple(Link(numbers[str(one.to)], one.kind) for one in shape.links if str(one.to) in numbers)
    return msgspec.structs.replace(ticket, links=found)
