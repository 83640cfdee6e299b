"""What comes in by a door of `serve` is filed as a fetched mail is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import RULES, Office
from tests.planted import hits
from ticketctl.channels.plain import Plain
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.plain_message import PlainFile, PlainMessage
from ticketctl.usecases.intake.quarantine import Release, release
from ticketctl.usecases.intake.receive import Receive, Received, receive

FORM_RULES = """
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
  - id: form
    events: [created]
    when: {channel: form, category: faktura}
    then: [{assign: bo}, {set: {priority: high}}, {notify: alice}]
"""
ANNA = Person("anna@kund.example", "Anna Ek")


def submitted(office: Office, number: int = 1, *, then: dict[str, Any] | None = None, **given: Any) -> Received:
    said = {"sender": ANNA, "text": "Hej!\nFakturan stämmer inte.", "subject": "Fakturan", "claimed": True, **given}
    message = PlainMessage(id=f"{number}@form.example", **said)
    return receive(office.session(), Receive(source="web", channel="form", message=message, **(then or {})))


def rules(office: Office, text: str) -> None:
    (office.folder / "rules.yaml").write_text(RULES + text, encoding="utf-8")


def outbox(office: Office) -> list[tuple[str, tuple[str, ...]]]:
    with office.store.reading() as desk:
        return sorted((item.kind, item.recipients) for item in desk.outbox())


def test_it_becomes_a_ticket_by_the_rules_of_its_channel(office: Office) -> None:
    rules(office, FORM_RULES)
    files = (PlainFile(name="kvitto.txt", data=b"Summa: 200", type="text/plain"),)
    received = submitted(office, fields={"category": "faktura", "order_number": "123456"}, files=files)
    assert (received.ticket, received.key, received.opened, received.again) == (1, "m1", True, False)
    ticket = office.get(1)
    assert (ticket.channel, ticket.requester, ticket.subject) == ("form", ANNA, "Fakturan")
    assert (ticket.fields, ticket.assignee) == ({"category": "faktura", "order_number": "123456"}, "bo")
    assert (ticket.priority, ticket.status, ticket.language) == ("high", "new", "sv")
    assert ticket.messages[0].nature == ("the address is as it was typed, and nothing proves whose it is",)
    (attached,) = ticket.messages[0].attachments
    assert office.store.blobs.get(attached.sha256) == b"Summa: 200"
    assert outbox(office) == [
        ("acknowledgement", ("anna@kund.example",)),
        ("notification", ("alice@exempel.example",)),
    ]


def test_the_same_again_is_one_with_the_same_number(office: Office) -> None:
    rules(office, FORM_RULES)
    first = submitted(office, 7)
    again = submitted(office, 7, text="Hej! Och en sak till.")
    assert (again.ticket, again.key, again.again, again.opened) == (first.ticket, "m1", True, False)
    other = submitted(office, 8)
    assert (other.ticket, other.again) == (2, False)
    assert [len(office.get(number).messages) for number in (1, 2)] == [2, 1], "an address is acknowledged once a day"


def test_what_is_masked_is_nowhere(office: Office) -> None:
    rules(office, "privacy: {mask: [payment_card, personnummer]}\n")
    card, person = "4111 1111 1111 1111", "811218-9876"
    file = PlainFile(name=f"{person}.txt", data=f"Kort {card}".encode(), type="text/plain")
    submitted(
        office,
        sender=Person("anna@kund.example", f"Anna {person}"),
        text=f"Mitt kort är {card}, {person}.",
        subject=f"Om {person}",
        files=(file,),
        fields={"order_number": person},
        original=f'{{"text": "{card}"}}',
    )
    assert "**** 1111" in office.get(1).messages[0].text
    assert hits(office.folder / "data", [card, person, card.replace(" ", ""), person.replace("-", "")]) == []


def test_fields_that_rules_do_not_allow_keep_nobody_out(office: Office) -> None:
    received = submitted(office, fields={"category": "annat", "colour": "red", "area": "app"})
    assert office.get(received.ticket).fields == {"area": "app"}
    assert len(received.trouble) == 2 and "no field 'colour'" in received.trouble[1]


def test_it_joins_the_ticket_that_it_was_written_for(office: Office) -> None:
    office.make(4, requester=ANNA, status="waiting")
    received = submitted(office, then={"ticket": 4, "why": "written by the link", "flagged": "by link"})
    assert (received.ticket, received.key, received.opened) == (4, "m2", False)
    said = office.get(4).messages[-1]
    assert (said.flagged, said.why, said.channel) == ("by link", "written by the link of #4", "form")
    assert office.get(4).status == "open"


def test_what_is_closed_for_long_gets_a_new_one_that_is_linked(office: Office) -> None:
    office.make(4, requester=ANNA)
    office.change(4, lambda ticket: ticket.close(Act("system", office.now)))
    office.now += timedelta(days=40)
    received = submitted(office, then={"ticket": 4, "why": "written by the link"})
    assert (received.ticket, received.opened) == (5, True)
    assert [one.to for one in office.get(5).links] == [4]


def test_a_ticket_that_is_gone_gets_nothing(office: Office) -> None:
    with pytest.raises(NoSuchTicket):
        submitted(office, then={"ticket": 4})
    with office.store.reading() as desk:
        assert not list(desk.find())


def test_who_only_types_a_name_of_ours_is_not_of_the_team(office: Office) -> None:
    office.make(4, requester=ANNA)
    forged = submitted(
        office, sender=Person("alice@exempel.example"), text="@bo #4 Svara kunden.", answers="4@kund.example"
    )
    ticket = office.get(forged.ticket)
    assert (forged.ticket, ticket.requester.address) == (5, "alice@exempel.example")
    assert [one.kind for one in ticket.messages] == ["message"]
    joined = submitted(office, 2, sender=ANNA, answers="4@kund.example")
    assert joined.ticket == 6, "an address that nothing proves adds to nobody's ticket"


def test_what_breaks_is_set_aside_whole_and_can_be_released(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Plain, raw: bytes, **_given: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as breaking:
        breaking.setattr(Plain, "parse", broken)
        received = submitted(office)
    assert (received.ticket, received.again) == (0, False) and received.quarantined
    released = release(office.session("alice"), Release(id=received.quarantined))
    assert office.get(released.ticket).channel == "form"


def test_a_channel_by_which_no_messages_come_is_refused(office: Office) -> None:
    message = PlainMessage(id="1@x", sender=ANNA, text="Hej")
    with pytest.raises(Refused, match="by the channel phone"):
        receive(office.session(), Receive(source="web", channel="phone", message=message))
