"""What `purge` takes: never what a slip of the hand made over, and all of whom it anonymises."""

from __future__ import annotations

import json
import os
from datetime import datetime

import pytest

from tests.cases.shop import ASA, Shop

SPAM = """\
privacy:
  retention:
    - {when: {label: spam}, after: 30 days, then: delete}
"""
LABEL = """\
labels: [test, kund]
privacy:
  retention:
    - {when: {label: test%s}, after: 30 days, then: delete}
"""
YEAR = """\
fields: {area: {values: [butik, app]}, order: {pattern: "[a-z0-9]+"}}
privacy:
  retention:
    - {when: {status: closed, closed_for: 12 months}, then: anonymise}
report: {to: [chef@exempel.example], every: monday 07:00}
"""


def traces(shop: Shop, word: str) -> list[str]:
    """Files of data/ in which the word stands."""
    files = [path for path in (shop.folder / "data").rglob("*") if path.is_file()]
    return [str(path.relative_to(shop.folder)) for path in files if word.lower().encode() in path.read_bytes().lower()]


def aged(shop: Shop, moment: str) -> None:
    """The files are as old as the shop's clock says."""
    at = datetime.fromisoformat(moment).timestamp()
    for path in (shop.folder / "data").rglob("*"):
        if path.is_file():
            os.utime(path, (at, at))


def test_spam_by_a_slip_is_there_the_next_day_and_can_be_taken_back(open_shop) -> None:
    shop = open_shop(SPAM).at("2026-09-01T09:00+02:00")
    shop.mail(ASA, "Order 4711", "Hej, var är den?")
    shop.run("reply", 1, "--text", "Hej! Vi tittar på det", "--no-check", "--stay-open")
    shop.at("2026-11-19T16:00+01:00").run("spam", 1)
    shop.at("2026-11-20T03:30+01:00").cron("purge")
    shop.at("2026-11-20T09:00+01:00").run("undo", 1)
    assert shop.get(1).status == "open" and not shop.get(1).spam


def test_spam_goes_30_days_after_it_was_marked_and_purge_says_so_the_day_before(open_shop) -> None:
    shop = open_shop(SPAM).at("2026-09-01T09:00+02:00")
    shop.mail(ASA, "Köp nu", "Billiga klockor")
    shop.at("2026-11-01T09:00+01:00").run("spam", 1)
    shop.at("2026-11-30T03:30+01:00")
    assert "within a day" not in shop.cron("purge", "--dry-run")
    shop.at("2026-11-30T10:00+01:00")
    assert "#1        delete  within a day  spam for 30d" in shop.cron("purge", "--dry-run")
    assert json.loads(shop.cron("purge", "--dry-run", "--json"))["within_a_day"] == [
        {"ticket": 1, "then": "delete", "why": "spam for 30d"}
    ]
    shop.at("2026-12-01T10:00+01:00").cron("purge")
    shop.run("show", 1, code=4)


def test_spam_that_is_marked_again_counts_from_then(open_shop) -> None:
    shop = open_shop(SPAM).at("2026-09-01T09:00+02:00")
    shop.mail(ASA, "Order 4711", "Hej, var är den?")
    shop.run("spam", 1)
    shop.at("2026-09-20T09:00+02:00").run("reopen", 1)
    shop.at("2026-10-15T09:00+02:00").cron("purge")
    shop.at("2026-10-20T09:00+02:00").run("spam", 1)
    shop.at("2026-11-18T09:00+01:00").cron("purge")
    assert shop.get(1).spam
    shop.at("2026-11-20T09:00+01:00").cron("purge")
    shop.run("show", 1, code=4)


@pytest.mark.parametrize(("rule", "there"), [("", True), (", open: true", False)])
def test_a_label_takes_an_open_ticket_only_where_its_rule_says_so(open_shop, rule: str, there: bool) -> None:
    shop = open_shop(LABEL % rule).at("2026-09-01T09:00+02:00")
    shop.mail(ASA, "Prov", "Ett prov")
    shop.run("label", 1, "+test")
    shop.at("2026-12-01T09:00+01:00").cron("purge")
    shop.run("show", 1, code=0 if there else 4)


def test_open_stands_with_a_label(open_shop) -> None:
    rule = LABEL.replace("label: test%s", "label: test, status: closed, open: true")
    told = open_shop(rule).at("2026-09-01T09:00+02:00").run("rules", "check", code=2).output
    assert "open: true goes with a label alone" in told


def test_who_is_anonymised_is_in_no_label_cause_or_notice(open_shop) -> None:
    shop = open_shop(YEAR, causes="").at("2025-01-13T09:00+01:00")
    shop.mail("Kanariefagel Ek <k@hemlig.example>", "Ärende", "Ring mig")
    shop.run("label", 1, "+kund-Kanariefagel", "+vip")
    shop.run("note", 1, "--text", "@bo Kanariefagel ringde")
    shop.cron("escalate", "-q")
    shop.cron("send", "-q")
    shop.run("close", 1, "--cause", "Kanariefagel klagade", "--lesson", "Kanariefagel vill ha papper")
    shop.at("2025-01-20T08:00+01:00").cron("report", "--email", "--week")
    shop.cron("send", "-q")
    drafts = shop.folder / "data" / "drafts"
    drafts.mkdir(exist_ok=True)
    (drafts / "reply-1-abc.txt").write_text("Hej Kanariefagel")
    aged(shop, "2025-01-14T09:00+01:00")
    shop.at("2026-03-01T03:30+01:00").cron("purge")
    assert traces(shop, "Kanarie") == []
    assert "Kanarie" not in shop.run("show", 1, "--history").output
    assert shop.get(1).labels == ()
    assert shop.cron("purge") == "There is nothing to delete.\n"


