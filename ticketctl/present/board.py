"""The board: a desk's state at this moment, on one screen of 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

import msgspec

from ticketctl.content.outage import Down, down_told
from ticketctl.content.terminal import columns, counted, line, shortened
from ticketctl.content.times import age, ahead, local
from ticketctl.domain.deadlines.work_order import Owner, Standing, State
from ticketctl.present.json import down_json, instant
from ticketctl.present.tables import Column, table

SHOWN = 5


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """`pending` mails wait in the outbox, and `scheduled` ones for their time; `deferred` of the former a server did
    not take yet, the oldest queued at `since`; `stuck` ones (notifications, reports) were not delivered; `tickets` are
    those whose last reply, or an automatic answer that is still in the outbox, was not, `held` those with a reply that
    is held back. `braked` says what automatic mail does not leave; `down` are the mailboxes that can't be fetched, and
    `aside` counts mails in quarantine that nobody has looked at."""

    pending: int
    deferred: int = 0
    since: datetime | None = None
    stuck: int
    scheduled: int = 0
    held: tuple[Standing, ...] = ()
    tickets: tuple[Standing, ...]
    braked: tuple[str, ...] = ()
    down: tuple[Down, ...] = ()
    aside: int = 0


def board_json(state: State, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    """Numbers of tickets per group, in order of urgency; counts per owner (null: nobody)."""
    return {
        "at": instant(now),
        "mailboxes_down": [down_json(one) for one in outgoing.down],
        "quarantine": outgoing.aside,
        "active": len(state.all),
        "unopened": _numbers(state.unopened),
        "unassigned": _numbers(state.unassigned),
        "overdue": _numbers(state.overdue),
        "waking": _numbers(state.waking),
        "promised": _numbers(state.promised),
        "owner_away": _numbers(state.away),
        "not_delivered": _numbers(outgoing.tickets),
        "held_back": _numbers(outgoing.held),
        "outbox": {
            "pending": outgoing.pending,
            "deferred": outgoing.deferred,
            "deferred_since": instant(outgoing.since),
            "stuck": outgoing.stuck,
            "scheduled": outgoing.scheduled,
        },
        "braked": list(outgoing.braked),
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
    for mailbox in outgoing.down:
        yield shortened(down_told(mailbox, now, zone), room), "warning"
    yield shortened(f"{line(name)}  {local(now, zone)}", room), "title"
    for counts in _counts(state, outgoing, room):
        yield counts, "warning" if state.overdue or outgoing.tickets or outgoing.held else ""
    if outgoing.aside:
        yield shortened(aside_told(outgoing.aside), room), "warning"
    if outgoing.since is not None:
        count = counted(outgoing.deferred, "mail")
        told = f"{count} not accepted yet, the oldest for {age(outgoing.since, now)}: `ticketctl send --list` says why"
        yield shortened(told, room), "warning"
    for told in outgoing.braked:
        yield shortened(line(told), room), "warning"
    yield from _groups(_parts(state, outgoing), room)
    yield from _owners(state.owners, now, room)
    if state.oldest:
        ticket = state.oldest.ticket
        told = (
            f"#{ticket.number} {line(ticket.subject)}, {age(state.oldest.began, now)}, {ticket.assignee or 'nobody’s'}"
        )
        yield "", ""
        yield shortened(f"Oldest: {told}", room), ""


def aside_told(count: int) -> str:
    return f"{counted(count, 'mail')} in quarantine that nobody has looked at: `ticketctl quarantine`"


def _counts(state: State, outgoing: Outgoing, room: int) -> Iterator[str]:
    if not (
        state.all or outgoing.pending or outgoing.stuck or outgoing.tickets or outgoing.scheduled or outgoing.braked
    ):
        yield "Nothing is open. `ticketctl fetch` looks for new mail."
        return
    counts = {
        "open": len(state.all),
        "unopened": len(state.unopened),
        "nobody’s": len(state.unassigned),
        "overdue": len(state.overdue),
        "promised by today": len(state.promised),
        "with people who are away": len(state.away),
        "waking today": len(state.waking),
        "not delivered": len(outgoing.tickets) + outgoing.stuck,
        "held back": len(outgoing.held),
        "scheduled": outgoing.scheduled,
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
        ("Held back: somebody wrote in between", outgoing.held, "outbox"),
        ("Not delivered", outgoing.tickets, "show N"),
        ("Promised, today or late", state.promised, "list"),
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


def _owners(owners: Sequence[Owner], now: datetime, room: int) -> Iterator[tuple[str, str]]:
    if not owners:
        return
    heads = (
        Column("owner"),
        *(Column(title, right=True) for title in ("open", "waits for us", "for customer", "overdue", "oldest")),
    )
    rows = [
        [
            shortened(line(one.name), 30) or "nobody",
            *map(str, (one.tickets, one.for_us, one.for_customer, one.overdue)),
            age(one.oldest, now),
        ]
        for one in owners
    ]
    yield "", ""
    yield from ((text, "") for text in table(heads, rows, room))


def _numbers(group: Sequence[Standing]) -> list[int]:
    return [one.ticket.number for one in group]
