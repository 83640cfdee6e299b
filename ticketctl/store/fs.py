"""Every file operation of the store but locks (locks.py): what is here may fail, and tests make each call of `os` fail.

Nothing here follows a symbolic link, opens a pipe or device, or touches a file that belongs to someone else. What the
operating system refuses comes out as StoreFailed. Files are made 0600 and folders 0700 whatever the umask is.
"""

# Descriptors have no pathlib, and the functions of `os` are what tests make fail:
# ruff: noqa: PTH101, PTH102, PTH104, PTH108, PTH208
from __future__ import annotations

import errno
import mmap
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ticketctl.errors import StoreFailed
from ticketctl.ports.signals import uninterrupted

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe must not make open() wait
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OVERWRITE = os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
TEMPORARY = ".tmp"
_PART = 1 << 20  # bytes
_OPEN = 200  # files at once: a process may have 256 or 1,024
_SIDE_BY_SIDE = 8  # fewer are synced one after the other: starting threads would cost more

STANDS = "the old state stands"
UNSURE = "it may have been stored; look before you repeat it"  # the new file has its name, and may be lost with power
STORED = "it is stored"  # only what was to follow is not done
_NEXT = {STANDS: "try again", UNSURE: "look", STORED: "go on"}

Data = bytes | Sequence[bytes]
"""What a file is to hold: its bytes, or pieces of them that are never all in memory a second time."""
Signature = tuple[int, int, int]
"""Size, mtime in ns, inode: tells whether a file that is only ever replaced is still the same."""


@contextmanager
def failing(path: Path, outcome: str = STANDS) -> Iterator[None]:
    """What the operating system refuses inside is raised as StoreFailed, with that outcome."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise StoreFailed(
                "{path} is a symbolic link, which is not followed; put the real thing there",
                code="symbolic_link",
                path=path,
            ) from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFailed(
                "{folder}: {reason}",
                f"{outcome}: free some space, then {_NEXT[outcome]}",
                code="disk_full",
                folder=_desk_of(path),
                reason=error.strerror,
            ) from error
        raise StoreFailed(
            "{path}: {reason}", outcome, code="file_fails", path=path, reason=error.strerror or error
        ) from error


@contextmanager
def once_stored() -> Iterator[None]:
    """For what follows a commit: the old state does not stand where this fails."""
    try:
        yield
    except StoreFailed as error:
        if error.outcome.startswith(STANDS):
            error.outcome = STORED
        raise


def _desk_of(path: Path) -> Path:
    """The desk's folder, which means more to a user than the temporary file that did not fit."""
    return next((folder.parent for folder in path.parents if folder.name == "data"), path.parent)


def owned_file(path: Path, descriptor: int) -> os.stat_result:
    """Its status, once it is known to be a plain file of this user; raises StoreFailed."""
    found = os.fstat(descriptor)
    check(path, found, stat.S_ISREG, "a plain file")
    return found


def check(path: Path, found: os.stat_result, right: Callable[[int], bool], kind: str) -> None:
    if not right(found.st_mode):
        raise StoreFailed(
            "{path} is not {kind} (a link is not followed); move it away", code="not_a_plain_file", path=path, kind=kind
        )
    if found.st_uid != os.geteuid():
        raise StoreFailed(
            "{path} belongs to another user (uid {uid}); work as that user",
            code="file_of_another_user",
            path=path,
            uid=found.st_uid,
        )
    if found.st_nlink > 1 and stat.S_ISREG(found.st_mode) and _is_named_elsewhere(path, found):
        raise StoreFailed(
            "{path} is also named elsewhere (a hard link); move it away, and put a copy in its place",
            code="hard_link",
            path=path,
        )


def _is_named_elsewhere(path: Path, found: os.stat_result) -> bool:
    """Whether it has a name outside its folder and the tmp/ in that, or the folder of its tmp/: the desk itself gives
    second names only there."""
    places = {path.parent, path.parent / "tmp"} | ({path.parent.parent} if path.parent.name == "tmp" else set())
    with failing(path):
        for _ in range(3):  # others may be giving and taking names meanwhile
            inside = sum(_names_of(folder, found.st_ino, found.st_dev) for folder in places)
            try:
                now = os.lstat(path)
            except FileNotFoundError:
                return False
            if now.st_ino != found.st_ino or now.st_nlink <= inside:
                return False
    return True


def _names_of(folder: Path, inode: int, device: int) -> int:
    """How many entries of the folder are that file."""
    try:
        with os.scandir(folder) as entries:
            same = (entry.name for entry in entries if entry.inode() == inode)
            return sum(os.lstat(folder / name).st_dev == device for name in same)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def must_be_folders(*folders: Path) -> None:
    """Raises StoreFailed where one that is there is a link, no folder, or another user's."""
    for folder in folders:
        with failing(folder):
            try:
                found = os.lstat(folder)
            except FileNotFoundError:
                continue
        check(folder, found, stat.S_ISDIR, "a folder")


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


