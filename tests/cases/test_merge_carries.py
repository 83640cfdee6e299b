"""What a merge brings along, says and gives back: priority, owner, fields, links, and what was promised until then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cases.shop import ASA, Shop

MORE = """\
fields:
  category: {values: [faktura, support]}
  order_number: {pattern: "[0-9]{6}"}
"""
DAY = ("--from", "2026-11-16", "--to", "2026-11-16")


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """#1 is Åsa's outage, Bo's, 2 h late; #2 her question of low priority; #3 is linked to #1."""
    shop = open_shop(MORE).at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Allt ligger nere", "Kassan fungerar inte alls")
    shop.run("priority", 1, "high")
    shop.run("assign", 1, "bo")
    shop.run("set", 1, "category=support", "order_number=123456")
    shop.at("2026-11-16T11:00+01:00").mail(ASA, "En fråga", "Har ni sett mitt mejl?")
    shop.run("priority", 2, "low")
    shop.mail("c@c.example", "Tre", "Något annat")
    shop.run("link", 1, 3)
    return shop.at("2026-11-16T12:00+01:00")


def first_responses(shop: Shop) -> tuple[int, int]:
    """Kept, of those that fell due."""
    rate = shop.figures(*DAY)["targets_kept"]["first_response"]
    return rate["part"], rate["whole"]


def test_what_comes_along_is_told_and_found_again(shop: Shop) -> None:
    assert first_responses(shop) == (0, 1)
    told = shop.say("merge", 1, "--into", 2)
    assert told == (
        "#1 merged into #2 (1 message); priority high, owner bo, category=support, order_number=123456, "
        "the link to #3 came along\n"
    )
    assert first_responses(shop) == (0, 1), "the promise that was broken stays so"
    assert "2h late" in shop.say("list", "--field", "order_number=123456")
    assert "#2 (related)" in shop.say("show", 3) and "#1" not in shop.say("show", 3)


def test_watchers_and_the_promise_come_along_and_go_back_and_the_wait_is_said_to_stay(shop: Shop) -> None:
    shop.run("watch", 1)
    shop.run("watch", 1, user="bo")
    shop.run("watch", 2)
    shop.run("promise", 1, "2026-11-20")
    shop.run("wait", 1, "3d")
    before = [shop.say("show", number) for number in (1, 2)]
    told = shop.say("merge", 1, "--into", 2)
    assert "watcher bo, the promised date came along; left behind: the wait for the customer" in told
    assert "Watched by alice, bo" in shop.say("show", 2)
    shop.run("unmerge", 1)
    assert [shop.say("show", number) for number in (1, 2)] == before


def test_unmerge_takes_all_of_it_back(shop: Shop) -> None:
    before = [shop.say("show", number) for number in (1, 2, 3)]
    due = shop.say("list")
    shop.run("merge", 1, "--into", 2)
    shop.run("unmerge", 1)
    assert [shop.say("show", number) for number in (1, 2, 3)] == before
    assert shop.say("list") == due
    assert first_responses(shop) == (0, 1)


def test_undo_takes_it_back_as_well_and_keeps_what_was_set_since(shop: Shop) -> None:
    shop.run("merge", 1, "--into", 2)
    shop.at("2026-11-16T12:30+01:00").run("set", 2, "category=faktura")
    shop.run("undo", 1)
    two = shop.get(2)
    assert (two.priority, two.assignee, two.fields) == ("low", "", {"category": "faktura"})


def test_what_stays_behind_is_told(shop: Shop) -> None:
    shop.run("assign", 2, "alice")
    shop.run("set", 2, "order_number=654321")
    told = shop.say("merge", 1, "--into", 2)
    assert "; left behind: owner bo, order_number=123456" in told
    assert "owner bo, " not in told.partition("left behind")[0]
    lower = shop.say("merge", 3, "--into", 2)
    assert "left behind: priority medium" in lower
    assert "; c@c.example is answered in a mail of their own" in lower


def test_the_older_one_was_low_and_is_judged_as_such(open_shop: Callable[..., Shop]) -> None:
    """The target's priority says nothing of the time before it existed: 2 days were promised, not 4 hours."""
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "En fråga", "Kan man tvätta den?")
    shop.run("priority", 1, "low")
    shop.at("2026-11-17T09:00+01:00").mail(ASA, "Frågan", "Har ni sett mitt mejl?")
    shop.at("2026-11-17T10:00+01:00").run("merge", 1, "--into", 2)
    assert "13:00" in shop.say("show", 2, "--why"), "the earlier deadline: that of the new one, at 13:00"
    shop.at("2026-11-17T11:00+01:00").run("reply", 2, "--text", "Ja, i 40 grader.", "--stay-open")
    shop.at("2026-11-17T14:00+01:00")
    rate = shop.figures("--from", "2026-11-16", "--to", "2026-11-18")["targets_kept"]["first_response"]
    assert (rate["part"], rate["whole"]) == (1, 1)


def test_the_newer_one_was_urgent_and_its_deadline_is_the_earlier(open_shop: Callable[..., Shop]) -> None:
    """#1 is low from 9 on, #2 high from 10 to 11: merged at 11.30 it is late since 11, and a reply breaks it."""
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "En fråga", "Kan man tvätta den?")
    shop.run("priority", 1, "low")
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "Nu läcker det", "Det rinner ut på golvet!")
    shop.run("priority", 2, "high")
    shop.at("2026-11-16T11:30+01:00").run("merge", 2, "--into", 1)
    assert "30m late" in shop.say("list")
    shop.run("reply", 1, "--text", "Vi kommer.", "--stay-open")
    assert first_responses(shop) == (0, 1)


def test_what_is_over_does_not_raise_what_is_open(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Allt ligger nere", "Kassan fungerar inte alls")
    shop.run("priority", 1, "high")
    shop.run("close", 1, "--cause", "fel")
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "En fråga", "Kan man tvätta den?")
    told = shop.say("merge", 1, "--into", 2)
    assert "left behind: priority high, cause fel" in told
    assert shop.get(2).priority == "medium"


def test_several_merges_are_taken_back_one_by_one(shop: Shop) -> None:
    shop.mail(ASA, "Hallå", "Svara då!")
    shop.run("priority", 4, "high")
    shop.run("merge", 1, 4, "--into", 2)
    shop.run("unmerge", 1)
    assert (shop.get(2).priority, shop.get(2).assignee) == ("high", ""), "#4 is high too"
    shop.run("unmerge", 4)
    assert shop.get(2).priority == "low"


def test_a_merge_of_merges_remembers_each(shop: Shop) -> None:
    shop.run("merge", 1, "--into", 2)
    shop.run("merge", 2, "--into", 3)
    assert first_responses(shop) == (0, 1)
    three = shop.get(3)
    assert [one.prefix for one in three.merged] == ["2.", "2.1."]
    assert (three.priority, three.assignee) == ("high", "bo")
    shop.run("unmerge", 2)
    shop.run("unmerge", 1)
    assert first_responses(shop) == (0, 1)
    assert [shop.get(number).priority for number in (1, 2, 3)] == ["high", "low", "medium"]


def test_export_says_when_a_reply_was_delivered(shop: Shop) -> None:
    shop.run("reply", 1, "--text", "Vi tittar på det.")
    assert '"delivered_at":"2026-11-16T11:00:00Z"' in shop.say("export").replace('": "', '":"')
