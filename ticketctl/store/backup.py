"""A desk as one tar file, and back (docs/operations.md, "Backup").

What the desk file, the archive and the audit log held at one moment is opened under the desk's lock and read after it:
these files are only ever replaced. Blobs are added before the commit that names them, so all that the snapshot names
are there, unless a purge takes one meanwhile: then a new snapshot is taken.

The first member says the format, so that a newer one is refused by its version; the last is the manifest with the
sha256 of each. Left out: what can be made again (indexes, the cache of the rules), locks, half files, logins by OAuth,
and the list of who was erased, which must not come back with a backup.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import shutil
import stat
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from ticketctl import __version__
from ticketctl.errors import Damaged, NextStep, Refused, StoreFailed, Usage
from ticketctl.ports.backup import FORMAT, MAY_STAY, RESTORED, Manifest
from ticketctl.store import fs, locks, looking, streams, temporary_files
from ticketctl.store.age_files import decrypted, encryption, is_encrypted
from ticketctl.store.audit import sealed
from ticketctl.store.audit.lines import NAME as AUDIT
from ticketctl.store.tiny import ahead, file_format
from ticketctl.store.tiny.checking import Seen
from ticketctl.store.tiny.migrations import open_desk
from ticketctl.store.tiny.store import TinyStore

if TYPE_CHECKING:
    from ticketctl.ports.store import Desk

HEAD, MANIFEST = "ticketctl-backup.json", "manifest.json"
_TOGETHER = re.compile(r"desk\.json|audit\.jsonl|audit\.head|key|archive/\d{4}-\d\d\.json")  # the snapshot has these
_LEFT_OUT = re.compile(
    r"(.*/)?\..+\.\d+\.tmp|\.rules\.cache.*|.*\.lock|desk\.json\.bak|archive/index\.bin|blobs/verified"
    r"|(tmp|writing|tokens)/.*"
)
_BESIDE = ("snippets", "docs")  # folders of the desk that go with data/
_NAME = re.compile(r"rules\.yaml|(snippets|docs|data)(/[^/\x00]+)+")
_TRIES = 3
_PART = 1 << 20
_HALF = re.compile(r"\..+\.tar(?:\.gz)?(?:\.age)?\.(\d+)\.tmp")  # a backup whose process was killed
_RESTORING = re.compile(r"\.restoring\.(\d+)")  # a folder that the process of that number unpacks into


class DeskBackups:
    """Of the desk in `folder`; None where only `unpack` is asked for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def write(self, target: Path, at: datetime, *, recipient: str = "") -> Manifest:
        desk = self._folder
        if desk is None:
            raise ValueError("no desk to make a backup of")
        if (desk / "data").resolve() in target.absolute().resolve().parents:
            raise Usage(
                "{file} is inside the desk's data/; a backup belongs elsewhere, best on another disk",
                code="backup_inside_data",
                file=target,
            )
        if not fs.folder_is_there(target.parent):
            raise StoreFailed("there is no folder {folder}", code="no_backup_folder", folder=target.parent)
        _must_be_replaceable(target)
        encrypt = encryption(recipient) if recipient else None
        temporary_files.sweep_dead(target.parent, _HALF)
        temporary_files.sweep_aside(desk / "data" / temporary_files.ASIDE, written_before=0)
        temporary = fs.temporary_name(target)
        plain = temporary if encrypt is None else _aside(desk, target.name)  # nothing in the clear beside the backup
        try:
            manifest = _packed(desk, plain, at, zipped=target.name.removesuffix(".age").endswith("gz"))
            if encrypt is not None:
                encrypt(plain, temporary)
            fs.rename(temporary, target)
        except BaseException:
            fs.discard(temporary)
            raise
        finally:
            if plain != temporary:
                fs.discard(plain)
        fs.sync_folder(target.parent)
        return manifest

    def must_fit(self, file: Path, folder: Path) -> None:
        _sweep_restores(folder)
        taken = [name for name in fs.names(folder) if name != MAY_STAY]
        if taken:
            raise Refused(
                "{folder} is not empty ({name}); a backup is restored into a new folder",
                code="folder_not_empty",
                folder=folder,
                name=taken[0],
            )
        if not file.exists():
            raise StoreFailed("there is no file {file}", code="no_backup_file", file=file)
        if not _begins_a_backup(fs.read_head(file, _PART)):
            raise _not_whole(file, "it does not begin as one")

    def unpack(self, file: Path, folder: Path, *, identity: Path | None = None, at: datetime) -> Manifest:
        self.must_fit(file, folder)
        with _made_folder(folder) as inside:
            manifest = _extracted(file, inside, identity)
            _quieted(inside / "data", manifest, at)
            fs.sync_folders([inside, *(path for path, found in looking.below(inside) if stat.S_ISDIR(found.st_mode))])
            for name in sorted(fs.names(inside), key=lambda name: name == "rules.yaml"):  # it makes a folder a desk
                fs.rename(inside / name, folder / name)
            fs.sync_folder(folder)
        return manifest


