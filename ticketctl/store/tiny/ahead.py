"""Whether the desk file is the last one that was written, or an older one that something put in its place: a sync tool,
a person who restores by hand.

Three witnesses know of generations: `desk.lock` holds that of the last commit; `desk.json.bak` is never newer than the
desk file; and a record of the audit log names the generation that its commit was to make, so that two further on one
before has been made. Who reads them asks the witnesses first and the desk file then: it may be newer, never older.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ticketctl.errors import Damaged, NextStep, StoreFailed
from ticketctl.store import fs
from ticketctl.store.tiny import file_format

LOCK = "desk.lock"
_HEAD = 256  # bytes, more than a first line has
_TAIL = 16_384
_NOTE = re.compile(rb"generation (\d{1,20}) ([0-9a-f]{8})\n")
_RECORD = re.compile(rb'"generation":(\d{1,18})[,}]')


class Witness(NamedTuple):
    """A generation that has been, and what knows of it."""

    generation: int = 0
    name: str = ""


def newest(folder: Path) -> Witness:
    """What knows of the highest generation."""
    return max(_asked(witness, folder) for witness in (_lock, _backup, _audit))


def _asked(witness: Callable[[Path], Witness], folder: Path) -> Witness:
    try:
        return witness(folder)
    except StoreFailed:  # a link in its place, or no right to read it: who needs the file tells that
        return Witness()


def must_not_be_older(generation: int, witness: Witness) -> None:
    """Raises Damaged where the desk file, of that generation, is older than a witness knows."""
    if generation < witness.generation:
        raise Damaged(
            "desk.json is an older state than {witness} knows (generation {generation}, not {newest}): it was put in "
            "place of a newer one. Nothing is changed or sent until somebody has put the newer desk.json back",
            code="older_state",
            witness=witness.name,
            generation=generation,
            newest=witness.generation,
            next_step=(
                NextStep("doctor", then="says more"),
                NextStep("doctor", then="goes on with the older one", given={"recover": True}),
            ),
        )


def note(folder: Path, generation: int) -> None:
    """After a commit, under its lock. It need not be durable, and a failure is none: other witnesses are left."""
    text = b"%020d" % generation
    with suppress(StoreFailed):
        fs.overwrite(folder / LOCK, b"generation %b %08x\n" % (text, zlib.crc32(text)))


def _lock(folder: Path) -> Witness:
    found = _NOTE.match(fs.read_head(folder / LOCK, _HEAD))
    if found is None or b"%08x" % zlib.crc32(found[1]) != found[2]:
        return Witness()
    return Witness(int(found[1]), LOCK)


def _backup(folder: Path) -> Witness:
    """Read whole only where its first line says that it is newer, which may be damage."""
    name = "desk.json.bak"
    claimed = file_format.head(fs.read_head(folder / name, _HEAD))
    desk = file_format.head(fs.read_head(folder / "desk.json", _HEAD))
    if claimed is None or (desk is not None and claimed[0] <= desk[0]):
        return Witness()
    with suppress(Damaged):
        return Witness(file_format.verify(fs.read(folder / name) or b"", name), name)
    return Witness()


def _audit(folder: Path) -> Witness:
    found = _RECORD.findall(fs.read_tail(folder / "audit.jsonl", _TAIL))
    return Witness(max(map(int, found)) - 1, "audit.jsonl") if found else Witness()
