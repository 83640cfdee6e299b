"""What is left of a desk whose file, backup and archive are all gone, and what recovery set aside."""

from __future__ import annotations

from pathlib import Path

from ticketctl.store import fs
from ticketctl.store.audit.lines import highest_ticket
from ticketctl.store.blobs import FileBlobs
from ticketctl.store.tiny.documents import DAMAGED


def remains(folder: Path) -> bool:
    """Whether there was a desk in `folder`: stored bytes, or an audit log that knows of tickets (that somebody looked
    at an empty desk is in it too, and tells nothing)."""
    return any(FileBlobs(folder / "blobs").all()) or highest_ticket(folder) > 0


def set_aside(folder: Path) -> list[str]:
    """The names of damaged files that recovery kept, and that may name stored files which nothing else names."""
    kept = [*fs.names(folder), *fs.names(folder / "archive")]
    return [name for name in kept if DAMAGED in name and not name.startswith("audit.jsonl")]
