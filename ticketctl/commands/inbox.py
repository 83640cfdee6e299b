"""`ticketctl inbox`"""

from __future__ import annotations

import click

from ticketctl.content.terminal import as_json, shortened, width
from ticketctl.content.times import zone
from ticketctl.present.inbox import View, inbox_json, inbox_lines
from ticketctl.present.words.board import count_words
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.inbox import inbox


@click.command
@click.option("--peek", is_flag=True, help="Show it, and show it again next time.")
@click.pass_obj
def command(shell: Shell, peek: bool) -> None:
    """Show what changed on your tickets since you last looked.

    What customers wrote, and what colleagues, rules and escalation did, ticket by ticket; your own changes are
    left out. A ticket that was reassigned from you is shown once more. It also shows tickets that you `watch`,
    notes that name you (@alice), and the tickets of somebody whose deputy you are. Each change is shown once;
    --peek keeps it as new. Administrators also see the number of unread mails in quarantine.

    \b
    Examples:
      ticketctl inbox
      ticketctl inbox --peek
    """
    session, language = shell.session, shell.language
    found = inbox(session, keep=not peek)
    if shell.json:
        for shape in inbox_json(found):
            shell.say(as_json(shape))
        return
    if found.quarantined:
        shell.say(shortened(count_words("quarantined", found.quarantined, language), width()))
    where = zone(session.config.timezone)
    view = View(reader=session.actor, now=session.now, zone=where, room=width(), language=language)
    for text in inbox_lines(found, view):
        shell.say(text)
