"""The first time that a mailbox is read: old mail is not taken in, answered or escalated until somebody has said from
when."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.conftest import ROOT
from tests.mailbox_server import Mailbox
from tests.mails import simple

DAY = timedelta(days=1)


class Spool:
    """A desk whose source `support` is a Maildir with 60 old and 20 new mails, or a mailbox on a server."""

    def __init__(self, office):
        self.office = office
        self.rules = (office.folder / "rules.yaml").read_text()
        self.folder = office.folder / "spool"
        for part in ("new", "cur", "tmp"):
            (self.folder / part).mkdir(parents=True)
        self.configure("[{name: support, maildir: spool}]")
        self.count = 0

    def configure(self, sources):
        (self.office.folder / "rules.yaml").write_text(f"{self.rules}sources: {sources}\n")

    def arrive(self, age, times=1):
        for _ in range(times):
            self.count += 1
            path = self.folder / "new" / f"{self.count:04}.x"
            sender = f"kund{self.count}@kund.example"
            path.write_bytes(simple(f"Ärende {self.count}", message_id=f"{self.count}@kund.example", sender=sender))
            os.utime(path, ((self.office.now - age).timestamp(),) * 2)

    def fill(self):
        self.arrive(timedelta(days=40), 50)
        self.arrive(timedelta(days=2), 10)
        self.arrive(timedelta(hours=2), 20)

    def numbers(self):
        with self.office.store.reading() as desk:
            return [ticket.number for ticket in desk.find(archive=True)]


@pytest.fixture
def spool(office):
    return Spool(office)


def test_nothing_comes_in_and_it_says_how_many_how_old_and_what_to_do(spool):
    spool.fill()
    told = spool.office.run("fetch", "-q", user="system", code=8).stderr
    assert "support: read for the first time, and there is old mail" in told
    assert "holds 80 mails, 60 of them older than a day, the oldest of 2026-10-11" in told
    assert "`ticketctl fetch support --since now`" in told and "--since DATE" in told
    assert spool.numbers() == []
    spool.office.run("escalate", user="system")
    assert "nothing to send" in spool.office.say("send") and spool.numbers() == []


def test_doctor_says_so_before_the_first_fetch(spool):
    spool.fill()
    told = spool.office.say("doctor")
    assert re.search(r"look +source support .*holds 80 mails, 60 of them older", told)
    assert "ticketctl fetch support --since now" in told
    assert "80 mails" not in spool.office.say("doctor", "--offline")


@pytest.mark.parametrize(("since", "tickets"), [("now", 0), ("2026-11-19", 20), ("2026-11-17", 30), ("all", 80)])
def test_a_person_decides(spool, since, tickets):
    spool.fill()
    spool.office.run("fetch", user="system", code=8)
    spool.office.run("fetch", "support", "--since", since)
    assert len(spool.numbers()) == tickets
    spool.arrive(timedelta(0))
    spool.office.run("fetch", user="system")
    assert len(spool.numbers()) == tickets + 1
    assert "older than a day" not in spool.office.say("doctor")


def test_a_mailbox_of_today_needs_no_question(spool):
    spool.arrive(timedelta(hours=23), 3)
    spool.office.run("fetch", user="system")
    assert len(spool.numbers()) == 3


def test_mail_of_which_nobody_knows_when_it_came_is_not_old(office):
    box = Mailbox({1: simple("Hej")}, lists=lambda uid, raw: f"(UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE NIL)")
    spool = Spool(office)
    spool.configure(f"[{{name: support, imap: {imap(box)}}}]")
    office.run("fetch", user="system")
    box.close()
    assert spool.numbers() == [1]


def test_a_mailbox_that_was_empty_at_first_is_asked_about_no_more(spool):
    spool.office.run("fetch", user="system")
    spool.office.now += 9 * DAY  # cron did not run
    spool.arrive(5 * DAY)
    spool.office.run("fetch", user="system")
    assert spool.numbers() == [1]


def test_what_is_named_on_the_command_line_is_meant(spool):
    spool.fill()
    spool.office.run("fetch", f"maildir:{spool.folder}")
    assert len(spool.numbers()) == 80


def test_a_dry_run_tells_the_same_and_decides_nothing(spool):
    spool.fill()
    assert "holds 80 mails" in spool.office.run("fetch", "--dry-run", code=8).stderr
    spool.office.run("fetch", code=8)


def test_other_sources_go_on_and_administrators_are_told(spool):
    spool.fill()
    for part in ("new", "cur", "tmp"):
        (spool.office.folder / "other" / part).mkdir(parents=True)
    (spool.office.folder / "other" / "new" / "1.x").write_bytes(simple("Hej"))
    spool.configure("[{name: support, maildir: spool}, {name: other, maildir: other}]")
    spool.office.run("fetch", user="system", code=8)
    assert spool.numbers() == [1]
    assert "gets a mail" in spool.office.run("fetch", user="system", code=8).stderr
    told = [json.loads(line) for line in spool.office.say("fetch", "--json", user="system", code=8).splitlines()]
    assert [one["mails"] for one in told[0]["undecided"]] == [80] and "undecided" not in told[1]


@pytest.mark.parametrize("words", ["yesterday", "2026-13-01", "1 nov"])
def test_a_day_that_is_none_is_refused(spool, words):
    assert "it takes a day such as" in spool.office.trouble("fetch", "support", "--since", words, code=2)


def test_an_mbox_of_old_mail(spool):
    raw = simple("Hej").decode().replace("\r\n", "\n")
    (spool.office.folder / "box").write_text(f"From a@x.example Sun Nov  1 09:00:00 2026\n{raw}\n\n")
    spool.configure("[{name: support, mbox: box}]")
    assert "holds 1 mail, all older than a day, the oldest of 2026-11-01" in spool.office.run("fetch", code=8).stderr
    assert "holds 1 mail" in spool.office.say("doctor", code=8)
    spool.office.run("fetch", "support", "--since", "2026-11-01")
    assert spool.numbers() == [1]


def imap(box, folders="[INBOX]"):
    return (
        f"{{host: 127.0.0.1, port: {box.port}, security: none, user: asa, password_command: echo hemligt-77, "
        f"folders: {folders}, deadline: 20}}"
    )


def test_a_folder_that_is_added_later_is_asked_about_alone(office):
    def lists(uid, raw):
        day = "20" if uid < 10 else "02"
        return f'(UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE "{day}-Nov-2026 08:00:00 +0000")'

    old = {uid: simple(f"Gammalt {uid}", message_id=f"{uid}@kund.example") for uid in (11, 12)}
    box = Mailbox({1: simple("Nytt")}, folders={"Order": old}, lists=lists)
    spool = Spool(office)
    spool.configure(f"[{{name: support, imap: {imap(box)}}}]")
    office.run("fetch", user="system")
    spool.configure(f"[{{name: support, imap: {imap(box, '[INBOX, Order]')}}}]")
    box.folders["INBOX"][2] = simple("Nytt 2", message_id="2@kund.example")
    told = office.run("fetch", user="system", code=8).stderr
    assert "/Order holds 2 mails, all older than a day" in told and "INBOX holds" not in told
    assert spool.numbers() == [1, 2]
    office.run("fetch", "support", "--since", "now")
    office.run("fetch", user="system")
    box.close()
    assert spool.numbers() == [1, 2]


def at_a_terminal(office, answer, *args):
    """What `ticketctl ARGS` prints on a terminal on which somebody types `answer`."""
    ours, theirs = pty.openpty()
    env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "ticketctl", *args]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True) as run:
        os.close(theirs)
        os.write(ours, answer.encode())
        said = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            said += piece
    os.close(ours)
    return run.returncode, said.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("answer", "code", "tickets"), [("now\n", 0, 0), ("2026-11-19\n", 0, 20), ("i går\nall\n", 0, 80), ("\n", 8, 0)]
)
def test_on_a_terminal_it_asks(spool, answer, code, tickets):
    spool.fill()
    ended, said = at_a_terminal(spool.office, answer, "fetch")
    assert ended == code, said
    assert "from when?" in said and len(spool.numbers()) == tickets
