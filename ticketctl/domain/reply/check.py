"""What a careful colleague would say about a reply before it is sent.

A `warning` is probably a mistake that the customer would see: a place left to fill in, somebody else's data, the wrong
language. A `hint` comes from the guide that our users follow: sum up first, name the next step, say when. Hints would
rather be silent than wrong: they look at longer texts only, and are content with any sign of what they ask for.

Quoted lines are not looked at. All takes time linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Literal

import msgspec

from ticketctl.domain.privacy.masking import find, mask
from ticketctl.domain.reply import check_phrases as reply_phrases
from ticketctl.domain.reply.other_customers import Other, told_of
from ticketctl.domain.reply.several_requesters import SCANDINAVIAN
from ticketctl.domain.text import phrases
from ticketctl.domain.text.language import detect
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

Severity = Literal["warning", "hint"]
SECRET = frozenset({"payment_card", "personnummer", "secret"})
LONGEST = 100_000  # characters that are looked at
LONGEST_LINE = 1_000  # characters of a line in which gaps are looked for
MOST_PLACES = 20
GUIDED = frozenset({"sv", "en"})
FEWEST = 12  # words from which the language of a text is certain enough
LONG_REPLY = 40  # words from which a reply is expected to sum up
LONG_QUESTION = 15
TELLING = 30  # words from which a reply is expected to name a next step
SUMMARY = 60  # words at the beginning in which it may sum up
POLITE = """hello | thank | thanks | please | vänlig | vänliga | hälsning | hälsningar | regards | mejlet
 | meddelande | message | email | svara | reply | about | would | could | there | their | these | which | where
 | också | skulle | något | någon | eller | efter | detta"""
SHARED = 5  # letters that two forms of a word have in common

# Values that the templates of other programs name: {förnamn}, ${first_name}, %ORDER%.
_NAMED = (
    r"(?:first|last|full|customer|client|user|kund|för|efter|company|order|ticket|product)?[-_ .]?"
    r"(?:name|namn|number|nummer|nr|id|date|datum)|order|kund|customer(?:\.\w{1,20})?|(?:agent|requester|ticket)\.\w{1,20}"
)
_PLACES = re.compile(
    r"\{\{[^\n{}]{0,80}(?:\}\})?|\{%[^\n]{0,80}"
    r"|\[(?i:skriv här|write here|fyll i|fill in|insert|infoga|ange)\b[^\]\n]{0,120}(?:\n[^\]\n]{0,120})?\]"
    r"|<(?i:skriv här|write here|fyll i|fill in|insert|infoga)\b[^>\n]{0,120}>"
    r"|[\[<](?:KUND|FÖR|EFTER|FULL|FIRST|LAST|CUSTOMER|YOUR|DITT|ORDER|ÄRENDE|TICKET|CASE|COMPANY|FÖRETAGS)?[ _]?"
    r"(?:NAMN|NAME|DATUM|DATE|TID|TIME|BELOPP|AMOUNT|NUMMER|NUMBER|KUND|CUSTOMER|PRODUKT|PRODUCT|FÖRETAG|COMPANY)[\]>]"
    r"|(?<!\w)\[(?i:namn|förnamn|efternamn|kundnamn|datum|first name|last name|customer name|your name|name|date)\]"
    r"|\[(?i:hier|ici|her|aquí|qui|bitte|ditt|din|dina|your|ihr|ihre|votre|indsæt|sett inn|einfügen|saisir|compléter"
    r"|insérer|vul in|invullen|kirjoita|täydennä|uzupełnij|wpisz|escriba|inserire|skriv|eintragen|type|enter|add"
    r"|lägg till)\b[^\]\n]{0,120}\]|<(?i:ditt|din|dina|your) (?i:svar|text|namn|answer|reply|text|name)>"
    rf"|(?i:\$?\{{ ?(?:{_NAMED}) ?\}}|%(?:{_NAMED})%|#(?:{_NAMED})#)"
    r"|\[(?:Suggestion|Förslag)\b[^\]\n]{1,200}\]|\[…\]"  # content/words.py, domain/privacy/impersonal.py
    r"|(?<![\w.*-])X{3,}(?![\w-]|\.\w)|(?<!\w)TODO(?!\w)|(?i:lorem ipsum)"
)
# What an empty value leaves in a line: "Order  är", "om ”” är", "order nr .". Columns of a table are none.
_GAP = re.compile(
    r"\b[^\W\d_]{1,30}  [a-zåäöæøüéè]\w{0,30}"
    r"|[^\W_]{0,30} ?[“”„»] ?[“”„«](?=[\s.,!?]|$)|(?<!\S)\( ?\)(?=[\s.,!?]|$)"
    r"|(?<!\S)\"\"(?=[\s.,!?]|$)|\b[^\W\d_]{3,30}: [.,](?=\s|$)|[^\W_],? _{3,}(?!\w)"
    r"|\b(?i:nr|nummer|number|order|ordern|faktura|fakturan|invoice|ärende|ärendet|ticket|kl|klockan) [.,](?=\s|$)"
)
_COLUMNS = re.compile(r"\t|\||^ {4}|\S {2,}\S.* {2,}\S| {3}")
_NAMELESS = re.compile(
    r"(?i:hej|hejsan|hallå|hello|hi|dear|kära|bästa|god morgon|good morning)"
    r"(?:[ \t]+[,!]|[ \t]+(?:None|null|undefined)\b)"
)


class Place(msgspec.Struct, frozen=True):
    """What was found, and in which line of the text (from 1). `gap` is what stands around a value that is missing."""

    found: str
    line: int
    gap: str = ""


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """`code` never changes its meaning: attachment, unfilled, personal_number, other_customer, language, summary,
    next_step, time. `facts` are what was found. `line` is 0 where it is about the whole text."""

    code: str
    severity: Severity
    facts: Mapping[str, str] = {}
    line: int = 0


def check(text: str, ticket: Ticket, *, spoken: Collection[str] = (), others: Sequence[Other] = ()) -> tuple[Hint, ...]:
    """What is noticed about `text` as a reply on `ticket`, warnings first. `spoken` are the languages that the desk
    writes in; `others` come from `reply_others.others_of`."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    own = own_words(text)
    quotes = own != "\n".join(text.splitlines())
    warnings = (*_unfilled(own), *_secret(own), *_told_of_others(own, others), *_language(own, ticket, spoken))
    return (*warnings, *_guide(own, ticket, quotes))


