"""The living patterns of a desk: their tickets, per week, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.patterns.pattern import SHOWN, Pattern
from ticketctl.domain.patterns.ticket_text import belongs
from ticketctl.domain.patterns.weeks import week_of
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session


class Living(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern that is shown. `name` is "" where its customers share no word (all from one sender, or all texts are
    gone). `tickets` are the numbers of those that still are there, `weeks` all that came by ISO week ("2026-W47", the
    desk's own time), deleted ones too; `born` is when it was first found."""

    id: int
    name: str
    tickets: tuple[int, ...]
    weeks: Mapping[str, int]
    born: datetime | None

    @property
    def count(self) -> int:
        return sum(self.weeks.values())


def living(session: Session) -> tuple[Living, ...]:
    """In order of their number, as they were grouped last, without hidden ones and groups below 5. Reads outlines of
    all tickets, the archive's too."""
    with session.store.reading() as desk:
        return living_of(session, desk, {one.number: one for one in desk.find(archive=True)})


def living_of(session: Session, desk: Desk, tickets: Mapping[int, Ticket]) -> tuple[Living, ...]:
    """The same from tickets that are at hand: all there are, by number."""
    return tuple(shown(desk.patterns(), tickets, ZoneInfo(session.config.timezone)))


def shown(
    patterns: Iterable[Pattern], tickets: Mapping[int, Ticket], zone: ZoneInfo, least: int = SHOWN
) -> Iterator[Living]:
    """Those that have `least` of these tickets, deleted ones too."""
    for pattern in patterns:
        if not pattern.living or pattern.hidden:
            continue
        there = [tickets[number] for number in pattern.tickets if number in tickets]
        counted = [ticket for ticket in there if belongs(ticket)]
        weeks = Counter(week_of(began_at(ticket), zone) for ticket in counted) + Counter(pattern.gone)
        if weeks.total() >= least:
            yield Living(
                id=pattern.key,
                name=pattern.name,
                tickets=tuple(ticket.number for ticket in counted),
                weeks=dict(sorted(weeks.items())),
                born=pattern.born,
            )
