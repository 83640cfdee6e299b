"""`ticketctl demo`: every command of the story runs as a user's would, and what it says is true at the end."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from tests.conftest import Office
from ticketctl.demo.portal import Portal
from ticketctl.demo.story import STORY, Mail, Run


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Office]:
    """Once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder, said = shared / "butiken i Åre", shared / "demo.txt"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            command = [sys.executable, "-m", "ticketctl", "demo", "--full", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr
            said.write_text(done.stdout, encoding="utf-8")
    return said.read_text(encoding="utf-8"), Office(folder)


def exported(office: Office) -> list[dict]:
    return [json.loads(line) for line in office.say("export").splitlines()]


def test_every_mail_is_kept_once(played: tuple[str, Office]) -> None:
    kept = Counter(
        message["at"] for one in exported(played[1]) for message in one["messages"] if message["direction"] == "in"
    )
    mails = [step for step in STORY if isinstance(step, Mail)]
    doubled = [mail for mail in mails if mail.again]
    assert sum(kept.values()) == len(mails) - len(doubled) + 1  # and the phone call


def test_the_duplicates_are_one_ticket_and_the_outage_is_high(played: tuple[str, Office]) -> None:
    tickets = exported(played[1])
    outage = next(one for one in tickets if one["subject"] == "Webbutiken ligger nere!")
    assert (outage["priority"], outage["labels"]) == ("high", ["drift"])
    assert len([link for link in outage["links"] if link["kind"] == "merged"]) == 2


def test_a_thank_you_reopens_nothing_and_a_bounce_shows(played: tuple[str, Office]) -> None:
    tickets = {one["subject"]: one for one in exported(played[1])}
    login = tickets["Cannot log in to the dealer portal"]
    assert login["status"] == "closed"
    assert "reopened" not in [event["what"] for event in login["events"]]
    assert "not delivered" in played[0]


def test_it_ends_with_the_board_the_report_and_what_to_try(played: tuple[str, Office]) -> None:
    said, office = played
    assert "Overdue (" in said
    assert "TIMES" in said
    assert "The desk is yours to try" in said
    assert (office.folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def of_one_mail() -> list[Mail | Run]:
    """The story of one mail."""
    mail = next(step for step in STORY if isinstance(step, Mail) and step.key == "varning")
    fetch = next(step for step in STORY if isinstance(step, Run) and step.line == "fetch" and step.day >= mail.day)
    return [mail, fetch]


def test_with_json_the_answer_is_the_folder(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are shown on standard error."""
    monkeypatch.setattr("ticketctl.demo.player.STORY", of_one_mail())
    ran = office.run("demo", "--json", "-q", tmp_path / "butik", user="")
    assert json.loads(ran.stdout) == {"folder": str(tmp_path / "butik")}
    assert "Norrsken" in ran.stderr


@pytest.mark.long
def test_by_default_it_is_shown_in_chapters(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ticketctl", "demo", str(tmp_path / "butik")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert len(done.stdout.splitlines()) <= 80
    for step in STORY:
        assert not isinstance(step, Run) or step.why in done.stdout
    assert "The board counts 7 open tickets, the report 6: what machines wrote" in done.stdout


def test_it_takes_no_folder_that_holds_something(office: Office) -> None:
    said = office.trouble("demo", office.folder, code=5)
    assert "is not empty; `ticketctl demo FOLDER` names a new folder" in said


@pytest.mark.extra("web")
def test_its_web_pages_are_served_until_stopped(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ticketctl.demo.player.STORY", of_one_mail())
    pages: list[str] = []

    def look(served: Portal) -> None:
        Thread(target=served.server.run, daemon=True).start()
        for path in ("", "form/form", "help", "login"):
            with urllib.request.urlopen(f"{served.address}{path}") as answered:
                pages.append(answered.read().decode())

    monkeypatch.setattr("ticketctl.demo.portal.Portal.run", look)
    said = office.say("demo", "-q", "--serve", tmp_path / "butik", user="")
    assert all("Norrsken" in page for page in pages) and len(pages) == 4
    assert re.search(r"http://127.0.0.1:\d+/board .* log in as alice with the password \S{16}", said)


def test_nothing_is_served_where_nobody_looks(played: tuple[str, Office]) -> None:
    assert "as web pages" not in played[0]
