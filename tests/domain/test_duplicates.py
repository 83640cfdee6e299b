"""Which tickets are likely one matter."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import accumulate

import pytest

from tests.growth import calls
from ticketctl.domain.reply.duplicates import LIKELY, likely
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Link, Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def ticket(number: int, subject: str, text: str, sender: str = "", **fields: object) -> Ticket:
    person = Person(sender or f"kund{number}@kund.example")
    said = Message(key="m1", direction="in", kind="message", at=NOW, sender=person, text=text)
    return Ticket(number=number, subject=subject, requester=person, opened_at=NOW, messages=(said,), **fields)


HELMET = "Min blåa hjälm i storlek 56 kom sprucken i paketet. Kan jag få en ny före lördag?"
HELMET_AGAIN = "Hjälmen jag fick var sprucken, storlek 56, blå. Får jag en ny före lördag eller pengarna åter?"
INVOICE = "Faktura 20418 har fel belopp enligt offerten, kan ni skicka en kreditfaktura?"
LOGIN = "Jag kommer inte in i återförsäljarportalen, lösenordet godtas inte."
OTHERS = [ticket(90, "Fel belopp", INVOICE), ticket(91, "Kan inte logga in", LOGIN)]


def test_the_same_person_who_writes_twice_about_one_thing() -> None:
    found = likely(
        [
            ticket(1, "Sprucken hjälm", HELMET, "åsa@kund.example"),
            ticket(2, "Re: sprucken hjälm", HELMET_AGAIN, "åsa@kund.example"),
            *OTHERS,
        ]
    )
    assert [(one.merge, one.keep) for one in found] == [(2, 1)]
    assert found[0].same[:2] == ("sender", "subject")
    assert {"sprucken", "56"} & set(found[0].words)
    assert LIKELY <= found[0].score <= 1


def test_two_colleagues_who_send_the_same_text() -> None:
    found = likely([ticket(1, "Order", HELMET), ticket(2, "Vår beställning", HELMET), *OTHERS])
    assert [(one.merge, one.keep, one.same) for one in found] == [(2, 1, ("content",))]


def test_different_matters_of_one_person_are_no_duplicates() -> None:
    found = likely([ticket(1, "Hjälm", HELMET, "åsa@kund.example"), ticket(2, "Faktura", INVOICE, "åsa@kund.example")])
    assert found == []


def test_what_is_not_closed_stays_and_two_closed_ones_are_left_alone() -> None:
    closed = {"status": "closed", "closed_at": NOW}
    assert [(one.merge, one.keep) for one in likely([ticket(1, "A", HELMET, **closed), ticket(2, "A", HELMET)])] == [
        (1, 2)
    ]
    assert likely([ticket(1, "A", HELMET, **closed), ticket(2, "A", HELMET, **closed)]) == []


def test_what_somebody_has_judged_already_is_left_out() -> None:
    same = ticket(2, "A", HELMET)
    assert likely([ticket(1, "A", HELMET, links=(Link(2, "related"),)), same]) == []
    assert likely([ticket(1, "A", HELMET, merged_into=2), same]) == []
    assert likely([ticket(1, "A", HELMET, spam=True), same]) == []


def test_empty_tickets_and_none_at_all() -> None:
    assert likely([]) == []
    assert likely([ticket(1, "", ""), ticket(2, "", "")]) == []


def _crowd(count: int) -> list[Ticket]:
    chance = random.Random(7)
    lexicon = [f"ord{number}" for number in range(20_000)]
    ranks = list(accumulate(1 / (at + 1) for at in range(len(lexicon))))
    return [
        ticket(
            number,
            " ".join(chance.choices(lexicon, cum_weights=ranks, k=4)),
            " ".join(chance.choices(lexicon, cum_weights=ranks, k=60)),
        )
        for number in range(1, count + 1)
    ]


def test_a_duplicate_is_found_among_many_tickets() -> None:
    """`python -m bench similar` tells how long it takes among 10,000."""
    tickets = [*_crowd(3_000), ticket(3_001, "Sprucken hjälm", HELMET), ticket(3_002, "Hjälm sprucken", HELMET)]
    assert (3_001, 3_002) in [(one.keep, one.merge) for one in likely(tickets)]


@pytest.mark.long
def test_the_work_grows_with_the_number_of_tickets() -> None:
    some, many = _crowd(500), _crowd(2_000)
    assert calls(lambda: likely(many)) < 6 * calls(lambda: likely(some))  # each with each: 16 times


@pytest.mark.long
def test_a_flood_of_the_same_mail_is_chained_and_takes_no_age() -> None:
    def flood(count: int) -> list[Ticket]:
        return [ticket(number, "Driftlarm", "Servern svarar inte", "larm@kund.example") for number in range(count)]

    found = likely(flood(2_000))
    assert {one.merge for one in found} == set(range(1, 2_000))
    assert all(one.keep < one.merge for one in found)
    assert calls(lambda: likely(flood(2_000))) < 6 * calls(lambda: likely(flood(500)))
