"""What requests of the API hold. The description at /api/openapi.json is made of these."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ticketctl.domain.ticket.ticket import Priority, Status
from ticketctl.usecases.results import ObjectionCode
from ticketctl.usecases.tickets.close import Resolution

Line = Annotated[str, Meta(max_length=1000)]
Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=200_000)]
Names = Annotated[tuple[Name, ...], Meta(max_length=50)]
Fields = Annotated[dict[Name, Line], Meta(max_length=50)]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that is not known is an error: a mistyped one would be passed over."""


class Nothing(Body, frozen=True, kw_only=True):
    """An empty object."""


class NewBody(Body, frozen=True, kw_only=True):
    """`requester` as "Åsa Öberg <asa@kund.example>", or a name or telephone number; without it it is a matter of the
    agent's own. `subject`: else the first line of the text."""

    text: Text
    requester: Line = ""
    subject: Line = ""
    channel: Literal["phone", "visit"] = "phone"
    assign: Name = ""
    priority: Priority = "medium"
    labels: Names = ()
    fields: Fields = {}


class FileBody(Body, frozen=True, kw_only=True):
    """`data` is Base64."""

    name: Line
    data: Annotated[bytes, Meta(max_length=20_000_000)]
    type: Annotated[str, Meta(max_length=200, pattern=r"^[\w.+-]+/[\w.+-]+$")] = "application/octet-stream"


class ReplyBody(Body, frozen=True, kw_only=True):
    """To the requester unless `to` says otherwise. `wait`, `later` and `promise` are times as for `ticketctl reply`.
    `accept` are the codes of objections that are accepted."""

    text: Text
    to: Names = ()
    cc: Names = ()
    bcc: Names = ()
    wait: Name = ""
    stay_open: bool = False
    close: bool = False
    cause: Line = ""
    lesson: Line = ""
    later: Name = ""
    promise: Name = ""
    files: Annotated[tuple[FileBody, ...], Meta(max_length=20)] = ()
    accept: tuple[ObjectionCode, ...] = ()


class NoteBody(Body, frozen=True, kw_only=True):
    text: Text


class AssignBody(Body, frozen=True, kw_only=True):
    """`to` is a name of the team, `me`, `least_loaded`, `round_robin`, `deputy` or `none`. `anyway`: also somebody who
    is away."""

    to: Name
    anyway: bool = False


class CloseBody(Body, frozen=True, kw_only=True):
    """`fields` are set before."""

    cause: Line = ""
    lesson: Line = ""
    resolution: Resolution = "solved"
    fields: Fields = {}


class LabelBody(Body, frozen=True, kw_only=True):
    """What is in both is added."""

    add: Names = ()
    remove: Names = ()


class SetBody(Body, frozen=True, kw_only=True):
    """A field with the value "" is taken away."""

    fields: Fields = {}
    subject: Line | None = None


class PriorityBody(Body, frozen=True, kw_only=True):
    priority: Priority


class WaitBody(Body, frozen=True, kw_only=True):
    """`until` as for `ticketctl wait`: `5d`, `2026-12-24`; "" takes the ticket back."""

    until: Name


class ListAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be asked of the list. `status`, `priority` and `label` may be given several times. `assignee`: a name,
    `me`, or `none`. `field`: `NAME=VALUE`. `cursor` is `next` of the page before."""

    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    label: Names = ()
    field: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    assignee: Name | None = None
    requester: Name = ""
    after: Name = ""
    before: Name = ""
    overdue: bool = False
    all: bool = False
    q: Line = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=40)] = ""
