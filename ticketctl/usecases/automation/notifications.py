"""What rules and escalation steps tell people: one mail each and run, whatever the number of tickets.

A run that commits in parts, such as a fetch, remembers who is to be told of what in the same commit as what the rules
did, and makes the mails of it at its end; what a run that was killed left is told by the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.escalation import Notice, digest
from ticketctl.domain.deadlines.escalation import addresses
from ticketctl.domain.mail import mail_loops as loops
from ticketctl.domain.rules.actions import Notify, NotifyEffect
from ticketctl.domain.ticket.message import Machine, Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation import rate_limit as _brake
from ticketctl.usecases.outgoing import queue as _outgoing
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.session import Session

_WAITING = "notice "  # facts of the desk: "notice <ticket> <rule> <address>" → a _Told
# What comes back for a notice, or may: telling somebody of it would make the next one.
_ECHOES: frozenset[Machine | None] = frozenset(("bounce", "auto_reply", "challenge", "read_receipt"))


class _Told(msgspec.Struct, frozen=True, array_like=True):
    address: str
    ticket: int
    why: str


def is_echo(message: Message | None) -> bool:
    """Whether a machine wrote it as an answer to a mail: nobody is told of that by mail."""
    return message is not None and message.machine in _ECHOES


def told(session: Session, ticket: Ticket, effect: NotifyEffect, *, by: str = "") -> list[str]:
    """The addresses that a rule notifies, each once: never our own, whose mail would come in again, nor that of the
    agent `by` who did it."""
    own = own_addresses(session) if session.config.outgoing else frozenset[str]()
    agent = session.config.agent(by)
    left_out = own | {agent.email.lower() if agent else ""}
    every = addresses(ticket, [effect.whom], session.config.team, away(session))
    return [address for address in every if address.lower() not in left_out]


def why(effect: NotifyEffect) -> str:
    return f"{effect.rule}: {effect.why}" if effect.why else effect.rule


def remember(session: Session, desk: Desk, ticket: Ticket, effects: Iterable[NotifyEffect], *, by: str = "") -> None:
    """Notes in the open transaction who is to be told."""
    for effect in effects:
        for address in told(session, ticket, effect, by=by):
            value = _Told(address, ticket.number, why(effect))
            desk.remember(f"{_WAITING}{ticket.number} {effect.rule} {address}", msgspec.json.encode(value).decode())


def take(desk: Desk) -> dict[str, list[Notice]]:
    """By address what is to be told, taken off the desk's memory. What concerns a ticket that is gone is forgotten, and
    so is a conversation that was over when it was imported: it needs nobody."""
    found: dict[str, list[Notice]] = {}
    kept = [(key, msgspec.json.decode(value, type=_Told)) for key, value in desk.facts(_WAITING)]
    for key, one in sorted(kept, key=lambda pair: (pair[1].ticket, pair[0])):
        desk.remember(key, "")
        try:
            ticket = desk.get(one.ticket)
        except NoSuchTicket:
            continue
        if ticket.closed and ticket.resolution == "imported":
            continue
        found.setdefault(one.address, []).append(Notice(ticket, ticket, None, one.why))
    return found


class Done(msgspec.Struct):
    """How many mails; and `silent`, the tickets with whom of ours they were not told to, since a notice might only call
    forth the next."""

    mails: int = 0
    silent: dict[int, list[str]] = {}


def tell(session: Session, desk: Desk, notices: dict[str, list[Notice]]) -> Done:
    """A mail to each address into the outbox. A notice is no answer to a machine that answers notices: of what such
    addresses opened the board tells, mail does not."""
    config, done = session.config, Done()
    echoing = _brake.echoes(session, desk, desk.find()) if notices else {}
    for address, own in notices.items():
        kept = [one for one in own if not loops.is_echo(one.after, echoing)]
        if kept and not _brake.may_notify(session, desk, address, echoing):
            kept = []
        for one in own:
            if one not in kept:
                done.silent.setdefault(one.after.number, []).append(address)
        if kept:
            subject, body = digest(kept, desk=config.name, language=config.language, zone=ZoneInfo(config.timezone))
            _outgoing.queue_notice(session, desk, [address], subject, body, "notification")
            done.mails += 1
    return done


def tell_waiting(session: Session) -> None:
    """At the end of a run: the mails of what is to be told."""
    if session.config.outgoing is None or not _any_notifies(session):
        return
    with session.store.reading() as desk:
        if not any(True for _ in desk.facts(_WAITING)):
            return
    with session.store.transaction() as desk, session.store.blobs.together():
        tell(session, desk, take(desk))


def _any_notifies(session: Session) -> bool:
    return any(isinstance(action, Notify) for rule in session.config.rules for action in rule.then)
