"""Sensitive content in a text: payment cards, Swedish identity and organisation numbers, IBANs, ways to reach a person.

A number counts only where its check digits, date or length are right, so that order numbers stay readable. Masked text
keeps its length and its shape. What stays legible: the last four digits of a card (PCI DSS 3.4 permits them), country
and last four of an IBAN, the last two digits of a telephone number, the ending of an e-mail address's domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Attachment

Sensitive = Literal["payment_card", "personnummer", "iban", "organisationsnummer", "email", "phone", "ip"]
ALL: frozenset[Sensitive] = frozenset(
    ("payment_card", "personnummer", "iban", "organisationsnummer", "email", "phone", "ip")
)
Span = tuple[int, int]

STAR = "*"
SEPARATORS = dict.fromkeys(map(ord, " -.\u00a0"))
LETTERS = {letter: str(letter - 55) for letter in range(65, 91)}  # A is 10, Z is 35
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{12,19}|\d{4}(?:[ \u00a0-]\d{4}){3}[ \u00a0-]\d{3}|\d{4}(?:[ \u00a0-]\d{4}){3}"
    r"|\d{4}[ \u00a0-]\d{6}[ \u00a0-]\d{4,5})(?![\w-])(?!\.\d)"
)
PERSON = re.compile(r"(?<![\w+.,-])(\d{2})?(\d{2})(\d{2})(\d{2})( ?[-+\u2010-\u2013] ?| )?(\d{4})(?![\w-])(?!\.\d)")
ORGANISATION = re.compile(r"(?<![\w+.,-])(SE)?(16)?(\d{6})(-| - |\u2010|\u2013)?(\d{4})(01)?(?![\w-])(?!\.\d)", re.I)
LONG = re.compile(r"\d\d{3}(?:\d\d(?: ?[-+\u2010-\u2013] ?| )?\d{4}|[ \u00a0-]\d{4})")  # in each of LONG_KINDS
LONG_KINDS: frozenset[Sensitive] = frozenset(("payment_card", "personnummer", "organisationsnummer"))
IBAN = re.compile(r"(?<![\w-])[A-Z]{2}([ \u00a0.-]?)\d{2}(?:[ \u00a0.-]?[A-Z0-9]){11,30}", re.IGNORECASE)
PHONE = re.compile(
    r"(?:(?<![\w@/=#:+&-])(?<!\d[.,])\(?|(?<![\w+@/=&])\+ ?)"
    r"\d(?:[ \-./()\u00a0\u2010-\u2013]{0,3}\d){5,16}"
    r"([ ,;]{0,2}(?:x|ext\.?|extension|anknytning|ankn\.?|lokal|durchwahl|dw|poste|toestel|interno|int\.)"
    r"[ .:]{0,2}\d{1,6})?"
    r"(?![\w@])(?!-\d)",
    re.IGNORECASE,
)
IPV4 = re.compile(r"(?<![\w.-])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)", re.ASCII)
IPV6 = re.compile(r"(?<![\w:.])[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])", re.IGNORECASE | re.ASCII)
LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.")
SSN = re.compile(r"\d{3}-\d{2}-\d{4}")  # American social security number: no telephone number
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d{1,2}\2\d{1,2}")
NANP = re.compile(r"(?:\(\d{3}\) ?|\d{3}([-. ]))\d{3}[-. ]\d{4}")
CALL = re.compile(
    r"\b(?:tel|tfn|tlf|telefon\w*|phone|telephone|mobil\w*|mob|cell|call|ring|ringa|nås på|fax|sms|whatsapp|direkt"
    r"|direct|puh|puhelin|gsm|tél|téléphone|handy|anruf\w*|dial|text)\b[^\n\d]{0,30}$"
    # words that say so only as a label, or with the little word behind them
    r"|\b(?:desk|office|work|home|cellular|switchboard|kontor(?:et)?|arbete|jobb?|hem|bostad|växel(?:n)?|arbejde|hjem"
    r"|büro|privat|geschäftlich|zentrale|bureau|travail|domicile|kantoor|thuis|werk|oficina|casa|trabajo|ufficio|lavoro"
    r"|toimisto|koti|työ)(?: (?:no|number|nr|nummer)\.?)? ?[:=][ \u00a0]{0,3}$"
    r"|\b(?:answer(?:s|ed|ing)?|pick(?:s|ed|ing)? up|reach(?:ed|able)?(?: (?:me|us|him|her|them|you))?|available"
    r"|svarar|nås|träffas|erreichbar|joignable|bereikbaar|tavoitat|træffes|treffes) (?:at|on|under|unter|au|op|i|på) $",
    re.IGNORECASE,
)
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
    masks: list[Mask] = []
    rest = text  # what no kind has taken yet; the others see NUL in its place
    for kind, finder in _needed(text, kinds):
        found = list(finder(rest))
        masks += [Mask(kind, start, end) for start, end in found]
        rest = _without(rest, found) if found else rest
    return tuple(sorted((mask for mask in masks if mask.kind in kinds), key=lambda mask: mask.start))


def _needed(text: str, kinds: Collection[str]) -> list[tuple[Sensitive, Callable[[str], Iterator[Span]]]]:
    """The finders of these kinds and those that go before them. Most mails hold no long number at all, which one quick
    search tells: it looks at nothing before the first digit, so that the engine skips from digit to digit."""
    absent = frozenset[Sensitive]() if LONG.search(text) else LONG_KINDS
    possible = [one for one in FINDERS if one[0] not in absent]
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
    for found in find(text, kinds):
        parts += [text[position : found.start], _starred(found.kind, text[found.start : found.end])]
        position = found.end
    return "".join([*parts, text[position:]])


def mask_names(attachments: tuple[Attachment, ...], kinds: Collection[str]) -> tuple[Attachment, ...]:
    """The files under names without it: that of an attached mail is its subject."""
    return tuple(msgspec.structs.replace(one, name=mask(one.name, kinds)) for one in attachments)


def _starred(kind: Sensitive, value: str) -> str:
    if kind == "email":
        ending = value.rfind(".")
        return _stars(value[:ending]) + value[ending:]
    head, tail = {"payment_card": (0, 4), "iban": (2, 4), "phone": (0, 2)}.get(kind, (0, 0))
    if not head and not tail:
        return _SIGN.sub(STAR, value)
    places = [match.start() for match in _SIGN.finditer(value)]
    if len(places) <= head + tail:
        return value
    start, end = places[head], places[-tail]
    return value[:start] + _SIGN.sub(STAR, value[start:end]) + value[end:]


_SIGN = re.compile(r"[^\W_]")  # a letter or digit


def _stars(value: str) -> str:
    return "".join(c if c in "@." else STAR for c in value)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: whether the last digit checks the others."""
    digits = digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


