"""What is kept beside the store and is about tickets: copies of sent mail, mail to the team, and texts that an editor
left."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from contextlib import suppress
from email import message_from_bytes

from ticketctl.domain.mail.message_ids import NOTICE
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_NUMBER = re.compile(r"#(\d{1,9})\b")
_LEFT = re.compile(r"[a-z]+-(\d+)-.*\.txt")


def remove_copies(session: Session, message_ids: set[str]) -> None:
    """Deletes the copies of these mails."""
    for copy in session.sent_copies() if message_ids else ():
        if copy.message_id in message_ids:
            copy.delete()


def remove_team_copies(session: Session, numbers: Container[int], words: Collection[str]) -> None:
    """Deletes the copies of mail to the team, notices and reports, that names one of these tickets or holds one of the
    words."""
    for copy in session.sent_copies():
        if copy.message_id.startswith(NOTICE) and is_about(copy.read(), numbers, words):
            copy.delete()


def team_mail_about(session: Session, desk: Desk, numbers: Container[int]) -> Iterator[str]:
    """The outbox's ids of mail to the team that is through and names one of these tickets."""
    for item in desk.outbox():
        if item.kind not in ("notification", "report") or item.pending:
            continue
        with suppress(TicketctlError):  # its bytes are gone, or damaged: doctor says so
            if is_about(session.store.blobs.get(item.raw), numbers, ()):
                yield item.id


def is_about(raw: bytes, numbers: Container[int], words: Collection[str]) -> bool:
    """Whether a mail to the team names one of the tickets or holds one of the words (folded)."""
    parts = (part for part in message_from_bytes(raw).walk() if not part.is_multipart())
    payloads = (part.get_payload(decode=True) for part in parts)
    text = b"\n".join(payload for payload in payloads if isinstance(payload, bytes)).decode("utf-8", "replace")
    folded = " ".join(text.split()).casefold()
    return any(number in numbers for number in numbers_in_text(text)) or any(word in folded for word in words)


def numbers_in_text(text: str) -> set[int]:
    """The tickets that a mail to the team names."""
    return set(map(int, _NUMBER.findall(text)))


def ticket_of_text(name: str) -> int:
    """Which ticket a text in data/drafts is about, by its name; 0 where it is about none."""
    found = _LEFT.fullmatch(name)
    return int(found[1]) if found else 0


def remove_left_texts(session: Session, numbers: Container[int]) -> None:
    """Deletes what an editor or a refused reply left in data/drafts of these tickets."""
    folder = session.app.texts_folder
    for name in session.host.names(folder):
        if ticket_of_text(name) in numbers:
            session.host.unlink(folder / name)
