"""`ticketctl undo`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, change_each
from ticketctl.commands._people import act
from ticketctl.commands._scheduled import drop_taken_back, free
from ticketctl.commands.options import dry_run, numbers
from ticketctl.commands.unmerge import taken_out
from ticketctl.domain.ticket import Act, Ticket
from ticketctl.domain.undoing import last_command, merged_from, undo
from ticketctl.errors import Refused
from ticketctl.present.terminal import line
from ticketctl.store.base import Desk


@click.command
@numbers
@dry_run
@click.pass_obj
def command(app: App, numbers: list[int], dry_run: bool) -> None:
    """Take your last command on a ticket back.

    It works for assign, take, priority, label, set, wait, close, reopen, spam and merge, each by the opposite change;
    the history keeps both. Only what is still as you left it is taken back: what somebody changed since is theirs, and
    is told. Notes stay. A reply that is still in the outbox becomes a draft again; one that has left by mail cannot
    come back, and what else `reply` did (wait, close) is undone. A second undo takes the first one back.

    \b
    Example:
      ticketctl undo 17 --dry-run
      ticketctl undo 17
    """
    acting = act(app, "undo")
    change_each(app, numbers, lambda desk, ticket: _decide(desk, ticket, acting), dry_run=dry_run)


def _decide(desk: Desk, ticket: Ticket, acting: Act) -> Change:
    events = last_command(ticket, acting.actor)
    name = line(events[-1].why) or "the last command"
    if any(event.what == "merged into" for event in events):
        return taken_out(desk, ticket, acting)
    if sources := merged_from(events):
        source = ", ".join(f"#{number}" for number in sources)
        first = sources[0]
        raise Refused(f"#{ticket.number}: {source} came in by a merge; `ticketctl undo {first}` takes it out again")
    done = undo(ticket, acting, events, free(desk, ticket))
    drop_taken_back(desk, ticket, done.ticket)
    kept = f"; but {line('; '.join(done.kept))}" if done.kept else ""
    return Change(done.ticket, f"#{ticket.number} undone ({name}): {line(', '.join(done.taken_back))}{kept}")
