"""Grouping tickets on a desk, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import RULES, Office
from tests.domain.test_patterns import DELIVERY, INVOICE
from ticketctl.domain.ticket.message import Person
from ticketctl.usecases.patterns.group import group_new
from ticketctl.usecases.patterns.view import living

DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return Office(tmp_path)


def customer(number: int) -> Person:
    return Person(f"kund{number}@kund.example", "")


def fill(office: Office, texts: list[str], *, age: timedelta = DAY, person: Person | None = None) -> list[int]:
    made = []
    for at, text in enumerate(texts):
        one = office.make(text=text, subject="Fråga", age=age, requester=person or customer(at))
        made.append(one.number)
    return made


def grown(office: Office) -> dict[str, tuple[int, ...]]:
    """Name → tickets."""
    group_new(office.session())
    return {one.name: one.tickets for one in living(office.session())}


def test_living_patterns_have_their_tickets_per_week(office: Office) -> None:
    fill(office, DELIVERY)
    fill(office, INVOICE, age=7 * DAY)
    group_new(office.session())
    first, second = living(office.session())
    assert (first.id, first.tickets, first.weeks) == (1, (1, 2, 3, 4, 5), {"2026-W47": 5})
    assert (second.id, second.tickets, second.weeks) == (2, (6, 7, 8, 9, 10), {"2026-W46": 5})
    assert first.name.split(", ")[0] == "paket"
    assert second.name.split(", ")[0] == "fakturan"


def test_new_tickets_join_and_nobody_moves(office: Office) -> None:
    fill(office, [*DELIVERY, *INVOICE])
    before = grown(office)
    fill(office, ["paketet försvann", "fakturan kom dubbelt", "skärmen är sprucken"])
    after = grown(office)
    assert list(after) == list(before)
    assert list(after.values()) == [(1, 2, 3, 4, 5, 11), (6, 7, 8, 9, 10, 12)]


def test_four_are_not_shown_and_the_fifth_makes_a_pattern(office: Office) -> None:
    fill(office, [*INVOICE, *DELIVERY[:4]])
    assert [tickets for _, tickets in grown(office).items()] == [(1, 2, 3, 4, 5)]
    fill(office, DELIVERY[4:])
    assert (6, 7, 8, 9, 10) in grown(office).values()


def test_grouping_again_changes_nothing(office: Office) -> None:
    fill(office, [*DELIVERY, *INVOICE])
    grown(office)
    before = (office.folder / "data" / "desk.json").read_bytes()
    grown(office)
    assert (office.folder / "data" / "desk.json").read_bytes() == before


def test_spam_tests_and_merged_tickets_are_left_out(office: Office) -> None:
    for at, text in enumerate([*DELIVERY, *DELIVERY]):
        office.make(text=text, subject="Fråga", requester=customer(at), spam=at == 5, test=at == 6)
    (tickets,) = grown(office).values()
    assert {6, 7}.isdisjoint(tickets)


def test_five_hundred_copies_of_one_sender_have_no_words_of_theirs(office: Office) -> None:
    fill(office, ["Övervakningen larmar: servern svarar inte"] * 12, person=customer(1))
    assert grown(office) == {"": tuple(range(1, 13))}


def test_the_store_holds_no_words_but_names(office: Office) -> None:
    fill(office, [*DELIVERY, *INVOICE])
    group_new(office.session())
    with office.store.reading() as desk:
        for pattern in desk.patterns():
            assert not {"paket", "faktur", "fakturan", "summ"} & {*pattern.terms, *pattern.top}
        assert not {"paket", "faktur", "fakturan", "summ"} & desk.vocabulary().counts.keys()


def test_empty_tickets_are_no_pattern(office: Office) -> None:
    for text in ("", " ", "?", "hej", "", "", "123"):
        office.make(text=text, subject="")
    assert grown(office) == {}
