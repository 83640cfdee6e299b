"""Keys of 32 random bytes. `data/key`, the desk's secret, signs its Message-IDs, and its audit log where rules.yaml
names no other key for that."""

from __future__ import annotations

import secrets
from pathlib import Path

from ticketctl.errors import Damaged, StoreFailed, Usage
from ticketctl.store import fs, temporary_files

LENGTH = 32


def load_or_create_key(folder: Path) -> bytes:
    """The key in `folder` (the desk's `data/`), made there at first use; several processes that make one at once get
    the same. Raises StoreFailed, and Damaged for a file of another length."""
    path = folder / "key"
    if fs.read(path) is None:
        fs.make_folder(folder)
        aside = folder / temporary_files.ASIDE
        fs.make_folder(aside)
        _create(path, aside / temporary_files.aside_name("key"))
    return _key(path)


def load_or_create_outside(path: Path, desk: Path) -> bytes:
    """The key in that file, made there at first use, in a folder that must be there. Raises Usage where it lies in the
    desk, where whoever may write the log could read it; StoreFailed where others may read it; Damaged."""
    if desk.resolve() in path.resolve().parents:
        raise Usage(
            "privacy: audit_key: names a file in the desk, where it protects nothing more; name one elsewhere",
            code="audit_key_inside",
        )
    if fs.read(path) is None:
        if not fs.folder_is_there(path.parent):
            text = "there is no folder {folder} for the audit key; make it"
            raise Usage(text, code="no_key_folder", folder=path.parent)
        _create(path, path.with_name(f".{temporary_files.aside_name(path.name)}"))
    return _key(path)


def key_outside(named: str, desk: Path) -> tuple[Path, bytes] | None:
    """The file that rules.yaml names in `audit_key:`, and the key in it; None where it names none. Raises as above."""
    path = desk / Path(named).expanduser()
    return (path, load_or_create_outside(path, desk)) if named else None


def _key(path: Path) -> bytes:
    """Raises StoreFailed where others may read it: it is not secret any more."""
    key = fs.read(path)
    if key is None or len(key) != LENGTH:
        raise Damaged(
            "{path} is not a key of {length} bytes; put it back from a backup",
            code="not_a_key",
            path=path,
            length=LENGTH,
        )
    if fs.open_to_others(path):
        raise StoreFailed(
            "{path} may be read by others, and with it signatures be forged: take their rights on it (chmod 600)",
            code="key_open_to_others",
            path=path,
        )
    return key


def _create(path: Path, aside: Path) -> None:
    """A link, unlike a rename, fails where another process was quicker."""
    fs.write_new(aside, secrets.token_bytes(LENGTH))
    try:
        fs.link(aside, path)
    finally:
        fs.unlink(aside)
    fs.sync_folder(path.parent)
