"""Thousand mails from a real Dovecot: all kept, none twice, also when the fetch is killed again and again.

TICKETCTL_TEST_KILLS sets how often: 8 times in the usual run, 100 in `python -m tests.faults --long`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.conftest import ROOT, Office
from tests.growth import HANG
from tests.mails import mails
from tests.servers import PASSWORD, Dovecot, dovecot

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot
COUNT = int(os.environ.get("TICKETCTL_TEST_MAILS", "1000"))
OPERATIONS = 1000  # of files, among which a fetch is killed
KILLS = int(os.environ.get("TICKETCTL_TEST_KILLS", "8"))


def point_at(office: Office, server: Dovecot, user: str, then: str = "leave") -> None:
    rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
    account = f"host: 127.0.0.1, port: {server.port}, security: none, user: {user}, then: {then}"
    source = f"{{name: support, imap: {{{account}}}}}"
    (office.folder / "rules.yaml").write_text(f"{rules}sources:\n  - {source}\n", encoding="utf-8")


def kept(office: Office) -> Counter[str]:
    """How often each Message-ID is on the desk or in quarantine."""
    found: Counter[str] = Counter()
    for line in office.say("export").splitlines():
        found.update(message["message_id"] for message in json.loads(line)["messages"])
    for line in office.say("quarantine", "--json").splitlines():
        found[json.loads(line)["message_id"]] += 1
    return found


def start(office: Office, *program: str) -> subprocess.Popen[bytes]:
    ours = {"PYTHONPATH": str(ROOT), "TICKETCTL_PASSWORD_SUPPORT": PASSWORD}
    environment = {**os.environ, **office.environment(), **ours}
    command = [sys.executable, "-m", *(program or ["ticketctl"]), "fetch"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def fetch(office: Office) -> str:
    out, err = (process := start(office)).communicate(timeout=5 * HANG)
    assert process.returncode == 0, err.decode()
    return out.decode().strip()


def test_a_thousand_mails_come_in_once(office, dovecot):
    sent = list(mails(COUNT))
    dovecot.deliver("tusen", [mail.raw for mail in sent])
    point_at(office, dovecot, "tusen")
    assert fetch(office).startswith(f"{COUNT:,} mails: ")
    assert kept(office) == Counter({mail.message_id: 1 for mail in sent})
    assert fetch(office) == "no new mail"


def test_replies_are_in_the_ticket_of_what_they_answer(office, dovecot):
    sent = list(mails(200, seed=2))
    dovecot.deliver("svar", [mail.raw for mail in sent])
    point_at(office, dovecot, "svar")
    fetch(office)
    tickets = [json.loads(line) for line in office.say("export").splitlines()]
    home = {message["message_id"]: ticket["number"] for ticket in tickets for message in ticket["messages"]}
    assert [mail.message_id for mail in sent if home[mail.message_id] != home[mail.root]] == []
    assert len(tickets) == len({mail.root for mail in sent})


def test_a_mailbox_that_was_rebuilt_brings_nothing_new(office, dovecot):
    sent = list(mails(500, seed=4))
    dovecot.deliver("ombyggd", [mail.raw for mail in sent])
    point_at(office, dovecot, "ombyggd")
    fetch(office)
    before = kept(office)
    for path in (dovecot.mail / "ombyggd").glob("dovecot*"):
        path.unlink()
    time.sleep(1.1)  # UIDVALIDITY is the second in which the mailbox was made
    assert fetch(office) == "500 mails: 500 seen before"
    assert kept(office) == before


def test_many_at_once_take_each_mail_once(office, dovecot):
    sent = list(mails(100, seed=5))
    dovecot.deliver("rusning", [mail.raw for mail in sent])
    point_at(office, dovecot, "rusning")
    for process in [start(office) for _ in range(8)]:
        _, trouble = process.communicate(timeout=5 * HANG)
        assert process.returncode == 0, trouble.decode()
    assert kept(office) == Counter({mail.message_id: 1 for mail in sent})


def test_what_was_taken_in_is_flagged_afterwards(office, dovecot):
    sent = list(mails(30, seed=6))
    dovecot.deliver("flaggad", [mail.raw for mail in sent])
    point_at(office, dovecot, "flaggad", then="{flag: seen}")
    fetch(office)
    with dovecot.client("flaggad") as client:
        assert len(client.search(None, "SEEN")[1][0].split()) == 30


@pytest.mark.long
def test_killed_at_any_moment_nothing_is_lost_or_doubled(office, dovecot):
    sent = list(mails(COUNT, seed=3))
    dovecot.deliver("avbrott", [mail.raw for mail in sent])
    point_at(office, dovecot, "avbrott")
    dice = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        process = start(office, "tests.faults.die_at", str(dice.randint(1, OPERATIONS)))
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed > KILLS // 2
    fetch(office)
    assert kept(office) == Counter({mail.message_id: 1 for mail in sent})
    assert fetch(office) == "no new mail"
