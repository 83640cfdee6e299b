"""Files in data/ that are not the desk's own: what a sync tool or a person left there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ticketctl.ports.store import Finding
from ticketctl.store import fs
from ticketctl.store.tiny.documents import DAMAGED

_SHOWN = 20
_OURS = re.compile(
    r"desk\.json(\.bak)?|audit\.jsonl|audit\.head|key|\.?[\w-]+\.lock|\.rules\.cache(\.\d+)?|\.answers\.cache"
    r"|\..+\.\d+\.tmp"
    r"|README\.md|\.gitignore|archive|blobs|tmp|tokens|maildirs|writing|drafts|exports|sent"
    r"|.+" + re.escape(DAMAGED) + ".+"
)
_ARCHIVE = re.compile(r"\d{4}-\d\d\.json|index\.bin|\..+\.\d+\.tmp|.+" + re.escape(DAMAGED) + ".+")
_BLOBS = re.compile(r"[0-9a-f]{2}|verified|\..+\.\d+\.tmp")
_BLOB = re.compile(r"[0-9a-f]{64}")


def foreign(folder: Path, known: Collection[str]) -> Iterator[Finding]:
    """`known` are further names that rules.yaml puts into data/, such as a Maildir."""
    found = [name for name in fs.names(folder) if not _OURS.fullmatch(name) and name not in known]
    found += [f"archive/{name}" for name in fs.names(folder / "archive") if not _ARCHIVE.fullmatch(name)]
    for part in fs.names(folder / "blobs"):
        if not _BLOBS.fullmatch(part):
            found.append(f"blobs/{part}")
        elif len(part) == 2:
            inside = fs.names(folder / "blobs" / part)
            found += [f"blobs/{part}/{name}" for name in inside if not _BLOB.fullmatch(name)]
    if found:
        shown = ", ".join(found[:_SHOWN]) + ", …" * (len(found) > _SHOWN)
        yield Finding(
            subject="foreign files",
            state="warning",
            code="foreign",
            facts={"count": len(found), "names": shown},
            next_step="compare_and_move",
        )
