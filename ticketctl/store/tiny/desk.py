"""The unit of work over the rows of a desk file: reads see its own changes, the store commits what was `touched`."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.query import EVERYTHING, Query
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.errors import Conflict, NextStep, NoSuchTicket
from ticketctl.ports.signals import uncollected
from ticketctl.ports.store import Cursor, Quarantined, Run
from ticketctl.store import fs
from ticketctl.store.tiny import months
from ticketctl.store.tiny.archive import Archive
from ticketctl.store.tiny.documents import (
    FULL,
    OUTLINE,
    SUMMARY,
    Counter,
    Decoder,
    Fact,
    Mark,
    Summary,
    Tombstone,
    decode,
    digest,
    encode,
    refuse_outline,
)
from ticketctl.store.tiny.file_format import Content, Rows, Tables
from ticketctl.store.tiny.message_index import Sightings

if TYPE_CHECKING:
    from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
    from ticketctl.domain.reports.measure import Measure
    from ticketctl.ports.audit import Head

T = TypeVar("T")
_BATCH = 500


_FACT = Decoder(Fact)
_COUNTER = Decoder(Counter)
_CURSOR = Decoder(Cursor)
_OUTBOUND = Decoder(Outbound)
_QUARANTINED = Decoder(Quarantined)
_RUN = Decoder(Run)


class TinyDesk:
    """`content` is what the file held, `tables` are the rows as this unit has changed them, `touched` the keys that it
    changed in each table. `erased` tells that something was deleted for good, `closed_changed` that a closed ticket was
    changed or deleted."""

    def __init__(self, content: Content, archive: Archive, *, readonly: bool = False) -> None:
        self.content = content
        self.tables: Tables = dict(content.tables)
        self.touched: dict[str, set[str]] = {}
        self.happened: list[tuple[int, Event]] = []
        self.erased = False
        self.closed_changed = False
        self.size = content.size
        self.archive = archive
        self._readonly = readonly
        self._sightings: Sightings | None = None
        self._quarantined: set[str] | None = None
        self._highest = self.last_number  # what is above it has never been, in the archive either

    # --- tickets ---

    def get(self, number: int) -> Ticket:
        return decode(FULL, self._must_have(number))

    def _must_have(self, number: int) -> bytes:
        raw = self._stored(number)
        if raw is None:
            raise NoSuchTicket(
                "there is no ticket #{number}",
                code="no_ticket",
                number=number,
                next_step=NextStep("list", then="shows those there are", given={"all": True}),
            )
        return raw

    def _stored(self, number: int) -> bytes | None:
        """The ticket's row, on the desk or in the archive."""
        raw = self._rows("tickets").get(str(number))
        if raw is not None or self._purged(number) or number > self._highest:
            return raw
        raw = self.archive.get(number)
        if raw is None:
            self.check_months()  # it may be in one that is missing
        return raw

    def _purged(self, number: int) -> bool:
        """Whether an archived copy of it does not count any more."""
        return str(number) in self._rows("purged")

    @property
    def purged(self) -> set[int]:
        """Deleted tickets of which the archive may still hold a copy."""
        return set(map(int, self._rows("purged")))

    def find(self, query: Query = EVERYTHING, *, archive: bool = False, texts: bool = False) -> Iterator[Ticket]:
        decoder: Decoder[Any] = FULL if texts or query.needs_texts else OUTLINE
        rows = self._candidates(query, archive)
        while batch := list(islice(rows, _BATCH)):
            with uncollected():
                tickets = [decode(decoder, raw) for raw in batch]
            for ticket, raw in zip(tickets, batch, strict=True):
                if query.matches(ticket):
                    yield ticket if texts or decoder is OUTLINE else decode(OUTLINE, raw)

    def _candidates(self, query: Query, archive: bool) -> Iterator[bytes]:
        """The rows of the tickets there are at this moment, in order of number; those of the archive are not all in
        memory at once."""
        if query.numbers is not None:
            every = (self._stored(number) for number in sorted(query.numbers) if archive or self._on_desk(number))
            return (raw for raw in every if raw is not None)
        desk = sorted((int(key), raw) for key, raw in self._rows("tickets").items())
        if not archive:
            return (raw for _, raw in desk)
        self.check_months()
        hidden = {number for number, _ in desk} | self.purged
        rows = self.archive.rows(query.lived_from, query.lived_to)
        archived = (row for row in rows if row[0] not in hidden)
        return (raw for _, raw in heapq.merge(desk, archived))

    def _on_desk(self, number: int) -> bool:
        return str(number) in self._rows("tickets")

    def numbers(self, *, archive: bool = False) -> set[int]:
        desk = {int(key) for key in self._rows("tickets")}
        if not archive:
            return desk
        self.check_months()
        return desk | (self.archive.index.tickets() - self.purged)

    @property
    def generation(self) -> int:
        return self.content.generation

    def find_message(self, message_id: str) -> int | None:
        return min((number for number in self._holders("message", message_id) if number), default=None)

    def mentions(self, message_id: str) -> set[int]:
        return self._seen.numbers("reference", message_id)

    def find_content(self, content: str) -> int | None:
        holders = self._holders("content", content)
        if holders - {0}:
            return min(holders - {0})
        gone = 0 in holders or digest("content", content).hex() in self._rows("tombstones")
        return 0 if gone or content in self._held else None

    def _holders(self, kind: Mark, value: str) -> set[int]:
        """The tickets that hold that message; 0 for a purged one whose tombstone is in the archive."""
        if not value:
            return set()
        archived = self.archive.numbers(kind, value)
        return self._seen.numbers(kind, value) | {
            number for number in archived if not self._on_desk(number) and not self._purged(number)
        }

    @property
    def _seen(self) -> Sightings:
        if self._sightings is None:
            self._sightings = Sightings()
            for key, raw in self._rows("tickets").items():
                self._sightings.learn(int(key), raw)
        return self._sightings

    @property
    def _held(self) -> set[str]:
        """The content hashes that lie in quarantine."""
        if self._quarantined is None:
            self._quarantined = {item.content for item in self.quarantined()}
        return self._quarantined

    def new_number(self) -> int:
        number = self.last_number + 1
        self._put("counters", "number", Counter(number))
        return number

    @property
    def last_number(self) -> int:
        raw = self._rows("counters").get("number")
        return decode(_COUNTER, raw).value if raw else 0

    def save(self, ticket: Ticket) -> Ticket:
        refuse_outline(ticket)
        number = ticket.number
        stored = self._stored(number)
        before = Summary(number) if stored is None else decode(SUMMARY, stored)
        if before.revision != ticket.revision:
            raise Conflict(
                "#{number} was changed by someone else meanwhile; look at it and try again",
                code="changed_by_another",
                number=number,
            )
        self.closed_changed |= before.status == "closed"
        saved = msgspec.structs.replace(ticket, revision=before.revision + 1)
        self.happened += [(number, event) for event in ticket.events[len(before.events) :]]
        self._put("tickets", str(number), saved)
        if number > self.last_number:
            self._put("counters", "number", Counter(number))
        self._relearn(number)
        return saved

    def take_in(self, ticket: Ticket, act: Act) -> Ticket:
        refuse_outline(ticket)
        if ticket.number <= self.last_number and (self._purged(ticket.number) or self._stored(ticket.number)):
            raise Conflict("#{number} is taken", code="number_taken", number=ticket.number)
        saved = msgspec.structs.replace(ticket, revision=max(1, ticket.revision))
        self.happened.append((ticket.number, Event(at=act.at, actor=act.actor, what="imported", why=act.why)))
        self._put("tickets", str(ticket.number), saved)
        if ticket.number > self.last_number:
            self._put("counters", "number", Counter(ticket.number))
        self._relearn(ticket.number)
        self.closed_changed |= ticket.closed
        return saved

    def delete(self, number: int, *, tombstones: bool = True) -> None:
        summary = decode(SUMMARY, self._must_have(number))
        for kind, value in (mark for message in summary.messages for mark in message.marks if tombstones):
            self._put("tombstones", digest(kind, value).hex(), Tombstone())
        self.closed_changed |= summary.status == "closed"
        self._drop("tickets", str(number))
        if self.archive.has(number):
            self._put("purged", str(number), Tombstone())
        self._relearn(number)
        self.erased = True

    def leave_no_copy(self) -> None:
        self.erased = True

    @property
    def returned(self) -> set[int]:
        """Tickets of the desk of which the archive holds an older copy."""
        return {number for number in map(int, self._rows("tickets")) if self.archive.has(number)}

    def _relearn(self, number: int) -> None:
        if self._sightings is not None:
            self._sightings.forget(number)
            raw = self._rows("tickets").get(str(number))
            if raw is not None:
                self._sightings.learn(number, raw)

    # --- the archive ---

    def check_months(self) -> None:
        """Raises Damaged where a month is not there as the desk remembers it."""
        months.must_be_whole(self._rows(months.TABLE), self.archive.folder)

    def learn_months(self) -> None:
        """A desk of an earlier version remembers its months from its first commit on."""
        if not self._rows(months.TABLE) and fs.signatures(self.archive.folder, ".json"):
            self.note_months()
            self._put("migrations", months.LEARNT, {"months": len(self._rows(months.TABLE))})

    def note_months(self) -> None:
        """Remembers the months as they are now."""
        old = self._rows(months.TABLE)
        new = months.renewed(old, self.archive.folder)
        for key in old.keys() - new.keys():
            self._drop(months.TABLE, key)
        for key, raw in new.items():
            if old.get(key) != raw:
                self._changing(months.TABLE, key)[key] = raw

    def leaving(self, before: datetime) -> dict[str, Rows]:
        """The rows of tickets closed before then, by month of closing ("2026-11")."""
        found: dict[str, Rows] = {}
        for key, raw in self._rows("tickets").items():
            ticket = decode(SUMMARY, raw)
            if ticket.status == "closed" and ticket.closed_at is not None and ticket.closed_at < before:
                found.setdefault(f"{ticket.closed_at:%Y-%m}", {})[key] = raw
        return found

    def take(self, table: str) -> Rows:
        """All rows of a table, which is empty afterwards."""
        rows = self._rows(table)
        for key in rows:
            self._drop(table, key)
        return rows

    def take_tickets(self, numbers: Iterable[str]) -> None:
        """Off the desk, with nothing left behind: they are in the archive now."""
        for number in numbers:
            self._drop("tickets", number)

    # --- outbox, mailboxes, quarantine, runs, facts ---

    def queue(self, item: Outbound) -> None:
        self._put("outbox", item.id, item)

    def outbox(self) -> Iterator[Outbound]:
        return self._all("outbox", _OUTBOUND)

    def drop_outbound(self, item_id: str) -> None:
        self._drop("outbox", item_id)

    def cursor(self, mailbox: str) -> Cursor | None:
        return self._one("cursors", mailbox, _CURSOR)

    def set_cursor(self, mailbox: str, cursor: Cursor) -> None:
        self._put("cursors", mailbox, cursor)

    def quarantine(self, item: Quarantined) -> None:
        self._put("quarantine", item.id, item)
        self._quarantined = None

    def quarantined(self) -> Iterator[Quarantined]:
        return self._all("quarantine", _QUARANTINED)

    def drop_quarantined(self, item_id: str, *, tombstone: bool = False) -> None:
        item = self._one("quarantine", item_id, _QUARANTINED)
        if item is not None and tombstone:
            self._put("tombstones", digest("content", item.content).hex(), Tombstone())
        self._drop("quarantine", item_id)
        self._quarantined = None

    def run(self, name: str) -> Run | None:
        return self._one("runs", name, _RUN)

    def runs(self) -> Iterator[Run]:
        return self._all("runs", _RUN)

    def note_run(self, run: Run) -> None:
        self._put("runs", run.name, run)

    def remember(self, key: str, value: str) -> None:
        if value:
            self._put("facts", key, Fact(value))
        else:
            self._drop("facts", key)

    def recall(self, key: str) -> str:
        fact = self._one("facts", key, _FACT)
        return fact.value if fact else ""

    def facts(self, prefix: str) -> Iterator[tuple[str, str]]:
        found = sorted((key, raw) for key, raw in self._rows("facts").items() if key.startswith(prefix))
        return ((key, decode(_FACT, raw).value) for key, raw in found)

    def patterns(self) -> Iterator[Pattern]:
        rows = sorted(self._rows("patterns").items(), key=lambda row: int(row[0]))
        from ticketctl.domain.patterns.pattern import Pattern  # here: few commands look at patterns

        decoder = Decoder(Pattern)
        return (decode(decoder, raw) for _, raw in rows)

    def save_pattern(self, pattern: Pattern) -> None:
        self._put("patterns", str(pattern.key), pattern)

    def drop_pattern(self, key: int) -> None:
        self._drop("patterns", str(key))

    def vocabulary(self) -> Vocabulary:
        from ticketctl.domain.patterns.pattern import Vocabulary

        return self._one("vocabulary", "all", Decoder(Vocabulary)) or Vocabulary()

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        self._put("vocabulary", "all", vocabulary)

    def measures(self) -> Iterator[Measure]:
        rows = sorted(self._rows("measures").items(), key=lambda row: int(row[0]))
        from ticketctl.domain.reports.measure import Measure

        decoder = Decoder(Measure)
        return (decode(decoder, raw) for _, raw in rows)

    def save_measure(self, measure: Measure) -> None:
        self._put("measures", str(measure.number), measure)

    def note_audit(self, head: Head) -> None:
        """Remembers how far the audit log reaches."""
        if head.number:
            self._put("audit", "head", head)

    # --- rows ---

    def _rows(self, table: str) -> Rows:
        return self.tables.get(table, {})

    def _one(self, table: str, key: str, decoder: Decoder[T]) -> T | None:
        raw = self._rows(table).get(key)
        return None if raw is None else decode(decoder, raw)

    def _all(self, table: str, decoder: Decoder[T]) -> Iterator[T]:
        """In order of key, as they are at this moment."""
        return (decode(decoder, raw) for _, raw in sorted(self._rows(table).items()))

    def _put(self, table: str, key: str, value: object) -> None:
        raw = encode(value)
        if self._rows(table).get(key) != raw:
            self._changing(table, key)[key] = raw

    def _drop(self, table: str, key: str) -> None:
        if key in self._rows(table):
            del self._changing(table, key)[key]

    def _changing(self, table: str, key: str) -> Rows:
        """The table's rows, copied when first changed, so that what was read stays as it was."""
        if self._readonly:
            raise RuntimeError("this desk is only for reading; use Store.transaction")
        if table not in self.touched:
            self.touched[table] = set()
            self.tables[table] = dict(self._rows(table))
        self.touched[table].add(key)
        return self.tables[table]