# --- reading ---


def read(path: Path) -> bytes | None:
    """The whole file, None where there is none."""
    with failing(path):
        try:
            with _opened(path, _READ) as descriptor:
                return _read_all(descriptor, owned_file(path, descriptor).st_size)
        except FileNotFoundError:
            return None


def read_head(path: Path, count: int) -> bytes:
    """The first `count` bytes, fewer where there are fewer; none where there is no file."""
    with failing(path):
        try:
            with _opened(path, _READ) as descriptor:
                owned_file(path, descriptor)
                return os.pread(descriptor, count, 0)
        except FileNotFoundError:
            return b""


def read_tail(path: Path, count: int) -> bytes:
    """The last `count` bytes, fewer where there are fewer; none where there is no file."""
    with failing(path):
        try:
            with _opened(path, _READ) as descriptor:
                size = owned_file(path, descriptor).st_size
                return os.pread(descriptor, count, max(0, size - count))
        except FileNotFoundError:
            return b""


def _read_all(descriptor: int, size: int) -> bytes:
    parts = []
    while part := os.read(descriptor, size + 1):
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def map_file(path: Path) -> tuple[mmap.mmap | bytes, Signature] | None:
    """The file's bytes without reading them all, and what tells whether it was replaced; None where there is none."""
    with failing(path):
        try:
            with _opened(path, _READ) as descriptor:
                found = owned_file(path, descriptor)
                content = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) if found.st_size else b""
                return content, _signature(found)
        except FileNotFoundError:
            return None


def _signature(found: os.stat_result) -> Signature:
    return found.st_size, found.st_mtime_ns, found.st_ino


def status(path: Path) -> os.stat_result | None:
    """Of a plain file of ours, None where there is nothing; raises StoreFailed for anything else."""
    with failing(path):
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return None
    check(path, found, stat.S_ISREG, "a plain file")
    return found


def signature(path: Path) -> Signature | None:
    """None where there is no file; raises StoreFailed for anything but a plain file of ours."""
    found = status(path)
    return None if found is None else _signature(found)


def folder_is_there(folder: Path) -> bool:
    with failing(folder):
        try:
            return stat.S_ISDIR(os.lstat(folder).st_mode)
        except FileNotFoundError:
            return False


def open_to_others(path: Path) -> bool:
    """Whether group or world have any right on it."""
    with failing(path):
        return bool(os.lstat(path).st_mode & 0o077)


def signatures(folder: Path, suffix: str) -> dict[str, Signature]:
    """By name, sorted, of the plain files that end with `suffix`; empty where there is no folder."""
    with failing(folder):
        try:
            with os.scandir(folder) as entries:
                found = {
                    entry.name: _signature(entry.stat(follow_symlinks=False))
                    for entry in entries
                    if entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False)
                }
        except FileNotFoundError:
            return {}
        return dict(sorted(found.items()))


def names(folder: Path) -> list[str]:
    """Sorted; empty where there is no such folder; raises StoreFailed for a link."""
    with failing(folder):
        try:
            if stat.S_ISLNK(os.lstat(folder).st_mode):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            return sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []


# --- writing ---


def make_folder(folder: Path, *, sync: bool = True) -> None:
    """Makes it 0700 where it is missing; refuses a link, a file and a folder of another user. Without `sync` it is not
    durable before its parent is synced."""
    with failing(folder):
        try:
            found = os.lstat(folder)
        except FileNotFoundError:
            with suppress(FileExistsError):
                os.mkdir(folder, 0o700)
                os.chmod(folder, 0o700)
                if sync:
                    sync_folder(folder.parent)
            found = os.lstat(folder)
        check(folder, found, stat.S_ISDIR, "a folder")


def make_private(folder: Path) -> None:
    """Takes every right on it from group and world; a folder that came with a clone of a repository has them."""
    if open_to_others(folder):
        with failing(folder):
            os.chmod(folder, 0o700)


def write_new(path: Path, data: Data) -> None:
    """A new file with its bytes on the disk; its name is durable after `sync_folder`. On any error the file is gone."""
    write_all_new({path: data})


def write_all_new(files: Mapping[Path, Data]) -> None:
    """As `write_new`, for many: they are synced side by side, which file systems do in a few steps for all. On any
    error all are gone."""
    paths = list(files)
    for start in range(0, len(paths), _OPEN):
        written: dict[Path, int] = {}
        try:
            try:
                for path in paths[start : start + _OPEN]:
                    _write_one(path, files[path], written)
                _sync_all(written)
            finally:
                _close_all(written)
        except BaseException:
            for path in paths[: start + len(written)]:
                discard(path)
            raise


