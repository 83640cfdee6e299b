"""Tickets that belong together."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NextStep, NoSuchTicket, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done, Failed
from ticketctl.usecases.session import Session


class LinkTickets(msgspec.Struct, frozen=True, kw_only=True):
    """Links `ticket` with each of `others`; `remove` unlinks them."""

    ticket: int
    others: tuple[int, ...]
    remove: bool = False


class Linked(Changed, frozen=True):
    """`before` and `after` are those of the first ticket; `changed` are those of both that were changed, as they are
    now."""

    removed: bool
    changed: tuple[Ticket, ...]

    @property
    def same(self) -> bool:
        return not self.changed


def link(session: Session, request: LinkTickets, *, keep: bool = True) -> Batch[Linked]:
    """An outcome for each of the others. Raises NotAllowed, NoSuchTicket for the first, Usage without others."""
    session.must("link", keep=keep)
    if not request.others:
        raise Usage("no other ticket is given to link it with", code="no_others")
    acting = session.act("link")
    outcomes: list[Done[Linked] | Failed] = []
    with session.store.transaction(keep=keep) as desk:
        desk.get(request.ticket)
        for other in request.others:
            try:
                outcomes.append(Done(other, _link(desk, acting, request, other)))
            except (NoSuchTicket, Refused) as trouble:
                outcomes.append(Failed(other, trouble))
    return tuple(outcomes)


def _link(desk: Desk, acting: Act, request: LinkTickets, number: int) -> Linked:
    before = one, two = desk.get(request.ticket), desk.get(number)
    after = (_linked(acting, one, number, request.remove), _linked(acting, two, one.number, request.remove))
    changed = tuple(desk.save(now) for now, then in zip(after, before, strict=True) if now != then)
    first = changed[0] if after[0] != one else one
    return Linked(one, first, request.remove, changed)


def _linked(acting: Act, ticket: Ticket, other: int, remove: bool) -> Ticket:
    if not remove:
        return ticket.link(acting, other)
    if any(link.to == other and link.kind == "merged" for link in ticket.links):
        raise Refused(
            "#{number} and #{other} are merged",
            code="linked_by_merge",
            number=ticket.number,
            other=other,
            next_step=NextStep("unmerge", then="takes that back"),
        )
    return ticket.unlink(acting, other)
