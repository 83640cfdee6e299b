"""What is said: persons, attachments, messages in a ticket, and inbound messages before they have one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

Direction = Literal["in", "out", "internal"]
Kind = Literal["message", "note", "automatic", "bounce"]
Machine = Literal[
    "bounce", "auto_reply", "list", "bulk", "feedback_report", "read_receipt", "challenge", "notification"
]
Delivery = Literal["", "draft", "queued", "held", "deferred", "sent", "failed", "uncertain", "bounced"]

Channel = Literal["email", "phone", "visit", "form", "chat", "matrix", "telegram", "mattermost", "webhook", "system"]
"""The door by which something came. Of those by which messages come by themselves it is also the name of the medium
that reads and writes them."""
MAIL = "email"
_DOORS: Mapping[str, Channel] = {name: name for name in get_args(Channel)}

PASSED_ON = "passes on a mail of "  # how Message.flagged begins where it names another person than the sender


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address with the name its owner gave; a mail address is lower case, IDN domains in Unicode. `medium` is the
    one in which they are written to. An address of another medium is of the form "@asa:example.se", which no mail
    address has: "@1234:telegram"."""

    address: str
    name: str = ""
    medium: str = MAIL

    @property
    def reachable(self) -> bool:
        """Whether something can be sent to them; a caller has only a name or number."""
        return "@" in self.address

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address

    @classmethod
    def of(cls, written: str) -> Person:
        """Whom `str` of a person names, as events keep it."""
        name, _, rest = written.rpartition(" <")
        if rest.endswith(">"):
            return cls(rest[:-1], name)
        return cls(written) if "@" in written else cls("", written)


