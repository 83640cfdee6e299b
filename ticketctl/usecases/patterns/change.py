"""What people do to patterns: name, merge, split, hide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from ticketctl.domain.patterns.grouping import Document, Grouping
from ticketctl.domain.patterns.pattern import SHOWN, Pattern, Vocabulary
from ticketctl.domain.ticket.query import Query
from ticketctl.errors import NextStep, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.group import Run, grouped, keep
from ticketctl.usecases.patterns.overview import named
from ticketctl.usecases.session import Session

LONGEST = 60  # characters of a name
CLOSER = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4)  # how much more alike the parts of a pattern must be, the least that parts it

Patterns = dict[int, Pattern]


class Renamed(msgspec.Struct, frozen=True):
    """What became of patterns: each as it is now, `id` the one that was asked for; `before` is its name before."""

    id: int
    before: str
    patterns: tuple[Pattern, ...]


class NamePattern(msgspec.Struct, frozen=True):
    """`name` "": the one that is found by itself."""

    id: int
    name: str


def name_pattern(session: Session, request: NamePattern, *, keep: bool = True) -> Renamed:
    """Raises Usage for a name that is too long, Refused for that of another pattern, NoSuchTicket."""
    session.must("patterns name", keep=keep)
    name = " ".join(request.name.split())
    if len(name) > LONGEST:
        raise Usage("a name has at most {most} characters", code="long_name", most=LONGEST)

    def decide(known: Patterns, _work: Run) -> list[Pattern]:
        pattern = named(known, request.id)
        others = {one.name.casefold(): one.key for one in known.values() if one.living and one.key != pattern.key}
        if name.casefold() in others:
            raise Refused(
                "P{other} is called that already", code="name_taken", other=others[name.casefold()]
            )  # fmt: skip
        return [replace(pattern, given=name)]

    return _changed(session, request.id, decide, keep_it=keep)


class MergePatterns(msgspec.Struct, frozen=True):
    """`others` become part of `id`."""

    id: int
    others: tuple[int, ...]


def merge_patterns(session: Session, request: MergePatterns, *, keep: bool = True) -> Renamed:
    """The numbers of the others then mean the one that they are in. Raises Usage, NoSuchTicket."""
    session.must("patterns merge", keep=keep)

    def decide(known: Patterns, work: Run) -> list[Pattern]:
        into = named(known, request.id)
        others = {one.key: one for one in (named(known, number) for number in request.others)}
        if not others or into.key in others:
            raise Usage("name at least two patterns, each once", code="not_two_patterns")
        gone = [replace(Pattern(key=key), born=one.born, into=into.key) for key, one in others.items()]
        return [_renamed(work, known, _joined([into, *others.values()]), gone), *gone]

    return _changed(session, request.id, decide, keep_it=keep)


def _joined(patterns: Sequence[Pattern]) -> Pattern:
    """The first with all that the others have."""
    terms: dict[str, float] = {}
    gone: dict[str, int] = {}
    for one in patterns:
        for term, weight in one.terms.items():
            terms[term] = terms.get(term, 0.0) + weight
        for week, count in one.gone.items():
            gone[week] = gone.get(week, 0) + count
    tickets = sorted({number for one in patterns for number in one.tickets})
    return replace(patterns[0], tickets=tuple(tickets), terms=terms, square=0.0, gone=gone, hidden=False)


class SplitPattern(msgspec.Struct, frozen=True):
    """`tickets` become a pattern of their own; where none are given, those that are more alike among themselves."""

    id: int
    tickets: tuple[int, ...] = ()


def split_pattern(session: Session, request: SplitPattern, *, keep: bool = True) -> Renamed:
    """The largest part keeps the number. Raises Refused where it has no parts of SHOWN tickets, NoSuchTicket."""
    session.must("patterns split", keep=keep)

    def decide(known: Patterns, work: Run) -> list[Pattern]:
        pattern = named(known, request.id)
        documents = _documents(work, pattern)
        parts = [list(request.tickets)] if request.tickets else _parts(documents, work.before)
        _must_be_parts(pattern, parts)
        first = max(key for key in (*known, work.before.last)) + 1
        fresh = [_part(Pattern(key=at, born=session.now), part, documents) for at, part in enumerate(parts, first)]
        work.before = replace(work.before, last=first + len(parts) - 1)
        moved = {number for part in parts for number in part}
        rest = _part(pattern, [one for one in pattern.tickets if one not in moved], documents)
        changed: list[Pattern] = []
        for one in (rest, *fresh):
            changed.append(_renamed(work, known, one, changed))
        return changed

    return _changed(session, request.id, decide, keep_it=keep)


def _documents(work: Run, pattern: Pattern) -> dict[int, Document]:
    members = work.desk.find(Query(numbers=frozenset(pattern.tickets)), archive=True, texts=True)
    return {ticket.number: work.reader.document(ticket) for ticket in members}


def _parts(documents: Mapping[int, Document], vocabulary: Vocabulary) -> list[list[int]]:
    """The parts beside the largest one, each of SHOWN tickets or more; none where there are no parts."""
    every = list(documents.values())
    for closer in CLOSER:
        grouping = Grouping((), replace(vocabulary, seen=0), closer=closer)
        grouping.learn(every)
        large = sorted((one.tickets for one in grouping.groups.values()), key=len, reverse=True)
        parts = [part for part in large if len(part) >= SHOWN]
        if len(parts) > 1:
            return parts[1:]
    return []


def _must_be_parts(pattern: Pattern, parts: Sequence[Sequence[int]]) -> None:
    for part in parts:
        strange = sorted(set(part) - set(pattern.tickets))
        if strange:
            raise Usage("#{number} is not in P{id}", code="not_in_pattern", number=strange[0], id=pattern.key)
    if not parts or any(len(part) < SHOWN for part in parts):
        raise Refused(
            "P{id} is not split: no part of at least {least} tickets is more similar inside than to the rest",
            code="no_parts",
            id=pattern.key,
            least=SHOWN,
            next_step=NextStep("patterns", then="lists them"),
        )


def _part(pattern: Pattern, numbers: Sequence[int], documents: Mapping[int, Document]) -> Pattern:
    terms: dict[str, float] = {}
    for number in numbers:
        for term, weight in documents[number].features.items() if number in documents else ():
            terms[term] = terms.get(term, 0.0) + weight
    return replace(pattern, tickets=tuple(numbers), terms=terms, square=0.0, top=())


class HidePattern(msgspec.Struct, frozen=True):
    """With `show` it is shown again."""

    id: int
    show: bool = False


def hide_pattern(session: Session, request: HidePattern, *, keep: bool = True) -> Renamed:
    """New tickets still join it. Raises NoSuchTicket."""
    session.must("patterns hide", keep=keep)

    def decide(known: Patterns, _work: Run) -> list[Pattern]:
        return [replace(named(known, request.id), hidden=not request.show)]

    return _changed(session, request.id, decide, keep_it=keep)


# --- inside ---


def _changed(
    session: Session, number: int, decide: Callable[[Patterns, Run], list[Pattern]], *, keep_it: bool
) -> Renamed:
    with session.store.transaction(keep=keep_it) as desk:
        known = _known(session, desk)
        before = named(known, number).name
        work = Run(session, desk, known, desk.vocabulary())
        changed = decide(known, work)
        for pattern in changed:
            desk.save_pattern(pattern)
        desk.set_vocabulary(work.before)
    return Renamed(number, before, tuple(changed))


def _known(session: Session, desk: Desk) -> Patterns:
    """All groups, with what has come since the last time."""
    found = grouped(session, desk)
    if found.vocabulary is not found.before:
        keep(desk, found)
    return found.patterns


def _renamed(work: Run, known: Patterns, pattern: Pattern, others: Iterable[Pattern]) -> Pattern:
    """With the name that its tickets give it, where nobody gave it one; and with the terms that are stored."""
    patterns = {**known, **{one.key: one for one in others}, pattern.key: pattern}
    grouping = Grouping([pattern], work.before)
    group = grouping.groups[pattern.key]
    fresh = work.named(grouping, patterns, group)
    return replace(fresh, terms=grouping.kept(group), square=round(group.square, 3))
