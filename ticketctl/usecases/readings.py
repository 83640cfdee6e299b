"""Notes in the audit log that somebody read what customers wrote: who, when, whose, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Busy, Damaged, StoreFailed, Usage
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session

if TYPE_CHECKING:
    from ticketctl.ports.audit import Entry

_PATIENCE = 2.0  # seconds: whoever has to answer a ticket does not wait for the log
UNKNOWN = "unknown"  # the actor where a login belongs to nobody in the team


def note_reading(session: Session, action: str, *read: Ticket | int, about: Collection[str] = ()) -> None:
    """A record for each ticket, or one about no ticket where none is given; `about` are addresses of more persons. Call
    it before what was read is shown. Raises Usage where rules.yaml asks for a reason that is missing, or the reason
    names somebody. A full disk or a damaged log must not hide a ticket from whoever has to answer it: the reading goes
    on, with a remark."""
    from ticketctl.ports.audit import Entry  # `list` notes nothing, mostly

    actor = _actor(session)
    _must_have_reason(session, action, read)
    entries = [
        Entry(
            at=session.now,
            actor=actor,
            action=action,
            ticket=one if isinstance(one, int) else one.number,
            reason=session.reason,
            about=(*about, *_persons(session, one)),
            via=_via(session),
        )
        for one in read or (0,)
    ]
    _note(session, entries, read[0] if read else 0)


def note_listing(session: Session, action: str, tickets: Iterable[int]) -> None:
    """The numbers of the tickets that a list or a report showed, where rules.yaml wants that (`log_lists`)."""
    if session.config.privacy.log_lists:
        from ticketctl.ports.audit import Entry

        shown: Sequence[int] = tuple(tickets)
        entry = Entry(
            at=session.now,
            actor=_actor(session),
            action=action,
            reason=session.reason,
            shown=shown,
            why=f"{len(shown)} tickets",
            via=_via(session),
        )
        _note(session, [entry], 0)


def _note(session: Session, entries: Collection[Entry], ticket: Ticket | int) -> None:
    if not entries:
        return
    try:
        session.audit.note(*entries, seconds=_PATIENCE)
    except (StoreFailed, Busy, Damaged) as error:
        number = ticket if isinstance(ticket, int) else ticket.number
        session.remark(Remark("reading_not_noted", number, {"error": error}))


def _actor(session: Session) -> str:
    try:
        return session.actor
    except Usage:
        if session.user:  # --as names nobody
            raise
        return UNKNOWN


def _via(session: Session) -> str:
    return "" if session.via == "cli" else session.via


def _persons(session: Session, ticket: Ticket | int) -> Iterator[str]:
    """The addresses of the customers on it."""
    if isinstance(ticket, int):
        return
    team = {agent.email for agent in session.config.team}
    senders = (one.sender for one in ticket.messages if one.direction == "in")
    people = (ticket.requester, *ticket.participants, *senders)
    yield from {person.address for person in people} - team


def _must_have_reason(session: Session, action: str, read: Sequence[Ticket | int]) -> None:
    asked = session.config.privacy.reasons
    if action.split(" ")[0] in asked and not session.reason and session.user != "system":
        raise Usage("this desk requires a reason for this: a few words, without names", code="reason_missing")
    if session.reason:
        from ticketctl.domain.privacy.reasons import must_be_impersonal

        people = [one for ticket in read if not isinstance(ticket, int) for one in _named(ticket)]
        must_be_impersonal(session.reason, people)


def _named(ticket: Ticket) -> Iterator[str]:
    yield ticket.requester.name
    yield from (person.name for person in ticket.participants)
    yield from (one.sender.name for one in ticket.messages)
