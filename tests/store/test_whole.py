"""A month that is gone, a desk file that is older than what lies beside it, a stored file that is not what it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.findings import detail
from tests.store.samples import ACT, DAY, NOW, add, closed, message, outbound, ticket
from ticketctl.domain.ticket.message import Attachment
from ticketctl.errors import Damaged, NoSuchTicket
from ticketctl.store.audit.log import AuditLog
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.store import TinyStore

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> TinyStore:
    """Tickets 1 to 3 on the desk, 11 and 12 archived in 2026-08 and 2026-10, all in the audit log."""
    store = TinyStore(folder, audit=lambda: AuditLog(folder, KEY))
    with store.transaction() as desk:
        for number in (1, 2, 3):
            desk.save(ticket(number).assign(ACT, "bo"))
        desk.save(closed(11, NOW - 90 * DAY))
        desk.save(closed(12, NOW - 40 * DAY))
    store.archive(NOW - 30 * DAY)
    with store.transaction() as desk:
        desk.remember("ett", "byte")  # and the backup has them no longer
    return store


def states(store: TinyStore, state: str) -> dict[str, str]:
    return {one.subject: detail(one) for one in store.check() if one.state == state}


def numbers(store: TinyStore) -> list[int]:
    with store.reading() as desk:
        return [one.number for one in desk.find(archive=True)]


# --- months ---


def test_a_missing_month_is_told_wherever_the_archive_is_asked(store: TinyStore, folder: Path) -> None:
    (folder / "archive" / "2026-08.json").unlink()
    told = r"archive/2026-08\.json is missing; it held 1 ticket; put it back from a backup"
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == [1, 2, 3]  # what is on the desk can be worked on
        assert desk.get(12).number == 12
        with pytest.raises(Damaged, match=told):
            list(desk.find(archive=True))
        with pytest.raises(Damaged, match=told):
            desk.get(11)
    with pytest.raises(Damaged, match=told):
        store.archive(NOW)
    assert states(store, "error")["archive/2026-08.json"] == "is missing; it held 1 ticket"
    with store.transaction() as desk:
        add(desk)


@pytest.mark.parametrize("name", ["2026-08.json", "2026-10.json"])
def test_a_missing_month_is_damage_also_without_the_index(store: TinyStore, folder: Path, name: str) -> None:
    for gone in (name, "index.bin"):
        (folder / "archive" / gone).unlink()
    assert f"archive/{name}" in states(store, "error")


def test_a_whole_archive_that_is_gone_is_damage(store: TinyStore, folder: Path) -> None:
    shutil.rmtree(folder / "archive")
    assert len(states(store, "error").keys() & {"archive/2026-08.json", "archive/2026-10.json"}) == 2
    with pytest.raises(Damaged, match="is missing"):
        numbers(store)


def test_an_older_copy_of_a_month_is_damage(store: TinyStore, folder: Path) -> None:
    path = folder / "archive" / "2026-10.json"
    before = path.read_bytes()
    with store.transaction() as desk:
        desk.save(closed(13, NOW - 40 * DAY))
    store.archive(NOW - 30 * DAY)
    path.write_bytes(before)
    assert "is an older copy (generation 1, and the desk remembers 2)" in states(store, "error")["archive/2026-10.json"]
    with pytest.raises(Damaged, match="older copy"):
        numbers(store)


def test_another_file_of_the_same_generation_is_damage(store: TinyStore, folder: Path) -> None:
    (folder / "archive" / "2026-10.json").write_bytes(file_format.render({}, 1))
    assert "is not the file that the desk remembers" in states(store, "error")["archive/2026-10.json"]


def test_a_month_that_was_written_before_a_commit_that_failed_is_not(store: TinyStore, folder: Path) -> None:
    """What an archiving that was cut off leaves: the month is ahead of the desk file."""
    path = folder / "archive" / "2026-10.json"
    tables = file_format.parse(path.read_bytes(), "x").tables
    path.write_bytes(file_format.render(tables, 7))
    (folder / "archive" / "2026-09.json").write_bytes(file_format.render({}, 1))
    assert states(store, "error") == {}
    assert numbers(store) == [1, 2, 3, 11, 12]


def test_recovery_goes_on_without_a_lost_month_and_names_its_tickets(store: TinyStore, folder: Path) -> None:
    (folder / "archive" / "2026-08.json").unlink()
    month, lost = store.recover()
    assert (month.subject, detail(month)) == (
        "archive/2026-08.json",
        "is missing; it held 1 ticket; the desk goes on without it",
    )
    assert (lost.state, detail(lost)) == ("error", "1 could not be brought back: #11")
    assert numbers(store) == [1, 2, 3, 12]
    assert states(store, "error") == {}
    assert store.set_aside() == ["2026-08.json.damaged-lost"]  # as long as it lies there no mail is deleted
    assert store.recover() == []
    store.archive(NOW)
    with store.transaction() as desk:
        assert desk.new_number() == 13


def test_what_the_backup_still_has_of_a_lost_month_comes_back(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(13, NOW - 120 * DAY))
    store.archive(NOW - 30 * DAY)
    (folder / "archive" / "2026-07.json").unlink()
    store.recover()
    assert numbers(store) == [1, 2, 3, 11, 12, 13]


def test_a_lost_month_that_is_found_again_counts(store: TinyStore, folder: Path) -> None:
    path = folder / "archive" / "2026-08.json"
    kept = path.read_bytes()
    path.unlink()
    store.recover()
    path.write_bytes(kept)
    assert numbers(store) == [1, 2, 3, 11, 12]
    store.archive(NOW)
    path.unlink()
    assert "archive/2026-08.json" in states(store, "error")


def test_every_number_that_is_known_and_gone_is_told(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.delete(2)
        AuditLog(folder, KEY).record(at=NOW, actor="system", action="deleted", ticket=2)
    with store.transaction() as desk:
        desk.remember("a", "b")
    for name in ("desk.json", "desk.json.bak", "archive/2026-10.json"):
        path = folder / name
        path.write_bytes(path.read_bytes()[:100])
    findings = store.recover()
    assert detail(findings[-1]) == "3 could not be brought back: #1, #3, #12"  # #2 was deleted on purpose


# --- an older desk file ---


def commits(store: TinyStore, count: int) -> None:
    for _ in range(count):
        with store.transaction() as desk:
            add(desk)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("also", [(), ("desk.json.bak",), ("desk.json.bak", "desk.lock")])
def test_an_older_desk_file_is_damage(store: TinyStore, folder: Path, count: int, also: tuple[str, ...]) -> None:
    if count == 1 and "desk.lock" in also:
        count = 2  # one change in the audit log may be one that was tried
    with store.transaction() as desk:
        desk.queue(outbound("o1"))
    old = {name: (folder / name).read_bytes() for name in ("desk.json", *also)}
    for _ in range(count):
        with store.transaction() as desk:
            desk.drop_outbound("o1")
            desk.save(ticket(desk.new_number()).assign(ACT, "bo"))
    for name, data in old.items():
        (folder / name).write_bytes(data)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for use in (store.reading, store.transaction):
        with pytest.raises(Damaged, match=r"an older state than .* knows "), use():
            pytest.fail("it was used")
    assert "older state" in states(store, "error")["desk.json"]
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    store.recover()
    assert "desk.json" not in states(store, "error")
    with store.reading() as desk:
        assert all(item.state == "uncertain" for item in desk.outbox())  # it may have left
    assert store.recover() == []
    commits(store, 2)


def test_what_a_newer_backup_has_comes_back(store: TinyStore, folder: Path) -> None:
    old = (folder / "desk.json").read_bytes()
    commits(store, 5)
    (folder / "desk.json").write_bytes(old)
    findings = store.recover()
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == [1, 2, 3, 13, 14, 15, 16]  # 17 was in the desk file alone
    assert "repaired, with 7 readable tickets" in detail(findings[0])
    assert [path.read_bytes() for path in folder.glob("desk.json.damaged-*")] == [old]


def test_a_change_that_was_tried_and_not_stored_is_no_newer_state(store: TinyStore, folder: Path) -> None:
    """The audit log is written before the commit, and what reads tickets is noted in it too."""
    audit = AuditLog(folder, KEY)
    generation = file_format.parse((folder / "desk.json").read_bytes(), "x").generation
    for _ in range(3):
        audit.record_events([(1, ticket(1).assign(ACT, "bo").events[-1])], generation + 1)
        audit.record(at=NOW, actor="bo", action="show", ticket=1)
    assert numbers(store) == [1, 2, 3, 11, 12]
    commits(store, 1)


def test_a_torn_note_in_the_lock_file_says_nothing(store: TinyStore, folder: Path) -> None:
    lock = folder / "desk.lock"
    lock.write_bytes(lock.read_bytes().replace(b"generation 0", b"generation 9"))
    assert numbers(store) == [1, 2, 3, 11, 12]


def test_a_damaged_backup_that_claims_to_be_newer_says_nothing(store: TinyStore, folder: Path) -> None:
    path = folder / "desk.json.bak"
    path.write_bytes(path.read_bytes().replace(b'"generation": ', b'"generation": 9', 1))
    assert numbers(store) == [1, 2, 3, 11, 12]
    assert set(states(store, "error")) == {"desk.json.bak"}
    store.recover()
    assert states(store, "error") == {}
    assert list(folder.glob("desk.json.bak.damaged-*"))


def test_a_whole_folder_that_is_put_back_is_no_damage(store: TinyStore, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "backup")
    commits(store, 3)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    assert numbers(store) == [1, 2, 3, 11, 12]


# --- foreign files ---


@pytest.mark.parametrize(
    "name",
    [
        "desk (Annas dator i konflikt 2026-11-30).json",
        "desk.sync-conflict-20261130-101010-ABCDEFG.json",
        "archive/2026-10 (1).json",
        "blobs/notes.txt",
        "blobs/ab/fil.tmp~",
        ".syncthing.desk.json.tmp",
    ],
)
def test_what_a_sync_tool_left_is_listed(store: TinyStore, folder: Path, name: str) -> None:
    assert "foreign files" not in states(store, "warning")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"x")
    assert name in states(store, "warning")["foreign files"]


# --- stored files ---


@pytest.fixture
def mail(store: TinyStore) -> tuple[str, str]:
    """The names of the original mail and of the attachment of ticket 20."""
    raw, data = store.blobs.put(b"From: eva@kund.example\n\nHej\n"), store.blobs.put(b"%PDF en faktura")
    file = Attachment(name="f.pdf", type="application/pdf", size=15, sha256=data)
    with store.transaction() as desk:
        one = msgspec.structs.replace(message(20), raw=raw, attachments=(file,))
        desk.save(msgspec.structs.replace(ticket(20), messages=(one,)))
    return raw, data


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("instead", [b"", b"kort", b"laengre an det som stod dar fran borjan, mycket laengre"])
def test_a_stored_file_of_another_size_is_damage(
    store: TinyStore, folder: Path, mail: tuple[str, str], which: int, instead: bytes
) -> None:
    assert states(store, "error") == {}
    name = mail[which]
    (folder / "blobs" / name[:2] / name).write_bytes(instead)
    assert f"1 are damaged, such as {name}" in states(store, "error")["blobs"]
    assert f"such as {name}" in detail(store.check_files(31))


def test_a_stored_file_of_the_same_size_is_found_deep_and_by_night(
    store: TinyStore, folder: Path, mail: tuple[str, str]
) -> None:
    assert states(store, "error") == {}
    path = folder / "blobs" / mail[0][:2] / mail[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-2] + b"?\n")
    assert states(store, "error") == {}  # its size is right, and its hash was
    assert any(one.subject == "blobs" and one.state == "error" for one in store.check(deep=True))
    assert "damaged" in states(store, "error")["blobs"]  # and is remembered
    path.write_bytes(whole)
    assert states(store, "error") == {}
    path.write_bytes(whole[:-2] + b"?\n")
    found = [store.check_files(part).state for part in range(32)]
    assert found.count("error") >= 1


def test_what_remembers_sizes_can_be_deleted(store: TinyStore, folder: Path, mail: tuple[str, str]) -> None:
    assert states(store, "error") == {}
    (folder / "blobs" / "verified").write_bytes(b"\xff skrap\n\n1 2 3\n")
    assert states(store, "error") == {}
    (folder / "blobs" / "verified").unlink()
    assert states(store, "error") == {}
    with pytest.raises(NoSuchTicket):
        store.blobs.get("verified")
