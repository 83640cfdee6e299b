"""All that the desk holds of a person, and when and why it was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from ticketctl.domain.privacy.erasing import Role
from ticketctl.domain.privacy.profile import Profile
from ticketctl.domain.privacy.same_person import MaybeSame, known_as
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.elsewhere import Elsewhere, elsewhere
from ticketctl.usecases.privacy.link import may_be_same
from ticketctl.usecases.privacy.profiles import must_be_a_customer, profile_of
from ticketctl.usecases.privacy.trace import Traces, erasure_of, must_be_kept, trace
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session
from ticketctl.usecases.shown import shown_text


class ShowPerson(msgspec.Struct, frozen=True, kw_only=True):
    """`person` is an address, or how a caller was noted. `files`: also what stored mails and files hold."""

    person: str
    files: bool = False


class Involved(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket with the person in it: `wrote` and `got` messages, `files` that they sent."""

    number: int
    subject: str
    role: Role
    status: str
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    wrote: int
    got: int
    notes: int
    files: int


class Reading(msgspec.Struct, frozen=True):
    """That somebody of the team read of the person: when, by which command, why; not who."""

    at: datetime
    what: str
    ticket: int = 0
    why: str = ""


class PersonFile(msgspec.Struct, frozen=True, kw_only=True):
    profile: Profile
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    tickets: tuple[Involved, ...]
    outbox: int
    quarantine: int
    texts: int
    held: tuple[int, ...]
    readings: tuple[Reading, ...]
    elsewhere: Elsewhere
    maybe_same: tuple[MaybeSame, ...] = ()


def show_person(session: Session, request: ShowPerson) -> PersonFile:
    """That it was read is noted in the audit log. Raises Refused where nothing is kept; Usage, NotAllowed."""
    session.must("person show")
    who = must_be_a_customer(session, request.person)
    with session.app.store.reading() as desk:
        plan = trace(session, desk, erasure_of(session, desk, who), files=request.files)
        must_be_kept(plan)
        found = replace(person_file(session, desk, plan), maybe_same=_maybe_same(session, desk, plan))
    tickets = tuple(replace(one, subject=shown_text(session, one.subject)) for one in found.tickets)
    found = replace(found, tickets=tickets)
    note_reading(session, "person show", *(one.number for one in found.tickets), about=found.addresses)
    return found


def _maybe_same(session: Session, desk: Desk, plan: Traces) -> tuple[MaybeSame, ...]:
    """Who may be the person too, by any of their tickets, once each."""
    own = [number for number, role in plan.tickets.items() if role in ("only", "requester")]
    every = list(desk.find(Query(spam=False), archive=True)) if own else []
    found = [one for number in sorted(own) for one in may_be_same(session, desk, desk.get(number), every)]
    return tuple({known_as(one.other): one for one in found}.values())


def person_file(session: Session, desk: Desk, plan: Traces) -> PersonFile:
    who = plan.erasure.who
    numbers = sorted({*plan.tickets, *plan.held})
    tickets = [_involved(desk.get(number), plan) for number in numbers]
    own = {one.number for one in tickets if one.role != "mentioned"}
    return PersonFile(
        profile=profile_of(session, desk, who)[1],
        addresses=tuple(sorted(who.known_as)),
        names=who.names,
        tickets=tuple(tickets),
        outbox=len(plan.outbox),
        quarantine=len(plan.quarantine),
        texts=len(plan.texts),
        held=tuple(plan.held),
        readings=tuple(readings(session, plan, own)),
        elsewhere=elsewhere(session, desk, plan),
    )


def _involved(ticket: Ticket, plan: Traces) -> Involved:
    means = plan.erasure.who.means
    wrote = [one for one in ticket.messages if means(one.sender)]
    got = [one for one in ticket.messages if any(map(means, (*one.to, *one.cc, *one.bcc)))]
    return Involved(
        number=ticket.number,
        subject=ticket.subject,
        role=plan.tickets.get(ticket.number) or plan.held_roles[ticket.number],
        status=ticket.status,
        channel=ticket.channel,
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        wrote=len(wrote),
        got=len(got),
        notes=sum(one.direction == "internal" for one in ticket.messages),
        files=sum(len(one.attachments) for one in wrote),
    )


def readings(session: Session, plan: Traces, own: set[int]) -> Iterator[Reading]:
    """From the audit log's records of their tickets and of their pseudonyms, by old and merged addresses too."""
    mine = {name for address in plan.erasure.who.addresses for name in session.audit.pseudonyms(address)}
    for record in session.audit.records():
        numbers = record.numbers & own
        if not record.generation and (numbers or mine & set(record.about)):
            yield Reading(record.at, record.action, min(numbers, default=0), record.reason)
