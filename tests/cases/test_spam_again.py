"""A spammer who writes again stays spam, on the desk and in the figures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.shop import Shop

SPAMMER = "spam@s.example"
OUTAGE = """\
rules:
  - {id: outage, events: [created, customer_message], when: {text: {any_word: [nu]}}, then: [{label: drift}]}
"""


def shop_with_spam(open_shop: Any, more: str = "") -> Shop:
    shop = open_shop(more)
    shop.at("2026-11-16T09:00+01:00").mail(SPAMMER, "Köp", "Köp billigt", message_id="s1@s.example")
    shop.say("spam", 1)
    return shop


@pytest.mark.parametrize("moment", ["2026-11-17T09:00+01:00", "2026-12-20T09:00+01:00"])
@pytest.mark.parametrize("how", ["the same id", "an answer", "the number"])
def test_what_is_written_into_spam_stays_there(open_shop, moment: str, how: str) -> None:
    """work/17: the second mail, of the same Message-ID, opened the ticket again."""
    shop = shop_with_spam(open_shop, OUTAGE)
    text = "Köp nu! Varför svarar ni inte?"
    shop.at(moment)
    if how == "the same id":
        shop.mail(SPAMMER, "Re: Köp", text, message_id="s1@s.example")
    elif how == "an answer":
        shop.mail(SPAMMER, "Re: Köp", text, "s1@s.example")
    else:
        shop.mail(SPAMMER, "Re: Köp [#1]", text)
    ticket = shop.get(1)
    assert (ticket.spam, ticket.status, ticket.labels, len(ticket.messages)) == (True, "closed", (), 2)
    assert "Nothing is open" in shop.say("list")
    for week in ("2026-W47", "2026-W51"):
        figures = shop.figures("--week", week)
        flow = figures["flow"]
        assert (flow["arrivals"], flow["closes"], flow["reopened"], figures["reopened"]["whole"]) == (0, 0, 0, 0)


def test_what_was_no_spam_after_all_has_both_mails(open_shop) -> None:
    shop = shop_with_spam(open_shop)
    shop.at("2026-11-17T09:00+01:00").mail(SPAMMER, "Re: Köp", "Jag är ingen robot.", "s1@s.example")
    shop.say("reopen", 1)
    assert "first response: due Mon 2026-11-16 13:00" in shop.say("show", 1, "--why")
    flow = shop.at("2026-11-23T09:00+01:00").figures("--week", "2026-W47")["flow"]
    assert (flow["arrivals"], flow["closes"], flow["reopened"]) == (1, 0, 0)


def test_another_customer_who_answers_it_is_no_spam(open_shop) -> None:
    shop = shop_with_spam(open_shop)
    shop.at("2026-11-17T09:00+01:00").mail("asa@kund.example", "Re: Köp", "Vad är det här?", "s1@s.example")
    assert shop.get(2).status == "new" and not shop.get(2).spam
