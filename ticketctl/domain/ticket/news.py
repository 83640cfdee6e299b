"""What happened on an agent's tickets since they last looked.

A look is remembered as how many events of each ticket were there, not as an instant: a command that began before the
look and was committed after it carries the older time, and would be missed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from ticketctl.domain.ticket.mentions import MENTIONED
from ticketctl.domain.ticket.ticket import Event, Ticket


class Look(msgspec.Struct, frozen=True):
    """When an agent looked, how many events each ticket had that was theirs then, and how many notes on each ticket had
    named them."""

    at: datetime
    seen: dict[str, int] = {}
    named: dict[str, int] = {}


class News(msgspec.Struct, frozen=True):
    """What others did on a ticket, in order."""

    ticket: Ticket
    events: tuple[Event, ...]


def news(
    agent: str, tickets: Iterable[Ticket], last: Look | None, now: datetime, covered: Collection[str] = ()
) -> tuple[list[News], Look]:
    """What others did since `last` on tickets that are or were the agent's, or that they watch or were named on, and
    the look to remember. On a ticket that has become theirs meanwhile, all since it was given to them. `covered` are
    those who are away and for whom they stand in: their tickets are the agent's too."""
    owners = {agent, *covered}
    last = last or Look(now)
    found = []
    counts, named = {}, {}
    for ticket in tickets:
        key = str(ticket.number)
        theirs = ticket.assignee in owners or agent in ticket.watchers
        calls = [event for event in ticket.events if event.what == MENTIONED and event.after == agent]
        if calls:
            named[key] = len(calls)
        if theirs:
            counts[key] = len(ticket.events)
        if theirs or key in last.seen:
            start = last.seen[key] if key in last.seen else _begun(ticket, agent)
            fresh = [event for event in ticket.events[start:] if _concerns(event, agent)]
        else:
            fresh = [event for event in calls[last.named.get(key, 0) :] if event.actor != agent]
        if fresh:
            found.append(News(ticket, tuple(fresh)))
    return found, Look(now, counts, named)


def _concerns(event: Event, agent: str) -> bool:
    return event.actor != agent and is_news(event) and (event.what != MENTIONED or event.after == agent)


def _begun(ticket: Ticket, agent: str) -> int:
    """The index of the event that made it theirs, or with which they began to watch it; 0 where none tells."""
    begun = [
        at
        for at, event in enumerate(ticket.events)
        if event.what in ("assigned", "watched by") and event.after == agent
    ]
    return begun[-1] if begun else 0


def is_news(event: Event) -> bool:
    """That a reply was sent is what its writer expects; that it was not is news. Who watches is nobody's business."""
    if event.what in ("watched by", "no longer watched by"):
        return False
    return not (event.what.startswith("delivery ") and event.after.partition(" ")[0] == "sent")
