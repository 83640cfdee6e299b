"""`show --answers` and `reply --from-past` show what was answered before, say who looked, and leak nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec

from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

INDEX = ".answers.cache"


def answered(office: Office, question: str, reply: str, *, days: int = 20, **fields: Any) -> int:
    """A closed ticket of somebody else, with a reply that arrived."""
    made = office.make(age=timedelta(days=days), text=question, subject="Fråga", **fields)
    at = office.now - timedelta(days=days) + timedelta(hours=1)
    sender = Person("support@exempel.example")
    said = Message(
        key="m2", direction="out", kind="message", at=at, sender=sender, author="bo", text=reply, delivery="sent"
    )
    office.change(made.number, lambda one: msgspec.structs.replace(one, messages=(*one.messages, said)))
    office.change(made.number, lambda one: one.close(Act("bo", at + timedelta(hours=1)), cause="leverans"))
    return made.number


def some(office: Office) -> int:
    """Three answered questions; the number of a new ticket that asks the first of them again."""
    answered(office, "Hur ändrar jag adressen på fakturan?", "Hej Eva!\n\nUnder Mina sidor, Fakturor.\n\nMvh\nBo")
    answered(office, "Var är mitt paket?", "Hej!\n\nDet ligger hos ombudet i ditt område, legitimera dig där.")
    answered(office, "Vilka öppettider har ni?", "Vi har öppet vardagar mellan åtta och fem, även i juli.")
    return office.make(text="Hej, jag behöver byta fakturaadress", subject="Fråga").number


def answers(office: Office, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(office.say("--json", "show", number, "--answers"))["answers"]
    return found


def test_past_answers_stand_below_the_ticket(office: Office) -> None:
    number = some(office)
    said = office.say("show", number, "--answers")
    _, _, below = said.partition("Past answers to similar questions")
    first = below.splitlines()[1]
    assert first.startswith("  1  #1 · ") and first.endswith("% · 19d · fakturaadress")
    assert "     Under Mina sidor, Fakturor." in below
    assert "Past answers" not in office.say("show", number)


def test_they_are_json_too_best_first(office: Office) -> None:
    number = some(office)
    found = answers(office, number)
    assert (found[0]["ticket"], "Under Mina sidor" in found[0]["text"]) == (1, True)
    likeness = [one["likeness"] for one in found]
    assert likeness == sorted(likeness, reverse=True) and 0 < likeness[-1] <= likeness[0] <= 1
    assert "answers" not in json.loads(office.say("--json", "show", number))


def test_who_saw_others_answers_is_in_the_audit_log(office: Office) -> None:
    number = some(office)
    shown = [one["ticket"] for one in answers(office, number)]
    log = [json.loads(line) for line in (office.folder / "data" / "audit.jsonl").read_text().splitlines()]
    noted = [(one["actor"], one["ticket"]) for one in log if one["action"] == "show answers"]
    assert noted == [("alice", one) for one in shown]


def test_in_swedish_and_where_there_is_none(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES.replace("language: en", "language: sv"), encoding="utf-8")
    number = office.make(text="Hur ändrar jag adressen?").number
    assert "Past" not in office.say("show", number, "--answers", "--full")
    assert answers(office, number) == []


def test_the_index_is_kept_and_can_be_deleted(office: Office) -> None:
    number = some(office)
    path = office.folder / "data" / INDEX
    first = answers(office, number)
    kept = path.read_bytes()
    assert b"fakturan" not in kept and path.stat().st_mode & 0o777 == 0o600
    office.say("note", number, "--text", "Ringde.")  # not closed: nothing of it is in the index
    assert answers(office, number) == first and path.read_bytes() == kept
    path.unlink()
    assert answers(office, number) == first
    path.write_bytes(kept[:-20])
    assert answers(office, number) == first and path.read_bytes() == kept
    assert "foreign" not in office.invoke("doctor").output


def test_a_ticket_closed_since_is_among_them(office: Office) -> None:
    number = some(office)
    answers(office, number)
    late = answered(office, "Går det att byta fakturaadress här?", "Ja, skriv den nya adressen i ett svar hit.", days=1)
    assert answers(office, number)[0]["ticket"] == late


def test_what_is_masked_or_deleted_leaves_the_index_in_the_same_run(office: Office) -> None:
    secret = "Hemligen4711 blev fel på fakturaadress"
    number = some(office)
    gone = answered(office, secret, "Vi har tagit bort adressen ur alla våra register.")
    assert answers(office, number)[0]["ticket"] == gone
    path = office.folder / "data" / INDEX
    assert path.exists()
    with office.store.transaction() as desk:
        one = desk.get(gone)
        blank = tuple(msgspec.structs.replace(message, text="", whole="") for message in one.messages)
        desk.save(msgspec.structs.replace(one, messages=blank))
    assert not path.exists()  # by the commit itself, whoever made it
    assert gone not in [one["ticket"] for one in answers(office, number)]
    with office.store.transaction() as desk:
        desk.delete(1)
    assert not path.exists()
    assert 1 not in [one["ticket"] for one in answers(office, number)]


def test_an_index_of_other_tickets_is_not_believed(office: Office) -> None:
    """Whoever puts back an older data/ may leave the newer file beside it."""
    number = some(office)
    path = office.folder / "data" / INDEX
    answers(office, number)
    old = path.read_bytes()
    office.say("set", 1, "category=support")
    path.write_bytes(old)
    assert answers(office, number)[0]["ticket"] == 1
    assert path.read_bytes() != old


def test_spam_and_unanswered_tickets_answer_nothing(office: Office) -> None:
    number = some(office)
    office.say("spam", answered(office, "Byt fakturaadress nu!!!", "Vi köper inga sådana tjänster av er, tack."))
    office.change(office.make(text="Byta fakturaadress?").number, lambda one: one.close(Act("bo", office.now)))
    assert {one["ticket"] for one in answers(office, number)} <= {1, 2, 3}


def test_a_reply_begins_with_none_of_them_unasked(office: Office) -> None:
    number = some(office)
    result = office.run("reply", number, "--from-past")
    assert "  1  #1 · " in result.stdout
    assert "Nothing was filled in" in result.stderr
    assert len(office.get(number).messages) == 1
    shape = json.loads(office.say("--json", "reply", number, "--from-past"))
    assert (shape["ticket"], shape["answers"][0]["ticket"]) == (number, 1)
    assert "do not go together" in office.trouble("reply", number, "--from-past", "--text", "Hej", code=2)
    assert "one ticket at a time" in office.trouble("reply", 1, number, "--from-past", code=2)
