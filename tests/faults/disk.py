"""A disk that fails when it is to: it stands in for `os` in store/fs.py and locks.py, and counts file operations."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ticketctl.store import fs, locks

OPERATIONS = frozenset(
    ("open", "read", "pread", "write", "pwrite", "fsync", "close", "link", "rename", "unlink", "mkdir", "chmod",
     "fchmod", "fstat", "lstat", "scandir", "listdir", "ftruncate", "utime")
)  # fmt: skip


class Killed(BaseException):
    """The process is dead: nothing it does after this has any effect."""


Fault = Callable[["Disk", str, Callable[[], Any], tuple[Any, ...]], Any]


def kill_before(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
    disk.dead = True
    raise Killed


def kill_after(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
    disk.tracked(name, real(), arguments)
    disk.dead = True
    raise Killed


def kill_halfway(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
    """Half of what was to be written is there."""
    if name == "write":
        os.write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
    disk.dead = True
    raise Killed


def refuse(number: int) -> Fault:
    """The call fails with that errno, and has no effect (a descriptor is closed all the same, as on Linux)."""

    def fault(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
        if name == "close":
            disk.tracked(name, real(), arguments)
        raise OSError(number, os.strerror(number))

    return fault


def write_short(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
    if name == "write" and len(arguments[1]) > 1:
        return os.write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
    return disk.tracked(name, real(), arguments)


FAULTS: dict[str, Fault] = {
    "KILL before": kill_before,
    "KILL after": kill_after,
    "KILL halfway": kill_halfway,
    "ENOSPC": refuse(errno.ENOSPC),
    "EIO": refuse(errno.EIO),
    "short write": write_short,
}


class Disk:
    """Works until call number `at` (1 is the first), which goes as `fault` says; with `lasting` so do all after it."""

    def __init__(self, at: int = 0, fault: Fault = kill_before, *, lasting: bool = False) -> None:
        self.at = at
        self.fault = fault
        self.lasting = lasting
        self.calls: list[str] = []
        self.dead = False
        self.unsynced: set[str] = set()
        self._open: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return partial(self._call, name, real) if name in OPERATIONS else real

    def _call(self, name: str, real: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if self.dead:
            raise Killed
        self.calls.append(name)
        bound = partial(real, *arguments, **options)
        if len(self.calls) == self.at or (self.lasting and len(self.calls) > self.at > 0):
            return self.fault(self, name, bound, arguments)
        return self.tracked(name, bound(), arguments)

    def tracked(self, name: str, result: Any, arguments: tuple[Any, ...]) -> Any:
        """Remembers what is open, and which files and folders a power cut could still undo."""
        match name:
            case "open":
                self._open[result] = str(arguments[0])
                if arguments[1] & os.O_CREAT and Path(arguments[0]).suffix == ".jsonl" and not os.fstat(result).st_size:
                    self.unsynced.add(str(Path(arguments[0]).parent))  # a new name, not a file that gets one later
            case "close":
                self._open.pop(arguments[0], None)
            case "write" | "ftruncate":
                self.unsynced.add(self._open[arguments[0]])
            case "fsync":
                self.unsynced.discard(self._open[arguments[0]])
            case "rename" | "link":
                assert str(arguments[0]) not in self.unsynced, f"{arguments[0]} was given its name before it was synced"
                self.unsynced.add(str(Path(arguments[1]).parent))
            case "mkdir" | "unlink" if not str(arguments[0]).endswith(".tmp"):
                self.unsynced.add(str(Path(arguments[0]).parent))
        return result

    def bury(self) -> None:
        """What the kernel does when a process ends: its descriptors close, its locks go."""
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()


def put_in(disk: Any) -> None:
    """In place of `os`, for what the store does with files."""
    for module in (fs, locks):
        module.os = disk  # it is what the modules are for


@contextmanager
def using(disk: Disk) -> Iterator[Disk]:
    """The store's file operations go through `disk` inside the block."""
    put_in(disk)
    try:
        yield disk
    finally:
        put_in(os)
        disk.bury()
