"""What `doctor` asks of the store in files: is all there, whole, private, and where it should be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged, StoreFailed
from ticketctl.ports.store import PARTS, Finding
from ticketctl.store import fs, looking
from ticketctl.store.tiny import ahead, file_format, months
from ticketctl.store.tiny.documents import DAMAGED, Decoder, decode
from ticketctl.store.tiny.file_format import Content, Rows
from ticketctl.store.tiny.foreign import foreign
from ticketctl.store.tiny.leftovers import remains
from ticketctl.store.tiny.migrations import open_desk
from ticketctl.store.verifying import finding, verify

PUBLIC = ("README.md", ".gitignore")  # of a repository; they say nothing of anybody


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


_HOLDER = Decoder(_Holder)


class Seen:
    """What the files name, gathered one file at a time: years of archive need not fit into memory."""

    def __init__(self) -> None:
        self.blobs: dict[str, int | None] = {}
        self.remembered: Rows = {}
        self.purged: set[str] = set()
        self.tickets: set[str] = set()
        self.archived: set[str] = set()
        self.months = self.generation = 0

    def desk(self, content: Content) -> None:
        self.generation = content.generation
        self.purged = set(content.tables.get("purged", {}))
        self.tickets = set(content.tables.get("tickets", {}))
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


def check(folder: Path, *, deep: bool = False, known: Collection[Path] = ()) -> list[Finding]:
    """Findings over a desk's `data/`, the desk file first. `deep`: each stored file is hashed. `known` are further
    places, of which those within `data/` belong there."""
    fs.must_be_folders(folder)
    if not fs.folder_is_there(folder):
        return [Finding(subject="store", state="ok", code="nothing_stored")]
    strange = list(_not_ours(folder))
    try:
        return [*strange, *_checked(folder, deep, known)]
    except StoreFailed:
        if not strange:
            raise
        return strange  # one of these could not be read


def _checked(folder: Path, deep: bool, known: Collection[Path]) -> list[Finding]:
    seen = Seen()
    return [
        _desk(folder, seen),
        _backup(folder),
        *_archive(folder, seen),
        _blobs(folder, seen, lambda _name: deep),
        *_set_aside(folder),
        *foreign(folder, {place.relative_to(folder).parts[0] for place in known if folder in place.parents}),
        *_modes(folder),
    ]


def check_privacy(folder: Path) -> Finding:
    """Whether others on this machine may look into `data/`."""
    subject = "data/"
    mode = looking.mode(folder)
    if mode is None:
        return Finding(subject=subject, state="ok", code="not_there_yet")
    if not mode & 0o077:
        return Finding(subject=subject, state="ok", code="private", facts={"mode": f"{mode:04o}"})
    if fs.status(folder / "desk.json") is None:
        return Finding(subject=subject, state="ok", code="private_soon")
    facts = {"mode": f"{mode:04o}", "folder": folder}
    return Finding(subject=subject, state="warning", code="open_to_others", facts=facts, next_step="make_private")


def check_files(folder: Path, part: int) -> Finding:
    """Of the stored files alone; of PARTS parts, this one is hashed. Raises Damaged where what names them is."""
    seen = Seen()
    found = [_desk(folder, seen), *_archive(folder, seen)]
    for one in found:
        if one.state == "error":
            why = one.facts.get("why", "the file is missing")
            raise Damaged("{subject}: {why}", code="check_failed", subject=one.subject, why=why)
    return _blobs(folder, seen, lambda name: int(name[:2], 16) % PARTS == part)


def _blobs(folder: Path, seen: Seen, must_hash: Callable[[str], bool]) -> Finding:
    return finding(seen.blobs, verify(seen.blobs, folder / "blobs", must_hash))


def _desk(folder: Path, seen: Seen) -> Finding:
    subject = "desk.json"
    witness = ahead.newest(folder)
    try:
        data = fs.read(folder / subject)
        if data is not None:
            content = open_desk(data, subject)
            seen.desk(content)
            ahead.must_not_be_older(content.generation, witness)
            return _counted(subject, content)
    except Damaged as error:
        return _damaged(subject, error)
    if fs.names(folder / "archive") or fs.status(folder / "desk.json.bak"):
        return Finding(subject=subject, state="error", code="file_missing", next_step="recover")
    if remains(folder):
        return Finding(subject=subject, state="error", code="only_leftovers", next_step="restore_or_begin_anew")
    return Finding(subject=subject, state="ok", code="nothing_stored")


def _damaged(subject: str, error: Damaged) -> Finding:
    return Finding.failed(subject, error)


def _counted(subject: str, content: Content) -> Finding:
    tickets = len(content.tables.get("tickets", {}))
    facts = {"tickets": tickets, "bytes": content.size, "generation": content.generation}
    return Finding(subject=subject, state="ok", code="counted", facts=facts)


def _backup(folder: Path) -> Finding:
    subject = "desk.json.bak"
    data = fs.read(folder / subject)
    if data is None:
        if fs.status(folder / "desk.json") is None:
            return Finding(subject=subject, state="ok", code="no_backup")
        return Finding(subject=subject, state="warning", code="no_backup", next_step="next_change_makes_it")
    try:
        return _counted(subject, open_desk(data, subject))
    except Damaged as error:
        facts = {"why": error}
        return Finding(subject=subject, state="error", code="trouble", facts=facts, next_step="recover_backup")


def _archive(folder: Path, seen: Seen) -> Iterator[Finding]:
    for name in fs.signatures(folder / "archive", ".json"):
        subject = f"archive/{name}"
        try:
            seen.month(file_format.parse(fs.read(folder / "archive" / name) or b"", subject))
        except Damaged as error:
            yield _damaged(subject, error)
    lost = list(months.troubles(seen.remembered, folder / "archive"))
    for name, trouble in lost:
        facts = {"why": trouble}
        yield Finding(
            subject=f"archive/{name}", state="error", code="trouble", facts=facts, next_step="restore_or_go_on"
        )
    left = len(seen.purged & seen.archived)
    if left:
        held = {"tickets": left}
        yield Finding(
            subject="archive", state="warning", code="archive_holds_deleted", facts=held, next_step="purge_deleted"
        )
    elif not lost:
        counts = {"tickets": len(seen.archived), "months": seen.months}
        yield Finding(subject="archive", state="ok", code="archive", facts=counts)


def _set_aside(folder: Path) -> list[Finding]:
    kept = [path / name for path in (folder, folder / "archive") for name in fs.names(path) if DAMAGED in name]
    return [
        Finding(
            subject=str(path.relative_to(folder)),
            state="warning",
            code="set_aside",
            facts={"path": path},
            next_step="remove_set_aside",
        )
        for path in kept
    ]


def _not_ours(folder: Path) -> Iterator[Finding]:
    """Links, pipes, devices, what belongs to another user, and files that are named elsewhere too."""
    for path, found in looking.below(folder):
        try:
            looking.must_be_ours(path, found)
        except StoreFailed as error:
            yield Finding.failed(f"data/{path.relative_to(folder)}", error)


def _modes(folder: Path) -> list[Finding]:
    return [
        Finding(
            subject=str(path),
            state="warning",
            code="readable_by_others",
            facts={"path": path},
            next_step="make_unreadable",
        )
        for path in (folder / name for name in fs.names(folder) if name not in PUBLIC)
        if fs.open_to_others(path)
    ]
