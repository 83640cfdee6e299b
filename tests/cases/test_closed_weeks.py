"""What a report says of a week that is over, played at the shop."""

from __future__ import annotations

import json
from typing import Any

from tests.cases.shop import ASA, Shop

WEEK = ("--week", "2026-W47")
STAYS = ("resolution_first", "resolution_last", "waiting_for_customer", "touches", "causes", "automatic_closes")


def closed_order(open_shop: Any) -> Shop:
    shop = open_shop()
    shop.at("2026-11-16T09:00+01:00").mail(ASA, "Order", "Hej, var är den?")
    shop.at("2026-11-16T10:00+01:00").say("reply", 1, "--text", "Den kommer", "--no-check", "--stay-open")
    shop.at("2026-11-16T11:00+01:00").say("close", 1, "--cause", "leverans")
    return shop


def test_a_week_that_was_mailed_stays(open_shop) -> None:
    """work/05: on Thursday the ticket that came back was gone from last week's causes, touches and kept promises."""
    shop = closed_order(open_shop)
    monday = shop.at("2026-11-23T07:00+01:00").figures(*WEEK)
    assert monday["resolution_last"]["calendar"]["n"] == 1 and monday["provisional"]
    shop.at("2026-11-26T09:00+01:00").mail(ASA, "Sv: Order", "Den är trasig. Vad gör vi?", shop.last_out(1))
    thursday = shop.figures(*WEEK)
    assert [thursday[name] for name in STAYS] == [monday[name] for name in STAYS]
    assert thursday["targets_kept"]["resolution"] == monday["targets_kept"]["resolution"]
    assert (monday["reopened"]["part"], thursday["reopened"]["part"], thursday["reopened"]["whole"]) == (0, 1, 1)
    assert "preliminärt" in shop.say("--language", "sv", "report", *WEEK)
    shop.at("2026-12-01T00:00+01:00")
    assert not shop.figures(*WEEK)["provisional"]
    assert "preliminärt\n" not in shop.say("--language", "sv", "report", *WEEK)


def test_day_14_is_in_also_where_the_clocks_change(open_shop) -> None:
    """work/18: 14 days and half an hour by the clock on the wall opened a new ticket."""
    shop = open_shop()
    shop.at("2026-10-20T09:00+02:00").mail(ASA, "Order", "Hej")
    shop.say("reply", 1, "--text", "Hej", "--no-check")
    shop.at("2026-10-20T10:00+02:00").say("close", 1, "--cause", "fel")
    answered = shop.last_out(1)
    shop.at("2026-11-03T09:30+01:00").mail(ASA, "Sv: Order", "Det fungerar inte, vad gör jag?", answered)
    assert shop.get(1).status == "open"
    assert shop.at("2026-11-20T09:00+01:00").figures("--week", "2026-W43")["reopened"]["part"] == 1
    shop.at("2026-11-20T10:00+01:00").say("close", 1)
    shop.at("2026-12-05T00:01+01:00").mail(ASA, "Sv: Order", "Nu igen, vad gör jag?", answered)
    assert shop.get(1).closed and shop.get(2).status == "new", "the 15th day"


def test_a_slip_of_the_hand_is_in_no_figure(open_shop) -> None:
    shop = closed_order(open_shop)
    before = shop.at("2026-11-18T09:00+01:00").figures(*WEEK)
    shop.mail("bo@k.example", "Fråga", "Hur gör man?")
    shop.say("close", 2, "--cause", "fel")
    shop.at("2026-11-18T09:02+01:00").say("undo", 2)
    after = shop.figures(*WEEK)
    assert [after[name] for name in STAYS] == [before[name] for name in STAYS]
    assert (after["flow"]["closes"], after["flow"]["reopened"], after["closed_unanswered"]) == (1, 0, 0)
    assert "first response: due Wed 2026-11-18 13:00" in shop.say("show", 2, "--why")


def test_an_archived_desk_says_the_same(open_shop) -> None:
    shop = closed_order(open_shop)
    shop.at("2026-12-31T09:00+01:00")
    before = shop.figures(*WEEK)
    assert "1 closed ticket to the archive" in shop.cron("escalate")
    assert shop.figures(*WEEK) == before | {"instant": before["instant"]}


def test_a_matter_of_our_own_is_no_customer(open_shop) -> None:
    shop = open_shop()
    shop.at("2026-11-16T09:00+01:00").say("new", "--text", "Räkna lagret")
    shop.at("2026-11-16T12:00+01:00").say("close", 1)
    found = shop.figures("--from", "2026-11-16", "--to", "2026-11-16")
    assert found["flow"]["by_channel"] == {"ours": 1} and found["resolution_last"]["calendar"]["n"] == 0
    assert found["own_matters"]["calendar"]["median_minutes"] == 180.0
    assert "Egna ärenden, lösning" in shop.say("--language", "sv", "report", "--from", "2026-11-16")
    assert json.loads(shop.say("board", "--json"))["active"] == 0
