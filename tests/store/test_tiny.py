"""The store in files: the contract, and what only files can do."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.disk import Disk, using
from tests.growth import HANG
from tests.store.contract import StoreContract, snapshot
from tests.store.samples import ACT, DAY, NOW, add, closed, message, outbound, renamed, ticket
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Busy, Damaged, NoSuchTicket, StoreFailed
from ticketctl.ports.store import Store
from ticketctl.store import fs
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.store import TinyStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> TinyStore:
    return TinyStore(folder)


class TestTinyStore(StoreContract):
    @pytest.fixture
    def store(self, folder: Path) -> Store:
        return TinyStore(folder)


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder.parent)): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}


# --- the file ---


def test_the_file_is_json_with_one_document_a_line(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk, 12)
        desk.queue(outbound("o1"))
    text = (folder / "desk.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert document["ticketctl"]["format"] == 1
    assert document["generation"] == document["ticketctl"]["generation"] == 1
    assert document["tickets"]["12"]["requester"]["name"] == "Åsa Öberg"
    lines = [line.split(":")[0] for line in text.splitlines() if "Var är min" in line]
    assert lines == [f'"{number}"' for number in range(1, 13)]


def test_a_change_of_one_ticket_changes_one_line(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk, 12)
    before = (folder / "desk.json").read_text().splitlines()
    with store.transaction() as desk:
        desk.save(desk.get(5).assign(ACT, "bo"))
    after = (folder / "desk.json").read_text().splitlines()
    assert [line.split(":")[0] for line in after[1:-1] if line not in before] == ['"5"']
    assert len(after) == len(before)


def test_the_checksum_can_be_checked_without_ticketctl(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk)
    said = json.loads((folder / "desk.json").read_text())["ticketctl"]
    rest = subprocess.run(["tail", "-n", "+2", folder / "desk.json"], capture_output=True, check=True).stdout
    summed = subprocess.run(["sha256sum"], input=rest, capture_output=True, check=True).stdout.decode().split()[0]
    assert (said["length"], said["sha256"]) == (len(rest), summed)


def test_nothing_is_written_where_nothing_changed(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk)
        desk.remember("a", "b")
    before = (folder / "desk.json").stat()
    with store.transaction() as desk:
        desk.remember("a", "b")
    with store.transaction(keep=False) as desk:
        add(desk)
    assert store.archive(NOW) == 0
    assert (folder / "desk.json").stat() == before


def test_size_is_that_of_the_file(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        assert desk.size < 200, "a new desk is an empty file"
        add(desk)
    with store.reading() as desk:
        assert desk.size == (folder / "desk.json").stat().st_size


def test_the_generation_before_is_kept(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk)
    first = (folder / "desk.json").read_bytes()
    assert (folder / "desk.json.bak").read_bytes() == first
    with store.transaction() as desk:
        add(desk)
    assert (folder / "desk.json.bak").read_bytes() == first
    assert (folder / "desk.json").read_bytes() != first


def test_what_is_deleted_is_nowhere_any_more(store: TinyStore, folder: Path) -> None:
    secret = "Kanariefågel"
    with store.transaction() as desk:
        desk.save(ticket(1, subject=secret))
        desk.save(closed(2, NOW - 90 * DAY, subject=secret))
        desk.save(closed(3, NOW - 90 * DAY))
    store.archive(NOW)
    with store.transaction() as desk:
        desk.delete(1)
        desk.delete(2)
    left = [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert left == []


def test_a_reader_makes_no_files(store: TinyStore, folder: Path) -> None:
    with store.reading() as desk:
        assert list(desk.find(archive=True)) == []
    assert not folder.exists()


def test_modes_are_private_whatever_the_umask(folder: Path) -> None:
    for mask in (0o000, 0o777):
        before = os.umask(mask)
        try:
            store = TinyStore(folder / f"{mask:o}")
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
            with store.transaction() as desk:
                desk.save(closed(1, NOW - 90 * DAY))
            store.archive(NOW)
            store.blobs.put(b"brev")
        finally:
            os.umask(before)
    found = modes(folder)
    assert {mode for name, mode in found.items() if (folder.parent / name).is_dir()} == {0o700}
    assert {mode for name, mode in found.items() if (folder.parent / name).is_file()} == {0o600}


# --- several at once ---


def test_a_held_lock_is_waited_for_and_then_refused(folder: Path) -> None:
    store, other = TinyStore(folder), TinyStore(folder, lock_seconds=0.05)
    with store.transaction(), pytest.raises(Busy, match=r"desk\.lock for 0\.05 s; try again"), other.transaction():
        pytest.fail("two had the lock")
    with other.transaction() as desk:
        add(desk)


def test_threads_of_one_process_take_turns(store: TinyStore) -> None:
    def work() -> None:
        for _ in range(5):
            with store.transaction() as desk:
                add(desk)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == list(range(1, 21))


def test_a_reader_is_not_held_up_by_a_writer(folder: Path) -> None:
    with TinyStore(folder).transaction() as desk:
        add(desk)
        with TinyStore(folder, lock_seconds=0).reading() as reader:
            assert list(reader.find()) == []


def test_a_writer_whose_lock_was_taken_away_overwrites_nobody(store: TinyStore, folder: Path) -> None:
    with pytest.raises(StoreFailed, match="does not keep its lock; nothing was stored"), store.transaction() as desk:
        add(desk)
        (folder / "desk.lock").unlink()  # somebody thought that it was left over
        with TinyStore(folder).transaction() as other:
            add(other, 2)
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == [1, 2]


COMMITTING = """
import os, signal, sys
from pathlib import Path
from tests.store.samples import add
from ticketctl.store import fs
from ticketctl.store.tiny.store import TinyStore
real = fs.write_new
def write(path, data):
    os.kill(os.getpid(), int(sys.argv[2]))  # the signal comes in the middle of the commit
    real(path, data)
