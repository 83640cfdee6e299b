"""Copies of sent mail that lie in the desk's own data folder, as `outgoing: {maildir: data/sent}` writes them. A
Maildir elsewhere belongs to somebody else and is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ticketctl.app import App
from ticketctl.domain.config import MaildirOut

_HEADER = 65_536
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>\r\n]+)>", re.I | re.M)


def remove_copies(app: App, message_ids: set[str]) -> int:
    """Deletes the copies of these mails; how many."""
    folder = _folder(app)
    if folder is None or not message_ids:
        return 0
    found = [path for path in _files(folder) if _id_of(path) in message_ids]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _folder(app: App) -> Path | None:
    outgoing = app.config.outgoing
    if outgoing is None or not isinstance(outgoing.sink, MaildirOut):
        return None
    folder = (app.folder / Path(outgoing.sink.path).expanduser()).resolve()
    return folder if folder.is_relative_to((app.folder / "data").resolve()) else None


def _files(folder: Path) -> Iterator[Path]:
    for part in ("new", "cur"):
        if (folder / part).is_dir():
            yield from (path for path in (folder / part).iterdir() if path.is_file() and not path.is_symlink())


def _id_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEADER).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    match = _MESSAGE_ID.search(head)
    return match[1].decode(errors="replace") if match else ""
