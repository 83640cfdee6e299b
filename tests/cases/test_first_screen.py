"""What must be seen at once, on the board, in the inbox and in the weekly mail: a dead mailbox, mails in quarantine."""

from __future__ import annotations

import json
import shutil
from datetime import UTC
from email import message_from_bytes, policy

import pytest

from tests.cases.shop import ASA

SOURCES = "sources: [{name: support, maildir: spool}, {name: order, maildir: order}]\nreport: {to: [alice]}"


@pytest.fixture
def shop(open_shop):
    shop = open_shop(SOURCES).at("2026-11-16T09:00+01:00")  # a Monday
    for name in ("spool", "order"):
        for part in ("new", "cur", "tmp"):
            (shop.folder / name / part).mkdir(parents=True)
    return shop


def fails(shop, moment):
    if (shop.folder / "spool").exists():
        shutil.rmtree(shop.folder / "spool")
    shop.at(moment).run("fetch", user="system", code=8)


def down(shop):
    return json.loads(shop.say("board", "--json"))["mailboxes_down"]


def test_a_dead_mailbox_is_the_first_line(shop):
    shop.run("fetch", user="system")
    assert down(shop) == []
    fails(shop, "2026-11-16T09:35+01:00")
    fails(shop, "2026-11-16T09:40+01:00")
    first = shop.say("board").splitlines()[0]
    assert first.startswith("no mail from support since 09:35:") and "order" not in first
    assert down(shop)[0] | {"reason": ""} == {"source": "support", "since": "2026-11-16T08:35:00Z", "reason": ""}
    shop.at("2026-11-18T12:00+01:00")
    assert shop.say("board").startswith("no mail from support since Mon 09:35:")


def test_it_is_red(shop):
    fails(shop, "2026-11-16T09:35+01:00")
    assert shop.process("board", "--json").returncode == 0
    from ticketctl.content.terminal import guarded
    from ticketctl.present.board import View, board_lines
    from ticketctl.terminal.styles import STYLES
    from ticketctl.usecases.views.board import board

    view = View(name="X", now=shop.now, zone=UTC, room=100, language="en")
    text, kind = next(board_lines(board(shop.session()), view))
    assert guarded(STYLES[kind](text)).startswith("\x1b[31mno mail from support yet:")


def test_it_goes_when_mail_comes_again(shop):
    fails(shop, "2026-11-16T09:35+01:00")
    for part in ("new", "cur", "tmp"):
        (shop.folder / "spool" / part).mkdir(parents=True)
    shop.at("2026-11-16T09:45+01:00").run("fetch", user="system")
    assert down(shop) == [] and "no mail from" not in shop.say("board")


def test_a_mailbox_that_nothing_fetches_any_more(shop):
    shop.run("fetch", user="system")
    shop.at("2026-11-18T09:00+01:00")
    first, second = shop.say("board").splitlines()[:2]
    assert first.startswith("no mail from support since Mon 09:00: nothing has fetched it; `ticketctl cron install`")
    assert second.startswith("no mail from order since Mon 09:00")


def aside(shop):
    raw = b"From: a@b.example\r\nSubject: x\r\n" + b"X: y\r\n" * 5
    with shop.store.transaction() as desk:
        from ticketctl.ports.store import Quarantined

        blob = shop.store.blobs.put(raw)
        desk.quarantine(
            Quarantined(
                id="3f9a", at=shop.now, reason="more headers than any mail", source="support", raw=blob, content="c"
            )
        )


def test_quarantine_is_told_until_somebody_has_looked(shop):
    aside(shop)
    told = "1 mail in quarantine that nobody has looked at: `ticketctl quarantine`"
    assert told in shop.say("board") and json.loads(shop.say("board", "--json"))["quarantine"] == 1
    assert told in shop.say("inbox") and told in shop.say("inbox")  # until somebody has looked, not once
    assert json.loads(shop.say("inbox", "--json"))["quarantine"] == 1
    assert told not in shop.say("inbox", user="bo")  # no administrator
    assert "I karantän, ingen har tittat på dem: 1" in weekly(shop, "2026-11-23T08:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.run("quarantine", "show", "3f9a", user="bo")
    assert "quarantine" not in shop.say("board") + shop.say("inbox")
    assert "karantän" not in weekly(shop, "2026-11-30T08:00+01:00")


def weekly(shop, moment):
    """The text of the weekly mail."""
    shop.at(moment).cron("report", "--email")
    with shop.store.reading() as desk:
        item = max((one for one in desk.outbox() if one.kind == "report"), key=lambda one: one.queued_at)
    return message_from_bytes(shop.store.blobs.get(item.raw), policy=policy.default).get_body(("plain",)).get_content()


def test_the_inbox_reads_as_sentences(shop):
    shop.mail(ASA, "Sprucken hjälm", "Hej! Den är sprucken.")
    shop.run("assign", 1, "alice")
    shop.run("inbox")
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "Re: Sprucken hjälm", "Hallå?", "m1@kund.example")
    shop.run("priority", 1, "high", user="bo")
    shop.run("note", 1, "Jag ringer.", user="bo")
    shop.run("wait", 1, "2d", user="bo")
    shop.run("assign", 1, "bo", user="bo")
    told = shop.say("inbox")
    for sentence in (
        "Åsa Öberg wrote: “Hallå?”",
        "bo raised the priority from medium to high",
        "bo noted: “Jag ringer.”",
        "bo lets it wait for the customer until Wed 2026-11-18 10:00",
        "bo took it (it was yours)",
    ):
        assert sentence in told
