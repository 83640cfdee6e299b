"""Locks, and the files that only grow under one; tests make each call of `os` fail, as in fs.py."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ticketctl.errors import Busy
from ticketctl.store.fs import failing, owned_file, sync_folder, write_all

_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Holds an exclusive lock on a file that is never replaced; raises Busy after `seconds`. The kernel frees it when
    the process ends, however it ends."""
    with _held(path, seconds):
        yield


def note_holder(path: Path, text: str) -> None:
    """In a lock that this process holds: who holds it, for those who wait. It need not last."""
    with failing(path), open(path, "r+b") as file:  # noqa: PTH123 - it must not be made here
        file.truncate()
        file.write(text.encode())


@contextmanager
def _held(path: Path, seconds: float) -> Iterator[int]:
    with failing(path):
        descriptor = os.open(path, _APPEND, 0o600)
    try:
        with failing(path):
            if owned_file(path, descriptor).st_mode & 0o600 != 0o600:
                os.fchmod(descriptor, 0o600)  # made just now under a umask that leaves us nothing
            _lock(descriptor, path, seconds)
        yield descriptor  # outside failing: what the block itself raises is its own
    finally:
        with suppress(OSError):  # it frees the lock all the same, and nothing was written through it unsynced
            os.close(descriptor)


def _lock(descriptor: int, path: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    pause = 0.001
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Busy(
                    "another run has held {path} for {seconds:g} s; try again",
                    code="file_locked",
                    path=path,
                    seconds=seconds,
                ) from None
        time.sleep(pause)
        pause = min(pause * 2, 0.008)  # short, or a writer in a loop always beats those who wait


@contextmanager
def appending(path: Path, seconds: float) -> Iterator[Appender]:
    """The file (made where missing) under its own exclusive lock, to be read at its end and appended to. One that was
    replaced while this waited is not it any more."""
    deadline = time.monotonic() + seconds
    while True:
        with _held(path, max(0.0, deadline - time.monotonic())) as descriptor:
            if _is_named(path, descriptor):
                yield Appender(path, descriptor)
                return


def _is_named(path: Path, descriptor: int) -> bool:
    with failing(path):
        try:
            return os.lstat(path).st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            return False


class Appender:
    """An open file that only grows. `size` is its length in bytes."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        with failing(path):
            self.size = os.fstat(descriptor).st_size

    def tail(self, count: int) -> bytes:
        """The last `count` bytes, fewer where there are fewer."""
        with failing(self._path):
            return os.pread(self._descriptor, count, max(0, self.size - count))

    def cut(self, size: int) -> None:
        """Drops what a writer that died left after `size` bytes."""
        with failing(self._path):
            os.ftruncate(self._descriptor, size)
        self.size = size

    def append(self, data: bytes) -> None:
        """Durable when it returns."""
        with failing(self._path):
            write_all(self._descriptor, data)
            os.fsync(self._descriptor)
        if self.size == 0:
            sync_folder(self._path.parent)  # the file may be new
        self.size += len(data)
