"""Files that are too large to be in memory at once: the same care as in fs.py, for who reads and writes in parts."""

# ruff: noqa: PTH123 - descriptors, not paths
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from ticketctl.store import fs


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """Raises FileNotFoundError, and StoreFailed for anything but a plain file."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
        fs.owned_file(path, file.fileno())
        yield file


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A new file, 0600 whatever the umask; on the disk when the block ends, and gone where it raises."""
    with fs.failing(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with fs.failing(path), open(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        fs.discard(path)
        raise
