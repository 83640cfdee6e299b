"""The audit log as a desk's owner meets it: changes and readings are in it, no person is, and tampering shows."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Office
from tests.mails import simple

CANARY = "kanariefågel@kund.example"


@pytest.fixture
def used(office: Office) -> Office:
    """A day's work on a desk."""
    office.run("fetch", "-", stdin=simple("Hemlig kanariefågel", "personligt", sender=CANARY).decode())
    office.run("assign", 1, "bo")
    office.run("note", 1, f"ringde {CANARY}", user="bo")
    office.run("show", 1, user="vera")
    office.run("set", 1, "category=support")
    office.run("close", 1, "--cause", "leverans")
    office.run("export")
    return office


def records(office: Office) -> list[dict]:
    return [json.loads(line) for line in (office.folder / "data" / "audit.jsonl").read_text().splitlines()]


def test_changes_and_readings_are_in_it(used: Office) -> None:
    found = [(one["actor"], one["action"], one.get("ticket", 0)) for one in records(used)]
    for expected in (
        ("alice", "assigned", 1),
        ("bo", "noted", 1),
        ("vera", "show", 1),
        ("alice", "closed", 1),
        ("alice", "export", 0),
    ):
        assert expected in found
    assert found[0][0] == "system"


def test_nobody_is_named_in_it(used: Office) -> None:
    log = (used.folder / "data" / "audit.jsonl").read_text(encoding="utf-8")
    for secret in (CANARY, "kanarie", "personligt", "ringde"):
        assert secret not in log


def test_doctor_sees_a_line_taken_out_and_a_cut_tail(used: Office) -> None:
    path = used.folder / "data" / "audit.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    assert "audit.jsonl" in used.say("doctor", "--offline")
    for damaged in (whole[:3] + whole[4:], whole[:2], whole[:-3]):
        path.write_bytes(b"".join(damaged))
        assert "BAD" in used.run("doctor", "--offline", code=6).stdout
    path.write_bytes(b"".join(whole))
    used.run("doctor", "--offline")


def test_a_damaged_log_is_set_aside_and_the_new_one_says_so(used: Office) -> None:
    path = used.folder / "data" / "audit.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[:2]))
    used.run("doctor", "--offline", code=6)
    assert "begun anew" in used.say("doctor", "--offline", "--recover")
    used.run("doctor", "--offline")
    used.run("note", 1, "efter")
    used.run("doctor", "--offline")
    assert records(used)[0]["action"] == "audit log begun anew"
    [kept] = path.parent.glob("audit.jsonl.damaged-*")
    assert kept.read_bytes() == b"".join(whole[:2])
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    used.run("doctor", "--offline", code=6)  # and the new one is watched as the old one was


def test_a_dry_run_changes_no_ticket_and_leaves_no_record_of_a_change(used: Office) -> None:
    before = records(used)
    used.run("purge", "--dry-run")
    used.run("escalate", "--dry-run")
    assert records(used) == before


def test_the_report_tells_how_far_the_log_reaches(used: Office) -> None:
    assert f"post {records(used)[-1]['number']}," in used.say("--language", "sv", "report")
