"""The outbox as people see it: listed, and one mail of it found by what they call it."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import as_json, line, width
from ticketctl.content.times import age, local, zone
from ticketctl.domain.ticket.delivery import trouble
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled, of_ticket
from ticketctl.errors import NoSuchTicket, Usage
from ticketctl.ports.store import Desk
from ticketctl.present.json import instant
from ticketctl.present.tables import Column, table
from ticketctl.present.thread import wrapped
from ticketctl.usecases.session import Session

SHOWN_ID = 8
INDENT = " " * (SHOWN_ID + 2)
LONGEST_NUMBER = 7  # digits: longer is a mail's id, which has 32
HEADS = (
    Column("Id"), Column("Kind"), Column("State"), Column("Ticket"), Column("Age", right=True),
    Column("Tries", right=True), Column("To", least=14), Column("Leaves, or next try"),
)  # fmt: skip


def list_outbox(session: Session) -> None:
    with session.store.reading() as desk:
        items = sorted(desk.outbox(), key=lambda item: (item.queued_at, item.id))
    if session.out.json:
        return session.out.say(as_json([shape(item) for item in items]))
    if not items:
        return session.out.say("the outbox is empty")
    head, *rows = table(HEADS, [_row(session, item) for item in items], width())
    session.out.say(head)
    for item, row in zip(items, rows, strict=True):
        session.out.say(row)
        for said in _below(item):  # whole: a server's answer is too long for a column
            session.out.say("\n".join(one.text for one in wrapped(said, width(), INDENT)))
    return None


def state_of(item: Outbound) -> str:
    """Its state as people call it."""
    return "scheduled" if item.state == "queued" and is_scheduled(item) else item.state


def shape(item: Outbound) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "state": state_of(item),
        "ticket": item.ticket or None,
        "to": list(item.recipients),
        "subject": item.subject,
        "message_id": item.message_id,
        "queued_at": instant(item.queued_at),
        "attempts": item.attempts,
        "next_at": instant(item.next_at),
        "leaves_at": instant(item.leaves_at),
        "error": trouble(item) or None,
    }


def found(desk: Desk, which: str) -> list[Outbound]:
    """The mail whose id begins so, or the mails of the only reply of the ticket 17 or #17, one to each requester.
    Raises NoSuchTicket where there is none, Usage where there are several."""
    number = which.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        items = of_ticket(desk.outbox(), int(number))
        if which.startswith("#") or items:
            return _only(items, which)
    return _only([item for item in desk.outbox() if item.id.startswith(which.lower())], which)


def _only(items: list[Outbound], which: str) -> list[Outbound]:
    if not items:
        raise NoSuchTicket(f"no mail {which!r} in the outbox; `ticketctl outbox` shows them")
    if len({(item.ticket, item.queued_at, item.kind == "reply" or item.id) for item in items}) > 1:
        ids = ", ".join(item.id[:SHOWN_ID] for item in items)
        raise Usage(f"{which!r} may be {len(items)} mails; write the id of one: {ids}")
    return items


def _row(session: Session, item: Outbound) -> list[str]:
    when = item.next_at or item.leaves_at
    next_at = local(when, zone(session.config.timezone)) if when and item.state != "held" else ""
    return [
        item.id[:SHOWN_ID],
        item.kind,
        state_of(item),
        f"#{item.ticket}" if item.ticket else "",
        age(item.queued_at, session.now),
        str(item.attempts or ""),
        line(", ".join(item.recipients)),
        next_at,
    ]


def _below(item: Outbound) -> Iterator[str]:
    if said := line(trouble(item)):
        yield said
    if item.state == "held":
        which = item.ticket or item.id[:SHOWN_ID]
        yield f"`ticketctl outbox release {which}` sends it, `ticketctl outbox cancel {which}` makes it a draft"
