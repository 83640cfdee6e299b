"""`doctor`: what is well, what is not, and the exit code that tells it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.ports.store import Quarantined, Run

HOUR = timedelta(hours=1)
FETCH = "fetch spool"
SOURCE = "sources: [{name: spool, maildir: /finns/inte}]\n"


def with_source(office):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + SOURCE)


def findings(office, *options, code=0):
    lines = office.run("doctor", "--json", *options, code=code).stdout.splitlines()
    return {found["subject"]: found for found in map(json.loads, lines)}


def kept(office, change):
    with office.store.transaction() as desk:
        change(desk)


def test_a_new_desk_is_well(office):
    found = findings(office)
    assert {one["state"] for one in found.values()} <= {"ok", "warning"}
    assert {found[subject]["state"] for subject in ("rules.yaml", "outgoing", "clock")} == {"ok"}
    assert "names no source" in found["sources"]["detail"]


def test_every_fault_of_rules_yaml_and_still_the_store(office):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + "priorty: 1\nunknown: 2\n")
    result = office.run("doctor", code=2)
    assert result.stdout.count("BAD") == 2 and "rules.yaml:" in result.stdout and "not looked at" in result.stdout


def test_a_damaged_store_and_how_to_mend_it(office):
    office.make(1)
    office.make(2)
    desk = office.folder / "data" / "desk.json"
    desk.write_bytes(desk.read_bytes()[:-40])
    result = office.run("doctor", "--offline", code=6)
    assert result.stdout.count("→ `ticketctl doctor --recover` repairs it") == result.stdout.count("--recover") == 1
    office.run("list", code=6)
    office.run("doctor", "--offline", "--recover")
    assert "beställning" in office.say("list")


def test_a_viewer_mends_nothing(office):
    office.run("doctor", "--recover", user="vera", code=5)


def test_others_can_look_into_data(office):
    office.make()
    (office.folder / "data").chmod(0o755)
    found = findings(office, "--offline")["data/"]
    assert found["state"] == "warning" and found["next_step"].startswith("chmod 700")


def test_a_clock_that_went_back(office):
    office.make(1)
    office.now -= timedelta(days=400)
    assert findings(office, "--offline")["clock"]["state"] == "warning"


@pytest.mark.parametrize(
    ("run", "state", "told"),
    [
        (Run(name=FETCH, at=None, detail="no such folder"), "error", "never gone well; no such folder"),
        (Run(name="escalate", at=None), "error", "never gone well"),
    ],
)
def test_a_job_that_fails(office, run, state, told):
    import msgspec

    with_source(office)
    kept(office, lambda desk: desk.note_run(msgspec.structs.replace(run, at=office.now - HOUR)))
    found = findings(office, "--offline", code=8)[run.name]
    assert found["state"] == state and told in found["detail"]


def test_a_fetch_that_fell_silent(office):
    with_source(office)
    long_ago = office.now - 30 * HOUR
    kept(office, lambda desk: desk.note_run(Run(name=FETCH, at=long_ago, ok_at=long_ago)))
    found = findings(office, "--offline")[FETCH]
    assert (found["state"], found["next_step"]) == ("warning", "ticketctl cron install")
    kept(office, lambda desk: desk.note_run(Run(name=FETCH, at=office.now - HOUR, ok_at=office.now - HOUR)))
    assert findings(office, "--offline")[FETCH]["state"] == "ok"


def test_jobs_that_are_gone_are_not_told(office):
    week = timedelta(days=7)
    for name, at in (("fetch gammal", office.now), ("fetch maildir:/tmp/en", office.now - week)):
        kept(office, lambda desk, name=name, at=at: desk.note_run(Run(name=name, at=at, detail="no such folder")))
    for name, ok_at in (("report 2026-W46", office.now - week), ("report 2026-W45", office.now - 2 * week)):
        kept(office, lambda desk, name=name, at=ok_at: desk.note_run(Run(name=name, at=at, ok_at=at)))
    found = findings(office, "--offline")
    assert [name for name in found if name.startswith("fetch")] == []
    assert found["report"]["detail"] == "went well 7d ago"


def test_a_long_name_keeps_the_columns(office):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + SOURCE.replace("spool", "kundtjanst-och-reklamationer"))
    lines = office.say("doctor", "--offline").splitlines()
    at = lines.index("look  fetch kundtjanst-och-reklamationer")
    assert lines[at + 1].index("has never run") == lines[0].index(str(office.folder)) == lines[at + 2].index("→")


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        ({"state": "failed", "ticket": 7}, "error", 8),
        ({"state": "uncertain"}, "error", 8),
        ({"state": "queued"}, "warning", 0),
        ({"state": "sent"}, "ok", 0),
    ],
)
def test_the_outbox(office, fields, state, code):
    given = {"id": "x", "kind": "report", "message_id": "a@b", "raw": "", "sender": "", "recipients": ()}
    kept(office, lambda desk: desk.queue(Outbound(**given, queued_at=office.now - 9 * HOUR, **fields)))
    assert findings(office, "--offline", code=code)["outbox"]["state"] == state


def test_what_was_set_aside(office):
    kept(
        office,
        lambda desk: desk.quarantine(
            Quarantined(id="q1", at=office.now, reason="broken", source="spool", raw="", content="c")
        ),
    )
    assert "1 message set aside" in findings(office, "--offline")["quarantine"]["detail"]


def test_a_source_that_cannot_be_reached(office):
    with_source(office)
    found = findings(office, code=8)
    assert found["source spool"]["state"] == "error" and found[FETCH]["detail"] == "has never run"
    assert "source spool" not in findings(office, "--offline")


def test_a_desk_file_lost_with_its_backup_is_said_by_every_command_and_never_begun_afresh(office):
    office.make()
    office.run("assign", 1, "bo")  # the audit log knows of #1 now
    office.run("fetch", "-", stdin="From: a@kund.example\nSubject: Hej\n\nHej!\n")
    for name in ("desk.json", "desk.json.bak"):
        (office.folder / "data" / name).unlink()
    for args in (["list"], ["show", 1], ["board"], ["escalate"], ["send"], ["purge"], ["export"], ["report"]):
        assert "doctor --recover" in office.trouble(*args, code=6), args
    assert "doctor --recover" in office.trouble("fetch", "-", code=75, stdin="Subject: Hej\n\nHej!\n")
    assert "only stored mail or the audit log is left" in office.say("doctor", "--offline", code=6)
    assert not (office.folder / "data" / "desk.json").exists()
    assert "begun anew, the next ticket is #3" in " ".join(
        office.say("doctor", "--offline", "--recover", code=6).split()
    )
    assert office.say("fetch", "-", stdin="Subject: Hej\n\nHej igen!\n") == "1 mail: 1 new ticket (#3)\n"
