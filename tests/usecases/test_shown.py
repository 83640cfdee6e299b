"""`privacy: mask_shown`: stored as it came, starred out wherever it is shown or sent, and never stored so."""

from __future__ import annotations

import pytest

from tests.conftest import RULES, Office
from tests.planted import hits
from tests.usecases.table import TABLE
from ticketctl.domain.ticket.message import Person
from ticketctl.errors import TicketctlError
from ticketctl.usecases.results import Objected

CARD, PERSON = "4111 1111 1111 1111", "811218-9876"
KINDS = "privacy: {mask_shown: [payment_card, personnummer]}\n"


def texts(office: Office) -> str:
    with office.store.reading() as found:
        return "\n".join(
            f"{ticket.number} {ticket.subject} {message.text} {message.whole}"
            for ticket in found.find(archive=True, texts=True)
            for message in ticket.messages
        )


@pytest.fixture
def numbers(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + KINDS, "utf-8")
    for number in (1, 2):
        text = f"Jag är {PERSON} och betalar med {CARD}."
        office.make(number, subject=f"Kort {CARD}", text=text, requester=Person(f"k{number}@kund.example"))
    return office


@pytest.mark.parametrize(
    "command",
    [
        ("show", 1), ("--json", "show", 1), ("list",), ("--json", "list"), ("board",), ("inbox",),
        ("search", "betalar"), ("explain", 1), ("report",),
        ("spam", 1), ("triage", 1), ("split", 1, "m1"), ("handover", "bo", "alice"),
        ("--json", "assign", 1, "bo"), ("--json", "priority", 1, "high"),
        ("--json", "note", 1, "hej"), ("--json", "take"), ("take", "--dry-run"), ("triage", "--suggest"),
        ("merge", "--suggest"), ("--json", "reply", 1, "--text", "Den kommer i dag."), ("--json", "link", 1, 2),
        ("handover", "bo", "alice", "--dry-run"), ("drafts",), ("snippets", "try", "x", 1), ("label", 1, "vip"),
    ],
)  # fmt: skip
def test_no_command_shows_it(numbers: Office, command: tuple) -> None:
    before = texts(numbers)
    done = numbers.invoke(*command)
    assert "1111 1111" not in done.output.replace("\n", " ") and PERSON not in done.output
    assert {*before.splitlines()} <= {*texts(numbers).splitlines()}


def test_what_is_masked_is_to_be_seen_as_masked(numbers: Office) -> None:
    told = numbers.say("show", 1)
    assert "**** **** **** 1111" in told and "******-****" in told
    assert CARD in numbers.say("export")  # whole tickets, to be imported again


def test_nothing_of_it_is_sent(numbers: Office) -> None:
    numbers.run("reply", 1, "--text", "Den kommer i dag.")
    numbers.run("note", 2, "--text", "@bo kan du titta?")
    numbers.run("escalate", "--clock-is-right")
    numbers.run("send")
    sent = numbers.folder / "data" / "sent"
    assert list(sent.rglob("*.*")) and hits(sent, [CARD, PERSON]) == []


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_use_case_stores_what_was_masked(desk: Office, name: str) -> None:
    """Each that changes something, on tickets that have numbers in subject and text."""
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + KINDS, "utf-8")
    from msgspec.structs import replace

    with desk.store.transaction() as found:
        for ticket in list(found.find(texts=True)):
            messages = tuple(replace(one, text=f"{one.text} {CARD}") for one in ticket.messages)
            found.save(replace(ticket, subject=f"{ticket.subject} {PERSON}", messages=messages))
    row = TABLE[name]
    for actor in ("alice", "bo"):
        try:
            row.call(desk.session(actor), row.request)
        except (TicketctlError, Objected):
            continue
    assert "****" not in texts(desk)


def test_who_is_to_be_erased_is_found_though_it_is_not_shown(numbers: Office) -> None:
    """The rights of persons are about what is stored."""
    (numbers.folder / "rules.yaml").write_text(RULES + KINDS.replace("[", "[email, "), "utf-8")
    numbers.make(3, text="Fråga k1@kund.example om fakturan.", requester=Person("bo@annan.example"))
    told = numbers.say("person", "show", "k1@kund.example")
    assert "#3" in told and CARD not in told
    numbers.run("person", "erase", "k1@kund.example", "--yes")
    assert "k1@kund.example" not in texts(numbers) and "om fakturan." in texts(numbers)
