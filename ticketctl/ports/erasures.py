"""Who was erased, remembered outside the store and its backups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

FACT = "erased"  # of the desk: the id of the last erasure that was carried out on it


class ErasureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`persons` are keyed hashes of what the person is known as; `until` is when it is forgotten."""

    id: str
    at: datetime
    until: datetime
    persons: tuple[str, ...]


class Erasures(Protocol):
    def newest(self) -> str:
        """The id of the last erasure, "" where there was none."""
        ...

    def all(self) -> Sequence[ErasureRecord]:
        """Oldest first. Raises Damaged."""
        ...

    def add(self, erasure: str, persons: Iterable[str], at: datetime, until: datetime) -> None:
        """Durable when it returns; a record of the same id is replaced, what has ended goes."""
        ...

    def expire(self, now: datetime) -> int:
        """Takes out what has ended; how many."""
        ...

    def marker(self) -> Callable[[str], str]:
        """Canonical address, or folded name of a caller → its keyed hash."""
        ...
