"""What `doctor` asks of the store in files: is all there, whole, private, and where it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged
from ticketctl.store import framing, fs
from ticketctl.store.base import Finding
from ticketctl.store.blobs import FileBlobs
from ticketctl.store.documents import decode
from ticketctl.store.framing import Content
from ticketctl.store.migrations import open_desk

RECOVER = "`ticketctl doctor --recover`"


class _Attached(msgspec.Struct, frozen=True):
    sha256: str


class _Said(msgspec.Struct, frozen=True):
    raw: str = ""
    attachments: tuple[_Attached, ...] = ()


class _Holder(msgspec.Struct, frozen=True):
    """The blobs that a ticket, an outbound mail or a quarantined message names."""

    raw: str = ""
    messages: tuple[_Said, ...] = ()

    @property
    def blobs(self) -> set[str]:
        said = {one.raw for one in self.messages} | {file.sha256 for one in self.messages for file in one.attachments}
        return (said | {self.raw}) - {""}


_HOLDER = msgspec.json.Decoder(_Holder)


def check(folder: Path) -> list[Finding]:
    """Findings over a desk's `data/`, the desk file first."""
    if not fs.folder_is_there(folder):
        return [Finding(subject="store", state="ok", detail="nothing is stored yet")]
    files = list(_files(folder))
    findings = [finding for _, finding in files]
    contents = [content for content, _ in files if content is not None]
    return [*findings, *_blobs(contents, FileBlobs(folder / "blobs")), *_leftovers(contents), *_modes(folder)]


def _files(folder: Path) -> Iterator[tuple[Content | None, Finding]]:
    yield _desk(folder)
    yield None, _backup(folder)
    for name in fs.signatures(folder / "archive", ".json"):
        yield _month(folder, name)


def _desk(folder: Path) -> tuple[Content | None, Finding]:
    subject = "desk.json"
    try:
        data = fs.read(folder / subject)
        if data is not None:
            content = open_desk(data, subject)
            return content, Finding(subject=subject, state="ok", detail=_counted(content))
    except Damaged as error:
        return None, Finding(subject=subject, state="error", detail=str(error), next_step=RECOVER)
    if fs.names(folder / "archive") or fs.status(folder / "desk.json.bak"):
        return None, Finding(subject=subject, state="error", detail="the file is missing", next_step=RECOVER)
    return None, Finding(subject=subject, state="ok", detail="nothing is stored yet")


def _counted(content: Content) -> str:
    return f"{len(content.tables.get('tickets', {}))} tickets, {content.size} bytes, generation {content.generation}"


def _backup(folder: Path) -> Finding:
    subject = "desk.json.bak"
    data = fs.read(folder / subject)
    if data is None:
        missing = fs.status(folder / "desk.json") is not None
        return Finding(
            subject=subject, state="warning" if missing else "ok", detail="there is none",
            next_step="the next change makes one" if missing else "",
        )
    try:
        return Finding(subject=subject, state="ok", detail=_counted(open_desk(data, subject)))
    except Damaged as error:
        return Finding(subject=subject, state="warning", detail=str(error), next_step="the next change makes a new one")


def _month(folder: Path, name: str) -> tuple[Content | None, Finding]:
    subject = f"archive/{name}"
    try:
        content = framing.parse(fs.read(folder / "archive" / name) or b"", subject)
    except Damaged as error:
        return None, Finding(subject=subject, state="error", detail=str(error), next_step=RECOVER)
    return content, Finding(subject=subject, state="ok", detail=_counted(content))


def _blobs(contents: list[Content], blobs: FileBlobs) -> list[Finding]:
    named = {
        blob
        for content in contents
        for table in ("tickets", "outbox", "quarantine")
        for raw in content.tables.get(table, {}).values()
        for blob in decode(_HOLDER, raw).blobs
    }
    missing = sorted(named - set(blobs.all()))
    if not missing:
        return [Finding(subject="blobs", state="ok", detail=f"{len(named)} in use, all there")]
    return [
        Finding(
            subject="blobs", state="error", detail=f"{len(missing)} of {len(named)} are missing, such as {missing[0]}",
            next_step="put data/blobs back from a backup; tickets and their texts are not affected",
        )
    ]


def _leftovers(contents: list[Content]) -> list[Finding]:
    purged = {key for content in contents for key in content.tables.get("purged", {})}
    archived = {key for content in contents[1:] for key in content.tables.get("tickets", {})}
    if not purged & archived:
        return []
    return [
        Finding(
            subject="archive", state="warning", detail=f"still holds {len(purged & archived)} deleted tickets",
            next_step="`ticketctl purge` takes them out",
        )
    ]


def _modes(folder: Path) -> list[Finding]:
    return [
        Finding(
            subject=str(path), state="warning", detail="other users of this machine may read it",
            next_step=f"chmod go= {path}",
        )
        for path in (folder, *(folder / name for name in fs.names(folder)))
        if fs.open_to_others(path)
    ]
