"""The audit log as a desk's owner meets it: changes and readings are in it, no person is, and tampering shows."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Office
from tests.mails import simple
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.store import Quarantined
from ticketctl.store.audit.log import AuditLog

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
    for secret in (CANARY, "kanarie", "personligt", "ringde", "example"):
        assert secret not in log


READINGS = {  # what is typed → what the log calls it
    "show 1": "show", "show 1 --json": "show", "show 1 --attachments ut": "attachments", "export": "export",
    "explain 1": "explain", "triage --suggest 1": "triage suggest", "snippets try mottaget 1": "snippets try",
    "drafts": "drafts", "inbox": "inbox", "quarantine show": "quarantine show", "reply 1 --draft": "reply",
    "triage --interactive 1": "triage", "audit show": "audit show",
}  # fmt: skip


@pytest.mark.parametrize("line", READINGS)
def test_every_reading_is_in_it_before_it_is_shown(office: Office, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.folder)
    office.run("fetch", "-", stdin=simple("Var är paketet?", "Hej", sender=CANARY).decode())
    office.run("assign", 1, "alice")
    if line == "drafts":
        office.run("reply", 1, "--draft", "--text", "Utkast.")
    if line == "inbox":
        office.run("note", 1, "@alice titta", user="bo")
    if line == "quarantine show":
        [item] = aside(office)
        line = f"quarantine show {item}"
    before = len(records(office))
    office.invoke(*line.split(), stdin="q\n")
    found = [one for one in records(office)[before:] if not one.get("generation")]
    wanted = READINGS.get(line, "quarantine show")
    assert found[0]["action"].removesuffix(" 3f9a") == wanted
    assert found[0]["actor"] == "alice"
    assert office.say("audit", "verify")


def aside(office: Office) -> list[str]:
    with office.store.transaction() as desk:
        sha = office.store.blobs.put(b"From: x\n\nhej")
        desk.quarantine(
            Quarantined(id="3f9a", at=office.now, reason="test", source="-", raw=sha, content="c", message_id="m")
        )
    return ["3f9a"]


def test_who_read_a_ticket_and_a_persons_words(used: Office) -> None:
    used.run("fetch", "-", stdin=simple("En annan", "hej", sender="anna@kund.example").decode())
    used.run("show", 2, user="bo")
    read = used.say("audit", "show", 1, "--readings")
    assert "vera" in read and "show" in read and "#2" not in read
    theirs = used.say("audit", "show", "--person", CANARY.upper(), "--readings")
    assert "vera" in theirs and "bo" not in theirs
    assert "bo" in used.say("audit", "show", "--person", "anna@kund.example", "--readings")
    assert used.say("audit", "show", "--agent", "vera").count("vera") == 1
    assert used.say("audit", "show", "--before", "2026-11-01") == "No records found.\n"
    changes = used.say("audit", "show", "--changes", "--after", "2026-11-20", 1)
    assert "closed" in changes and "show" not in changes
    assert "inga" in used.say("--language", "sv", "audit", "show", 99).lower()
    days = {line[:3] for line in used.say("--language", "sv", "audit", "show").splitlines()[1:]}
    assert days and days <= {"mån", "tis", "ons", "tor", "fre", "lör", "sön"}
    shown = [json.loads(line) for line in used.say("audit", "show", "--json", "--all").splitlines()]
    assert {one["action"] for one in shown} >= {"audit log begun", "stored", "show"}


def test_a_cut_end_shows_against_the_mailed_report(used: Office) -> None:
    told = used.say("--language", "sv", "report")
    head = next(line for line in told.splitlines() if "post " in line)
    assert "contains the record that you named" in used.say("audit", "verify", "--anchor", head.split("post")[1])
    data = used.folder / "data"
    kept = {name: (data / name).read_bytes() for name in ("audit.jsonl", "audit.head", "desk.json", "desk.lock")}
    used.run("note", 1, "mer")
    used.run("show", 1)
    later = records(used)[-1]
    for name, content in kept.items():  # an older copy of everything
        (data / name).write_bytes(content)
    (data / "desk.json.bak").unlink()
    assert "none of these was changed, and none between them is missing" in used.say("audit", "verify")
    assert "An older copy of the whole folder would pass too" in used.say("audit", "verify")
    anchor = f"{later['number']}:{later['mac'][:16]}"
    assert "but the anchor remembers" in used.trouble("audit", "verify", "--anchor", anchor, code=6)
    assert "not a record of an audit log" in used.trouble("audit", "verify", "--anchor", "17", code=2)


REASONS = ("anna@kund.example har ringt", "ringde 070-123 45 67", "19900101-1234", "se https://kund.example", "a" * 201)


@pytest.mark.parametrize("reason", [*REASONS, "Kanariefågel ringde"])
def test_a_reason_names_nobody(office: Office, reason: str) -> None:
    office.make(1, requester=Person(CANARY, "Kim Kanariefågel"))
    before = records(office)[-1:] if (office.folder / "data" / "audit.jsonl").exists() else []
    assert "reason" in office.trouble("show", 1, "--reason", reason, code=2)
    after = records(office)[-1:] if (office.folder / "data" / "audit.jsonl").exists() else []
    assert before == after


def test_a_reason_is_asked_for_where_rules_yaml_says_so(office: Office) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "privacy: {reasons: [show, export]}\n", "utf-8")
    office.make(1)
    for line in (("show", 1), ("export",)):
        assert "requires a reason" in office.trouble(*line, code=2)
        assert "Hej" not in office.invoke(*line).stdout
    office.run("show", 1, "--reason", "kunden ringde 2026-11-20, ärende #17")
    office.run("close", 1, "--cause", "leverans", "--set", "category=support", "--reason", "på begäran")
    assert [one["reason"] for one in records(office) if one.get("reason")][::3] == [
        "kunden ringde 2026-11-20, ärende #17",
        "på begäran",
    ]
    office.run("explain", 1)  # not asked there


def test_lists_are_in_it_where_rules_yaml_says_so(office: Office) -> None:
    for number in (1, 2, 3, 5):
        office.make(number)
    office.run("list")
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "privacy: {log_lists: true}\n", "utf-8")
    for line in ("list", "board", "report --from 2026-11-01", "search beställning"):
        office.run(*line.split())
    found = [(one["action"], one.get("shown", "")) for one in records(office)[1:]]
    assert found == [("list", "1-3 5"), ("board", "1-3 5"), ("report", "1-3 5"), ("search", "1-3 5")]
    assert "board" in office.say("audit", "show", 5)


def test_a_key_outside_data(office: Office, tmp_path: Path) -> None:
    """Who may write all of data/, and read the key there, can forge nothing."""
    office.make(1)
    office.run("show", 1)
    place = tmp_path / "nycklar"
    place.mkdir(mode=0o700)
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + f"privacy: {{audit_key: {place}/logg}}\n", "utf-8")
    for _ in range(3):
        office.run("show", 1)
    assert "none of these was changed, and none between them is missing" in office.say("audit", "verify")
    assert (place / "logg").stat().st_mode & 0o777 == 0o600 and (place / "logg.head").exists()
    data = office.folder / "data"
    lines = (data / "audit.jsonl").read_bytes().splitlines(keepends=True)
    (data / "audit.jsonl").write_bytes(b"".join(lines[:2]))
    AuditLog(data, (data / "key").read_bytes()).record(at=office.now, actor="bo", action="show", ticket=1)
    assert "logg.head remembers" in office.trouble("audit", "verify", code=6)
    (data / "audit.jsonl").write_bytes(b"".join(lines))
    office.run("audit", "verify")
    (place / "logg").chmod(0o644)
    assert "may be read by others" in office.trouble("audit", "verify", code=10)
    assert "may be read by others" in office.trouble("note", 1, "hej", code=10)
    assert "Var är" in office.say("show", 1)  # reading goes on, and says that it is not noted


def test_a_key_in_the_desk_is_refused(office: Office) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "privacy: {audit_key: data/logg}\n", "utf-8")
    office.make(1)
    assert "names a file in the desk" in office.trouble("note", 1, "hej", code=2)


def test_old_records_go_each_night(office: Office) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "privacy: {audit_keep: 12 months}\n", "utf-8")
    office.make(1)
    office.run("show", 1)
    office.now += timedelta(days=400)
    office.run("show", 1)
    office.run("purge", "--clock-is-right", user="system")
    assert [one["action"] for one in records(office)][:2] == ["audit log pruned", "show"]
    assert "none of these was changed, and none between them is missing" in office.say("audit", "verify")


@pytest.mark.parametrize("trouble", ["link", "broken", "full of junk"])
def test_a_log_that_cannot_be_written_hides_no_ticket(used: Office, tmp_path: Path, trouble: str) -> None:
    path = used.folder / "data" / "audit.jsonl"
    if trouble == "link":
        path.rename(tmp_path / "log")
        path.symlink_to(tmp_path / "log")
    else:
        path.write_bytes(path.read_bytes() + (b"hej\n" if trouble == "broken" else b"\0" * 5000 + b"\n"))
    shown = used.run("show", 1)
    assert "personligt" in shown.stdout and "not noted in the audit log" in shown.stderr


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
