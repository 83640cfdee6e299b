"""The care of the desk as a web page, an API or cron would call it: without a terminal, and by everybody who may or may
not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.conftest import ROOT, Office
from tests.growth import HANG
from tests.usecases.table import UPKEEP
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import NotAllowed, Refused
from ticketctl.ports.backup import RESTORED
from ticketctl.usecases.permissions import RANK, USE_CASES
from ticketctl.usecases.results import Objected
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.audit import ShowAudit, show_audit
from ticketctl.usecases.upkeep.backup import BackUp, back_up
from ticketctl.usecases.upkeep.cron import JOBS, Cron, install, remove
from ticketctl.usecases.upkeep.doctor import Examine, examine, recover
from ticketctl.usecases.upkeep.privacy_record import DraftBreach, draft_breach
from ticketctl.usecases.upkeep.purge import PurgeRequest, purge
from ticketctl.usecases.upkeep.restore import resume
from ticketctl.usecases.views.unmask import Unmask, unmask

ACTORS = {"vera": "viewer", "bo": "agent", "alice": "admin", "system": "system"}
CRONTAB = """\
#!/bin/sh
case "$1" in
  -l) cat "$CRONTAB_FILE" ;;
  -) cat > "$CRONTAB_FILE.new"; mv "$CRONTAB_FILE.new" "$CRONTAB_FILE" ;;
  -r) : > "$CRONTAB_FILE" ;;
esac
"""
WORDS = {name: (name,) for name in JOBS}


def opened(session: Session) -> None:
    """As far as one who may comes on this desk, which has nothing sealed; that they tried is in the log."""
    with pytest.raises(Refused) as refused:
        unmask(replace(session, reason="ett prov"), Unmask(ticket=2, identity=""))
    if isinstance(refused.value, NotAllowed):
        raise refused.value


CALLS: dict[str, Callable[..., Any]] = {
    "cron install": lambda session, **kept: install(session, Cron(("/usr/bin/ticketctl",), WORDS), **kept),
    "cron remove": lambda session, **kept: remove(session, **kept),
    "purge": lambda session, **kept: purge(session, PurgeRequest(clock_is_right=True), **kept),
    "recover": lambda session: recover(session),
    "audit show": lambda session: list(show_audit(session, ShowAudit())),
    "backup": lambda session: back_up(session, BackUp(target=session.folder.parent / "desk.tar")),
    "resume": lambda session: resume(session),
    "unmask": lambda session: opened(session),
    "privacy breach": lambda session: draft_breach(session, DraftBreach()),
}
WITHOUT_A_TERMINAL = """
import sys
sys.modules["click"] = sys.modules["termios"] = None  # whoever imports them fails
from pathlib import Path
from ticketctl.usecases.rules.check import check_rules, check_snippets
from ticketctl.usecases.rules.replay import Replay, replay
from ticketctl.usecases.rules.test import run_tests
from ticketctl.usecases.upkeep import cron
from ticketctl.usecases.upkeep.doctor import Examine, examine, recover
from ticketctl.usecases.upkeep.init import Init, init
from ticketctl.usecases.upkeep.purge import PurgeRequest, purge
from ticketctl.wiring import build_session

session = build_session(user="vera", desk=sys.argv[1], via="web")
request = cron.Cron(("ticketctl",), {name: (name,) for name in cron.JOBS})
print(check_rules(session).faults, check_snippets(session).faults, len(run_tests(session)))
print(replay(session, Replay(since="90d")).tickets, len(cron.units(session, request)))
print([one.finding.subject for one in examine(session, Examine(offline=True)) if one.finding.state == "error"])
print(len(purge(session, PurgeRequest(), keep=False).plan.tickets), init(Init(Path(sys.argv[1], "new"))).made[0])
"""


@pytest.fixture
def desk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A restored one that nobody has looked at; with a spam ticket that is over, a damaged desk.json.bak, and a crontab
    with the desk's lines for another program."""
    rules = office.folder / "rules.yaml"
    retention = "privacy: {retention: [{when: {label: spam}, after: 30 days, then: delete}]}\n"
    rules.write_text(rules.read_text("utf-8") + retention, "utf-8")
    closed = office.now - timedelta(days=39)
    office.make(1, age=timedelta(days=40), spam=True, status="closed", closed_at=closed)
    office.make(2)
    with office.store.transaction() as stored:
        stored.remember(RESTORED, f"wait {office.now.isoformat()}")
    (office.folder / "data" / "desk.json.bak").write_bytes(b"{")
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CRONTAB_FILE", str(tmp_path / "crontab"))
    (tmp_path / "crontab").write_text("", "utf-8")
    install(office.session(), Cron(("/usr/bin/other",), WORDS))
    return office


