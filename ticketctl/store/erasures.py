"""Who was erased, kept beside the desk's data and outside its backups: `DESK/erased/`, a key of its own and a line for
each erasure. A line holds keyed hashes of what the person is known as, when it was and until when it counts: long
enough to clean a restored backup again. As long as the key lives a hash is personal data too, so it ends.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged
from ticketctl.ports.erasures import ErasureRecord
from ticketctl.store import fs
from ticketctl.store.key import load_or_create_key


class ErasureList:
    """`folder` is DESK/erased, made when somebody is first erased."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "erasures.jsonl"

    def newest(self) -> str:
        """The id of the last erasure, "" where there was none."""
        every = self.all()
        return every[-1].id if every else ""

    def all(self) -> list[ErasureRecord]:
        """Oldest first. Raises Damaged."""
        data = fs.read(self._path) or b""
        try:
            return [msgspec.json.decode(line, type=ErasureRecord) for line in data.splitlines() if line.strip()]
        except msgspec.MsgspecError as error:
            raise Damaged(
                "{path} is damaged; put it back from a backup of its own", code="erasures_damaged", path=self._path
            ) from error

    def add(self, erasure: str, persons: Iterable[str], at: datetime, until: datetime) -> None:
        """Durable when it returns; a line of the same id is replaced, what has ended goes."""
        fs.make_folder(self._folder)
        mark = self.marker()
        record = ErasureRecord(id=erasure, at=at, until=until, persons=tuple(sorted(map(mark, persons))))
        kept = [one for one in self.all() if one.until > at and one.id != erasure]
        fs.replace(self._path, b"".join(msgspec.json.encode(one) + b"\n" for one in [*kept, record]))

    def expire(self, now: datetime) -> int:
        """Takes out what has ended; how many."""
        every = self.all()
        kept = [one for one in every if one.until > now]
        if len(kept) < len(every):
            fs.replace(self._path, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))
        return len(every) - len(kept)

    def marker(self) -> Callable[[str], str]:
        """Canonical address, or folded name of a caller → its keyed hash."""
        key = load_or_create_key(self._folder)
        return lambda known_as: hmac.digest(key, b"erased:" + known_as.encode(), hashlib.sha256).hex()[:32]
