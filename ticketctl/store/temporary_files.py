"""Temporary files: their names, and their deletion where the process that wrote them has ended."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

from ticketctl.store.fs import TEMPORARY, names, status, unlink

ASIDE = "tmp"  # the folder for what is written without the desk's lock, until it gets its name
_count = itertools.count()
_TEMPORARY_NAME = r"\..+\.\d+" + TEMPORARY.replace(".", r"\.")


def sweep(folder: Path) -> None:
    """Deletes temporary files, as `temporary_name` names them; those of other programs stay."""
    for name in names(folder):
        if name.endswith(TEMPORARY) and re.fullmatch(_TEMPORARY_NAME, name) and status(folder / name):
            unlink(folder / name)


def sweep_aside(folder: Path, *, written_before: int) -> None:
    """Deletes temporary files of processes that have ended, and all that were last written before that instant (ns of
    the file system's own clock)."""
    for name in names(folder):
        found = status(folder / name) if name.endswith(TEMPORARY) else None
        if found and (found.st_mtime_ns < written_before or not _lives(name)):
            unlink(folder / name)


def sweep_dead(folder: Path, shape: re.Pattern[str]) -> None:
    """Deletes files whose name has that shape and, in its group, the number of a process that has ended."""
    for name in names(folder):
        found = shape.fullmatch(name)
        if found and not is_alive(found[1]) and status(folder / name):
            unlink(folder / name)


def aside_name(name: str) -> str:
    """For a file that this process writes aside: it ends with the process's number and one of its own."""
    return f"{name}.{os.getpid()}.{next(_count)}{TEMPORARY}"


def _lives(name: str) -> bool:
    """Whether the process lives that made this name; True where none is in it."""
    number = name.removesuffix(TEMPORARY).split(".")[-2:][0]
    return not number.isdecimal() or is_alive(number)


def is_alive(number: str) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
