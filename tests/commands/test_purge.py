"""`purge`: what is over goes, all of it, and does not come back."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from tests.growth import HANG
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act
from ticketctl.ports.store import Quarantined
from ticketctl.store import locks
from ticketctl.store.blobs import FileBlobs
from ticketctl.usecases.upkeep import purge as purging

DAY = timedelta(days=1)
PRIVACY = """\
privacy:
  retention:
    - {when: {status: closed, closed_for: 24 months}, then: anonymise}
    - {when: {label: spam}, after: 30 days, then: delete}
    - {raw_mail: 90 days}
"""
RETENTION_OF_LABEL = """\
  retention:
    - {when: {label: reklamation, open: true}, after: 30 days, then: anonymise}
"""
CANARY = "Kanariefågelsson"


@pytest.fixture
def desk(office):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + PRIVACY, "utf-8")
    return office


def put(office, data):
    """A blob as it would be after a while."""
    name = office.store.blobs.put(data)
    path = office.folder / "data" / "blobs" / name[:2] / name
    old = (office.now - 3 * DAY).timestamp()
    os.utime(path, (old, old))
    return name


def make(office, number, *, age, **fields):
    """A ticket whose every part bears the canary's name, with original mail and an attachment."""
    raw = put(office, f"From: {CANARY} {number}".encode())
    data = put(office, f"pass {number}".encode())
    file = Attachment(name=f"{CANARY}.pdf", type="application/pdf", size=9, sha256=data)
    who = Person(f"{CANARY.lower()}@kund.example", CANARY)
    ticket = office.make(
        number, age=age, requester=who, subject=CANARY, text=f"Jag heter {CANARY}", attachments=(file,)
    )
    message = msgspec.structs.replace(ticket.messages[0], raw=raw, content=f"innehåll {number}")
    office.change(number, lambda ticket: msgspec.structs.replace(ticket, messages=(message,), **fields))
    return raw, file.sha256


def spam(office, number):
    return make(office, number, age=40 * DAY, spam=True, status="closed", closed_at=office.now - 39 * DAY)


def solved(office, number, age=800 * DAY):
    blobs = make(office, number, age=age)
    office.change(
        number,
        lambda ticket: ticket.close(Act("alice", office.now - age + DAY), cause="leverans", lesson=f"{CANARY} är nöjd"),
    )
    return blobs


def traces(office, word=CANARY):
    """Files of data/ in which the word stands."""
    files = [path for path in (office.folder / "data").rglob("*") if path.is_file()]
    return [path.name for path in files if word.lower().encode() in path.read_bytes().lower()]


def contents(office):
    """Everything in data/ but locks and the cache of rules.yaml."""
    files = [path for path in (office.folder / "data").rglob("*") if path.is_file() and path.name[0] != "."]
    return {path: path.read_bytes() for path in files if path.suffix != ".lock"}


def test_nothing_over(desk):
    desk.make(1)
    assert desk.say("purge") == "There is nothing to delete.\n"
    assert desk.say("purge", "-q") == ""


def test_spam_is_deleted_with_its_blobs_and_does_not_come_back(desk):
    blobs = spam(desk, 1)
    desk.make(2)
    assert "#1 deleted: spam for 30d" in desk.say("purge")
    assert desk.trouble("show", 1, code=4)
    assert not any(desk.store.blobs.has(blob) for blob in blobs)
    assert traces(desk) == []
    with desk.store.reading() as inside:
        assert inside.find_content("innehåll 1") == 0  # a tombstone: fetch leaves the same mail out
    assert desk.get(2).number == 2


def figures(desk) -> dict[str, object]:
    """All that the report counts; lessons are words of people, and purge is in the audit log."""
    told = json.loads(desk.say("report", "--json", "--from", "2024-01-01"))
    return {key: value for key, value in told.items() if key not in ("lessons", "audit")}


