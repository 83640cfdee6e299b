"""A later mail does not undo what a person decided, and is asked for its own text, not for the old subject."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cases.shop import ASA, Shop

Opener = Callable[..., Shop]
MONDAY = "2026-11-16T09:00+01:00"
RULES = """\
fields:
  area: {values: [butik, app]}
labels: [drift, vip]
rules:
  - id: outage
    events: [created, customer_message]
    when: {text: {any_word: [ligger nere, is down]}}
    then: [{set: {priority: high, area: butik}}, {label: [drift, vip]}, {assign: bo}]
"""


def opened(open_shop: Opener) -> Shop:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail(ASA, "Sajten ligger nere", "Ingenting laddas.")
    found = shop.get(1)
    assert (found.priority, found.labels, found.assignee, found.fields) == (
        "high",
        ("drift", "vip"),
        "bo",
        {"area": "butik"},
    )
    return shop.at("2026-11-16T10:00+01:00")


def writes_again(shop: Shop, text: str, subject: str = "Sv: Sajten ligger nere") -> None:
    shop.mail(ASA, subject, text, shop.get(1).messages[0].message_id)


DECISIONS = {
    "priority": (("priority", 1, "low"), lambda one: one.priority, "low"),
    "owner": (("assign", 1, "alice"), lambda one: one.assignee, "alice"),
    "nobody": (("assign", 1, "none"), lambda one: one.assignee, ""),
    "field": (("set", 1, "area=app"), lambda one: one.fields["area"], "app"),
    "label": (("label", 1, "--remove", "drift"), lambda one: one.labels, ("vip",)),
}


@pytest.mark.parametrize("what", DECISIONS)
def test_what_a_person_set_stays(open_shop: Opener, what: str) -> None:
    command, asked, value = DECISIONS[what]
    shop = opened(open_shop)
    shop.run(*command)
    assert asked(shop.get(1)) == value
    writes_again(shop, "Nu: den ligger nere igen.")
    assert asked(shop.get(1)) == value
    assert "left as alice set it" in shop.say("explain", 1)


def test_what_no_person_set_is_still_set_by_the_rule(open_shop: Opener) -> None:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail(ASA, "Kvittot", "Var är det?")
    shop.run("set", 1, "area=app")
    writes_again(shop, "Och nu: sajten ligger nere.", "Sv: Kvittot")
    found = shop.get(1)
    assert (found.priority, found.labels, found.assignee, found.fields["area"]) == (
        "high",
        ("drift", "vip"),
        "bo",
        "app",
    )


def test_a_rule_at_the_first_mail_and_a_person_afterwards_do_not_stop_another_ticket(open_shop: Opener) -> None:
    shop = opened(open_shop)
    shop.run("priority", 1, "low")
    shop.mail("eva@kund.example", "Sajten ligger nere", "Hos mig också.")
    assert shop.get(2).priority == "high"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Tack, hur går det med kvittot?", "Sv: Sajten ligger nere"),
        ("Hur går det?", "RE: SV: Sajten ligger nere [#1]"),
        ("> Sajten ligger nere\n> Ingenting laddas.", "Sv: Sajten ligger nere"),
        (
            "Hur går det?\n\nDen 16 november 2026 09:00 skrev Åsa <asa@kund.example>:\n> Sajten ligger nere",
            "Sv: Frågan",
        ),
    ],
)
def test_the_old_subject_and_quotes_fire_nothing(open_shop: Opener, text: str, subject: str) -> None:
    shop = opened(open_shop)
    writes_again(shop, text, subject)
    assert [one.occasion for one in shop.get(1).fired] == ["created"]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Nu: den ligger nere igen.", "Sv: Sajten ligger nere"),
        ("Se ovan.", "Kassan ligger nere"),
        ("The shop is down", ""),
    ],
)
def test_new_words_fire_again(open_shop: Opener, text: str, subject: str) -> None:
    shop = opened(open_shop)
    writes_again(shop, text, subject)
    assert [one.occasion for one in shop.get(1).fired] == ["created", "customer_message m2"]
