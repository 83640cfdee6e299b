"""Subjects: what remains of them without prefixes and tags, what their prefixes say, and the ticket number in them."""

from __future__ import annotations

import re
from functools import cache

from ticketctl.domain.text import phrases

THERE = re.compile(r"\[\s*(?:ticket\s*)?#\s*(\d{1,24})\s*\]", re.ASCII | re.IGNORECASE)
TAG = re.compile(r"\[\s*#(\d{1,9})\s*\]", re.ASCII)
PREFIX = re.compile(r"\s*([^\W\d_]{1,16})[ \u00a0]?(?:[\[(*^]?\d{1,4}[\])]?)?[ \u00a0]?[:：]")
LONGEST = 2000  # characters of a subject that are looked at
NO_SUBJECT = "(no subject)"  # of a ticket that a mail without subject and text opened


def base_subject(subject: str) -> str:
    """The subject on one line without reply and forward prefixes and without ticket tags; what it is about.

    >>> base_subject("SV: Re[2]: [#17] VB: Fakturan")
    'Fakturan'
    """
    rest = " ".join(TAG.sub(" ", subject).split())
    start = 0
    while match := PREFIX.match(rest, start):
        if phrases.fold(match[1]) not in _prefixes("reply") | _prefixes("forward"):
            break
        start = match.end()
    return rest[start:].strip()


def ticket_number(subject: str) -> int | None:
    """The number in our tag `[#123]`, or None."""
    match = TAG.search(subject[:LONGEST])
    return int(match[1]) if match else None


def numbers_there(subject: str) -> tuple[int, ...]:
    """The numbers in tags as other systems write them: `[#123]` (osTicket, FreeScout), `[Ticket#2026113000017]`
    (Zammad's setting "ticket_hook", in brackets)."""
    return tuple(int(found[1]) for found in THERE.finditer(subject[:LONGEST]))


def is_reply(subject: str) -> bool:
    """Whether the outermost prefix is that of a reply: `SV:`, `AW:`, `Re[2]:`."""
    return _outermost(subject) in _prefixes("reply")


def is_forward(subject: str, written: str = "") -> bool:
    """Whether the outermost prefix is that of a forward: `VB:`, `Fwd:`, `WG:`.

    Where two languages use a prefix differently (`VS` is a Finnish reply and a Norwegian forward), the language decides
    in which a client wrote above the older message (`written`); where that does not tell, it counts as both.
    """
    prefix = _outermost(subject)
    if prefix not in _prefixes("forward"):
        return False
    if not written or prefix not in _prefixes("reply"):
        return True
    spoken = [phrases.languages()[code] for code in phrases.spoken(written)]
    replied = [one for one in spoken if prefix in phrases.words(one.reply)]
    return not replied or any(prefix in phrases.words(one.forward) for one in spoken)


def _outermost(subject: str) -> str:
    match = PREFIX.match(" ".join(TAG.sub(" ", subject[:LONGEST]).split()))
    return phrases.fold(match[1]) if match else ""


@cache
def _prefixes(field: str) -> frozenset[str]:
    return frozenset(phrases.every(field))