def test_an_old_ticket_is_anonymised_wherever_it_lies(desk):
    blobs = solved(desk, 1)
    desk.store.archive(desk.now)
    before = figures(desk)
    assert "#1 anonymised: closed for 24 months" in desk.say("purge")
    assert traces(desk) == []  # not on the desk, in its backup, in the archive, nor among the blobs
    assert not any(desk.store.blobs.has(blob) for blob in blobs)
    assert figures(desk) == before
    with desk.store.reading() as inside:
        assert inside.find_content("innehåll 1") == 1
        assert [ticket.number for ticket in inside.find()] == []  # back in the archive
    assert desk.say("purge") == "There is nothing to delete.\n"


def test_a_ticket_that_never_was_archived_leaves_no_trace_in_the_backup(desk):
    spam(desk, 1)
    solved(desk, 2)
    desk.say("purge")
    assert traces(desk) == []


def test_original_mail_goes_after_its_time_and_the_text_stays(desk):
    raw, attached = make(desk, 1, age=100 * DAY)
    young, _ = make(desk, 2, age=80 * DAY)
    assert "1 original mail, 1 stored file removed" in desk.say("purge")
    assert not desk.store.blobs.has(raw)
    assert desk.store.blobs.has(attached) and desk.store.blobs.has(young)
    assert CANARY in desk.get(1).messages[0].text


def test_a_blob_that_another_ticket_names_is_kept(desk):
    _, attached = spam(desk, 1)
    desk.make(2, attachments=(Attachment(name="samma.pdf", type="application/pdf", size=9, sha256=attached),))
    desk.say("purge")
    assert desk.store.blobs.has(attached)


def test_what_a_dead_run_left_is_collected_after_a_day(desk):
    old, young = put(desk, b"ingen vet"), desk.store.blobs.put(b"just skrivet")
    path = desk.folder / "data" / "blobs" / young[:2] / young
    os.utime(path, (desk.now.timestamp(), desk.now.timestamp()))
    desk.say("purge")
    assert not desk.store.blobs.has(old) and desk.store.blobs.has(young)


@pytest.mark.parametrize("way", ["purge", "quarantine drop"])
def test_a_blob_that_a_reply_names_at_this_moment_stays(desk, monkeypatch, way):
    """A commit that comes while blobs are being deleted waits, and writes what it needs anew."""
    data = b"From: samma bytes"
    if way == "purge":
        raw, _ = spam(desk, 1)
        data = desk.store.blobs.get(raw)
    else:
        raw = put(desk, data)
        with desk.store.transaction() as inside:
            inside.quarantine(Quarantined(id="q1", at=desk.now, reason="trasigt", source="m", raw=raw, content="c"))
    delete, coming = FileBlobs.delete, []

    def reply():
        with desk.store.transaction() as inside:
            name = desk.store.blobs.put(data)
            inside.quarantine(Quarantined(id="q2", at=desk.now, reason="ny", source="m", raw=name, content="d"))

    def deleting(blobs, name):
        if name == raw:
            coming.append(Thread(target=reply))
            coming[0].start()
            coming[0].join(0.5)
        delete(blobs, name)

    monkeypatch.setattr(FileBlobs, "delete", deleting)
    desk.run(*way.split(), *(["q1"] if way != "purge" else []))
    coming[0].join()
    with desk.store.reading() as inside:
        assert [item.id for item in inside.quarantined()] == ["q2"]
    assert desk.store.blobs.get(raw) == data


def test_a_blob_that_was_just_put_again_is_left_to_the_next_purge(desk):
    raw, attached = spam(desk, 1)
    desk.store.blobs.put(desk.store.blobs.get(raw))
    desk.say("purge")
    assert desk.store.blobs.has(raw) and not desk.store.blobs.has(attached)
    put(desk, desk.store.blobs.get(raw))  # a day and more later
    desk.say("purge")
    assert not desk.store.blobs.has(raw)


def test_no_blob_is_deleted_while_a_fetch_runs(desk, monkeypatch):
    raw, _ = spam(desk, 1)
    monkeypatch.setattr("ticketctl.usecases.upkeep.purge._PATIENCE", 0.05)
    with locks.locked(desk.folder / "data" / "fetch.lock", 0):
        desk.trouble("purge", code=7)
    assert desk.store.blobs.has(raw)
    desk.say("purge")
    assert not desk.store.blobs.has(raw)


