"""Payment cards in a text: a check digit (Luhn) alone is right for one number in ten, so the beginning and the length
that a card network issues must fit too, and what stands beside the digits must not make a longer number of them.

Written together, or in groups with one space, dash, dot or line break between them; also a group to each line, or a
digit to each line, as texts taken from a file have them. Digits beside a card hide it not (`99 4111 …`, `…-1111-2`, its
security code or its expiry date); groups of four that go on, as in a bank's reference, are no card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

BETWEEN = r"[ \u00a0\u2009\u202f.\-\u2010-\u2013_]?\n?"
SPACES = frozenset(" \u00a0\u2009\u202f\n")
SEPARATORS = SPACES - {"\n"} | frozenset(".-\u2010\u2011\u2012\u2013_")  # those of BETWEEN
# Four by four (with up to three more), as on American Express and Diners Club cards, by eights and sixes.
# Each begins with a digit and looks behind it afterwards: so the engine skips what can't begin one.
GROUPED = re.compile(
    r"[1-68](?<!\d.)(?:(?<=[2-6])|(?<=8)(?=1)|(?<=1)(?=800))"
    r"(?:\d{3}~\d{4}~\d{4}~(?:\d{4}(?:~\d{1,3}(?!\d))?|\d)|\d{3}~\d{6}~\d{4,5}"
    r"|\d{7}~\d{8}|\d{5}~\d{6}~\d{4}|\d{5}~(?:\d{13}|\d{10}))(?!\d)".replace("~", BETWEEN)
)
TOGETHER = re.compile(r"\d(?<!\d\d)\d{11,18}(?!\d)")
SPLIT = re.compile(r"\d(?<!\d\d)\d?(?!\d)(?:~\d{1,2}(?!\d)){6,}".replace("~", BETWEEN))
GROUPS = re.compile(r"\d+")
APART = re.compile(r"(\D+)")  # a number is split into digits, what separates them, digits …
RIGHT = re.compile(r"(~)(\d{1,19})(?!\d)".replace("~", BETWEEN))
CARD_WORD = re.compile(
    r"(?i)(?:kort|card|visa|master|amex|american express|maestro|diners|carte|karte|kreditkort|tarjeta|\bpan\b)"
    r"[^\n\d]{0,30}$"
)
OTHER_NUMBER = re.compile(
    r"(?i)(?:\b(?:ocr|ref|referen[sc]e?|order|beställning|faktura|invoice|bestellung|rechnung|commande|kund|customer|"
    r"ärende|ticket|case|kolli|paket|spårning|tracking|parcel|sändning|serie|serial|artikel|article|item|ean|gtin|imei|"
    r"isbn|sku|transaktion|transaction|avtal|contract|konto|account|bankgiro|plusgiro|batch|lot)"
    r"[\w-]{0,12}(?: ?(?:id|no|nr|number|nummer))?\.?)[ :=#]{0,4}$"
)
CREDITOR = re.compile(r"\bRF\d\d ?$")


def cards(text: str) -> Iterator[Span]:
    """Spans of payment cards, in order, apart; linear in the text."""
    end = 0
    for span in sorted([*_together(text), *_in_groups(text), *_split(text)]):
        if span[0] >= end:
            yield span
            end = span[1]


def _together(text: str) -> Iterator[Span]:
    """A card's number, or beside the word "card" any with the right check digit."""
    for match in TOGETHER.finditer(text):
        digits = digits_of(match[0])
        if not luhn(digits):
            continue
        before = text[max(0, match.start() - 60) : match.start()]
        wanted = (issued(digits) and not _is_other(before)) or _named(before)
        if wanted and _stands_alone(text, match.span(), ""):
            yield match.span()


def _in_groups(text: str) -> Iterator[Span]:
    at = 0
    while match := GROUPED.search(text, at):
        span = _grouped(text, match)
        if span:
            yield span
        first = GROUPS.match(text, match.start())
        at = span[1] if span else first.end() if first else match.end()


