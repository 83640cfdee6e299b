"""Tickets that no mail opened: a phone call, a visit, a matter of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from ticketctl.content.terminal import line, shortened
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Act, Priority, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.fields import checked_labels
from ticketctl.usecases.intake.masking import typed
from ticketctl.usecases.people import chooser, own_person
from ticketctl.usecases.results import Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.same_requester import same_person


class NewTicket(msgspec.Struct, frozen=True, kw_only=True):
    """`requester` None: a matter of the actor's own. `subject` "": the first line of `text`. `assign` is a name, one of
    `people.WORDS`, or "" for nobody. `fields` as `usecases.fields.checked_fields` gives them."""

    text: str
    requester: Person | None = None
    subject: str = ""
    channel: Literal["phone", "visit"] = "phone"
    assign: str = ""
    priority: Priority = "medium"
    labels: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}


class Logged(msgspec.Struct, frozen=True):
    """`others` are the requester's other tickets that are not closed."""

    ticket: Ticket
    others: tuple[int, ...]


def new(session: Session, request: NewTicket, *, keep: bool = True) -> Done[Logged]:
    """Logs it as a ticket that counts as opened. Raises NotAllowed, Usage for a label or an agent that rules.yaml does
    not name, Refused where nothing was said or nobody can be chosen."""
    session.must("new", keep=keep)
    if not request.text.strip():
        raise Refused("no text was given, so nothing was changed", code="no_text")
    request = replace(request, text=typed(session, request.text), subject=typed(session, request.subject))
    labels = checked_labels(session.config, request.labels)
    choose = chooser(session, request.assign) if request.assign else None
    acting = session.act("new")
    with session.store.transaction(keep=keep) as desk:
        others = _others(desk, request.requester)
        ticket = _opened(session, desk, replace(request, requester=_named(request.requester, others)))
        ticket = _logged(acting, ticket, request).label(acting, *labels)
        for name, value in request.fields.items():
            ticket = ticket.set_field(acting, name, value)
        chosen = choose(desk, ticket) if choose else None
        ticket = desk.save(ticket.assign(acting, chosen.name) if chosen else ticket)
    return Done(ticket.number, Logged(ticket, tuple(one.number for one in others)))


def check(session: Session, request: NewTicket) -> None:
    """For whoever is about to write its text: raises what `new` would about all else."""
    session.must("new")
    checked_labels(session.config, request.labels)
    if request.assign:
        chooser(session, request.assign)


def _opened(session: Session, desk: Desk, request: NewTicket) -> Ticket:
    return Ticket(
        number=desk.new_number(),
        subject=line(request.subject) or shortened(line(request.text.lstrip().splitlines()[0]), 78),
        requester=request.requester or own_person(session),
        opened_at=session.now,
        priority=request.priority,
        channel=request.channel if request.requester else "system",
    )


def _logged(acting: Act, ticket: Ticket, request: NewTicket) -> Ticket:
    """With what was said, as a message of the requester's, or as a note where it is a matter of the actor's own."""
    own = request.requester is None
    message = Message(
        key=ticket.next_key(),
        direction="internal" if own else "in",
        kind="note" if own else "message",
        at=acting.at,
        sender=ticket.requester,
        author=acting.actor if own else "",
        text=request.text,
        why=f"logged by {acting.actor}",
    )
    return ticket.write(acting, message) if own else ticket.receive(acting, message).touch(acting)


def _others(desk: Desk, requester: Person | None) -> list[Ticket]:
    """Their other tickets that are not closed."""
    is_theirs = same_person(desk, requester) if requester else None
    return [one for one in desk.find(ACTIVE) if is_theirs(one.requester)] if is_theirs else []


def _named(requester: Person | None, others: Sequence[Ticket]) -> Person | None:
    """With the name that their other tickets have for the address, where none was typed."""
    if requester is None or requester.name:
        return requester
    named = (one.requester for one in reversed(others) if one.requester.address == requester.address)
    return next((one for one in named if one.name), requester)
