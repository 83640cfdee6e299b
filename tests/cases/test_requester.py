"""Whose matter a ticket is, said by a person: a question that somebody passed on counts for the real customer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cases.shop import ASA, Shop
from tests.commands.test_reply import sent

DAY = ("--from", "2026-11-16", "--to", "2026-11-16")
PARTNER = "Pelle Partner <pelle@partner.example>"
FORWARD = """\
Kan ni svara henne?

---------- Forwarded message ---------
Från: Åsa Öberg <asa@kund.example>
Date: mån 16 nov. 2026 kl 08:00
Subject: Kannan läcker
To: <pelle@partner.example>

Hej! Kannan som jag köpte läcker.
"""


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """#1 came from an outsider, who passes on Åsa's question."""
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(PARTNER, "VB: Kannan läcker", FORWARD)
    return shop.at("2026-11-16T09:10+01:00")


def unanswered(shop: Shop) -> tuple[int, int]:
    """How many have had a first response, and how many wait for one."""
    figures = shop.figures(*DAY)
    return figures["first_response"]["calendar"]["n"], figures["unanswered"]["count"]


def test_a_question_passed_on_offers_it(shop: Shop) -> None:
    shown = " ".join(shop.say("show", 1).split())
    assert "passes on a mail of Åsa Öberg <asa@kund.example>: `ticketctl requester 1 asa@kund.example`" in shown


def test_an_ordinary_mail_and_one_of_ours_passed_on_offer_nothing(shop: Shop) -> None:
    shop.mail(ASA, "Fråga", "Kan man tvätta den?")
    ours = FORWARD.replace("Åsa Öberg <asa@kund.example>", "Exempel support <support@exempel.example>")
    shop.mail(ASA, "VB: Kannan", ours)
    assert "ticketctl requester" not in shop.say("show", 2, 3)


def test_the_answer_goes_to_the_customer_alone(shop: Shop) -> None:
    told = shop.say("requester", 1, "Åsa Öberg <asa@kund.example>")
    assert told == (
        "#1 is Åsa Öberg <asa@kund.example>’s now (was Pelle Partner <pelle@partner.example>’s); "
        "pelle@partner.example takes part and gets no copies\n"
    )
    told = shop.say("reply", 1, "--text", "Hej Åsa, en ny är på väg.")
    assert told.startswith("#1: reply sent to asa@kund.example; waits until")
    assert "makes it theirs" not in " ".join(shop.say("show", 1).split()), "what has been done is offered no longer"
    (mail,) = sent(shop)
    assert (str(mail["To"]), mail["Cc"]) == ("Åsa Öberg <asa@kund.example>", None)
    assert unanswered(shop) == (1, 0)


def test_what_was_written_to_the_other_is_no_answer_to_the_customer(shop: Shop) -> None:
    shop.run("reply", 1, "--text", "Vi svarar henne.", "--stay-open")
    assert unanswered(shop) == (1, 0)
    shop.at("2026-11-16T10:00+01:00").run("requester", 1, "asa@kund.example")
    assert unanswered(shop) == (0, 1)
    shop.run("reply", 1, "--to", "pelle@partner.example", "--text", "Nu skriver vi till henne.")
    assert unanswered(shop) == (0, 1), "nor is what is written to them later"
    shop.at("2026-11-16T11:00+01:00").run("reply", 1, "--text", "En ny är på väg.")
    assert shop.figures(*DAY)["first_response"]["calendar"]["median_minutes"] == 120
    assert unanswered(shop) == (1, 0)


def test_who_has_not_been_answered_is_not_waited_for(shop: Shop) -> None:
    shop.run("reply", 1, "--text", "Vi svarar henne.")
    assert shop.get(1).status == "waiting"
    shop.at("2026-11-16T10:00+01:00").run("requester", 1, "asa@kund.example")
    assert shop.get(1).status == "open"
    shop.say("undo", 1)
    assert (shop.get(1).status, shop.get(1).requester.address) == ("waiting", "pelle@partner.example")


def test_undo_gives_it_back(shop: Shop) -> None:
    shop.run("reply", 1, "--text", "Vi svarar henne.", "--stay-open")
    before, figures = shop.say("show", 1), unanswered(shop)
    shop.at("2026-11-16T10:00+01:00").run("requester", 1, "asa@kund.example")
    assert shop.say("undo", 1) == "#1 is the matter of Pelle Partner <pelle@partner.example> again\n"
    shop.at("2026-11-16T09:10+01:00")
    assert shop.say("show", 1) == before
    assert unanswered(shop) == figures


def test_the_mails_of_both_join(shop: Shop) -> None:
    shop.run("requester", 1, "asa@kund.example")
    shop.run("reply", 1, "--text", "En ny är på väg.")
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "SV: Kannan läcker", "Tack, när kommer den?", shop.last_out(1))
    shop.mail(PARTNER, "SV: VB: Kannan läcker", "Hör ni av er?", "m1@kund.example")
    assert len(shop.get(1).messages) == 4


def test_a_name_or_an_address_that_was_typed_wrong(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.run("new", "--requester", "070-123 45 67", "--channel", "phone", "--subject", "Ringde", "--text", "Läcker.")
    assert shop.say("requester", 1, "Eva Ek <eva@ek.example>") == (
        "#1 is Eva Ek <eva@ek.example>’s now (was 070-123 45 67’s)\n"
    )
    assert shop.say("requester", 1, "eva@ek.example") == "#1 is Eva Ek <eva@ek.example>’s already\n"
    assert "an address of our own" in shop.trouble("requester", 1, "support@exempel.example", code=2)
    shop.run("undo", 1)
    assert shop.get(1).requester.name == "070-123 45 67"
    shop.mail(ASA, "Ja", "Ja")
    shop.run("merge", 2, "--into", 1)
    assert "was merged into #1; change the requester there" in shop.trouble("requester", 2, "eva@ek.example", code=5)


def test_a_dry_run_changes_nothing(shop: Shop) -> None:
    shop.run("requester", 1, "asa@kund.example", "--dry-run")
    assert shop.get(1).requester.address == "pelle@partner.example"