def _grouped(text: str, match: re.Match[str]) -> Span | None:
    """Where a fifth group fits too, the longer number is meant."""
    parts, start = APART.split(match[0]), match.start()
    for count in (9, 7) if len(parts) == 9 else (len(parts),):
        if not is_card("".join(parts[:count:2])):
            continue
        between = set(map(_plain, parts[1:count:2]))
        if len(between) == 1:
            span = start, start + len("".join(parts[:count]))
            four = len(parts[0]) == 4 and count >= 7
            if _stands_alone(text, span, between.pop() if four else ""):
                return span
    return None


def _plain(between: str) -> str:
    """What separates two groups; a line break counts as a space."""
    kept = between.removesuffix("\n")
    return " " if not kept or kept in SPACES else kept


def _split(text: str) -> Iterator[Span]:
    """A digit or two to each line or cell, as some files have them."""
    for match in SPLIT.finditer(text):
        if match.end() - match.start() > 80:
            continue
        parts = APART.split(match[0])
        even = len(set(map(len, parts[:-2:2]))) == 1 and len(set(map(_plain, parts[1::2]))) == 1
        if even and is_card("".join(parts[::2])) and _stands_alone(text, match.span(), ""):
            yield match.span()


def _named(before: str) -> bool:
    """Whether the words right before say that it is a card."""
    words = _words_at_end(before)
    return len(words) > 2 and CARD_WORD.search(words) is not None


def _is_other(before: str) -> bool:
    """Whether they say that it is an order's number, a reference (with RF and two digits: ISO 11649), or the like."""
    words = _words_at_end(before)
    return (len(words) > 2 and OTHER_NUMBER.search(words) is not None) or CREDITOR.search(before) is not None


def _words_at_end(before: str) -> str:
    """What follows the last digit or line end."""
    at = len(before)
    while at and before[at - 1] != "\n" and not before[at - 1].isdigit():
        at -= 1
    return before[at:]


def is_card(digits: str) -> bool:
    return 12 <= len(digits) <= 19 and issued(digits) and luhn(digits)


def _stands_alone(text: str, span: Span, fours: str) -> bool:
    """Whether the digits are a number of their own: no letters, decimals or more groups of the same kind beside it.
    `fours` is what separates groups of four, "" where the number has none."""
    start, end = span
    before, after = text[max(0, start - 60) : start], text[end : end + 2]
    if after[:1].isalpha() or (before[-1:].isalpha() and not _named(before)):
        return False
    if before[-1:] in ("+", "_") or (before[-1:] in (".", ",") and before[-2:-1].isdigit() and fours != "."):
        return False
    if after[:1] in (".", ",") and after[1:].isdigit() and fours != ".":
        return False
    if before[-1:] == "-" and before[-2:-1].isalpha() and not _named(before[:-1]):
        return False
    if not fours:
        return len(_digits_at_end(before)[0]) <= 12
    return not _goes_on(text, end, fours, before)


def _digits_at_end(before: str) -> tuple[str, str]:
    """The group of digits that ends there, or before a separator, and that separator; "" twice where none does."""
    end = len(before) - before.endswith("\n")
    end -= end > 0 and before[end - 1] in SEPARATORS
    at = end
    while at and before[at - 1].isdecimal():
        at -= 1
    return (before[at:end], before[end:]) if 0 < end - at < 20 else ("", "")


def _goes_on(text: str, end: int, fours: str, before: str) -> bool:
    """Groups of four on both sides make a longer number; a year before a card and its expiry date behind it do not."""
    left, between = _digits_at_end(before)
    if len(left) == 4 and _plain(between) == fours:
        before = before[: -len(left) - len(between)]
        is_year = 1990 <= int(left) <= 2039 and not _digits_at_end(before)[0]
        return not is_year and not _named(before)
    right = RIGHT.match(text, end)
    if right and len(right[2]) == 4 and _plain(right[1]) == fours:
        month, year = int(right[2][:2]), int(right[2][2:])
        more = RIGHT.match(text, right.end())
        return not (1 <= month <= 12 and 20 <= year <= 45 and not (more and _plain(more[1]) == fours))
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
