"""Mails to the team: from rules and escalation steps, for notes that name somebody, and about tickets that somebody
watches. One mail to each person and run, whatever the number of tickets.

A run that commits in parts, such as a fetch, remembers in the same commit as what its rules did who is to be notified,
and queues the mails at its end; what a run that was killed left is sent by the next one. Who was named, or watches, is
notified with the next escalation.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.escalation import Notice, digest, named, watched
from ticketctl.content.terminal import line, shortened
from ticketctl.domain.deadlines.escalation import addresses
from ticketctl.domain.mail import mail_loops as loops
from ticketctl.domain.rules.actions import Notify, NotifyEffect
from ticketctl.domain.ticket.mentions import MENTIONED, mentions
from ticketctl.domain.ticket.message import Machine, Message
from ticketctl.domain.ticket.news import is_news
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation import rate_limit
from ticketctl.usecases.people import away, meant
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.session import Session

_WAITING = "notice "  # facts of the desk: "notice <ticket> <rule> <address>" → a _Remembered
NAMED, WATCHED = "mention ", "watching "  # "mention bo 17 m4" → who wrote; "watching bo 17" → events seen
_TEXT = 200
# What comes back for a notice, or may: telling somebody of it would make the next one.
_ECHOES: frozenset[Machine | None] = frozenset(("bounce", "auto_reply", "challenge", "read_receipt"))


class Notices:
    """By address what is to be told."""

    def __init__(self) -> None:
        self.by_address: dict[str, list[Notice]] = {}

    def add(self, to: Iterable[str], notice: Notice) -> None:
        for address in to:
            self.by_address.setdefault(address, []).append(notice)

    def add_rule(self, session: Session, before: Ticket, after: Ticket, effect: NotifyEffect) -> None:
        """What a rule did, and whom that notifies."""
        self.add(_notified(session, after, effect), Notice(before, after, None, _why(effect)))


class _Remembered(msgspec.Struct, frozen=True, array_like=True):
    address: str
    ticket: int
    why: str


def is_echo(message: Message | None) -> bool:
    """Whether a machine wrote it as an answer to a mail: nobody is notified of that."""
    return message is not None and message.machine in _ECHOES


def _notified(session: Session, ticket: Ticket, effect: NotifyEffect, *, by: str = "") -> list[str]:
    """The addresses that a rule notifies, each once: never our own, whose mail would come in again, nor that of the
    agent `by` who did it."""
    own = own_addresses(session) if session.config.outgoing else frozenset[str]()
    agent = session.config.agent(by)
    left_out = own | {agent.email.lower() if agent else ""}
    every = addresses(ticket, [effect.whom], session.config.team, away(session))
    return [address for address in every if address.lower() not in left_out]


def _why(effect: NotifyEffect) -> str:
    return f"{effect.rule}: {effect.why}" if effect.why else effect.rule


def remember(session: Session, desk: Desk, ticket: Ticket, effects: Iterable[NotifyEffect], *, by: str = "") -> None:
    """Notes in the open transaction whom rules notify."""
    for effect in effects:
        for address in _notified(session, ticket, effect, by=by):
            value = _Remembered(address, ticket.number, _why(effect))
            desk.remember(f"{_WAITING}{ticket.number} {effect.rule} {address}", msgspec.json.encode(value).decode())


def take(desk: Desk) -> Notices:
    """What rules are to tell, taken off the desk's memory. What concerns a ticket that is gone is forgotten, and
    so is a conversation that was over when it was imported: it needs nobody."""
    found = Notices()
    kept = [(key, msgspec.json.decode(value, type=_Remembered)) for key, value in desk.facts(_WAITING)]
    for key, one in sorted(kept, key=lambda pair: (pair[1].ticket, pair[0])):
        desk.remember(key, "")
        try:
            ticket = desk.get(one.ticket)
        except NoSuchTicket:
            continue
        if ticket.closed and ticket.resolution == "imported":
            continue
        found.add([one.address], Notice(ticket, ticket, None, one.why))
    return found


class Mailed(msgspec.Struct):
    """How many mails; and `silent`, the tickets with who got no notice of them, since it might only call forth the
    next."""

    mails: int = 0
    silent: dict[int, list[str]] = {}


def mail(session: Session, desk: Desk, notices: Notices) -> Mailed:
    """A mail to each address into the outbox. Tickets that an address opened which answers notices as machines do are
    shown on the board, and left out of the mails."""
    from ticketctl.usecases.outgoing.queue import queue_notice

    config, done = session.config, Mailed()
    echoing = rate_limit.echoes(session, desk, desk.find()) if notices.by_address else {}
    for address, own in notices.by_address.items():
        kept: list[Notice] = []
        silent: list[Notice] = []
        for one in own:
            (silent if loops.is_echo(one.after, echoing) else kept).append(one)
        if kept and not rate_limit.may_notify(session, desk, address, echoing):
            kept, silent = [], own
        for one in silent:
            done.silent.setdefault(one.after.number, []).append(address)
        if kept:
            subject, body = digest(kept, desk=config.name, language=config.language, zone=ZoneInfo(config.timezone))
            queue_notice(session, desk, [address], subject, body, "notification")
            done.mails += 1
    return done


def tell_waiting(session: Session) -> None:
    """At the end of a run: the mails of what rules are to tell."""
    if session.config.outgoing is None or not _any_notifies(session):
        return
    with session.store.reading() as desk:
        if not any(True for _ in desk.facts(_WAITING)):
            return
    with session.store.transaction() as desk, session.store.blobs.together():
        mail(session, desk, take(desk))


def _any_notifies(session: Session) -> bool:
    return any(isinstance(action, Notify) for rule in session.config.rules for action in rule.then)


# --- notes that name somebody, tickets that somebody watches ---


def mention(session: Session, desk: Desk, ticket: Ticket, act: Act, text: str) -> tuple[Ticket, list[str]]:
    """The ticket whose newest message is a note with `text`, with whom it names, and those who are notified: for
    somebody away their stand-in too."""
    key, absent = ticket.messages[-1].key, away(session)
    whom: dict[str, None] = {}
    for name in mentions(text, [agent.name for agent in session.config.team]).agents:
        if name == act.actor:
            continue
        whom.update(dict.fromkeys(one for one in (name, absent.get(name, "")) if one and one != act.actor))
    for name in whom:
        ticket = ticket.changed(act, MENTIONED, key, name)
        if session.config.outgoing and name not in absent:
            desk.remember(f"{NAMED}{name} {ticket.number} {key}", act.actor)
    return ticket, list(whom)


def unknown_names(session: Session, text: str) -> list[str]:
    """A line for each word behind an @ that names nobody."""
    names = [agent.name for agent in session.config.team]
    return [
        f"nobody in team: is called @{line(word)}{meant(word, names)}; nobody was notified"
        for word in mentions(text, names).unknown
    ]


def take_mentions(session: Session, desk: Desk, notices: Notices) -> list[tuple[int, str]]:
    """Adds who was named in notes, and what is new for who watches, and forgets it. Returns which tickets concern
    whom."""
    found: list[tuple[int, str]] = []
    for fact, writer in list(desk.facts(NAMED)):
        desk.remember(fact, "")
        name, number, key = fact.removeprefix(NAMED).rsplit(" ", 2)
        try:
            ticket = desk.get(int(number))
            while ticket.merged_into:
                ticket, key = desk.get(ticket.merged_into), f"{ticket.number}.{key}"
            text = shortened(line(ticket.message(key).text), _TEXT)
        except NoSuchTicket:  # purged, moved or merged since
            continue
        _add(session, notices, name, ticket, named(session.config.language, writer, text))
        found.append((ticket.number, name))
    for fact, seen in list(desk.facts(WATCHED)):
        found += _watched(session, desk, notices, fact, int(seen))
    return list(dict.fromkeys(found))


def _watched(session: Session, desk: Desk, notices: Notices, fact: str, seen: int) -> list[tuple[int, str]]:
    name, number = fact.removeprefix(WATCHED).rsplit(" ", 1)
    try:
        ticket = desk.get(int(number))
    except NoSuchTicket:
        desk.remember(fact, "")
        return []
    if ticket.merged_into:  # from now on what happens there
        desk.remember(fact, "")
        events = desk.get(ticket.merged_into).events
        desk.remember(f"{WATCHED}{name} {ticket.merged_into}", str(len(events)))
    elif len(ticket.events) != seen:
        desk.remember(fact, str(len(ticket.events)))
    fresh = [event for event in ticket.events[seen:] if event.actor != name and is_news(event)]
    if fresh:
        _add(session, notices, name, ticket, watched(session.config.language, fresh))
    return [(ticket.number, name)] if fresh else []


def _add(session: Session, notices: Notices, name: str, ticket: Ticket, why: str) -> None:
    agent = session.config.agent(name)
    if agent is not None:
        notices.add([agent.email], Notice(ticket, ticket, None, why))