def test_a_dropped_mail_keeps_what_another_names(desk):
    raw, alone = put(desk, b"delas"), put(desk, b"ensam")
    with desk.store.transaction() as inside:
        for name, blob in (("q1", raw), ("q2", raw), ("q3", alone)):
            inside.quarantine(Quarantined(id=name, at=desk.now, reason="r", source="m", raw=blob, content=name))
    desk.run("quarantine", "drop", "q1")
    desk.run("quarantine", "drop", "q3")
    assert desk.store.blobs.has(raw) and not desk.store.blobs.has(alone)
    assert desk.store.blobs.get(raw) == b"delas"
    desk.run("quarantine", "drop", "q2")
    assert not desk.store.blobs.has(raw)


def test_who_was_anonymised_is_not_in_the_backup(desk):
    """Nor where the ticket stays on the desk, so that nothing else writes the desk file once more."""
    rules = desk.folder / "rules.yaml"
    rules.write_text(RETENTION_OF_LABEL.join(rules.read_text("utf-8").split("  retention:\n")), "utf-8")
    make(desk, 1, age=40 * DAY)
    desk.change(1, lambda ticket: ticket.label(Act("alice", desk.now - 39 * DAY), "reklamation"))
    desk.make(2)
    assert "#1 anonymised" in desk.say("purge")
    assert desk.get(1).status == "new"
    assert traces(desk) == []


def test_outbox_and_quarantine(desk):
    spam(desk, 1)
    long_ago = desk.now - 100 * DAY
    common = {"message_id": "x@y.example", "sender": "a@b.example", "recipients": ("c@d.example",)}
    blobs = {name: put(desk, name.encode()) for name in ("of the spam", "sent", "waits", "new", "quarantine")}
    with desk.store.transaction() as inside:
        inside.queue(
            Outbound(id="1", kind="acknowledgement", raw=blobs["of the spam"], queued_at=desk.now, ticket=1, **common)
        )
        inside.queue(
            Outbound(
                id="2",
                kind="notification",
                raw=blobs["sent"],
                queued_at=long_ago,
                state="sent",
                ended_at=long_ago,
                **common,
            )
        )
        inside.queue(Outbound(id="3", kind="reply", raw=blobs["waits"], queued_at=long_ago, state="deferred", **common))
        inside.queue(
            Outbound(
                id="4", kind="reply", raw=blobs["new"], queued_at=desk.now, state="sent", ended_at=desk.now, **common
            )
        )
        inside.quarantine(
            Quarantined(id="q", at=long_ago, reason="trasigt", source="mail", raw=blobs["quarantine"], content="c")
        )
    assert "quarantine" not in desk.say("purge", "--dry-run")  # nobody has looked at it
    assert desk.say("quarantine", "show", "q")
    told = desk.say("purge")
    assert "2 mails of the outbox, 1 mail of the quarantine" in told
    with desk.store.reading() as inside:
        assert [item.id for item in inside.outbox()] == ["3", "4"]
        assert list(inside.quarantined()) == []
    kept = {name for name, blob in blobs.items() if desk.store.blobs.has(blob)}
    assert kept == {"waits", "new"}


def test_dry_run_tells_and_changes_nothing(desk):
    spam(desk, 1)
    solved(desk, 2)
    before = contents(desk)
    assert desk.say("purge", "--dry-run").splitlines() == [
        "ticket    what       when    why",
        "#1        delete     now     spam for 30d",
        "#2        anonymise  now     closed for 24 months",
    ]
    assert json.loads(desk.say("purge", "--dry-run", "--json"))["tickets"] == [
        {"ticket": 1, "then": "delete", "why": "spam for 30d"},
        {"ticket": 2, "then": "anonymise", "why": "closed for 24 months"},
    ]
    assert contents(desk) == before


