"""The reference store: plain dicts, `Query.matches`, nothing on disk. Every other store must answer as it does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition, Lock
from typing import TypeVar

import msgspec

from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.reports.measure import Measure
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.query import EVERYTHING, Query
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.errors import Busy, Conflict, NextStep, NoSuchTicket
from ticketctl.ports.store import Cursor, Finding, Quarantined, Room, Run
from ticketctl.store.tiny.documents import encode, outline, refuse_outline

T = TypeVar("T")


class MemoryBlobs:
    def __init__(self) -> None:
        self._datas: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        return self.put_many([data])[0]

    def put_many(self, datas: Iterable[bytes]) -> list[str]:
        named = [(hashlib.sha256(data).hexdigest(), data) for data in datas]
        self._datas.update(named)
        return [name for name, _ in named]

    @contextmanager
    def together(self, *, keep: bool = True) -> Iterator[None]:
        before = dict(self._datas)
        kept = False
        try:
            yield
            kept = keep
        finally:
            self._datas = self._datas if kept else before

    def get(self, sha256: str) -> bytes:
        if sha256 not in self._datas:
            raise NoSuchTicket(
                "the stored bytes {sha256} are not there",
                code="blob_missing",
                sha256=sha256,
                next_step=NextStep("doctor", then="says more"),
            )
        return self._datas[sha256]

    def has(self, sha256: str) -> bool:
        return sha256 in self._datas

    def delete(self, sha256: str) -> None:
        self._datas.pop(sha256, None)

    def all(self) -> Iterator[str]:
        return iter(sorted(self._datas))

    def written_before(self, before: datetime) -> Iterator[str]:
        return self.all()

    def resting(self, names: Iterable[str], quiet: timedelta) -> set[str]:
        return self._datas.keys() & set(names)


class _State:
    """Everything a desk holds."""

    def __init__(self) -> None:
        self.number = 0
        self.generation = 0
        self.closed_changed = False  # by this unit of work
        self.tickets: dict[int, Ticket] = {}
        self.archived: dict[int, Ticket] = {}
        self.tombstones: set[str] = set()
        self.outbox: dict[str, Outbound] = {}
        self.cursors: dict[str, Cursor] = {}
        self.quarantine: dict[str, Quarantined] = {}
        self.runs: dict[str, Run] = {}
        self.facts: dict[str, str] = {}
        self.patterns: dict[int, Pattern] = {}
        self.vocabulary = Vocabulary()
        self.measures: dict[int, Measure] = {}

    def copied(self) -> _State:
        """A state of its own: the tables are copied, what is in them is frozen."""
        other = _State()
        other.__dict__ = {name: copy(table) for name, table in self.__dict__.items()}
        return other


class MemoryDesk:
    size = 0

    def __init__(self, state: _State, *, readonly: bool = False) -> None:
        self._read = state
        self.happened: list[tuple[int, Event]] = []
        self._readonly = readonly

    @property
    def _write(self) -> _State:
        if self._readonly:
            raise RuntimeError("this desk is only for reading; use Store.transaction")
        return self._read

    def get(self, number: int) -> Ticket:
        ticket = self._every().get(number)
        if ticket is None:
            raise NoSuchTicket(
                "there is no ticket #{number}",
                code="no_ticket",
                number=number,
                next_step=NextStep("list", then="shows those there are", given={"all": True}),
            )
        return ticket

    def _every(self) -> dict[int, Ticket]:
        return {**self._read.archived, **self._read.tickets}

    def find(self, query: Query = EVERYTHING, *, archive: bool = False, texts: bool = False) -> Iterator[Ticket]:
        asked = self._every() if archive else self._read.tickets
        found = [ticket for _, ticket in sorted(asked.items()) if query.matches(ticket)]
        return iter(found if texts else [outline(ticket) for ticket in found])

    def find_message(self, message_id: str) -> int | None:
        return self._holder(lambda message: message.message_id == message_id != "")

    def mentions(self, message_id: str) -> set[int]:
        return {
            number for number, ticket in self._read.tickets.items()
            if any(message_id in message.references for message in ticket.messages)
        }  # fmt: skip

    def find_content(self, content: str) -> int | None:
        number = self._holder(lambda message: message.content == content != "")
        if number is not None:
            return number
        quarantined = {item.content for item in self._read.quarantine.values()}
        return 0 if content in quarantined | self._read.tombstones else None

    def numbers(self, *, archive: bool = False) -> set[int]:
        return set(self._every() if archive else self._read.tickets)

    @property
    def generation(self) -> int:
        return self._read.generation

    def _holder(self, held: Callable[[Message], bool]) -> int | None:
        numbers = (number for number, ticket in self._every().items() if any(map(held, ticket.messages)))
        return min(numbers, default=None)

    def new_number(self) -> int:
        self._write.number += 1
        return self._read.number

    def save(self, ticket: Ticket) -> Ticket:
        refuse_outline(ticket)
        encode(ticket)
        stored = self._every().get(ticket.number)
        revision = stored.revision if stored else 0
        self._write.closed_changed |= stored is not None and stored.closed
        if revision != ticket.revision:
            raise Conflict(
                "#{number} was changed by someone else meanwhile; look at it and try again",
                code="changed_by_another",
                number=ticket.number,
            )
        saved = msgspec.structs.replace(ticket, revision=revision + 1)
        self.happened += [(ticket.number, event) for event in ticket.events[len(stored.events) if stored else 0 :]]
        self._write.tickets[ticket.number] = saved
        self._write.archived.pop(ticket.number, None)
        self._write.number = max(self._read.number, ticket.number)
        return saved

    def take_in(self, ticket: Ticket, act: Act) -> Ticket:
        refuse_outline(ticket)
        if ticket.number in self._every():
            raise Conflict("#{number} is taken", code="number_taken", number=ticket.number)
        saved = msgspec.structs.replace(ticket, revision=max(1, ticket.revision))
        self.happened.append((ticket.number, Event(at=act.at, actor=act.actor, what="imported", why=act.why)))
        self._write.tickets[ticket.number] = saved
        self._write.number = max(self._read.number, ticket.number)
        self._write.closed_changed |= ticket.closed
        return saved

    def delete(self, number: int, *, tombstones: bool = True) -> None:
        ticket = self.get(number)
        messages = ticket.messages
        self._write.closed_changed |= ticket.closed
        self._write.tickets.pop(number, None)
        self._write.archived.pop(number, None)
        if tombstones:
            self._write.tombstones |= {message.content for message in messages if message.content}

    def leave_no_copy(self) -> None:
        """There is none."""

    def queue(self, item: Outbound) -> None:
        self._write.outbox[item.id] = item

    def outbox(self) -> Iterator[Outbound]:
        return _in_order(self._read.outbox)

    def drop_outbound(self, item_id: str) -> None:
        self._write.outbox.pop(item_id, None)

    def cursor(self, mailbox: str) -> Cursor | None:
        return self._read.cursors.get(mailbox)

    def set_cursor(self, mailbox: str, cursor: Cursor) -> None:
        self._write.cursors[mailbox] = cursor

    def quarantine(self, item: Quarantined) -> None:
        self._write.quarantine[item.id] = item

    def quarantined(self) -> Iterator[Quarantined]:
        return _in_order(self._read.quarantine)

    def drop_quarantined(self, item_id: str, *, tombstone: bool = False) -> None:
        item = self._write.quarantine.pop(item_id, None)
        if item is not None and tombstone:
            self._write.tombstones |= {item.content}

    def run(self, name: str) -> Run | None:
        return self._read.runs.get(name)

    def runs(self) -> Iterator[Run]:
        return _in_order(self._read.runs)

    def note_run(self, run: Run) -> None:
        self._write.runs[run.name] = run

    def remember(self, key: str, value: str) -> None:
        if value:
            self._write.facts[key] = value
        else:
            self._write.facts.pop(key, None)

    def recall(self, key: str) -> str:
        return self._read.facts.get(key, "")

    def facts(self, prefix: str) -> Iterator[tuple[str, str]]:
        return iter(sorted(fact for fact in self._read.facts.items() if fact[0].startswith(prefix)))

    def patterns(self) -> Iterator[Pattern]:
        return iter([pattern for _, pattern in sorted(self._read.patterns.items())])

    def save_pattern(self, pattern: Pattern) -> None:
        self._write.patterns[pattern.key] = pattern

    def drop_pattern(self, key: int) -> None:
        self._write.patterns.pop(key, None)

    def vocabulary(self) -> Vocabulary:
        return self._read.vocabulary

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        self._write.vocabulary = vocabulary

    def measures(self) -> Iterator[Measure]:
        return iter([measure for _, measure in sorted(self._read.measures.items())])

    def save_measure(self, measure: Measure) -> None:
        self._write.measures[measure.number] = measure

    @property
    def last_number(self) -> int:
        return self._read.number


def _in_order(items: dict[str, T]) -> Iterator[T]:
    return iter([item for _, item in sorted(items.items())])


class MemoryStore:
    """Lives as long as the object; for tests, and as the meaning of the Store Protocol."""

    def __init__(self) -> None:
        self.blobs = MemoryBlobs()
        self._state = _State()
        self._lock = Lock()
        self._taken: set[str] = set()  # leases
        self._given_back = Condition()
        self._notes: dict[str, str] = {}  # lease → what was noted
        self._marked: set[str] = set()
        self._derived: dict[str, bytes] = {}

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[MemoryDesk]:
        with self._lock:
            state = self._state.copied()
            yield MemoryDesk(state)
            if keep:
                if state.closed_changed:
                    self._derived.clear()
                state.generation, state.closed_changed = state.generation + 1, False
                self._state = state

    @contextmanager
    def reading(self) -> Iterator[MemoryDesk]:
        yield MemoryDesk(self._state.copied(), readonly=True)

    def stamp(self) -> object:
        return self._state.generation

    def facts(self, prefix: str) -> dict[str, str]:
        with self.reading() as desk:
            return dict(desk.facts(prefix))

    @contextmanager
    def lease(self, name: str, seconds: float) -> Iterator[None]:
        with self._given_back:
            if not self._given_back.wait_for(lambda: name not in self._taken, seconds):
                raise Busy(
                    "another run has held {path} for {seconds:g} s; try again",
                    code="file_locked",
                    seconds=seconds,
                    path=name,
                )
            self._taken.add(name)
        try:
            yield
        finally:
            with self._given_back:
                self._taken.remove(name)
                self._given_back.notify_all()

    def note_lease(self, name: str, text: str) -> None:
        self._notes[name] = text

    def lease_note(self, name: str) -> str:
        return self._notes.get(name, "")

    @contextmanager
    def mark(self, name: str) -> Iterator[None]:
        self._marked.add(name)
        try:
            yield
        finally:
            self._marked.remove(name)

    def marks(self, shape: str) -> list[str]:
        return sorted(name for name in self._marked if re.fullmatch(shape, name))

    def derived(self, name: str) -> bytes | None:
        return self._derived.get(name)

    def keep_derived(self, name: str, data: bytes, generation: int) -> None:
        with self._lock:
            if generation == self._state.generation:
                self._derived[name] = data

    def archive(self, before: datetime) -> int:
        with self._lock:
            tickets = self._state.tickets
            gone = {n: t for n, t in tickets.items() if t.closed and t.closed_at and t.closed_at < before}
            self._state.archived |= gone
            self._state.tickets = {n: t for n, t in tickets.items() if n not in gone}
            return len(gone)

    def check(self, *, deep: bool = False, known: Collection[Path] = ()) -> list[Finding]:
        return [self.check_files(0)]

    def check_privacy(self) -> Finding:
        return Finding(subject="memory", state="ok", code="not_there_yet")

    def room(self) -> Room:
        return Room(free=1 << 40, files=1_000_000, size=0)

    def set_aside(self) -> list[str]:
        return []

    def check_files(self, part: int) -> Finding:
        return Finding(subject="memory", state="ok", code="tickets", facts={"tickets": len(self._state.tickets)})

    def recover(self) -> list[Finding]:
        return []
