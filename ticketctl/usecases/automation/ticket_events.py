"""Runs the rules for what people of the team do to a ticket: reply, close, reopen.

Only what a person does is such an event, or a customer's mail that reopens. What rules, escalation, `undo`, `unmerge`
and `spam` do is none: no rule fires because another one did, and nobody is answered whose ticket is spam.
"""

from __future__ import annotations

from typing import NamedTuple

from ticketctl.domain.rules.rules import EventName
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session


class Happened(NamedTuple):
    """The ticket, not yet saved, and what a rule could not do."""

    ticket: Ticket
    remarks: tuple[Remark, ...] = ()


def happened(
    session: Session, desk: Desk, ticket: Ticket, event: EventName, message: Message | None = None
) -> Happened:
    """What the rules for `event` made of the ticket, asked about `message`, or else about what the customer wrote last.
    What cannot be done is remarked: it stops nobody's work."""
    if not any(event in rule.events for rule in session.config.rules):
        return Happened(ticket)
    from ticketctl.usecases.automation import notifications as _notices
    from ticketctl.usecases.automation.run_rules import Occasion, run_rules, takes_turns
    from ticketctl.usecases.intake.original_mail import original
    from ticketctl.usecases.people import load

    latest = ticket.last(direction="in")
    mail = original(session, latest)
    asked = Occasion(
        event=event,
        act=Act("system", session.now),
        message=message or latest,
        may_answer=mail is None or mail.may_answer,
        now=session.now,
    )
    turns = load(session, desk.find() if takes_turns(session.config.rules) else ())
    ruled = run_rules(session, desk, ticket, asked, turns)
    _notices.remember(session, desk, ruled.ticket, ruled.notify, by=session.actor)
    troubles = (*ruled.trouble, *ruled.unsent)
    return Happened(ruled.ticket, tuple(Remark("rule_trouble", ticket.number, {"text": one}) for one in troubles))


def tell(session: Session, desk: Desk) -> None:
    """At the end of a command, in its transaction: one mail to each person whom rules notify."""
    if session.config.rules:
        from ticketctl.usecases.automation import notifications as _notices

        _notices.mail(session, desk, _notices.take(desk))
