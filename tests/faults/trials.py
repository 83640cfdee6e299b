"""The store under faults. Each trial is told how often, returns how often it was done, and fails on an assertion.

What must hold: after any fault the state is the old or the new one, and the new one if success had been reported; the
next use works; nothing is left lying about.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.disk import FAULTS, Disk, Killed, using
from tests.store.contract import snapshot
from tests.store.samples import ACT, DAY, NOW, add, closed, message, outbound, ticket
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Damaged, StoreFailed
from ticketctl.ports.store import Cursor
from ticketctl.store import fs
from ticketctl.store.audit.log import AuditLog
from ticketctl.store.key import load_or_create_key
from ticketctl.store.tiny.store import TinyStore

ROOT = Path(__file__).parents[2]
Operation = Callable[[TinyStore], object]


# --- (b) a fault at every file operation ---


def prepare(store: TinyStore) -> None:
    """A desk with a history: two generations, an archive of two months, a ticket that came back from it."""
    with store.transaction() as desk:
        add(desk, 3, messages=2)
        desk.save(closed(4, NOW - 90 * DAY))
        desk.save(closed(5, NOW - 50 * DAY))
        desk.save(closed(6, NOW - 50 * DAY))
    store.archive(NOW - 40 * DAY)
    with store.transaction() as desk:
        desk.save(desk.get(5).reopen(ACT).close(Act("bo", NOW - 10 * DAY)))
        desk.queue(outbound("o1"))


def first(store: TinyStore) -> None:
    with store.transaction() as desk:
        add(desk, 2)


def commit(store: TinyStore) -> None:
    with store.transaction() as desk:
        desk.save(desk.get(1).assign(ACT, "bo"))
        desk.save(desk.get(6).receive(Act("system", NOW), message(6, 2)))
        add(desk)
        desk.queue(outbound("o2"))
        desk.set_cursor("support/INBOX", Cursor(1, 17))


def delete(store: TinyStore) -> None:
    with store.transaction() as desk:
        desk.delete(2)
        desk.delete(4)


def write_audit(store: TinyStore) -> None:
    AuditLog(store.folder, b"k" * 32).record(at=NOW, actor="alice", action="show", ticket=1)


OPERATIONS: dict[str, Operation] = {
    "first commit": first,
    "commit": commit,
    "delete": delete,
    "archive": lambda store: store.archive(NOW),
    "blob": lambda store: store.blobs.put("Ett brev från Åsa".encode()),
    "audit": write_audit,
    "key": lambda store: load_or_create_key(store.folder),
    "recover": lambda store: store.recover(),
}
ASIDE = tuple(OPERATIONS[name] for name in ("blob", "audit", "key"))  # what no ticket hangs on before its commit


def state(store: TinyStore) -> list[object]:
    """All that a user can find out."""
    log = AuditLog(store.folder, b"k" * 32)
    with suppress(Damaged):
        return [*snapshot(store), *store.blobs.all(), *log.records()]
    return ["damaged"]


def every_operation(name: str, folder: Path, *, lasting: bool = False) -> int:
    """One fault at each file operation of OPERATIONS[name], for each kind of fault; `lasting`: at all after it too."""
    operation = OPERATIONS[name]
    template = folder / "template"
    template.mkdir(parents=True)
    if name != "first commit":
        prepare(TinyStore(template / "data"))
    if name == "recover":
        _flip(template / "data" / "desk.json", 2000)
        _flip(template / "data" / "archive" / "2026-08.json", 300)
    counted, old = _copy(template, folder / "counted"), state(TinyStore(template / "data"))
    with using(Disk()) as counting:
        operation(counted)
    assert not counting.unsynced, f"reported as done before it was durable: {counting.unsynced}"
    new = state(counted)
    assert "damaged" not in new
    trials = 0
    for fault in FAULTS.values():
        for at in range(1, len(counting.calls) + 1):
            _one(operation, _copy(template, folder / "trial"), Disk(at, fault, lasting=lasting), (old, new))
            trials += 1
    return trials


def _one(operation: Operation, store: TinyStore, disk: Disk, states: tuple[list[object], list[object]]) -> None:
    where = f"call {disk.at}"
    said = ""
    with using(disk):
        try:
            operation(store)
            done = True
        except (Killed, StoreFailed, Damaged) as error:
            done, said = False, str(error)
    again = TinyStore(store.folder, lock_seconds=0)
    found = state(again)
    assert found in states, f"{where} ({disk.calls[-1]}): neither the old nor the new state"
    if fs.STANDS in said and operation not in ASIDE:
        assert found == states[0], f"{where} ({disk.calls[-1]}): it says {said!r}, and the new state is there"
    if done:
        assert found == states[1], f"{where} ({disk.calls[-1]}): reported as done, but it is not"
    again.recover()
    assert "error" not in {finding.state for finding in again.check() if finding.subject != "blobs"}
    with again.transaction() as desk:
        number = desk.new_number()
        desk.save(ticket(number))
    assert not [*store.folder.glob(".*.tmp"), *store.folder.glob("archive/.*.tmp")], "temporary files were left behind"


def _copy(template: Path, folder: Path) -> TinyStore:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return TinyStore(folder / "data")


def _flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= 4
    path.write_bytes(data)


# --- (a) several writers at once ---


def writers(folder: Path, *, processes: int = 4, commits: int) -> tuple[int, float]:
    """How many commits were made, and how long the longest took in seconds: none lost, none torn, each number once."""
    running = [_worker(folder, f"w{which}", commits) for which in range(processes)]
    said = [line.split() for process in running for line in process.communicate()[0].splitlines()]
    assert {process.returncode for process in running} == {0}
    with TinyStore(folder).reading() as desk:
        found = {(str(one.number), one.messages[0].content) for one in desk.find()}
    assert found == {(words[1], words[2]) for words in said if words[0] == "new"}
    assert len(found) == processes * commits
    return len(found), max(float(words[1]) for words in said if words[0] == "longest")


def _worker(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.worker", str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


# --- (c) random kills ---


class Ledger:
    """What the workers said, and what must therefore be so."""

    def __init__(self) -> None:
        self.contents: dict[int, str] = {}
        self.revisions: dict[int, int] = {}
        self.deleting: set[int] = set()
        self.deleted: set[int] = set()
        self.blobs: set[str] = set()
        self.audited = 0
        self.acknowledged = 0

    def read(self, lines: list[str]) -> None:
        for line in lines:
            word, *rest = line.split()
            self.acknowledged += word not in ("ready", "deleting")
            match word:
                case "new":
                    self.contents[int(rest[0])] = rest[1]
                case "revision":
                    self.revisions[int(rest[0])] = max(int(rest[1]), self.revisions.get(int(rest[0]), 0))
                case "deleting":
                    self.deleting.add(int(rest[0]))
                case "deleted":
                    self.deleted.add(int(rest[0]))
                case "blob":
                    self.blobs.add(rest[0])
                case "audit":
                    self.audited = max(self.audited, int(rest[0]))

    def check(self, store: TinyStore) -> None:
        with store.reading() as desk:
            found = {one.number: one for one in desk.find(archive=True)}
            queued = {one.id for one in desk.outbox()}
            for number, content in self.contents.items():
                if number in self.deleted or (number in self.deleting and number not in found):
                    assert number not in found, f"#{number} came back after it was deleted"
                    assert desk.find_content(content) == 0
                    continue
                assert found[number].messages[0].content == content
                assert desk.find_content(content) == number
                assert found[number].revision >= self.revisions.get(number, 1), f"#{number} lost a change"
                assert content in queued
        for name in self.blobs:
            store.blobs.get(name)
        log = AuditLog(store.folder, b"k" * 32)
        assert log.verify().state == "ok"
        assert sum(1 for _ in log.records()) >= self.audited


def kills(folder: Path, *, rounds: int, workers: int = 3, seed: int = 1) -> tuple[int, int]:
    """How many processes were killed, and how many steps they had reported as done: none of those lost."""
    chance = random.Random(seed)
    ledger = Ledger()
    killed = 0
    for round_number in range(-(-rounds // workers)):
        running = [_worker(folder, f"w{round_number}.{which}", 0) for which in range(workers)]
        first = [process.stdout.readline() for process in running if process.stdout]
        assert first == ["ready\n"] * workers
        for process in running:
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            killed += 1
        ledger.read(
            [
                line
                for process in running
                for line in process.communicate()[0].splitlines(keepends=True)
                if line.endswith("\n")
            ]
        )
        ledger.check(TinyStore(folder))
    assert not {one.subject for one in TinyStore(folder).check() if one.state == "error"} - {"blobs"}
    return killed, ledger.acknowledged


# --- (d) a full disk ---


def full_disk(folder: Path) -> int:
    """Fills the disk that holds `folder` with tickets until it is full: how many commits it took. All that was reported
    is there, the desk can still be read, and it works again as soon as there is room."""
    ballast = folder.parent / "ballast"
    ballast.write_bytes(b"x" * 40_000)
    store = TinyStore(folder)
    for count in range(10_000):
        try:
            with store.transaction() as desk:
                add(desk, messages=2)
            store.blobs.put(f"brev {count}".encode() * 100)
        except StoreFailed as error:
            assert "No space left" in str(error) or "too large" in str(error), error
            break
    else:
        raise AssertionError("the disk never became full")
    with store.reading() as desk:
        assert len(list(desk.find(texts=True))) in (count, count + 1)
    assert "error" not in {one.state for one in store.check() if one.subject != "blobs"}
    assert not list(folder.glob(".*.tmp"))
    ballast.unlink()
    with store.transaction() as desk:
        desk.remember("plats", "igen")
    return count


@contextmanager
def small_disk(kilobytes: int = 300) -> Iterator[Path]:
    """A file system of that size; raises PermissionError where this user may not make one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
        made = subprocess.run(command, capture_output=True, check=False)
        if made.returncode:
            raise PermissionError(made.stderr.decode())
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


