"""Mails through the real intake into a fresh desk, each watched: is it kept, exactly once, in time, within memory?"""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

import ticketctl
from tests.faults.test_faults import MEMORY as QUICK
from ticketctl.content.terminal import as_json
from ticketctl.ports.channels import Fetched, Listener, Place, Undecided
from ticketctl.present.json import ticket_json
from ticketctl.present.thread import ThreadLayout, conversation, header
from ticketctl.usecases.intake.fetch_run import take_in
from ticketctl.usecases.intake.import_progress import Span
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.session import Session
from ticketctl.wiring import build_session

SECONDS = 2.0  # of processor time for one mail
MEMORY = 256_000_000  # bytes that one mail may need above what the process has
ARRIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
UNWRITABLE = "the mail cannot be written"  # no acknowledgement to an address that can be none
OURS = ("could not be understood", "could not be filed")  # how a reason begins where a fault of ours was contained


class Outcome(msgspec.Struct):
    """What became of some mails; `faults` are sentences, empty where all is well."""

    mails: int = 0
    tickets: int = 0
    joined: int = 0
    known: int = 0
    quarantined: int = 0
    slowest: float = 0.0
    slowest_name: str = ""
    peak: int = 0
    faults: list[str] = []

    def add(self, other: Outcome) -> None:
        self.mails += other.mails
        self.tickets += other.tickets
        self.joined += other.joined
        self.known += other.known
        self.quarantined += other.quarantined
        self.peak = max(self.peak, other.peak)
        self.faults += other.faults
        if other.slowest > self.slowest:
            self.slowest, self.slowest_name = other.slowest, other.slowest_name


class Watched:
    """A source of named mails that times what happens between handing one over and being asked for the next."""

    def __init__(self, mails: Iterable[tuple[str, bytes]], outcome: Outcome) -> None:
        self.name = "fuzz"
        self.expected = 0
        self.settles = ""
        self.undecided: list[Undecided] = []
        self.waits = False  # for no server: the intake asks for the next when it is done with this one
        self.taken: dict[str, str] = {}  # sha256 of the bytes → the name of the mail
        self._mails = mails
        self._outcome = outcome

    def mailboxes(self) -> Sequence[str]:
        return [self.name]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        for name, raw in self._mails:
            self.taken.setdefault(sha256(raw).hexdigest(), name)
            begun = time.process_time()
            yield Fetched(mailbox=self.name, raw=raw, arrived_at=ARRIVED, size=len(raw))
            self._note(name, time.process_time() - begun)

    def _note(self, name: str, seconds: float) -> None:
        self._outcome.mails += 1
        if seconds > self._outcome.slowest:
            self._outcome.slowest, self._outcome.slowest_name = seconds, name
        if seconds > SECONDS:
            self._outcome.faults.append(f"{name}: {seconds:.1f} s")

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        return ()

    def acknowledge(self, messages: Sequence[Fetched]) -> None: ...

    def listeners(self) -> Sequence[Listener]:
        return ()

    def check(self) -> str:
        return ""

    def close(self) -> None: ...


def limit_memory() -> None:
    """From here on this process may have `MEMORY` bytes more than it has now."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))


def taken_in(mails: Iterable[tuple[str, bytes]]) -> Outcome:
    """These mails, each with a name that finds it again, into a desk of their own, which is then read and shown."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        session = _desk(Path(folder) / "desk")
        source = Watched(mails, outcome)
        result = FetchResult(source=source.name)
        take_in(session, [source], [result], span=Span(), progress=lambda done, expected: None)
        _judge(session, source, result, outcome)
    outcome.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return outcome


def _desk(folder: Path) -> Session:
    shutil.copytree(Path(ticketctl.__file__).parent / "starter", folder, ignore=shutil.ignore_patterns("data"))
    (folder / "data").mkdir(mode=0o700)
    return build_session(desk=str(folder), user="system")


def _judge(session: Session, source: Watched, result: FetchResult, outcome: Outcome) -> None:
    outcome.tickets, outcome.joined, outcome.known = len(result.new), len(result.joined), result.known
    outcome.quarantined = len(result.quarantined)
    troubles = (one for one in result.trouble if UNWRITABLE not in one)
    outcome.faults += [f"the run: {trouble}" for trouble in (*troubles, result.error) if trouble]
    places: Counter[str] = Counter()
    layout = ThreadLayout(now=ARRIVED, zone=ZoneInfo("Europe/Stockholm"), width=80, full=True, why=True)
    with session.store.reading() as desk:
        for ticket in desk.find():
            places.update(message.raw for message in ticket.messages if message.direction == "in")  # no notes of rules
            as_json(ticket_json(ticket, True))
            for line in (*header(ticket, None, layout), *conversation(ticket.messages, layout, ticket)):
                line.text.encode()
        for item in desk.quarantined():
            places[item.raw] += 1
            if item.reason.startswith(OURS):
                outcome.faults.append(f"{source.taken.get(item.raw, '?')}: {item.reason}")
    outcome.faults += [f"{source.taken[raw]}: kept {count} times" for raw, count in places.items() if count > 1]
    lost = outcome.mails - sum(places.values()) - result.known  # what came again was recognised, and is there once
    if lost:
        outcome.faults.append(f"{lost} of {outcome.mails} mails are nowhere")