# --- writing ---


def _aside(desk: Path, name: str) -> Path:
    """In the desk's own folder of temporary files, which the next command sweeps if this process is killed."""
    folder = desk / "data" / temporary_files.ASIDE
    fs.make_folder(folder, sync=False)
    return folder / temporary_files.aside_name(name)


def _must_be_replaceable(target: Path) -> None:
    """Raises Refused where another file than a backup has that name; an empty file may be replaced. A link is replaced
    by the backup, and what it points to stays."""
    with fs.failing(target):
        if not target.exists():
            return
        head = None
        if target.is_file():
            with target.open("rb") as file:
                head = file.read(_PART)
    if head != b"" and not (head and _begins_a_backup(head)):
        raise Refused(
            "{file} is there already and is no backup; choose another name", code="file_is_there", file=target
        )


def _packed(desk: Path, path: Path, at: datetime, *, zipped: bool) -> Manifest:
    """Raises Damaged where the desk is, or where what was written does not read the same."""
    for _ in range(_TRIES):
        with _snapshot(desk / "data") as opened:
            manifest, missing = _written(desk, opened, path, at, zipped=zipped)
        if not missing:
            break
    else:
        raise Damaged(
            "{count} stored files are missing that tickets name, such as {name}; no backup was made",
            code="backup_lacks_files",
            count=len(missing),
            name=missing[0],
            next_step=NextStep("doctor", then="says more"),
        )
    if _read(path) != manifest:
        raise Damaged("{path} differs from what was written; no backup was made", code="backup_differs", path=path)
    return manifest


@contextmanager
def _snapshot(data: Path) -> Iterator[dict[str, IO[bytes]]]:
    """The files that belong together, open, as they are at one moment: desk.json, the months of the archive, and the
    audit log to its end."""
    with ExitStack() as opened:
        files: dict[str, IO[bytes]] = {}
        with locks.locked(data / ahead.LOCK, 30):
            months = fs.signatures(data / "archive", ".json")
            for name in ("desk.json", "key", *(f"archive/{month}" for month in months)):
                with suppress(FileNotFoundError):
                    files[name] = opened.enter_context(streams.reading(data / name))
            if fs.status(data / AUDIT) is not None:
                with locks.appending(data / AUDIT, 30) as log:
                    files[AUDIT] = io.BytesIO(log.tail(log.size))
                    files[sealed.NAME] = io.BytesIO(fs.read(data / sealed.NAME) or b"")
        if "desk.json" not in files:
            raise Damaged("there is nothing to back up: no desk.json", code="nothing_to_back_up")
        yield files


