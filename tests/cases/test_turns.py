"""Tickets that are given out by turns go round, whatever becomes of them."""

from __future__ import annotations

import pytest

from tests.cases.shop import Shop

TURNS = "rules:\n  - {{id: turns, events: [created], then: [{{assign: {turn}}}]}}\n"


def owners(shop: Shop, count: int) -> list[str]:
    return [shop.get(number).assignee for number in range(1, count + 1)]


@pytest.mark.parametrize("turn", ["round_robin", "least_loaded"])
@pytest.mark.parametrize("work", ["close", "close as bo", "spam", "nothing"])
def test_who_closes_at_once_is_not_given_all(open_shop, turn: str, work: str) -> None:
    """work/07: alice, who closed each at once, got all six."""
    shop = open_shop(TURNS.format(turn=turn))
    for number in range(1, 7):
        shop.at(f"2026-11-16T1{number}:00+01:00").mail(f"k{number}@k{number}.example", "Ärende", "En fråga")
        if work.startswith("close"):
            shop.run("close", number, "--cause", "fel", user="bo" if "bo" in work else "alice")
        elif work == "spam":
            shop.run("spam", number)
    assert owners(shop, 6) == ["alice", "bo"] * 3


def test_who_hands_on_has_had_their_turn(open_shop) -> None:
    shop = open_shop(TURNS.format(turn="round_robin"))
    shop.at("2026-11-16T09:00+01:00").mail("k1@k.example", "Ett", "En fråga")
    shop.at("2026-11-16T09:30+01:00").say("assign", 1, "bo")  # was alice's
    shop.at("2026-11-16T10:00+01:00").mail("k2@k.example", "Två", "En fråga")
    assert owners(shop, 2) == ["bo", "alice"], "bo was given one last"


def test_several_in_one_minute_alternate(open_shop) -> None:
    shop = open_shop(TURNS.format(turn="least_loaded")).at("2026-11-16T09:00+01:00")
    for number in range(1, 5):
        shop.mail(f"k{number}@k.example", "Ärende", "En fråga")
    assert owners(shop, 4) == ["alice", "bo", "alice", "bo"]


def test_by_hand_too(open_shop) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    for number in range(1, 5):
        shop.mail(f"k{number}@k.example", "Ärende", "En fråga")
        shop.say("assign", number, "round_robin")
        shop.say("close", number, "--cause", "fel")
    assert owners(shop, 4) == ["alice", "bo", "alice", "bo"]
