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

    What customers wrote, and what colleagues, rules and escalation did, ticket by ticket; what you did yourself is
    left out. A ticket that was taken from you shows once more. So does what you `watch`, a note that names you
    (@alice), and the tickets of somebody away for whom you stand in. Each thing is shown once; --peek leaves it as new.
    Administrators see how many mails are in quarantine that nobody has looked at.

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