def test_a_notice_of_a_ticket_that_goes_early_goes_with_it_and_others_stay(open_shop) -> None:
    shop = open_shop(LABEL % "").at("2026-09-01T09:00+02:00")
    for number, word in enumerate(("Kanariefagel", "Sothona"), 1):
        shop.mail(f"{word} <{word.lower()}@hemlig.example>", word, "Ring mig")
        shop.run("note", number, "--text", f"@bo {word} ringde")
        shop.cron("escalate", "-q")
        shop.cron("send", "-q")
    shop.run("label", 1, "+test")
    shop.run("close", 1)
    aged(shop, "2026-09-01T10:00+02:00")
    shop.at("2026-10-15T03:30+02:00").cron("purge")
    assert traces(shop, "Kanariefagel") == []
    assert any(name.startswith("data/sent/") for name in traces(shop, "Sothona"))


def test_the_weekly_mail_says_what_will_go(open_shop) -> None:
    rules = SPAM + "report: {to: [chef@exempel.example], every: monday 07:00}\n"
    shop = open_shop(rules).at("2026-11-01T09:00+01:00")
    shop.mail(ASA, "Köp nu", "Billiga klockor")
    shop.run("spam", 1)
    shop.at("2026-11-23T07:00+01:00").cron("report", "--week", "--email")
    shop.cron("send", "-q")
    assert traces(shop, "Raderas") == []
    shop.at("2026-11-30T07:00+01:00").cron("report", "--week", "--email")
    shop.cron("send", "-q")
    mails = "".join(path.read_text() for path in (shop.folder / "data" / "sent" / "new").iterdir())
    assert "Raderas f=C3=B6r gott inom en vecka: #1 (skr=C3=A4ppost i 30 dagar)" in mails.replace("=\n", "")


def test_a_quarantined_mail_that_nobody_looked_at_is_never_purged(open_shop) -> None:
    rules = "privacy:\n  retention:\n    - {raw_mail: 90 days}\n"
    shop = open_shop(rules).at("2026-01-01T09:00+01:00")
    shop.run("fetch", "-", user="system", stdin="\x00\x01\x02 no mail at all")
    entry = json.loads(shop.say("quarantine", "list", "--json").splitlines()[0])
    assert entry["looked_at"] is None
    shop.at("2026-11-01T03:30+01:00").cron("purge")
    assert entry["id"] in shop.say("quarantine", "list")
    shop.run("quarantine", "show", entry["id"])
    assert json.loads(shop.say("quarantine", "list", "--json"))["looked_at"] == "2026-11-01T02:30:00Z"
    shop.at("2026-11-02T03:30+01:00").cron("purge")
    assert shop.say("quarantine", "list") == "nothing is in quarantine\n"


NOTICES = """\
labels: [test]
escalation:
  - {when: {used: 75%%}, then: [{notify: owner}]}
  - {when: {used: 100%%}, then: [{notify: team}]}
rules:
  - {id: alarm, events: [created], when: {subject: {contains: a}}, then: [{notify: bo}]}
  - {id: svar, events: [customer_message], when: {subject: {contains: a}}, then: [{notify: team}]}
privacy:
  retention:
    - %s
    - {raw_mail: 10 years}
report: {to: [chef@exempel.example], every: monday 07:00}
"""
DELETE = "{when: {label: test, open: true}, after: 30 days, then: delete}"
ANONYMISE = "{when: {status: closed, closed_for: 12 months}, then: anonymise}"


@pytest.mark.parametrize("rule", [DELETE, ANONYMISE])
@pytest.mark.parametrize("seen", [False, True])
def test_no_notice_to_the_team_outlives_its_ticket(open_shop, rule: str, seen: bool) -> None:
    """Of every kind: a rule's, escalation, mention, watched, weekly report; also where a mail program moved it."""
    shop = open_shop(NOTICES % rule).at("2025-01-13T09:00+01:00")
    shop.mail("Kanariefagel Ek <k@hemlig.example>", "Kanarieamne ärende", "Ring 070-555 12 34")
    shop.run("assign", 1, "bo")
    shop.run("watch", 1, "--mail")
    shop.run("note", 1, "--text", "@bo Kanariefagel 070-555 12 34 ringde")
    shop.at("2025-01-14T12:00+01:00").cron("escalate", "-q")
    shop.cron("send", "-q")
    shop.mail("Kanariefagel Ek <k@hemlig.example>", "Kanarieamne ärende", "Igen 070-555 12 34", answers="")
    shop.cron("escalate", "-q")
    shop.at("2025-01-20T08:00+01:00").cron("report", "--email", "--week")
    shop.cron("send", "-q")
    shop.run("label", 1, 2, "+test")
    shop.run("close", 1, 2, "--cause", "fel")
    sent = shop.folder / "data" / "sent"
    assert len(list((sent / "new").iterdir())) > 3
    assert any("sent" in name for name in traces(shop, "hemlig") + traces(shop, "Kanarie"))
    if seen:
        for path in list((sent / "new").iterdir()):
            path.rename(sent / "cur" / f"{path.name}:2,S")
    aged(shop, "2025-01-21T09:00+01:00")
    shop.at("2026-03-01T03:30+01:00").cron("purge", "--clock-is-right")
    for word in ("Kanarie", "hemlig", "070-555", "555 12 34"):
        assert traces(shop, word) == [], word
