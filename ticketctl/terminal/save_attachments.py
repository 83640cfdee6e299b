"""Attachments into a folder: under safe names, never outside it, never over another file."""

from __future__ import annotations

import os
from pathlib import Path

from ticketctl.domain.ticket.message import Attachment
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import StoreFailed
from ticketctl.ports.store import Blobs
from ticketctl.present.filenames import numbered, safe_name

MOST_OF_ONE_NAME = 10_000


def save_attachments(ticket: Ticket, blobs: Blobs, folder: Path) -> list[tuple[Attachment, str]]:
    """Writes every attachment of the ticket into `folder`, which is made where it is missing; what was saved under
    which name. Raises StoreFailed, Damaged."""
    saved = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # all names are opened relative to this descriptor: the folder cannot be swapped meanwhile
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for message in ticket.messages:
                for one in message.attachments:
                    saved.append((one, _save(descriptor, safe_name(one.name), blobs.get(one.sha256))))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreFailed(f"{folder}: {error.strerror or error}") from error
    return saved


def _save(folder: int, name: str, data: bytes) -> str:
    for number in range(1, MOST_OF_ONE_NAME):
        free = name if number == 1 else numbered(name, number)
        try:
            descriptor = os.open(
                free, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
            )
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return free
    raise StoreFailed(f"there are {MOST_OF_ONE_NAME:,} files called {name} already")
