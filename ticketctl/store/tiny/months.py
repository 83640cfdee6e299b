"""What the desk file remembers of the archive: each month's generation, count and digest (table `months`), so that one
that is missing, or was replaced by an older copy, is known to be lost.

A month is written before the commit that remembers it, so it may be ahead of what the desk file says, never behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ticketctl.errors import Damaged, NextStep
from ticketctl.store import fs
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.documents import Decoder, decode, encode
from ticketctl.store.tiny.file_format import Rows

TABLE = "months"
LEARNT = "archive-months"  # the migration of desks that did not remember their months
_HEAD = 256  # bytes, more than a first line has


class Month(msgspec.Struct, frozen=True):
    generation: int
    tickets: int
    sha256: str


_MONTH = Decoder(Month)


def renewed(old: Rows, folder: Path) -> Rows:
    """What is to be remembered of the months that are in `folder` now; only those that changed are read."""
    return {name.removesuffix(".json"): _row(old, folder, name) for name in fs.signatures(folder, ".json")}


def _row(old: Rows, folder: Path, name: str) -> bytes:
    raw = old.get(name.removesuffix(".json"))
    if raw is not None:
        known = decode(_MONTH, raw)
        if _head(folder / name) == (known.generation, known.sha256):
            return raw
    data = fs.read(folder / name) or b""
    generation, sha256 = file_format.head(data) or (0, "")
    try:
        tickets = len(file_format.parse(data, name).tables.get("tickets", {}))
    except Damaged:
        tickets = 0  # doctor says that it is damaged
    return encode(Month(generation, tickets, sha256))


def troubles(remembered: Rows, folder: Path) -> Iterator[tuple[str, str]]:
    """("2026-11.json", "is missing; it held 12 tickets") for each month that is not there as the desk remembers it."""
    for key in sorted(remembered):
        known = decode(_MONTH, remembered[key])
        name = f"{key}.json"
        if fs.status(folder / name) is None:
            yield name, f"is missing; it held {known.tickets} ticket{'s' * (known.tickets != 1)}"
        elif (found := _head(folder / name)) is None:
            continue  # its first line is damaged, which reading it tells
        elif found[0] < known.generation:
            yield name, f"is an older copy (generation {found[0]}, and the desk remembers {known.generation})"
        elif found[0] == known.generation and found[1] != known.sha256:
            yield name, "is not the file that the desk remembers"


def must_be_whole(remembered: Rows, folder: Path) -> None:
    """Raises Damaged where a month is not there as the desk remembers it."""
    for name, trouble in troubles(remembered, folder):
        raise Damaged(
            "archive/{name} {trouble}; put it back from a backup",
            code="month_missing",
            name=name,
            trouble=trouble,
            next_step=NextStep("doctor", then="goes on without it", given={"recover": True}),
        )


def _head(path: Path) -> tuple[int, str] | None:
    return file_format.head(fs.read_head(path, _HEAD))
