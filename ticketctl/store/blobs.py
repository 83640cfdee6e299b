"""Bytes under their sha256: `data/blobs/ab/ab34…`. A blob is on the disk before the commit that names it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from ticketctl.errors import Damaged, NextStep, NoSuchTicket
from ticketctl.store import fs, temporary_files

_NAME = r"[0-9a-f]{64}"


class FileBlobs:
    """Adding needs no lock: a blob is written aside, made durable, and then given its name. `begin` is called before
    this process's first one: a desk file must be there before its blobs."""

    def __init__(self, folder: Path, begin: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self._begin = begin
        self._aside = folder.parent / temporary_files.ASIDE
        self._made: set[Path] = set()
        self._synced: set[Path] = set()
        self._gathered: dict[str, bytes] | None = None

    def put(self, data: bytes) -> str:
        if self._gathered is None:
            return self.put_many([data])[0]
        name = hashlib.sha256(data).hexdigest()
        self._gathered[name] = data
        return name

    @contextmanager
    def together(self, *, keep: bool = True) -> Iterator[None]:
        gathered: dict[str, bytes] = {}
        self._gathered = gathered
        try:
            yield
        finally:
            self._gathered = None
        if keep:
            self.put_many(gathered.values())

    def put_many(self, datas: Iterable[bytes]) -> list[str]:
        """Their names in the same order, all durable when this returns; each folder is synced once for all. (One
        syncfs(2) instead of all these waits for what every other program has written too, and not every file system
        keeps its word.)"""
        named: list[str] = []
        missing: dict[Path, bytes] = {}
        folders: dict[Path, None] = {}
        for data in datas:
            name = hashlib.sha256(data).hexdigest()
            named.append(name)
            path = self._path(name)
            if path.parent not in folders:
                fs.must_be_folders(path.parent)
            found = None if path in missing else fs.status(path)
            # Young again: what nothing names yet is spared by `written_before` and `resting`.
            if found is None or found.st_size != len(data) or not fs.touch(path):
                missing[path] = data
            folders[path.parent] = None  # also where it is there: who put it there may not have synced yet
        if missing:
            self._write(missing)
        fs.sync_folders(folders)
        if not folders.keys() <= self._synced:  # the same for the folders themselves
            fs.sync_folder(self.folder)
            self._synced |= folders.keys()
        return named

    def _write(self, files: Mapping[Path, bytes]) -> None:
        if self.folder not in self._made:
            self._begin()
        for folder in (self.folder.parent, self.folder, self._aside, *(path.parent for path in files)):
            if folder not in self._made:
                fs.make_folder(folder, sync=folder.parent != self.folder)
                self._made.add(folder)
        aside = {self._aside / temporary_files.aside_name(path.name): path for path in files}
        fs.write_all_new({temporary: files[path] for temporary, path in aside.items()})
        try:
            for temporary, path in aside.items():
                fs.rename(temporary, path)
        except BaseException:
            for temporary in aside:
                fs.discard(temporary)
            raise

    def get(self, sha256: str) -> bytes:
        if self._gathered and sha256 in self._gathered:
            return self._gathered[sha256]
        fs.must_be_folders(self.folder, self._path(sha256).parent)
        data = fs.read(self._path(sha256)) if re.fullmatch(_NAME, sha256) else None
        if data is None:
            raise NoSuchTicket(
                "the stored bytes {sha256} are not there",
                code="blob_missing",
                sha256=sha256,
                next_step=NextStep("doctor", then="says more"),
            )
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(
                "the stored bytes {sha256} are damaged; put them back from a backup", code="blob_damaged", sha256=sha256
            )
        return data

    def has(self, sha256: str) -> bool:
        if self._gathered and sha256 in self._gathered:
            return True
        return bool(re.fullmatch(_NAME, sha256)) and fs.status(self._path(sha256)) is not None

    def delete(self, sha256: str) -> None:
        if re.fullmatch(_NAME, sha256) and fs.unlink(self._path(sha256)):
            fs.sync_folder(self._path(sha256).parent)

    def all(self) -> Iterator[str]:
        """In order of name."""
        for folder in fs.names(self.folder):
            yield from (name for name in fs.names(self.folder / folder) if re.fullmatch(_NAME, name))

    def written_before(self, before: datetime) -> Iterator[str]:
        for name in self.all():
            found = fs.status(self._path(name))
            if found is not None and found.st_mtime < before.timestamp():
                yield name

    def resting(self, names: Iterable[str], quiet: timedelta) -> set[str]:
        if not fs.folder_is_there(self.folder):
            return set()
        before = fs.clock(self.folder) - quiet.total_seconds()
        times = {name: fs.status(self._path(name)) for name in names if re.fullmatch(_NAME, name)}
        return {name for name, found in times.items() if found is not None and found.st_mtime <= before}

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name
