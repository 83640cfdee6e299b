"""What is kept of logins: `data/tokens/ACCOUNT.json`, 0600, each replaced as a whole under a lock of its own.

It is no part of the desk file: a refresh waits for the network, and no lock of the desk is held meanwhile. A token that
was renewed elsewhere and is not here is lost, so it is durable before anybody uses it.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Condition, get_ident

from ticketctl.errors import StoreFailed
from ticketctl.ports.signals import uninterrupted
from ticketctl.store import fs, locks


class Tokens:
    """`data` is the desk's data folder. An account is a word fit for a file name. All raise StoreFailed."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / "tokens"

    def read(self, account: str) -> bytes | None:
        """Refuses what others on this machine may read: it is not secret any more."""
        path = self._path(account)
        content = fs.read(path)
        if content is not None and fs.open_to_others(path):
            raise StoreFailed(
                "{path} is open to others on this machine; log in again after `rm {path}`",
                code="tokens_open_to_others",
                path=path,
            )
        return content

    @contextmanager
    def locked(self, account: str, seconds: float) -> Iterator[None]:
        """Nobody else renews this login meanwhile; raises Busy after `seconds`."""
        fs.make_folder(self._data)
        fs.make_folder(self._folder)
        with locks.locked(self._folder / f"{account}.lock", seconds):
            yield

    def write(self, account: str, content: bytes) -> None:
        """Durable when it returns. Call it under the lock."""
        path = self._path(account)
        self._sweep(path)
        with uninterrupted():
            fs.replace(path, content)

    def uninterrupted(self) -> AbstractContextManager[None]:
        """Ctrl-C, TERM and HUP wait until the block is done, also where it runs in another thread than the main one:
        the process then does not end before."""
        return _to_the_end()

    def forget(self, account: str) -> bool:
        """Whether there was one. Call it under the lock."""
        path = self._path(account)
        self._sweep(path)
        gone = fs.unlink(path)
        fs.sync_folder(self._folder)
        return gone

    def _path(self, account: str) -> Path:
        return self._folder / f"{account}.json"

    def _sweep(self, path: Path) -> None:
        """What a process that was killed while it wrote left of this login."""
        for name in fs.names(self._folder):
            if name.startswith(f".{path.name}.") and name.endswith(fs.TEMPORARY):
                fs.unlink(self._folder / name)


_ENDING = Condition()
_under_way: set[int] = set()  # the threads in such a block


@contextmanager
def _to_the_end() -> Iterator[None]:
    me = get_ident()
    with uninterrupted():
        _under_way.add(me)
        try:
            yield
        finally:
            with _ENDING:
                _under_way.discard(me)
                _ENDING.notify_all()


@atexit.register
def _wait() -> None:
    with _ENDING:
        _ENDING.wait_for(lambda: not _under_way)
