"""`report`: what is asked for, in which form, and the weekly mail once."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes, policy

import msgspec
import pytest

from tests.conftest import ROOT, Office
from ticketctl.content.terminal import columns
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(office):
    """On Monday 2026-11-23 at 07:00. Last week: #1 answered after 2 h and closed, #2 not answered, #3 spam."""
    office.make(1, age=HOUR)  # Friday 09:00
    answer = Message(
        key="m2",
        direction="out",
        kind="message",
        at=office.now + HOUR,
        sender=Person("support@exempel.example"),
        author="alice",
        delivery="sent",
        delivered_at=office.now + HOUR,
        text="Den är på väg.",
    )
    office.change(1, lambda ticket: ticket.write(Act("alice", office.now + HOUR), answer))
    office.change(1, lambda ticket: ticket.close(Act("alice", office.now + 2 * HOUR), cause="leverans"))
    office.make(2, age=2 * HOUR, assignee="bo")
    office.make(3, age=2 * HOUR, spam=True)
    office.now += timedelta(days=2, hours=21)
    return office


def asked(office, *options):
    return json.loads(office.say("report", "--json", *options))


def test_the_last_full_week_unless_told_otherwise(desk):
    assert asked(desk)["window"] == {"name": "2026-W47", "first_day": "2026-11-16", "last_day": "2026-11-22"}
    assert asked(desk, "--week") == asked(desk) == asked(desk, "--week", "2026-W47")
    assert asked(desk, "--month")["window"]["name"] == "2026-10"
    assert asked(desk, "--month", "2026-11")["window"]["last_day"] == "2026-11-30"
    assert asked(desk, "--from", "2026-11-20", "--to", "2026-11-20")["flow"]["arrivals"] == 2
    assert asked(desk, "--from", "2026-11-20")["window"]["last_day"] == "2026-11-23"


def test_the_figures(desk):
    found = asked(desk)
    assert found["first_response"]["calendar"] == {"n": 1, "median_minutes": 120, "p90_minutes": 120, "few": True}
    assert found["first_response"]["provisional"]
    assert found["unanswered"] == {"count": 1, "oldest": 2, "age_minutes": (24 + 24 + 16) * 60}  # Friday 08:00
    assert found["resolution_last"]["business"]["median_minutes"] == 180
    assert (found["flow"]["arrivals"], found["flow"]["closes"]) == (2, 1)
    assert found["causes"] == {
        "counts": {"leverans": 1},
        "covered": {"part": 1, "whole": 1, "share": 1.0, "few": True, "provisional": True},
    }
    # #1 answered within 4 h, #2 not within its 4 h of Friday; resolutions are due on Wednesday.
    assert found["targets_kept"]["first_response"]["part"] == 1
    assert found["targets_kept"]["first_response"]["whole"] == 2
    assert found["targets_kept"]["resolution"]["whole"] == 0
    assert found["workload"][0]["owner"] == "alice" and found["workload"][0]["replies"] == 1
    assert found["workload"][1] == {
        "owner": "bo",
        "open": 1,
        "overdue": 1,
        "waiting_on_us": 1,
        "oldest_minutes": 64 * 60,
        "replies": 0,
    }


def test_the_archive_changes_no_figure(desk):
    before = asked(desk)
    assert desk.store.archive(desk.now) == 1
    assert asked(desk) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sv",
            ["Rapport 2026-W47", "TIDER", "Första svar", "preliminärt", "äldst #2", "väntar på kunden", "Orsak finns"],
        ),
        ("en", ["Report 2026-W47", "TIMES", "First response", "provisional", "oldest #2", "waiting for the customer"]),
    ],
)
def test_the_text_of_each_language_fits_100_columns(desk, language, words):
    told = desk.say("--language", language, "report")
    for word in words:
        assert word in told
    assert max(map(columns, told.splitlines())) <= 100


def test_long_names_still_fit(desk):
    desk.change(1, lambda ticket: msgspec.structs.replace(ticket, cause="en mycket lång orsak " * 12))
    desk.change(2, lambda ticket: msgspec.structs.replace(ticket, assignee="b" * 200))
    assert max(map(columns, desk.say("report").splitlines())) <= 100


def test_csv_is_read_back_and_holds_no_formula(desk):
    desk.change(1, lambda ticket: msgspec.structs.replace(ticket, cause="=cmd|' /C calc'!A0"))
    desk.change(2, lambda ticket: msgspec.structs.replace(ticket, assignee="@SUM(1+1)"))
    rows = list(csv.reader(desk.say("report", "--csv=plain").splitlines()))
    assert rows[0] == ["figure", "value"]
    figures = dict(rows[1:])
    assert figures["flow.arrivals"] == "2"
    assert figures["first_response.calendar.median_minutes"] == "120.0"
    assert "'@SUM(1+1)" in figures.values()
    assert not any(cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row)
    assert all(not cell.startswith("-") or float(cell) < 0 for row in rows for cell in row)


def test_a_page_on_a_full_disk_is_named(desk):
    assert "/dev/full: No space left on device" in desk.trouble("report", "--html", "/dev/full", code=10)


def test_a_full_disk_leaves_the_page_that_was_there(desk, tmp_path):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    page = tmp_path / "rapport.html"
    page.write_text("den förra", "utf-8")
    for name in (page, tmp_path / "ny.html"):
        assert desk.process("report", "--html", name, preexec_fn=small).returncode == 10
    assert page.read_text("utf-8") == "den förra"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith((".html", ".tmp"))] == ["rapport.html"]


