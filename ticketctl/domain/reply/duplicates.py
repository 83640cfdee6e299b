"""Which tickets are likely one matter: the same sender, a like subject, a like question.

Comparing each with each would take hours on a large desk. Only those are compared that share a sender, a subject, a
whole text, or two rare words (blocking, as in record linkage: Christen, Data Matching, 2012, chapter 4).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import msgspec

from ticketctl.domain.reply.similarity import LONGEST, Texts, asked, cosine, shared, words
from ticketctl.domain.text.subjects import NO_SUBJECT, base_subject
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

LIKELY = 0.5  # what is less alike is not told
CONTENT, SUBJECT, SENDER = 0.55, 0.25, 0.20  # what each is worth; together 1
ALONE = 0.9  # the very same content, where nothing else is the same; less alike counts much less
NUMBERED = 0.9  # the same sender names the same order or invoice
OTHERWISE = 0.4  # the same sender names other numbers: two matters
REPEATED = 0.7  # the same sender, and the very same subject
_RARE = 25  # a word in more tickets than so tells nothing about two of them
_CROWD = 30  # of more tickets with one sender or subject, each is compared to the latest few only
_FEW = 5
# How customers name an order, invoice, receipt or booking with its number.
_CALLED = (
    r"\b(?:order\w*|beställning\w*|bestallning\w*|faktura\w*|invoices?|receipts?|kvitto\w*|bokning\w*|bookings?|köp\w*"
    r"|purchase|ocr|leverans\w*|delivery|paket\w*|parcel|rma|retur\w*|returns?|case|ärende\w*)"
)
_NUMBER = re.compile(_CALLED + r"[\s:#.]{0,3}(?:(?:nr|no|nummer|number|id)\b[\s:#.]{0,3})?([a-z]{0,4}-?\d{4,14})\b")
_PLAIN = re.compile(r"[a-z]{0,4}-?\d{4,14}")

Pair = tuple[int, int]


class Likely(msgspec.Struct, frozen=True, kw_only=True):
    """`merge` would go into `keep`: the one that is not closed, or the older. `score` is 0.5 … 1. `words` are shared,
    the weightiest first; `same` names what is alike: "sender", "number" (of an order, an invoice), "subject",
    "content"."""

    keep: int
    merge: int
    score: float
    words: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def likely(tickets: Iterable[Ticket]) -> list[Likely]:
    """Pairs of `tickets` (with texts) that may be one matter, the most likely first. At least one of a pair is not
    closed. Spam, merged tickets, and pairs that somebody has linked already are left out."""
    known = {one.number: one for one in tickets if not one.merged_into and not one.spam}
    texts = Texts({number: words(asked(ticket)) or words(ticket.subject) for number, ticket in known.items()})
    subjects = Texts({number: words(ticket.subject) for number, ticket in known.items()})
    named = {number: matter_numbers(ticket) for number, ticket in known.items()}
    found = [
        _judged(known[first], known[second], texts, subjects, named)
        for first, second in _candidates(known, texts, named)
        if _worth_a_look(known[first], known[second])
    ]
    return sorted((one for one in found if one.score >= LIKELY), key=lambda one: (-one.score, one.keep, one.merge))


def _worth_a_look(one: Ticket, other: Ticket) -> bool:
    linked = any(link.to == other.number for link in one.links) or any(link.to == one.number for link in other.links)
    return not linked and not (one.closed and other.closed)


def _judged(one: Ticket, other: Ticket, texts: Texts, subjects: Texts, named: Mapping[int, frozenset[str]]) -> Likely:
    keep, merge = sorted((one, other), key=lambda ticket: (ticket.closed, ticket.number))
    first, second = texts.vectors[one.number], texts.vectors[other.number]
    content = cosine(first, second)
    subject = cosine(subjects.vectors[one.number], subjects.vectors[other.number])
    sender = float(_sender(one) == _sender(other) != "")
    numbers, others = named[one.number], named[other.number]
    score = max(CONTENT * content + SUBJECT * subject + SENDER * sender, ALONE * content**2)
    if sender and numbers & others:
        score = max(score, NUMBERED)
    elif sender and numbers and others:
        score = min(score, OTHERWISE)
    elif sender and _subject(one) == _subject(other) != "":
        score = max(score, REPEATED)
    number = float(bool(numbers & others))
    alike = (("sender", sender), ("number", number), ("subject", subject), ("content", content))
    return Likely(
        keep=keep.number,
        merge=merge.number,
        score=round(score, 3),
        words=tuple(dict.fromkeys((*sorted(numbers & others), *shared(first, second)))),
        same=tuple(name for name, value in alike if value >= 0.5),
    )


def _candidates(known: dict[int, Ticket], texts: Texts, named: Mapping[int, frozenset[str]]) -> set[Pair]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, ticket in known.items():
        if sender := _sender(ticket):
            groups["sender", sender].append(number)
        groups["subject", _subject(ticket)].append(number)
        for one in named[number]:
            groups["number", one].append(number)
        groups["text", frozenset(texts.vectors[number])].append(number)
    pairs = {pair for group in groups.values() for pair in _pairs(sorted(group))}
    together: Counter[Pair] = Counter()
    for holders in texts.holders.values():
        if 2 <= len(holders) <= _RARE:
            together.update(combinations(sorted(holders), 2))
    return pairs | {pair for pair, count in together.items() if count >= 2}


def _pairs(group: Sequence[int]) -> Iterator[Pair]:
    if len(group) <= _CROWD:
        yield from combinations(group, 2)
        return
    for at, number in enumerate(group):
        yield from ((earlier, number) for earlier in group[max(0, at - _FEW) : at])


def _subject(ticket: Ticket) -> str:
    """Folded; "" where there is none."""
    return "" if ticket.subject == NO_SUBJECT else fold(base_subject(ticket.subject))


def _sender(ticket: Ticket) -> str:
    return ticket.requester.address


def matter_numbers(ticket: Ticket) -> frozenset[str]:
    """The numbers by which a customer names a matter: of its subject, of what was asked or forwarded, of its fields."""
    first = next((one for one in ticket.messages if one.direction == "in"), None)
    passed_on = first.whole[:LONGEST] if first else ""  # a forwarded question stands below what is newly written
    text = fold(f"{ticket.subject}\n{asked(ticket)[:LONGEST]}\n{passed_on}")
    fields = (fold(value) for value in ticket.fields.values())
    return frozenset(_NUMBER.findall(text)) | frozenset(one for one in fields if _PLAIN.fullmatch(one))
