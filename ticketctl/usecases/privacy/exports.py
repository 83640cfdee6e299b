"""Exports that the desk has made of a person's data: remembered by a pseudonym, and deleted when the person is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from ticketctl.domain.privacy.person import Identity
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.rate_limit import pseudonym
from ticketctl.usecases.session import Session

PREFIX = "export "  # facts of the desk, by an id that says nothing


class ExportMade(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is where it was written; `persons` are keyed hashes of the addresses and caller names."""

    path: str
    at: datetime
    persons: tuple[str, ...]


def exports_folder(session: Session) -> Path:
    return session.folder / "data" / "exports"


def note_export(session: Session, desk: Desk, path: Path, who: Identity) -> None:
    persons = tuple(pseudonym(session, one) for one in sorted(who.known_as))
    made = ExportMade(path=str(path), at=session.now, persons=persons)
    desk.remember(f"{PREFIX}{session.new_id()[:16]}", msgspec.json.encode(made).decode())


def _made(session: Session, desk: Desk, who: Identity) -> Iterator[tuple[str, ExportMade]]:
    mine = {pseudonym(session, one) for one in who.known_as}
    for key, text in desk.facts(PREFIX):
        made = msgspec.json.decode(text, type=ExportMade)
        if mine & set(made.persons):
            yield key, made


def exports_of(session: Session, desk: Desk, who: Identity) -> Iterator[str]:
    yield from dict.fromkeys(made.path for _, made in _made(session, desk, who))


def remove_exports(session: Session, desk: Desk, who: Identity) -> int:
    """Deletes the files that are still there, and forgets them; how many were."""
    found = list(_made(session, desk, who))
    for key, _ in found:
        desk.remember(key, "")
    return sum(session.host.unlink(Path(made.path)) for _, made in found)


def remove_old_exports(session: Session, desk: Desk, before: datetime) -> None:
    """Those made before then: the file where it lies in data/exports, and that it was made. One that was written
    elsewhere is its owner's to delete."""
    folder = exports_folder(session)
    for key, text in list(desk.facts(PREFIX)):
        made = msgspec.json.decode(text, type=ExportMade)
        if made.at < before:
            desk.remember(key, "")
            desk.leave_no_copy()
            if Path(made.path).parent == folder:
                session.host.unlink(Path(made.path))
