"""The audit log: nothing in it can be changed without its showing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.findings import detail, step
from tests.growth import HANG
from tests.store.samples import NOW, add, closed
from ticketctl.errors import Busy, Damaged, StoreFailed
from ticketctl.ports.audit import BEGUN, KEY_CHANGED, NOT_STORED, REPAIRED, STORED, Entry, Head
from ticketctl.store import locks
from ticketctl.store.audit.checking import Mark, check
from ticketctl.store.audit.lines import highest_ticket, key_id
from ticketctl.store.audit.log import AuditLog
from ticketctl.store.tiny.store import TinyStore

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def log(folder: Path) -> AuditLog:
    """Of a desk that has begun: an audit log without its desk file would be damage."""
    with TinyStore(folder).transaction():
        pass
    return AuditLog(folder, KEY)


def fill(log: AuditLog, count: int = 20, why: str = "kunden ringde") -> None:
    for number in range(count):
        log.record(at=NOW, actor="alice", action="show", ticket=number, why=why)


def prune(log: AuditLog, before: datetime) -> int:
    return log.prune(lambda at: at < before, NOW, "system")


def commit(folder: Path) -> None:
    with TinyStore(folder).transaction() as desk:
        add(desk)


def test_records_come_back_in_order(log: AuditLog) -> None:
    assert list(log.records()) == []
    assert log.verify().state == "ok"
    first = log.record(at=NOW, actor="alice", action="show", ticket=17)
    second = log.record(at=NOW, actor="system", action="export", why="--all " + "x" * 2000)
    begun, *records = log.records()
    assert (begun.action, begun.number, begun.key) == (BEGUN, 1, key_id(KEY))
    assert records == [first, second]
    assert (first.number, second.number, second.ticket, len(second.why)) == (2, 3, 0, 1000)
    assert detail(log.verify()) == "3 records"


def test_another_key_does_not_verify(log: AuditLog, folder: Path) -> None:
    fill(log)
    assert AuditLog(folder, b"x" * 32).verify().state == "error"


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[4], lines[3], *lines[5:]]


FORGED = b'{"version":2,"number":3,"at":"2026-11-20T09:00:00Z","actor":"alice","action":"show"}'
CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a line taken out": lambda lines: lines[:7] + lines[8:],
    "the first line taken out": lambda lines: lines[1:],
    "two lines swapped": swap,
    "a line twice": lambda lines: [*lines[:5], lines[4], *lines[5:]],
    "a word changed": lambda lines: [*lines[:9], lines[9].replace(b"alice", b"bosse"), *lines[10:]],
    "a line put in": lambda lines: [*lines[:2], FORGED, *lines[2:]],
    "a line that is none": lambda lines: [*lines[:2], b"hej", *lines[2:]],
    "an empty line": lambda lines: [*lines[:2], b"", *lines[2:]],
    "an empty line at the end": lambda lines: [*lines, b""],
    "line ends of Windows": lambda lines: [line + b"\r" for line in lines],
    "a byte order mark": lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]],
    "a space": lambda lines: [*lines[:4], lines[4].replace(b",", b", ", 1), *lines[5:]],
    "a space at the end": lambda lines: [*lines[:4], lines[4] + b" ", *lines[5:]],
    "other words for the same": lambda lines: [*lines[:4], lines[4].replace(b"alice", b"\\u0061lice"), *lines[5:]],
    "another order": lambda lines: [*lines[:4], other_order(lines[4]), *lines[5:]],
    "a key twice": lambda lines: [*lines[:4], lines[4].replace(b"{", b'{"actor":"bo",', 1), *lines[5:]],
    "an unknown key": lambda lines: [*lines[:4], lines[4].replace(b"{", b'{"more":1,', 1), *lines[5:]],
    "behind the mac": lambda lines: [*lines[:4], lines[4].replace(b'"}', b'","ticket":9}'), *lines[5:]],
    "a mac in capitals": lambda lines: [*lines[:4], capitals(lines[4]), *lines[5:]],
}


def other_order(line: bytes) -> bytes:
    pairs = json.loads(line)
    return json.dumps(
        dict(sorted(pairs.items(), key=lambda pair: (pair[0] == "mac", pair))), separators=(",", ":")
    ).encode()


def capitals(line: bytes) -> bytes:
    return line[:-66] + line[-66:].upper()


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows(log: AuditLog, change: str) -> None:
    fill(log)
    lines = log.path.read_bytes().splitlines()
    changed = CHANGES[change](lines)
    assert changed != lines
    log.path.write_bytes(b"\n".join(changed) + b"\n")
    finding = log.verify()
    assert finding.state == "error"
    assert "audit.jsonl:" in detail(finding)
    assert "backup" in step(finding)


@pytest.mark.parametrize("every", [97, pytest.param(1, marks=pytest.mark.long)])
def test_every_flipped_byte_of_200_lines_shows(log: AuditLog, folder: Path, every: int) -> None:
    """One bit of each byte; that of the last line end leaves half a line, and the file of the head knows of a whole."""
    fill(log, 199)
    whole = log.path.read_bytes()
    assert whole.count(b"\n") == 200
    marks = [Mark("audit.head", log.head())]
    for at in range(0, len(whole), every):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        with pytest.raises(Damaged):
            check(around(bytes(changed), at), [KEY], [] if at < len(whole) - 1000 else marks)
    log.path.write_bytes(whole[:-1] + b"\x0b")
    assert log.verify().state == "error"


def around(data: bytes, at: int) -> bytes:
    """The log as far as the second line behind the byte: what comes later tells nothing more of it."""
    end = data.find(b"\n", data.find(b"\n", at + 1) + 1)
    return data[: end + 1] if end > 0 else data


@pytest.mark.parametrize("kept", [0, 1, 19])
def test_a_cut_tail_shows_against_the_desk_file_and_goes_on_showing(log: AuditLog, folder: Path, kept: int) -> None:
    fill(log)
    commit(folder)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:kept]))
    (folder / "audit.head").unlink()
    with pytest.raises(Damaged, match=f"ends at record {kept}, but the desk remembers record 21|head is missing"):
        log.check()
    fill(log, 30, why="som om inget hänt")
    commit(folder)
    commit(folder)
    assert log.verify().state == "error"


def test_every_cut_tail_of_readings_shows_and_goes_on_showing(log: AuditLog, folder: Path) -> None:
    commit(folder)
    fill(log, 199)  # no change afterwards: the desk file knows of none of these
    lines, head = log.path.read_bytes().splitlines(keepends=True), (folder / "audit.head").read_bytes()
    for cut in range(1, 201):
        log.path.write_bytes(b"".join(lines[:-cut]))
        assert f"audit.head remembers record {len(lines)}" in detail(log.verify())
    log.path.write_bytes(b"".join(lines[:-5]))
    fill(log, 30)
    assert "another one than audit.head remembers" in detail(log.verify())
    assert (folder / "audit.head").read_bytes() == head
    log.path.unlink()
    assert log.verify().state == "error"


def test_the_file_of_the_head_can_be_neither_changed_nor_removed(log: AuditLog, folder: Path) -> None:
    fill(log, 5)
    path = folder / "audit.head"
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert log.verify().state == "error", f"byte {at}"
    for trouble in (whole[:-1], whole + b"x", b""):
        path.write_bytes(trouble)
        fill(log, 1)
        assert log.verify().state == "error"
    path.unlink()
    fill(log, 1)
    assert "audit.head is missing" in detail(log.verify())
    assert not path.exists()


def test_a_file_of_the_head_that_lags_behind_is_none_that_was_cut(log: AuditLog, folder: Path) -> None:
    """As after a power failure: it is not synced with each record."""
    fill(log, 5)
    old = (folder / "audit.head").read_bytes()
    fill(log, 5)
    (folder / "audit.head").write_bytes(old)
    assert log.verify().state == "ok"
    fill(log, 1)
    assert (folder / "audit.head").read_bytes() != old
    assert detail(log.verify()) == "12 records"


def test_an_older_copy_of_everything_shows_against_a_mailed_head(log: AuditLog, folder: Path, tmp_path: Path) -> None:
    fill(log, 20)
    commit(folder)
    shutil.copytree(folder, tmp_path / "older")
    fill(log, 20)
    commit(folder)
    number, mac = log.head().number, log.head().mac
    assert log.check([Head(number, mac[:16])]).head == log.head()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "older", folder)
    assert log.verify().state == "ok"
    for cut in range(number, 22, -1):
        with pytest.raises(Damaged, match="but the anchor remembers"):
            log.check([Head(cut, mac[:16])])
    with pytest.raises(Damaged, match="another one than the anchor"):
        log.check([Head(5, mac[:16])])


def test_a_log_longer_than_its_tail_is_followed(log: AuditLog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketctl.store.audit.lines.TAIL", 2000)
    monkeypatch.setattr("ticketctl.store.audit.log.TAIL", 2000)
    for _ in range(3):
        fill(log)
        commit(folder)
    assert detail(log.verify()) == "61 records"
    log.path.write_bytes(b"")
    assert "remembers record 61" in detail(log.verify())


def test_half_a_line_of_a_writer_that_died_is_kept_and_recorded(log: AuditLog, folder: Path) -> None:
    fill(log, 3)
    half = b'{"version":2,"number":5,"at":"20'
    with log.path.open("ab") as file:
        file.write(half)
    assert "half a line" in detail(log.verify())
    assert log.verify().state == "warning"
    fill(log, 1)
    assert detail(log.verify()) == "6 records"
    repaired = list(log.records())[4]
    assert repaired.action == REPAIRED
    assert hashlib.sha256(half).hexdigest() in repaired.why
    [kept] = folder.glob("audit.jsonl.damaged-*")
    assert kept.read_bytes() == half
    assert kept.name in repaired.why


def test_a_broken_last_line_is_not_continued(log: AuditLog) -> None:
    fill(log, 1)
    with log.path.open("ab") as file:
        file.write(b"hej\n")
    with pytest.raises(Damaged, match="last line of audit"):
        fill(log, 1)


def test_a_change_says_before_and_after(folder: Path, log: AuditLog) -> None:
    store = TinyStore(folder, audit=lambda: log)
    with store.transaction() as desk:
        desk.save(closed(desk.new_number(), NOW))
    intent, outcome = list(log.records())[-2:]
    assert intent.generation == outcome.generation > 0
    assert outcome.action == STORED
    assert log.check().unfinished == 0
    with pytest.raises(StoreFailed), store.transaction() as desk:
        desk.save(closed(desk.new_number(), NOW))
        (folder / "desk.json").write_bytes(b"")  # by something that does not keep the lock
    assert list(log.records())[-1].action == NOT_STORED


def test_a_log_of_the_first_version_verifies_and_goes_on(folder: Path, log: AuditLog) -> None:
    """Its lines say no version; they were signed by the same bytes, with the desk's own key."""
    shutil.copy(Path(__file__).parent / "data" / "audit-1.jsonl", log.path)
    assert detail(log.verify()) == "3 records"
    fill(log, 2)
    assert detail(log.verify()) == "5 records"
    assert [one.version for one in log.records()] == [1, 1, 1, 2, 2]
    moved = AuditLog(folder, b"n" * 32, own=KEY, head=folder.parent / "elsewhere.head")
    fill(moved, 2)
    assert [one.action for one in moved.records()][-3:] == [KEY_CHANGED, "show", "show"]
    assert detail(moved.verify()) == "8 records"


