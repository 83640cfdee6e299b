"""`ticketctl undo`"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import click

from ticketctl.commands.options import dry_run, numbers
from ticketctl.content.terminal import line, safe
from ticketctl.content.times import local, zone
from ticketctl.domain.changes.undo import last_command, merged_from, refuse_departed, undo
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.present.undone import now_true
from ticketctl.present.words import unmerge as unmerge_words
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.schedule import drop_taken_back, free
from ticketctl.usecases.people import act, away
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.change import Change
from ticketctl.usecases.tickets.undo_move import moved_back
from ticketctl.usecases.tickets.unmerge import released

OLD = timedelta(days=1)


@click.command
@numbers
@click.option("--yes", is_flag=True, help="Do not ask about what is older than a day.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], yes: bool, dry_run: bool) -> None:
    """Take your last command on a ticket back.

    It works for assign, take, handover, triage, priority, label, set, wait, promise, watch, close, reopen, spam, merge,
    move and split, each by the opposite change; the history keeps both. Only what is still as you left it is taken
    back: what somebody changed since is theirs, and is told. Notes stay. A reply that is still in the outbox becomes a
    draft again; one that has left by mail cannot come back: then nothing is undone, and the commands are named that
    change what else it did. What is older than a day is asked about. A second undo takes the first one back, but for a
    merge and a move, which are made again.

    \b
    Examples:
      ticketctl undo 17 --dry-run
      ticketctl undo 17
    """
    acting = act(shell.session, "undo")
    if not (yes or dry_run):
        _ask_about_old(shell, numbers, acting)
    change_each(shell.session, numbers, lambda desk, ticket: _decide(shell, desk, ticket, acting), dry_run=dry_run)


def _decide(shell: Shell, desk: Desk, ticket: Ticket, acting: Act) -> Change:
    events = last_command(ticket, acting.actor)
    if any(event.what == "merged into" for event in events):
        out = released(desk, acting, ticket)
        return Change(out.after, unmerge_words.line(Done(ticket.number, out), shell.language))
    if sources := merged_from(events):
        source = ", ".join(f"#{number}" for number in sources)
        first = sources[0]
        raise Refused(f"#{ticket.number}: {source} came in by a merge; `ticketctl undo {first}` takes it out again")
    if parted := next((event for event in events if event.what in ("unmerged", "released")), None):
        gone, of = (
            (f"#{ticket.number}", parted.before) if parted.what == "unmerged" else (parted.before, f"#{ticket.number}")
        )
        again = f"`ticketctl merge {gone[1:]} --into {of[1:]}` merges again"
        raise Refused(f"#{ticket.number}: {gone} was taken out of {of}; {again}")
    if away_from := next((event for event in events if event.what == "moved away"), None):
        return moved_back(shell.session, desk, ticket, acting, away_from)
    if here := next((event for event in events if event.what == "moved here"), None):
        origin = here.before.partition(" ")[0].removeprefix("#")
        raise Refused(f"#{ticket.number}: {here.after} came in by a move; `ticketctl undo {origin}` takes it back")
    still = free(desk, ticket)
    refuse_departed(ticket, events, still)
    done = undo(ticket, acting, events, still)
    drop_taken_back(desk, ticket, done.ticket)
    kept = f"; but {line('; '.join(done.kept))}" if done.kept else ""
    told = now_true(ticket, done.ticket, zone(shell.session.config.timezone))
    return Change(done.ticket, told + kept + _absent(shell, done.ticket))


def _ask_about_old(shell: Shell, numbers: list[int], acting: Act) -> None:
    """Raises Refused where a command is older than a day, and nobody says or can be asked whether it is meant."""
    told = []
    with shell.session.store.reading() as desk:
        for number in numbers:
            with suppress(NoSuchTicket, Refused):
                last = last_command(desk.get(number), acting.actor)[-1]
                if shell.session.now - last.at > OLD:
                    name = line(last.why) or "the last command"
                    told.append(f"#{number}: your `{name}` was {local(last.at, zone(shell.session.config.timezone))}")
    if not told:
        return
    if not answers(shell):
        raise Refused(f"{'; '.join(told)}, more than a day ago; `ticketctl undo --yes` takes it back all the same")
    if not click.confirm(safe(f"{'; '.join(told)}. Take it back?")):
        raise Refused("nothing was changed")


def _absent(shell: Shell, ticket: Ticket) -> str:
    """It goes back to whose it was, also to somebody who is away."""
    absent = away(shell.session)
    if ticket.assignee not in absent:
        return ""
    stand_in = absent[ticket.assignee]
    return f"; {ticket.assignee} is away, {f'{stand_in} stands in' if stand_in else 'and nobody stands in'}"
