"""What `doctor` looks at of files and folders: rights, owners, room. Nothing here is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ticketctl.errors import StoreFailed
from ticketctl.store.fs import check, failing


def mode(folder: Path) -> int | None:
    """The rights on it, None where it is not there."""
    with failing(folder):
        try:
            return stat.S_IMODE(os.lstat(folder).st_mode)
        except FileNotFoundError:
            return None


def below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All that is in it, each thing before what is in it; links are not followed, and what vanishes meanwhile is left
    out."""
    with failing(folder), os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = folder / entry.name
        try:
            status = entry.stat(follow_symlinks=False)
            yield path, status
            if stat.S_ISDIR(status.st_mode):
                yield from below(path)
        except (FileNotFoundError, StoreFailed):
            continue


def must_be_ours(path: Path, found: os.stat_result) -> None:
    """Raises StoreFailed for what is neither a plain file nor a folder of this user, and for a file that is named
    elsewhere too."""
    if stat.S_ISDIR(found.st_mode):
        check(path, found, stat.S_ISDIR, "a folder")
    else:
        check(path, found, stat.S_ISREG, "a plain file")


def room(folder: Path) -> tuple[int, int]:
    """Bytes and files that still fit there, for this user; a file system that counts no files gives a million."""
    with failing(folder):
        found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize, found.f_favail if found.f_files else 1_000_000
