"""Backups: one file that holds a whole desk as it was at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `version` is ticketctl's that made it; `generation` that of the desk file; `files` are names
    with sha256 and size in bytes; `tickets` those on the desk, `archived` those in the archive, `blobs` the stored
    mails and files that they name. `erasures`: somebody had been erased by then."""

    format: int = FORMAT
    version: str
    made_at: datetime
    generation: int
    tickets: int
    archived: int
    blobs: int
    erasures: bool
    files: Mapping[str, tuple[str, int]]

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files.values())


class Backups(Protocol):
    def write(self, target: Path, at: datetime, *, recipient: str = "") -> Manifest:
        """Writes the desk as it is at this moment, while others work, reads it again and compares it, and only then
        gives it the name `target` (0600). An older backup of that name stays until then; another file of that name is
        never overwritten. Encrypted for `recipient`, a public key of age, where one is given. Raises Damaged, Refused,
        StoreFailed, Busy, MissingExtra, Usage."""
        ...

    def must_fit(self, file: Path, folder: Path) -> None:
        """Checks what can be checked before unpacking, and deletes what a killed restore left. Raises Refused where
        `folder` holds more than what may stay, Damaged where `file` does not begin as a backup does, StoreFailed where
        there is none."""
        ...

    def unpack(self, file: Path, folder: Path, *, identity: Path | None = None, at: datetime) -> Manifest:
        """Makes `folder`, which is missing or empty but for what `may_stay`, a desk of what the backup holds, whole or
        not at all. Mail of its outbox that may have been sent since becomes "uncertain", and the fact RESTORED says
        that somebody has to look before mail is fetched or sent. Raises Damaged, Refused, StoreFailed, MissingExtra,
        Usage."""
        ...


RESTORED = "restored"  # the fact: "wait INSTANT", when the backup was made; once somebody has looked "since INSTANT"
MAY_STAY = "erased"  # of a folder that a backup is restored into: who was erased, which no backup holds