LIMITED = """
import resource, sys
from pathlib import Path
from tests.faults import trials
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from ticketctl.errors import StoreFailed
from ticketctl.store.tiny.store import TinyStore
from tests.store.samples import add
store = TinyStore(Path(sys.argv[1]))
count = 0
try:
    while count < 10_000:
        with store.transaction() as desk:
            add(desk, messages=20)
        count += 1
except StoreFailed as error:
    assert "too large" in str(error), error
    print(count)
"""


def limited_file_size(folder: Path) -> int:
    """The same with a limit on the size of files, which any user can set: how many commits fitted."""
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    count = int(done.stdout)
    store = TinyStore(folder)
    with store.transaction() as desk:
        assert len(list(desk.find(texts=True))) == count
        add(desk)
    assert not list(folder.glob(".*.tmp"))
    return count


# --- (e) damage ---


def damage(folder: Path, *, count: int, seed: int = 1) -> int:
    """Random flips, truncations, insertions and overwritten stretches of desk.json and of an archive file: each is
    noticed, none is loaded."""
    store = TinyStore(folder)
    prepare(store)
    chance = random.Random(seed)
    for path in (folder / "desk.json", folder / "archive" / "2026-08.json"):
        whole = path.read_bytes()
        for _ in range(count // 2):
            path.write_bytes(_damaged(whole, chance))
            _assert_noticed(store)
        path.write_bytes(whole)
    with store.reading() as desk:
        assert len(list(desk.find(archive=True))) == 6
    return count // 2 * 2


def _damaged(whole: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(whole))
    match chance.randrange(5):
        case 0:
            return whole[:at]
        case 1:
            return whole[:at] + bytes([chance.randrange(256)]) + whole[at:]
        case 2:
            return whole[:at] + bytes(min(512, len(whole) - at)) + whole[at + 512 :]
        case _:
            return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]


def _assert_noticed(store: TinyStore) -> None:
    for use in (store.reading, store.transaction):
        try:
            with use() as desk:
                list(desk.find(archive=True))
        except Damaged as error:
            steps = [step for step in error.next_steps if step.verb == "doctor" and step.given.get("recover")]
            assert steps or "newer" in str(error), error
        else:
            raise AssertionError("damage was loaded")
    assert "error" in {finding.state for finding in store.check()}
