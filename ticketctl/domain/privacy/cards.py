"""Payment cards in a text: a check digit (Luhn) alone is right for one number in ten, so the beginning and the length
that a card network issues must fit too, and what stands beside the digits must not make a longer number of them.

Written together, or in groups with one space, dash, dot or line break between them; also a group to each line, or a
digit to each line, as texts taken from a file have them. Digits beside a card hide it not (`99 4111 …`, `…-1111-2`, its
security code or its expiry date); groups of four that go on, as in a bank's reference, are no card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

Span = tuple[int, int]

SPACES = " \u00a0\u2009\u202f"
RUN = re.compile(rf"\d+(?:[{SPACES}.\-\u2010-\u2013_]?\n?\d+)*")
GROUP = re.compile(r"\d+")
SHAPES = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), (8, 8), (6, 6, 4), (6, 10), (6, 13))
LONGER = ((3,), (2,), (1,))  # digits of a fifth group: cards have up to 19
CARD_WORD = re.compile(
    r"(?i)(?:kort|card|visa|master|amex|american express|maestro|diners|carte|karte|kreditkort|tarjeta|\bpan\b)"
    r"[^\n\d]{0,30}$"
)
OTHER_NUMBER = re.compile(
    r"(?i)(?:\b(?:ocr|ref|referen[sc]e?|order|beställning|faktura|invoice|bestellung|rechnung|commande|kund|customer|"
    r"ärende|ticket|case|kolli|paket|spårning|tracking|parcel|sändning|serie|serial|artikel|article|item|ean|gtin|imei|"
    r"isbn|sku|transaktion|transaction|avtal|contract|konto|account|bankgiro|plusgiro|batch|lot)"
    r"[\w-]{0,12}(?: ?(?:id|no|nr|number|nummer))?\.?|\bRF\d\d)[ :=#]{0,4}$"
)


class Run(msgspec.Struct, frozen=True):
    """Digits that single separators join: its groups, and what is between them."""

    text: str
    groups: tuple[Span, ...]

    def sizes(self, first: int, count: int) -> tuple[int, ...]:
        return tuple(end - start for start, end in self.groups[first : first + count])

    def between(self, number: int) -> str:
        """What separates group `number` from the next; "" at both ends. A line break counts as a space."""
        if not 0 <= number < len(self.groups) - 1:
            return ""
        between = self.text[self.groups[number][1] : self.groups[number + 1][0]].replace("\n", "")
        return " " if between in SPACES else between

    def digits(self, first: int, count: int) -> str:
        start, end = self.groups[first][0], self.groups[first + count - 1][1]
        return digits_of(self.text[start:end])


def cards(text: str) -> Iterator[Span]:
    """Spans of payment cards, in order, apart; linear in the text."""
    for match in RUN.finditer(text):
        if match.end() - match.start() < 12:
            continue
        run = Run(
            text, tuple((match.start() + one.start(), match.start() + one.end()) for one in GROUP.finditer(match[0]))
        )
        yield from _in_run(run)


def _in_run(run: Run) -> Iterator[Span]:
    if _evenly_split(run):
        if _is_card(run.digits(0, len(run.groups))) and _stands_alone(run, 0, len(run.groups)):
            yield run.groups[0][0], run.groups[-1][1]
        return
    at = 0
    while at < len(run.groups):
        count = _card_at(run, at)
        if count:
            yield run.groups[at][0], run.groups[at + count - 1][1]
        at += count or 1


def _evenly_split(run: Run) -> bool:
    """A digit or two to each line or cell, as some files have them."""
    sizes = run.sizes(0, 20)
    return (
        7 <= len(run.groups) <= 19 and len(set(sizes[:-1])) == 1 and sizes[0] <= 2 and len(set(_separators(run))) == 1
    )


def _separators(run: Run) -> list[str]:
    return [run.between(number) for number in range(len(run.groups) - 1)]


def _card_at(run: Run, at: int) -> int:
    """Of how many groups the card consists that begins with group `at`; 0 where none does."""
    size = run.groups[at][1] - run.groups[at][0]
    if 12 <= size <= 19:
        return int(_is_bare_card(run, at))
    for shape in SHAPES:
        if run.sizes(at, len(shape)) == shape and _one_separator(run, at, len(shape)):
            return _grouped(run, at, shape)
    return 0


def _grouped(run: Run, at: int, shape: Sequence[int]) -> int:
    """Where a fifth group fits too, the longer number is meant."""
    longer = shape == (4, 4, 4, 4) and run.sizes(at + 4, 1) in LONGER and _one_separator(run, at, 5)
    for count in (5, 4) if longer else (len(shape),):
        if _is_card(run.digits(at, count)) and _stands_alone(run, at, count):
            return count
    return 0


def _one_separator(run: Run, at: int, count: int) -> bool:
    return len({run.between(number) for number in range(at, at + count - 1)}) == 1


def _is_bare_card(run: Run, at: int) -> bool:
    start, end = run.groups[at]
    digits = digits_of(run.text[start:end])
    before = run.text[max(0, start - 60) : start]
    if not luhn(digits) or not _stands_alone(run, at, 1):
        return False
    return CARD_WORD.search(before) is not None or (issued(digits) and not OTHER_NUMBER.search(before))


def _is_card(digits: str) -> bool:
    return 12 <= len(digits) <= 19 and issued(digits) and luhn(digits)


def _stands_alone(run: Run, at: int, count: int) -> bool:
    """Whether the digits are a number of their own: no letters, decimals or more groups of the same kind beside it."""
    start, end = run.groups[at][0], run.groups[at + count - 1][1]
    before, after = run.text[max(0, start - 60) : start], run.text[end : end + 2]
    if after[:1].isalpha() or (before[-1:].isalpha() and not CARD_WORD.search(before)):
        return False
    if before[-1:] in ("+", "_") or (before[-1:] in (".", ",") and before[-2:-1].isdigit()):
        return False
    if after[:1] in (".", ",") and after[1:].isdigit() and run.between(at) != ".":
        return False
    if before[-1:] == "-" and before[-2:-1].isalpha() and not CARD_WORD.search(before[:-1]):
        return False
    return not _goes_on(run, at, count, before)


def _goes_on(run: Run, at: int, count: int, before: str) -> bool:
    """Groups of four on both sides make a longer number; a year before a card and its expiry date behind it do not."""
    if count == 1 or run.sizes(at, 1) != (4,):
        return count == 1 and sum(run.sizes(at - 1, 1) if at else (0,)) > 12
    inside = run.between(at)
    left, right = at - 1, at + count
    if left >= 0 and run.between(left) == inside and run.sizes(left, 1) == (4,):
        year = int(run.digits(left, 1))
        return not (1990 <= year <= 2039 and run.between(left - 1) == "") and not CARD_WORD.search(before[:-5])
    if right < len(run.groups) and run.between(right - 1) == inside and run.sizes(right, 1) == (4,):
        digits = run.digits(right, 1)
        return not (1 <= int(digits[:2]) <= 12 and 20 <= int(digits[2:]) <= 45 and run.between(right) != inside)
    return False


def issued(number: str) -> bool:
    """Whether a card network issues numbers of this length with this beginning."""
    first, length = int(number[:4]), len(number)
    if number[0] == "4":  # Visa
        return length in (13, 16, 19)
    if 5100 <= first <= 5599 or 2221 <= first <= 2720:  # Mastercard
        return length == 16
    if number[:2] in ("34", "37"):  # American Express
        return length == 15
    if 3000 <= first <= 3059 or number[:2] in ("36", "38", "39"):  # Diners Club
        return length in (14, 16, 19)
    if number[:2] == "35":  # JCB
        return 16 <= length <= 19
    if first in (2131, 1800):  # older JCB
        return length == 15
    if number[:2] in ("60", "62", "64", "65", "81"):  # Discover, UnionPay, RuPay
        return 16 <= length <= 19
    return number[:2] in ("50", "56", "57", "58") or number[:3] in ("630", "639", "675", "676")  # Maestro


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: whether the last digit checks the others."""
    digits = digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
    values = digits.encode().translate(_VALUES)
    return (sum(values[-1::-2]) + sum(values[-2::-2].translate(_DOUBLED))) % 10 == 0


_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))


def digits_of(text: str) -> str:
    return "".join(filter(str.isdigit, text))
