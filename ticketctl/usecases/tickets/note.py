"""Internal notes, which the customer never sees."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.notifications import mention
from ticketctl.usecases.intake.masking import typed
from ticketctl.usecases.people import own_note
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each, stored_ticket


class WriteNote(msgspec.Struct, frozen=True, kw_only=True):
    """The same `text` on each ticket."""

    tickets: tuple[int, ...]
    text: str
    seen: int | None = None


class Noted(Changed, frozen=True):
    """`shown_to` are the agents whose inbox shows it, because it names them or whom they stand in for."""

    text: str
    shown_to: tuple[str, ...]


def write_note(session: Session, request: WriteNote, *, keep: bool = True) -> Batch[Noted]:
    """Writes it on each ticket, open or closed. Raises NotAllowed."""
    session.must("note", keep=keep)
    if not request.text.strip():
        raise Refused("no text was given, so nothing was changed", code="no_text")
    acting, text = session.act("note"), typed(session, request.text)

    def decide(desk: Desk, ticket: Ticket) -> Done[Noted]:
        _must_not_be_merged(ticket)
        note = own_note(session, ticket, text, "an internal note")
        after, names = mention(session, desk, ticket.write(acting, note), acting, text)
        return Done(ticket.number, Noted(ticket, after, text, tuple(names)))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)


def must_take_notes(session: Session, tickets: Sequence[int]) -> None:
    """For whoever is about to write one: raises NotAllowed, and where it is one ticket NoSuchTicket, or Refused because
    it was merged into another."""
    session.must("note")
    if len(tickets) == 1:
        _must_not_be_merged(stored_ticket(session, tickets[0]))


def _must_not_be_merged(ticket: Ticket) -> None:
    if ticket.merged_into:
        raise Refused(
            "#{number} was merged into #{target}; write the note there",
            code="note_on_merged",
            number=ticket.number,
            target=ticket.merged_into,
        )
