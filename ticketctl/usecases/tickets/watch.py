"""Tickets of colleagues in one's own inbox."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.notifications import WATCHED
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """`mail`: what is new is mailed too, with the next escalation."""

    tickets: tuple[int, ...]
    mail: bool = False


class Unwatch(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]


class Watched(Changed, frozen=True):
    agent: str
    mail: bool = False


def watch(session: Session, request: Watch, *, keep: bool = True) -> Batch[Watched]:
    """Shows the actor what happens on each ticket from now on. Raises Refused for "system", who has no inbox, and Usage
    where mail is wanted and the desk sends none."""
    session.must("watch", keep=keep)
    agent = _watcher(session)
    if request.mail and session.config.outgoing is None:
        raise Usage(
            "rules.yaml has no `outgoing:`, so there are no mails; the inbox shows it", code="no_mail_to_watchers"
        )

    def decide(desk: Desk, ticket: Ticket) -> Done[Watched]:
        if ticket.merged_into:
            raise Refused(
                "#{number} was merged into #{target}; watch that",
                code="watch_merged",
                number=ticket.number,
                target=ticket.merged_into,
            )
        after = ticket.watch(Act(agent, session.now, "watch"), agent)
        if request.mail:
            desk.remember(f"{WATCHED}{agent} {ticket.number}", str(len(after.events)))
        if keep:
            note_reading(session, "watch", ticket)
        return Done(ticket.number, Watched(ticket, after, agent, request.mail))

    return change_each(session, request.tickets, decide, keep=keep)


def unwatch(session: Session, request: Unwatch, *, keep: bool = True) -> Batch[Watched]:
    """Takes each ticket out of what the actor watches. Raises Refused for "system"."""
    session.must("unwatch", keep=keep)
    agent = _watcher(session)

    def decide(desk: Desk, ticket: Ticket) -> Done[Watched]:
        desk.remember(f"{WATCHED}{agent} {ticket.number}", "")
        after = ticket.unwatch(Act(agent, session.now, "unwatch"), agent)
        return Done(ticket.number, Watched(ticket, after, agent))

    return change_each(session, request.tickets, decide, keep=keep)


def _watcher(session: Session) -> str:
    """The actor, who has an inbox; raises Refused for "system"."""
    if session.actor == "system":
        raise Refused("system has no inbox; only an agent can watch", code="system_cannot_watch")
    return session.actor
