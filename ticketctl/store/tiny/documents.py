"""Structs to JSON bytes and back, and tickets without their message texts: what lists and reports need, decoded without
touching the bulk of the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Generic, Literal, TypeVar

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import RuleRun, Ticket
from ticketctl.errors import Damaged, Refused

T = TypeVar("T")
Mark = Literal["message", "content"]
DAMAGED = ".damaged-"  # in the names of files that recovery keeps


class MessageOutline(Message, frozen=True, omit_defaults=True, kw_only=True):
    """A message whose texts stay empty: under these names no file has a text, so the decoder skips over them."""

    text: str = msgspec.field(default="", name="-text")
    whole: str = msgspec.field(default="", name="-whole")


class TicketOutline(Ticket, frozen=True, omit_defaults=True, kw_only=True):
    """A ticket that cannot be saved, because its texts are not there."""

    messages: tuple[MessageOutline, ...] = ()
    rule_runs: tuple[RuleRun, ...] = msgspec.field(default=(), name="-rule_runs")


class Sighting(msgspec.Struct, frozen=True):
    """What recognises a message when it comes again or is answered, and what it answers itself."""

    message_id: str = ""
    content: str = ""
    references: tuple[str, ...] = ()

    @property
    def marks(self) -> list[tuple[Mark, str]]:
        both: list[tuple[Mark, str]] = [("message", self.message_id), ("content", self.content)]
        return [mark for mark in both if mark[1]]


class Dated(msgspec.Struct, frozen=True):
    """That there is an event: the decoder skips all that it says."""


class Summary(msgspec.Struct, frozen=True):
    """The few fields by which the store itself handles a ticket."""

    number: int
    status: str = "new"
    closed_at: datetime | None = None
    revision: int = 0
    messages: tuple[Sighting, ...] = ()
    events: tuple[Dated, ...] = ()


class DatedMessage(Sighting, frozen=True, kw_only=True):
    at: datetime
    delivered_at: datetime | None = None
    fetched_at: datetime | None = None


class DatedEvent(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    what: str = ""
    after: str = ""


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """What the index of the archive tells of a ticket: who may have its messages, and its lifespan."""

    opened_at: datetime
    status: str = "new"
    closed_at: datetime | None = None
    messages: tuple[DatedMessage, ...] = ()
    events: tuple[DatedEvent, ...] = ()

    @property
    def closed(self) -> bool:
        return self.status == "closed"


class Fact(msgspec.Struct, frozen=True):
    value: str


class Counter(msgspec.Struct, frozen=True):
    """The last number given."""

    value: int


class Tombstone(msgspec.Struct, frozen=True):
    """That something was there; the key says what."""


class Decoder(Generic[T]):
    """msgspec's for structs of this kind, made when the first is decoded: it takes a millisecond."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @cached_property
    def decode(self) -> Callable[[bytes], T]:
        return msgspec.json.Decoder(self._kind).decode


FULL, OUTLINE, SUMMARY = Decoder(Ticket), Decoder(TicketOutline), Decoder(Summary)
ARCHIVED = Decoder(Archived)


def encode(value: object) -> bytes:
    """JSON in UTF-8; raises Refused for text that is not Unicode, such as an argument in another encoding."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError as error:
        raise Refused(
            "the text is not valid Unicode and cannot be stored; check the terminal's encoding", code="not_unicode"
        ) from error


def decode(decoder: Decoder[T], raw: bytes) -> T:
    """Raises Damaged for a document that is whole but not what this version expects."""
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise Damaged(
            "the store holds a document that this version does not understand: {reason}",
            code="unknown_document",
            reason=error,
        ) from error


def outline(ticket: Ticket) -> TicketOutline:
    return decode(OUTLINE, encode(ticket))


def refuse_outline(ticket: Ticket) -> None:
    """Raises ValueError for a ticket that `find` gave out without its texts."""
    if isinstance(ticket, TicketOutline):
        raise ValueError(f"#{ticket.number} was found without its texts; `get` it before saving")


def digest(kind: Mark, value: str) -> bytes:
    """16 bytes that stand for a Message-ID or content hash where the thing itself must not be kept."""
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).digest()[:16]
