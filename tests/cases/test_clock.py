"""What the clock said of a day at the shop: targets in days, what is overdue, who had seen what, raised priorities."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cases.shop import ASA

TEAM_AT_100 = "escalation:\n  - {when: {used: 100%}, then: [{notify: team}]}\n"
RAISE_AT_100 = "escalation:\n  - {when: {used: 100%}, then: [{notify: team}, {raise_priority: high}]}\n"
STARTER = Path(__file__).parents[2] / "ticketctl" / "starter" / "rules.yaml"


def test_a_target_of_days_is_not_used_up_fifteen_hours_before_it_is_due(open_shop) -> None:
    """work/20: on Thursday at 17:00 it was 100 % used, raised to high, and broken at once; due on Friday at 08:00."""
    shop = open_shop(RAISE_AT_100)
    shop.at("2026-11-17T18:00+01:00").mail(ASA, "En fråga", "Har ni öppet på lördag?")
    shop.say("priority", 1, "low")
    for moment in ("2026-11-19T16:55+01:00", "2026-11-19T17:00+01:00", "2026-11-20T07:59+01:00"):
        assert shop.at(moment).cron("escalate") == "Nothing is due.\n"
    assert "due Fri 2026-11-20 08:00 (in 1m, 99% used)" in shop.say("show", 1, "--why")
    shop.say("reply", 1, "--text", "Ja, 10 till 14", "--no-check")
    kept = shop.at("2026-11-23T09:00+01:00").figures("--week", "2026-W47")["targets_kept"]["first_response"]
    assert (kept["part"], kept["whole"]) == (1, 1)


def test_a_late_answer_breaks_no_other_promise(open_shop) -> None:
    """work/20d: a question that was late by a quarter of an hour became high, and its resolution late by a day."""
    shop = open_shop(RAISE_AT_100)
    shop.at("2026-11-17T10:00+01:00").mail(ASA, "En fråga", "Har ni öppet på lördag?")
    shop.say("priority", 1, "low")
    shop.at("2026-11-19T10:15+01:00").cron("escalate")
    why = shop.say("show", 1, "--why")
    assert shop.get(1).priority == "high"
    assert "first response: due Thu 2026-11-19 10:00 (15m late, 101% used)" in why
    assert "resolution: due Fri 2026-11-20 10:15 (in 24h, 0% used)" in why, "a day, from the raise on"
    assert shop.cron("escalate") == "Nothing is due.\n"


def test_a_raise_puts_no_promise_off(open_shop) -> None:
    """Late by an hour of the three days of medium: high gives a day more, but that of medium is over sooner."""
    shop = open_shop("escalation:\n  - {when: {used: 50%}, then: [{raise_priority: high}]}\n")
    shop.at("2026-11-16T09:00+01:00").mail(ASA, "Fel", "Det är fel.")
    shop.say("reply", 1, "--text", "Vi ser på det", "--no-check", "--stay-open")
    due = "resolution: due Thu 2026-11-19 09:00"
    assert due in shop.say("show", 1, "--why")
    shop.at("2026-11-18T16:00+01:00").cron("escalate")
    assert shop.get(1).priority == "high" and due in shop.say("show", 1, "--why")


def test_the_starter_leaves_a_late_question_what_it_is(open_shop) -> None:
    """work/20c: the file of `init` made every late ticket high."""
    shop = open_shop()
    (shop.folder / "rules.yaml").write_text(STARTER.read_text(encoding="utf-8"), encoding="utf-8")
    shop.at("2026-11-17T18:00+01:00").mail(ASA, "Hej", "Jag har funderat på en sak om ert sortiment.")
    shop.at("2026-11-18T09:00+01:00").say("reply", 1, "--text", "Vi återkommer.", "--no-check", "--stay-open")
    shop.at("2026-11-20T17:00+01:00").cron("escalate")
    assert "due Mon 2026-11-23 08:00" in shop.say("show", 1, "--why") and shop.get(1).priority == "medium"
    assert "resolution" in shop.at("2026-11-23T08:15+01:00").cron("escalate")
    assert shop.get(1).priority == "medium"


@pytest.mark.parametrize(
    ("wait", "overdue"),
    [
        ("2026-11-13T09:00+01:00", 1),  # after the resolution was due (Thursday 09:00)
        ("2026-11-12T08:59+01:00", 0),  # a minute before
        ("2026-11-11T09:00+01:00", 0),
    ],
)
def test_everybody_says_the_same_of_what_is_overdue(open_shop, wait: str, overdue: int) -> None:
    """work/06: at one instant the board said 0 and the report 1."""
    shop = open_shop(TEAM_AT_100)
    shop.at("2026-11-09T09:00+01:00").mail(ASA, "Order", "Hej, var är den?")
    shop.say("reply", 1, "--text", "Vi ser efter", "--no-check", "--stay-open")
    shop.at(wait).say("reply", 1, "--text", "Vilken modell?", "--no-check", "--wait", "20d")
    shop.at("2026-11-16T09:00+01:00")
    board = json.loads(shop.say("board", "--json"))
    listed = [json.loads(one) for one in shop.say("list", "--overdue", "--json").splitlines()]
    alice = shop.figures("--from", "2026-11-16", "--to", "2026-11-16")["workload"][0]
    assert (len(board["overdue"]), board["owners"][0]["overdue"], len(listed), alice["overdue"]) == (overdue,) * 4
    assert ("late" in shop.say("show", 1)) == bool(overdue)
    assert (shop.cron("escalate") != "Nothing is due.\n") == bool(overdue)


def test_a_date_that_was_promised_is_overdue_in_the_report_too(open_shop) -> None:
    shop = open_shop()
    shop.at("2026-11-16T09:00+01:00").mail(ASA, "Order", "Hej, var är den?")
    shop.say("reply", 1, "--text", "Besked i dag", "--no-check", "--promise", "2026-11-16 15:00")
    for moment, overdue in (("2026-11-16T15:00+01:00", 0), ("2026-11-16T15:01+01:00", 1)):
        shop.at(moment)
        board = json.loads(shop.say("board", "--json"))
        alice = shop.figures("--from", "2026-11-16", "--to", "2026-11-16")["workload"][0]
        assert (len(board["overdue"]), alice["overdue"]) == (overdue, overdue)


@pytest.mark.parametrize("ending", [["--stay-open"], ["--close", "--cause", "fel"], ["--wait", "5d"]])
def test_a_reply_answers_only_what_its_writer_had_seen(open_shop, ending: list[str]) -> None:
    """work/04: the mail of 10:00 was fetched at 10:05; the reply of 10:02 "kept" the promise to answer it."""
    shop = open_shop(TEAM_AT_100)
    shop.at("2026-11-16T09:00+01:00").mail(ASA, "Order", "Hej, var är den?")
    shop.say("reply", 1, "--text", "Vi tittar på det", "--no-check", "--stay-open")
    answered = shop.last_out(1)
    shop.at("2026-11-16T10:02+01:00").say("reply", 1, "--text", "Vi har beställt en ny", "--no-check", *ending)
    shop.at("2026-11-16T10:05+01:00").arrived(
        "2026-11-16T10:00:00+01:00", ASA, "Sv: Order", "Vänta, jag hittade den! Kan ni avbeställa?", answered
    )
    assert shop.get(1).status == "open"
    shown = shop.say("show", 1, "--why")
    assert "fetched only Mon 2026-11-16 10:05" in shown
    assert shown.index("jag hittade den") < shown.index("Vi har beställt en ny"), "by arrival"
    assert "Next: `ticketctl reply 1`: the customer waits for alice" in shown
    assert "next response m4: due Tue 2026-11-17 10:00" in shown
    assert "next response" in shop.at("2026-11-18T12:00+01:00").cron("escalate")
    kept = shop.figures("--from", "2026-11-16", "--to", "2026-11-18")["targets_kept"]["next_response"]
    assert (kept["part"], kept["whole"]) == (0, 1)
    shop.say("reply", 1, "--text", "Klart", "--no-check")
    assert "broken Wed 2026-11-18 12:00" in shop.say("show", 1, "--why")


def test_mail_of_two_mailboxes_in_another_order_than_it_came(open_shop) -> None:
    """The second mail is fetched first: the ticket began with the first, and the reply answers both."""
    shop = open_shop()
    shop.at("2026-11-16T09:15+01:00").arrived("2026-11-16T09:10:00+01:00", ASA, "Order", "Och en sak till.")
    shop.at("2026-11-16T09:20+01:00").arrived(
        "2026-11-16T09:00:00+01:00", ASA, "Order", "Var är min order?", "m1@kund.example"
    )
    shop.at("2026-11-16T09:30+01:00").say("reply", 1, "--text", "Den kommer", "--no-check")
    shown = shop.say("show", 1)
    assert shown.index("Var är min order?") < shown.index("Och en sak till.")
    times = shop.figures("--from", "2026-11-16", "--to", "2026-11-16")["first_response"]["calendar"]
    assert (times["n"], times["median_minutes"]) == (1, 30.0)
