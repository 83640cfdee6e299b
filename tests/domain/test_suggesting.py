"""What similar closed tickets propose."""

from __future__ import annotations

from datetime import UTC, datetime

from ticketctl.domain.reply.similarity import words_of
from ticketctl.domain.reply.suggest import Past, Proposal, suggest
from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FIELDS = {
    "category": FieldSpec(name="category", values=("faktura", "support")),
    "order_number": FieldSpec(name="order_number", pattern="[0-9]{6}"),
}
LOGIN = "Jag kommer inte in i portalen, lösenordet godtas inte"


def ticket(number: int, text: str, **fields: object) -> Ticket:
    person = Person("åsa@kund.example")
    said = Message(key="m1", direction="in", kind="message", at=NOW, sender=person, text=text)
    return Ticket(**{
        "number": number, "subject": "Fråga", "requester": person, "opened_at": NOW, "messages": (said,), **fields
    })  # fmt: skip


def closed(number: int, text: str, **fields: object) -> Ticket:
    return ticket(number, text, status="closed", closed_at=NOW, **fields)


def answered(number: int, text: str, snippet: str) -> Ticket:
    one = closed(number, text)
    reply = Message(
        key="m2", direction="out", kind="message", at=NOW, sender=Person("support@exempel.example"), author="alice",
        why=f"reply with snippet {snippet}", delivery="sent",
    )  # fmt: skip
    return closed(number, text, messages=(*one.messages, reply))


def proposed(one: Ticket, *past: Ticket, labels: tuple[str, ...] = ("vip", "drift")) -> dict[str, Proposal]:
    return {found.what: found for found in suggest(one, Past(past), FIELDS, labels, ("alice", "bo"))}


def test_a_field_comes_from_the_tickets_that_are_alike_and_names_them() -> None:
    found = proposed(
        ticket(9, "Lösenordet till portalen godtas inte"),
        closed(1, LOGIN, fields={"category": "support", "order_number": "100482"}),
        closed(2, "Lösenord till portalen saknas", fields={"category": "support"}),
        closed(3, "Fakturan har fel belopp", fields={"category": "faktura"}),
    )
    assert list(found) == ["category"]
    assert (found["category"].value, found["category"].like) == ("support", (1, 2))
    assert 0.5 < found["category"].share < 1


def test_owner_label_and_snippet() -> None:
    past = [closed(1, LOGIN, assignee="bo", labels=("drift", "gammal")), closed(2, LOGIN, assignee="cecilia")]
    found = proposed(ticket(9, LOGIN), *past)
    assert (found["owner"].value, found["owner"].like) == ("bo", (1,))
    assert (found["label"].value, found["label"].share) == ("drift", 0.5)
    assert proposed(ticket(9, LOGIN), answered(1, LOGIN, "losning"))["snippet"].value == "losning"


def test_what_the_ticket_has_already_is_not_proposed() -> None:
    past = closed(1, LOGIN, assignee="bo", labels=("vip",), fields={"category": "support"})
    assert proposed(ticket(9, LOGIN, assignee="alice", labels=("vip",), fields={"category": "faktura"}), past) == {}


def test_without_a_majority_nothing_is_proposed() -> None:
    past = [closed(number, LOGIN, labels=("vip",) if number == 1 else ()) for number in (1, 2, 3)]
    assert proposed(ticket(9, LOGIN), *past) == {}


def test_one_ticket_that_is_only_a_little_alike_proposes_nothing() -> None:
    faint = ticket(9, "Hjälmen sprack i fallet, remmen gick av och portalen visar inget om garantin", subject="Hjälm")
    past = closed(1, LOGIN, fields={"category": "support"})
    assert "portalen" in words_of(faint) and "portalen" in words_of(past)
    assert proposed(faint, past) == {}


def test_spam_merged_and_open_tickets_teach_nothing_and_no_ticket_teaches_itself() -> None:
    fields = {"category": "support"}
    past = [
        closed(1, LOGIN, fields=fields, spam=True),
        closed(2, LOGIN, fields=fields, merged_into=3),
        ticket(3, LOGIN, fields=fields),
        closed(9, LOGIN, fields=fields),
    ]
    assert proposed(closed(9, LOGIN), *past) == {}


def test_no_past_and_no_words() -> None:
    assert proposed(ticket(9, LOGIN)) == {}
    assert proposed(ticket(9, "", subject=""), closed(1, "", fields={"category": "support"})) == {}
