"""What patterns remember of tickets that are deleted, anonymised or erased goes with them; their number stays counted.

Whoever deletes a ticket or takes its texts away calls `forget` before, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ticketctl.domain.patterns.grouping import LEAST
from ticketctl.domain.patterns.likeness import Features
from ticketctl.domain.patterns.naming import CUSTOMERS
from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.group import Reader
from ticketctl.usecases.patterns.view import week_of
from ticketctl.usecases.session import Session


def forget(
    session: Session, desk: Desk, tickets: Iterable[Ticket], *, deleted: bool, names: Collection[str] = ()
) -> None:
    """`tickets` as they are before, with their texts. What their words gave to patterns goes; a name goes too, until
    the next grouping finds another, where fewer than two other customers used one of its words; and one that a person
    gave goes where it has one of `names` in it (parts of names and addresses of who is erased). Where the tickets are
    `deleted`, their numbers go too, and count by week only."""
    known = {pattern.key: pattern for pattern in desk.patterns()}
    if not known:
        return
    reader, zone, vocabulary = Reader(session), ZoneInfo(session.config.timezone), desk.vocabulary()
    homes = {number: pattern.key for pattern in known.values() for number in pattern.tickets}
    named = _vouched(known.values())
    before = dict(known)
    for key, pattern in before.items():
        if _says(pattern.given, names):
            known[key] = replace(pattern, given="")
    for ticket in tickets:
        home = homes.get(ticket.number, 0)
        for key in named.get(ticket.number, ()):
            known[key] = _unvouched(known[key], ticket.number)
        if home:
            features = reader.document(ticket).features
            vocabulary = _uncounted(vocabulary, features)
            known[home] = _less(known[home], features)
        if home and deleted:
            known[home] = _left(known[home], ticket.number, week_of(began_at(ticket), zone))
    for key, pattern in known.items():
        if pattern != before[key]:
            desk.save_pattern(pattern)
    desk.set_vocabulary(vocabulary)


def _vouched(patterns: Iterable[Pattern]) -> dict[int, set[int]]:
    """Ticket → the patterns in whose names it has a word."""
    found: dict[int, set[int]] = {}
    for pattern in patterns:
        for number in (number for word in pattern.words for number in word.tickets):
            found.setdefault(number, set()).add(pattern.key)
    return found


def _unvouched(pattern: Pattern, number: int) -> Pattern:
    words = tuple(replace(word, tickets=tuple(one for one in word.tickets if one != number)) for word in pattern.words)
    if any(len(word.tickets) < CUSTOMERS for word in words):
        return replace(pattern, words=(), top=())
    return replace(pattern, words=words)


def _less(pattern: Pattern, features: Features) -> Pattern:
    """Without what these features gave to it."""
    left = {term: round(weight - features.get(term, 0.0), 4) for term, weight in pattern.terms.items()}
    terms = {term: weight for term, weight in left.items() if weight > LEAST}
    return replace(pattern, terms=terms, square=0.0, top=tuple(term for term in pattern.top if term in terms))


def _left(pattern: Pattern, number: int, week: str) -> Pattern:
    tickets = tuple(one for one in pattern.tickets if one != number)
    return replace(pattern, tickets=tickets, gone={**pattern.gone, week: pattern.gone.get(week, 0) + 1})


def _uncounted(vocabulary: Vocabulary, features: Features) -> Vocabulary:
    counts = dict(vocabulary.counts)
    for term in features:
        left = counts.get(term, 0) - 1
        if left > 0:
            counts[term] = left
        else:
            counts.pop(term, None)
    return replace(vocabulary, counts=counts, total=max(0, vocabulary.total - bool(features)))


def _says(given: str, names: Collection[str]) -> bool:
    folded = given.casefold()
    return any(name.casefold() in folded for name in names if name)
