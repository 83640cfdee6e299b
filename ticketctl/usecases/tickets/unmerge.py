"""Taking a merge back."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from ticketctl.domain.changes import merge as merging
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Unmerge(msgspec.Struct, frozen=True, kw_only=True):
    """`tickets` are those that were merged away."""

    tickets: tuple[int, ...]


class Unmerged(Changed, frozen=True, kw_only=True):
    """The ticket that was merged away, before and after. `answers` are messages that came to the `target` since then
    and answer it: whether they go along is for a person to say."""

    target: int
    answers: tuple[str, ...]


def unmerge(session: Session, request: Unmerge, *, keep: bool = True) -> Batch[Unmerged]:
    """Takes each ticket out of the one that it was merged into. Raises NotAllowed."""
    session.must("unmerge", keep=keep)
    acting = session.act("unmerge")
    return change_each(
        session, request.tickets, lambda desk, source: Done(source.number, released(desk, acting, source)), keep=keep
    )


def released(desk: Desk, acting: Act, source: Ticket) -> Unmerged:
    """The source as it was before the merge, not saved yet; its target, its mails in the outbox and those that were
    linked to it are. Raises Refused."""
    if not source.merged_into:
        raise Refused(
            "#{number} is not merged into another ticket; name the one that was merged away",
            code="not_merged",
            number=source.number,
        )
    into = desk.get(source.merged_into)
    target, restored = merging.unmerge(acting, into, source, _siblings(desk, into, source.number))
    for item in merging.moved_back(list(desk.outbox()), source.number, target.number):
        desk.queue(item)
    desk.save(target)
    for link in restored.links:
        if link.kind != "merged" and link.to != target.number:
            with suppress(NoSuchTicket):
                desk.save(merging.linked_back(acting, desk.get(link.to), target, restored))
    return Unmerged(before=source, after=restored, target=target.number, answers=_answers(target, restored))


def _answers(target: Ticket, restored: Ticket) -> tuple[str, ...]:
    ids = {message.message_id for message in restored.messages if message.message_id}
    return tuple(message.key for message in target.messages if ids & {*message.references})


def _siblings(desk: Desk, target: Ticket, but: int) -> list[Ticket]:
    """The other tickets that are merged into `target`; one that was purged meanwhile is passed over."""
    found = []
    for link in target.links:
        if link.kind == "merged" and link.to != but:
            with suppress(NoSuchTicket):
                found.append(desk.get(link.to))
    return [ticket for ticket in found if ticket.merged_into == target.number]
