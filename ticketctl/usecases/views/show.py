"""A ticket with all that somebody wants to see beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from ticketctl.domain.deadlines.deadlines import Deadline, deadlines
from ticketctl.domain.deadlines.promises import Promise, promises, running
from ticketctl.domain.reply.next_step import Step, next_step
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import number_there
from ticketctl.errors import NextStep, NoSuchTicket
from ticketctl.ports.store import RENUMBERED, Desk
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.reply.presence import Writing, writers
from ticketctl.usecases.results import Batch, Done, Failed, Remark
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import due_at
from ticketctl.usecases.views.same_requester import LINKS, same_person, suggestions

if TYPE_CHECKING:
    from ticketctl.domain.privacy.profile import Profile
    from ticketctl.domain.privacy.same_person import MaybeSame
    from ticketctl.domain.reply.answers import PastAnswer

LARGEST = 999_999_999  # number of a ticket
LATEST = 5  # closed tickets of the same person


class Show(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: also what is promised and what to do next. `attachments`: their files are wanted too. `answers`: what was
    answered to the like before too."""

    tickets: tuple[int, ...]
    why: bool = False
    attachments: bool = False
    answers: bool = False


class Why(msgspec.Struct, frozen=True):
    """`deadlines` are those of the targets, `promises` the dates that replies named; `next` is what somebody would do
    now."""

    deadlines: tuple[Deadline, ...]
    promises: tuple[Promise, ...]
    next: Step


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`due_at` is the next deadline of a target, `promised_at` the date that a reply promised, `writing` who writes a
    reply now. `also_open` are the requester's other open tickets, `closed_before` the latest closed ones that are not
    in the archive yet, the last closed first. `answers` are past answers to a like question, None where not asked.
    `known` is what is noted about the requester, None where nothing is; `maybe_same` who may be the same person."""

    ticket: Ticket
    due_at: datetime | None = None
    promised_at: datetime | None = None
    writing: tuple[Writing, ...] = ()
    also_open: tuple[Ticket, ...] = ()
    closed_before: tuple[Ticket, ...] = ()
    why: Why | None = None
    answers: tuple[PastAnswer, ...] | None = None
    known: Profile | None = None
    maybe_same: tuple[MaybeSame, ...] = ()


def show(session: Session, request: Show) -> Batch[Shown]:
    """Each ticket; that it was read is noted in the audit log."""
    session.must("show")
    return tuple(_show(session, number, request) for number in request.tickets)


def _show(session: Session, number: int, request: Show) -> Done[Shown] | Failed:
    try:
        with session.store.reading() as desk:
            ticket = _stored(desk, number)
            every = tuple(desk.find(Query(spam=False)))
            also_open, closed = _others(desk, ticket, every)
            known, maybe_same = _known(desk, ticket), suggestions(session, desk, ticket, every)
    except NoSuchTicket as error:
        return Failed(number, _renumbered(session, number) or error)
    for one in every:
        if number_there(one) == number:
            session.remark(Remark("number_there", one.number, {"there": number}))
    note_reading(session, "attachments" if request.attachments else "show", ticket)
    owed = running(ticket)
    shown = Shown(
        ticket=ticket,
        due_at=due_at(session, ticket),
        promised_at=owed.due_at if owed else None,
        writing=tuple(writers(session, number)),
        also_open=also_open,
        closed_before=closed,
        why=_why(session, ticket) if request.why else None,
        answers=_answers(session, number) if request.answers else None,
        known=known,
        maybe_same=maybe_same,
    )
    return Done(number, shown)


def _stored(desk: Desk, number: int) -> Ticket:
    """Raises NoSuchTicket, also for a number that is too long for one of ours."""
    if number > LARGEST:
        raise NoSuchTicket("there is no ticket #{number}", code="no_ticket", number=number)
    return desk.get(number)


def _renumbered(session: Session, number: int) -> NoSuchTicket | None:
    """Where an imported ticket had that number before: which it is now."""
    with session.store.reading() as desk:
        every = desk.find(archive=True) if desk.recall(RENUMBERED) else ()
        found = next((one.number for one in every if number_there(one) == number), 0)
    if not found:
        return None
    return NoSuchTicket(
        "#{number} is the number of an imported ticket in the system that it came from; here it is #{now}",
        code="ticket_renumbered",
        number=number,
        now=found,
        next_step=NextStep("show", found),
    )


def _known(desk: Desk, ticket: Ticket) -> Profile | None:
    if not any(desk.facts(LINKS)):
        return None
    from ticketctl.usecases.privacy.profiles import known_of

    return known_of(desk, ticket)


def _why(session: Session, ticket: Ticket) -> Why:
    config = session.config
    found = deadlines(ticket, config.targets, config.hours, session.now)
    return Why(found, tuple(promises(ticket)), next_step(ticket))


def _answers(session: Session, number: int) -> tuple[PastAnswer, ...]:
    from ticketctl.usecases.reply.past_answers import AskPast, past_answers  # `show` alone needs none of it

    return past_answers(session, AskPast(ticket=number)).answers


def _others(desk: Desk, ticket: Ticket, every: Sequence[Ticket]) -> tuple[tuple[Ticket, ...], tuple[Ticket, ...]]:
    """The requester's other tickets of `every`, by linked addresses too: those that are open, and the latest closed
    ones."""
    is_theirs = same_person(desk, ticket.requester)
    others = (one for one in every if one.number != ticket.number and not one.merged_into)
    found = [one for one in others if is_theirs(one.requester)]
    closed = sorted((one for one in found if one.closed_at), key=lambda one: one.closed_at or one.opened_at)
    return tuple(one for one in found if not one.closed), tuple(closed[: -LATEST - 1 : -1])
