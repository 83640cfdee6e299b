"""Webhooks: each event of a ticket is put into the outbox in the commit in which it happened, and `send` sends it.

A receiver that cannot be reached is tried again after 1, 2, 4 … minutes, at most 4 hours, or when it says; one that
fails for three days, or says that it is gone, is paused until somebody resumes it. While it is paused, and beyond 1,000
that wait, events are not queued but counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.config import Webhook
from ticketctl.domain.ticket.delivery import Accepted, Outcome
from ticketctl.domain.ticket.outbound import HOOK, Outbound
from ticketctl.domain.ticket.ticket import Event, Ticket
from ticketctl.domain.ticket.webhook import hook_body, hook_event
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import App, Session

FACT = "hook "  # facts of the desk: "hook NAME" → a HookState
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=4)
PAUSED_AFTER = timedelta(days=3)
SAID_AFTER = timedelta(hours=1)  # on the board: a restart of the receiver is nothing to look at
MOST = 1_000  # that wait for one receiver


class HookState(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Of a receiver that does not work: since when, how often it was tried, when it is tried next, when it was paused,
    how many events were not queued for it."""

    since: datetime | None = None
    tries: int = 0
    next_at: datetime | None = None
    paused_at: datetime | None = None
    missed: int = 0


class Hook(msgspec.Struct, frozen=True):
    """A receiver of rules.yaml; `waiting` are its events in the outbox."""

    webhook: Webhook
    state: HookState
    waiting: int