def test_a_newer_record_is_said(log: AuditLog) -> None:
    fill(log, 1)
    line = log.path.read_bytes().splitlines()[-1].replace(b'"version":2', b'"version":3,"new":1')
    log.path.write_bytes(log.path.read_bytes() + line + b"\n")
    assert "newer version" in detail(log.verify())


def test_another_key_goes_on_where_the_first_one_ends(folder: Path, log: AuditLog) -> None:
    fill(log, 3)
    moved = AuditLog(folder, b"n" * 32, own=KEY, head=folder.parent / "elsewhere.head")
    assert moved.verify().state == "ok"
    fill(moved, 3)
    assert detail(moved.verify()) == "8 records"
    assert len(moved.pseudonyms("åsa@kund.example")) == 2
    assert moved.pseudonyms("åsa@kund.example") > log.pseudonyms("åsa@kund.example")
    # Who has only the desk's own key can write no log that passes.
    shutil.copy(log.path, folder / "kept")
    log.path.write_bytes(b"".join(log.path.read_bytes().splitlines(keepends=True)[:4]))
    AuditLog(folder, KEY).record(at=NOW, actor="alice", action="show", ticket=99)
    assert moved.verify().state == "error"
    shutil.copy(folder / "kept", log.path)
    assert moved.verify().state == "ok"
    assert log.verify().state == "error"  # the new key is not here


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_was_wrong_makes_nothing_wrong(log: AuditLog, years: int) -> None:
    months = [NOW - timedelta(days=30 * back) for back in range(36, 0, -1)]
    for at in months[:20]:
        log.record(at=at, actor="alice", action="show")
    for at in months[20:22]:
        log.record(at=at + timedelta(days=3652 * years / 10), actor="alice", action="show")
    for at in months[22:]:
        log.record(at=at, actor="alice", action="show")
    assert log.verify().state == "ok"
    assert prune(log, NOW - timedelta(days=730)) == 1 + 12  # the first record too
    assert log.verify().state == "ok"
    assert prune(log, NOW - timedelta(days=365)) == pytest.approx(12, abs=2)


