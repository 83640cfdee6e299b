"""What of other customers must not stand in a reply: addresses, full names and numbers of the other tickets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from ticketctl.domain.text import phrases
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

_ROLES = frozenset(
    phrases.words(
        "support | info | team | service | kundtjänst | kundservice | customer | order | orders | faktura | fakturor"
        " | ekonomi | noreply | admin | butik | sales | sälj | reception | post | mail | office | kontakt | contact"
        " | the | ab | hb"
    )
)
_SHARED_DOMAINS = frozenset(
    phrases.words(
        "gmail.com | googlemail.com | hotmail.com | hotmail.se | outlook.com | live.se | live.com | msn.com | yahoo.com"
        " | yahoo.se | icloud.com | me.com | telia.com | bredband.net | comhem.se | swipnet.se | spray.se | proton.me"
        " | protonmail.com | gmx.de | gmx.net | aol.com"
    )
)


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """What must not be told to somebody else: the words of another ticket by which a customer is known."""

    ticket: int
    words: tuple[str, ...]


def others_of(ticket: Ticket, active: Iterable[Ticket], ours: Collection[str] = ()) -> tuple[Other, ...]:
    """By which words the customers of the other active tickets are known: addresses, full names, numbers in fields.
    Left out is what this ticket holds itself, linked tickets, people of the same company, and what is in `ours`
    (addresses and names, as they are written)."""
    mine = _people(ticket)
    domains = {address.rpartition("@")[2] for address, _ in mine} - _SHARED_DOMAINS - {""}
    linked = {ticket.number, ticket.merged_into, *(link.to for link in ticket.links)}
    here = _said(ticket)
    found = []
    for other in active:
        if other.number in linked or other.spam:
            continue
        words = [
            word
            for address, name in _people(other)
            if address.rpartition("@")[2] not in domains
            for word in (address, _full_name(name))
        ]
        words += [value for value in other.fields.values() if _is_number(value)]
        fresh = [one for one in dict.fromkeys(words) if one and one not in ours and fold(one) not in here]
        if fresh:
            found.append(Other(ticket=abs(other.number), words=tuple(fresh)))
    return tuple(found)


def as_stranger(number: int, party: Ticket) -> Ticket:
    """Another requester of the same ticket, of whom nothing must be told: `number` is the ticket they came with."""
    return msgspec.structs.replace(party, number=-number, links=(), fields={})


def told_of(text: str, others: Sequence[Other]) -> Iterator[tuple[int, str, int]]:
    """The other ticket, the word by which its customer is known, and where that stands in `text`; each word once."""
    told: set[str] = set()
    for other in others:
        for word in other.words:
            at = _whole(text, word) if word not in told else -1
            if at >= 0:
                told.add(word)
                yield other.ticket, word, at


def _people(ticket: Ticket) -> list[tuple[str, str]]:
    return [(one.address, one.name) for one in (ticket.requester, *ticket.participants)]


def _said(ticket: Ticket) -> str:
    """All that is in the ticket, folded: what the customer told us themselves is no secret from them."""
    texts = [ticket.subject, *ticket.fields.values()]
    for address, name in _people(ticket):
        texts += [address, name]
    for message in ticket.messages:
        if message.direction != "internal" and message.delivery != "draft":
            texts += [message.subject, message.text, message.whole, str(message.sender), *map(str, message.cc)]
    return fold("\n".join(texts))


def _full_name(name: str) -> str:
    """Two words or more with capitals, none of them an office's; "" for another."""
    last, comma, first = unicodedata.normalize("NFC", name).partition(",")
    words = [*first.split(), *last.split()] if comma else last.split()
    person = len(words) >= 2 and all(len(one.strip(".")) > 1 and one[0].isupper() for one in words)
    return " ".join(words) if person and not {fold(one) for one in words} & _ROLES else ""


def _is_number(value: str) -> bool:
    """An order or customer number: at least five characters without a space, digits among them."""
    return len(value) >= 5 and not re.search(r"\s", value) and sum(map(str.isdigit, value)) >= 4


def _whole(text: str, word: str) -> int:
    """Where `word` stands by itself; -1 where it is only part of something longer."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not (before.isalnum() or (before in ("@", "-", ".") and before)) and not (after.isalnum() or after == "@"):
            return at
        at = text.find(word, at + 1)
    return -1