_DOUBLED = str.maketrans("0123456789", "0246813579")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _emails(text: str) -> Iterator[Span]:
    """Around every `@`: looked for from there, so that a long word costs nothing."""
    at, floor = text.find("@"), 0
    while at >= 0:
        start, end = at, at + 1
        if not text[end : end + 1].isalnum():
            at = text.find("@", end)
            continue
        while start > floor and at - start < 64 and (text[start - 1] in LOCAL or text[start - 1].isalnum()):
            start -= 1
        while end < len(text) and end - at < 255 and (text[end].isalnum() or text[end] in "-."):
            end += 1
        while start < at and text[start] in ".'/=&*`":
            start += 1
        while end > at and text[end - 1] in ".-":
            end -= 1
        name, dot, top = text[at + 1 : end].rpartition(".")
        if start < at and dot and name and len(top) >= 2 and not top.isdigit() and ".." not in text[at:end]:
            yield start, end
            floor = end
        at = text.find("@", max(end, at + 1))


def _ibans(text: str) -> Iterator[Span]:
    position = 0
    while match := IBAN.search(text, position):
        position = match.start() + 3
        length = IBAN_LENGTHS.get(match[0][:2].upper(), 99)
        value = match[0].translate(SEPARATORS)[:length].upper()
        if len(value) < length or not value.isascii() or not _mod97(value):
            continue
        if match[1] and 5 * len(_digits(value)) < 3 * length:  # "no 10 people came there": a sentence, not an account
            continue
        end = [at for at in range(match.start(), match.end()) if text[at].isalnum()][length - 1] + 1
        if end == len(text) or not text[end].isalnum():
            yield match.start(), end
            position = end


