"""What counts as an answer to the question how satisfied a customer is."""

from __future__ import annotations

import pytest

from ticketctl.domain.text.rating_question import QUESTION, asks
from ticketctl.domain.text.ratings import LONGEST, Rating, rating_of

RATINGS = {
    "4": (4, "", False),
    "5!": (5, "", False),
    "2.": (2, "", False),
    "Betyg: 4": (4, "", False),
    "betyg 3": (3, "", False),
    "Rating: 5": (5, "", False),
    "Mitt betyg är 5": (5, "", False),
    "Jag ger en 4": (4, "", False),
    "I give you a 5": (5, "", False),
    "Hej! 5": (5, "", False),
    "4/5": (4, "", False),
    "4 av 5, snabb hjälp": (4, "snabb hjälp", False),
    "5 of 5. Great help!": (5, "Great help!", False),
    "5 \u2013 mycket nöjd": (5, "mycket nöjd", False),
    "5 mycket bra": (5, "mycket bra", False),
    "4 (bra)": (4, "bra)", False),
    "★★★★": (4, "", False),
    "★★★☆☆": (3, "", False),
    "⭐⭐⭐⭐⭐": (5, "", False),
    "5\n\nTack för hjälpen!\nÅsa": (5, "Tack för hjälpen! Åsa", False),
    "4, men paketet saknas fortfarande": (4, "men paketet saknas fortfarande", True),
    "1 - ni svarade aldrig": (1, "ni svarade aldrig", True),
    "2, bra": (2, "bra", False),
    "2, bra service": (2, "bra service", True),
    "4\nVar är min order?": (4, "Var är min order?", True),
    "5, bra. Order 4711?": (5, "bra. Order 4711?", True),
}
NONE = (
    "", "0", "6", "10", "17", "4.5", "3-4 dagar", "3 paket saknas", "4 hjälm kvar", "5:a", "12:30", "4,5", "2026-11-30",
    "Jag vill ha 4", "Order 4", "Nej", "Tack!", "1. Var är paketet", "5 kr", "4" + " bra" * LONGEST,
)  # fmt: skip


@pytest.mark.parametrize("text", RATINGS)
def test_a_rating(text: str) -> None:
    assert rating_of(text) == Rating(*RATINGS[text])


@pytest.mark.parametrize("text", NONE)
def test_no_rating(text: str) -> None:
    assert rating_of(text) is None


def test_a_question_is_known_in_whatever_lines() -> None:
    for question in QUESTION.values():
        assert asks(f"Hej!\n\n{question.replace('. ', '.' + chr(10))}\n\nHälsningar")
    assert not asks("Hur nöjd är du?")
