"""`person link` and `unlink`: a colleague says who is one person; the desk only ever asks."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from tests.cases.shop import Shop
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.plain_message import PlainMessage
from ticketctl.usecases.intake.receive import Receive, receive

ANNA, WORK = "Anna Öberg <anna@kund.example>", "Anna Ö <anna@jobb.example>"
RULES = "fields: {ordernr: {pattern: '[0-9]{4,6}'}, kund: {values: [ny, gammal]}}\n"


@pytest.fixture
def shop(open_shop: Any) -> Shop:
    return open_shop(RULES).at("2026-03-02T09:00+01:00")


def found(shop: Shop, *args: object) -> dict[str, Any]:
    return dict(json.loads(shop.say(*args, "--json")))


def numbers(shop: Shop, *args: object) -> list[int]:
    return sorted(json.loads(line)["number"] for line in shop.say(*args, "--json").splitlines())


def two(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.mail(WORK, "Två", "Hej")


def test_two_addresses_are_one_person_and_each_message_keeps_its_own(shop: Shop) -> None:
    two(shop)
    assert found(shop, "show", 2)["also_open"] == []
    assert shop.say("person", "link", "anna@kund.example", "anna@jobb.example").startswith("one person: ")
    assert found(shop, "show", 2)["also_open"] == [1] and found(shop, "show", 1)["also_open"] == [2]
    assert [shop.get(number).requester.address for number in (1, 2)] == ["anna@kund.example", "anna@jobb.example"]
    for address in ("anna@kund.example", "anna@jobb.example"):
        assert [one["number"] for one in found(shop, "person", "show", address)["tickets"]] == [1, 2]
        assert numbers(shop, "search", address) == numbers(shop, "list", "--from", address) == [1, 2]
    shop.run("person", "unlink", "anna@kund.example", "anna@jobb.example")
    assert found(shop, "show", 2)["also_open"] == []
    assert numbers(shop, "search", "anna@jobb.example") == [2]


def test_an_answer_by_another_door_stays_in_the_ticket(shop: Shop) -> None:
    """Only once somebody said that it is the same person: else whoever is forwarded a mail could write there."""
    two(shop)
    shop.run("reply", 1, "--text", "Svar", "--no-check")
    ours = shop.get(1).messages[-1].message_id
    shop.mail(WORK, "Sv: Ett", "Före", answers=ours)
    assert len(shop.get(1).messages) == 2 and shop.get(3).messages[0].text == "Före"
    shop.run("person", "link", "anna@kund.example", "anna@jobb.example")
    shop.mail(WORK, "Sv: Ett", "Efter", answers=ours)
    assert [one.text for one in shop.get(1).messages] == ["Hej", "Svar", "Efter"]
    assert shop.get(1).messages[-1].sender.address == "anna@jobb.example"


def test_a_caller_and_a_chat_are_linked_too(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("new", "--requester", "070-123 45 67", "--text", "Ringde om ordern")
    with shop.store.transaction() as desk:
        ticket = desk.get(1)
        chat = Person("@anna:rum.example", "Anna")
        desk.save(type(ticket)(number=desk.new_number(), subject="Chatt", requester=chat, opened_at=shop.now))
    shop.run("person", "link", "anna@kund.example", "070-123 45 67")
    shop.run("person", "link", "@anna:rum.example", "anna@kund.example")
    assert found(shop, "show", 2)["also_open"] == [1, 3] and found(shop, "show", 3)["also_open"] == [1, 2]
    assert numbers(shop, "search", "070-123 45 67") == [1, 2, 3]
    logged = shop.say("new", "--requester", "070-123 45 67", "--text", "Ringde igen")
    assert "#1, #2, #3" in logged


def test_what_was_noted_of_both_is_kept(shop: Shop) -> None:
    two(shop)
    shop.run("person", "note", "anna@kund.example", "faktura kvartalsvis")
    shop.run("person", "note", "anna@jobb.example", "ring efter tre")
    shop.run("person", "link", "anna@kund.example", "anna@jobb.example")
    assert found(shop, "show", 2)["about_requester"] == ["faktura kvartalsvis", "ring efter tre"]
    shop.run("person", "unlink", "anna@kund.example", "anna@jobb.example")
    assert found(shop, "show", 2)["about_requester"] == []


def test_the_same_order_number_is_a_question_with_the_command_and_never_an_answer(shop: Shop) -> None:
    two(shop)
    for number in (1, 2):
        shop.run("set", number, "ordernr=47110")
    told = shop.say("show", 2)
    assert "Perhaps also Anna Öberg <anna@kund.example> (#1): both have ordernr 47110." in " ".join(told.split())
    assert found(shop, "show", 2)["also_open"] == []
    assert found(shop, "show", 2)["maybe_same_person"] == [
        {
            "person": {"address": "anna@kund.example", "name": "Anna Öberg"},
            "ticket": 1,
            "by": "ordernr",
            "value": "47110",
        }
    ]
    assert "Perhaps also Anna Öberg" in shop.say("person", "show", "anna@jobb.example")
    command = " ".join(told.split()).partition("`ticketctl ")[2].partition("`")[0]
    shop.run(*shlex.split(command))
    assert found(shop, "show", 2)["also_open"] == [1] and "Perhaps" not in shop.say("show", 2)


def test_a_field_without_a_pattern_says_nothing(shop: Shop) -> None:
    two(shop)
    for number in (1, 2):
        shop.run("set", number, "kund=ny")
    assert "Perhaps" not in shop.say("show", 2)


def test_the_same_name_says_nothing(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.mail("Anna Öberg <anna@annan.example>", "Två", "Hej, jag är Anna Öberg")
    assert "Perhaps" not in shop.say("show", 2)


def test_an_address_that_a_caller_gave_is_a_question_in_swedish_too(shop: Shop) -> None:
    shop.mail(ANNA, "Ett", "Hej")
    shop.run("new", "--requester", "Anna på jobbet", "--text", "Ringde. Svara till Anna@kund.example.")
    assert "Perhaps also Anna Öberg" in shop.say("show", 2)
    told = " ".join(shop.run("--language", "sv", "show", 2).output.split())
    assert "Kanske även Anna Öberg <anna@kund.example> (#1)" in told
    assert "`ticketctl person link 'Anna på jobbet' anna@kund.example`, annars `person unlink`" in told


def test_an_address_that_a_chat_visitor_gave_is_a_question_and_joins_nobody(shop: Shop) -> None:
    """Thirty visitors claim to be Anna: none of them sees or becomes her."""
    shop.mail(ANNA, "Ett", "Hej")
    for number in range(30):
        claimed = PlainMessage(
            id=f"{number}@chat.invalid",
            sender=Person(f"@{number}:chat", "Kallar sig Anna", "chat"),
            text="Hej",
            conversation=f"chat-{number}",
            reply_to=(Person("Anna@kund.example", "Anna"),),
        )
        receive(shop.session("system"), Receive(source="webben", channel="chat", message=claimed))
    told = found(shop, "show", 31)
    assert (told["also_open"], told["maybe_same_person"][0]["ticket"]) == ([], 1)
    assert found(shop, "show", 1)["also_open"] == [] and len(found(shop, "show", 1)["maybe_same_person"]) == 3
    assert [one["number"] for one in found(shop, "person", "show", "@7:chat")["tickets"]] == [9]
    shop.run("person", "link", "anna@kund.example", "@7:chat")
    assert found(shop, "show", 1)["also_open"] == [9]


def test_an_address_in_a_mail_is_somebody_elses_as_a_rule(shop: Shop) -> None:
    two(shop)
    shop.mail("Bo Ek <bo@kund.example>", "Tre", "Fråga anna@kund.example")
    assert "Perhaps" not in shop.say("show", 3)


def test_who_is_somebody_else_is_not_suggested_again(shop: Shop) -> None:
    two(shop)
    for number in (1, 2):
        shop.run("set", number, "ordernr=47110")
    shop.run("person", "unlink", "anna@jobb.example", "anna@kund.example")
    assert "Perhaps" not in shop.say("show", 1) and "Perhaps" not in shop.say("show", 2)
    assert "anna" not in json.dumps(shop.store.facts("apart "))
    shop.run("person", "unlink", "anna@jobb.example", "anna@kund.example", code=5)
    shop.run("person", "link", "anna@jobb.example", "anna@kund.example")
    assert found(shop, "show", 2)["also_open"] == [1]


def test_what_cannot_be_linked(shop: Shop) -> None:
    two(shop)
    shop.run("person", "link", "anna@kund.example", "bo@exempel.example", code=2)  # of the team
    assert "no ticket has ana@kund.example yet" in shop.say("person", "link", "anna@kund.example", "ana@kund.example")
    assert "already" in shop.trouble("person", "link", "ana@kund.example", "anna@kund.example", code=5)
    assert "already" in shop.trouble("person", "link", "anna@kund.example", "ANNA+x@kund.example", code=5)
    assert "same" in shop.trouble("person", "unlink", "anna@jobb.example", "anna+x@jobb.example", code=5)
    shop.run("person", "link", "anna@kund.example", "anna@jobb.example", "--dry-run")
    assert found(shop, "show", 2)["also_open"] == []


def test_erasing_one_erases_all_of_the_person(shop: Shop) -> None:
    two(shop)
    shop.run("person", "link", "anna@kund.example", "anna@jobb.example")
    shop.run("person", "erase", "anna@jobb.example", "--files", "keep", "--yes")
    assert shop.store.facts("person ") == {}
    assert not any("anna" in str(shop.get(number).requester) for number in (1, 2))
