"""What lies beside the store and tells of tickets: copies of sent mail in the desk's own data folder, as `outgoing:
{maildir: data/sent}` writes them (a Maildir elsewhere belongs to somebody else and is left alone), mail to the team,
and texts that an editor left."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

from ticketctl.domain.config import MaildirOut
from ticketctl.domain.mail.message_ids import NOTICE
from ticketctl.errors import TicketctlError
from ticketctl.ports.channels import SENT_FILE
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_HEADER = 65_536
_NUMBER = re.compile(r"#(\d{1,9})\b")
_LEFT = re.compile(r"[a-z]+-(\d+)-.*\.txt")
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>\r\n]+)>", re.I | re.M)


def remove_copies(session: Session, message_ids: set[str]) -> int:
    """Deletes the copies of these mails; how many."""
    folder = _folder(session)
    if folder is None or not message_ids:
        return 0
    found = [path for path in _files(folder) if _id_of(path) in message_ids]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def remove_team_copies(session: Session, numbers: Container[int], words: Collection[str]) -> None:
    """Deletes the copies of mail to the team, notices and reports, that names one of these tickets or holds one of the
    words."""
    folder = _folder(session)
    for path in _files(folder) if folder else ():
        if _id_of(path).startswith(NOTICE) and _is_about(path.read_bytes(), numbers, words):
            path.unlink(missing_ok=True)


def team_mail_about(session: Session, desk: Desk, numbers: Container[int]) -> Iterator[str]:
    """The outbox's ids of mail to the team that is through and names one of these tickets."""
    for item in desk.outbox():
        if item.kind not in ("notification", "report") or item.pending:
            continue
        with suppress(TicketctlError):  # its bytes are gone, or damaged: doctor says so
            if _is_about(session.store.blobs.get(item.raw), numbers, ()):
                yield item.id


def _is_about(raw: bytes, numbers: Container[int], words: Collection[str]) -> bool:
    parts = (part for part in message_from_bytes(raw).walk() if not part.is_multipart())
    payloads = (part.get_payload(decode=True) for part in parts)
    text = b"\n".join(payload for payload in payloads if isinstance(payload, bytes)).decode("utf-8", "replace")
    folded = " ".join(text.split()).casefold()
    return any(int(found) in numbers for found in _NUMBER.findall(text)) or any(word in folded for word in words)


def remove_left_texts(session: Session, numbers: Container[int]) -> None:
    """Deletes what an editor or a refused reply left in data/drafts of these tickets."""
    folder = session.app.texts_folder
    for name in session.host.names(folder):
        found = _LEFT.fullmatch(name)
        if found and int(found[1]) in numbers:
            session.host.unlink(folder / name)


def _folder(session: Session) -> Path | None:
    outgoing = session.config.outgoing
    if outgoing is None or not isinstance(outgoing.sink, MaildirOut):
        return None
    folder = (session.folder / Path(outgoing.sink.path).expanduser()).resolve()
    return folder if folder.is_relative_to((session.folder / "data").resolve()) else None


def _files(folder: Path) -> Iterator[Path]:
    for part in ("new", "cur"):
        if (folder / part).is_dir():
            every = (path for path in (folder / part).iterdir() if SENT_FILE in path.name)
            yield from (path for path in every if path.is_file() and not path.is_symlink())


def _id_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEADER).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    match = _MESSAGE_ID.search(head)
    return match[1].decode(errors="replace") if match else ""
