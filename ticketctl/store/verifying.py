"""Whether the stored files are what they were: by size each time, by hash where the size is not known or is wrong.

`data/blobs/verified` remembers the size of each file whose hash was right once, a line each: "SHA256 SIZE". It is
derived: without it all is hashed anew. A size of -1 is one that was found damaged, which is looked at again each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from ticketctl.errors import StoreFailed
from ticketctl.ports.store import Finding
from ticketctl.store import fs

BUDGET = 512_000_000  # bytes that are hashed because their size is not known, in one run
_FILE = "verified"
_DAMAGED = -1


class Verified(msgspec.Struct):
    """Names of what is wrong, and how many files could not be compared because the budget was spent."""

    missing: list[str] = []
    damaged: list[str] = []
    left: int = 0


def verify(named: Mapping[str, int | None], folder: Path, must_hash: Callable[[str], bool]) -> Verified:
    """`named` are the files that something names, with their size where that is known. Those that `must_hash` are
    hashed whatever their size is."""
    found = Verified()
    sizes = _remembered(folder)
    fresh: dict[str, int] = {}
    budget = BUDGET
    for name in sorted(named):
        path = folder / name[:2] / name
        status = fs.status(path)
        if status is None:
            found.missing.append(name)
            continue
        size = status.st_size
        known = sizes.get(name, named[name])
        if size == known and not must_hash(name):
            fresh[name] = size
            continue
        if known is None and not must_hash(name) and size and (budget := budget - size) < 0:
            found.left += 1
            continue
        whole = hashlib.sha256(fs.read(path) or b"").hexdigest() == name
        fresh[name] = size if whole else _DAMAGED
        if not whole:
            found.damaged.append(name)
    if fresh != sizes:
        with suppress(StoreFailed):  # it is derived
            fs.replace(folder / _FILE, "".join(f"{name} {size}\n" for name, size in fresh.items()).encode())
    return found


def finding(named: Mapping[str, int | None], found: Verified) -> Finding:
    facts: dict[str, object] = {"count": len(named)}
    if found.missing or found.damaged:
        facts |= {"missing": len(found.missing), "damaged": len(found.damaged)}
        facts |= {"missing_one": next(iter(found.missing), ""), "damaged_one": next(iter(found.damaged), "")}
        both = "files_missing_and_damaged" if found.missing and found.damaged else ""
        code = both or ("files_missing" if found.missing else "files_damaged")
        return Finding(subject="blobs", state="error", code=code, facts=facts, next_step="restore_blobs")
    code = "files_left" if found.left else "files"
    return Finding(subject="blobs", state="ok", code=code, facts={**facts, "left": found.left})


def _remembered(folder: Path) -> dict[str, int]:
    lines = (fs.read(folder / _FILE) or b"").decode("ascii", "replace").splitlines()
    pairs = (line.split(" ") for line in lines)
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].lstrip("-").isdecimal()}
