"""Data that snippets ask customers for and that nobody uses, as far as fields and the tickets' history tell: whoever
reads it in the mail leaves no trace there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket

FEWEST = 3  # mails that asked: fewer say nothing
PATIENCE = timedelta(days=14)  # the customer's time to answer, and ours to fill in the field

Kind = Literal["order", "customer_number", "serial", "personnummer", "birth", "phone", "address", "screenshot"]

# Kind → how a question names it, in Swedish and English.
_NAMED: dict[Kind, re.Pattern[str]] = {
    "order": re.compile(r"\b(order(number|nummer|numret|nr)|order (number|no|id)|beställningsn(ummer|umret|r))\b"),
    "customer_number": re.compile(r"\b(kundn(ummer|umret|r)|customer (number|no|id))\b"),
    "serial": re.compile(r"\b(serien(ummer|umret|r)|serial (number|no))\b"),
    "personnummer": re.compile(
        r"\b(personn(ummer|umret|r)|personal (identity|identification) number|social security number)\b"
    ),
    "birth": re.compile(r"\b(födelsedatum|date of birth|birth ?date)\b"),
    "phone": re.compile(
        r"\b((mobil|telefon)n(ummer|umret|r)|(tele)?phone number|mobile number|number (we|where we) can (call|reach))\b"
    ),
    "address": re.compile(
        r"(?<!-)\b((post|hem|leverans|bostads|faktura)adress(en)?|din adress|er adress"
        r"|(postal|home|delivery|shipping|billing|street|your) address)\b"
    ),
    "screenshot": re.compile(r"\b(skärmbild(en|er)?|skärmdump(en|ar)?|screen ?shots?)\b"),
}
# Kind → what the name of a field has that holds it, without spaces, - and _.
_FIELDS: dict[Kind, tuple[str, ...]] = {
    "order": ("order", "beställning", "bestallning"),
    "customer_number": ("kundnummer", "kundnr", "customernumber", "customerno", "customerid"),
    "serial": ("serienummer", "serienr", "serial"),
    "personnummer": ("personnummer", "personnr", "socialsecurity", "personalid", "ssn"),
    "birth": ("födelse", "fodelse", "birth"),
    "phone": ("telefon", "phone", "mobil"),
    "address": ("adress", "address"),
    "screenshot": (),
}
_ASKS = re.compile(
    r"\?|\b(ange|skriv|skicka|uppge|bifoga|lämna|meddela|svara med|behöver|hjälper"
    r"|send|give|provide|include|attach|enter|reply with|tell us|let us know|need|helps)\b"
)
_REFUSES = re.compile(r"\b(aldrig|inte|inget|inga|never|not|don['’]t|no need)\b")
_TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)
_ENDS = re.compile(r"(?<=[.!?:])\s+|\n\s*\n|\n\s*(?=[-*•])")


class SnippetText(msgspec.Struct, frozen=True):
    """As its file is written. A partial, whose name begins with _, prints fields; it is no mail of its own."""

    name: str
    text: str


class UnusedData(msgspec.Struct, frozen=True):
    """The snippet asked for it in so many `mails`. `why`: no declared field holds it; or its `field` was set on none of
    those tickets afterwards; or, of a screenshot, no file came afterwards."""

    snippet: str
    data: Kind
    mails: int
    why: Literal["no_field", "never_set", "never_sent"]
    field: str = ""


def unused_data(
    snippets: Iterable[SnippetText], fields: Collection[str], tickets: Iterable[Ticket], since: datetime, now: datetime
) -> tuple[UnusedData, ...]:
    """From since to now; mails of the last PATIENCE are too young to count. `fields` are the declared ones."""
    wanted = _wanted(snippets)
    asked: Counter[tuple[str, Kind]] = Counter()
    came: set[tuple[str, Kind]] = set()
    for ticket in tickets:
        for message in ticket.messages:
            if not (_sent(message) and since <= message.at <= now - PATIENCE):
                continue
            name = snippet_of(message.why)
            for kind in wanted.get(name, ()):
                asked[name, kind] += 1
                if _came(ticket, message.at, kind, holding(kind, fields)):
                    came.add((name, kind))
    return tuple(_data(fields, asked, came))


def asks(text: str) -> frozenset[Kind]:
    """What a snippet asks the customer for: its sentences that name such data and ask, and do not warn of it."""
    sentences = [" ".join(one.split()).casefold() for one in _ENDS.split(_TAGS.sub("", text))]
    asking = [one for one in sentences if _ASKS.search(one) and not _REFUSES.search(one)]
    return frozenset(kind for kind, named in _NAMED.items() if any(named.search(one) for one in asking))


def holding(kind: Kind, fields: Iterable[str]) -> tuple[str, ...]:
    """The fields whose name says that they hold it; an e-mail address is no address."""
    found = []
    for name in fields:
        plain = re.sub(r"[\s_-]", "", name.casefold())
        mail = kind == "address" and ("mail" in plain or "epost" in plain)
        if not mail and any(word in plain for word in _FIELDS[kind]):
            found.append(name)
    return tuple(found)


def _wanted(snippets: Iterable[SnippetText]) -> dict[str, frozenset[Kind]]:
    """A snippet's languages are one snippet."""
    found: dict[str, frozenset[Kind]] = {}
    for one in snippets:
        if not one.name.startswith("_"):
            found[one.name] = found.get(one.name, frozenset()) | asks(one.text)
    return found


def _sent(message: Message) -> bool:
    return message.is_reply or message.kind == "automatic"


def _came(ticket: Ticket, after: datetime, kind: Kind, fields: tuple[str, ...]) -> bool:
    """Whether what was asked for was seen on the ticket afterwards."""
    if kind == "screenshot":
        return any(one.from_customer and one.attachments and one.at > after for one in ticket.messages)
    names = {f"field {name}" for name in fields}
    return any(one.what in names and one.after and one.at >= after for one in ticket.events)


def _data(
    declared: Collection[str], asked: Counter[tuple[str, Kind]], came: set[tuple[str, Kind]]
) -> Iterator[UnusedData]:
    for (name, kind), mails in sorted(asked.items()):
        if mails < FEWEST or (name, kind) in came:
            continue
        fields = holding(kind, declared)
        if kind == "screenshot":
            yield UnusedData(name, kind, mails, "never_sent")
        elif fields:
            yield UnusedData(name, kind, mails, "never_set", fields[0])
        else:
            yield UnusedData(name, kind, mails, "no_field")
