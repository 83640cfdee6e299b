"""Opens the files of mailboxes: no link is followed where a mail should lie, and no pipe or device is waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe must not make open() wait


def open_plain(path: Path) -> BinaryIO:
    """The plain file, for reading; raises OSError for a link, a pipe or a device."""
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    return os.fdopen(descriptor, "rb")


def must_be_folders(*folders: Path) -> None:
    """Raises OSError where one that is there is a link, or no folder."""
    for folder in folders:
        if os.path.lexists(folder) and not stat.S_ISDIR(folder.lstat().st_mode):
            raise OSError(errno.ENOTDIR, "it is a link or no folder; move it away", str(folder))


def must_be_own_folders(*folders: Path) -> None:
    """The same; raises OSError for another user's, too."""
    must_be_folders(*folders)
    for folder in folders:
        if folder.exists() and folder.lstat().st_uid != os.geteuid():
            raise OSError(errno.EPERM, "it belongs to another user; work as that user", str(folder))
