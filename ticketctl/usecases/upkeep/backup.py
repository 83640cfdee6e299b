"""A backup of the whole desk in one file, and older ones deleted."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ticketctl.errors import Usage
from ticketctl.ports.backup import Manifest
from ticketctl.usecases.session import Session

_NAMED = r"{desk}-\d{{4}}-\d\d-\d\dT\d{{6}}\.tar\.gz(\.age)?"
_UNUSUAL = re.compile(r"[^\w.-]+")


class BackUp(msgspec.Struct, frozen=True, kw_only=True):
    """`target` is a file, or a folder in which each backup has a name with its instant; there the newest `keep` stay
    (0: all). `recipient`: a public key of age."""

    target: Path
    keep: int = 0
    recipient: str = ""


class BackedUp(msgspec.Struct, frozen=True):
    """`removed` are older backups that were deleted."""

    file: str
    manifest: Manifest
    removed: tuple[str, ...] = ()


def back_up(session: Session, request: BackUp) -> BackedUp:
    """Older backups go only once the new one is whole. Raises NotAllowed, Usage, Damaged, StoreFailed, MissingExtra."""
    session.must("backup")
    target = request.target.expanduser().resolve()
    folder = target if target.is_dir() else None
    if request.keep and folder is None:
        raise Usage(
            "{target} is not a folder; only in a folder older backups can be counted",
            code="keep_needs_folder",
            target=target,
        )
    desk = _UNUSUAL.sub("-", session.folder.name)
    if folder is not None:
        target = folder / f"{desk}-{session.now:%Y-%m-%dT%H%M%S}.tar.gz{'.age' if request.recipient else ''}"
    manifest = session.app.open_backups(session.folder).write(target, session.now, recipient=request.recipient)
    session.audit.record(at=session.now, actor=session.actor, action="backup")
    removed: tuple[str, ...] = ()
    if folder is not None and request.keep:
        named = re.compile(_NAMED.format(desk=re.escape(desk)))
        every = sorted(name for name in session.host.names(folder) if named.fullmatch(name))
        removed = tuple(every[: -request.keep])
        for name in removed:
            session.host.unlink(folder / name)
    return BackedUp(str(target), manifest, removed)
