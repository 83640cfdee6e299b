"""Likely duplicates, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec

from ticketctl.domain.reply.duplicates import Likely, likely
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

LATELY = timedelta(days=14)


class LikelyDuplicate(msgspec.Struct, frozen=True):
    """Two tickets that may be one matter; `subject` is that of the one to merge away."""

    pair: Likely
    subject: str


def suggest_merges(session: Session, numbers: Sequence[int] = ()) -> tuple[LikelyDuplicate, ...]:
    """The likely duplicates of `numbers`, or of all, the likeliest first; changes nothing. Raises NoSuchTicket."""
    with session.store.reading() as desk:
        for number in numbers:
            desk.get(number)
        tickets = list(_looked_at(session, desk))
    asked = set(numbers)
    subjects = {ticket.number: ticket.subject for ticket in tickets}
    found = [one for one in likely(tickets) if not asked or asked & {one.keep, one.merge}]
    return tuple(LikelyDuplicate(one, subjects[one.merge]) for one in found)


def _looked_at(session: Session, desk: Desk) -> Iterator[Ticket]:
    """With texts: what is not closed, and what was closed lately."""
    yield from desk.find(ACTIVE, texts=True)
    closed = desk.find(Query(statuses=frozenset({"closed"}), spam=False), texts=True)
    yield from (one for one in closed if one.closed_at is not None and session.now - one.closed_at <= LATELY)
