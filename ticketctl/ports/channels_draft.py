"""What a mail of ours is to say, before it is bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Person


class File(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment with its bytes; `type` as in Content-Type."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A PNG that the HTML shows as `cid:` and `cid` (RFC 2392), which has the shape of an address."""

    cid: str
    name: str
    data: bytes


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail is to say. Ids are without angle brackets. `automatic` is the value of Auto-Submitted (RFC 3834), ""
    for what a person wrote; with it goes `loop`, by which the desk knows its own mail again. `bcc` is for the envelope
    alone. `pictures` are for the HTML, and are left out where there is none."""

    sender: Person
    to: tuple[Person, ...]
    message_id: str
    date: datetime
    subject: str
    text: str
    html: str = ""
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: Literal["", "auto-replied", "auto-generated"] = ""
    loop: str = ""
    files: tuple[File, ...] = ()
    pictures: tuple[Picture, ...] = ()
