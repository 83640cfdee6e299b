"""`ticketctl drafts`"""

from __future__ import annotations

import click

from ticketctl.commands.options import optional_numbers
from ticketctl.content.terminal import as_json, width
from ticketctl.errors import Usage
from ticketctl.present.json import draft_json
from ticketctl.present.words import drafts as words
from ticketctl.present.words import say_in
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.reply.drafts import DropDraft, FindDrafts, drafts, drop_draft


@click.command
@optional_numbers
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--drop", is_flag=True, help="Delete your draft on these tickets.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], mine: bool, drop: bool) -> None:
    """List the drafts of replies, or drop one.

    `reply N` continues the draft on a ticket (your own before a colleague's); `reply N --send` sends it. Texts
    from an editor that crashed are listed below, with the file that contains them.

    \b
    Examples:
      ticketctl drafts --mine
      ticketctl drafts 17 --drop
    """
    if drop:
        if not numbers:
            raise Usage(say_in(shell.language, words.TEXTS)("which"))
        return print_batch(shell, drop_draft(shell.session, DropDraft(tickets=tuple(numbers))), words.dropped_line)
    found = drafts(shell.session, FindDrafts(tickets=tuple(numbers), mine=mine))
    in_json = (as_json(draft_json(one.ticket, one.message)) for one in found.drafts)
    said = words.lines(found, shell.language, now=shell.session.now, width=width())
    for line in in_json if shell.json else said:
        shell.say(line)
    return None