def test_a_page_is_put_where_a_link_points_and_into_a_pipe(desk, tmp_path):
    page, link = tmp_path / "rapport.html", tmp_path / "länk.html"
    page.write_text("den förra", "utf-8")
    page.chmod(0o640)
    link.symlink_to(page)
    desk.say("report", "--html", link)
    assert link.is_symlink() and page.read_text("utf-8").startswith("<!DOCTYPE")
    assert page.stat().st_mode & 0o777 == 0o640
    assert desk.process("report", "--html", "/dev/stdout").stdout.startswith("<!DOCTYPE")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["report", "list --json", "--help", "export"])
def test_where_standard_output_is_full_it_says_so(desk, command, unbuffered):
    words = " ".join([sys.executable, "-m", "ticketctl", command])
    env = {**os.environ, **desk.environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(["sh", "-c", f"{words} >/dev/full"], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (10, "ticketctl: standard output: No space left on device\n")


def test_html_is_a_page_of_its_own_with_everything_escaped(desk, tmp_path):
    desk.change(1, lambda ticket: msgspec.structs.replace(ticket, cause="<script>alert(1)</script>"))
    page, other = tmp_path / "rapport.html", tmp_path / "report.html"
    assert "2026-W47" in desk.say("report", "--html", page)
    text = page.read_text("utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "http" not in text.replace("http-equiv", "") and "src=" not in text.replace("default-src", "")
    assert "Löften som hölls" in text and '<html lang="sv">' in text
    desk.say("--language", "en", "report", "--html", other)
    assert "Promises kept" in other.read_text("utf-8") and '<html lang="en">' in other.read_text("utf-8")


def test_the_weekly_mail_leaves_once(desk):
    rules = desk.folder / "rules.yaml"
    to = "report: {to: [alice, chef@exempel.example], every: monday 07:00}\n"
    rules.write_text(rules.read_text("utf-8") + to, "utf-8")
    mailed = desk.say("--language", "en", "report", "--email")  # which the mail, for others, does not follow
    assert "in the outbox for alice@exempel.example, chef@exempel.example" in mailed
    assert "report 2026-W47: mailed already on" in desk.say("report", "--email")
    assert "rapport 2026-W47: skickades redan 2026-11-23\n" in desk.say("--language", "sv", "report", "--email")
    assert desk.say("report", "--email", "-q") == ""
    with desk.store.reading() as inside:
        (item,) = inside.outbox()
        assert inside.run("report 2026-W47") is not None
    mail = message_from_bytes(desk.store.blobs.get(item.raw), policy=policy.default)
    assert (item.kind, item.recipients) == ("report", ("alice@exempel.example", "chef@exempel.example"))
    assert mail["Subject"] == "[Exempel AB] v. 47: 1 sent, 1 utan ansvarig, svarstid 2 tim"
    assert mail.get_content_type() == "multipart/alternative"
    assert "Första svar" in mail.get_body(("plain",)).get_content()
    assert "Första svar" in mail.get_body(("html",)).get_content()
    desk.now += 7 * DAY
    assert "2026-W48: in the outbox" in desk.say("report", "--email")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--week", "2026-W54"], "2026-W47"),
        (["--month", "november"], "2026-11"),
        (["--to", "2026-11-20"], "--from"),
        (["--from", "2026-11-20", "--to", "2026-11-19"], "comes before"),
        (["--week", "2026-W47", "--month", "2026-11"], "one of"),
        (["--csv", "--json"], "one of"),
        (["--email"], "report: {to:"),
    ],
)
def test_what_cannot_be_is_refused(desk, options, told):
    assert told in desk.trouble("report", *options, code=2)


def test_a_running_week_is_not_mailed(desk):
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "report: {to: [alice]}\n", "utf-8")
    assert "not over" in desk.trouble("report", "--week", "2026-W48", "--email", code=2)


def test_an_empty_desk_reports(office):
    assert asked(office)["first_response"]["calendar"]["median_minutes"] is None
    assert "TIMES" in office.say("report")


def test_the_main_line_from_question_to_report(office):
    """Asked on Friday 08:00, answered and closed with the real commands at 10:00, sent at 10:05."""
    office.make(1, age=2 * HOUR)
    office.run("set", 1, "category=faktura")
    office.run("reply", 1, "--text", "Den är på väg. /Alice", "--queue", "--close", "--cause", "leverans")
    office.now += timedelta(minutes=5)
    office.run("send")
    office.now += 3 * DAY
    found = asked(office)
    assert found["first_response"]["calendar"]["median_minutes"] == 125
    assert found["resolution_last"]["business"]["median_minutes"] == 120
    assert found["targets_kept"]["first_response"] == {
        "part": 1,
        "whole": 1,
        "share": 1.0,
        "few": True,
        "provisional": False,
    }
    assert found["touches"]["one_touch"]["part"] == 1
    assert found["causes"]["counts"] == {"leverans": 1}
    assert found["backlog"]["total"] == 0


def test_the_day_of_a_mailed_report_is_the_desks(desk):
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "report: {to: [alice]}\n", "utf-8")
    desk.now = desk.now.replace(day=24, hour=23, minute=30)  # half past midnight in Stockholm
    desk.say("report", "--email")
    assert desk.say("report", "--email") == "report 2026-W47: mailed already on 2026-11-25\n"


@pytest.mark.parametrize(
    "period",
    [
        "--week 0001-W01", "--week 9999-W52", "--month 0001-01", "--month 9999-12", "--day 0001-01-01",
        "--day 9999-12-31", "--year 9999", "--quarter 9999-Q4", "--from 0001-01-01",
    ],
)  # fmt: skip
def test_years_without_figures_are_refused_in_a_sentence(office: Office, period: str) -> None:
    assert "2026" in office.trouble("report", *period.split(), code=2)
