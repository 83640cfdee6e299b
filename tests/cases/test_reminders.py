"""Reminders and closing by itself go to who owes us an answer, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.shop import ASA, Shop

SWEEPS = """\
rules:
  - id: remind-customer
    events: [sweep]
    when: {status: waiting, since_our_reply: {at_least: 5d}}
    then: [{reply: {snippet: paminnelse, automatic: true}}]
    once: per_wait
  - id: close-silent
    events: [sweep]
    when: {status: waiting, since_our_reply: {at_least: 10d}}
    then: [{close: {resolution: no_answer}}]
"""


def asked(open_shop: Any, *how: str, rules: str = SWEEPS) -> Shop:
    """A question to the customer on Monday 2 November."""
    shop: Shop = open_shop(rules)
    shop.at("2026-11-02T09:00+01:00").mail(ASA, "Reservdel", "Hej, jag behöver en reservdel.")
    shop.at("2026-11-02T10:00+01:00")
    shop.say("reply", 1, "--text", "Hej! Vilken modell är det?", "--no-check", *how)
    return shop


def reminded(shop: Shop) -> int:
    return sum(one.kind == "automatic" and one.direction == "out" for one in shop.get(1).messages)


def swept(shop: Shop) -> tuple[int, str]:
    """What two weeks of cron do: how often the customer was reminded, and how the ticket stands."""
    for day in (9, 10, 16, 17):
        shop.at(f"2026-11-{day:02}T11:00+01:00").cron("escalate")
    return reminded(shop), shop.get(1).resolution or shop.get(1).status


def test_who_does_not_answer_is_reminded_and_closed(open_shop) -> None:
    assert swept(asked(open_shop, "--wait", "30d")) == (1, "no_answer")


@pytest.mark.parametrize("wait", [["wait", "1", "2026-12-10"], ["wait", "1", "30d"]])
def test_who_has_answered_is_not(open_shop, wait: list[str]) -> None:
    """work/01: reminded that we need an answer, and closed for want of one, after having answered."""
    shop = asked(open_shop)
    shop.at("2026-11-05T09:00+01:00").mail(ASA, "Sv: Reservdel", "Det är modell X200.", shop.last_out(1))
    shop.at("2026-11-05T10:00+01:00").say(*wait)
    assert swept(shop) == (0, "waiting")
    assert "somebody has written since" in shop.say("explain", 1, "--event", "sweep")


def test_nor_who_had_answered_before_we_wrote_again_without_knowing(open_shop) -> None:
    """The answer of 10:00 was fetched after our next reply, of 10:02; somebody then let the ticket wait again."""
    shop = asked(open_shop)
    first = shop.last_out(1)
    shop.at("2026-11-03T10:02+01:00").say("reply", 1, "--text", "En sak till: färgen?", "--no-check", "--wait", "30d")
    shop.at("2026-11-03T10:05+01:00").arrived("2026-11-03T10:00:00+01:00", ASA, "Sv: Reservdel", "X200.", first)
    shop.say("wait", 1, "30d")
    assert swept(shop) == (0, "waiting")


@pytest.mark.parametrize(
    "how",
    [
        ["--wait", "2026-12-10"],
        ["--wait", "fredag 4 december"],
        ["--wait", "vecka 50"],
        ["--promise", "2026-12-10", "--wait", "30d"],
    ],
)
def test_what_waits_for_a_named_day_or_on_our_word_is_left_alone(open_shop, how: list[str]) -> None:
    shop = asked(open_shop, *how)
    assert swept(shop) == (0, "waiting")
    assert "left alone: it waits for a day that was named" in shop.say("explain", 1, "--event", "sweep")


def test_our_word_on_an_open_ticket_too(open_shop) -> None:
    rules = SWEEPS.replace("status: waiting, ", "")
    shop = asked(open_shop, "--stay-open", "--promise", "2026-12-10", rules=rules)
    assert swept(shop) == (0, "open")
    shop.say("promise", 1, "drop")
    assert shop.at("2026-11-18T11:00+01:00").cron("escalate") and shop.get(1).resolution == "no_answer"


@pytest.mark.parametrize("command", ["close", "wait"])
def test_undo_remembers_that_a_day_was_named(open_shop, command: str) -> None:
    shop = asked(open_shop, "--wait", "2026-12-10")
    shop.at("2026-11-02T10:05+01:00").say(*(["close", 1] if command == "close" else ["wait", 1, "30d"]))
    shop.at("2026-11-02T10:06+01:00").say("undo", 1)
    assert swept(shop) == (0, "waiting")


@pytest.mark.parametrize(
    ("when", "then", "warned"),
    [
        ("{status: waiting, since_our_reply: {at_least: 5d}}", "{close: {}}", ""),
        ("{status: waiting, since_customer_message: {at_least: 10d}}", "{close: {}}", "closes customers who may have"),
        ("{status: waiting}", "{reply: {snippet: paminnelse, automatic: true}}", "writes to customers who may have"),
        ("{any: [{status: waiting}, {since_our_reply: {at_least: 5d}}]}", "{close: {}}", "closes customers who may"),
        ("{not: {since_our_reply: {at_most: 5d}}}", "{close: {}}", "closes customers who may have"),
        ("{all: [{status: waiting}, {since_our_reply: {at_least: 5d}}]}", "{close: {}}", ""),
        ("{machine: true, since_created: {at_least: 20d}}", "{close: {}}", ""),
        ("{status: waiting}", "{notify: team}", ""),
    ],
)
def test_rules_check_warns_of_a_sweep_that_can_hit_who_has_answered(
    open_shop, when: str, then: str, warned: str
) -> None:
    shop = open_shop(f"rules:\n  - {{id: sweeps, events: [sweep], when: {when}, then: [{then}]}}\n")
    told = shop.run("rules", "check").output
    assert (warned or "who may have answered") in told if warned else "who may have answered" not in told