def _write_one(path: Path, data: Data, written: dict[Path, int]) -> None:
    with failing(path):
        written[path] = descriptor = os.open(path, _NEW, 0o600)
        os.fchmod(descriptor, 0o600)
        for part in [data] if isinstance(data, bytes) else _gathered(data):
            write_all(descriptor, part)


def _sync_all(descriptors: Mapping[Path, int], outcome: str = STANDS) -> None:
    """Never tried again: after a failure the kernel may have dropped the bytes."""
    files = list(descriptors.items())
    if len(files) < _SIDE_BY_SIDE:
        _sync_some(files, outcome)
        return
    from concurrent.futures import ThreadPoolExecutor

    with uninterrupted(), ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:  # threads inherit what is blocked
        parts = [files[start::_SIDE_BY_SIDE] for start in range(_SIDE_BY_SIDE)]
        for finish in [_started(pool, part, outcome) for part in parts]:
            finish()


def _started(pool: ThreadPoolExecutor, files: Sequence[tuple[Path, int]], outcome: str) -> Callable[[], None]:
    """What waits for these to be synced; where no more threads may be started it does that itself."""
    try:
        return pool.submit(_sync_some, files, outcome).result
    except RuntimeError:
        return partial(_sync_some, files, outcome)


def _sync_some(files: Iterable[tuple[Path, int]], outcome: str) -> None:
    for path, descriptor in files:
        with failing(path, outcome):
            os.fsync(descriptor)


def _close_all(descriptors: Mapping[Path, int], outcome: str = STANDS) -> None:
    for path, descriptor in descriptors.items():
        with failing(path, outcome):
            os.close(descriptor)


def _gathered(pieces: Sequence[bytes]) -> Iterator[bytes]:
    """In parts large enough to be written each on its own."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PART:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        written = os.write(descriptor, rest)
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest = rest[written:]


def overwrite(path: Path, data: bytes) -> None:
    """Writes over the beginning of a file that is there; not durable, and not all or nothing."""
    with failing(path), _opened(path, _OVERWRITE) as descriptor:
        owned_file(path, descriptor)
        os.pwrite(descriptor, data, 0)


def replace(path: Path, data: Data, *, previous: Path | None = None) -> None:
    """`path` holds `data` durably when this returns, and holds either the old or the new bytes whenever it does not;
    the error's outcome says which, as far as that is known. What it held before is kept as `previous`; where it held
    nothing, `previous` becomes a second name of the new."""
    temporary = temporary_name(path)
    write_new(temporary, data)
    try:
        kept = previous is not None and keep(path, previous)
        rename(temporary, path)
    except BaseException:
        discard(temporary)
        raise
    sync_folder(path.parent, UNSURE)
    if previous is not None and not kept:
        keep(path, previous, STORED)
        sync_folder(path.parent, STORED)


def keep(path: Path, name: Path, outcome: str = STANDS) -> bool:
    """Gives the file a second name, in place of what had that name; False where there is no such file."""
    temporary = temporary_name(name)
    with failing(name, outcome):
        try:
            os.link(path, temporary, follow_symlinks=False)
        except FileNotFoundError:
            return False
        try:
            os.rename(temporary, name)
        finally:
            discard(temporary)  # POSIX: renaming one name of a file to another of its names leaves both
        return True


def temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")


def rename(source: Path, target: Path) -> None:
    with failing(target):
        os.rename(source, target)


def link(source: Path, target: Path) -> bool:
    """Gives `source` the further name `target`; False where that name is taken."""
    with failing(target):
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            return False
        return True


def touch(path: Path) -> bool:
    """As if it had just been written; False where it is gone."""
    with failing(path):
        try:
            os.utime(path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True


def clock(folder: Path) -> float:
    """What time it is on the folder's file system, in seconds as in `st_mtime`."""
    with failing(folder):
        os.utime(folder, follow_symlinks=False)
        return os.lstat(folder).st_mtime


def unlink(path: Path) -> bool:
    """False where it was gone already."""
    with failing(path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            return False
        return True


def discard(path: Path) -> None:
    """Tidies up after a failure, where a second failure must not hide the first."""
    with suppress(OSError):
        os.unlink(path)


def sync_folder(folder: Path, outcome: str = STANDS) -> None:
    """Makes names given, changed and taken in the folder durable."""
    sync_folders([folder], outcome)


def sync_folders(folders: Iterable[Path], outcome: str = STANDS) -> None:
    """The same for many, side by side."""
    opened: dict[Path, int] = {}
    try:
        for folder in folders:
            with failing(folder, outcome):
                opened[folder] = os.open(folder, _FOLDER, 0o600)
        _sync_all(opened, outcome)
    finally:
        _close_all(opened, outcome)
