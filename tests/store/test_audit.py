"""The audit log: nothing in it can be changed without its showing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.findings import detail, step
from tests.store.samples import NOW, add
from ticketctl.errors import Busy, Damaged
from ticketctl.store import locks
from ticketctl.store.audit import AuditLog
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


def commit(folder: Path) -> None:
    with TinyStore(folder).transaction() as desk:
        add(desk)


def test_records_come_back_in_order(log: AuditLog) -> None:
    assert list(log.records()) == []
    assert log.verify().state == "ok"
    first = log.record(at=NOW, actor="alice", action="show", ticket=17)
    second = log.record(at=NOW, actor="system", action="export", why="--all " + "x" * 2000)
    assert list(log.records()) == [first, second]
    assert (first.number, second.number, second.ticket, len(second.why)) == (1, 2, 0, 1000)
    assert detail(log.verify()) == "2 records"


def test_another_key_does_not_verify(log: AuditLog, folder: Path) -> None:
    fill(log)
    assert AuditLog(folder, b"x" * 32).verify().state == "error"


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[4], lines[3], *lines[5:]]


FORGED = b'{"number":3,"at":"2026-11-20T09:00:00Z","actor":"alice","action":"show"}'
CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a line taken out": lambda lines: lines[:7] + lines[8:],
    "the first line taken out": lambda lines: lines[1:],
    "two lines swapped": swap,
    "a line twice": lambda lines: [*lines[:5], lines[4], *lines[5:]],
    "a word changed": lambda lines: [*lines[:9], lines[9].replace(b"alice", b"bosse"), *lines[10:]],
    "a line put in": lambda lines: [*lines[:2], FORGED, *lines[2:]],
    "a line that is none": lambda lines: [*lines[:2], b"hej", *lines[2:]],
    "an empty line": lambda lines: [*lines[:2], b"", *lines[2:]],
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows(log: AuditLog, change: str) -> None:
    fill(log)
    lines = log.path.read_bytes().splitlines()
    log.path.write_bytes(b"\n".join(CHANGES[change](lines)) + b"\n")
    finding = log.verify()
    assert finding.state == "error"
    assert "audit.jsonl:" in detail(finding)
    assert "backup" in step(finding)


def test_every_flipped_byte_shows(log: AuditLog, folder: Path) -> None:
    fill(log, 10)
    commit(folder)
    whole = log.path.read_bytes()
    for at in range(0, len(whole), 7):
        log.path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert log.verify().state == "error", f"byte {at}"


@pytest.mark.parametrize("kept", [0, 1, 19])
def test_a_cut_tail_shows_against_the_desk_file_and_goes_on_showing(log: AuditLog, folder: Path, kept: int) -> None:
    fill(log)
    commit(folder)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:kept]))
    assert f"ends at record {kept}, but the desk remembers record 20" in detail(log.verify())
    fill(log, 30, why="som om inget hänt")
    commit(folder)
    commit(folder)
    assert log.verify().state == "error"


def test_a_log_longer_than_its_tail_is_followed(log: AuditLog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketctl.store.audit._TAIL", 2000)
    for _ in range(3):
        fill(log)
        commit(folder)
    assert detail(log.verify()) == "60 records"
    log.path.write_bytes(b"")
    assert "remembers record 60" in detail(log.verify())


def test_half_a_line_of_a_writer_that_died_goes(log: AuditLog) -> None:
    fill(log, 3)
    with log.path.open("ab") as file:
        file.write(b'{"number":4,"at":"20')
    assert detail(log.verify()) == "3 records"
    fill(log, 1)
    assert detail(log.verify()) == "4 records"


def test_a_broken_last_line_is_not_continued(log: AuditLog) -> None:
    fill(log, 1)
    with log.path.open("ab") as file:
        file.write(b"hej\n")
    with pytest.raises(Damaged, match="last line of audit"):
        fill(log, 1)


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