def test_old_records_are_deleted_and_the_rest_verifies(log: AuditLog, folder: Path) -> None:
    for back in range(36, 0, -1):
        log.record(at=NOW - timedelta(days=30 * back), actor="alice", action="show", ticket=back)
    anchors = [Head(one.number, one.mac[:16]) for one in log.records()]
    assert prune(log, NOW - timedelta(days=730)) == 13
    assert next(log.records()).number == 14
    found = log.check(anchors)
    assert (found.first, found.records) == (14, 25)
    fill(log, 3)
    commit(folder)
    assert prune(log, NOW - timedelta(days=365)) == 12
    assert (log.check(anchors).first, prune(log, NOW + timedelta(days=1))) == (26, 16)
    assert log.verify().state == "ok"
    assert highest_ticket(folder) == 36
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[1:]))
    assert log.verify().state == "error"
    log.path.write_bytes(lines[0].replace(b'"number":', b'"number":1') + b"".join(lines[1:]))
    assert log.verify().state == "error"


def test_a_deletion_that_was_cut_off_is_done_by_the_next(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    for back in range(36, 0, -1):
        log.record(at=NOW - timedelta(days=30 * back), actor="alice", action="show")
    with monkeypatch.context() as broken:
        broken.setattr("ticketctl.store.fs.rename", lambda *_: (_ for _ in ()).throw(StoreFailed("full")))
        with pytest.raises(StoreFailed):
            prune(log, NOW - timedelta(days=730))
    assert detail(log.verify()) == "38 records"
    assert prune(log, NOW - timedelta(days=730)) == 13
    assert log.verify().state == "ok"


def test_what_was_shown_is_kept_in_few_words(log: AuditLog) -> None:
    log.note(Entry(at=NOW, actor="bo", action="list", shown=[3, 1, 2, 9, 9]))
    assert [one.shown for one in log.records()] == ["", "1-3 9"]
    log.note(Entry(at=NOW, actor="bo", action="list", shown=range(0, 100_000, 2)))
    assert all(len(one.shown) <= 4000 for one in log.records())
    assert " ".join(one.shown for one in list(log.records())[2:]).split() == [str(n) for n in range(0, 100_000, 2)]


@pytest.mark.parametrize("processes", [4, pytest.param(20, marks=pytest.mark.long)])
def test_many_processes_write_one_chain(folder: Path, processes: int) -> None:
    """50 records each; none is lost, and no two follow the same one."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.store.test_audit import *\n"
        "log = AuditLog(Path(sys.argv[1]), KEY)\n"
        "for n in range(50): log.record(at=NOW, actor=sys.argv[2], action='show', ticket=n)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), f"agent{number}"], env=env)
        for number in range(processes)
    ]
    assert [one.wait(HANG) for one in running] == [0] * processes
    log = AuditLog(folder, KEY)
    assert detail(log.verify()) == f"{processes * 50 + 1} records"
    assert Counter(one.actor for one in log.records() if one.ticket == 49).total() == processes


def test_a_damaged_desk_is_said(log: AuditLog, folder: Path) -> None:
    fill(log, 2)
    commit(folder)
    (folder / "desk.json").write_bytes(b"trasig")
    assert "desk.json" in detail(log.verify())


def test_two_writers_take_turns(log: AuditLog, folder: Path) -> None:
    fill(log, 1)
    with locks.appending(log.path, 0), pytest.raises(Busy):
        AuditLog(folder, KEY, lock_seconds=0.01).record(at=NOW, actor="bo", action="show")


def test_a_pseudonym_is_steady_and_tells_nothing(log: AuditLog, folder: Path) -> None:
    name = log.pseudonym("åsa@kund.example")
    assert name == log.pseudonym("åsa@kund.example")
    assert name != log.pseudonym("bo@kund.example") != AuditLog(folder, b"x" * 32).pseudonym("bo@kund.example")
    assert len(name) == 16
