"""What a use case may ask of the computer that the desk is on, and of the web."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


class Host(Protocol):
    def call(self, url: str) -> None:
        """GETs the address; raises ChannelFailed, which names its host alone."""
        ...

    def time_at(self, url: str) -> datetime | None:
        """What time the server of that address says it is; None where it does not say. Raises ChannelFailed."""
        ...

    def size(self, path: Path) -> int:
        """Bytes of a file, 0 where there is none; raises StoreFailed."""
        ...

    def room(self, folder: Path) -> tuple[int, int]:
        """Bytes and files that still fit there; raises StoreFailed."""
        ...

    def names(self, folder: Path) -> list[str]:
        """Sorted; empty where there is no such folder. Raises StoreFailed."""
        ...

    def make_folder(self, folder: Path) -> None:
        """For its owner alone, where it is missing; raises StoreFailed."""
        ...

    def read(self, path: Path) -> bytes | None:
        """The whole file, None where there is none; raises StoreFailed."""
        ...

    def write_new(self, path: Path, data: bytes) -> None:
        """A new file for its owner alone; raises StoreFailed, and then there is none."""
        ...

    def open_new(self, path: Path) -> AbstractContextManager[BinaryIO]:
        """A new file for its owner alone, to be written piece by piece; it goes where the block raises. Raises Refused
        where there is one, StoreFailed."""
        ...

    def unlink(self, path: Path) -> bool:
        """False where it was gone already; raises StoreFailed."""
        ...

    def untrusted(self, folder: Path, names: Sequence[str]) -> list[str]:
        """What of a desk is a link, belongs to another user or may be written by others: rules.yaml, its folder, the
        snippets, and the files and folders that rules.yaml names (`names`, relative to the desk); a sentence each."""
        ...

    def crontab(self) -> list[str]:
        """The lines of the user's crontab; none where there is none yet. Raises TicketctlError."""
        ...

    def write_crontab(self, lines: Sequence[str]) -> None:
        """Without lines there is no crontab any more. Raises TicketctlError, and then it is as it was."""
        ...
