"""A desk that was only come across runs its password commands as whoever stands in it: never somebody else's.

As with git's safe.directory its files and folders must belong to who runs ticketctl, or to root, and nobody else may
write them; and none is a symbolic link. rules.yaml is opened once, and judged as the file that is open, in the folder
that is open. Since nobody else can write a folder that was judged, what was judged in it stays so.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ticketctl.errors import NoDesk

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_MOST = 1 << 20  # bytes, more than rules.yaml may have


def read(folder: Path) -> bytes:
    """rules.yaml of a desk that was come across; raises NoDesk where it is not to be trusted."""
    try:
        with _open(os.fsencode(folder), _FOLDER) as opened:
            _judge(folder, folder, os.fstat(opened))
            with _open(b"rules.yaml", _FILE, opened) as file:
                found = os.fstat(file)
                _judge(folder, folder / "rules.yaml", found)
                if not stat.S_ISREG(found.st_mode):
                    raise _refused(folder, "rules.yaml is no plain file")
                return os.read(file, _MOST)
    except OSError as error:
        raise _refused(folder, f"rules.yaml cannot be opened as it lies there ({error.strerror})") from None


def faults(folder: Path, names: Iterable[str]) -> list[str]:
    """The same of everything, without refusing anything: what is wrong with rules.yaml, its folder, the snippets, and
    what rules.yaml names relative to the desk; a sentence each."""
    named = [Path(name) for name in names if not Path(name).is_absolute() and not name.startswith("~")]
    steps = [folder.joinpath(*path.parts[:end]) for path in named for end in range(1, len(path.parts) + 1)]
    found = []
    for path in dict.fromkeys((folder, folder / "rules.yaml", *_below(folder / "snippets", 2), *steps)):
        try:
            judge(folder, path)
        except NoDesk as error:
            found.append(str(error.facts["why"]))
    return found


def judge_snippets(folder: Path) -> None:
    """All that may become mail; raises NoDesk."""
    for path in _below(folder / "snippets", 2):
        judge(folder, path)


def judge_named(folder: Path, names: Iterable[str]) -> None:
    """What rules.yaml names relative to the desk, each step of the way that is there; raises NoDesk."""
    for name in names:
        path = Path(name)
        if not path.is_absolute() and not name.startswith("~"):
            for end in range(1, len(path.parts) + 1):
                judge(folder, folder.joinpath(*path.parts[:end]))


def judge(folder: Path, path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(folder, f"{path.relative_to(folder)}: {error.strerror}") from None
    _judge(folder, path, found)


def _judge(folder: Path, path: Path, found: os.stat_result) -> None:
    name = "its folder" if path == folder else str(path.relative_to(folder))
    if stat.S_ISLNK(found.st_mode):
        raise _refused(folder, f"{name} is a symbolic link")
    if found.st_uid not in (os.geteuid(), 0):
        raise _refused(folder, f"{name} belongs to another user", "another user's")
    if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not _own_group(found.st_gid)):
        raise _refused(folder, f"others may write {name} (`chmod go-w`)")


def _own_group(number: int) -> bool:
    """Whether it is the private group of this user, which many systems make; nobody else is in it."""
    import grp
    import pwd

    if number == 0 or os.geteuid() == 0:
        return number == 0
    try:
        group, user = grp.getgrgid(number), pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}


def _refused(folder: Path, why: str, whose: str = "not surely your own") -> NoDesk:
    return NoDesk("{folder} is {whose} desk: {why}", code="untrusted_desk", folder=folder, whose=whose, why=why)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    yield folder
    if depth and folder.is_dir() and not folder.is_symlink():
        for entry in sorted(folder.iterdir()):
            yield from _below(entry, depth - 1) if entry.is_dir() else (entry,)


@contextmanager
def _open(name: bytes, flags: int, within: int | None = None) -> Iterator[int]:
    descriptor = os.open(name, flags, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
