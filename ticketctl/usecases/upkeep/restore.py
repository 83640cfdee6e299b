"""A desk that was restored from a backup: nothing is fetched or sent before somebody has looked, and no mail that came
before that is answered by itself: the desk that was lost may have done it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from ticketctl.errors import NextStep, Refused
from ticketctl.ports.backup import MAY_STAY, RESTORED, Backups, Manifest
from ticketctl.ports.store import Desk, Finding
from ticketctl.usecases.results import Objected, Objection
from ticketctl.usecases.session import Session


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """`identity` is the file with the secret key of an encrypted backup. `accept`: codes of objections."""

    file: Path
    folder: Path
    identity: Path | None = None
    accept: frozenset[str] = frozenset()


class Restored(msgspec.Struct, frozen=True):
    desk: str
    manifest: Manifest


def restore(backups: Backups, request: Restore, *, at: datetime) -> Restored:
    """Makes a new desk of a backup. Needs no session: there is no desk. Raises Objected where nothing says who was
    erased since the backup, Damaged, Refused, StoreFailed, MissingExtra, Usage."""
    file, folder = request.file.expanduser(), request.folder.expanduser().resolve()
    backups.must_fit(file, folder)
    if not (folder / MAY_STAY).is_dir() and "erasures_unknown" not in request.accept:
        raise Objected(
            Objection(
                "erasures_unknown",
                "nothing says who was erased since this backup was made: they would come back",
                facts={"folder": str(folder / MAY_STAY)},
            )
        )
    manifest = backups.unpack(file, folder, identity=request.identity, at=at)
    return Restored(str(folder), manifest)


def must_have_looked(desk: Desk) -> None:
    """Raises Refused on a desk that was restored and that nobody has looked at since."""
    state, _, made = desk.recall(RESTORED).partition(" ")
    if state == "wait":
        raise Refused(
            "this desk was restored from a backup of {made:%Y-%m-%d %H:%M} UTC; nothing is fetched or sent until "
            "somebody has checked it",
            code="restored_unseen",
            made=datetime.fromisoformat(made),
            next_step=NextStep("doctor", then="says that you have", given={"resume": True}),
        )


def answered_before(desk: Desk) -> datetime | None:
    """Mail that arrived by then may have been answered by the desk that was lost; None on one that was never
    restored."""
    state, _, since = desk.recall(RESTORED).partition(" ")
    return datetime.fromisoformat(since) if state == "since" else None


def resume(session: Session) -> bool:
    """Somebody has looked at the restored desk: mail is fetched and sent again. False where it was not restored, or
    somebody had. Raises NotAllowed."""
    session.must("resume")
    with session.store.transaction() as desk:
        state, _, made = desk.recall(RESTORED).partition(" ")
        if state != "wait":
            return False
        desk.remember(RESTORED, f"since {session.now.isoformat()}")
    why = f"at work again after it was restored from a backup of {made}"
    session.audit.record(at=session.now, actor=session.actor, action="restore", why=why)
    return True


def restored_finding(desk: Desk) -> Finding | None:
    """What `doctor` says of a restored desk that nobody has looked at."""
    state, _, made = desk.recall(RESTORED).partition(" ")
    if state != "wait":
        return None
    unsure = sum(item.state == "uncertain" for item in desk.outbox())
    facts = {"made": datetime.fromisoformat(made), "unsure": unsure}
    return Finding(subject="restored", state="warning", code="restored_unseen", facts=facts, next_step="resume")
