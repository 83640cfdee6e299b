"""An mbox file, read as a stream under a shared lock; mboxo and mboxrd alike (`>From ` loses one `>`).

The cursor is an offset, and a hash of all bytes before it: where they are still the same, reading goes on there; where
somebody has deleted or changed a mail, the file is read again and every mail told apart by its content.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec

from ticketctl.channels.limits import MAIL, header_of
from ticketctl.channels.plain_files import open_plain
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import UNKNOWN, Fetched, Listener, Place, Undecided, holds_old_mail

if TYPE_CHECKING:
    from hashlib import _Hash as Hasher

LOCK_SECONDS = 30.0
_CHUNK = 1 << 20
_SEPARATOR = re.compile(rb"From (?:\S+ +)?.*\d\d?:\d\d.*\d{4}")
_QUOTED = re.compile(rb"^>(>*From )", re.M)


class _Raw(NamedTuple):
    """One message as it lies in the file, its first line included; `kept` is at most MAIL bytes of it."""

    kept: bytes
    size: int


class Mbox:
    waits = False

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.expected = 0
        self.undecided: list[Undecided] = []
        self._path = path
        self._mailbox = f"mbox:{path}"

    @property
    def settles(self) -> str:
        return ""

    def mailboxes(self) -> Sequence[str]:
        return [self._mailbox]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        with self._opened() as stream:
            position, hasher = 0, sha256()
            place = places.get(self._mailbox, Place(0, 0))
            if place.asks_before and (found := place.undecided(self._mailbox, _arrivals(stream))):
                self.undecided.append(found)
                return
            stream.seek(0)
            if place.uid:
                _hash_until(stream, hasher, place.uid)
                position = place.uid
                if _validity(hasher.digest()) != place.validity:
                    position, hasher = 0, sha256()
            until = place.until if position else os.fstat(stream.fileno()).st_size if place.since else 0
            stream.seek(position)
            for raw in _messages(stream, hasher):
                position += raw.size
                fetched = self._fetched(raw, _validity(hasher.digest()), position, until)
                passed = fetched.imported and place.passes(fetched.arrived_at)
                yield msgspec.structs.replace(fetched, raw=b"", skipped=1) if passed else fetched

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        with self._opened() as stream:
            found = holds_old_mail(self._mailbox, _arrivals(stream), before)
        return [found] if found and self._mailbox in mailboxes else []

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        """An mbox is only read."""

    def listeners(self) -> Sequence[Listener]:
        return ()

    def check(self) -> str:
        with self._opened() as stream:
            return f"{self._path}: {os.fstat(stream.fileno()).st_size:,} bytes"

    def close(self) -> None:
        """Nothing is kept open."""

    def _fetched(self, raw: _Raw, validity: int, position: int, until: int) -> Fetched:
        first, _, rest = raw.kept.partition(b"\n")
        oversize = raw.size > MAIL
        mail = header_of(rest) if oversize else _QUOTED.sub(rb"\1", rest)
        return Fetched(
            mailbox=self._mailbox,
            raw=mail,
            arrived_at=_arrival(first),
            validity=validity,
            uid=position,
            oversize=oversize,
            size=raw.size,
            until=until,
        )

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The file under a shared lock, so that a delivery is either all there or not yet; raises ChannelFailed."""
        try:
            with open_plain(self._path) as stream:
                self._lock(stream)
                first = stream.read(5)
                if first and first != b"From ":
                    raise ChannelFailed(
                        "{name}: {path} is not an mbox: it does not begin with 'From '; name a file in mbox format",
                        code="not_an_mbox",
                        name=self.name,
                        path=self._path,
                    )
                stream.seek(0)
                yield stream
        except OSError as error:
            raise ChannelFailed(
                "{name}: {path}: {reason}; check the path and who may read it",
                code="mbox_unreadable",
                name=self.name,
                path=self._path,
                reason=error.strerror or error,
            ) from error

    def _lock(self, stream: BinaryIO) -> None:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.lockf(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ChannelFailed(
                        "{name}: {path} is locked by another program; try again",
                        code="mbox_locked",
                        name=self.name,
                        path=self._path,
                    ) from None
                time.sleep(0.05)


def _messages(stream: BinaryIO, hasher: Hasher) -> Iterator[_Raw]:
    """One after the other, from where the stream is; when one is given, `hasher` has taken it in and no more."""
    kept: list[bytes] = []
    size = held = 0
    blank = True
    while line := stream.readline(_CHUNK):
        if kept and blank and _SEPARATOR.match(line):
            yield _Raw(b"".join(kept), size)
            kept, size, held = [], 0, 0
        hasher.update(line)
        size += len(line)
        blank = line in (b"\n", b"\r\n")
        if held <= MAIL and (kept or not blank):  # blank lines before the first message are nobody's
            kept.append(line)
            held += len(line)
    if kept:
        yield _Raw(b"".join(kept), size)


def _arrivals(stream: BinaryIO) -> Iterator[datetime]:
    for raw in _messages(stream, sha256()):
        yield _arrival(raw.kept.partition(b"\n")[0])


def _hash_until(stream: BinaryIO, hasher: Hasher, end: int) -> None:
    rest = end
    while rest and (chunk := stream.read(min(_CHUNK, rest))):
        hasher.update(chunk)
        rest -= len(chunk)


def _validity(digest: bytes) -> int:
    return int.from_bytes(digest[:7], "big") + 1


def _arrival(first: bytes) -> datetime:
    """When it was delivered, from the line before the header (RFC 4155: UTC)."""
    from email.utils import parsedate_to_datetime

    words = first.decode("ascii", "replace").split(" ", 2)
    try:
        found = parsedate_to_datetime(words[-1].strip())
    except (ValueError, TypeError, IndexError):
        return UNKNOWN
    return found if found.tzinfo else found.replace(tzinfo=UTC)
