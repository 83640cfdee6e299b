"""`ticketctl board`"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import click

from ticketctl.app import App
from ticketctl.commands._people import away
from ticketctl.commands._standing import in_order
from ticketctl.commands._styles import STYLES
from ticketctl.commands._writing import told, writers
from ticketctl.domain.order import State, state
from ticketctl.domain.query import ACTIVE
from ticketctl.domain.ticket import Ticket
from ticketctl.present.board import Outgoing, board, board_json
from ticketctl.present.shapes import instant
from ticketctl.present.terminal import as_json, width
from ticketctl.present.times import zone
from ticketctl.store.base import Desk

LOST = ("failed", "bounced", "uncertain")


@click.command
@click.pass_obj
def command(app: App) -> None:
    """The state right now: unopened, unassigned, overdue, per owner.

    Each ticket is shown once, under the first heading it belongs to. `waits for us` counts new and open tickets and
    those whose wake-up date has come. A reply that was not delivered stays here until another one was.

    \b
    Example:
      ticketctl board
    """
    where = zone(app.config.timezone)
    tomorrow = app.now.astimezone(where).date() + timedelta(days=1)
    with app.store.reading() as desk:
        now = state(in_order(app, desk.find(ACTIVE)), datetime.combine(tomorrow, time(), where), away(app))
        outgoing = _outgoing(desk, now)
    if app.json:
        writing = [{"ticket": one.number, "agent": one.agent, "since": instant(one.since)} for one in writers(app)]
        app.say(as_json({**board_json(now, outgoing, app.now), "writing": writing}))
        return
    lines = board(app.config.name, now, outgoing, app.now, where, min(100, width()))
    app.say("\n".join(STYLES[kind](text) for text, kind in lines))
    if now_writing := [f"#{one.number}: {told(app, one)}" for one in writers(app)]:
        app.say("\n".join(["", *now_writing]))


def _outgoing(desk: Desk, now: State) -> Outgoing:
    items = list(desk.outbox())
    return Outgoing(
        pending=sum(item.pending for item in items),
        deferred=sum(item.state == "deferred" for item in items),
        since=min((item.queued_at for item in items if item.state == "deferred"), default=None),
        stuck=sum(item.state in LOST and not item.ticket for item in items),
        tickets=tuple(one.ticket for one in now.all if _lost(one.ticket)),
    )


def _lost(ticket: Ticket) -> bool:
    """Whether its last reply was not delivered."""
    last = ticket.last(direction="out")
    return last is not None and last.delivery in LOST
