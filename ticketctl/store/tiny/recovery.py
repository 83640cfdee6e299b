"""Recovers the store from what is there: the damaged file, its backup, the archive. No readable ticket is dropped.

A damaged file is kept under a name with its own date, and so is a desk file that is older than its backup. Where a
ticket is readable twice, the higher revision counts, and among equals the copy that a checksum vouches for. What cannot
be brought back is named by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.reports.measure import Measure
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Damaged
from ticketctl.ports.audit import Head
from ticketctl.ports.store import Cursor, Finding, Quarantined, Run
from ticketctl.store import fs
from ticketctl.store.audit.lines import highest_ticket, tickets
from ticketctl.store.tiny import ahead, file_format
from ticketctl.store.tiny.archive import Archive
from ticketctl.store.tiny.documents import DAMAGED, SUMMARY, Counter, Decoder, Fact, decode, digest, encode
from ticketctl.store.tiny.file_format import Content, NewerFormat, Rows, Tables
from ticketctl.store.tiny.index import Index
from ticketctl.store.tiny.leftovers import remains
from ticketctl.store.tiny.migrations import open_desk
from ticketctl.store.tiny.months import TABLE, Month, renewed, troubles

_KINDS: dict[str, Any] = {
    "tickets": Ticket, "outbox": Outbound, "cursors": Cursor, "quarantine": Quarantined, "runs": Run, "facts": Fact,
    "counters": Counter, "audit": Head, TABLE: Month, "patterns": Pattern, "vocabulary": Vocabulary,
    "measures": Measure,
}  # fmt: skip
_OUTBOUND = Decoder(Outbound)
_RECOVERED = "recovered from a backup: it may have been sent"
_COUNTER = Decoder(Counter)


class _Source(NamedTuple):
    """What a file still gives: `whole` if it is as it was written."""

    content: Content
    there: bool
    whole: bool


def recover(folder: Path) -> list[Finding]:
    """Under the desk's lock. Says what was repaired, and which tickets could not be brought back; nothing where all was
    well, and so nothing the second time. Raises Damaged for a newer format, which only a newer ticketctl may touch."""
    known = numbers_known(folder)  # before the archive's index is made anew
    desk, backup = _source(folder / "desk.json"), _source(folder / "desk.json.bak")
    witness = ahead.newest(folder)
    months = [*_repair_months(folder / "archive"), *_lost_months(folder / "archive", desk, backup)]
    archive = Archive(folder / "archive")
    gone = not (desk.there or backup.there or archive.index.highest)
    if gone and not remains(folder):
        return months
    tables = _repaired(desk, backup, archive, witness.generation)
    tables = (
        {**tables, TABLE: renewed(tables.get(TABLE, {}), archive.folder)} if _remembers(tables, archive) else tables
    )
    behind = desk.content.generation < witness.generation
    if desk.whole and not behind and tables == desk.content.tables and not _bad(backup):
        return months
    kept = [
        _aside(folder / name)
        for name, one, old in (("desk.json", desk, behind and desk.there), ("desk.json.bak", backup, False))
        if _bad(one) or old
    ]
    generation = max(desk.content.generation, backup.content.generation, witness.generation) + 1
    data = file_format.render(tables, generation)
    if not desk.there and not backup.whole:
        _note_lost(folder)
    fs.replace(folder / "desk.json", data)
    with fs.once_stored():
        if behind or not backup.whole:
            fs.replace(folder / "desk.json.bak", data)
        lost = list(_not_back(known, tables, Archive(archive.folder)))
    found = [_begun_anew(tables) if gone else _found(folder / "desk.json", len(tables.get("tickets", {})), kept)]
    if desk.whole and not kept and tables.get("tickets") == desk.content.tables.get("tickets"):
        found = []  # what it remembers of the archive alone has changed
    return [*found, *months, *lost]


def _remembers(tables: Tables, archive: Archive) -> bool:
    """Whether the desk file knows, or is to know, what months there are."""
    return bool(tables.get(TABLE)) or bool(archive.index.months)


def _repaired(desk: _Source, backup: _Source, archive: Archive, newest: int) -> Tables:
    """What the desk file should hold. A whole one lacks at most what was lost with a month of the archive; one that is
    older than its backup gives way to it, and what either wanted to send may have been sent since."""
    if desk.whole and desk.content.generation < newest:
        latest = max((desk, backup), key=lambda one: one.content.generation if one.whole else 0).content
        tables = latest.tables
        return {
            **tables,
            "tickets": tables.get("tickets", {}),
            "outbox": _unsure(tables.get("outbox", {})),
            "counters": {"number": encode({"value": _highest({"tickets": {}}, (tables,), archive)})},
        }
    newer, older = desk.content.tables, backup.content.tables
    if not desk.whole:
        return _joined(newer, older, archive)
    lost = _lost(newer, older, archive) if _was_damaged(archive.folder) else {}
    return {**newer, "tickets": {**lost, **newer.get("tickets", {})}} if lost else newer


def _bad(source: _Source) -> bool:
    return source.there and not source.whole


def _source(path: Path) -> _Source:
    data = fs.read(path)
    if data is None:
        return _Source(Content({}), there=False, whole=False)
    try:
        return _Source(open_desk(data, path.name), there=True, whole=True)
    except NewerFormat:
        raise
    except Damaged:
        return _Source(Content(_salvaged(data), file_format.claimed_generation(data)), there=True, whole=False)


def _salvaged(data: bytes) -> Tables:
    """The rows of damaged bytes that are still what their table holds."""
    tables: Tables = {}
    for table, key, raw in file_format.salvage(data):
        if _fits(table, key, raw):
            tables.setdefault(table, {})[key] = raw
    return tables


def _fits(table: str, key: str, raw: bytes) -> bool:
    try:
        document = msgspec.json.decode(raw, type=_KINDS.get(table, dict[str, Any]))
    except msgspec.DecodeError:
        return False
    return not isinstance(document, Ticket) or str(document.number) == key


# --- the desk file ---


def _joined(newer: Tables, older: Tables, archive: Archive) -> Tables:
    """Both files' rows, the newer one's where both have one."""
    names = dict.fromkeys((*newer, *older))
    tables = {name: {**older.get(name, {}), **newer.get(name, {})} for name in names}
    tables["tickets"] = _tickets(newer, older, archive)
    tables["outbox"] = {**_unsure(older.get("outbox", {})), **newer.get("outbox", {})}
    tables["counters"] = {"number": encode({"value": _highest(tables, (newer, older), archive)})}
    return tables


def _tickets(newer: Tables, older: Tables, archive: Archive) -> Rows:
    rows = newer.get("tickets", {})
    vouched = {
        key: raw
        for key, raw in older.get("tickets", {}).items()
        if key in rows and _revision(raw) >= _revision(rows[key])
    }
    return {**_lost(newer, older, archive), **rows, **vouched}


def _lost(newer: Tables, older: Tables, archive: Archive) -> Rows:
    """The older file's tickets that are neither in the newer one nor, as new, in the archive, and were not purged."""
    rows: Rows = {}
    for key, raw in older.get("tickets", {}).items():
        archived = archive.get(int(key))
        known = key in newer.get("tickets", {}) or (archived and _revision(archived) >= _revision(raw))
        if not known and not _purged(raw, newer, archive):
            rows[key] = raw
    return rows


