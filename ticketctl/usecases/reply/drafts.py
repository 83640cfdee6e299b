"""Drafts of replies: which there are, and dropping one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NextStep, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.reply.presence import writers
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Draft(msgspec.Struct, frozen=True):
    ticket: Ticket
    message: Message


class Drafts(msgspec.Struct, frozen=True):
    """`left` are files of editors that have ended without their text being stored."""

    drafts: tuple[Draft, ...] = ()
    left: tuple[Path, ...] = ()


class FindDrafts(msgspec.Struct, frozen=True, kw_only=True):
    """On these tickets, or on all. `mine`: only those that the actor wrote."""

    tickets: tuple[int, ...] = ()
    mine: bool = False


class DropDraft(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]


class Dropped(Changed, frozen=True):
    message: str = ""


def drafts(session: Session, request: FindDrafts) -> Drafts:
    """What left editors is only told where no ticket is named."""
    session.must("drafts")
    wanted, author = request.tickets, session.actor if request.mine else ""
    with session.store.reading() as desk:
        outlines = [one for one in desk.find(ACTIVE) if one.number in wanted or not wanted]
        having = [one.number for one in outlines if any(message.delivery == "draft" for message in one.messages)]
        found = tuple(
            Draft(ticket, message)
            for ticket in map(desk.get, having)
            for message in ticket.messages
            if message.delivery == "draft" and author in ("", message.author)
        )
    if found:
        note_reading(session, "drafts", *{one.ticket.number: one.ticket for one in found}.values())
    return Drafts(found, () if wanted else _left(session))


def drop_draft(session: Session, request: DropDraft, *, keep: bool = True) -> Batch[Dropped]:
    """The actor's newest draft on each ticket, or a rule's."""
    session.must("drop_draft", keep=keep)
    acting = session.act("drop draft")

    def decide(desk: Desk, ticket: Ticket) -> Done[Dropped]:
        own = [one for one in ticket.messages if one.delivery == "draft" and one.author in (session.actor, "system")]
        if not own:
            step = NextStep("drafts", then="lists them")
            text = "#{number} has no draft of yours"
            raise Refused(text, code="no_draft", number=ticket.number, next_step=step)
        after = ticket.redraft(acting, None, own[-1].key)
        return Done(ticket.number, Dropped(ticket, after, own[-1].key))

    return change_each(session, request.tickets, decide, keep=keep)


def _left(session: Session) -> tuple[Path, ...]:
    folder = session.app.texts_folder
    open_now = {one.number for one in writers(session)}
    names = [name for name in session.host.names(folder) if name.endswith(".txt")]
    return tuple(folder / name for name in names if not any(name.startswith(f"reply-{number}-") for number in open_now))
