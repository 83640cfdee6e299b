"""A message of a medium that is no mail (form, chat, Matrix …), as its bytes are kept: one JSON document with the files
in it. Whoever brings it fills in what its medium knows; `channels/plain.py` reads and writes it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.ticket.message import Person


class PlainFile(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    name: str
    data: bytes
    type: str = "application/octet-stream"


class PlainMessage(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`id` is unique for all time, also beside Message-IDs of mail. `answers` is the id of the message that it answers,
    `references` those before it: an answer of ours has those of the message that it answers, so that its sink knows
    the room. `conversation`, `new_matter` and `quiet` (seconds, -1: never) are as in Inbound. `nature` says in
    sentences what it is besides its text. `fields` are values that a form or an identity brings; a field of that name
    is set by the use case that takes it in. `machine`: no person wrote it. `claimed`: who wrote it is only what they
    typed. `reply_to` is where answers go once they do not read here any more. `original` is the message as the medium
    gave it, where that says more. `edits` is the id of an earlier message of the same writer whose place this one
    takes, `redacts` of one whose content is to be removed."""

    id: str
    sender: Person
    text: str
    at: datetime | None = None
    to: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    subject: str = ""
    answers: str = ""
    references: tuple[str, ...] = ()
    conversation: str = ""
    new_matter: bool = False
    quiet: int = -1
    language: str = ""
    files: tuple[PlainFile, ...] = ()
    nature: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    machine: bool = False
    claimed: bool = False
    original: str = ""
    edits: str = ""
    redacts: str = ""