def _written(
    desk: Path, opened: dict[str, IO[bytes]], path: Path, at: datetime, *, zipped: bool
) -> tuple[Manifest, list[str]]:
    """The manifest, and the blobs that are named and were not there."""
    fs.discard(path)
    with (
        streams.writing(path) as raw,
        _zipping(raw, zipped) as out,
        tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, HEAD, msgspec.json.encode(_Head(FORMAT, __version__, at)), at)
        seen, files = Seen(), dict[str, tuple[str, int]]()
        for name, data in _contents(desk, opened):
            if name == "data/desk.json":
                seen.desk(open_desk(data, name))
            elif name.startswith("data/archive/"):
                seen.month(file_format.parse(data, name))
            _add(tar, name, data, at)
            files[name] = (hashlib.sha256(data).hexdigest(), len(data))
        manifest = Manifest(
            version=__version__,
            made_at=at,
            generation=seen.generation,
            tickets=len(seen.tickets),
            archived=len(seen.archived - seen.tickets - seen.purged),
            blobs=len(seen.blobs),
            erasures=fs.folder_is_there(desk / MAY_STAY),
            files=files,
        )
        _add(tar, MANIFEST, msgspec.json.encode(manifest), at)
    return manifest, [name for name in seen.blobs if f"data/blobs/{name[:2]}/{name}" not in files]


def _add(tar: tarfile.TarFile, name: str, data: bytes, at: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), int(at.timestamp()), 0o600
    tar.addfile(info, io.BytesIO(data))


@contextmanager
def _zipping(raw: IO[bytes], zipped: bool) -> Iterator[IO[bytes]]:
    if not zipped:
        yield raw
        return
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as out:
        yield out  # type: ignore[misc]  # it is one, though typeshed has it as a BufferedIOBase


