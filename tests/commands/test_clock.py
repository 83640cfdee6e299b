"""A clock that is far off makes no job that acts on it alone do anything; a computer that was off for long goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import msgspec
import pytest
from click.testing import CliRunner, Result

from ticketctl.cli import cli
from ticketctl.domain.ticket.ticket import Act
from ticketctl.usecases.upkeep.clock_check import is_borne_out, is_near

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
YEARS = 3653 * DAY
PRIVACY = "privacy:\n  retention:\n    - {when: {status: closed, closed_for: 24 months}, then: anonymise}\n"


class Clocked:
    """The desk with the computer's own clock, which `at` sets; nobody says TICKETCTL_NOW."""

    def __init__(self, office, monkeypatch):
        self.office, self._patch = office, monkeypatch
        rules = office.folder / "rules.yaml"
        rules.write_text(rules.read_text("utf-8") + PRIVACY, "utf-8")

    def run(self, at: datetime, *args: str, code: int = 0) -> str:
        self._patch.setattr("ticketctl.wiring.now", lambda: at)
        env = {"TICKETCTL_DESK": str(self.office.folder), "TICKETCTL_AS": "system", "TICKETCTL_NOW": None}
        result: Result = CliRunner(env=env).invoke(cli, args, prog_name="ticketctl")
        assert result.exit_code == code, result.output
        return result.output


@pytest.fixture
def clocked(office, monkeypatch):
    return Clocked(office, monkeypatch)


@pytest.fixture
def closed(office):
    office.make(1, age=10 * DAY)
    office.change(1, lambda ticket: ticket.close(Act("alice", office.now - 9 * DAY), cause="leverans"))
    return office


@pytest.mark.parametrize("job", ["purge", "escalate"])
@pytest.mark.parametrize("off", [YEARS, -YEARS, 2 * DAY, -2 * DAY], ids=["years ahead", "behind", "2 days", "-2 days"])
def test_a_clock_that_is_far_off(clocked, closed, job, off):
    clocked.run(NOW, "escalate")
    before = closed.get(1)
    told = clocked.run(NOW + off, job, code=5)
    assert "when the clock was last known to be right" in told and "escalate --clock-is-right" in told
    assert "nothing was done" in told
    assert closed.get(1) == before
    assert (closed.folder / "data" / "archive").exists() is False
    clocked.run(NOW + DAY, job)  # mended


def test_a_fetch_with_the_wrong_clock_makes_it_no_right_one(clocked, closed, tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / "in" / part).mkdir(parents=True)
    clocked.run(NOW, "escalate")
    (tmp_path / "in" / "new" / "1").write_bytes(b"From: a@kund.example\nSubject: hej\n\nhej\n")
    clocked.run(NOW + YEARS, "fetch", f"maildir:{tmp_path / 'in'}")
    clocked.run(NOW + YEARS, "purge", code=5)
    assert closed.get(1).subject == "Var är min beställning?"


def test_who_says_once_that_it_is_right_is_believed_from_then_on(clocked, closed):
    clocked.run(NOW, "escalate")
    clocked.run(NOW + 14 * DAY, "escalate", code=5)
    clocked.run(NOW + 14 * DAY, "escalate", "--clock-is-right")
    clocked.run(NOW + 14 * DAY, "purge")
    clocked.run(NOW + 15 * DAY, "escalate")
    clocked.run(NOW + 900 * DAY, "purge", "--clock-is-right")
    assert closed.get(1).subject == "(anonymised)"


def test_a_dry_run_changes_nothing_and_asks_nothing(clocked, closed):
    clocked.run(NOW, "escalate")
    assert "#1        anonymise" in clocked.run(NOW + YEARS, "purge", "--dry-run")


def test_a_clock_that_somebody_set_is_their_word(clocked, closed):
    """TICKETCTL_NOW: no job refuses, and the computer's own clock is judged by its own past."""
    clocked.run(NOW, "escalate")
    closed.now = NOW + 400 * DAY
    closed.run("escalate", user="system")
    closed.run("purge", user="system")
    clocked.run(NOW + DAY / 2, "escalate")


def test_a_fortnight_off_is_borne_out_by_what_the_mail_server_dated(clocked, closed):
    rules = closed.folder / "rules.yaml"
    source = "sources: [{name: post, imap: {host: mail.example, user: a, password_command: echo x}}]\n"
    rules.write_text(rules.read_text("utf-8") + source, "utf-8")
    clocked.run(NOW, "escalate")
    late = NOW + 14 * DAY
    closed.make(2)

    def dated(ticket):
        one = msgspec.structs.replace(ticket.messages[0], source=("post",), at=late - timedelta(hours=3))
        return msgspec.structs.replace(ticket, messages=(one,))

    clocked.run(late, "escalate", code=5)
    closed.change(2, dated)
    clocked.run(late, "escalate")
    clocked.run(late + YEARS, "escalate", code=5)


def test_a_fortnight_off_is_borne_out_by_a_server_that_tells_the_time(clocked, closed):
    late = NOW + 14 * DAY

    class Telling(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response_only(200)
            self.send_header("Date", format_datetime(late, usegmt=True))
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Telling)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    rules = closed.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + f"heartbeat: http://127.0.0.1:{server.server_port}/x\n", "utf-8")
    try:
        clocked.run(NOW, "escalate")
        clocked.run(late + YEARS, "escalate", code=5)
        clocked.run(late, "escalate")
    finally:
        server.shutdown()
        server.server_close()


def test_doctor_says_it(clocked, closed):
    clocked.run(NOW, "escalate")
    assert "last known to be right" not in clocked.run(NOW, "doctor", "--offline")
    assert "last known to be right" in " ".join(clocked.run(NOW + YEARS, "doctor", "--offline").split())


def test_the_decision():
    assert is_near(NOW, None) and is_near(NOW, NOW - DAY) and not is_near(NOW, NOW - 2 * DAY)
    assert not is_borne_out(NOW, NOW - YEARS, (), ())
    assert is_borne_out(NOW, NOW - YEARS, (), [NOW - DAY]) and is_borne_out(NOW, NOW - YEARS, [NOW + DAY], ())
    assert not is_borne_out(NOW, NOW + YEARS, (), [NOW]), "that mail came now tells nothing of a clock that went back"
    assert is_borne_out(NOW, NOW + YEARS, [NOW], ())
