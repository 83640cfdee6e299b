"""What a use case may ask of the computer that the desk is on, and of the web."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol


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

    def unlink(self, path: Path) -> bool:
        """False where it was gone already; raises StoreFailed."""
        ...
