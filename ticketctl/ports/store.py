"""What a store promises. `Store.transaction` yields a Desk, the unit of work: one command is one commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec

from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.query import EVERYTHING, Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NextStep, TicketctlError

if TYPE_CHECKING:
    from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
    from ticketctl.domain.reports.measure import Measure
    from ticketctl.domain.ticket.ticket import Event

DELETED = "deleted"  # what the audit log calls it where a ticket was deleted for good
PARTS = 32  # of stored files: in so many nights every one is hashed once

RENUMBERED = "renumbered"  # the fact that imported tickets have other numbers here than where they came from


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a mailbox has been read: the highest contiguous committed UID under that UIDVALIDITY, or the `token` of a
    channel that has no numbers."""

    validity: int
    uid: int
    token: str = ""


class Quarantined(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A message that could not be understood or trusted, whole (`raw` is its blob), until it is released. One that the
    mail server does not give has its place there (`validity`, `uid`) and no blob; it is gone once the mail comes.
    `looked_at` is when somebody first looked at it (`quarantine show`); until then no purge takes it. `medium` names
    who reads its bytes."""

    id: str
    at: datetime
    reason: str
    source: str
    raw: str
    content: str
    message_id: str = ""
    looked_at: datetime | None = None
    validity: int = 0
    uid: int = 0
    medium: str = "email"

    @property
    def withheld(self) -> bool:
        return not self.raw


class Run(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """When a job (`fetch support`, `escalate`, `report 2026-W47`) last ran, and last went well."""

    name: str
    at: datetime
    ok_at: datetime | None = None
    detail: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at, and how it is: `code` with its `facts` says what is so; `next_step`, where it is
    not well, what to do: a code too. present/words/doctor.py has the words of both. A fact may be an error."""

    subject: str
    state: Literal["ok", "warning", "error"]
    code: str
    facts: Mapping[str, object] = {}
    next_step: str | NextStep = ""

    @classmethod
    def failed(cls, subject: str, error: TicketctlError) -> Finding:
        """That it could not be looked at, or is damaged, as the error says."""
        step = next(iter(error.next_steps), "")
        return cls(subject=subject, state="error", code="trouble", facts={"why": error}, next_step=step)


class Room(NamedTuple):
    """How many bytes and files still fit where the store is, and the bytes of its largest file."""

    free: int
    files: int
    size: int


class Cleaning(NamedTuple):
    """How a store that was put back from a backup is cleaned: the last erasure there was, and what carries out those
    that the store does not know of."""

    newest: Callable[[], str]
    clean: Callable[[], None]


class Blobs(Protocol):
    """Bytes under their sha256 (lower-case hex). `put` is durable when it returns."""

    def put(self, data: bytes) -> str: ...
    def put_many(self, datas: Iterable[bytes]) -> list[str]:
        """Their names in the same order; as durable as one after the other, and faster."""
        ...

    def together(self, *, keep: bool = True) -> AbstractContextManager[None]:
        """What is `put` in the block is durable when that ends, and not before; it is dropped where the block raises or
        `keep` is False. The block must end before the commit that names what was put."""
        ...

    def get(self, sha256: str) -> bytes:
        """Raises NoSuchTicket where there is none, Damaged where the bytes do not match."""
        ...

    def has(self, sha256: str) -> bool: ...
    def delete(self, sha256: str) -> None:
        """A blob that is gone already is no error."""
        ...

    def all(self) -> Iterator[str]: ...
    def written_before(self, before: datetime) -> Iterator[str]:
        """Those last written before then; a store that knows no times gives all."""
        ...

    def resting(self, names: Iterable[str], quiet: timedelta) -> set[str]:
        """Those of them that are there and that nobody has put within `quiet`, by the store's own clock; a store that
        knows no times gives all that are there."""
        ...


class Desk(Protocol):
    """The unit of work. Reads see this unit's own changes. Raises StoreFailed, Damaged, Busy as the store does."""

    def get(self, number: int) -> Ticket:
        """With all message texts, from the archive too; raises NoSuchTicket."""
        ...

    def find(self, query: Query = EVERYTHING, *, archive: bool = False, texts: bool = False) -> Iterator[Ticket]:
        """Tickets that `query.matches`, in order of number; those of the archive only if asked for. Without `texts`
        the messages come with empty `text` and `whole`: such a ticket is an outline that `save` refuses."""
        ...

    def find_message(self, message_id: str) -> int | None:
        """The lowest number of a ticket that holds that Message-ID (no angle brackets), archive included; None for one
        that was never seen or was purged."""
        ...

    def mentions(self, message_id: str) -> Collection[int]:
        """The tickets whose messages refer to that Message-ID, whether it is here or not; those of the archive left
        out."""
        ...

    def find_content(self, content: str) -> int | None:
        """The ticket that holds a message with that content hash, archive included; 0 if it lies in quarantine or was
        purged (tombstone); None if it was never seen."""
        ...

    def new_number(self) -> int:
        """Never given before, whatever became of the ticket that had it. A unit that is not kept gives it back."""
        ...

    def save(self, ticket: Ticket) -> Ticket:
        """Stores and returns it with the next revision; raises Conflict when the stored revision is not the ticket's.
        An archived ticket comes back to the desk."""
        ...

    def take_in(self, ticket: Ticket, act: Act) -> Ticket:
        """Stores a ticket of an export as it is, with its revision; the log notes that it came in, not its history.
        Raises Conflict where there is one of that number, or was."""
        ...

    def delete(self, number: int, *, tombstones: bool = True) -> None:
        """For good, from archive and desk; its messages' content hashes and Message-IDs (hashed) stay as tombstones.
        Raises NoSuchTicket. Its blobs are the caller's to delete."""
        ...

    def leave_no_copy(self) -> None:
        """What this unit changes must not live on as it was: neither in the generation before nor in the archive."""
        ...

    def queue(self, item: Outbound) -> None:
        """Adds to, or replaces by id in, the outbox."""
        ...

    def outbox(self) -> Iterator[Outbound]: ...
    def drop_outbound(self, item_id: str) -> None: ...
    def cursor(self, mailbox: str) -> Cursor | None: ...
    def set_cursor(self, mailbox: str, cursor: Cursor) -> None: ...
    def quarantine(self, item: Quarantined) -> None: ...
    def quarantined(self) -> Iterator[Quarantined]: ...
    def drop_quarantined(self, item_id: str, *, tombstone: bool = False) -> None:
        """With `tombstone` for good: the same mail is not taken in again."""
        ...

    def run(self, name: str) -> Run | None: ...
    def runs(self) -> Iterator[Run]: ...
    def note_run(self, run: Run) -> None: ...
    def remember(self, key: str, value: str) -> None:
        """A small fact across runs; "" forgets it. The first words of its key say whose it is:

        "answered", "held", "notified" PSEUDONYM   rate_limit.py: automatic mail to an address (RFC 3834)
        "afterwards", "import" MAILBOX             after_commit.py, import_progress.py: what fetch has still to do there
        "outage" SOURCE, "heartbeat fails"         outage_alert.py, heartbeat.py: what did not work, and who was told
        "sent copy" MESSAGE-ID                     sent_folder.py: to be put into the Sent folder
        "notice" TICKET RULE ADDRESS               notifications.py: mail to the team that the next `escalate` sends
        "mention", "watching" AGENT TICKET [KEY]   mentions.py: the same, for @names and `watch --mail`
        "inbox" AGENT                              inbox.py: how far somebody has looked
        "clock"                                    clock_check.py: when the clock was last known to be right
        "restored"                                 restore.py: from a backup, and since when it is at work again
        "link" SHA256, "relinked" TICKET           usecases/customer/links.py: pages of tickets for customers
        "linked" PSEUDONYM                         usecases/customer/ask_links.py: who got new links within an hour
        "away" AGENT                               usecases/absences.py: from when to when, and who stands in
        "push" KIND WHAT                           outgoing/push.py: of what `notify:` tells with the next `send`
        "person" ID, "apart" PSEUDONYM             privacy/profiles.py, link.py: which addresses are one person's
        "hook" NAME                                outgoing/webhooks.py: a receiver that does not work
        "api key" NAME                             usecases/access/keys.py: a key of the API, as a hash
        "api done" KEY HASH                        usecases/access/once.py: what a request became that may be sent again
        "login" AGENT, "session" SHA256            usecases/users: who may log in to the pages, and is
        "guess" "user"|"device"|"from" WHO         usecases/users/guesses.py: how often a password was tried
        "view" AGENT NAME                          usecases/users/preferences.py: saved views of the list
        "renumbered"                               import_tickets.py: that it gave tickets new numbers
        "warning" KIND VALUE, "warnings"           early_warning.py: what is unusual, and when it was last looked for
        """
        ...

    def recall(self, key: str) -> str:
        """The fact, "" where there is none."""
        ...

    def facts(self, prefix: str) -> Iterator[tuple[str, str]]: ...

    def numbers(self, *, archive: bool = False) -> set[int]:
        """Of all tickets; those of the archive only if asked for."""
        ...

    @property
    def generation(self) -> int:
        """How many commits there have been; the same again only for the same content."""
        ...

    def patterns(self) -> Iterator[Pattern]:
        """Every group of tickets, the small ones without a number too, in order of key."""
        ...

    def save_pattern(self, pattern: Pattern) -> None:
        """Adds it, or replaces the one of that key."""
        ...

    def drop_pattern(self, key: int) -> None: ...
    def vocabulary(self) -> Vocabulary:
        """An empty one where nothing was grouped yet."""
        ...

    def set_vocabulary(self, vocabulary: Vocabulary) -> None: ...
    def measures(self) -> Iterator[Measure]:
        """In order of number."""
        ...

    def save_measure(self, measure: Measure) -> None:
        """Adds it, or replaces the one of that number."""
        ...

    @property
    def happened(self) -> Sequence[tuple[int, Event]]:
        """What this unit has done to tickets so far: number and event, in that order."""
        ...

    @property
    def last_number(self) -> int:
        """The highest ticket number that was ever given."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the desk file, 0 where that means nothing: fetch sizes its batches by it."""
        ...


class Store(Protocol):
    @property
    def blobs(self) -> Blobs: ...

    def transaction(self, keep: bool = True) -> AbstractContextManager[Desk]:
        """Exclusive; commits when the block ends without an exception, not at all if it raises or `keep` is False."""
        ...

    def reading(self) -> AbstractContextManager[Desk]:
        """A consistent snapshot that waits for nobody and cannot be saved."""
        ...

    def stamp(self) -> object:
        """Another one after each commit of whatever process; asked for without reading the desk."""
        ...

    def facts(self, prefix: str) -> dict[str, str]:
        """Those of the desk that this store has open now, else of a snapshot: asked in the middle of other work, when a
        second reading of the whole desk would cost as much again."""
        ...

    def lease(self, name: str, seconds: float) -> AbstractContextManager[None]:
        """One run at a time has the job `name` ("fetch", "send", …), as long as the block lasts and the process lives,
        however that ends. Waits `seconds` for another, then raises Busy."""
        ...

    def note_lease(self, name: str, text: str) -> None:
        """By the run that has the lease: what it is at, for those who find it taken. It need not last."""
        ...

    def lease_note(self, name: str) -> str:
        """What was noted last, by whoever had the lease then; "" where nothing was."""
        ...

    def mark(self, name: str) -> AbstractContextManager[None]:
        """Others find `name`, which nobody else may use, in `marks` as long as the block lasts and the process lives,
        however that ends."""
        ...

    def marks(self, shape: str) -> list[str]:
        """Those whose whole name matches the regular expression, sorted."""
        ...

    def derived(self, name: str) -> Any:
        """The bytes (or a map of a file) that were kept under that name; None where nothing is, and from the commit on
        that changes or deletes a closed ticket: what was taken out of that must not live on in what was made of it."""
        ...

    def keep_derived(self, name: str, data: bytes, generation: int) -> None:
        """Keeps what was made of the tickets of that generation, if it is still the last; it can be made anew, so that
        nothing fails where it cannot be kept."""
        ...

    def archive(self, before: datetime) -> int:
        """Moves tickets closed before then into the archive; how many."""
        ...

    def check(self, *, deep: bool = False, known: Collection[Path] = ()) -> list[Finding]:
        """With `deep` the hash of each stored file; `known` are places that rules.yaml names, some of them perhaps in
        the store's own folder."""
        ...

    def check_privacy(self) -> Finding:
        """Whether others on this machine may look into it."""
        ...

    def room(self) -> Room:
        """Raises StoreFailed."""
        ...

    def check_files(self, part: int) -> Finding:
        """Of stored files: size of all, hash of one of PARTS parts. Raises Damaged where what names them is."""
        ...

    def set_aside(self) -> list[str]:
        """Damaged files that recovery kept: as long as there are any, no stored file may be deleted."""
        ...

    def recover(self) -> list[Finding]:
        """Repairs what can be repaired from what is there; never loses a readable ticket, and names those that it could
        not bring back."""
        ...
