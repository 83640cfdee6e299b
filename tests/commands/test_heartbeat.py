"""`heartbeat:` is called after a good fetch, and only then; and `doctor` on the clock, the disk and the heartbeat."""

from __future__ import annotations

import json
import shutil
import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.findings import detail
from tests.servers import Scripted, free_port
from ticketctl.channels import web
from ticketctl.ports.store import Room
from ticketctl.usecases.upkeep.host_check import judged

POLL = timedelta(minutes=5)


class Watcher:
    """Something outside that is called; it says `status`, and that it is `ahead` of the desk's clock."""

    def __init__(self, office):
        self.calls, self.status, self.ahead = [], 200, timedelta(0)
        watcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                watcher.calls.append((self.command, self.path))
                self.send_response(watcher.status)
                self.send_header("Location", "/annanstans")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_HEAD = do_GET

            def date_time_string(self, timestamp=None):
                return format_datetime(office.now + watcher.ahead)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/ping/hemlig-adress"


class Desk:
    def __init__(self, office, watcher):
        self.office, self.watcher = office, watcher
        self.configure(watcher.url)
        for name in ("spool", "other"):
            self.mend(name)

    def configure(self, url):
        rules = self.office.folder / "rules.yaml"
        lines = [line for line in rules.read_text().splitlines() if not line.startswith(("sources", "heartbeat"))]
        sources = "sources: [{name: spool, maildir: spool}, {name: other, maildir: other}]"
        rules.write_text("\n".join([*lines, sources, f"heartbeat: {url}", ""]))

    def mend(self, name):
        for part in ("new", "cur", "tmp"):
            (self.office.folder / name / part).mkdir(parents=True, exist_ok=True)

    def take_away(self, name):
        shutil.rmtree(self.office.folder / name)

    def fetch(self, *options, code=0):
        self.office.now += POLL
        return self.office.run("fetch", "-q", *options, code=code).stderr

    def doctor(self, *options, code=0):
        lines = self.office.run("doctor", "--json", *options, code=code).stdout.splitlines()
        return {found["subject"]: found for found in map(json.loads, lines)}

    @property
    def calls(self):
        return len(self.watcher.calls)


@pytest.fixture
def desk(office):
    watcher = Watcher(office)
    yield Desk(office, watcher)
    watcher.server.shutdown()
    watcher.server.server_close()


def test_it_is_called_after_each_good_fetch(desk):
    assert desk.fetch() == "" and desk.fetch() == ""
    assert desk.watcher.calls == [("GET", "/ping/hemlig-adress")] * 2


def test_while_one_source_fails_it_is_not_called(desk):
    desk.fetch()
    desk.take_away("other")
    desk.fetch(code=8)
    desk.fetch("spool")  # good, but the other still fails
    assert desk.calls == 1
    desk.mend("other")
    desk.fetch()
    assert desk.calls == 2


def test_a_source_that_was_never_fetched_is_no_good_run(desk):
    desk.fetch("spool")
    assert desk.calls == 0
    desk.fetch("other")
    assert desk.calls == 1


@pytest.mark.parametrize("options", [["--dry-run"], ["maildir:spool"], ["--reconcile"]])
def test_what_is_not_the_desks_own_fetch_does_not_call(desk, options, monkeypatch):
    desk.fetch()
    monkeypatch.chdir(desk.office.folder)
    desk.fetch(*options)
    assert desk.calls == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_that_it_fails_is_told_once_and_fails_no_run(desk, status):
    desk.watcher.status = status
    told = desk.fetch()
    assert f"answered {status}; mail was fetched all the same" in told and "hemlig" not in told
    assert desk.fetch() == "" and desk.fetch() == ""
    assert ("GET", "/annanstans") not in desk.watcher.calls
    found = desk.doctor("--offline")["heartbeat"]
    assert (found["state"], f"answered {status}" in found["detail"]) == ("warning", True)
    desk.watcher.status = 200
    assert desk.fetch() == "" and desk.doctor("--offline")["heartbeat"]["state"] == "ok"
    desk.watcher.status = status
    assert "only once" in desk.fetch()


def test_nobody_there(desk):
    desk.configure(f"http://127.0.0.1:{free_port()}/ping/hemlig-adress")
    told = desk.fetch()
    assert "cannot be reached (Connection refused)" in told and "hemlig" not in told


def test_one_that_never_answers_does_not_hold_the_run_up(desk, monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 0.5)

    def drip(send, hear):
        send(b"HTTP/1.1 200 OK\r\n")
        while True:
            send(b"X-Tal: 1\r\n")
            time.sleep(0.1)

    server = Scripted(drip)
    desk.configure(f"http://127.0.0.1:{server.port}/")
    assert "did not answer within 0.5 s" in desk.fetch()
    server.close()


@pytest.mark.parametrize(
    "url", ["http://ping.example/x", "ping.example", "ftp://ping.example", "https://u:p@ping.example"]
)
def test_an_address_that_is_not_safe_is_a_fault(desk, url):
    desk.configure(url)
    assert "is not an https:// address to call" in desk.fetch(code=2)


# --- doctor ---


@pytest.mark.parametrize(
    ("ahead", "state", "told", "code"),
    [
        (timedelta(0), "ok", "the same at 127.0.0.1", 0),
        (timedelta(seconds=-20), "ok", "the same", 0),
        (timedelta(minutes=-3), "warning", "s ahead of 127.0.0.1", 0),
        (timedelta(hours=2), "error", "120 min behind 127.0.0.1", 1),
    ],
)
def test_the_clock_is_compared(desk, ahead, state, told, code):
    desk.fetch()
    desk.watcher.ahead = ahead
    found = desk.doctor(code=code)["clock elsewhere"]
    assert found["state"] == state and told in found["detail"]
    assert desk.watcher.calls[1:] == [("HEAD", "/")], "doctor is no good fetch"
    assert "clock elsewhere" not in desk.doctor("--offline")


def test_a_server_that_says_no_time_is_no_trouble(desk):
    desk.fetch()
    desk.configure(f"http://127.0.0.1:{free_port()}/")
    assert "clock elsewhere" not in desk.doctor()


def test_a_clock_before_the_last_run(desk):
    desk.fetch()
    desk.office.now -= timedelta(hours=3)
    assert desk.doctor("--offline")["clock"]["state"] == "warning"


@pytest.mark.parametrize(
    ("free", "files", "size", "state", "told"),
    [
        (2_000_000_000, 9_999, 5_000_000, "ok", "2.0 GB free"),
        (999_000_000, 9_999, 5_000_000, "warning", "999 MB free"),
        (99_000_000, 9_999, 0, "error", "99 MB free; the desk needs 100 MB"),
        (140_000_000, 9_999, 50_000_000, "error", "the desk needs 150 MB"),
        (2_000_000_000, 12, 0, "error", "only 12 more files fit"),
    ],
)
def test_the_room_on_the_disk(free, files, size, state, told):
    found = judged(Room(free, files, size))
    assert found.state == state and told in detail(found)


def test_the_disk_is_told(desk):
    assert (
        "GB free" in desk.doctor("--offline")["disk"]["detail"]
        or "MB free" in desk.doctor("--offline")["disk"]["detail"]
    )
