"""How satisfied a customer is: asked in a mail, answered by mail, and in the report."""

from __future__ import annotations

import json

import pytest

from tests.cases.shop import ASA, Shop


@pytest.fixture
def shop(open_shop) -> Shop:
    """One ticket of Åsa's, closed by a mail with the question."""
    shop = open_shop("").at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Sprucken hjälm", "Hej! Den är sprucken.")
    shop.at("2026-11-16T10:00+01:00")
    shop.run("reply", 1, "--snippet", "stangt", "--no-check", "--close", "--cause", "fel")
    shop.cron("send", "-q")
    return shop.at("2026-11-17T09:00+01:00")


def answer(shop: Shop, text: str, sender: str = ASA) -> None:
    shop.mail(sender, "Re: Sprucken hjälm [#1]", text, shop.get(1).messages[-1].message_id)


def report(shop: Shop) -> dict[str, dict[str, int]]:
    shop.at("2026-12-20T09:00+01:00")
    found: dict[str, dict[str, int]] = json.loads(shop.say("report", "--week", "2026-W47", "--json"))
    return found


def test_the_mail_asks_and_the_answer_is_the_rating(shop: Shop) -> None:
    assert "Svara med en siffra från 1 (inte alls) till 5 (mycket)." in shop.get(1).messages[-1].text
    answer(shop, "5 - tack för snabb hjälp!\n\n> Hur nöjd är du? Svara med en siffra")
    ticket = shop.get(1)
    assert (ticket.status, ticket.rating, ticket.rating_text) == ("closed", 5, "tack för snabb hjälp!")
    assert len(ticket.messages) == 3, "it is kept as it came, too"
    assert "kunden satte betyg: 5" in shop.say("--language", "sv", "inbox")
    found = report(shop)
    assert (found["rated"]["part"], found["rated"]["whole"], found["satisfied"]["part"]) == (1, 1, 1)
    assert found["reopened"]["part"] == 0
    said = shop.say("report", "--week", "2026-W47", "--language", "sv")
    assert "Kunder som svarade hur nöjda de är" in said and "Nöjda kunder (4 eller 5 av 5)" in said
    assert "was not asked" not in shop.say("report", "--week", "2026-W47", "--explain", "rated", "--language", "en")


def test_the_latest_counts(shop: Shop) -> None:
    answer(shop, "2")
    answer(shop, "4")
    assert shop.get(1).rating == 4 and shop.get(1).status == "closed"
    found = report(shop)
    assert (found["rated"]["part"], found["satisfied"]["part"]) == (1, 1)


def test_who_is_dissatisfied_is_read(shop: Shop) -> None:
    answer(shop, "1, den nya hjälmen är också sprucken")
    ticket = shop.get(1)
    assert (ticket.status, ticket.rating) == ("open", 1)


def test_a_question_beside_it_is_read(shop: Shop) -> None:
    answer(shop, "5\n\nNär öppnar butiken?")
    assert (shop.get(1).status, shop.get(1).rating) == ("open", 5)


@pytest.mark.parametrize("text", ["3 hjälmar till, tack", "Nej, den är sprucken igen"])
def test_no_rating(shop: Shop, text: str) -> None:
    answer(shop, text)
    assert (shop.get(1).status, shop.get(1).rating) == ("open", 0)


def test_somebody_else_does_not_rate(shop: Shop) -> None:
    answer(shop, "1", "Bo Ek <bo@granne.example>")
    assert shop.get(1).rating == 0


def test_a_number_is_no_rating_where_nobody_asked(open_shop) -> None:
    shop = open_shop("").at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Paddlar", "Hej! Jag vill ha paddlar.")
    shop.run("reply", 1, "--text", "Hur många vill du ha?", "--no-check", "--close", "--cause", "fel")
    shop.cron("send", "-q")
    answer(shop, "4")
    assert (shop.get(1).status, shop.get(1).rating) == ("open", 0)


def test_who_has_not_got_the_question_yet_was_not_asked(open_shop) -> None:
    shop = open_shop("").at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Sprucken hjälm", "Hej! Den är sprucken.")
    later = ("--later", "2026-12-25 09:00")
    shop.run("reply", 1, "--snippet", "stangt", "--no-check", "--close", "--cause", "fel", *later)
    answer(shop, "5")
    assert (shop.get(1).status, shop.get(1).rating) == ("open", 0)
    shop.run("close", 1, "--cause", "fel")
    assert report(shop)["rated"]["whole"] == 0


def test_an_answer_after_two_weeks_is_a_new_ticket_as_always(shop: Shop) -> None:
    shop.at("2026-12-02T09:00+01:00")
    answer(shop, "5")
    assert shop.get(1).rating == 0 and shop.get(2).messages[0].text == "5"
    found = report(shop)
    assert (found["rated"]["part"], found["rated"]["whole"], found["satisfied"]["whole"]) == (0, 1, 0)
