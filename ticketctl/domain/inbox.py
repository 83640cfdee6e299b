"""What happened on an agent's tickets since they last looked.

A look is remembered as how many events of each ticket were there, not as an instant: a command that began before the
look and was committed after it carries the older time, and would be missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ticketctl.domain.ticket import Event, Ticket


class Look(msgspec.Struct, frozen=True):
    """When an agent looked, and how many events each ticket had that was theirs then."""

    at: datetime
    seen: dict[str, int] = {}


class News(msgspec.Struct, frozen=True):
    """What others did on a ticket, in order."""

    ticket: Ticket
    events: tuple[Event, ...]


def news(agent: str, tickets: Iterable[Ticket], last: Look | None, now: datetime) -> tuple[list[News], Look]:
    """What others did since `last` on tickets that are or were the agent's, and the look to remember. On a ticket that
    has become theirs meanwhile, all since it was given to them."""
    seen = last.seen if last else {}
    found = []
    counts = {}
    for ticket in tickets:
        key = str(ticket.number)
        if ticket.assignee != agent and key not in seen:
            continue
        start = seen[key] if key in seen else _given(ticket, agent)
        fresh = tuple(event for event in ticket.events[start:] if event.actor != agent and not _expected(event))
        if fresh:
            found.append(News(ticket, fresh))
        if ticket.assignee == agent:
            counts[key] = len(ticket.events)
    return found, Look(now, counts)


def _given(ticket: Ticket, agent: str) -> int:
    """The index of the event that made it theirs; 0 where none tells."""
    given = [at for at, event in enumerate(ticket.events) if event.what == "assigned" and event.after == agent]
    return given[-1] if given else 0


def _expected(event: Event) -> bool:
    """That a reply was sent is what its writer expects; that it was not is news."""
    return event.what.startswith("delivery ") and event.after.partition(" ")[0] == "sent"
