"""What the audit log promises: who changed or saw what, when and why, in records that nobody can change unseen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from ticketctl.ports.store import Finding

VERSION = 2  # of a record's shape; records of the first version do not say which they are
# What records of the log itself are called, where commands name the others.
BEGUN, BEGUN_ANEW, REPAIRED = "audit log begun", "audit log begun anew", "audit log repaired"
KEY_CHANGED = "audit log key changed"
PRUNE, PRUNED = "prune", "audit log pruned"  # that it is to be done; the first line of what is left
STORED, NOT_STORED = "stored", "not stored"  # what became of the changes that name that generation


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """`number` counts from 1. `action` is the use case (`show`, `closed` …), `ticket` 0 where it is about none or many.
    `why` is the program's reason, `reason` the person's own (--reason). A change has the `generation` of the desk file
    that it was to be in; a record STORED or NOT_STORED says what became of it. `about` are pseudonyms of the persons
    whose words were read; `shown` are ticket numbers, as "1-3 7". `via` is the front end. `key` names the key that
    signs what follows, in the first record and in KEY_CHANGED. `last` stands in PRUNED alone: the mac of the record
    `number`, up to which all were deleted."""

    version: int = 1
    number: int
    at: datetime
    actor: str
    action: str
    ticket: int = 0
    why: str = ""
    generation: int = 0
    reason: str = ""
    about: tuple[str, ...] = ()
    shown: str = ""
    via: str = ""
    key: str = ""
    last: str = ""
    mac: str = ""

    @property
    def numbers(self) -> set[int]:
        """The tickets that it is about, or that were listed."""
        found = {self.ticket} - {0}
        for run in self.shown.split():
            first, _, last = run.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
        return found

    @property
    def is_change(self) -> bool:
        return self.generation > 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded; see Record. Addresses in `why` become pseudonyms; `about` are addresses."""

    at: datetime
    actor: str
    action: str
    ticket: int = 0
    why: str = ""
    reason: str = ""
    about: Collection[str] = ()
    shown: Sequence[int] = ()
    via: str = ""


class Head(msgspec.Struct, frozen=True):
    """The last record of the audit log: its number, 0 where there is none, and its mac, or the beginning of it."""

    number: int = 0
    mac: str = ""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """`records` are those there, `first` is the number of the oldest; `unfinished` are changes of whose outcome nothing
    is known: the run was killed."""

    records: int
    first: int
    head: Head
    unfinished: int = 0


class Audit(Protocol):
    """The store notes changes itself; use cases that show what somebody wrote note that."""

    def record(self, *, at: datetime, actor: str, action: str, ticket: int = 0, why: str = "") -> object:
        """Durable when it returns; raises Busy, Damaged and StoreFailed."""
        ...

    def note(self, *entries: Entry, seconds: float = 30) -> None:
        """The same for several; waits so long for another run."""
        ...

    def head(self) -> Head: ...
    def records(self) -> Iterator[Record]:
        """All, oldest first, unverified; raises Damaged at a line that is no record."""
        ...

    def pseudonyms(self, address: str) -> Collection[str]:
        """What stands for that person in records: one for each key that the log was ever signed with."""
        ...

    def check(self, anchors: Iterable[Head] = ()) -> Verified:
        """Raises Damaged where it is not as it was written, or does not reach as far as the desk, the file of its head
        or one of the anchors (whose mac may be shortened) remembers."""
        ...

    def verify(self) -> Finding:
        """`check` as a finding."""
        ...

    def prune(self, is_old: Callable[[datetime], bool], now: datetime, actor: str) -> int:
        """Deletes the first records, as far as they are too old, but never the last; records that; how many."""
        ...

    def recover(self, at: datetime, actor: str) -> list[Finding]:
        """Where it does not verify: keeps it aside, and begins a new one that says so."""
        ...
