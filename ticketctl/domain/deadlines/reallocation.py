"""Who has too much, and which tickets could go to whom so that nobody has.

What counts is a ticket that waits for us. Somebody has too much with MORE tickets above the fair share and a quarter
above it; whoever is away has too much with any. What goes first is what its owner has not answered yet, the youngest
first: who has begun a matter goes on with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from ticketctl.domain.deadlines.work_order import TicketInQueue

MORE, FACTOR = 3, 1.25
MOST = 20  # proposals at once: somebody has to read them


class Proposal(msgspec.Struct, frozen=True):
    """A ticket could go from `giver` to `receiver`."""

    ticket: TicketInQueue
    giver: str
    receiver: str


class Reallocation(msgspec.Struct, frozen=True):
    """`loads` counts what waits for us by agent, `too_much` are those who have; `fair` is the share of each."""

    loads: Mapping[str, int]
    too_much: tuple[str, ...]
    fair: float
    proposals: tuple[Proposal, ...] = ()


def reallocation(active: Iterable[TicketInQueue], here: Sequence[str], away: Collection[str]) -> Reallocation:
    """`here` are those who may be given tickets today, `away` those who are not there."""
    own: dict[str, list[TicketInQueue]] = {name: [] for name in (*here, *away)}
    for one in active:
        if one.ticket.assignee in own and not one.asleep:
            own[one.ticket.assignee].append(one)
    loads = {name: len(tickets) for name, tickets in own.items()}
    fair = sum(loads.values()) / len(here) if here else 0.0
    over = [name for name in here if loads[name] >= fair + MORE and loads[name] > FACTOR * fair]
    over += [name for name in away if loads[name] and here]
    now = {name: loads[name] for name in here}
    proposals: list[Proposal] = []
    for name in sorted(over, key=lambda one: -loads[one]):
        limit = 0 if name in away else int(fair + 0.5)
        proposals += _given(name, own[name], limit, now, MOST - len(proposals))
    return Reallocation(loads, tuple(over), fair, tuple(proposals))


def _given(name: str, own: list[TicketInQueue], limit: int, now: dict[str, int], most: int) -> list[Proposal]:
    """What that agent gives away until `limit` are left; `now` is who has how many by then."""
    found: list[Proposal] = []
    left = len(own)
    for one in sorted(own, key=lambda one: (_begun_by(one, name), -one.began.timestamp())):
        others = [other for other in now if other != name]
        if left <= limit or len(found) >= most or not others:
            break
        receiver = min(others, key=lambda other: (now[other], other))
        if now[receiver] + 1 > left - 1 and name in now:
            break
        found.append(Proposal(one, name, receiver))
        now[receiver] += 1
        left -= 1
        if name in now:
            now[name] -= 1
    return found


def _begun_by(one: TicketInQueue, name: str) -> bool:
    return one.promised is not None or any(said.is_reply and said.author == name for said in one.ticket.messages)
