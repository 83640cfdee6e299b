"""When a reply leaves: at the time that --later names, or once the writer can no longer take it back.

A window of up to a minute (`outgoing: {undo: 10s}`) is the command's own: on a terminal it waits so long, and the reply
leaves without cron. A longer one is spent in the outbox, and the next `ticketctl send` after it takes the reply along.
"""

from __future__ import annotations

import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from select import select
from time import monotonic

import msgspec

from ticketctl.app import App
from ticketctl.commands._people import act
from ticketctl.commands._scheduled import drop_taken_back, free
from ticketctl.commands._texts import answers
from ticketctl.commands.wait import wake_time
from ticketctl.domain.message import Message
from ticketctl.domain.outbound import Outbound
from ticketctl.domain.ticket import Ticket
from ticketctl.domain.undoing import last_command, undo
from ticketctl.errors import Interrupted, Refused, Usage
from ticketctl.present.times import local, zone
from ticketctl.store.base import Desk

STEP = 0.2  # seconds
LONGEST_PROMPT = 60  # seconds that a command makes somebody wait


def reply_of(ticket: Ticket) -> Message:
    """The reply that was just written; a rule may have added messages behind it."""
    return next(one for one in reversed(ticket.messages) if one.is_reply)


def leaving_time(app: App, later: str) -> datetime | None:
    """The instant that --later names (the words of `wait`), None without it; raises Usage."""
    if not later:
        return None
    try:
        return wake_time(app, later)
    except Usage as unclear:
        raise Usage(f"--later: {unclear}") from None


def when_it_leaves(app: App, later: str) -> App:
    """The App of that moment: times that a reply names are reckoned from when it leaves."""
    return replace(app, now=leaving_time(app, later) or app.now)


def window(app: App) -> timedelta:
    """How long replies can be taken back; nothing where a short window has nobody who could."""
    seconds = app.config.outgoing.undo if app.config.outgoing else 0
    return timedelta(seconds=seconds if seconds > LONGEST_PROMPT or answers(app) else 0)


def after_window(app: App, tickets: Sequence[Ticket]) -> App:
    """Once the replies that were just queued on these tickets can leave: the App of that moment. Raises Interrupted
    where the writer took them back."""
    seconds = window(app).total_seconds()
    if not 0 < seconds <= LONGEST_PROMPT or not tickets:
        return app
    names = ", ".join(f"#{ticket.number}" for ticket in tickets)
    leave = "the replies leave"
    if len(tickets) == 1:
        message = reply_of(tickets[0])
        leave = f"the reply to {', '.join(one.address for one in (*message.to, *message.cc, *message.bcc))} leaves"
    start = monotonic()
    try:
        _forget_typed()
        app.say(f"{names}: {leave} in {seconds:.0f} s; Enter sends now, Ctrl-C takes back")
        _key_or(seconds)
    except KeyboardInterrupt:
        raise Interrupted("; ".join(_taken_back(app, tickets))) from None
    with app.store.transaction() as desk:
        for item in _replies(desk, tickets):
            desk.queue(msgspec.structs.replace(item, next_at=None))
    return replace(app, now=app.now + timedelta(seconds=monotonic() - start))


def leaves_words(app: App, ticket: Ticket) -> str:
    """For a reply that waits for its time, what the command says of it; "" for one that leaves at once."""
    message = reply_of(ticket)
    where = zone(app.config.timezone)
    back = f"`ticketctl undo {ticket.number}` takes it back"
    if message.leaves_at is not None:
        return f"leaves {local(message.leaves_at, where)}; {back}"
    until = app.now + window(app)
    return f"leaves with the first `ticketctl send` after {until.astimezone(where):%H:%M:%S}; {back}"


def warn_of_waiting(app: App, ticket: Ticket) -> None:
    """Tells whoever is about to write that another reply waits for its time."""
    number = ticket.number
    for one in ticket.messages:
        if one.leaves_at is not None and one.is_reply:
            when = local(one.leaves_at, zone(app.config.timezone))
            fate = "is held back" if one.delivery == "held" else f"leaves {when}"
            told = f"#{number}: {one.author}’s reply {one.key} {fate}"
            app.warn(f"{told}; `ticketctl outbox cancel {number}` makes it a draft")


def _key_or(seconds: float) -> None:
    """Returns when a line is typed, or after that time. In short steps: a Ctrl-C that comes just before `select` would
    be heard only when that ends."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        if select([sys.stdin], [], [], min(left, STEP))[0]:
            sys.stdin.readline()
            return


def _forget_typed() -> None:
    """What was typed before the question does not answer it."""
    with suppress(termios.error):
        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _replies(desk: Desk, tickets: Sequence[Ticket]) -> list[Outbound]:
    ids = {reply_of(ticket).message_id for ticket in tickets}
    return [item for item in desk.outbox() if item.message_id in ids and item.state == "queued"]


def _taken_back(app: App, tickets: Sequence[Ticket]) -> list[str]:
    acting, told = act(app, "reply taken back"), []
    with app.store.transaction() as desk:
        for number in (ticket.number for ticket in tickets):
            before = desk.get(number)
            try:
                after = undo(before, acting, last_command(before, acting.actor), free(desk, before)).ticket
                drop_taken_back(desk, before, after)
            except Refused as gone:
                told.append(str(gone))
                continue
            desk.save(after)
            back = f"the reply is a draft again; `ticketctl reply {number}` goes on with it"
            told.append(f"#{number}: nothing was sent, {back}")
    return told
