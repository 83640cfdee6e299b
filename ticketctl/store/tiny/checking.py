"""What `doctor` asks of the store in files: is all there, whole, private, and where it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged, NextStep
from ticketctl.ports.store import Finding
from ticketctl.store import fs
from ticketctl.store.tiny import ahead, file_format, months
from ticketctl.store.tiny.documents import DAMAGED, decode
from ticketctl.store.tiny.file_format import Content, Rows
from ticketctl.store.tiny.foreign import foreign
from ticketctl.store.tiny.leftovers import remains
from ticketctl.store.tiny.migrations import open_desk
from ticketctl.store.verifying import PARTS, finding, verify

RECOVER = NextStep("doctor", given={"recover": True})


class _Attached(msgspec.Struct, frozen=True):
    sha256: str
    size: int


class _Said(msgspec.Struct, frozen=True):
    raw: str = ""
    attachments: tuple[_Attached, ...] = ()


class _Holder(msgspec.Struct, frozen=True):
    """The blobs that a ticket, an outbound mail or a quarantined message names."""

    raw: str = ""
    messages: tuple[_Said, ...] = ()

    @property
    def blobs(self) -> dict[str, int | None]:
        """By name with their size, where that is known."""
        raw = [one for one in (self.raw, *(message.raw for message in self.messages)) if one]
        files = (file for one in self.messages for file in one.attachments if file.sha256)
        return dict.fromkeys(raw) | {file.sha256: file.size for file in files}


_HOLDER = msgspec.json.Decoder(_Holder)


class _Seen:
    """What the files name, gathered one file at a time: years of archive need not fit into memory."""

    def __init__(self) -> None:
        self.blobs: dict[str, int | None] = {}
        self.remembered: Rows = {}
        self.purged: set[str] = set()
        self.archived: set[str] = set()
        self.months = 0

    def desk(self, content: Content) -> None:
        self.purged = set(content.tables.get("purged", {}))
        self.remembered = content.tables.get(months.TABLE, {})
        self._note_blobs(content)

    def month(self, content: Content) -> None:
        self.months += 1
        self.archived |= content.tables.get("tickets", {}).keys()
        self._note_blobs(content)

    def _note_blobs(self, content: Content) -> None:
        for table in ("tickets", "outbox", "quarantine"):
            for raw in content.tables.get(table, {}).values():
                self.blobs |= decode(_HOLDER, raw).blobs


def check(folder: Path, *, deep: bool = False, known: frozenset[str] = frozenset()) -> list[Finding]:
    """Findings over a desk's `data/`, the desk file first. `deep`: each stored file is hashed. `known` are further
    names that belong into `data/`."""
    if not fs.folder_is_there(folder):
        return [Finding(subject="store", state="ok", detail="nothing is stored yet")]
    seen = _Seen()
    return [
        _desk(folder, seen),
        _backup(folder),
        *_archive(folder, seen),
        _blobs(folder, seen, lambda _name: deep),
        *_set_aside(folder),
        *foreign(folder, known),
        *_modes(folder),
    ]


def check_files(folder: Path, part: int) -> Finding:
    """Of the stored files alone; of PARTS parts, this one is hashed. Raises Damaged where what names them is."""
    seen = _Seen()
    found = [_desk(folder, seen), *_archive(folder, seen)]
    for one in found:
        if one.state == "error":
            raise Damaged("{subject}: {detail}", code="check_failed", subject=one.subject, detail=one.detail)
    return _blobs(folder, seen, lambda name: int(name[:2], 16) % PARTS == part)


def _blobs(folder: Path, seen: _Seen, must_hash: Callable[[str], bool]) -> Finding:
    return finding(seen.blobs, verify(seen.blobs, folder / "blobs", must_hash))


def _desk(folder: Path, seen: _Seen) -> Finding:
    subject = "desk.json"
    witness = ahead.newest(folder)
    try:
        data = fs.read(folder / subject)
        if data is not None:
            content = open_desk(data, subject)
            seen.desk(content)
            ahead.must_not_be_older(content.generation, witness)
            return Finding(subject=subject, state="ok", detail=_counted(content))
    except Damaged as error:
        return _damaged(subject, error)
    if fs.names(folder / "archive") or fs.status(folder / "desk.json.bak"):
        return Finding(subject=subject, state="error", detail="the file is missing", next_step="{step}", step=RECOVER)
    if remains(folder):
        detail = "it and its backup are missing, only stored mail or the audit log is left"
        begin = "put data/ back from a backup; without one, {step} begins anew"
        return Finding(subject=subject, state="error", detail=detail, next_step=begin, step=RECOVER)
    return Finding(subject=subject, state="ok", detail="nothing is stored yet")


def _damaged(subject: str, error: Damaged) -> Finding:
    return Finding.failed(subject, error)


def _counted(content: Content) -> str:
    return f"{len(content.tables.get('tickets', {}))} tickets, {content.size} bytes, generation {content.generation}"


def _backup(folder: Path) -> Finding:
    subject = "desk.json.bak"
    data = fs.read(folder / subject)
    if data is None:
        missing = fs.status(folder / "desk.json") is not None
        return Finding(
            subject=subject,
            state="warning" if missing else "ok",
            detail="there is none",
            next_step="the next change makes one" if missing else "",
        )
    try:
        return Finding(subject=subject, state="ok", detail=_counted(open_desk(data, subject)))
    except Damaged as error:
        return Finding(
            subject=subject, state="error", detail=str(error), next_step="{step} makes a new one", step=RECOVER
        )


def _archive(folder: Path, seen: _Seen) -> Iterator[Finding]:
    for name in fs.signatures(folder / "archive", ".json"):
        subject = f"archive/{name}"
        try:
            seen.month(file_format.parse(fs.read(folder / "archive" / name) or b"", subject))
        except Damaged as error:
            yield _damaged(subject, error)
    lost = list(months.troubles(seen.remembered, folder / "archive"))
    for name, trouble in lost:
        step = "put it back from a backup; without one, {step} goes on without it"
        yield Finding(subject=f"archive/{name}", state="error", detail=trouble, next_step=step, step=RECOVER)
    left = len(seen.purged & seen.archived)
    if left:
        yield Finding(
            subject="archive",
            state="warning",
            detail=f"still holds {left} deleted tickets",
            next_step="{step} takes them out",
            step=NextStep("purge"),
        )
    elif not lost:
        yield Finding(subject="archive", state="ok", detail=f"{len(seen.archived)} tickets in {seen.months} months")


def _set_aside(folder: Path) -> list[Finding]:
    kept = [path / name for path in (folder, folder / "archive") for name in fs.names(path) if DAMAGED in name]
    return [
        Finding(
            subject=str(path.relative_to(folder)),
            state="warning",
            detail="kept by {step}; it holds customers' data that no purge reaches",
            step=RECOVER,
            next_step=f"once nothing is missing: rm {path}; until then purge deletes no stored file",
        )
        for path in kept
    ]


def _modes(folder: Path) -> list[Finding]:
    return [
        Finding(
            subject=str(path),
            state="warning",
            detail="other users of this machine may read it",
            next_step=f"chmod go= {path}",
        )
        for path in (folder / name for name in fs.names(folder))
        if fs.open_to_others(path)
    ]
