"""500 texts with planted persons, in both languages: what is to be published tells of none of them."""

from __future__ import annotations

import re

from tests.planted_persons import Planted, planted
from ticketctl.domain.privacy.impersonal import Known, clean_sentences, masked, names_of
from ticketctl.domain.reply.answers import body
from ticketctl.domain.ticket.ticket import Ticket

COUNT = 500
WORDS_TOO = {
    "will",
    "mark",
    "grace",
    "rose",
    "dag",
    "bo",
    "per",
    "ek",
    "berg",
    "stig",
    "lee",
    "brown",
}  # names that are words


def known(one: Planted) -> Known:
    """What the desk knows: the customer on the ticket, not whoever else is named."""
    from datetime import UTC, datetime

    ticket = Ticket(number=1, subject="", requester=one.customer, opened_at=datetime(2026, 11, 20, tzinfo=UTC))
    return Known(names=names_of([ticket]))


def leaks(one: Planted, left: str) -> list[str]:
    """What of a person is found in it: a word as a word, anything else wherever it stands."""
    low, found = left.casefold(), []
    for value in one.told:
        if value.isalpha() and value.casefold() in WORDS_TOO:
            shown = re.search(rf"(?<!\w){value}(?!\w)", left) is not None
        elif value.isalpha():
            shown = re.search(rf"(?<!\w){value.casefold()}", low) is not None
        else:
            shown = value.casefold() in low
        if shown:
            found.append(value)
    return found


def test_nothing_of_500_planted_persons_is_left() -> None:
    texts = list(planted(COUNT))
    assert {one.language for one in texts} == {"sv", "en"} and sum(len(one.told) for one in texts) > 1500
    found = [
        (one.text, left, leaks(one, left))
        for one in texts
        if leaks(one, left := clean_sentences(body(one.text), known(one)))
    ]
    assert found == []


def test_nor_in_what_is_filled_in_or_sent_to_a_model() -> None:
    found = [
        (one.text, left, leaks(one, left))
        for one in planted(COUNT, seed=7)
        if leaks(one, left := masked(body(one.text), known(one)))
    ]
    assert found == []


def test_what_tells_of_nobody_is_kept() -> None:
    texts = list(planted(COUNT))
    kept = [sentence in clean_sentences(body(one.text), known(one)) for one in texts for sentence in one.useful]
    assert sum(kept) / len(kept) > 0.9
