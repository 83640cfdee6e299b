"""`merge --suggest`: likely duplicates as a table, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ticketctl.content.terminal import as_json, line, width
from ticketctl.domain.reply.duplicates import Likely, likely
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.present.tables import Column, table
from ticketctl.usecases.session import Session

LATELY = timedelta(days=14)
COLUMNS = (
    Column("score", right=True),
    Column("merge", right=True),
    Column("into", right=True),
    Column("same", least=10),
    Column("subject", least=12, weight=2),
    Column("shared words", least=12, weight=2),
)


def suggest_merges(session: Session, numbers: Sequence[int]) -> None:
    """Says the likely duplicates of `numbers`, or of all; changes nothing. Raises NoSuchTicket."""
    with session.store.reading() as desk:
        for number in numbers:
            desk.get(number)
        tickets = list(_looked_at(session, desk))
    asked = set(numbers)
    found = [one for one in likely(tickets) if not asked or asked & {one.keep, one.merge}]
    if session.out.json:
        for one in found:
            session.out.say(as_json(_shape(one)))
    elif found:
        subjects = {ticket.number: ticket.subject for ticket in tickets}
        session.out.say("\n".join(table(COLUMNS, [_row(one, subjects) for one in found], width())))
        best = found[0]
        session.out.say(
            f"Nothing is merged. Look first, then for instance `ticketctl merge {best.merge} --into {best.keep}`"
        )
    else:
        session.out.say("No likely duplicates.")


def _looked_at(session: Session, desk: Desk) -> Iterator[Ticket]:
    """With texts: what is not closed, and what was closed lately."""
    yield from desk.find(ACTIVE, texts=True)
    closed = desk.find(Query(statuses=frozenset({"closed"}), spam=False), texts=True)
    yield from (one for one in closed if one.closed_at is not None and session.now - one.closed_at <= LATELY)


def _row(one: Likely, subjects: dict[int, str]) -> list[str]:
    return [
        f"{one.score:.2f}",
        f"#{one.merge}",
        f"#{one.keep}",
        ", ".join(one.same),
        line(subjects[one.merge]) or "(no subject)",
        line(", ".join(one.words)),
    ]


def _shape(one: Likely) -> dict[str, object]:
    return {
        "merge": one.merge,
        "into": one.keep,
        "score": one.score,
        "same": list(one.same),
        "words": list(one.words),
    }
