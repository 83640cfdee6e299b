"""`ticketctl board`"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

import click

from ticketctl.content.terminal import as_json, width
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.work_order import Standing, State, state
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.scheduling import is_scheduled
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.present.board import Outgoing, board, board_json
from ticketctl.present.json import instant
from ticketctl.present.words.away import away_line
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.styles import STYLES
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.automation import rate_limit as _brake
from ticketctl.usecases.intake.outage_alert import mailboxes_down
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.presence import told, writers
from ticketctl.usecases.views.next_due import in_order

LOST = ("failed", "bounced", "uncertain")


@click.command
@click.pass_obj
def command(shell: Shell) -> None:
    """Show the state right now: unopened, unassigned, overdue, per owner.

    A mailbox that can't be fetched comes first, then the counts, and mails in quarantine that nobody has looked at.
    Each ticket is shown once, under the first heading it belongs to. `waits for us` counts new and open tickets and
    those whose wake-up date has come. A reply that was not delivered stays here until another one was, also where its
    ticket had been closed by then; one that is held back until you release it, cancel it or take it up again
    (`ticketctl outbox`). At the end stands who is away, and who is writing right now.

    \b
    Example:
      ticketctl board
    """
    where = zone(shell.session.config.timezone)
    tomorrow = shell.session.now.astimezone(where).date() + timedelta(days=1)
    with shell.session.store.reading() as desk:
        every = list(desk.find())
        active = in_order(shell.session, (one for one in every if ACTIVE.matches(one)))
        now = state(active, datetime.combine(tomorrow, time(), where), away(shell.session))
        outgoing = _outgoing(shell, desk, now, every)
    if shell.json:
        writing = [
            {"ticket": one.number, "agent": one.agent, "since": instant(one.since)} for one in writers(shell.session)
        ]
        shell.say(as_json({**board_json(now, outgoing, shell.session.now), "writing": writing}))
        return
    lines = board(shell.session.config.name, now, outgoing, shell.session.now, where, min(100, width()))
    shell.say("\n".join(STYLES[kind](text) for text, kind in lines))
    if absent := [
        away_line(name, one, today(shell.session), shell.language)
        for name, one in coming(shell.session)
        if one.start <= today(shell.session)
    ]:
        shell.say("\n".join(["", *absent]))
    if now_writing := [f"#{one.number}: {told(shell.session, one)}" for one in writers(shell.session)]:
        shell.say("\n".join(["", *now_writing]))


def _outgoing(shell: Shell, desk: Desk, now: State, every: Collection[Ticket]) -> Outgoing:
    items = list(desk.outbox())
    lost = [item for item in items if item.state in LOST]
    homes = {desk.find_message(item.message_id) for item in lost if item.message}  # a merge may have moved it
    closed = in_order(shell.session, (one for one in every if one.closed and (one.number in homes or _came_back(one))))
    return Outgoing(
        pending=sum(item.pending and not is_scheduled(item) for item in items),
        deferred=sum(item.state == "deferred" for item in items),
        since=min((item.queued_at for item in items if item.state == "deferred"), default=None),
        stuck=sum(not item.message for item in lost),
        scheduled=sum(item.state == "queued" and is_scheduled(item) for item in items),
        held=_held(shell, desk, every, [item for item in items if item.state == "held"]),
        braked=tuple(map(_brake.told, _brake.held(shell.session, desk, every))),
        down=tuple(mailboxes_down(shell.session, desk)),
        aside=sum(one.looked_at is None for one in desk.quarantined()),
        tickets=(*(one for one in now.all if one.ticket.number in homes or _lost(one.ticket)), *closed),
    )


def _held(shell: Shell, desk: Desk, every: Collection[Ticket], items: Sequence[Outbound]) -> tuple[Standing, ...]:
    """The tickets with a reply that is held back, closed ones too: a thank-you opens none."""
    homes = {desk.find_message(item.message_id) for item in items}
    return tuple(in_order(shell.session, (one for one in every if one.number in homes)))


def _lost(ticket: Ticket) -> bool:
    """Whether its last reply was not delivered."""
    last = ticket.last(direction="out")
    return last is not None and last.delivery in LOST


def _came_back(ticket: Ticket) -> bool:
    """Whether that was learnt only after the ticket was closed: nobody would look there."""
    last = ticket.last(direction="out")
    if last is None or last.delivery not in LOST:
        return False
    for event in reversed(ticket.events):
        if event.what in (f"delivery {last.key}", "closed"):
            return event.what != "closed"
    return False
