"""What patterns remember of tickets that are deleted, anonymised or erased goes with them; they stay counted.

Whoever deletes a ticket or takes texts out of it calls `forget` in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ticketctl.domain.patterns.grouping import LEAST
from ticketctl.domain.patterns.likeness import Features
from ticketctl.domain.patterns.naming import CUSTOMERS
from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.patterns.weeks import week_of
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.group import Reader
from ticketctl.usecases.session import Session


def forget(
    session: Session, desk: Desk, changes: Iterable[tuple[Ticket, Ticket | None]], *, names: Collection[str] = ()
) -> None:
    """`changes` are tickets as they were, with their texts, and as they are now; None where they are deleted. What
    words that are gone gave to patterns goes; a name goes too, until the next grouping finds another, where fewer than
    two other customers used one of its words; and one that a person gave goes where it has one of `names` in it (parts
    of names and addresses of who is erased). Numbers of deleted tickets go, and count by week only."""
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
    for was, now in changes:
        home, words = homes.get(was.number, 0), set(reader.wording(now).words.values()) if now else set[str]()
        for key in named.get(was.number, ()):
            known[key] = _unvouched(known[key], was.number, words)
        if home:
            old = reader.document(was).features
            new = reader.document(now).features if now else {}
            vocabulary = _recounted(vocabulary, old, new)
            known[home] = _retold(known[home], old, new)
        if home and now is None:
            known[home] = _left(known[home], was.number, week_of(began_at(was), zone))
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


def _unvouched(pattern: Pattern, number: int, words: Collection[str]) -> Pattern:
    """Its name without that ticket's support, for the words that it has no more."""
    left = tuple(
        one if one.word in words else replace(one, tickets=tuple(other for other in one.tickets if other != number))
        for one in pattern.words
    )
    if any(len(one.tickets) < CUSTOMERS for one in left):
        return replace(pattern, words=(), top=())
    return replace(pattern, words=left)


def _retold(pattern: Pattern, old: Features, new: Features) -> Pattern:
    """With what `new` gives to it in place of what `old` gave."""
    if old == new:
        return pattern
    change = {term: new.get(term, 0.0) - old.get(term, 0.0) for term in {**old, **new}}
    sums = {**dict.fromkeys(new, 0.0), **pattern.terms}
    left = {term: round(weight + change.get(term, 0.0), 4) for term, weight in sums.items()}
    terms = {term: weight for term, weight in left.items() if weight > LEAST}
    return replace(pattern, terms=terms, square=0.0, top=tuple(term for term in pattern.top if term in terms))


def _left(pattern: Pattern, number: int, week: str) -> Pattern:
    tickets = tuple(one for one in pattern.tickets if one != number)
    return replace(pattern, tickets=tickets, gone={**pattern.gone, week: pattern.gone.get(week, 0) + 1})


def _recounted(vocabulary: Vocabulary, old: Features, new: Features) -> Vocabulary:
    counts = dict(vocabulary.counts)
    for term in old.keys() ^ new.keys():
        counts[term] = counts.get(term, 0) + (1 if term in new else -1)
    kept = {term: count for term, count in counts.items() if count > 0}
    return replace(vocabulary, counts=kept, total=max(0, vocabulary.total - bool(old) + bool(new)))


def _says(given: str, names: Collection[str]) -> bool:
    folded = given.casefold()
    return any(name.casefold() in folded for name in names if name)
