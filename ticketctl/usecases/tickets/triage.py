"""Triage: the rules on tickets that are there already, and what similar tickets propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

import msgspec

from ticketctl.domain.changes.undo import TRIAGED
from ticketctl.domain.reply.suggest import Past, Proposal, suggest
from ticketctl.domain.rules import rules
from ticketctl.domain.rules.actions import Workload, apply
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import Trace
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.notifications import remember
from ticketctl.usecases.automation.ticket_events import tell
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.people import available
from ticketctl.usecases.people import load as workload
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.results import Batch, Done, Failed
from ticketctl.usecases.session import Session

NEW = Query(statuses=frozenset({"new"}))


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """No tickets: every ticket whose status is new."""

    tickets: tuple[int, ...] = ()


class Decided(msgspec.Struct, frozen=True):
    """What the rules said about a ticket, and what of it could not be done."""

    ticket: Ticket
    trace: Trace
    trouble: tuple[str, ...] = ()


def triage(session: Session, request: Triage, *, keep: bool = True) -> Batch[Decided]:
    """What the rules do is done by "system". Raises BadRules, NotAllowed."""
    session.must("triage", keep=keep)
    session.config  # noqa: B018 - a fault in rules.yaml is reported before the desk is touched
    outcomes: list[Done[Decided] | Failed] = []
    with session.store.transaction(keep=keep) as desk:
        load = workload(session, desk.find())
        for number in request.tickets or [ticket.number for ticket in desk.find(NEW)]:
            try:
                one, load = _decide(session, desk, number, load, keep=keep)
            except (NoSuchTicket, Refused) as trouble:
                outcomes.append(Failed(number, trouble))
            else:
                outcomes.append(Done(number, one))
        if keep:
            tell(session, desk)
    return tuple(outcomes)


def to_go_through(session: Session, numbers: Sequence[int]) -> Sequence[int]:
    """Those numbers; without any, those of the tickets whose status is new. Whoever may change none is not asked."""
    session.must("triage")
    if numbers:
        return numbers
    with session.store.reading() as desk:
        return [ticket.number for ticket in desk.find(NEW)]


def _decide(session: Session, desk: Desk, number: int, load: Workload, *, keep: bool) -> tuple[Decided, Workload]:
    from ticketctl.usecases.automation.run_rules import ANSWERED_WITHIN, Occasion, run_rules

    ticket, hours = desk.get(number), session.config.hours
    if ticket.merged_into:
        text = "#{number} was merged into #{target}; its messages are there"
        raise Refused(text, code="merged_away", number=number, target=ticket.merged_into)
    message = ticket.messages[0] if ticket.messages else None
    mail = original(session, message)
    headers = mail.headers if mail else {}
    senders = Senders(desk)
    wrote_before = partial(senders.wrote_before, ticket, message)
    view = View(ticket, message, headers, hours=hours, wrote_before=wrote_before)
    trace = rules.evaluate(session.config.rules, view, "created")
    act = Act("system", session.now)
    if not keep:
        applied = apply(ticket, trace, act, load, hours)
        return Decided(ticket, trace, applied.skipped), applied.workload
    asked = Occasion(
        event="created",
        act=act,
        message=message,
        headers=headers,
        may_answer=mail is not None and mail.may_answer and session.now - ticket.opened_at <= ANSWERED_WITHIN,
    )
    ruled = run_rules(session, desk, ticket.changed(session.act("triage"), TRIAGED), asked, load, senders=senders)
    if trace.fired:
        remember(session, desk, desk.save(ruled.ticket), ruled.notify)
    return Decided(ticket, trace, ruled.trouble), ruled.load


REMEMBERED = timedelta(days=730)


class Suggested(msgspec.Struct, frozen=True):
    """A ticket and what is proposed for it, the surest first."""

    ticket: Ticket
    proposals: tuple[Proposal, ...]


def suggest_triage(session: Session, request: Triage) -> tuple[Suggested, ...]:
    """For the tickets asked for, else for all new ones; each is noted as read. Raises NoSuchTicket."""
    session.must("suggest_triage")
    with session.store.reading() as desk:
        tickets = [desk.get(number) for number in request.tickets] or list(desk.find(NEW, texts=True))
        past = Past(_closed(session, desk))
    if tickets:
        note_reading(session, "triage suggest", *tickets)
    found = []
    for ticket in tickets:
        config = session.config
        proposals = suggest(ticket, past, config.fields, config.labels, available(session))
        found.append(Suggested(ticket, tuple(proposals)))
    return tuple(found)


def _closed(session: Session, desk: Desk) -> Iterable[Ticket]:
    query = Query(statuses=frozenset({"closed"}), spam=False, opened_from=session.now - REMEMBERED)
    return desk.find(query, archive=True, texts=True)
