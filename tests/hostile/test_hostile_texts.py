"""No text is slow to read. `python -m tests.hostile` shows that time grows with the size alone, up to a megabyte."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.growth import assert_linear
from tests.hostile.__main__ import is_bad
from tests.hostile.reading import Case, cases, seconds
from tests.hostile.texts import MARKUP, PIECES
from ticketctl.channels.email.parse.mime import understand_text

SIZE = 30_000  # a quadratic scanner needs seconds for it, ours hundredths of one


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


@pytest.mark.long
@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.kind} {case.name}")
def test_time_grows_no_faster_than_a_hostile_text(case: Case) -> None:
    assert_linear(lambda size: seconds(case, size), SIZE)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("html", [False, True])
def test_no_letter_of_a_mixture_is_lost_or_there_twice(seed: int, html: bool) -> None:
    dice = random.Random(seed)
    plain = [piece for piece in PIECES.values() if "PGP" not in piece]  # whose armour is no word of the sender
    pieces = [*plain, *MARKUP.values()] if html else plain
    text = "".join(dice.choice(pieces) * dice.randrange(1, 30) for _ in range(60))
    mail = understand_text(text, html=html)
    assert letters(mail.new_text) + letters(mail.quoted) + letters(mail.signature) == letters(mail.text)


def test_what_grows_with_the_square_is_reported() -> None:
    case = Case("plain", "words on one line")
    assert is_bad(case, [0.5, 2.0, 8.0], 1_000, limit=-1.0)
    assert not is_bad(case, [0.2, 0.4, 0.8], 1_000, limit=1.0)