def state(desk: Office) -> dict[str, bytes]:
    """Of the desk and the crontab: files, locks and caches left out."""
    files = [path for path in (desk.folder / "data").rglob("*") if path.is_file() and path.suffix != ".lock"]
    kept = [path for path in files if ".rules.cache" not in path.name]
    return {path.name: path.read_bytes() for path in (*kept, desk.folder.parent / "crontab")}


def test_each_has_a_call() -> None:
    assert set(CALLS) == UPKEEP


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", CALLS)
def test_who_may(desk: Office, name: str, actor: str) -> None:
    role, session, before = ACTORS[actor], desk.session(actor), state(desk)
    if role != "system" and RANK[role] < RANK[USE_CASES[name]]:
        with pytest.raises(NotAllowed):
            CALLS[name](session)
        assert state(desk) == before
    else:
        CALLS[name](session)
        assert state(desk) != before


@pytest.mark.parametrize(
    "name", sorted({*CALLS} - {"audit show", "backup", "privacy breach", "recover", "resume", "unmask"})
)
def test_everybody_may_see_what_would_happen(desk: Office, name: str) -> None:
    before = state(desk)
    CALLS[name](desk.session("vera"), keep=False)
    assert state(desk) == before


def test_no_use_case_needs_a_terminal(desk: Office) -> None:
    env = {**os.environ, **desk.environment("vera"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_A_TERMINAL, str(desk.folder)]
    ended = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=HANG, check=False)
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == ["() () 0", "2 8", "['desk.json.bak']", "1 data"]


def test_what_is_damaged_is_repaired_and_then_well(desk: Office) -> None:
    session = desk.session("alice")
    assert bad(session) == ["desk.json.bak"]
    assert [one.finding.code for one in recover(session)] == ["recovered"]
    assert (bad(session), recover(session)) == ([], ())


def bad(session: Session) -> list[str]:
    return [one.finding.subject for one in examine(session, Examine(offline=True)) if one.finding.state == "error"]


def test_much_is_purged_once_it_was_accepted(desk: Office) -> None:
    for number in range(3, 24):
        closed = desk.now - timedelta(days=39)
        desk.make(number, age=timedelta(days=40), spam=True, status="closed", closed_at=closed)
    with pytest.raises(Objected) as objected:
        purge(desk.session(), PurgeRequest(clock_is_right=True))
    (objection,) = objected.value.objections
    assert objection.code == "larger_than_expected"
    plan = objection.facts["plan"]
    assert objection.facts == {"tickets": "22", "of": "23", "mails": "0", "mails_of": "0", "plan": plan}
    assert desk.get(23).spam
    done = purge(desk.session(), PurgeRequest(accept=frozenset({objection.code}), clock_is_right=True))
    assert done is not None and len(done.plan.tickets) == 22


def test_no_more_is_purged_than_was_agreed_to(desk: Office) -> None:
    """Between the question and the answer more became over: a colleague marked it, or a day ended."""
    closed = desk.now - timedelta(days=39)
    for number in range(3, 24):
        desk.make(number, age=timedelta(days=40), spam=True, status="closed", closed_at=closed)
    with pytest.raises(Objected) as objected:
        purge(desk.session(), PurgeRequest(clock_is_right=True))
    (objection,) = objected.value.objections
    desk.make(24, age=timedelta(days=40), spam=True, status="closed", closed_at=closed)
    desk.change(23, lambda ticket: ticket.hold(Act("alice", desk.now), "tvist"))
    agreed = objection.facts["plan"]
    done = purge(desk.session(), PurgeRequest(accept=frozenset({objection.code}), agreed=agreed, clock_is_right=True))
    assert done is not None and len(done.plan.tickets) == 21
    assert desk.get(24).spam and desk.get(23).legal_hold == "tvist"
