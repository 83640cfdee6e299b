"""The desk's secret, `data/key`: 32 random bytes that sign its Message-IDs and its audit log."""

from __future__ import annotations

import secrets
from pathlib import Path

from ticketctl.errors import Damaged
from ticketctl.store import fs, temporary_files

LENGTH = 32


def load_or_create_key(folder: Path) -> bytes:
    """The key in `folder` (the desk's `data/`), made there at first use; several processes that make one at once get
    the same. Raises StoreFailed, and Damaged for a file of another length."""
    path = folder / "key"
    key = fs.read(path)
    if key is None:
        fs.make_folder(folder)
        _create(path)
        key = fs.read(path)
    if key is None or len(key) != LENGTH:
        raise Damaged(
            "{path} is not a key of {length} bytes; put it back from a backup, old mail is signed with it",
            code="not_a_key",
            path=path,
            length=LENGTH,
        )
    return key


def _create(path: Path) -> None:
    """A link, unlike a rename, fails where another process was quicker."""
    fs.make_folder(path.parent / temporary_files.ASIDE)
    aside = path.parent / temporary_files.ASIDE / temporary_files.aside_name("key")
    fs.write_new(aside, secrets.token_bytes(LENGTH))
    try:
        fs.link(aside, path)
    finally:
        fs.unlink(aside)
    fs.sync_folder(path.parent)
