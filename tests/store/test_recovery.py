"""Damage and what comes back from it."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest

from tests.faults.disk import Disk, Killed, kill_before, using
from tests.findings import detail, step
from tests.store.contract import snapshot
from tests.store.samples import DAY, NOW, add, closed, message, outbound, quarantined, renamed, ticket
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Damaged
from ticketctl.ports.store import Cursor, Run
from ticketctl.store.audit.log import AuditLog
from ticketctl.store.tiny.store import TinyStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> TinyStore:
    """Twelve tickets, five of them archived, and in the last commit ticket 3 renamed and ticket 12 added."""
    store = TinyStore(folder)
    with store.transaction() as desk:
        for number in range(1, 6):
            desk.save(closed(number + 100, NOW - 40 * number * DAY))
    store.archive(NOW)
    with store.transaction() as desk:
        for number in range(1, 12):
            desk.save(ticket(number))
        desk.queue(outbound("o1"))
        desk.set_cursor("support/INBOX", Cursor(1, 10))
        desk.quarantine(quarantined("q1"))
        desk.note_run(Run(name="fetch", at=NOW))
        desk.remember("a", "b")
    with store.transaction() as desk:
        desk.save(renamed(desk.get(3), "nytt ämne"))
        desk.save(ticket(12))
        desk.set_cursor("support/INBOX", Cursor(1, 11))
    return store


def numbers(store: TinyStore) -> list[int]:
    with store.reading() as desk:
        return [one.number for one in desk.find()]


def spoil(path: Path, what: bytes = b"ticketctl", instead: bytes = b"ticketctI") -> None:
    data = path.read_bytes()
    assert what in data
    path.write_bytes(data.replace(what, instead, 1))


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.damaged-*"))


def test_a_spoilt_first_line_costs_nothing(store: TinyStore, folder: Path) -> None:
    before = snapshot(store)
    spoil(folder / "desk.json")
    damaged = (folder / "desk.json").read_bytes()
    (finding,) = store.recover()
    assert (finding.state, finding.subject) == ("warning", "desk.json")
    assert detail(finding) == "repaired, with 12 readable tickets"
    assert "delete" in step(finding)
    assert kept(folder)[0] in step(finding)
    assert snapshot(store) == before
    assert (folder / kept(folder)[0]).read_bytes() == damaged
    assert store.recover() == []
    assert subjects(store, "warning") == kept(folder)
    assert subjects(store, "error") == ["blobs"]
    with store.transaction() as desk:
        assert desk.cursor("support/INBOX") == Cursor(1, 11)
        assert desk.new_number() == 106


def test_a_damaged_line_comes_from_the_backup(store: TinyStore, folder: Path) -> None:
    spoil(folder / "desk.json", b'"subject":"nytt \xc3\xa4mne"', b'"subject":"nytt \xff\xffmne"')
    store.recover()
    with store.reading() as desk:
        assert desk.get(3).subject == "Var är min beställning 3?"
        assert desk.get(12).number == 12
    assert numbers(store) == list(range(1, 13))


def test_among_equals_the_copy_counts_that_a_checksum_vouches_for(store: TinyStore, folder: Path) -> None:
    spoil(folder / "desk.json", "beställning 5?".encode(), "beställning 6?".encode())
    store.recover()
    with store.reading() as desk:
        assert desk.get(5).subject == "Var är min beställning 5?"
        assert desk.get(3).subject == "nytt ämne"


@pytest.mark.parametrize("length", [0, 1, 100, 3000])
def test_a_truncated_file_loses_only_what_the_backup_has_not(store: TinyStore, folder: Path, length: int) -> None:
    path = folder / "desk.json"
    path.write_bytes(path.read_bytes()[:length])
    store.recover()
    assert numbers(store) == list(range(1, 12))
    with store.transaction() as desk:
        assert desk.new_number() == 106
        assert [(one.id, one.state) for one in desk.outbox()] == [("o1", "uncertain")]
        assert desk.cursor("support/INBOX") == Cursor(1, 10)
    assert store.recover() == []


def test_a_missing_file_comes_back_from_its_backup(store: TinyStore, folder: Path) -> None:
    (folder / "desk.json").unlink()
    with pytest.raises(Damaged, match=r"missing beside its backup"), store.reading():
        pytest.fail("it was used")
    assert detail(store.check()[0]) == "the file is missing"
    store.recover()
    assert numbers(store) == list(range(1, 12))
    assert kept(folder) == []


def test_with_only_the_archive_left_numbers_are_still_not_reused(store: TinyStore, folder: Path) -> None:
    (folder / "desk.json").unlink()
    (folder / "desk.json.bak").unlink()
    with pytest.raises(Damaged, match="archive"), store.transaction():
        pytest.fail("it was used")
    store.recover()
    with store.transaction() as desk:
        assert desk.new_number() == 106
        assert [one.number for one in desk.find(archive=True)] == [101, 102, 103, 104, 105]


@pytest.mark.parametrize("left", ["audit.jsonl", "blobs", "both"])
def test_a_desk_of_which_only_blobs_or_audit_are_left_is_not_started_afresh(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "data"
    store = TinyStore(folder, audit=lambda: AuditLog(folder, b"k" * 32))
    with store.transaction() as desk:
        add(desk, 3)
        desk.save(ticket(17).assign(Act("alice", NOW), "bo"))
        store.blobs.put(b"brev")
    for name in ("desk.json", "desk.json.bak", *({"audit.jsonl", "blobs"} - {left} if left != "both" else ())):
        shutil.rmtree(folder / name) if name == "blobs" else (folder / name).unlink()
    with pytest.raises(Damaged, match=r"missing beside stored mail"), store.reading():
        pytest.fail("it was read")
    with pytest.raises(Damaged, match="missing"), store.transaction():
        pytest.fail("it was written")
    assert not (folder / "desk.json").exists()
    assert store.check()[0].state == "error"
    finding, *lost = store.recover()
    assert [detail(one) for one in lost] == ["1 could not be brought back: #17"] * (left != "blobs")
    number = 1 if left == "blobs" else 18
    assert f"begun anew, the next ticket is #{number}" in detail(finding)
    assert store.recover() == []
    with store.transaction() as desk:
        assert desk.new_number() == number
    assert store.check()[0].state == "ok"


def test_who_looked_at_a_new_desk_does_not_make_it_a_lost_one(folder: Path) -> None:
    (folder / "key").mkdir(parents=True)
    (folder / "fetch.lock").touch()
    (folder / "audit.jsonl").touch()
    AuditLog(folder, b"k" * 32).record(at=NOW, actor="alice", action="export")
    store = TinyStore(folder)
    assert numbers(store) == []
    assert store.check()[0].state == "ok"
    with store.transaction() as desk:
        assert desk.new_number() == 1


def test_a_first_fetch_that_dies_before_its_commit_leaves_a_desk_that_works(folder: Path) -> None:
    TinyStore(folder).blobs.put(b"brev")
    AuditLog(folder, b"k" * 32).record(at=NOW, actor="system", action="received", ticket=1)
    with TinyStore(folder).transaction() as desk:
        add(desk)
    (folder / "desk.json").unlink()
    TinyStore(folder).recover()
    assert numbers(TinyStore(folder)) == [1], "the backup of the first commit is not the empty file before it"


def test_both_damaged(store: TinyStore, folder: Path) -> None:
    spoil(folder / "desk.json", b'"1": {', b'"1": [')
    spoil(folder / "desk.json.bak", b'"1": {', b'"1": [')
    (finding,) = store.recover()
    assert numbers(store) == list(range(2, 13))
    assert len(kept(folder)) == 2
    assert all(name in step(finding) for name in kept(folder))
    assert store.recover() == []
    assert store.check()[1].state == "ok"


def test_a_file_edited_by_hand_keeps_what_the_editor_wrote(store: TinyStore, folder: Path) -> None:
    document = json.loads((folder / "desk.json").read_text())
    document["tickets"]["12"]["subject"] = "rättat för hand"
    del document["tickets"]["7"]
    (folder / "desk.json").write_text(json.dumps(document, indent=2))
    with pytest.raises(Damaged, match="edited by hand"), store.reading():
        pytest.fail("it was used")
    store.recover()
    with store.reading() as desk:
        assert desk.get(12).subject == "rättat för hand"
    assert 7 in numbers(store), "no readable ticket is dropped"


def test_what_was_purged_does_not_come_back_from_the_backup(store: TinyStore, folder: Path) -> None:
    backup = (folder / "desk.json.bak").read_bytes()
    with store.transaction() as desk:
        desk.delete(4)
    (folder / "desk.json.bak").write_bytes(backup)  # as if its renewal had been cut off
    spoil(folder / "desk.json")
    store.recover()
    assert 4 not in numbers(store)
    assert 5 in numbers(store)


def test_a_ticket_in_the_archive_does_not_come_back_from_the_backup(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(desk.get(1).close(Act("bo", NOW - 90 * DAY)))
    store.archive(NOW)
    spoil(folder / "desk.json")
    store.recover()
    assert numbers(store) == list(range(2, 13))
    with store.reading() as desk:
        assert desk.get(1).closed


def test_a_ticket_that_came_back_from_the_archive_does(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(desk.get(101).receive(Act("system", NOW), message(101, 2)))
    with store.transaction() as desk:
        desk.remember("c", "d")
    spoil(folder / "desk.json", b'"101": {', b'"101": [')
    store.recover()
    with store.reading() as desk:
        assert (desk.get(101).status, len(desk.get(101).messages)) == ("open", 2)


def test_a_row_under_a_foreign_key_is_not_believed(store: TinyStore, folder: Path) -> None:
    (folder / "desk.json.bak").unlink()
    spoil(folder / "desk.json", b'"5": {"number":5', b'"9": {"number":5')
    store.recover()
    assert numbers(store) == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]


def test_a_damaged_month_keeps_its_readable_tickets(store: TinyStore, folder: Path) -> None:
    month = folder / "archive" / "2026-10.json"
    with store.transaction() as desk:
        desk.save(closed(106, NOW - 40 * DAY))
    store.archive(NOW)
    with store.transaction() as desk:
        desk.remember("ett", "byte")
    spoil(month, b'"101": {', b'"101": [')
    with pytest.raises(Damaged, match=r"archive/2026-10\.json"), store.reading() as desk:
        desk.find_message("okänt")
    finding, lost = store.recover()
    assert (lost.state, detail(lost)) == ("error", "1 could not be brought back: #101")
    assert finding.subject == "2026-10.json"
    assert "1 readable tickets" in detail(finding)
    with store.reading() as desk:
        assert [one.number for one in desk.find(archive=True)][-5:] == [102, 103, 104, 105, 106]
    assert store.recover() == []
    assert len(kept(folder)) == 1


@pytest.mark.parametrize("cut", [0, *range(20, 61, 4)])
def test_a_ticket_lost_with_its_month_comes_back_from_the_backup(store: TinyStore, folder: Path, cut: int) -> None:
    with store.transaction() as desk:
        desk.save(closed(106, NOW - 40 * DAY))
    store.archive(NOW)
    month = folder / "archive" / "2026-10.json"
    month.write_bytes(b"x" * 100)
    before = numbers(store)
    with pytest.raises(Killed), using(Disk(at=cut, fault=kill_before)) if cut else nullcontext():
        store.recover()
        raise Killed
    store.recover()
    with store.reading() as desk:
        assert desk.get(106).closed
    assert numbers(store) == [*before, 106]
    assert store.recover() == []


def test_a_month_of_a_newer_format_is_left_alone(store: TinyStore, folder: Path) -> None:
    spoil(folder / "archive" / "2026-10.json", b'"format": 1', b'"format": 3')
    before = (folder / "archive" / "2026-10.json").read_bytes()
    with pytest.raises(Damaged, match=r"archive/2026-10\.json has format 3"):
        store.recover()
    assert (folder / "archive" / "2026-10.json").read_bytes() == before


def test_damaged_files_of_the_same_second_are_all_kept(store: TinyStore, folder: Path) -> None:
    for _ in range(3):
        spoil(folder / "desk.json", b'"generation"', b'"Generation"')
        path = folder / "desk.json"
        path.write_bytes(path.read_bytes() + random.randbytes(3))
        os.utime(path, (1_800_000_000, 1_800_000_000))
        store.recover()
    assert len(kept(folder)) == 3
    assert kept(folder)[0] == "desk.json.damaged-20270115T080000Z"


# --- doctor ---


def subjects(store: TinyStore, state: str) -> list[str]:
    return [one.subject for one in store.check() if one.state == state]


def test_check_says_what_is_well(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        for one in [*desk.outbox()]:
            desk.queue(msgspec.structs.replace(one, raw=store.blobs.put(b"brev")))
        desk.drop_quarantined("q1")
    findings = store.check()
    assert {one.state for one in findings} == {"ok"}
    assert detail(findings[0]).startswith("12 tickets, ")
    assert detail(findings[-1]) == "1 in use, all there"


CHECKS: dict[str, tuple[Callable[[TinyStore], object], str, str]] = {
    "damaged desk": (lambda store: spoil(store.folder / "desk.json"), "desk.json", "error"),
    "damaged backup": (lambda store: spoil(store.folder / "desk.json.bak"), "desk.json.bak", "error"),
    "no backup": (lambda store: (store.folder / "desk.json.bak").unlink(), "desk.json.bak", "warning"),
    "damaged month": (lambda store: spoil(store.folder / "archive/2026-10.json"), "archive/2026-10.json", "error"),
    "missing blobs": (lambda store: None, "blobs", "error"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_check_says_what_is_not(store: TinyStore, name: str) -> None:
    spoilt, subject, state = CHECKS[name]
    spoilt(store)
    assert subject in subjects(store, state)
    assert all(step(one) for one in store.check() if one.state != "ok")


def test_check_says_what_others_may_read(store: TinyStore, folder: Path) -> None:
    (folder / "archive").chmod(0o750)
    (folder / "desk.json").chmod(0o644)
    assert subjects(store, "warning") == [str(folder / "archive"), str(folder / "desk.json")]


def test_check_says_what_is_deleted_but_still_in_the_archive(store: TinyStore, folder: Path) -> None:
    month = (folder / "archive" / "2026-10.json").read_bytes()
    with store.transaction() as desk:
        desk.delete(101)
    assert subjects(store, "warning") == []
    (folder / "archive" / "2026-10.json").write_bytes(month)  # as if it had been cut off there
    assert subjects(store, "warning") == ["archive"]
    store.archive(NOW - 900 * DAY)
    assert subjects(store, "warning") == []
    with store.reading() as desk:
        assert 101 not in [one.number for one in desk.find(archive=True)]


def test_a_desk_that_was_never_used_is_well(tmp_path: Path) -> None:
    store = TinyStore(tmp_path / "data")
    assert [one.state for one in store.check()] == ["ok"]
    assert store.recover() == []
    with store.transaction(keep=False) as desk:
        add(desk)
    assert {one.state for one in store.check()} == {"ok"}
