"""Texts without what tells of a person: for drafts of FAQs, and for a language model.

Whoever is on a ticket is known by name; others are recognised by a list of given names, by a capital letter where none
belongs, by streets, numbers and addresses. It rather takes out too much: what is left must be readable by everybody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from operator import itemgetter

import msgspec

from ticketctl.domain.privacy.given_names import AMBIGUOUS, NAMES
from ticketctl.domain.privacy.masking import find
from ticketctl.domain.text import phrases
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

Span = tuple[int, int]
GAP = "[…]"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^\n.!?]*(?:[.!?](?![\s\n]|$)[^\n.!?]*)*[.!?]*[ \t]*\n?")
_NUMBER = re.compile(
    r"(?<!\w)(?:[A-Z]{1,5}[-_ ]?)?\d(?:[ \u00a0./:_-]?\d){4,}\w*|#\s?\d+|(?<!\w)[A-Za-z]{1,5}-?\d{3,}\w*"
)
_AMOUNT = re.compile(
    r"[\d \u00a0.,]{1,15}(?:kr\b|kronor\b|:-|sek\b|eur\b|euro\b|usd\b|gbp\b|€|%|\$|£)|[€$£] ?[\d.,]{1,15}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"[A-ZÅÄÖ][\w-]{0,40}(?:gatan|vägen|gränd|gränden|torget|allén|stigen|backen|platsen|kajen|leden|gata|väg|backe|torg)\b"
    r"(?: ?\d+ ?[A-Za-z]?\b)?"
    r"|\b(?:Box|PO Box|P\.O\. Box|lgh|lägenhet|apt|flat|apartment|port) ?\d+\w?"
    r"|\b\d+[A-Za-z]? (?:[A-Z][\w'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way"
    r"|Square|Sq|Place|Terrace|Crescent|Gardens|Hill|Park|Row|Mews|Boulevard|Blvd)\b"
    r"|\b(?:SE-?)?\d{3} ?\d\d [A-ZÅÄÖ][\wåäö-]+|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2} \d{5}\b"
)
_URL_TAIL = re.compile(r"(https?://[^\s?#<>]*)(?:[?#][^\s<>]*)?")  # a link without one is taken too: linear
_LINK = re.compile(r"https?://[^\s<>]+|www\.[^\s<>]+")
_ADDRESS = re.compile(r"[^\s<>@](?<![^\s<>@].)[^\s<>@]*@[^\s<>@]+")  # begun only where a word begins: linear
_STARRED = re.compile(r"[^\s*]{0,40}\*{3}[^\s]{0,80}(?: [*\d][^\s]{0,40}){0,6}")  # masked before: "**** **** **** 1111"
_HANDLE = re.compile(r"(?<!\w)@\w{2,}")
# Words with a capital inside a sentence that are nobody's name.
_WRITTEN_LARGE = """
i i'm i'll i've i'd monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december english swedish sweden sverige bankid swish windows mac macos iphone
ipad ios android google chrome safari firefox edge microsoft outlook office excel word teams apple gmail facebook
instagram linkedin youtube whatsapp visa mastercard klarna paypal postnord dhl ups bring pdf csv internet wifi wi-fi
bluetooth faq ok sms url https http usb id e-post email mail ab ltd eu gdpr vat moms pin sim app store play vpn dns
ssl html api
"""
_CAPITALS = frozenset(_WRITTEN_LARGE.split())
# Words with which sentences of answers begin.
_FIRST_WORDS = """
a about after again all also an and any are as ask at because before both but by call can change check choose clear
click close contact copy could create delete did do does don't download each either email enable enter every fill find
first follow for from get give go has have here hold how if in install is it it's its just keep kindly last let log
look make many more most my need new next no normally not note now of on once one only open or order our pay please
press provide put reach read refresh remember remove replace reply reset restart return right save scan see select
send set should sign simply since so some sometimes sorry start still stop such sure switch take thank thanks that
that's the their them then there these they this those through to today tomorrow try turn type under unfortunately
unplug until update upload usually use using wait was we we'll we're we've were what when where which while who why
with within without would write yes you you'll you're your allt alla alltså annars använd att av avinstallera avsluta
avvakta backa begär behöver beställ beställningen betala bra byt börja den denna dessa det detta din ditt dra du där
därefter därför då efter eftersom ekonomi eller en enligt er era ert ett fakturan fakturor finns fortsätt fråga fyll
först för försök förutom få får genom ge ger glöm gå går gäller gör ha har hej hittar hoppas hos hur hämta här håll i
ibland igen ingen inget inom innan installera inte ja jag kan klicka kolla kom kontakta kontot kontrollera kopiera
kunder kunden köp ladda lämna leta leveransen logga lägg läs lösenordet man med mejla meddela men min mitt måste nej
ni normalt notera nu någon när nästa ofta om ombud oftast och också paketet på rensa returen ring sedan se senast sen
sidan skapa skicka skriv skulle slå som spara sparar starta stäng ställ stämmer svara så ta tack tillsammans till
titta tjänsten tryck trots tyvärr upp uppdatera uppge ut utan vad var varje varan vi vid vidare vilken vilket vill
vänd vänligen vänta välj våra vår vårt är ändra även åter återkom återställ öppna över mina dina sitt hans hennes
pages account settings konto inställningar profil profile orders orderhistorik beställningar leveranser returer
kvitton hjälp help support kundtjänst avisering kassa varukorg cart checkout login inloggning lösenord password meny
menu hem home kontakt glömt forgot mejl mail sida page kund customer customers
"""
_BEGINNINGS = frozenset(_FIRST_WORDS.split())
_ROLE_NAMES = "support info kundtjänst kundservice order faktura hello hej kontakt contact post mail admin"
_ROLES = frozenset(_ROLE_NAMES.split())
_PARTICLES = frozenset(
    ("von", "van", "af", "av", "de", "del", "della", "der", "di", "du", "la", "le", "ter", "zu", "al")
)
_BREAK = re.compile(r"[.!?:\n•*|]|(?:^|\s)[-–—](?:\s|$)")  # a sentence begins behind it
_CLOSING_MOST = 4  # words behind a closing or greeting that make a sentence of a name


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """`names`: parts of the names of everybody who is on the tickets, folded. `public`: what everybody may read anyway,
    such as the snippets and our own addresses. `common`: folded words that several tickets use in small letters."""

    names: frozenset[str] = frozenset()
    public: str = ""
    common: frozenset[str] = frozenset()


def names_of(tickets: Iterable[Ticket], others: Iterable[str] = ()) -> frozenset[str]:
    """The parts of all names on the tickets and of `others` (the team's), and what stands before the @."""
    persons: set[Person] = set()
    for ticket in tickets:
        persons |= {ticket.requester, *ticket.participants}
        for message in ticket.messages:
            persons |= {message.sender, *message.to, *message.cc, *message.bcc, *message.reply_to}
    written = [part for one in persons for part in (one.name, one.address.partition("@")[0])] + list(others)
    return frozenset(fold(part) for name in written for part in _TOKEN.findall(name) if len(part) > 1) - _ROLES


def common_words(texts: Iterable[str], least: int = 2) -> frozenset[str]:
    """The words that at least so many of the texts have in small letters."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in {token for token in _TOKEN.findall(text) if token.islower()}:
            counts[word] = counts.get(word, 0) + 1
    return frozenset(fold(word) for word, count in counts.items() if count >= least)


def masked(text: str, known: Known) -> str:
    """With a gap in place of everything that tells of a person; greeting and signature are left out beforehand."""
    text = _URL_TAIL.sub(r"\1", text)
    parts, at = [], 0
    for start, end in _joined(_spans(text, known)):
        parts += [text[at:start], GAP]
        at = end
    return "".join([*parts, text[at:]])


def clean_sentences(text: str, known: Known) -> str:
    """Only the sentences that tell of nobody, in their lines; "" where none is left."""
    kept = [one for one in sentences(_URL_TAIL.sub(r"\1", text)) if is_clean(one, known)]
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()


def sentences(text: str) -> list[str]:
    """Each with the space behind it; together they are the text."""
    return [one for one in _SENTENCE.findall(text) if one]


def is_clean(sentence: str, known: Known) -> bool:
    return not _spans(sentence, known) and not _only_polite(sentence)


def _spans(text: str, known: Known) -> list[Span]:
    found = [(one.start, one.end) for one in find(text)]
    found += [match.span() for match in _ADDRESS.finditer(text)]
    found += [match.span() for match in _STARRED.finditer(text)]
    found += [match.span() for match in _HANDLE.finditer(text)]
    found += [match.span() for match in _STREET.finditer(text)]
    amounts = [match.span() for match in _AMOUNT.finditer(text)]
    numbers = [match.span() for match in _NUMBER.finditer(text)]
    found += [span for span in numbers if not _within(span, amounts)]
    found += _names(text, known)
    return sorted(span for span in found if not _public(text[span[0] : span[1]], known))


def _within(span: Span, others: list[Span]) -> bool:
    """Whether it lies in one of these, which are in order and apart."""
    at = bisect_right(others, span[0], key=itemgetter(0))
    return at > 0 and span[1] <= others[at - 1][1]


def _public(value: str, known: Known) -> bool:
    return len(value) > 3 and value in known.public and not value.isalpha()


def _names(text: str, known: Known) -> Iterator[Span]:
    links = [match.span() for match in _LINK.finditer(text)]
    start, at, before, particle = True, 0, False, None
    for match in _TOKEN.finditer(text):
        start = start or bool(_BREAK.search(text, at, match.start()))
        near = match.start() - at <= 1
        of_name = before and near and match[0].casefold() in _PARTICLES  # "Anna von …"
        named = not _within(match.span(), links) and (_is_name(match[0], start, known) or of_name)
        if named and particle and near:
            yield particle  # "von Essen"
        if named:
            yield match.span()
        particle = match.span() if match[0].casefold() in _PARTICLES else None
        start, at, before = False, match.end(), named


def _is_name(token: str, start: bool, known: Known) -> bool:
    """`start`: it begins a sentence, where every word has a capital."""
    word = fold(token)
    base = word.removesuffix("'s").removesuffix("’s")
    forms = {word, base, base.removesuffix("s"), *re.split(r"['’-]", word)}
    capital = token[0].isupper()
    named = bool(forms & known.names) or bool(forms & NAMES) or word.endswith(("sson", "ssons"))
    if named and (capital or not (forms & AMBIGUOUS or word in known.common or word in _function_words())):
        return True
    if not capital or word in _CAPITALS or base in _CAPITALS:
        return False
    if token.isupper() and len(token) <= 5:
        return False
    if word in _BEGINNINGS or word in known.common or word in _function_words():
        return False
    return start or not (len(token) > 3 and token in _words_of(known.public))


def _only_polite(sentence: str) -> bool:
    """A greeting or a closing, with a name or without."""
    words = [fold(word) for word in _TOKEN.findall(sentence)]
    head = any(" ".join(words[:size]) in _polite() for size in (1, 2, 3))
    return head and len(words) <= _CLOSING_MOST + 1


@lru_cache(8)
def _words_of(text: str) -> frozenset[str]:
    """The words of a text, and the parts of those with a dash or an apostrophe."""
    tokens = _TOKEN.findall(text)
    return frozenset(tokens).union(*(re.split(r"['’-]", token) for token in tokens))


@cache
def _polite() -> frozenset[str]:
    return frozenset(one for field in ("greeting", "closing", "thanking") for one in phrases.every(field))


@cache
def _function_words() -> frozenset[str]:
    languages = phrases.languages()
    return frozenset(word for code in ("sv", "en") for word in phrases.words(languages[code].common))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Those that touch or overlap, or have only a space between them, as one."""
    last: Span | None = None
    for start, end in spans:
        if last is not None and start <= last[1] + 1:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
