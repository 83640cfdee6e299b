"""Which past question is like one that is asked, and what was answered to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ticketctl.domain.reply.answer_index import AnswerIndex, Document, made
from ticketctl.domain.reply.answers import PastAnswer, answer, body, open_question, question, same_answers
from ticketctl.domain.reply.likeness import shared_words
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
QUESTIONS = {
    3: "Hur ändrar jag adressen på fakturan?",
    5: "Mitt paket har inte kommit fram, var är det?",
    8: "Kan jag få ett kvitto på betalningen?",
    9: "How do I reset my password?",
    12: "Vilka öppettider har ni på lördagar?",
}


def index(questions: dict[int, str] = QUESTIONS, left_out: tuple[int, ...] = (4,)) -> AnswerIndex:
    data = made([Document(number, 1, text) for number, text in questions.items()], left_out, KEY)
    found = AnswerIndex.load(data, KEY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("fakturaadress", 3),  # a compound whose parts stand apart there
        ("Var e mitt pakett??", 5),  # slips of the pen
        ("I forgot my passwords", 9),
        ("öppettid lördag", 12),
    ],
)
def test_the_question_most_alike_comes_first(asked: str, number: int) -> None:
    found = index().nearest(asked, 3)
    assert found[0].key == number
    assert all(0 < one.score <= 1 for one in found)


def test_the_very_same_question_is_wholly_alike_and_another_language_is_not() -> None:
    assert index().nearest(QUESTIONS[8], 1)[0].score == pytest.approx(1, abs=1e-6)
    assert index().nearest("zzz", 3) == []
    assert index({}).nearest("fakturan", 3) == []


def test_a_ticket_closed_since_is_found_as_if_it_had_been_there() -> None:
    """Rarity differs a little, as the index does not know it yet."""
    late = Document(20, 1, "Jag vill säga upp mitt abonnemang")
    found = index().nearest("uppsägning av abonnemanget", 1, [late])[0]
    whole = index({**QUESTIONS, 20: late.text}).nearest("uppsägning av abonnemanget", 1)[0]
    assert found.key == whole.key == 20
    assert found.score == pytest.approx(whole.score, abs=0.1)


def test_what_nearly_all_texts_have_makes_nothing_alike() -> None:
    many = {number: f"Fråga till kundtjänst om sak{number:03}" for number in range(1, 301)}
    found = index({**many, 301: "paketet"}, ())
    assert found.nearest("Fråga till kundtjänst om", 3) == []
    late = Document(400, 1, "Fråga till kundtjänst om xyz")
    assert [one.key for one in found.nearest("Fråga till kundtjänst om paketet", 2, [late])] == [301]


def test_an_index_knows_its_tickets_and_is_refused_where_it_is_damaged_or_not_ours() -> None:
    data = made([Document(number, number * 2, text) for number, text in QUESTIONS.items()], [4], KEY)
    whole = AnswerIndex.load(data, KEY)
    assert whole is not None
    assert whole.looked_at == {*QUESTIONS, 4}
    assert (whole.revision(5), whole.revision(4), whole.revision(7)) == (10, None, None)
    assert AnswerIndex.load(data, b"x" * 32) is None
    for broken in (b"", data[:-1], data[: len(data) // 2], data[:-3] + b"xxx", b"{}\n" + data, b"\xff" * 100):
        assert AnswerIndex.load(broken, KEY) is None
    assert b"faktura" not in data and b"faktura".hex().encode() not in data


def test_shared_words_are_those_that_tell_something() -> None:
    words = shared_words("Hej! Hur ändras fakturans adress?", QUESTIONS[3], index().rarity)
    assert set(words) == {"ändras", "fakturans", "adress"}


def message(key: str, text: str, direction: Any = "in", **fields: Any) -> Message:
    person = Person("asa@kund.example", "Åsa") if direction == "in" else Person("support@exempel.example")
    author = "" if direction == "in" else "bo"
    given: dict[str, Any] = {"delivery": "sent" if direction == "out" else "", "author": author, **fields}
    at = NOW + timedelta(minutes=int(key[1:]))
    return Message(key=key, direction=direction, kind="message", at=at, sender=person, text=text, **given)


def ticket(*messages: Message, **fields: Any) -> Ticket:
    given: dict[str, Any] = {"status": "closed", "closed_at": NOW + timedelta(days=1), **fields}
    return Ticket(
        number=7,
        subject="Re: Fakturan",
        requester=Person("asa@kund.example"),
        opened_at=NOW,
        messages=messages,
        **given,
    )


def test_the_answer_is_the_last_reply_that_says_something() -> None:
    asked = message("m1", "Hur ändrar jag adressen?")
    told = message("m2", "Hej Åsa!\n\nDu ändrar adressen under Mina sidor, Fakturor.", "out")
    bye = message("m4", "Varsågod!\n\nMvh\nBo", "out")
    found = answer(ticket(asked, told, message("m3", "Tack!"), bye))
    assert found == told
    late = message("m5", "Nu går det dessutom att ändra den i appen.", "out", delivery="bounced")
    assert answer(ticket(asked, told, late)) == told  # it never arrived
    assert answer(ticket(asked, bye)) == bye  # better than nothing
    for none in (
        ticket(asked),
        ticket(asked, told, status="open"),
        ticket(asked, told, spam=True),
        ticket(asked, told, merged_into=3),
        ticket(asked, message("m2", "Bo ser efter om den finns kvar där.", "internal")),
    ):
        assert answer(none) is None


def test_what_is_asked_now_is_what_waits_for_an_answer() -> None:
    asked, told = message("m1", "Hur ändrar jag adressen?"), message("m2", "Under Mina sidor.", "out")
    assert open_question(ticket(asked, told)) == question(ticket(asked, told)) == "Fakturan\nHur ändrar jag adressen?"
    again = ticket(asked, told, message("m3", "Kan jag betala senare?"), message("m4", "Gärna i januari."))
    assert open_question(again) == "Fakturan\nKan jag betala senare?\nGärna i januari."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hej Åsa!\n\nDu ändrar den där.\n\nMed vänlig hälsning\nBo Ek\n08-123 45 67", "Du ändrar den där."),
        ("Dear Mrs Smith,\n\nYou change it there.\n\nKind regards,\nBo", "You change it there."),
        ("Hej! Du ändrar den där.", "Du ändrar den där."),
        ("Du ändrar den där.", "Du ändrar den där."),
        ("", ""),
    ],
)
def test_a_body_has_no_greeting_and_no_signature(text: str, said: str) -> None:
    assert body(text) == said


def test_the_same_answer_is_shown_once() -> None:
    def past(number: int, text: str) -> PastAnswer:
        return PastAnswer(ticket=number, message="m2", at=NOW, likeness=1 / number, text=text)

    found = [past(1, "Hej Åsa!\n\nDet finns i appen."), past(2, "Ring oss."), past(3, "Hej Bo!\n\nDet finns i appen.")]
    assert [(one.ticket, one.also) for one in same_answers([*found, past(4, "Nej."), past(5, "Ring  oss.")], 2)] == [
        (1, (3,)),
        (2, (5,)),
    ]
