"""Duplicates: merging them into one ticket, taking a merge back, finding them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec

from ticketctl.domain.changes import merge as merging
from ticketctl.domain.reply.duplicates import Likely, likely
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
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


LATELY = timedelta(days=14)


class LikelyDuplicate(msgspec.Struct, frozen=True):
    """Two tickets that may be one matter; `subject` is that of the one to merge away."""

    pair: Likely
    subject: str


def suggest_merges(session: Session, numbers: Sequence[int] = ()) -> tuple[LikelyDuplicate, ...]:
    """The likely duplicates of `numbers`, or of all, the likeliest first; changes nothing. Raises NoSuchTicket."""
    session.must("suggest_merges")
    with session.store.reading() as desk:
        for number in numbers:
            desk.get(number)
        tickets = list(_looked_at(session, desk))
    asked = set(numbers)
    subjects = {ticket.number: ticket.subject for ticket in tickets}
    found = [one for one in likely(tickets) if not asked or asked & {one.keep, one.merge}]
    return tuple(LikelyDuplicate(one, subjects[one.merge]) for one in found)


def _looked_at(session: Session, desk: Desk) -> Iterator[Ticket]:
    """With texts: what is not closed, and what was closed lately."""
    yield from desk.find(ACTIVE, texts=True)
    closed = desk.find(Query(statuses=frozenset({"closed"}), spam=False), texts=True)
    yield from (one for one in closed if one.closed_at is not None and session.now - one.closed_at <= LATELY)
