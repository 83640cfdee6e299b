"""Outgoing mail into a Maildir: for a desk without a server, for a local relay that reads one, and for trials.

Delivered durably, as Maildir has it: written whole into tmp/, synced, then named in new/. The name is made of the
bytes, so that the same mail delivered again after a crash is there once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ticketctl.channels.plain_files import must_be_own_folders, open_plain
from ticketctl.ports.channels import Receipt, SendFailed

SENT_FILE = ".ticketctl"  # in the names of the files, by which they are known to be the desk's
_HEADER = 65_536
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>\r\n]+)>", re.I | re.M)


class MaildirSink:
    """A Sink (see base.py). `path` is the Maildir; it is made 0700 where it is missing. One in the desk's own folder
    (`own`) must belong to this user, and be no link."""

    def __init__(self, path: Path, *, own: bool = False) -> None:
        self.name = f"maildir {path}"
        self.path = path
        self._own = own

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        name = f"{sha256(raw).hexdigest()[:40]}{SENT_FILE}"
        try:
            self._make()
            if not self._delivered(name):
                self._deliver(name, raw.replace(b"\r\n", b"\n"))
        except OSError as error:
            raise SendFailed(
                "{path}: {reason}", code="maildir_fails", path=self.path, reason=error.strerror or error
            ) from error
        return Receipt(detail=f"in {self.path}/new/{name}")

    def check(self) -> str:
        """Raises SendFailed where nothing can be written there."""
        try:
            self._make()
            if not os.access(self.path / "tmp", os.W_OK | os.X_OK):
                raise SendFailed(
                    "{path} cannot be written to; check its owner and mode", code="maildir_not_writable", path=self.path
                )
        except OSError as error:
            raise SendFailed(
                "{path}: {reason}", code="maildir_fails", path=self.path, reason=error.strerror or error
            ) from error
        return f"outgoing mail is put into the Maildir {self.path}"

    def close(self) -> None: ...

    def _make(self) -> None:
        folders = (self.path, *(self.path / part for part in ("tmp", "new", "cur")))
        if self._own:
            must_be_own_folders(*folders)
        for folder in folders:
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync(folder.parent)

    def _delivered(self, name: str) -> bool:
        """Mail programs move what they have seen to cur/ and add flags to its name."""
        if (self.path / "new" / name).exists():
            return True
        return any(found.startswith(name) for found in os.listdir(self.path / "cur"))  # noqa: PTH208 - names are all it needs

    def _deliver(self, name: str, data: bytes) -> None:
        draft = self.path / "tmp" / f"{name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.path / "new" / name)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        _sync(self.path / "new")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SentFile:
    """A SentCopy."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def message_id(self) -> str:
        with open_plain(self._path) as file:
            head = file.read(_HEADER).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        found = _MESSAGE_ID.search(head)
        return found[1].decode(errors="replace") if found else ""

    def read(self) -> bytes:
        with open_plain(self._path) as file:
            return file.read()

    def delete(self) -> None:
        self._path.unlink(missing_ok=True)


def sent_files(folder: Path) -> Iterator[SentFile]:
    """What a MaildirSink has put there, wherever mail programs moved it within the Maildir. Raises OSError for a link
    in its place."""
    must_be_own_folders(folder, *(folder / part for part in ("new", "cur")))
    for part in ("new", "cur"):
        if (folder / part).is_dir():
            every = [path for path in (folder / part).iterdir() if SENT_FILE in path.name]
            yield from (SentFile(path) for path in every if path.is_file() and not path.is_symlink())
