"""What all tests share: desks in a temporary folder, and ticketctl run on them as a user runs it."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from tests.extras import is_missing
from tests.growth import HANG
from ticketctl.cli import build_shell, cli
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.store.tiny.store import TinyStore
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.session import Session
from ticketctl.wiring import build_session

ROOT = Path(__file__).parent.parent
for name in ("LC_ALL", "LC_MESSAGES", "TICKETCTL_LANGUAGE"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"  # commands speak English to the tests, whoever runs them
# No test keeps time: hypothesis would fail an example of more than 0.2 s, which a busy machine makes of any.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 10:00 in Stockholm

RULES = """\
version: 1
desk: {name: Exempel AB, timezone: Europe/Stockholm, language: sv, country: SE}
team:
  - {name: alice, email: alice@exempel.example, role: admin}
  - {name: bo, email: bo@exempel.example}
  - {name: vera, email: vera@exempel.example, role: viewer}
outgoing: {maildir: data/sent, undo: 0s, from: "Exempel support <support@exempel.example>"}
hours: {mon-fri: 08:00-17:00}
fields:
  category: {values: [faktura, support, sälj], required_at: close}
  area: {values: [butik, app]}
  order_number: {pattern: "[0-9]{6}"}
labels: [drift, vip, reklamation]
causes: [fel i produkten, leverans, betalning]
targets:
  high: {first_response: 1h, next_response: 4h, resolution: 1d}
  medium: {first_response: 4h, next_response: 1d, resolution: 3d}
  low: {first_response: 2d, next_response: 3d, resolution: 10d}
"""


def pytest_collection_finish() -> None:
    """15,000 tests are some million objects that stay: the collector need not look at them again and again."""
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leaves out what needs a browser or an extra that is not here; `.ci/test` says so before the tests."""
    if item.get_closest_marker("browser") and not shutil.which("chromium"):
        pytest.skip("chromium is not installed")
    for extra in (mark.args[0] for mark in item.iter_markers("extra")):
        if is_missing(extra):
            pytest.skip(f"the extra [{extra}] is not installed")


class Office:
    """A desk and its people: `run` in this process, `process` in one of its own, `make` puts a ticket on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW

    @property
    def store(self) -> TinyStore:
        return TinyStore(self.folder / "data")

    def environment(self, user: str = "alice") -> dict[str, str]:
        return {"TICKETCTL_DESK": str(self.folder), "TICKETCTL_AS": user, "TICKETCTL_NOW": self.now.isoformat()}

    def run(self, *args: object, code: int = 0, user: str = "alice", stdin: str | None = "") -> Result:
        """What `ticketctl ARGS` says; fails unless it ends with exit code `code`."""
        result = self.invoke(*args, user=user, stdin=stdin)
        assert result.exit_code == code, f"{args}: exit {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result

    def invoke(self, *args: object, user: str = "alice", stdin: str | None = "") -> Result:
        """The same, however it ends."""
        env = self.environment(user)
        return CliRunner(env=env).invoke(cli, [str(arg) for arg in args], input=stdin, prog_name="ticketctl")

    def say(self, *args: object, **options: Any) -> str:
        return self.run(*args, **options).stdout

    def trouble(self, *args: object, code: int, **options: Any) -> str:
        return self.run(*args, code=code, **options).stderr

    def process(self, *args: object, **options: Any) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own."""
        env = {**os.environ, **self.environment(), "PYTHONPATH": str(ROOT), **options.pop("env", {})}
        command = [sys.executable, "-m", "ticketctl", *map(str, args)]
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=HANG, check=False, **options)

    def session(self, user: str = "system") -> Session:
        """What a use case is handed for them, at this moment."""
        session = build_session(desk=str(self.folder), user=user)
        return msgspec.structs.replace(session, now=self.now)

    def shell(self, user: str = "system") -> Shell:
        """What a command is handed for them, at this moment."""
        return build_shell(desk=str(self.folder), user=user).at(self.now)

    def make(self, number: int = 0, *, age: timedelta = timedelta(hours=1), **fields: Any) -> Ticket:
        """A ticket with one customer message that came `age` ago, saved; with the fields given."""
        with self.store.transaction() as desk:
            opened = self.now - age
            requester = fields.pop("requester", Person("åsa@kund.example", "Åsa Öberg"))
            text = fields.pop("text", "Hej! Min beställning har inte kommit.")
            given = number or desk.new_number()
            message = Message(
                key="m1",
                direction="in",
                kind="message",
                at=opened,
                sender=requester,
                text=text,
                message_id=f"{given}@kund.example",
                whole=fields.pop("whole", ""),
                why="a new matter",
                attachments=fields.pop("attachments", ()),
            )
            ticket = Ticket(
                number=given,
                subject=fields.pop("subject", "Var är min beställning?"),
                requester=requester,
                opened_at=opened,
            )
            ticket = ticket.receive(Act("system", opened, "fetch"), message)
            return desk.save(msgspec.structs.replace(ticket, **fields))

    def get(self, number: int) -> Ticket:
        with self.store.reading() as desk:
            return desk.get(number)

    def change(self, number: int, decide: Callable[[Ticket], Ticket]) -> Ticket:
        with self.store.transaction() as desk:
            return desk.save(decide(desk.get(number)))


def some_now(cases: Sequence[Any], every: int) -> list[Any]:
    """Of many cases of one kind every so-manieth in `make test`, the others in `make test-long`."""
    return [
        one if at % every == 0 else pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.long)
        for at, one in enumerate(cases)
    ]


@pytest.fixture(autouse=True, scope="session")
def _columns() -> None:
    """Tables are as wide as the terminal: the same for everybody, whatever runs the tests (pytest-xdist says 80)."""
    os.environ["COLUMNS"] = "100"


@pytest.fixture(autouse=True, scope="session")
def _signals() -> None:
    """Programs that tests start get signals as usual. `nohup` and shells that run a job in the background have them
    ignored, which every child inherits; a handler is not inherited, and one that does nothing ignores them here."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk with three people (alice, bo, the viewer vera), fields, labels, causes and targets; no ticket yet."""
    return new_office(tmp_path / "kontoret")


def new_office(folder: Path) -> Office:
    shutil.copytree(ROOT / "ticketctl" / "starter", folder, ignore=shutil.ignore_patterns("data"))
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "data").mkdir(mode=0o700)
    return Office(folder)


@pytest.fixture
def starter(tmp_path: Path) -> Office:
    """The desk that `ticketctl init` makes, as it is."""
    folder = tmp_path / "skrivbord"
    CliRunner().invoke(cli, ["init", str(folder)], catch_exceptions=False)
    return Office(folder)
