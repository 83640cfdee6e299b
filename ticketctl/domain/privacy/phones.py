"""Telephone numbers in a text: by their beginning (`+`, `00`, a trunk `0`), by their shape, or because the words beside
them say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ticketctl.domain.privacy.cards import digits_of

Span = tuple[int, int]

PHONE = re.compile(
    r"[(+\d](?:(?<=\d)(?<![\w@/=#:+&-]\d)(?<!\d[.,]\d)|(?<=\()(?<![\w@/=#:+&-]\()(?<!\d[.,]\()\d"
    r"|(?<=\+)(?<![\w+@/=&]\+) ?\d)(?:[ \-./()\u00a0\u2010-\u2013]{0,3}\d){5,16}"
    r"([ ,;]{0,2}(?:x|ext\.?|extension|anknytning|ankn\.?|lokal|durchwahl|dw|poste|toestel|interno|int\.)"
    r"[ .:]{0,2}\d{1,6})?"
    r"(?![\w@])(?!-\d)",
    re.IGNORECASE,
)
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
BEHIND = re.compile(
    r"[ \u00a0]?[-\u2013(,]?[ \u00a0]?(?:office|mobile|fax|home|work|cell|direct|main|tel|phone|desk|switchboard|"
    r"kontor|mobil|växel|direkt|hem|bostad|arbete|jobb|telefon|handy|büro|zentrale|bureau|portable|domicile|travail|thuis|werk|"
    r"casa|lavoro|koti|työ)\b(?=[ \t]*(?:$|[\n,;\\)./|]))",
    re.IGNORECASE,
)
OWN_LINE = re.compile(r"(?:^|[\n,;:(|\t])[ \t>]*$")
STREET = re.compile(
    r"[ \t]+(?:[^\W\d_][\w'’.-]* ){1,3}(?:st|street|rd|road|ave|avenue|blvd|boulevard|lane|ln|drive|dr|way|court|ct)\b",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Span]:
    for match in PHONE.finditer(text):
        value = match[0].removesuffix(match[1]) if match[1] else match[0]
        if value.count("(") != value.count(")") and value[0] != "(":
            continue
        if _is_phone(value, text, match.start()) or _labelled_behind(value, text, match):
            yield match.span()


def _is_phone(value: str, text: str, start: int) -> bool:
    if "--" in value:
        return False
    digits = digits_of(value)
    if value[0] == "+":
        return 8 <= len(digits) <= 15
    if DATE.match(value) or SSN.fullmatch(value):
        return False
    if STREET.match(text, start + len(value)):
        return False  # the number of a house, and a postcode before it
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    if value[0] == "0":
        return 8 <= len(digits) <= 12 and ("." not in value or value.count(".") >= 3)
    if NANP.fullmatch(value) and (value[0] == "(" or digits[0] not in "01"):
        return True
    if value[0] == "(":
        return 8 <= len(digits) <= 12
    return 6 <= len(digits) <= 13 and _announced(text[max(0, start - 60) : start])


def _announced(before: str) -> bool:
    """Whether the words right before a number, after any other digits and line ends, say that it is a telephone's."""
    start = len(before)
    while start and not (before[start - 1].isdigit() or before[start - 1] == "\n"):
        start -= 1
    return start < len(before) and CALL.search(before, start) is not None


def _labelled_behind(value: str, text: str, match: re.Match[str]) -> bool:
    """ "416 60 039 office" alone in a line, as in signatures."""
    if not 6 <= len(digits_of(value)) <= 13 or DATE.match(value) or SSN.fullmatch(value):
        return False
    start = match.start()
    before = text[max(0, start - 20) : start]
    return OWN_LINE.search(before) is not None and BEHIND.match(text, match.end()) is not None