def _mod97(value: str) -> bool:
    """ISO 13616: the country and the check digits moved to the end, letters as numbers from 10, modulo 97 is 1."""
    return int((value[4:] + value[:4]).translate(LETTERS)) % 97 == 1


def _cards(text: str) -> Iterator[Span]:
    for match in CARD.finditer(text):
        number = _digits(match[0])
        if _issued(number) and luhn(number):
            yield match.span()


def _issued(number: str) -> bool:
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


def _personnummer(text: str) -> Iterator[Span]:
    """Personnummer and coordination numbers (day + 60): 10 or 12 digits, with `-` or, from 100 years of age, `+`."""
    for match in PERSON.finditer(text):
        century, year, month, day, _, last = match.groups()
        if last.startswith("000") or not luhn(year + month + day + last):
            continue
        centuries = [century] if century else ["18", "19", "20"]
        if any(one in ("18", "19", "20") and _is_birth(int(one + year), int(month), int(day)) for one in centuries):
            yield match.span()


def _is_birth(year: int, month: int, day: int) -> bool:
    """A date, or that of a coordination number: the day plus 60, and any day or month 00 where it is not known."""
    if 60 <= day <= 91:
        return month <= 12
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 and leap else DAYS[month - 1])


def _organisations(text: str) -> Iterator[Span]:
    """Swedish organisation numbers (the third digit is at least 2) and VAT numbers made of them: SE…01."""
    for match in ORGANISATION.finditer(text):
        country, prefix, first, _, last, ending = match.groups()
        if bool(country) != bool(ending) or (country and prefix):
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


def _phones(text: str) -> Iterator[Span]:
    for match in PHONE.finditer(text):
        value = match[0].removesuffix(match[1] or "")
        if value.count("(") != value.count(")") and not value.startswith("("):
            continue
        if _is_phone(value, text[max(0, match.start() - 60) : match.start()]):
            yield match.span()


def _is_phone(value: str, before: str) -> bool:
    """By its beginning (`+`, `00`, a trunk `0`), by its shape, or because the words before it say so."""
    digits = _digits(value)
    if DATE.match(value) or SSN.fullmatch(value) or "--" in value:
        return False
    if value.startswith("+"):
        return 8 <= len(digits) <= 15
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    if value.startswith("0"):
        return 8 <= len(digits) <= 12 and ("." not in value or value.count(".") >= 3)
    if NANP.fullmatch(value) and (value[0] == "(" or digits[0] not in "01"):
        return True
    if value.startswith("("):
        return 8 <= len(digits) <= 12
    return 6 <= len(digits) <= 13 and _announced(before)


def _announced(before: str) -> bool:
    """Whether the words right before a number, after any other digits and line ends, say that it is a telephone's."""
    start = len(before)
    while start and not (before[start - 1].isdigit() or before[start - 1] == "\n"):
        start -= 1
    return start < len(before) and CALL.search(before, start) is not None


FINDERS: tuple[tuple[Sensitive, Callable[[str], Iterator[Span]]], ...] = (  # the more certain first; spans in order
    ("email", _emails),
    ("iban", _ibans),
    ("payment_card", _cards),
    ("personnummer", _personnummer),
    ("organisationsnummer", _organisations),
    ("ip", _ipv6),
    ("ip", _ipv4),
    ("phone", _phones),
)
