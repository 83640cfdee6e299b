"""The store in files, through TinyDB. `data/desk.json` is the transaction:

1. an exclusive lock on `desk.lock`, which is never replaced, waited for `lock_seconds` at most;
2. under it the file is read afresh and verified; changes are made in memory;
3. a new TinyDB over those rows takes the changes, and the whole file is serialised, with generation, length and sum;
4. it is written to a temporary file beside it and synced; on any error that file goes and the old state stands;
5. the generation before is kept as `desk.json.bak`, the new one renamed into place, the folder synced; only then is
   it reported as done, and an error after the rename says that it may have been stored;
6. a file that does not match its sum, or is missing beside its `.bak`, the archive, blobs or an audit log that knows of
   tickets, or is older than one of these (ahead.py), is damage: said, never started afresh. A new desk therefore begins
   with an empty file, before all of these. So is a month of the archive that is not as remembered (months.py).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from ticketctl.errors import Busy, Damaged, NextStep, StoreFailed, TicketctlError
from ticketctl.ports.signals import uninterrupted
from ticketctl.ports.store import Cleaning, Desk, Finding, Room
from ticketctl.store import fs, locks, temporary_files
from ticketctl.store.blobs import FileBlobs
from ticketctl.store.tiny import ahead, file_format
from ticketctl.store.tiny.archive import Archive
from ticketctl.store.tiny.desk import TinyDesk
from ticketctl.store.tiny.file_format import Content, Rows
from ticketctl.store.tiny.filesystems import network_kind
from ticketctl.store.tiny.migrations import open_desk

if TYPE_CHECKING:
    from ticketctl.store.audit.log import AuditLog

DERIVED = ".{name}.cache"  # a file in data/ that can be made anew from the tickets
_HOUR = 3_600_000_000_000  # ns
FOLDERS = ("archive", "blobs", "drafts", "tmp", "tokens", "writing")  # in data/


class TinyStore:
    """`folder` is the desk's `data/`, made 0700 by the first transaction. On a network file system it refuses to write,
    unless `allow_network_fs`. `audit` opens the log that every changed ticket is noted in; `committed` is called
    with each generation that was stored. `leaving` is called with the desk before it is stored, and may change it too.
    `cleaning` is for whoever was erased and came back with a backup."""

    def __init__(
        self, folder: Path, *, lock_seconds: float = 30, allow_network_fs: bool = False,
        audit: Callable[[], AuditLog] | None = None, committed: Callable[[int], None] = lambda _generation: None,
        cleaning: Cleaning | None = None, leaving: Callable[[Desk], None] = lambda _desk: None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._audit = audit
        self.blobs = FileBlobs(folder / "blobs", self._begin)
        self._path = folder / "desk.json"
        self._backup = folder / "desk.json.bak"
        self._archive = folder / "archive"
        self._marks = folder / "writing"
        self._lock_seconds = lock_seconds
        self._allow_network_fs = allow_network_fs
        self._committed = committed
        self._cleaning = cleaning
        self._leaving = leaving
        self._opened: Callable[[], TinyDesk | None] = lambda: None  # the desk that was opened last, while it is used

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[TinyDesk]:
        importlib.import_module(
            "ticketctl.store.tiny.storage"
        )  # TinyDB takes 20 ms: not while others wait for the lock
        if self._cleaning is not None and self._cleaning.newest():
            with self.reading():
                pass
        if keep:
            self._begin()
        with self._alone() as found:
            desk = self._desk()
            yield desk
            if keep:
                self._leaving(desk)
                self._commit(desk, found)

    @contextmanager
    def reading(self) -> Iterator[TinyDesk]:
        desk = self._desk(readonly=True)
        cleaning = self._cleaning
        if cleaning is not None:
            newest, self._cleaning = cleaning.newest(), None
            if newest and _last_erasure(desk) != newest:  # it was put back from a backup, or an erasure was cut off
                try:
                    cleaning.clean()
                except BaseException:
                    self._cleaning = cleaning
                    raise
                desk = self._desk(readonly=True)
        yield desk

    def stamp(self) -> object:
        return fs.signature(self._path)

    def facts(self, prefix: str) -> dict[str, str]:
        desk = self._opened()
        if desk is not None:
            return dict(desk.facts(prefix))
        with self.reading() as fresh:
            return dict(fresh.facts(prefix))

    @contextmanager
    def lease(self, name: str, seconds: float) -> Iterator[None]:
        fs.make_folder(self.folder)
        with locks.locked(self._lease(name), seconds):
            yield

    def note_lease(self, name: str, text: str) -> None:
        locks.note_holder(self._lease(name), text)

    def lease_note(self, name: str) -> str:
        return (fs.read(self._lease(name)) or b"").decode("ascii", "replace")

    def _lease(self, name: str) -> Path:
        return self.folder / ("fetch.lock" if name == "fetch" else f".{name}.lock")

    @contextmanager
    def mark(self, name: str) -> Iterator[None]:
        for folder in (self.folder, self._marks):
            fs.make_folder(folder)
        with locks.locked(self._marks / name, 1):
            try:
                yield
            finally:
                fs.unlink(self._marks / name)

    def marks(self, shape: str) -> list[str]:
        if not fs.folder_is_there(self._marks):
            return []
        names = (name for name in fs.names(self._marks) if re.fullmatch(shape, name))
        return [name for name in names if self._is_held(self._marks / name)]

    def _is_held(self, mark: Path) -> bool:
        """What nobody holds is of a run that died, and goes."""
        try:
            with locks.locked(mark, 0):
                fs.unlink(mark)
                return False
        except Busy:
            return True

    def derived(self, name: str) -> Any:
        found = fs.map_file(self._derived(name))
        return found and found[0]

    def keep_derived(self, name: str, data: bytes, generation: int) -> None:
        with suppress(StoreFailed, Busy, Damaged), self._alone():
            if self._read().generation == generation:
                fs.replace(self._derived(name), data)

    def _derived(self, name: str) -> Path:
        return self.folder / DERIVED.format(name=name)

    def _drop_derived(self) -> None:
        for name in fs.names(self.folder):
            if name.startswith(".") and name.endswith(".cache") and name != ".rules.cache":
                fs.unlink(self.folder / name)

    def archive(self, before: datetime) -> int:
        """Safe to be cut off anywhere: what is in the archive and on the desk counts on the desk."""
        with self._alone() as found:
            desk = self._desk()
            desk.learn_months()
            desk.check_months()
            desk.archive.remove(desk.purged)
            desk.take("purged")
            months = desk.leaving(before)
            tombstones = desk.take("tombstones")
            desk.archive.add(months, {f"{before:%Y-%m}": tombstones} if tombstones else {})
            moved = [key for rows in months.values() for key in rows]
            desk.take_tickets(moved)
            desk.note_months()
            self._commit(desk, found)
            return len(moved)

    def check(self, *, deep: bool = False, known: Collection[Path] = ()) -> list[Finding]:
        from ticketctl.store.tiny.checking import check

        return check(self.folder, deep=deep, known=known)

    def check_privacy(self) -> Finding:
        from ticketctl.store.tiny.checking import check_privacy

        return check_privacy(self.folder)

    def room(self) -> Room:
        found = fs.status(self._path)
        from ticketctl.store import looking

        free, files = looking.room(self.folder if fs.folder_is_there(self.folder) else self.folder.parent)
        return Room(free, files, found.st_size if found else 0)

    def check_files(self, part: int) -> Finding:
        from ticketctl.store.tiny.checking import check_files

        return check_files(self.folder, part)

    def set_aside(self) -> list[str]:
        from ticketctl.store.tiny.leftovers import set_aside

        return set_aside(self.folder)

    def recover(self) -> list[Finding]:
        from ticketctl.store.tiny.recovery import recover

        with self._alone():
            self._drop_derived()
            return recover(self.folder)

    @contextmanager
    def _alone(self) -> Iterator[fs.Signature | None]:
        """Under the lock; gives what the desk file is recognised by, None where there is none."""
        fs.make_folder(self.folder)
        kind = None if self._allow_network_fs else network_kind(self.folder)
        if kind:
            raise StoreFailed(
                "{folder} lies on a network file system ({kind}), where locks cannot be trusted; move the desk "
                "to a local disk, or set TICKETCTL_ALLOW_NETWORK_FS=1 if you know that it is safe",
                code="network_file_system",
                folder=self.folder,
                kind=kind,
            )
        with locks.locked(self.folder / ahead.LOCK, self._lock_seconds):
            self._sweep()
            yield fs.signature(self._path)

    def _begin(self) -> None:
        """An empty desk file where nothing ever was, so that one that is missing later is known to be lost."""
        if fs.status(self._path) is not None:
            return
        with self._alone() as found:
            if found is None:
                self._read()
                fs.make_private(self.folder)
                fs.replace(self._path, file_format.render({}, 0))

    def _desk(self, *, readonly: bool = False) -> TinyDesk:
        fs.must_be_folders(self.folder, *(self.folder / name for name in FOLDERS))
        witness = ahead.newest(self.folder)  # before the desk file, which another process may replace meanwhile
        content = self._read()
        ahead.must_not_be_older(content.generation, witness)
        desk = TinyDesk(content, Archive(self._archive), readonly=readonly)
        self._opened = ref(desk)
        return desk

    def _read(self) -> Content:
        data = fs.read(self._path)
        if data is not None:
            return open_desk(data, "desk.json", self._rows_before())
        if fs.status(self._backup) is not None or fs.names(self._archive):
            raise Damaged(
                "desk.json is missing beside its backup or archive",
                code="desk_file_missing",
                next_step=NextStep("doctor", then="repairs it", given={"recover": True}),
            )
        from ticketctl.store.tiny.leftovers import remains

        if remains(self.folder):
            raise Damaged(
                "desk.json and its backup are missing beside stored mail or the audit log: "
                "put data/ back from a backup",
                code="desk_files_missing",
                next_step=NextStep("doctor", then="begins anew without one", given={"recover": True}),
            )
        return Content({})

    def _rows_before(self) -> Mapping[str, Rows]:
        """Rows that this process has in memory already: none, where it runs for one command."""
        return {}

    def _commit(self, desk: TinyDesk, found: fs.Signature | None) -> None:
        if not desk.touched:
            return
        with self._recorded(desk, desk.content.generation + 1):
            self._write(desk, found)

    @contextmanager
    def _recorded(self, desk: TinyDesk, generation: int) -> Iterator[None]:
        """Before and after, in the audit log: what is about to be changed, and that it was."""
        if self._audit is None or not desk.happened:
            yield
            return
        log, at = self._audit(), desk.happened[-1][1].at
        log.record_events(desk.happened, generation)
        try:
            yield
        except BaseException as error:
            stored = isinstance(error, StoreFailed) and error.outcome.startswith((fs.UNSURE, fs.STORED))
            if not stored:  # else it is not known, or the commit was made and what follows it failed
                with suppress(TicketctlError):
                    log.record_outcome(at, generation, stored=False)
            raise
        with suppress(TicketctlError):  # a change that is stored must not look as if it were not
            log.record_outcome(at, generation, stored=True)

    def _write(self, desk: TinyDesk, found: fs.Signature | None) -> None:
        from ticketctl.store.audit import lines
        from ticketctl.store.tiny.storage import apply

        content = desk.content
        desk.learn_months()
        desk.note_audit(lines.advanced(self.folder, lines.anchor(content.tables)))
        data = file_format.pieces(apply(content.tables, desk.tables, desk.touched), content.generation + 1)
        if desk.closed_changed:
            self._drop_derived()  # before the commit: a run that dies in between leaves nothing of what it took out
        with uninterrupted():
            if fs.signature(self._path) != found:
                raise StoreFailed(
                    "desk.json was changed by something that does not keep its lock; nothing was stored",
                    code="written_without_lock",
                )
            fs.replace(self._path, data, previous=self._backup)
            ahead.note(self.folder, content.generation + 1)
            self._committed(content.generation + 1)
            if desk.erased or not content.tables:  # an empty backup would be of no use
                with fs.once_stored():
                    self._erase(desk, data)

    def _erase(self, desk: TinyDesk, data: fs.Data) -> None:
        """What was deleted must not live on in the backup or the archive. If this is cut off, the next commit and the
        next `archive` finish it."""
        fs.replace(self._backup, data)
        desk.archive.remove(desk.purged | desk.returned)

    def _sweep(self) -> None:
        """Takes away what the dead left. Under the lock nobody alive writes a file of desk or archive; what is written
        without it belongs to the process in its name, and is left alone while that lives, for an hour."""
        temporary_files.sweep(self.folder)
        temporary_files.sweep(self._archive)
        last = fs.status(self._path)
        if last is not None:
            temporary_files.sweep_aside(self.folder / temporary_files.ASIDE, written_before=last.st_mtime_ns - _HOUR)


def _last_erasure(desk: TinyDesk) -> str:
    """Of which the desk knows."""
    from ticketctl.ports.erasures import FACT

    return desk.recall(FACT)
