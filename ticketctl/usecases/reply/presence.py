"""Who is writing to a customer right now, so that two do not answer the same mail.

While the editor is open the store keeps a mark, whose name says ticket, agent and since when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import msgspec

from ticketctl.content.times import zone
from ticketctl.usecases.results import Objection
from ticketctl.usecases.session import Session

_STAMP = "%Y%m%dT%H%M%SZ"
_MARK = r"(?a)(\d{1,9}) (\S+) (\d{8}T\d{6}Z) [0-9a-f]+"


class Writing(msgspec.Struct, frozen=True):
    number: int
    agent: str
    since: datetime


@contextmanager
def writing(session: Session, number: int) -> Iterator[None]:
    """Others see that the actor writes on the ticket as long as the block lasts."""
    mark = f"{number} {quote(session.actor, safe='')} {session.now:{_STAMP}} {session.new_id()[:12]}"
    with session.store.mark(mark):
        yield


def writers(session: Session, number: int = 0) -> list[Writing]:
    """Who writes now, on that ticket or on any, the longest first."""
    found = []
    for mark in session.store.marks(_MARK):
        match = re.fullmatch(_MARK, mark)
        if match and number in (0, int(match[1])):
            at = datetime.strptime(match[3], _STAMP).replace(tzinfo=UTC)
            found.append(Writing(int(match[1]), unquote(match[2]), at))
    return sorted(found, key=lambda one: (one.since, one.number))


def objections(session: Session, others: Iterable[Writing]) -> list[Objection]:
    """That these write on the ticket now."""
    return [
        Objection(
            "someone_writing",
            "somebody else is writing",
            one.number,
            {"agent": one.agent, "since": since(session, one)},
        )
        for one in others
    ]


def since(session: Session, one: Writing) -> str:
    """ "10:02"; with the day where that is another."""
    here, now = (at.astimezone(zone(session.config.timezone)) for at in (one.since, session.now))
    return f"{here:{'%H:%M' if here.date() == now.date() else '%Y-%m-%d %H:%M'}}"
