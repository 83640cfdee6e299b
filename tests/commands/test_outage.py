"""A source that can't be fetched: who is told, how often, and that mail goes on coming in."""

from __future__ import annotations

import shutil
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from tests.mails import simple

POLL = timedelta(minutes=5)


class Spool:
    """A desk with two Maildir sources; `broken` is one that can be taken away."""

    def __init__(self, office):
        self.office = office
        self.folder = office.folder / "spool"
        rules = office.folder / "rules.yaml"
        sources = "sources: [{name: broken, maildir: spool}, {name: other, maildir: other}]\n"
        rules.write_text(rules.read_text() + sources)
        self.mend()
        self.make(office.folder / "other")

    def make(self, folder):
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def mend(self):
        self.make(self.folder)

    def take_away(self):
        shutil.rmtree(self.folder)

    def poll(self, code=0):
        self.office.now += POLL
        return self.office.run("fetch", "-q", code=code).stderr

    def mails(self):
        """(recipients, subject, text) of what is in the outbox, oldest first."""
        with self.office.store.reading() as desk:
            items = sorted(desk.outbox(), key=lambda item: item.queued_at)
        found = []
        for item in items:
            mail = message_from_bytes(self.office.store.blobs.get(item.raw), policy=policy.default)
            found.append((item.recipients, mail["Subject"], mail.get_content()))
        return found


@pytest.fixture
def spool(office):
    return Spool(office)


def test_one_failure_is_not_told_the_second_is_and_no_other(spool):
    spool.poll()
    spool.take_away()
    spool.poll(8)
    assert spool.mails() == []
    assert "broken: fails again and again; alice@exempel.example gets a mail" in spool.poll(8)
    ((to, subject, text),) = spool.mails()
    assert to == ("alice@exempel.example",) and subject == "[Exempel AB] Post hämtas inte från broken"
    assert "sedan fre 2026-11-20 10:10" in text and str(spool.folder) in text
    for _ in range(3):
        spool.poll(8)
    assert len(spool.mails()) == 1


def test_it_is_told_when_it_works_again_and_the_next_outage_anew(spool):
    spool.take_away()
    spool.poll(8)
    spool.poll(8)
    spool.mend()
    assert "works again; alice@exempel.example gets a mail" in spool.poll()
    _, subject, text = spool.mails()[1]
    assert subject == "[Exempel AB] Post hämtas igen från broken"
    assert "från fre 2026-11-20 10:05 till fre 2026-11-20 10:15" in text
    assert spool.poll() == "" and len(spool.mails()) == 2
    spool.take_away()
    spool.poll(8)
    spool.poll(8)
    assert len(spool.mails()) == 3


def test_a_failure_that_passed_begins_the_count_anew(spool):
    for _ in range(3):
        spool.take_away()
        spool.poll(8)
        spool.mend()
        spool.poll()
    assert spool.mails() == []


def test_the_other_source_is_fetched_all_the_while(spool):
    spool.take_away()
    for number in range(3):
        (spool.office.folder / "other" / "new" / f"{number}.x").write_bytes(simple(f"Hej {number}"))
        spool.poll(8)
    assert [spool.office.get(number).subject for number in (1, 2, 3)] == ["Hej 0", "Hej 1", "Hej 2"]


def test_without_an_administrator_everybody_who_works_here_is_told(spool):
    rules = spool.office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace(", role: admin", "").replace("language: sv", "language: en"))
    spool.take_away()
    spool.poll(8)
    spool.poll(8)
    ((to, subject, _),) = spool.mails()
    assert to == ("alice@exempel.example", "bo@exempel.example")
    assert subject == "[Exempel AB] No mail is fetched from broken"


def test_without_outgoing_it_is_printed_all_the_same(spool):
    rules = spool.office.folder / "rules.yaml"
    rules.write_text("\n".join(line for line in rules.read_text().splitlines() if not line.startswith("outgoing")))
    spool.take_away()
    assert "broken" in spool.poll(8) and "broken" in spool.poll(8)
    assert spool.mails() == []


def test_what_somebody_fetches_by_hand_and_a_dry_run_are_nobody_elses_matter(spool):
    for _ in range(3):
        spool.office.run("fetch", "maildir:/finns/inte", code=8)
    spool.take_away()
    for _ in range(3):
        spool.office.run("fetch", "--dry-run", code=8)
    assert spool.mails() == []


def test_the_weekly_report_says_when_each_source_last_worked(spool):
    spool.poll()
    spool.take_away()
    spool.office.now += timedelta(hours=2)
    spool.poll(8)
    told = spool.office.say("--language", "sv", "report")
    assert "Post från broken hämtades senast fre 2026-11-20 10:05. DET GÅR INTE NU." in told
    assert "Post från other hämtades senast fre 2026-11-20 12:10." in told