def _revision(raw: bytes) -> int:
    return decode(SUMMARY, raw).revision


def _purged(raw: bytes, tables: Tables, archive: Archive) -> bool:
    """Whether the newer file says that this ticket was deleted: all its messages have tombstones."""
    marks = [mark for message in decode(SUMMARY, raw).messages for mark in message.marks]
    tombstones = tables.get("tombstones", {})
    return bool(marks) and all(digest(*mark).hex() in tombstones or 0 in archive.numbers(*mark) for mark in marks)


def _unsure(rows: Rows) -> Rows:
    """What the older file wanted to send may have been sent since: it is for a person to decide."""
    items = {key: decode(_OUTBOUND, raw) for key, raw in rows.items()}
    return {
        key: encode(
            msgspec.structs.replace(item, state="uncertain", next_at=None, error=_RECOVERED) if item.pending else item
        )
        for key, item in items.items()
    }


def _highest(tables: Tables, files: tuple[Tables, ...], archive: Archive) -> int:
    """The highest ticket number that anything knows of."""
    counters = [decode(_COUNTER, raw).value for file in files for raw in file.get("counters", {}).values()]
    known = archive.index.highest, highest_ticket(archive.folder.parent)
    return max((*counters, *map(int, tables["tickets"]), *known), default=0)


