"""Merging duplicates into one ticket."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from ticketctl.domain.changes import merge as merging
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each, stored_ticket


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """`tickets` are closed and point to `into`."""

    tickets: tuple[int, ...]
    into: int


class Merged(Changed, frozen=True, kw_only=True):
    """The target before and after; `source` is the other one as it was. `brought` came along with its messages;
    `left_behind` is what the target has otherwise, and keeps."""

    source: Ticket
    brought: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def of_somebody_else(self) -> bool:
        """Its requester is not the target's: duplicates mostly come from the same person."""
        return self.source.requester.address not in ("", self.after.requester.address)


def merge(session: Session, request: Merge, *, keep: bool = True) -> Batch[Merged]:
    """Merges each ticket into the target. Raises NoSuchTicket where that is missing, NotAllowed."""
    session.must("merge", keep=keep)
    acting = session.act("merge")
    stored_ticket(session, request.into)

    def decide(desk: Desk, source: Ticket) -> Done[Merged]:
        return Done(source.number, _merged(desk, acting, source, desk.get(request.into)))

    return change_each(session, request.tickets, decide, keep=keep)


def _merged(desk: Desk, acting: Act, source: Ticket, before: Ticket) -> Merged:
    """The source, its mails in the outbox and those that are linked to it are saved; the target is not yet."""
    after, closed = merging.merge(acting, before, source)
    for item in merging.moved(list(desk.outbox()), source.number, before.number):
        desk.queue(item)
    desk.save(closed)
    for link in source.links:
        if link.kind != "merged" and link.to != before.number:
            with suppress(NoSuchTicket):  # purged
                desk.save(merging.relinked(acting, desk.get(link.to), source.number, before.number))
    return Merged(
        before=before,
        after=after,
        source=source,
        brought=tuple(merging.brought(before, after, source)),
        left_behind=tuple(merging.left_behind(after, source)),
    )
