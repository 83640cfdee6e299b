"""Sensitive content in a text: payment cards, Swedish identity and organisation numbers, IBANs, ways to reach a person.

A number counts only where its check digits, date or length are right, so that order numbers stay readable. Masked text
keeps its length and its shape. What stays legible: the last four digits of a card (PCI DSS 3.4 permits them), country
and last four of an IBAN, the last two digits of a telephone number, the ending of an e-mail address's domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import get_args

import msgspec

from ticketctl.domain.privacy.cards import cards, luhn
from ticketctl.domain.privacy.passwords import passwords
from ticketctl.domain.privacy.phones import phones
from ticketctl.domain.settings.settings import Sensitive
from ticketctl.domain.ticket.message import Attachment

ALL: frozenset[Sensitive] = frozenset(get_args(Sensitive))
Span = tuple[int, int]

STAR = "*"
SEPARATORS = dict.fromkeys(map(ord, " -.\u00a0"))
LETTERS = {letter: str(letter - 55) for letter in range(65, 91)}  # A is 10, Z is 35
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Each begins with the characters that it can begin with, and looks behind them afterwards: so the engine skips what
# can't begin one, which is several times as fast in a text without numbers.
PERSON = re.compile(r"(\d(?<![\w+.,-]\d)\d{5}(?:\d\d)?)(?: ?[-+\u2010-\u2013] ?| )?(\d{4})(?![\w-])(?!\.\d)")
ORGANISATION = re.compile(
    r"([Ss\d](?<![\w+.,-][Ss\d])(?:(?<=[Ss])[Ee](?:16)?\d{6}|(?<=1)6\d{6}|(?<=\d)\d{5}))"
    r"(?:-| - |\u2010|\u2013)?(\d{4})(01)?(?![\w-])(?!\.\d)"
)
LONG = re.compile(r"\d(?:[ \u00a0\u2009\u202f.\-+/_\u2010-\u2013\n]{0,3}\d){9}")  # in each of LONG_KINDS
LONG_KINDS: frozenset[Sensitive] = frozenset(("payment_card", "personnummer", "organisationsnummer"))
IBAN = re.compile(r"[A-Za-z](?<![\w-][A-Za-z])[A-Za-z]([ \u00a0.-]?)\d{2}(?:[ \u00a0.-]?[A-Za-z0-9]){11,30}")
IPV4 = re.compile(r"\d(?<![\w.-]\d)\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)", re.ASCII)
IPV6 = re.compile(
    r"[0-9A-Fa-f:](?<![\w:.][0-9A-Fa-f:])(?:(?<=:)|[0-9A-Fa-f]{0,3}:)[0-9A-Fa-f:]{0,38}(?:\.\d{1,3}){0,3}(?![\w:])",
    re.ASCII,
)
DOMAIN = re.compile(r"@([^\W_][\w.-]{0,253})")
LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.")
IBAN_COUNTRIES = {  # length → countries (ISO 13616 registry)
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
IBAN_LENGTHS = {country: length for length, countries in IBAN_COUNTRIES.items() for country in countries.split()}


class Mask(msgspec.Struct, frozen=True):
    """A sensitive span; offsets in code points, `end` exclusive."""

    kind: Sensitive
    start: int
    end: int


def find(text: str, kinds: Collection[str] = ALL) -> tuple[Mask, ...]:
    """All sensitive spans of these kinds, in order of their start, not overlapping.

    Where a span could be of two kinds, the more certain kind wins: an IBAN holds no telephone number. Linear in the
    length of the text; a name that is no kind finds nothing.
    """
    return tuple(Mask(kind, start, end) for start, end, kind in _found(text, kinds))


def _found(text: str, kinds: Collection[str]) -> list[tuple[int, int, Sensitive]]:
    found: list[tuple[int, int, Sensitive]] = []
    rest = text  # what no kind has taken yet; the others see NUL in its place
    for kind, finder in _needed(text, kinds):
        spans = list(finder(rest))
        if kind in kinds:
            found += [(start, end, kind) for start, end in spans]
        rest = _without(rest, spans) if spans else rest
    found.sort()
    return found


def _needed(text: str, kinds: Collection[str]) -> list[tuple[Sensitive, Callable[[str], Iterator[Span]]]]:
    """The finders of these kinds and those that go before them. Most mails hold no long number at all, which one quick
    search tells: it looks at nothing before the first digit, so that the engine skips from digit to digit."""
    absent = frozenset[Sensitive]() if LONG.search(text) else LONG_KINDS
    possible = [one for one in FINDERS if one[0] not in absent and (one[0] != "secret" or "secret" in kinds)]
    last = max((number for number, (kind, _) in enumerate(possible, 1) if kind in kinds), default=0)
    return possible[:last]


def _without(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], "\0" * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def mask(text: str, kinds: Collection[str] = ALL) -> str:
    """The text, as long as before, with every sensitive span of these kinds starred out in its own shape."""
    parts: list[str] = []
    position = 0
    for start, end, kind in _found(text, kinds):
        parts += [text[position:start], _starred(kind, text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def mask_names(attachments: tuple[Attachment, ...], kinds: Collection[str]) -> tuple[Attachment, ...]:
    """The files under names without it: that of an attached mail is its subject."""
    return tuple(msgspec.structs.replace(one, name=mask(one.name, kinds)) for one in attachments)


def _starred(kind: Sensitive, value: str) -> str:
    if kind == "secret":
        return "".join(c if c.isspace() else STAR for c in value)
    if kind == "email":
        ending = value.rfind(".")
        return _stars(value[:ending]) + value[ending:]
    head, tail = LEGIBLE.get(kind, (0, 0))
    start, end = 0, len(value)
    while head and start < end:
        head -= value[start].isalnum()
        start += 1
    while tail and start < end:
        end -= 1
        tail -= value[end].isalnum()
    return value[:start] + _all_starred(value[start:end]) + value[end:]


LEGIBLE = {"payment_card": (0, 4), "iban": (2, 4), "phone": (0, 2)}  # letters and digits at both ends
_STARRED = dict.fromkeys(map(ord, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), STAR)


def _all_starred(value: str) -> str:
    if value.isascii():
        return value.translate(_STARRED)
    return "".join(STAR if c.isalnum() else c for c in value)


def _stars(value: str) -> str:
    return "".join(c if c in "@." else STAR for c in value)


def _emails(text: str) -> Iterator[Span]:
    """Around every `@`: looked for from there, so that a long word costs nothing."""
    floor = 0
    for match in DOMAIN.finditer(text):
        domain = match[1].partition("_")[0].rstrip(".-")
        name, _, top = domain.rpartition(".")
        if not name or len(top) < 2 or top.isdigit() or ".." in domain:
            continue
        start = at = match.start()
        while start > floor and at - start < 64 and (text[start - 1] in LOCAL or text[start - 1].isalnum()):
            start -= 1
        while start < at and text[start] in ".'/=&*`":
            start += 1
        if start < at:
            floor = at + 1 + len(domain)
            yield start, floor


def _ibans(text: str) -> Iterator[Span]:
    position = 0
    while match := IBAN.search(text, position):
        position = match.start() + 3
        length = IBAN_LENGTHS.get(match[0][:2].upper(), 99)
        value = match[0][: 2 * length].translate(SEPARATORS)[:length].upper()
        if len(value) < length or not value.isascii():
            continue
        if match[1] and 5 * sum(map(str.isdigit, value)) < 3 * length:
            continue  # "no 10 people came there": a sentence, not an account
        if not _mod97(value):
            continue
        end, more = match.end(), len(match[0].translate(SEPARATORS)) - length  # taken of the next words
        while more or not text[end - 1].isalnum():
            end -= 1
            more -= text[end].isalnum()
        if end == len(text) or not text[end].isalnum():
            yield match.start(), end
            position = end


def _mod97(value: str) -> bool:
    """ISO 13616: the country and the check digits moved to the end, letters as numbers from 10, modulo 97 is 1."""
    return int((value[4:] + value[:4]).translate(LETTERS)) % 97 == 1


def _personnummer(text: str) -> Iterator[Span]:
    """Personnummer and coordination numbers (day + 60): 10 or 12 digits, with `-` or, from 100 years of age, `+`."""
    for match in PERSON.finditer(text):
        born, last = match.groups()
        if not last.startswith("000") and luhn(born[-6:] + last) and _is_birth(born):
            yield match.span()


def _is_birth(born: str) -> bool:
    """A date, with or without its century, or that of a coordination number: the day plus 60, and any day or month 00
    where it is not known."""
    if len(born) == 8 and born[:2] not in ("18", "19", "20"):
        return False
    year, month, day = int(born[-8:-4] if len(born) == 8 else f"20{born[:2]}"), int(born[-4:-2]), int(born[-2:])
    if 60 <= day <= 91:
        return month <= 12
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # of the centuries, 2000 is a leap year
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 and leap else DAYS[month - 1])


def _organisations(text: str) -> Iterator[Span]:
    """Swedish organisation numbers (the third digit is at least 2) and VAT numbers made of them: SE…01."""
    for match in ORGANISATION.finditer(text):
        whole, last, ending = match.groups()
        country, first = whole[0] in "Ss", whole[-6:]
        if country != bool(ending) or (country and len(whole) > 8):
            continue
        if first[0] in "12356789" and int(first[2]) >= 2 and luhn(first + last):
            yield match.span()


def _ipv4(text: str) -> Iterator[Span]:
    for match in IPV4.finditer(text):
        if all(int(part) <= 255 and (part == "0" or part[0] != "0") for part in match[0].split(".")):
            yield match.span()


def _ipv6(text: str) -> Iterator[Span]:
    for match in IPV6.finditer(text):
        value = match[0] if match[0].endswith("::") else match[0].rstrip(":")
        if value.count(":") >= 2 and _is_ipv6(value):
            yield match.start(), match.start() + len(value)


def _is_ipv6(text: str) -> bool:
    """RFC 4291, at least three groups or `::1` in length, so that `::` in prose or code is no address."""
    head, gap, tail = text.partition("::")
    groups = [group for part in (head, tail) for group in part.split(":") if part]
    if "::" in tail or not groups or not all(1 <= len(group) <= 4 for group in groups if "." not in group):
        return False
    size = len(groups) + ("." in groups[-1])
    return size == 8 if not gap else size < 8 and (size >= 2 or text == "::1")


FINDERS: tuple[tuple[Sensitive, Callable[[str], Iterator[Span]]], ...] = (  # the more certain first; spans in order
    ("secret", passwords),
    ("email", _emails),
    ("iban", _ibans),
    ("payment_card", cards),
    ("personnummer", _personnummer),
    ("organisationsnummer", _organisations),
    ("ip", _ipv6),
    ("ip", _ipv4),
    ("phone", phones),
)