def _contents(desk: Path, opened: dict[str, IO[bytes]]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; what belongs together first."""
    for name, file in opened.items():
        yield f"data/{name}", file.read()
    rules = fs.read(desk / "rules.yaml")
    if rules is not None:
        yield "rules.yaml", rules
    for folder in _BESIDE:
        for name in _files(desk / folder):
            yield f"{folder}/{name}", fs.read(desk / folder / name) or b""
    for name in _files(desk / "data"):
        if not (_TOGETHER.fullmatch(name) or _LEFT_OUT.fullmatch(name)):
            data = fs.read(desk / "data" / name)
            if data is not None:  # gone meanwhile
                yield f"data/{name}", data


def _files(folder: Path, before: str = "") -> Iterator[str]:
    for name in fs.names(folder):
        if fs.folder_is_there(folder / name):
            yield from _files(folder / name, f"{before}{name}/")
        else:
            yield before + name


# --- reading ---


def _extracted(file: Path, folder: Path, identity: Path | None) -> Manifest:
    with decrypted(file, folder, identity) as plain:
        return _read(plain, folder)


def _read(file: Path, into: Path | None = None) -> Manifest:
    """What a backup holds, every byte compared with its manifest; written to the folder `into` where one is given.
    Raises Damaged, Refused."""
    files: dict[str, tuple[str, int]] = {}
    manifest: Manifest | None = None
    try:
        with streams.reading(file) as raw, tarfile.open(fileobj=raw, mode="r|*") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if not files and manifest is None and member.name == HEAD and content is not None:
                    _must_be_known(content.read(_PART), file)
                elif member.name == MANIFEST and content is not None:
                    manifest = msgspec.json.decode(content.read(), type=Manifest)
                else:
                    files[member.name] = _taken(member, content, into, file)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError, msgspec.MsgspecError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise StoreFailed("{path}: {reason}", code="file_fails", path=file, reason=error.strerror) from error
        raise _not_whole(file, str(error)) from error
    if manifest is None:
        raise _not_whole(file, "its end is missing")
    wrong = sorted(files.items() ^ manifest.files.items())
    if wrong:
        raise _not_whole(file, f"{wrong[0][0]} is not as it was written")
    return manifest


class _Head(msgspec.Struct):
    """The first member of a backup."""

    format: int
    version: str
    made_at: datetime | None = None


def _must_be_known(head: bytes, file: Path) -> None:
    found = msgspec.json.decode(head, type=_Head)
    if found.format > FORMAT:
        raise Refused(
            "{file} was made by version {version}; this one ({own}) cannot read its backups; install that version",
            code="backup_is_newer",
            file=file,
            version=found.version,
            own=__version__,
        )


def _taken(member: tarfile.TarInfo, content: IO[bytes] | None, into: Path | None, file: Path) -> tuple[str, int]:
    """sha256 and size. Only plain files of a desk, under their own names."""
    if content is None or not member.isreg() or not _NAME.fullmatch(member.name) or ".." in member.name.split("/"):
        raise _not_whole(file, f"{member.name[:80]!r} is no file of a desk")
    digest, size = hashlib.sha256(), 0
    path = into / member.name if into else None
    with ExitStack() as written:
        target: IO[bytes] | None = None
        if path is not None:
            _make_folders(path.parent)
            target = written.enter_context(streams.writing(path))
        while part := content.read(_PART):
            digest.update(part)
            size += len(part)
            if target is not None:
                target.write(part)
    return digest.hexdigest(), size


def _make_folders(folder: Path) -> None:
    if not fs.folder_is_there(folder):
        _make_folders(folder.parent)
        fs.make_folder(folder, sync=False)


def _begins_a_backup(head: bytes) -> bool:
    """The first bytes of a file: of age, or of a tar file whose first member says the format."""
    if is_encrypted(head):
        return True
    if head.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            head = zlib.decompressobj(wbits=31).decompress(head, len(HEAD))
    return head.startswith(HEAD.encode())


def _not_whole(file: Path, why: str) -> Damaged:
    return Damaged("{file} is not a whole backup: {why}", code="backup_damaged", file=file, why=why)


@contextmanager
def _made_folder(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` to unpack into; all of it is deleted where something goes wrong."""
    there = fs.folder_is_there(folder)
    with fs.failing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        inside = folder / f".restoring.{os.getpid()}"
        inside.mkdir(mode=0o700)
        inside.chmod(0o700)
    try:
        yield inside
    except BaseException:
        _take_away(folder, inside.name)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(inside, ignore_errors=True)


def _sweep_restores(folder: Path) -> None:
    """Deletes what a restore that was killed has left."""
    for name in fs.names(folder):
        found = _RESTORING.fullmatch(name)
        if found and not temporary_files.is_alive(found[1]):
            _take_away(folder, name)


def _take_away(folder: Path, inside: str) -> None:
    """The folder that a restore unpacked into, which is there until all is in its place, and what is in its place
    already: without rules.yaml, which comes last, it is no desk."""
    if "rules.yaml" not in fs.names(folder):
        for name in ("data", *_BESIDE):
            shutil.rmtree(folder / name, ignore_errors=True)
    shutil.rmtree(folder / inside, ignore_errors=True)


def _quieted(data: Path, manifest: Manifest, at: datetime) -> None:
    """Nothing leaves a desk that was restored before somebody has looked. Raises Damaged where less came back than the
    manifest says."""
    with TinyStore(data).transaction() as desk:
        _must_be_complete(desk, manifest)
        for item in list(desk.outbox()):
            if item.pending:
                why = f"restored from a backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: it may have been sent since"
                desk.queue(msgspec.structs.replace(item, state="uncertain", error=why, ended_at=at))
        desk.remember(RESTORED, f"wait {manifest.made_at.isoformat()}")


def _must_be_complete(desk: Desk, manifest: Manifest) -> None:
    there, every = sum(1 for _ in desk.find()), sum(1 for _ in desk.find(archive=True))
    if (there, every - there) != (manifest.tickets, manifest.archived):
        raise Damaged(
            "{found} tickets came back where the backup says {expected}",
            code="backup_incomplete",
            found=every,
            expected=manifest.tickets + manifest.archived,
        )
