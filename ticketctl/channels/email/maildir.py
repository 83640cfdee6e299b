"""A Maildir, read in place: new/ and cur/, oldest first; a file's mtime is when the mail arrived.

A Maildir has no UIDs, so we keep a list of our own, as Dovecot does (dovecot-uidlist): a line per file that was ever
seen, in `notes`. A line's number is the UID. A mail that was committed is thus never read again, whatever its flags or
folder, and a list that is lost costs only a second look: then every mail is told apart by its content.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ticketctl.channels.limits import HEADER, MAIL, header_of
from ticketctl.channels.plain_files import must_be_folders, must_be_own_folders, open_plain
from ticketctl.domain.config import Then
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Fetched, Listener, Place, Undecided, holds_old_mail

STALE = 10_000  # lines of the list from which on it is made anew, should most be of mails that are gone
FLAGS = {"seen": "S", "flagged": "F", "answered": "R", "trashed": "T", "passed": "P"}


class _File(NamedTuple):
    arrived: float
    name: str
    path: Path
    size: int


class Maildir:
    """`notes` is a folder of ours for the list of UIDs; it is made where missing."""

    waits = False

    def __init__(self, name: str, path: Path, then: Then, *, notes: Path) -> None:
        self.name = name
        self.expected = 0
        self.undecided: list[Undecided] = []
        self._path = path
        self._then = then
        self._mailbox = f"maildir:{path}"
        self._list = notes / sha256(os.fsencode(path)).hexdigest()[:32]

    @property
    def settles(self) -> str:
        return self._then.done

    def mailboxes(self) -> Sequence[str]:
        return [self._mailbox]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        place = places.get(self._mailbox, Place(0, 0))
        files = {_key(file): file for file in self._files()}
        if found := place.undecided(self._mailbox, map(_arrival, files.values())):
            self.undecided.append(found)
            return
        validity, uids = _numbered(self._list, list(files), self.name)
        after = place.uid if place.validity == validity else 0
        waiting = sorted((uids[key], key) for key in files if uids[key] > after)
        until = place.until if after else waiting[-1][0] if waiting and place.since else 0
        self.expected = len(waiting)
        for uid, key in waiting:
            arrived_at = _arrival(files[key])
            if uid <= until and place.passes(arrived_at):
                self.expected -= 1
                yield Fetched(
                    mailbox=self._mailbox,
                    raw=b"",
                    arrived_at=arrived_at,
                    validity=validity,
                    uid=uid,
                    until=until,
                    skipped=1,
                )
                continue
            fetched = self._read(files[key], validity, uid, until)
            if fetched is None:
                self.expected -= 1
                self._list.unlink(missing_ok=True)  # should it come back under this UID, the cursor would be past it
            else:
                yield fetched

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        found = holds_old_mail(self._mailbox, map(_arrival, self._files()), before)
        return [found] if found and self._mailbox in mailboxes else []

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        if self._then.action == "leave":
            return
        try:
            for message in messages:
                self._settle(Path(message.handle))
        except OSError as error:
            raise ChannelFailed(
                "{name}: {path}: {reason}; mail is in, but not {settled}",
                code="maildir_not_settled",
                name=self.name,
                path=error.filename,
                reason=error.strerror,
                settled=self._then.done,
            ) from None

    def listeners(self) -> Sequence[Listener]:
        return ()

    def check(self) -> str:
        return f"{len(self._files())} mails in {self._path}"

    def close(self) -> None:
        """Nothing is kept open."""

    def _files(self) -> list[_File]:
        """All mails, oldest first; raises ChannelFailed where there is no Maildir."""
        found: list[_File] = []
        try:
            for part in ("new", "cur"):
                must_be_folders(self._path / part)
                with os.scandir(self._path / part) as entries:
                    found += [file for entry in entries if (file := _seen(entry))]
        except OSError as error:
            raise ChannelFailed(
                "{name}: {path}: {reason}; a Maildir is a folder that holds new/, cur/ and tmp/",
                code="not_a_maildir",
                name=self.name,
                path=error.filename,
                reason=error.strerror,
            ) from error
        return sorted(found)

    def _read(self, file: _File, validity: int, uid: int, until: int) -> Fetched | None:
        """None where a mail program has deleted it since, or is just moving it; one that was moved is followed."""
        oversize = file.size > MAIL
        try:
            with open_plain(file.path) as stream:
                raw = header_of(stream.read(HEADER)) if oversize else stream.read()
        except FileNotFoundError:
            moved = next((other for other in self._files() if _key(other) == _key(file)), None)
            return self._read(moved, validity, uid, until) if moved and moved.path != file.path else None
        except OSError as error:
            raise ChannelFailed(
                "{name}: {path}: {reason}; make it readable for this user",
                code="maildir_unreadable",
                name=self.name,
                path=file.path,
                reason=error.strerror,
            ) from None
        return Fetched(
            mailbox=self._mailbox,
            raw=raw,
            arrived_at=_arrival(file),
            validity=validity,
            uid=uid,
            handle=str(file.path),
            oversize=oversize,
            size=file.size,
            until=until,
        )

    def _settle(self, path: Path) -> None:
        """Moves the file to cur/ with the flag, or into the folder, or deletes it; one that is gone is left alone."""
        if self._then.action == "delete":
            path.unlink(missing_ok=True)
            return
        name, _, flags = path.name.partition(":2,")
        if self._then.action == "flag":
            flag = FLAGS.get(self._then.argument.strip("\\").lower(), self._then.argument[:1])
            target = self._path / "cur" / f"{name}:2,{''.join(sorted({*flags, flag}))}"
        else:
            folder = self._subfolder()
            target = folder / "cur" / f"{name}:2,{flags}"
        with suppress(FileNotFoundError):
            path.rename(target)

    def _subfolder(self) -> Path:
        """Maildir++: subfolders lie beside new/ and cur/, with a dot in front."""
        folder = self._path / ("." + self._then.argument.strip("./").replace("/", "."))
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _arrival(file: _File) -> datetime:
    return datetime.fromtimestamp(file.arrived, UTC)


def _seen(entry: os.DirEntry[str]) -> _File | None:
    if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
        return None
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _File(status.st_mtime, entry.name, Path(entry.path), status.st_size)


def _key(file: _File) -> str:
    """What stays the same while mail programs set flags and move it to cur/; a name that is used again has another."""
    return f"{file.name.partition(':')[0]} {file.size} {file.arrived:.6f}".replace("\n", " ")


def _numbered(path: Path, keys: Sequence[str], name: str) -> tuple[int, dict[str, int]]:
    """(validity, key → UID). Keys that the list does not have are added to it, durably, in the order given."""
    try:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
            must_be_own_folders(folder)
        validity, known = _load(path)
        if len(known) > max(STALE, 4 * len(keys)):
            validity, known = 0, {}
        fresh = [key for key in keys if key not in known]
        if not validity:
            validity = secrets.randbits(62) + 1
            _append(path, [f"{validity}\n", *(f"{key}\n" for key in fresh)], os.O_TRUNC)
        elif fresh:
            _append(path, [f"{key}\n" for key in fresh], os.O_APPEND)
    except OSError as error:
        raise ChannelFailed(
            "{name}: {path}: {reason}; the list of seen mails must be writable",
            code="seen_list_not_writable",
            name=name,
            path=path,
            reason=error.strerror,
        ) from error
    return validity, known | {key: uid for uid, key in enumerate(fresh, len(known) + 1)}


def _load(path: Path) -> tuple[int, dict[str, int]]:
    """A last line that a crash left unfinished makes the list worthless: (0, {}) starts a new one."""
    try:
        with open_plain(path) as stream:
            text = stream.read().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return 0, {}
    first, *rest = text.split("\n")
    if not first.isdecimal() or rest[-1:] != [""] or len(set(rest)) != len(rest):
        return 0, {}
    return int(first), {key: uid for uid, key in enumerate(rest[:-1], 1)}


def _append(path: Path, lines: Sequence[str], how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | how, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write("".join(lines).encode("utf-8", "surrogateescape"))
        stream.flush()
        os.fsync(stream.fileno())