class ResumeHook(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class PingHook(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class FailingHook(msgspec.Struct, frozen=True):
    """A receiver that has taken nothing since then; `paused`: it is not tried any more."""

    name: str
    since: datetime
    paused: bool


def announce(app: App, desk: Desk) -> None:
    """Queues what happened to tickets in this unit of work, before it is stored."""
    waiting = _waiting(desk)
    for ticket, event, sequence in _news(desk):
        kind = hook_event(event, first=sequence == 1)
        for hook in app.config.webhooks:
            if hook.events and kind not in hook.events:
                continue
            state = state_of(desk, hook.name)
            if state.paused_at or waiting.get(hook.name, 0) >= MOST:
                _remember(desk, hook.name, msgspec.structs.replace(state, missed=state.missed + 1))
                continue
            waiting[hook.name] = waiting.get(hook.name, 0) + 1
            desk.queue(_item(app, hook, ticket, event, sequence))


def may_try(desk: Desk, item: Outbound, now: datetime) -> bool:
    """Whether its receiver may be tried now; what is no webhook may."""
    if item.medium != HOOK:
        return True
    state = state_of(desk, item.recipients[0])
    return state.paused_at is None and (state.next_at is None or state.next_at <= now)


def note_try(desk: Desk, item: Outbound, outcome: Outcome, now: datetime) -> None:
    """What a try tells of the receiver as a whole."""
    if item.medium != HOOK:
        return
    name = item.recipients[0]
    state = state_of(desk, name)
    if isinstance(outcome, Accepted):
        if state.since is not None:
            _remember(desk, name, HookState(missed=state.missed))
        return
    if not (outcome.everything or outcome.permanent):
        return  # this event alone: others may be taken
    since = state.since or now
    delay = max(min(FIRST * 2 ** min(state.tries, 10), LONGEST), timedelta(seconds=outcome.wait))
    dead = outcome.permanent or now - since >= PAUSED_AFTER
    failing = HookState(since=since, tries=state.tries + 1, next_at=now + delay, missed=state.missed)
    _remember(desk, name, msgspec.structs.replace(failing, paused_at=now) if dead else failing)


def webhooks(session: Session) -> tuple[Hook, ...]:
    session.must("webhook list")
    with session.store.reading() as desk:
        waiting = _waiting(desk)
        return tuple(Hook(one, state_of(desk, one.name), waiting.get(one.name, 0)) for one in session.config.webhooks)


def resume_hook(session: Session, request: ResumeHook, *, keep: bool = True) -> Hook:
    """It is tried again with the next `send`, with what waits for it: the receiver as it was. Raises NoSuchTicket,
    NotAllowed."""
    session.must("webhook resume", keep=keep)
    found = _named(session, request.name)
    with session.store.transaction(keep=keep) as desk:
        was = Hook(found, state_of(desk, found.name), _waiting(desk).get(found.name, 0))
        desk.remember(FACT + found.name, "")
        for item in list(desk.outbox()):
            if item.medium == HOOK and item.recipients[0] == found.name and item.state in ("deferred", "failed"):
                desk.queue(msgspec.structs.replace(item, state="queued", next_at=None, ended_at=None))
    return was


def ping_hook(session: Session, request: PingHook, *, keep: bool = True) -> Hook:
    """Sends an event "ping", which says nothing of any ticket, at once, whatever waits and even while the receiver is
    paused: the receiver as it is, which this does not change. Raises NoSuchTicket, NotAllowed, SendFailed."""
    session.must("webhook test", keep=keep)
    found = _named(session, request.name)
    with session.store.reading() as desk:
        hook = Hook(found, state_of(desk, found.name), _waiting(desk).get(found.name, 0))
    if keep:
        body = {"type": "ping", "timestamp": session.now, "data": {}}
        with closing(session.app.sink(HOOK)) as sink:
            sink.send("", (found.name,), _raw(session.new_id(), body))
    return hook


def failing_hooks(session: Session, desk: Desk) -> tuple[FailingHook, ...]:
    """Those that are paused or have taken nothing for an hour."""
    states = [(one.name, state_of(desk, one.name)) for one in session.config.webhooks]
    return tuple(
        FailingHook(name, state.since or state.paused_at or session.now, state.paused_at is not None)
        for name, state in states
        if state.paused_at or (state.since and session.now - state.since >= SAID_AFTER)
    )


def _named(session: Session, name: str) -> Webhook:
    for one in session.config.webhooks:
        if one.name == name:
            return one
    raise NoSuchTicket("there is no webhook {name} in rules.yaml", code="no_webhook", name=name)


def state_of(desk: Desk, name: str) -> HookState:
    value = desk.recall(FACT + name)
    return msgspec.json.decode(value, type=HookState) if value else HookState()


def _remember(desk: Desk, name: str, state: HookState) -> None:
    desk.remember(FACT + name, "" if state == HookState() else msgspec.json.encode(state).decode())


def _waiting(desk: Desk) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in desk.outbox():
        if item.medium == HOOK and item.pending:
            found[item.recipients[0]] = found.get(item.recipients[0], 0) + 1
    return found


def _news(desk: Desk) -> Iterator[tuple[Ticket, Event, int]]:
    """Each event with its ticket as it is stored and its place in the ticket's history, from 1. What was imported is
    old: it makes no event."""
    happened: dict[int, list[Event]] = {}
    for number, event in desk.happened:
        happened.setdefault(number, []).append(event)
    for number, events in happened.items():
        try:
            ticket = desk.get(number)
        except NoSuchTicket:
            continue  # deleted in the same unit
        if ticket.resolution == "imported" or any(event.what == "imported" for event in events):
            continue
        first = max(0, len(ticket.events) - len(events)) + 1
        for sequence, event in enumerate(events, first):
            yield ticket, event, sequence


def _item(app: App, hook: Webhook, ticket: Ticket, event: Event, sequence: int) -> Outbound:
    """What is sent is frozen here, but for time and signature."""
    key, body = app.new_id(), hook_body(ticket, event, sequence, texts=hook.texts, fields=app.config.fields)
    return Outbound(
        id=key,
        kind="event",
        message_id=f"{key}@{HOOK}.invalid",
        raw=app.store.blobs.put(_raw(key, body)),
        sender="",
        recipients=(hook.name,),
        queued_at=event.at,
        subject=body["type"],
        ticket=ticket.number,
        medium=HOOK,
    )


def _raw(key: str, body: object) -> bytes:
    """As the sink wants it: the id, a line end and the body."""
    return f"evt_{key}\n".encode() + msgspec.json.encode(body)