fs.write_new = write
try:
    with TinyStore(Path(sys.argv[1])).transaction() as desk:
        add(desk)
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(130)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)])
def test_a_signal_in_the_middle_of_a_commit_waits_until_it_is_done(
    store: TinyStore, folder: Path, number: signal.Signals, code: int
) -> None:
    with store.transaction():
        pass  # the desk has begun
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", COMMITTING, folder, str(int(number))]
    done = subprocess.run(command, cwd=root, check=False, timeout=HANG)
    assert done.returncode == code
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == [1]
    assert not list(folder.glob(".*.tmp"))


def test_ctrl_c_in_the_unit_itself_keeps_nothing(store: TinyStore) -> None:
    with pytest.raises(KeyboardInterrupt), store.transaction() as desk:
        add(desk)
        raise KeyboardInterrupt
    with store.transaction() as desk:
        assert list(desk.find()) == []


def test_what_dead_processes_left_is_taken_away(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    old = [folder / ".desk.json.1.tmp", folder / "archive" / ".2026-08.json.1.tmp", folder / "tmp" / "a.tmp"]
    young = folder / "tmp" / "b.tmp"
    young.parent.mkdir()
    for path in (*old, young):
        path.write_bytes(b"halva")
    long_ago = time.time() - 7200
    for path in old:
        os.utime(path, (long_ago, long_ago))
    with store.transaction() as desk:
        add(desk)
    assert [path.exists() for path in old] == [False] * 3
    assert young.exists(), "it may belong to a process that is still writing"


# --- what is refused ---


def test_a_network_file_system_is_refused_unless_allowed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketctl.store.tiny.store.network_kind", lambda folder: "nfs4")
    with pytest.raises(StoreFailed, match=r"network file system \(nfs4\).*TICKETCTL_ALLOW_NETWORK_FS"):
        TinyStore(folder).transaction().__enter__()
    with TinyStore(folder, allow_network_fs=True).transaction() as desk:
        add(desk)


def use_everything(store: TinyStore) -> None:
    with store.transaction() as desk:
        desk.save(closed(2, NOW - 90 * DAY))
    store.archive(NOW)
    store.blobs.put(b"brev")


@pytest.mark.parametrize("name", ["desk.json", "desk.lock", "archive", "blobs", "tmp"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_links_and_pipes_are_refused_and_their_targets_untouched(
    store: TinyStore, folder: Path, tmp_path: Path, name: str, kind: str
) -> None:
    with store.transaction() as desk:
        add(desk)
    target = tmp_path / "annans"
    target.write_bytes(b"inte din")
    path = folder / name
    path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(target)
    else:
        os.mkfifo(path)
    with pytest.raises(StoreFailed):
        use_everything(store)
    assert target.read_bytes() == b"inte din"


def test_a_link_in_the_place_of_the_backup_is_replaced(store: TinyStore, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "annans").write_bytes(b"inte din")
    folder.mkdir(mode=0o700)
    (folder / "desk.json.bak").symlink_to(tmp_path / "annans")
    with pytest.raises(StoreFailed, match="not a plain file"), store.transaction():
        pytest.fail("a link was taken for a backup")
    (folder / "desk.json.bak").unlink()
    for _ in range(2):
        with store.transaction() as desk:
            add(desk)
        (folder / "desk.json.bak").unlink()
        (folder / "desk.json.bak").symlink_to(tmp_path / "annans")
    assert (tmp_path / "annans").read_bytes() == b"inte din"


def test_the_folder_itself_may_not_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "annan").mkdir()
    folder.symlink_to(tmp_path / "annan")
    with pytest.raises(StoreFailed, match="not a folder"), TinyStore(folder).transaction():
        pytest.fail("it was used")
    assert list((tmp_path / "annan").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", [".", "desk.json", "desk.lock"])
def test_what_belongs_to_another_user_is_refused(store: TinyStore, folder: Path, name: str) -> None:
    with store.transaction() as desk:
        add(desk)
    os.chown(folder / name, 12345, -1)
    with pytest.raises(StoreFailed, match=r"another user \(uid 12345\)"), store.transaction():
        pytest.fail("it was used")


def test_a_newer_format_is_refused_and_left_alone(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        add(desk)
    newer = (folder / "desk.json").read_bytes().replace(b'"format": 1', b'"format": 2')
    (folder / "desk.json").write_bytes(newer)
    for use in (store.reading, store.transaction):
        with pytest.raises(Damaged, match="format 2; this version knows 1"), use():
            pytest.fail("it was used")
    with pytest.raises(Damaged, match="format 2"):
        store.recover()
    assert (folder / "desk.json").read_bytes() == newer
    assert store.check()[0].state == "error"


def test_a_document_of_another_shape_is_said(store: TinyStore) -> None:
    with store.transaction() as desk:
        add(desk)
        desk.tables["tickets"]["1"] = b'{"number": 1, "status": "hibernating"}'
    with store.reading() as desk, pytest.raises(Damaged, match="does not understand"):
        list(desk.find())


# --- the archive as files ---


def test_months_are_files_by_date_of_closing(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        for number, days in ((1, 90), (2, 91), (3, 31)):
            desk.save(closed(number, NOW - days * DAY))
    store.archive(NOW)
    names = sorted(path.name for path in (folder / "archive").glob("*.json"))
    assert names == ["2026-08.json", "2026-10.json"]
    assert list(json.loads((folder / "archive" / names[0]).read_text())["tickets"]) == ["1", "2"]


def test_a_copy_left_in_another_month_does_not_count(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    old = (folder / "archive" / "2026-08.json").read_bytes()
    with store.transaction() as desk:
        desk.save(renamed(desk.get(1), "nytt").reopen(ACT).close(Act("bo", NOW)))
    store.archive(NOW + DAY)
    rows = file_format.parse(old, "x").tables  # as if the move had been cut off
    (folder / "archive" / "2026-08.json").write_bytes(file_format.render(rows, 9))
    with store.reading() as desk:
        assert [one.subject for one in desk.find(archive=True)] == ["nytt"]
        assert desk.get(1).subject == "nytt"
    with store.transaction() as desk:
        desk.delete(1)
    with store.reading() as desk:
        assert list(desk.find(archive=True)) == []


def test_the_index_is_made_anew_where_it_is_missing_spoilt_or_old(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        for number in (1, 2, 3):
            desk.save(closed(number, NOW - 40 * number * DAY))
    store.archive(NOW)
    index = folder / "archive" / "index.bin"
    whole = index.read_bytes()
    other, old = (whole.replace(b'"format":2', b'"format":%d' % number) for number in (9, 1))
    for spoilt in (b"", b"\n", b"{}\n", b"\xff\n", whole[:-1], other, old, whole[: len(whole) // 2]):
        index.write_bytes(spoilt)
        with store.reading() as desk:
            assert [desk.get(number).number for number in (1, 2, 3)] == [1, 2, 3]
            assert [desk.find_content(f"content {number}.1") for number in (1, 2, 3)] == [1, 2, 3]
        assert json.loads(index.read_bytes().split(b"\n")[0])["format"] == 2
    index.unlink()
    with store.reading() as desk:
        assert desk.find_message("2.1@kund.example") == 2
    assert index.exists()
    index.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with store.transaction() as desk:
        desk.save(closed(4, NOW - 90 * DAY))
    store.archive(NOW)
    with store.reading() as desk:
        assert [desk.find_content(f"content {number}.1") for number in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_a_month_put_back_from_a_backup_is_seen(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        for number in (1, 2):
            desk.save(closed(number, NOW - 90 * DAY))
    store.archive(NOW)
    month = folder / "archive" / "2026-08.json"
    kept = month.read_bytes()
    month.unlink()
    with pytest.raises(Damaged, match=r"2026-08.json is missing; it held 2 tickets"), store.reading() as desk:
        list(desk.find(archive=True))
    month.write_bytes(kept)
    with store.reading() as desk:
        assert [one.number for one in desk.find(archive=True)] == [1, 2]


def test_an_archive_that_cannot_be_indexed_on_disk_is_still_read(
    store: TinyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    (folder / "archive" / "index.bin").unlink()

    def full(path: Path, data: bytes, **options: object) -> None:
        raise StoreFailed("no space left")

    monkeypatch.setattr(fs, "replace", full)
    with store.reading() as desk:
        assert desk.get(1).number == 1


def test_damage_to_one_archived_ticket_is_said_with_its_number(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
        desk.save(closed(2, NOW - 90 * DAY))
    store.archive(NOW)
    month = folder / "archive" / "2026-08.json"
    before = month.stat()
    data = month.read_bytes().replace("beställning 2?".encode(), "beställning 3?".encode())
    with month.open("r+b") as file:
        file.write(data)
    os.utime(month, ns=(before.st_atime_ns, before.st_mtime_ns))
    with store.reading() as desk:
        assert desk.get(1).number == 1
        with pytest.raises(Damaged, match=r"archive/2026-08\.json is damaged at #2"):
            desk.get(2)


def test_readers_see_a_steady_archive_while_it_is_being_replaced(store: TinyStore) -> None:
    with store.transaction() as desk:
        for number in range(1, 31):
            desk.save(closed(number, NOW - (30 + number * 5) * DAY))
    store.archive(NOW)
    with store.reading() as desk:
        tickets = desk.find(archive=True, texts=True)
        first = [next(tickets).number]
        with store.transaction() as writer:
            for number in range(1, 31):
                writer.delete(number)
        assert first + [one.number for one in tickets] == list(range(1, 31))
    assert snapshot(store) == []


def test_a_reader_that_is_outrun_looks_again(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        for number in (1, 2):
            desk.save(closed(number, NOW - 90 * DAY))
    store.archive(NOW)
    with store.reading() as desk:
        assert desk.find_content("content 1.1") == 1  # the index is read, the months are not
        with store.transaction() as writer:
            writer.delete(2)
        assert desk.get(1).number == 1
        with pytest.raises(NoSuchTicket):
            desk.get(2)


def test_an_archive_that_never_stands_still_is_given_up(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    month = folder / "archive" / "2026-08.json"

    def replaced(disk: Disk, name: str, real: Callable[[], int], arguments: tuple[object, ...]) -> int:
        if name == "open" and arguments[0] == month:
            os.utime(month)
        return disk.tracked(name, real(), arguments)

    with (
        using(Disk(1, replaced, lasting=True)),
        store.reading() as desk,
        pytest.raises(StoreFailed, match="changes faster than it can be read"),
    ):
        desk.get(1)


def test_a_month_that_goes_while_it_is_indexed(store: TinyStore, folder: Path) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    (folder / "archive" / "index.bin").unlink()
    month = folder / "archive" / "2026-08.json"

    def gone(disk: Disk, name: str, real: Callable[[], int], arguments: tuple[object, ...]) -> int:
        if name == "open" and arguments[0] == month:
            month.unlink(missing_ok=True)
        return disk.tracked(name, real(), arguments)

    with (
        using(Disk(1, gone, lasting=True)),
        store.reading() as desk,
        pytest.raises(StoreFailed, match="disappeared while it was read; try again"),
    ):
        desk.get(1)


def test_a_late_answer_in_one_commit_with_its_mark(store: TinyStore) -> None:
    with store.transaction() as desk:
        desk.save(closed(1, NOW - 90 * DAY))
    store.archive(NOW)
    with store.transaction() as desk:
        number = desk.find_message("1.1@kund.example")
        assert number == 1
        desk.save(desk.get(number).receive(Act("system", NOW), message(1, 2)))
        assert desk.find_content("content 1.2") == 1
        assert [one.status for one in desk.find()] == ["open"]
