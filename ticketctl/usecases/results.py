"""What use cases hand back: what was done to each ticket, what failed, and what else is worth knowing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, TicketctlError


class Changed(msgspec.Struct, frozen=True):
    """A ticket before and after. A use case that has more to say about a ticket subclasses it."""

    before: Ticket
    after: Ticket

    @property
    def same(self) -> bool:
        """Nothing was changed: it was so already."""
        return self.before == self.after


T = TypeVar("T")
C = TypeVar("C", bound=Changed)


class Remark(msgspec.Struct, frozen=True):
    """Something that happened beside what was asked, worth a line: `code` says what, `facts` fill it in."""

    code: str
    ticket: int = 0
    facts: Mapping[str, Any] = {}


class Done(msgspec.Struct, Generic[T], frozen=True):
    """What became of one ticket."""

    number: int
    value: T
    remarks: tuple[Remark, ...] = ()


class Failed(msgspec.Struct, frozen=True):
    """A ticket with which it could not be done; the others went on."""

    number: int
    error: TicketctlError


Batch = tuple[Done[T] | Failed, ...]  # in the order asked


ObjectionCode = Literal[
    "attachment_missing",
    "not_filled_in",
    "holds_sensitive",
    "check_warning",
    "checked_strictly",
    "promise_found",
    "wrote_meanwhile",
    "someone_writing",
    "larger_than_expected",
    "erasures_unknown",
    "erase_person",
    "files_of_others",
]


class Objection(msgspec.Struct, frozen=True):
    """What stands in the way of a change and may be accepted: `text` says it in an English sentence, `facts` are what
    it is made of. Whoever called asks a person, and calls again with the code among what is accepted."""

    code: ObjectionCode
    text: str
    ticket: int = 0
    facts: Mapping[str, Any] = {}


class Objected(Refused):
    """Nothing was changed: there is something to be accepted first."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__("\n".join(one.text for one in objections))
        self.objections = objections
