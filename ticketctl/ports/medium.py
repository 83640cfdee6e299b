"""What reads and writes the messages of a medium, such as mail. Nothing is fetched or sent here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from ticketctl.domain.ticket.message import Inbound
from ticketctl.errors import TicketctlError
from ticketctl.ports.channels_draft import Draft

Skill = Literal["subject", "cc", "html", "attachments", "signature", "here"]
"""here: it is read on the desk's own pages, so that what is stored has arrived."""


class Unreadable(TicketctlError):
    """A message that can't be understood; it belongs in quarantine, whole. The text is the reason, one sentence."""


class Unsafe(ValueError):
    """The message cannot be written so that every program reads what was meant."""


class Rewritten(msgspec.Struct, frozen=True):
    """A file's bytes afterwards. `flagged`: "found" where its text would change and the file can only be read, "unread"
    where it is of a kind that is read and could not be (damaged, locked with a password)."""

    payload: bytes
    flagged: Literal["", "found", "unread"] = ""


class Medium(Protocol):
    name: str
    """ "email"; what is sent is known by it to be one of its messages."""

    can: frozenset[Skill]
    """What its messages may have, besides text."""

    @property
    def largest(self) -> int:
        """Bytes of a message that is taken whole; of a larger one only the header is read."""
        ...

    def parse(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        """What a message says, as its writer sent it where it came through one of our own `lists`. `arrived_at` stands
        in for a date that is missing. Raises Unreadable."""
        ...

    def parse_head(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        """The same of a message of which only the beginning is here, or is wanted: no text, no attachments."""
        ...

    def parse_text(self, raw: bytes, *, html: bool) -> Inbound:
        """What the text of a message says by itself, as it is, or as HTML."""
        ...

    def markup(self, raw: bytes) -> str:
        """The HTML of a message as it came, not to be trusted; "" where it has none. Raises Unreadable."""
        ...

    def rewrite(self, raw: bytes, change: Callable[[str], str]) -> bytes:
        """The message with every text in it changed, to be understood as before; the same bytes where none is."""
        ...

    def rewrite_file(self, name: str, kind: str, payload: bytes, change: Callable[[str], str]) -> Rewritten:
        """The same of a file that hangs on a message; `kind` is its MIME type."""
        ...

    def texts(self, data: bytes) -> Iterator[str]:
        """Each text in a message or a file of any kind, as far as it can be read, some in several readings: to find
        somebody in it, not to show it."""
        ...

    def seal(self, masked: bytes, original: bytes, recipients: Sequence[str]) -> bytes:
        """The masked message with its original in it, encrypted for those public keys. Raises MissingExtra, Usage."""
        ...

    def unseal(self, kept: bytes, identity: str) -> bytes | None:
        """That original again, with the text of a file of secret keys; None where none is in it. Raises MissingExtra,
        Refused."""
        ...

    def freeze(self, draft: Draft) -> bytes:
        """The message as it is sent, whenever that is; raises Unsafe."""
        ...

    def redate(self, raw: bytes, date: datetime) -> bytes:
        """What `freeze` made, of another time."""
        ...

    def address(self, address: str) -> str:
        """As it travels, by which two spellings of it are known to be one; raises Unsafe."""
        ...

    def file_name(self, name: str) -> str:
        """A name for the recipient's disk."""
        ...