def test_the_plan_is_the_same_however_few_tickets_are_read_at_a_time(desk, monkeypatch):
    for number in range(1, 12):
        (spam if number % 3 else solved)(desk, number)
    whole = desk.run("purge", "--dry-run", "--json").output
    assert json.loads(whole)["tickets"], "there is something to compare"
    monkeypatch.setattr(purging, "_SOME", 2)
    assert desk.run("purge", "--dry-run", "--json").output == whole


def test_more_than_expected_is_declined_under_cron(desk):
    for number in range(1, 22):
        desk.make(number, age=40 * DAY, spam=True, status="closed", closed_at=desk.now - 39 * DAY)
    told = desk.trouble("purge", "-q", code=5)
    assert "21 of 21 tickets" in told and "--yes" in told
    assert desk.get(1).spam
    assert "#21 deleted" in desk.say("purge", "--yes")
    assert desk.trouble("show", 1, code=4)


def test_running_it_twice_and_at_the_same_time(desk):
    spam(desk, 1)
    with locks.locked(desk.folder / "data" / ".purge.lock", 0):
        assert desk.say("purge") == ""
    assert "#1 deleted" in desk.say("purge")
    assert desk.say("purge") == "There is nothing to delete.\n"


def test_mail_sent_on_a_purged_ticket_goes_too(desk):
    spam(desk, 1)
    sent = put(desk, b"Hej Kanarie")
    answer = Message(
        key="m2",
        direction="out",
        kind="message",
        at=desk.now - 39 * DAY,
        author="alice",
        raw=sent,
        sender=Person("support@exempel.example"),
        text="Hej",
    )
    desk.change(1, lambda ticket: msgspec.structs.replace(ticket, messages=(*ticket.messages, answer)))
    desk.say("purge")
    assert not desk.store.blobs.has(sent)


@pytest.mark.parametrize(("said", "code", "left"), [(b"n\n", 5, True), (b"y\n", 0, False)])
def test_more_than_expected_is_asked_on_a_terminal(desk, said, code, left):
    for number in range(1, 22):
        desk.make(number, age=40 * DAY, spam=True, status="closed", closed_at=desk.now - 39 * DAY)
    ours, theirs = pty.openpty()
    env = {**os.environ, **desk.environment(), "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-m", "ticketctl", "purge"], stdin=theirs, stdout=theirs, env=env, stderr=theirs
    ) as running:
        shown = b""
        while b"Go on?" not in shown:  # what is typed ahead may be thrown away when the prompt sets the terminal's mode
            shown += os.read(ours, 4096)
        os.write(ours, said)
        assert running.wait(HANG) == code
    os.close(theirs)
    os.close(ours)
    with desk.store.reading() as inside:
        assert bool(list(inside.find())) is left


def test_a_viewer_may_look_and_not_purge(desk):
    spam(desk, 1)
    assert "#1        delete  now" in desk.say("purge", "--dry-run", user="vera")
    assert "viewer" in desk.trouble("purge", code=5, user="vera")
    assert desk.get(1).spam


def test_copies_of_sent_mail_go_too(desk):
    desk.make(1, age=2 * timedelta(hours=1), requester=Person("åsa@kund.example", CANARY))
    desk.run("set", 1, "category=faktura")
    desk.run("reply", 1, "--text", f"Hej {CANARY}!", "--close", "--cause", "leverans")
    desk.make(2, requester=Person("bo@kund.example", "Bo"))
    desk.run("reply", 2, "--text", "Hej Bo!")
    desk.run("send")
    sent = desk.folder / "data" / "sent" / "new"
    assert len(list(sent.iterdir())) == 2
    desk.now += 80 * DAY
    desk.say("purge")
    assert len(list(sent.iterdir())) == 2
    desk.now += 20 * DAY  # original mail goes after 90 days
    desk.say("purge")
    assert list(sent.iterdir()) == []
    assert "Hej" in desk.get(1).messages[1].text
    desk.now += 800 * DAY
    assert "#1 anonymised" in desk.say("purge")
    assert traces(desk) == []
