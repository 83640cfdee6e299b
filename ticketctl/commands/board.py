"""`ticketctl board`"""

from __future__ import annotations

import click

from ticketctl.content.terminal import as_json, width
from ticketctl.content.times import zone
from ticketctl.present.board import View, board_json, board_lines
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.styles import STYLES
from ticketctl.usecases.views.board import board

WIDEST = 100


@click.command
@click.pass_obj
def command(shell: Shell) -> None:
    """Show the state right now: unopened, unassigned, overdue, per owner.

    A mailbox that can't be fetched comes first, then the counts, and unread mail in quarantine. Each ticket is
    shown once, under the first heading that applies. `waits for us` counts new and open tickets and those whose
    wake-up date has come. A reply that was not delivered is shown until another one is sent, even if its ticket is
    closed; one that is held back until you release, cancel or continue it (`ticketctl outbox`). What comes unusually
    often is shown for 14 days (docs/changes.md). The last lines show who is away, and who is writing right now.

    \b
    Example:
      ticketctl board
    """
    session = shell.session
    found = board(session)
    if shell.json:
        shell.say(as_json(board_json(found, session.now)))
        return
    config, room = session.config, min(WIDEST, width())
    view = View(name=config.name, now=session.now, zone=zone(config.timezone), room=room, language=shell.language)
    shell.say("\n".join(STYLES[kind](text) for text, kind in board_lines(found, view)))
