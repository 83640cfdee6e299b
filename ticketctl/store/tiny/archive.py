"""Closed tickets, and the tombstones of purged ones, by month: `data/archive/YYYY-MM.json`, in the desk file's format.

A ticket that is also on the desk counts there; its archived copy is then a leftover. `index.bin` is derived.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ticketctl.errors import Damaged, NextStep, StoreFailed
from ticketctl.store import fs, temporary_files
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.documents import Mark, digest
from ticketctl.store.tiny.file_format import Content, Rows, Tables
from ticketctl.store.tiny.index import Index, Place, checksum


class Archive:
    """One view of the archive, read when first needed; it stays the same while months are replaced under it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index | None = None
        self._months: list[mmap.mmap | bytes] | None = None

    # --- asking ---

    def get(self, number: int) -> bytes | None:
        """The ticket's row; raises Damaged."""
        if not self.has(number):
            return None
        months = self._opened()
        place = self.index.place(number)
        return None if place is None else self._row(months, place)

    def has(self, number: int) -> bool:
        return self.index.place(number) is not None

    def numbers(self, kind: Mark, value: str) -> list[int]:
        """Of the tickets that hold that Message-ID or content hash; 0 stands for a purged one."""
        if not self.index.marks_are_whole():
            self._index = self._load(Index({}))
        return self.index.numbers(digest(kind, value))

    def rows(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[tuple[int, bytes]]:
        """In order of number all tickets that lived between the two instants, and perhaps a few more."""
        months = self._opened()
        for place in self.index.places(since, until):
            yield place.number, self._row(months, place)

    @property
    def index(self) -> Index:
        if self._index is None:
            found = fs.map_file(self.folder / "index.bin")
            self._index = self._load((found and Index.load(found[0])) or Index({}))
        return self._index

    def _load(self, old: Index) -> Index:
        index = old.renewed(fs.signatures(self.folder, ".json"), self._read)
        if index is not old:
            with suppress(StoreFailed):  # it is derived: a reader on a full or read-only disk goes on without it
                fs.replace(self.folder / "index.bin", index.dump())
        return index

    def _row(self, months: list[mmap.mmap | bytes], place: Place) -> bytes:
        raw = months[place.month][place.offset : place.offset + place.length]
        if checksum(raw) != place.check:
            raise Damaged(
                "archive/{name} is damaged at #{number}",
                code="archive_damaged",
                name=list(self.index.months)[place.month],
                number=place.number,
                next_step=NextStep("doctor", then="repairs what can be repaired", given={"recover": True}),
            )
        return raw

    def _opened(self) -> list[mmap.mmap | bytes]:
        """All months as the index describes them; a process that is replacing them may have to be outrun."""
        for _ in range(10):
            if self._months is not None:
                return self._months
            opened = [fs.map_file(self.folder / name) for name in self.index.months]
            if [found and found[1] for found in opened] == list(self.index.months.values()):
                self._months = [found[0] for found in opened if found]
            else:
                self._index = None
        raise StoreFailed(
            "{folder} changes faster than it can be read; try again",
            code="archive_changes_too_fast",
            folder=self.folder,
        )

    def _read(self, name: str) -> bytes:
        data = fs.read(self.folder / name)
        if data is None:
            raise StoreFailed("archive/{name} disappeared while it was read; try again", code="archive_gone", name=name)
        return data

    # --- changing, under the desk's lock ---

    def add(self, tickets: Mapping[str, Rows], tombstones: Mapping[str, Rows]) -> None:
        """Puts rows into months ("2026-11"), durably; copies of those tickets in other months go."""
        if not tickets and not tombstones:
            return
        fs.make_folder(self.folder)
        before = self.index
        for month in sorted(tickets.keys() | tombstones.keys()):
            content = self._content(f"{month}.json")
            added = {"tickets": tickets.get(month, {}), "tombstones": tombstones.get(month, {})}
            self._replace(f"{month}.json", content, _merged(content.tables, added))
        self._drop(before, {int(key) for rows in tickets.values() for key in rows}, but=tickets)
        self._renew()

    def remove(self, numbers: set[int]) -> None:
        """Takes tickets out of every month, durably."""
        if numbers:
            self._drop(self.index, numbers, but={})
            self._renew()

    def _drop(self, index: Index, numbers: set[int], *, but: Mapping[str, Rows]) -> None:
        """Out of every month of `index`, except that `but` says which month's copy is the right one."""
        names = list(index.months)
        affected = sorted({names[place.month] for place in index.every(numbers)})
        for name in affected:
            right = but.get(name.removesuffix(".json"), {})
            content = self._content(name)
            rows = content.tables.get("tickets", {})
            kept = {key: raw for key, raw in rows.items() if int(key) not in numbers or key in right}
            if len(kept) != len(rows):
                self._replace(name, content, {**content.tables, "tickets": kept})

    def _content(self, name: str) -> Content:
        data = fs.read(self.folder / name)
        return Content({}) if data is None else file_format.parse(data, f"archive/{name}")

    def _replace(self, name: str, content: Content, tables: Tables) -> None:
        fs.replace(self.folder / name, file_format.pieces(tables, content.generation + 1))

    def _renew(self) -> None:
        temporary_files.sweep(self.folder)
        self._months = None
        self._index = self._load(self.index)


def _merged(tables: Tables, added: Tables) -> Tables:
    return {**tables, **{name: {**tables.get(name, {}), **rows} for name, rows in added.items()}}
