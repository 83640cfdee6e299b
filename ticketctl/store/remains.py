"""What is left of a desk whose file, backup and archive are all gone."""

from __future__ import annotations

from pathlib import Path

from ticketctl.store.audit import highest_ticket
from ticketctl.store.blobs import FileBlobs


def remains(folder: Path) -> bool:
    """Whether there was a desk in `folder`: stored bytes, or an audit log that knows of tickets (that somebody looked
    at an empty desk is in it too, and tells nothing)."""
    return any(FileBlobs(folder / "blobs").all()) or highest_ticket(folder) > 0
