"""`person show`, `note`, `restrict`, `rectify`: whoever is meant is found, by any spelling, and nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cases.shop import Shop

ANNA = "Anna Öberg <anna@kund.example>"


@pytest.fixture
def shop(open_shop: Any) -> Shop:
    return open_shop("privacy: {retention: [{when: {status: closed, closed_for: 12 months}, then: delete}]}\n").at(
        "2026-03-02T09:00+01:00"
    )


def found(shop: Shop, person: str) -> dict[str, Any]:
    return dict(json.loads(shop.say("person", "show", person, "--json")))


def numbers(shop: Shop, person: str) -> list[int]:
    return [one["number"] for one in found(shop, person)["tickets"]]


SPELLINGS = ("anna@kund.example", "ANNA@Kund.Example", "anna+shop@kund.example", "Anna Öberg <anna@kund.example>")


@pytest.mark.parametrize("written", SPELLINGS)
def test_any_spelling_finds_all(shop: Shop, written: str) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.mail("anna <Anna+x@KUND.example>", "Två", "Hej")
    shop.mail("Bo Ek <bo@granne.example>", "Tre", "Jag talade med Anna Öberg i går.")
    shop.mail("Anna Andersson <anna@granne.example>", "Fyra", "Hej")
    assert numbers(shop, written) == [1, 2, 3]


def test_archived_tickets_and_a_caller_without_mail_are_found(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("close", 1)
    shop.run("new", "--requester", "Åsa på ICA 070-123 45 67", "--text", "Ringde")
    shop.at("2026-06-02T09:00+02:00").cron("escalate", "-q")
    assert numbers(shop, "anna@kund.example") == [1]
    assert numbers(shop, "åsa på ica 070-123 45 67") == [2]


def test_when_and_why_it_was_read_and_not_by_whom(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("show", 1, user="bo")
    told = shop.say("person", "show", "anna@kund.example")
    assert "2026-03-02 09:00  show" in told
    assert {"show", "person show"} <= {one["what"] for one in found(shop, "anna@kund.example")["readings"]}
    assert '"bo"' not in json.dumps(found(shop, "anna@kund.example")["readings"])


def test_nothing_is_kept_of_a_stranger(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    assert "nothing is stored" in shop.trouble("person", "show", "vem@annan.example", code=5)


def test_an_address_that_no_ticket_has_is_asked_about(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    for args in (("restrict", "{}"), ("note", "{}", "faktura")):
        known, unknown = ([one.format(who) for one in args] for who in ("anna@kund.example", "ana@kund.example"))
        assert "is the address right?" not in shop.run("person", *known).stderr
        assert "is the address right?" in shop.run("person", *unknown).stderr
    assert "nothing is stored" in shop.trouble("person", "rectify", "vem@annan.example", "--name", "Vem", code=5)
    answer = shop.trouble("--language", "sv", "person", "show", "vem@annan.example", code=5)
    assert answer == "ticketctl: det finns inget sparat om den personen; `ticketctl search` letar efter ord\n"
    same = ("rectify", "anna@kund.example", "--name", "Anna Öberg")
    assert "correct already" in shop.trouble("person", *same, code=5)


def test_what_is_so_already_is_not_said_to_be_done(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    assert shop.say("person", "restrict", "anna@kund.example", "--lift") == "not restricted\n"
    shop.run("person", "restrict", "anna@kund.example")
    assert "restricted already, since Mon 2026-03-02" in shop.say("person", "restrict", "anna@kund.example")
    assert shop.say("hold", 1, "--lift") == "#1 has no legal hold\n"
    shop.run("hold", 1, "--reason", "tvist")
    assert shop.say("hold", 1, "--reason", "tvist") == "#1 has a legal hold already: tvist\n"


def test_a_note_and_one_to_drop_are_two_commands(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("person", "note", "anna@kund.example", "faktura")
    assert "not both" in shop.trouble("person", "note", "anna@kund.example", "annat", "--drop", 1, code=2)
    assert "faktura" in shop.say("show", 1)


@pytest.mark.parametrize("room", [80, 100])
def test_the_tickets_fit_the_terminal(shop: Shop, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(room))
    for _ in range(2):
        shop.mail(ANNA, "Ett ärende med ett ämne som är längre än vad som ryms på raden", "Hej")
    lines = shop.say("person", "show", "anna@kund.example").splitlines()
    assert max(map(len, lines[2:5])) <= room
    assert lines[3].index("Ett ärende") == lines[2].index("subject")


def test_the_team_is_refused(shop: Shop) -> None:
    assert "team" in shop.trouble("person", "erase", "bo@exempel.example", "--yes", code=2)


def test_a_note_is_shown_on_each_ticket_and_can_be_dropped(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("person", "note", "ANNA+x@kund.example", "faktura kvartalsvis")
    shop.mail("Anna <anna@kund.example>", "Två", "Hej")
    for number in (1, 2):
        assert "About them: faktura kvartalsvis (alice, " in shop.say("show", number)
    assert "note 1: faktura kvartalsvis" in shop.say("person", "show", "anna@kund.example")
    shop.run("person", "note", "anna@kund.example", "--drop", 1)
    assert "faktura" not in shop.say("show", 1)
    assert shop.store.facts("person ") == {}


def test_an_old_address_finds_what_was_rectified(shop: Shop) -> None:
    shop.mail("Ana Öberg <ana@kund.example>", "Ett", "Mvh Ana Öberg, ana@kund.example")
    shop.run("note", 1, "--text", "x")
    shop.run("close", 1)
    shop.at("2026-06-02T09:00+02:00").cron("escalate", "-q")
    told = shop.say("person", "rectify", "ana@kund.example", "--address", "anna@kund.example", "--name", "Anna Öberg")
    assert "corrected on 1 ticket (#1)" in told
    ticket = shop.get(1)
    assert str(ticket.requester) == ANNA and str(ticket.messages[0].sender) == ANNA
    assert ticket.messages[0].text == "Mvh Ana Öberg, ana@kund.example"  # as it was said
    assert numbers(shop, "ana@kund.example") == numbers(shop, "anna@kund.example") == [1]


def test_nobody_is_joined_by_name(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.mail("Anna Öberg <anna@annan.example>", "Två", "Hej, jag är Anna Öberg")
    assert numbers(shop, "anna@kund.example") == [1]


def test_restricted_data_is_kept_and_the_ticket_says_so(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("close", 1)
    shop.run("person", "restrict", "anna@kund.example")
    assert "Restricted since" in shop.say("show", 1)
    shop.at("2027-06-02T09:00+02:00").cron("purge", "--clock-is-right")
    assert shop.get(1).requester.address == "anna@kund.example"
    shop.run("person", "restrict", "anna@kund.example", "--lift")
    shop.cron("purge", "--clock-is-right")
    shop.run("show", 1, code=4)


def test_no_automatic_answer_goes_to_whom_is_restricted(open_shop: Any) -> None:
    rules = """\
rules:
  - {id: svar, events: [created], when: {channel: email}, then: [{reply: {snippet: mottaget, automatic: true}}]}
"""
    shop = open_shop(rules).at("2026-03-02T09:00+01:00")
    shop.mail(ANNA, "Ett", "Hej")
    assert any(one.kind == "automatic" for one in shop.get(1).messages)
    shop.run("person", "restrict", "anna@kund.example")
    shop.at("2026-03-06T09:00+01:00").mail(ANNA, "Två", "Hej igen")
    assert not any(one.kind == "automatic" for one in shop.get(2).messages)


def test_without_the_reason_that_is_asked_for_nothing_is_rectified(open_shop: Any) -> None:
    shop = open_shop("privacy: {reasons: [person]}\n").at("2026-03-02T09:00+01:00")
    shop.mail(ANNA, "Ett", "Hej")
    rectify = ("person", "rectify", "anna@kund.example", "--name", "Anna Berg")
    assert "requires a reason" in shop.trouble(*rectify, code=2)
    assert str(shop.get(1).requester) == ANNA and shop.store.facts("person ") == {}
    shop.run("--reason", "fel i namnet", *rectify)
    assert shop.get(1).requester.name == "Anna Berg"
