"""The store in files for a process that lasts: the desk file is read again only when somebody has stored another
generation, and what is known of each ticket stays as long as its row is the same. Threads share it.

The rows in memory are never changed: a unit of work copies a table before it changes it (TinyDesk). What makes that a
safe reading is the file's signature (device, inode, size, times), which every replacement changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

from ticketctl.domain.ticket.query import EVERYTHING, Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.signals import uncollected
from ticketctl.store import fs
from ticketctl.store.tiny.archive import Archive
from ticketctl.store.tiny.desk import TinyDesk
from ticketctl.store.tiny.documents import OUTLINE, decode
from ticketctl.store.tiny.file_format import Content, Rows
from ticketctl.store.tiny.message_index import Sightings
from ticketctl.store.tiny.store import TinyStore


class Warmth:
    """What a process keeps of one desk: the rows of its last generation that was read, and the outline of each
    ticket. What holds for one generation is in one `_State`, which a reader keeps as it found it. `reckoned` is what
    the use cases keep beside it."""

    def __init__(self, reckoned: Any = None) -> None:
        self.reckoned = reckoned
        self.lock = Lock()
        self.state: _State | None = None


class _State:
    def __init__(self, signature: fs.Signature, content: Content, before: _State | None) -> None:
        self.signature = signature
        self.content = content
        self._lock = Lock()
        self._outlines: list[Ticket] | None = None
        self._by_row: dict[bytes, Ticket] = before._by_row if before else {}
        self._sightings: Sightings | None = None

    def outlines(self) -> list[Ticket]:
        """Of all tickets on the desk, in order of number."""
        with self._lock:
            if self._outlines is None:
                known, rows = self._by_row, self.content.tables.get("tickets", {})
                with uncollected():
                    found = [
                        (raw, known.get(raw) or decode(OUTLINE, raw))
                        for _, raw in sorted((int(key), raw) for key, raw in rows.items())
                    ]
                self._by_row = dict(found)
                self._outlines = [ticket for _, ticket in found]
            return self._outlines

    def sightings(self) -> Sightings:
        """Which ticket holds which Message-ID. It is read only: whoever changes tickets makes their own."""
        with self._lock:
            if self._sightings is None:
                self._sightings = Sightings()
                for key, raw in self.content.tables.get("tickets", {}).items():
                    self._sightings.learn(int(key), raw)
            return self._sightings


class WarmStore(TinyStore):
    def __init__(self, *given: Any, warmth: Warmth, **more: Any) -> None:
        super().__init__(*given, **more)
        self._warmth = warmth

    def _desk(self, *, readonly: bool = False) -> TinyDesk:
        if not readonly:
            return super()._desk()
        now = fs.signature(self._path)
        state = self._warmth.state
        if state is None or state.signature != now:
            super()._desk(readonly=True)  # looks at everything that may be wrong
            state = self._warmth.state
            if state is None:  # there is no file yet, or it changes faster than it is read
                return super()._desk(readonly=True)
        desk = WarmDesk(state, Archive(self._archive))
        self._opened = lambda: desk
        return desk

    def _read(self) -> Content:
        before = fs.signature(self._path)
        state = self._warmth.state
        if state is not None and state.signature == before:
            return state.content
        with self._warmth.lock:
            state = self._warmth.state
            if state is not None and state.signature == before:
                return state.content
            content = super()._read()
            if before is not None and fs.signature(self._path) == before:
                self._warmth.state = _State(before, content, state)
            return content

    def _rows_before(self) -> Mapping[str, Rows]:
        return self._warmth.state.content.tables if self._warmth.state else {}

    def _write(self, desk: TinyDesk, found: fs.Signature | None) -> None:
        """What was stored need not be read again: the rows are those of the desk."""
        super()._write(desk, found)
        stored = fs.signature(self._path)  # nobody else writes: the lock is ours
        if stored is not None:
            content = Content(dict(desk.tables), desk.content.generation + 1, stored[0])
            self._warmth.state = _State(stored, content, self._warmth.state)


class WarmDesk(TinyDesk):
    """A reading whose outlines are made already."""

    def __init__(self, state: _State, archive: Archive) -> None:
        super().__init__(state.content, archive, readonly=True)
        self._state = state

    def find(self, query: Query = EVERYTHING, *, archive: bool = False, texts: bool = False) -> Iterator[Ticket]:
        if archive or texts or query.needs_texts or query.numbers is not None:
            return super().find(query, archive=archive, texts=texts)
        return (ticket for ticket in self._state.outlines() if query.matches(ticket))

    @property
    def _seen(self) -> Sightings:
        return self._state.sightings()
