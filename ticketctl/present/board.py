"""The board: a desk's state at this moment, on one screen of 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

import msgspec

from ticketctl.domain.order import Owner, Standing, State
from ticketctl.domain.ticket import Ticket
from ticketctl.present.shapes import instant
from ticketctl.present.tables import Column, table
from ticketctl.present.terminal import columns, line, shortened
from ticketctl.present.times import age, ahead, local

SHOWN = 5


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """`pending` mails wait in the outbox, `deferred` of them because a server did not take them yet, the oldest queued
    at `since`; `stuck` ones (notifications, reports) were not delivered; `tickets` are those whose last reply was
    not."""

    pending: int
    deferred: int = 0
    since: datetime | None = None
    stuck: int
    tickets: tuple[Ticket, ...]


def board_json(state: State, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    """Numbers of tickets per group, in order of urgency; counts per owner (null: nobody)."""
    return {
        "at": instant(now),
        "active": len(state.all),
        "unopened": _numbers(state.unopened),
        "unassigned": _numbers(state.unassigned),
        "overdue": _numbers(state.overdue),
        "waking": _numbers(state.waking),
        "owner_away": _numbers(state.away),
        "not_delivered": [ticket.number for ticket in outgoing.tickets],
        "outbox": {
            "pending": outgoing.pending,
            "deferred": outgoing.deferred,
            "deferred_since": instant(outgoing.since),
            "stuck": outgoing.stuck,
        },
        "owners": [
            {
                "owner": owner.name or None,
                "active": owner.tickets,
                "waiting_on_us": owner.for_us,
                "waiting_on_customer": owner.for_customer,
                "overdue": owner.overdue,
                "oldest": instant(owner.oldest),
            }
            for owner in state.owners
        ],
        "oldest": state.oldest.ticket.number if state.oldest else None,
    }


def board(
    name: str, state: State, outgoing: Outgoing, now: datetime, zone: tzinfo, room: int
) -> Iterator[tuple[str, str]]:
    """Lines with what they are: "title", "warning", "head" or ""."""
    yield shortened(f"{line(name)}  {local(now, zone)}", room), "title"
    for counts in _counts(state, outgoing, room):
        yield counts, "warning" if state.overdue or outgoing.tickets else ""
    if outgoing.since is not None:
        count = "1 mail" if outgoing.deferred == 1 else f"{outgoing.deferred} mails"
        told = f"{count} not accepted yet, the oldest for {age(outgoing.since, now)}: `ticketctl send --list` says why"
        yield shortened(told, room), "warning"
    yield from _groups(_parts(state, outgoing), room)
    yield from _owners(state.owners, now)
    if state.oldest:
        ticket = state.oldest.ticket
        told = f"#{ticket.number} {line(ticket.subject)}, {age(ticket.opened_at, now)}, {ticket.assignee or 'nobody’s'}"
        yield "", ""
        yield shortened(f"Oldest: {told}", room), ""


def _counts(state: State, outgoing: Outgoing, room: int) -> Iterator[str]:
    if not state.all and not outgoing.pending and not outgoing.stuck:
        yield "Nothing is open. `ticketctl fetch` looks for new mail."
        return
    counts = {
        "open": len(state.all),
        "unopened": len(state.unopened),
        "nobody’s": len(state.unassigned),
        "overdue": len(state.overdue),
        "with people who are away": len(state.away),
        "waking today": len(state.waking),
        "not delivered": len(outgoing.tickets) + outgoing.stuck,
        "in the outbox": outgoing.pending,
    }
    told = ""
    for part in (f"{count} {name}" for name, count in counts.items() if count or name in ("open", "overdue")):
        if told and columns(told) + 3 + columns(part) > room:
            yield told
            told = ""
        told = f"{told}   {part}" if told else part
    yield told


class _Group(msgspec.Struct, frozen=True):
    """The tickets under one heading that stand under none above; `whole` is how many belong there."""

    head: str
    fresh: tuple[Standing, ...]
    whole: int
    more: str


def _parts(state: State, outgoing: Outgoing) -> list[_Group]:
    seen: set[int] = set()
    groups = []
    for head, group, more in (
        ("Not delivered", _standing(state, outgoing.tickets), "show N"),
        ("Overdue", state.overdue, "list --overdue"),
        ("With people who are away", state.away, "list"),
        ("Unopened", state.unopened, "list --status new"),
        ("Nobody’s", state.unassigned, "list --unassigned"),
        ("Waking today", state.waking, "list --waiting"),
    ):
        fresh = tuple(one for one in group if one.ticket.number not in seen)
        seen |= {one.ticket.number for one in fresh}
        if fresh:
            groups.append(_Group(head, fresh, len(group), more))
    return groups


def _groups(groups: Sequence[_Group], room: int) -> Iterator[tuple[str, str]]:
    """One table in parts, so that the columns of all stand under each other."""
    heads = (
        Column("#", right=True),
        Column("p"),
        Column("due", right=True),
        Column("who", least=10),
        Column("subject", least=16, weight=2),
        Column("owner", least=6),
    )
    lines = iter(table(heads, [_row(one) for group in groups for one in group.fresh[:SHOWN]], room - 2)[1:])
    for group in groups:
        above = group.whole - len(group.fresh)
        yield "", ""
        yield f"{group.head} ({group.whole}{f', {above} of them above' if above else ''})", "head"
        yield from ((f"  {text}", "") for text in islice(lines, min(SHOWN, len(group.fresh))))
        if len(group.fresh) > SHOWN:
            yield f"  … and {len(group.fresh) - SHOWN} more: `ticketctl {group.more}`", ""


def _row(one: Standing) -> list[str]:
    ticket = one.ticket
    due = ahead(one.due, one.now) if one.due else ""
    who = line(ticket.requester.name or ticket.requester.address)
    subject = line(ticket.subject) or "(no subject)"
    return [f"#{ticket.number}", ticket.priority, due, who, subject, line(ticket.assignee) or "–"]


def _owners(owners: Sequence[Owner], now: datetime) -> Iterator[tuple[str, str]]:
    if not owners:
        return
    from tabulate import tabulate

    rows = [
        [
            shortened(line(one.name), 30) or "nobody",
            one.tickets,
            one.for_us,
            one.for_customer,
            one.overdue,
            age(one.oldest, now),
        ]
        for one in owners
    ]
    heads = ["owner", "open", "waits for us", "for customer", "overdue", "oldest"]
    yield "", ""
    drawn = tabulate(rows, heads, tablefmt="simple", colalign=("left", *["right"] * 5), disable_numparse=True)
    for text in drawn.split("\n"):
        yield text, ""


def _standing(state: State, tickets: Sequence[Ticket]) -> list[Standing]:
    wanted = {ticket.number for ticket in tickets}
    return [one for one in state.all if one.ticket.number in wanted]


def _numbers(group: Sequence[Standing]) -> list[int]:
    return [one.ticket.number for one in group]