# --- the archive ---


def _repair_months(folder: Path) -> Iterator[Finding]:
    for name in fs.signatures(folder, ".json"):
        data = fs.read(folder / name) or b""
        try:
            file_format.verify(data, f"archive/{name}")
        except NewerFormat:
            raise
        except Damaged:
            tables = _salvaged(data)
            kept = _aside(folder / name)
            fs.replace(folder / name, file_format.render(tables, file_format.claimed_generation(data) + 1))
            yield _found(folder / name, len(tables.get("tickets", {})), [kept])


def _lost_months(folder: Path, desk: _Source, backup: _Source) -> Iterator[Finding]:
    """Those that the desk remembers and that are not there any more, or only in an older copy. A file that says so is
    left: as long as it lies there no stored mail is deleted, since that month may have named it."""
    remembered = (desk if desk.whole else backup).content.tables.get(TABLE, {})
    for name, trouble in troubles(remembered, folder):
        fs.make_folder(folder)
        aside = folder / f"{name}{DAMAGED}lost"
        fs.replace(aside, f"{name} {trouble}\n".encode())
        yield Finding(
            subject=f"archive/{name}",
            state="warning",
            code="goes_on_without",
            facts={"why": trouble, "path": aside},
            next_step="restore_month",
        )


def _was_damaged(folder: Path) -> bool:
    """Whether a month was ever repaired: an earlier recovery may have ended before it looked for what was lost."""
    return any(DAMAGED in name for name in fs.names(folder))


def _aside(path: Path) -> Path:
    """Keeps the damaged file under a name with the date of its last change."""
    found = fs.status(path)
    assert found is not None
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    aside = path.with_name(f"{path.name}{DAMAGED}{changed:%Y%m%dT%H%M%SZ}")
    count = 1
    while not fs.link(path, aside):
        if fs.status(aside) == found:
            break
        count += 1
        aside = path.with_name(f"{path.name}{DAMAGED}{changed:%Y%m%dT%H%M%SZ}-{count}")
    return aside


def _found(path: Path, tickets: int, kept: list[Path]) -> Finding:
    names = ", ".join(str(one) for one in kept)
    return Finding(
        subject=path.name,
        state="warning",
        code="recovered",
        facts={"tickets": tickets, "names": names},
        next_step="delete_set_aside" if kept else "",
    )


# --- what does not come back ---


def numbers_known(folder: Path) -> set[int]:
    """The tickets that the archive's index as it lies there, and the audit log, know of."""
    found = fs.map_file(folder / "archive" / "index.bin")
    index = (found and Index.load(found[0])) or Index({})
    return tickets(folder) | {place.number for place in index.places()}


def _not_back(known: set[int], tables: Tables, archive: Archive) -> Iterator[Finding]:
    deleted = {int(key) for key in tables.get("purged", {})}
    gone = sorted(
        known
        - deleted
        - {int(key) for key in tables.get("tickets", {})}
        - {one.number for one in archive.index.places()}
    )
    if gone:
        yield Finding(
            subject="tickets",
            state="error",
            code="not_recovered",
            facts={"count": len(gone), "numbers": spans(gone)},
            next_step="restore_if_there",
        )


def spans(numbers: Sequence[int]) -> str:
    """ "#3, #17-#20" of sorted numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"#{run[0]}" if len(run) == 1 else f"#{run[0]}-#{run[-1]}" for run in runs)


def _note_lost(folder: Path) -> None:
    """As long as this file lies there no stored mail is deleted: what is lost may have named it."""
    fs.replace(folder / f"desk.json{DAMAGED}lost", b"desk.json was gone, and no whole backup beside it\n")


def _begun_anew(tables: Tables) -> Finding:
    number = decode(_COUNTER, tables["counters"]["number"]).value
    return Finding(
        subject="desk.json",
        state="warning",
        code="begun_anew",
        facts={"next": number + 1, "path": f"data/desk.json{DAMAGED}lost"},
        next_step="restore_or_remove",
    )