def own_words(text: str) -> str:
    """The text with empty lines in place of quoted ones."""
    return "\n".join("" if line.lstrip().startswith(">") else line for line in text[:LONGEST].splitlines())


# --- warnings ---


def unfilled(text: str) -> tuple[Place, ...]:
    """What stands there to be filled in: [Skriv här: …], [NAMN], {{ … }}, XXX, TODO, "Hej ,"."""
    found = [
        Place(" ".join(match[0].split()), _line(text, match.start()))
        for match in islice(_PLACES.finditer(text), MOST_PLACES)
    ]
    found += islice(_gaps(text), MOST_PLACES)
    stripped = text.lstrip()
    if match := _NAMELESS.match(stripped):
        found.insert(0, Place(match[0], _line(text, len(text) - len(stripped))))
    return tuple(found)


def _gaps(text: str) -> Iterator[Place]:
    for number, line in enumerate(text.split("\n"), 1):
        match = _GAP.search(line[:LONGEST_LINE])
        if match and not _COLUMNS.search(line[:LONGEST_LINE]):
            gap = match[0].strip()
            yield Place(f"a gap in “{gap}”", number, gap)


def _unfilled(text: str) -> Iterator[Hint]:
    for place in unfilled(text):
        facts = {"found": place.found, "gap": place.gap}
        yield Hint(code="unfilled", severity="warning", facts=facts, line=place.line)


def sensitive(text: str) -> tuple[Hint, ...]:
    """Card numbers, personnummer and passwords in the writer's own words."""
    return tuple(_secret(text))


def _secret(text: str) -> Iterator[Hint]:
    found = find(text, SECRET)
    shown = mask(text, SECRET) if found else text
    for one in found:
        facts = {"kind": one.kind, "shown": shown[one.start : one.end]}
        yield Hint(code="personal_number", severity="warning", facts=facts, line=_line(text, one.start))


def _told_of_others(text: str, others: Sequence[Other]) -> Iterator[Hint]:
    for ticket, word, at in told_of(text, others):
        facts = {"word": word, "ticket": str(ticket)}
        yield Hint(code="other_customer", severity="warning", facts=facts, line=_line(text, at))


def _language(text: str, ticket: Ticket, spoken: Collection[str]) -> Iterator[Hint]:
    theirs = ticket.language
    if not theirs or len(text.split()) < FEWEST:
        return
    ours = detect(text)
    if ours is None or ours == theirs or {ours, theirs} <= SCANDINAVIAN:
        return
    if ours == "en" and theirs not in spoken:
        return  # a desk answers in English whom it cannot answer in their own language
    yield Hint(code="language", severity="warning", facts={"ours": ours, "theirs": theirs})


# --- the guide ---


def _guide(text: str, ticket: Ticket, quotes: bool) -> Iterator[Hint]:
    """An answer that `quotes` what it is about needs no summary. What is missing can be told only in the languages of
    `reply_phrases`."""
    flat = " ".join(text.split()).replace("’", "'")
    words = flat.split(" ")
    if detect(text) in GUIDED:
        if not quotes and _needs_summary(words, ticket) and not _sums_up(words, ticket):
            yield Hint(code="summary", severity="hint")
        if len(words) >= TELLING and not re.search(r"\?|https?://", flat) and not _has(flat, reply_phrases.STEP):
            yield Hint(code="next_step", severity="hint")
    if _has(flat, reply_phrases.ONGOING) and not _names_a_time(flat):
        yield Hint(code="time", severity="hint")


def _names_a_time(flat: str) -> bool:
    return _has(flat, reply_phrases.TIME) or reply_phrases.CLOCK.search(flat) is not None


def _needs_summary(words: Sequence[str], ticket: Ticket) -> bool:
    """A long first answer to a question that was not short; later ones are in the middle of a conversation."""
    first = not any(one.is_reply for one in ticket.messages)
    return first and len(words) >= LONG_REPLY and len(_asked(ticket).split()) >= LONG_QUESTION


def _sums_up(words: Sequence[str], ticket: Ticket) -> bool:
    """Whether the beginning says so, or takes up a telling word of the customer's."""
    beginning = " ".join(words[:SUMMARY])
    return _has(beginning, reply_phrases.UNDERSTOOD) or bool(_stems(beginning) & _stems(_asked(ticket)))


def _asked(ticket: Ticket) -> str:
    last = ticket.last(direction="in")
    return f"{ticket.subject}\n{last.text if last else ''}"


def _stems(text: str) -> set[str]:
    """The beginnings of its longer words, greetings and thanks left out."""
    return {word[:SHARED] for word in re.findall(r"[^\W\d_]{5,}", fold(text)) if word not in _polite()}


@cache
def _polite() -> frozenset[str]:
    """Words that every mail may have."""
    common = [phrases.languages()[code].common for code in ("sv", "en")]
    return frozenset(word for listed in (*common, POLITE) for word in phrases.words(listed))


def _has(flat: str, wanted: str) -> bool:
    return reply_phrases.finder(wanted).search(flat) is not None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