def door(medium: str) -> Channel:
    """By which door messages of a medium come."""
    return _DOORS.get(medium, "chat")


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`name` is metadata as the sender wrote it, never a path; the bytes are the blob `sha256`."""

    name: str
    type: str
    size: int
    sha256: str
    inline: bool = False


class BouncedRecipient(msgspec.Struct, frozen=True):
    """`status` is an RFC 3463 code such as "5.1.1" or None; `permanent` is None where the report does not tell.
    `given_up`: what was in the way may pass, but the server tries no more (RFC 3464: Action failed with a 4.x.x)."""

    address: str
    status: str | None = None
    permanent: bool | None = None
    given_up: bool = False


class Bounce(msgspec.Struct, frozen=True):
    """RFC 3464: who was not reached, and the Message-ID of the mail that came back (None where not told)."""

    recipients: tuple[BouncedRecipient, ...] = ()
    message_id: str | None = None


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """A message forwarded inline, or as an attachment; `references` are then its own id and those that it refers to.
    `date` stays as written: clients localise it."""

    sender: Person | None = None
    subject: str = ""
    date: str = ""
    text: str = ""
    references: tuple[str, ...] = ()


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came in, understood but not yet placed in a ticket.

    `message_id`, `in_reply_to`, `references` are without angle brackets; a message without an id has one made of its
    content hash. `content` is the hash that recognises the same mail again (trace headers left out).
    `nature` says in sentences what it is besides its text (an invitation, signed, encrypted …).
    `in_reply_to` and `references` are ids for sure; `bare_ids` are words there that look like one: they count only
    where we know them. `sender` is From, `sent_by` Sender, `original_from` whom a list that rewrites From names.
    Of a medium in which people talk, `conversation` is the same for all that this person says in this room or thread;
    `new_matter`: they said so; `quiet` is after how long of silence they begin another one (None: never).
    `claimed`: who wrote it is only what they typed, and nothing proves it. `fields` are values for the ticket's fields,
    as they came.
    `edits` is the id of a message whose text this replaces, `redacts` of one whose content its writer took away.
    `attachments` name blobs by sha256; `payloads` holds their bytes, in the same order, until they are stored.
    """

    message_id: str
    content: str
    subject: str = ""
    base_subject: str = ""
    sender: Person | None = None
    reply_to: tuple[Person, ...] = ()
    original_from: tuple[Person, ...] = ()
    sent_by: tuple[Person, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    delivered_to: tuple[str, ...] = ()
    date: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    bare_ids: tuple[str, ...] = ()
    text: str = ""
    new_text: str = ""
    quoted: str = ""
    signature: str = ""
    attachments: tuple[Attachment, ...] = ()
    payloads: tuple[bytes, ...] = ()
    machine: Machine | None = None
    may_answer: bool = True
    bounce: Bounce | None = None
    forwarded: Forwarded | None = None
    language: str | None = None
    headers: dict[str, tuple[str, ...]] = {}
    size: int = 0
    nature: tuple[str, ...] = ()
    conversation: str = ""
    new_matter: bool = False
    quiet: timedelta | None = None
    claimed: bool = False
    fields: Mapping[str, str] = {}
    edits: str = ""
    redacts: str = ""

    @property
    def author(self) -> Person | None:
        """The person whose words these are: From, or Reply-To where From is missing."""
        return self.sender or (self.reply_to[0] if self.reply_to else None)


class Version(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a message said before its writer changed it, by the edit `id`, at `at`."""

    id: str
    at: datetime
    text: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing said in a ticket.

    `key` is unique in its ticket ("m1", "m2" …, in order of logging; kept by merges with the old number in front).
    `text` is what was newly written, `whole` the entire readable text where it differs. `at` is the arrival (never the
    Date header) or the moment it was written here. `raw` is the blob of the original bytes, "" where there is none.
    `author` is the agent who wrote it, or "system"; "" for inbound. `why` tells why it is in this ticket.
    `wait` is for drafts and scheduled replies: what `reply --wait` was given, or "stay-open", or "close"; `leaves_at`
    is for scheduled replies, as long as they have not left. `aside`: a reply to others than who had asked.
    `together` is the key of the first mail of the reply that this is another mail of, to another requester.
    `reply_to` is where a customer wants answers, where that is not the sender. `nature`: what it is besides its text,
    in sentences. `fetched_at` is when an inbound message came to the desk, where that was after its arrival; a message
    of before this was noted has None. `channel` is the door by which it came or went; of what was typed in here
    `timeline.came_by` knows it. `versions` are its earlier texts, oldest first, where its writer changed it.
    """

    key: str
    direction: Direction
    kind: Kind
    at: datetime
    sender: Person
    message_id: str = ""
    content: str = ""
    author: str = ""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    subject: str = ""
    text: str = ""
    whole: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    raw: str = ""
    source: tuple[str, ...] = ()
    machine: Machine | None = None
    language: str | None = None
    why: str = ""
    flagged: str = ""
    delivery: Delivery = ""
    delivered_at: datetime | None = None
    wait: str = ""
    leaves_at: datetime | None = None
    aside: bool = False
    together: str = ""
    nature: tuple[str, ...] = ()
    fetched_at: datetime | None = None
    channel: Channel = "email"
    versions: tuple[Version, ...] = ()

    @property
    def known_at(self) -> datetime:
        """From when on somebody of the team could see it."""
        return max(self.at, self.fetched_at or self.at)

    @property
    def reply_key(self) -> str:
        """The same for all mails of one reply."""
        return self.together or self.key

    @property
    def from_customer(self) -> bool:
        """Whether a person outside the team wrote it: the only kind that starts or stops a clock."""
        return self.direction == "in" and self.kind == "message"

    @property
    def is_reply(self) -> bool:
        """Whether it is a public reply that a person of the team wrote and that was not left as a draft."""
        return self.direction == "out" and self.kind == "message" and self.delivery != "draft"

    @property
    def is_answer(self) -> bool:
        """Whether it counts as a response (docs/figures.md): a person's reply to who had asked, accepted by the
        receiving server, not bounced."""
        return self.is_reply and self.delivery == "sent" and not self.aside

    @property
    def came_back(self) -> bool:
        """Whether it is a reply that a bounce showed not to have arrived."""
        return self.is_reply and self.delivery == "bounced"
