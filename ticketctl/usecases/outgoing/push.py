"""Short notices to the targets of `notify:`. What happened is remembered in the commit in which it happened; the next
run of `send` makes one notice a target of all that is still so, puts it into the outbox, and sends it as it sends mail.
No request and no person waits for a service."""

from __future__ import annotations

from collections.abc import Iterable

from ticketctl.content.push import WORDS, push
from ticketctl.domain.config import PushEvent
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.queue import queue_push
from ticketctl.usecases.session import Session

_WAITING = "push "  # facts of the desk: "push KIND WHAT" → a text for it, or "1"; KIND is a key of content.push.WORDS
_EVENT: dict[str, PushEvent] = {"source_down": "source", "source_up": "source"}
_OF_TICKETS = ("escalation", "high", "chat")


def remember_push(session: Session, desk: Desk, kind: str, what: str, text: str = "1") -> bool:
    """In an open transaction; False where no target wants to know."""
    wanted = any(_event(kind) in target.events for target in session.config.notify)
    if wanted:
        desk.remember(f"{_WAITING}{kind} {what}", text)
    return wanted


def remember_new(session: Session, desk: Desk, ticket: Ticket) -> None:
    """Of a ticket that has just come in, after its rules."""
    if ticket.spam or ticket.closed:
        return
    if ticket.priority == "high":
        remember_push(session, desk, "high", str(ticket.number))
    if ticket.channel == "chat":
        remember_push(session, desk, "chat", str(ticket.number))


def any_waits(session: Session, desk: Desk) -> bool:
    return bool(session.config.notify) and any(True for _ in desk.facts(_WAITING))


def queue_pushes(session: Session, desk: Desk) -> None:
    """One notice a target into the outbox, of all that waits and is still so."""
    happened: dict[str, list[str]] = {kind: [] for kind in WORDS["en"]}
    for fact, text in sorted(desk.facts(_WAITING), key=lambda pair: _order(pair[0])):
        desk.remember(fact, "")
        kind, _, what = fact.removeprefix(_WAITING).partition(" ")
        if kind in happened:
            happened[kind] += _still(desk, kind, what, text)
    site = session.config.web.address
    for target in session.config.notify:
        wanted = {kind: things for kind, things in happened.items() if things and _event(kind) in target.events}
        if wanted:
            queue_push(session, desk, target.name, *push(session.config.name, wanted, session.config.language, site))


def _still(desk: Desk, kind: str, what: str, text: str) -> Iterable[str]:
    """What to name it; nothing where it is over."""
    if kind not in _OF_TICKETS:
        return [what if text == "1" else text]
    try:
        ticket = desk.get(int(what))
    except NoSuchTicket:
        return []
    if ticket.closed or ticket.spam or (kind == "chat" and _is_answered(ticket)):
        return []
    return [f"#{ticket.number}"]


def _is_answered(ticket: Ticket) -> bool:
    said = [one for one in ticket.messages if one.kind == "message" and one.direction != "internal"]
    return bool(said) and said[-1].direction == "out"


def _order(fact: str) -> tuple[int, str]:
    last = fact.rpartition(" ")[2]
    return (int(last), fact) if last.isdecimal() else (0, fact)


def _event(kind: str) -> str:
    return _EVENT.get(kind, kind)
