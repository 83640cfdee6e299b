"""What `search` finds, on a desk with one closed ticket that has something everywhere (work/11 and neighbours)."""

from __future__ import annotations

import json

import pytest

from tests.cases.shop import ASA

FIELDS = """fields:
  order_number: {pattern: "[0-9]{6}"}
labels: [vip]"""


@pytest.fixture
def shop(open_shop):
    shop = open_shop(FIELDS).at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Strömavbrott i Malmö", "Mitt telefonnummer är 070-123 45 67. Faktura 1234567 från\nJönköping.")
    shop.run("set", 1, "order_number=654321")
    shop.run("label", 1, "+vip")
    shop.run("note", 1, "Ring Agnès på +46 (0)40 765 43 21")
    shop.run("close", 1, "--cause", "leverans", "--lesson", "Säg frakttiden i kassan")
    shop.at("2026-11-17T09:00+01:00").mail("Bo <bo@annan.example>", "Annat", "Se #1 och kvitto")
    return shop


def found(shop, *words):
    return [json.loads(line)["number"] for line in shop.say("search", "--json", *words).splitlines()]


@pytest.mark.parametrize(
    "words",
    [
        "strömavbrott", "654321", "order_number=654321", "frakttiden", "leverans", "vip", "malmo", "oberg", "agnes",
        "MALMO jonkoping", "0701234567", "070-1234567", "+46701234567", "+46 70 123 45 67", "0046701234567",
        "070/123 45 67", "040-765 43 21", "0407654321", "malmö 070 123 45 67 vip", "1234567",
    ],
)  # fmt: skip
def test_it_is_found_by_whatever_a_person_remembers(shop, words):
    assert found(shop, *words.split()) == [1]


@pytest.mark.parametrize("words", ["0701234568", "+46701234568", "+45 70 123 45 99", "654322", "malmo lund", "#17"])
def test_what_it_does_not_have_is_not_found(shop, words):
    assert found(shop, *words.split()) == []
    assert "No ticket has all of these words" in shop.say("search", *words.split())


def test_a_number_with_its_sign_is_the_ticket_and_who_speaks_of_it(shop):
    assert found(shop, "#1") == [1, 2]  # the ticket itself first, though the other one is open
    assert found(shop, "#2") == [2]


def test_a_bare_number_is_the_ticket_then_where_it_is_a_word(shop):
    shop.mail("Kalle <k@annan.example>", "Order A1", "Jag beställde 12 st, ref X1y")
    shop.mail("Kalle <k@annan.example>", "Rad 1, två gånger", "Var är 2:an? INV4711")
    assert found(shop, "1") == [1, 2, 4]
    assert found(shop, "2") == [2, 4]
    assert found(shop, "3") == [3]
    assert found(shop, "kvitto", "1") == [2]
    assert found(shop, "12") == [3] and found(shop, "99") == []
    assert found(shop, "4711") == [4], "where no word is the number, a part of one"
    assert shop.say("list", "--search", "2").splitlines()[1].startswith("2 ")


def test_a_letter_without_its_marks_is_another_letter_where_that_is_found(shop):
    shop.mail("Kalle <k@annan.example>", "Malmo FF", "En affisch")
    assert found(shop, "malmo") == [3] and found(shop, "malmö") == [1]


def test_it_is_list_with_search_and_all(shop):
    assert shop.say("search", "malmö") == shop.say("list", "--search", "malmö", "--all")
    assert "`ticketctl search WORDS`" in shop.say("list", "--search", "malmö")
    assert "search for what?" in shop.trouble("search", code=2)


@pytest.mark.parametrize(
    ("option", "day", "numbers"),
    [
        ("--after", "2026-11-17", [2]),
        ("--before", "2026-11-17", [1]),
        ("--after", "november", [2, 1]),
        ("--before", "måndag", []),
        ("--after", "igår", [2, 1]),
        ("--before", "16 november", []),
    ],
)
def test_before_and_after_a_day(shop, option, day, numbers):
    assert found(shop, "example", option, day) == numbers


def test_what_is_no_day_is_told(shop):
    assert "'sommar' is not a day" in shop.trouble("search", "x", "--after", "sommar", code=2)
