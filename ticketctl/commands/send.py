"""`ticketctl send`"""

from __future__ import annotations

import click

from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words import send as words
from ticketctl.terminal.background import send_after
from ticketctl.terminal.send_output import print_outbox, print_sent
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing import outbox
from ticketctl.usecases.outgoing.send import Send, send


@click.command
@click.argument("mail", required=False, default="", metavar="[ID]")
@click.option("--list", "listing", is_flag=True, help="Show the outbox; send nothing.")
@click.option("--retry", is_flag=True, help="Send the mail ID again, whatever happened to it.")
@click.option("--drop", is_flag=True, help="Delete the mail ID from the outbox.")
@click.option("--after", type=click.FloatRange(0, 3600), hidden=True, help="Wait SECONDS first.")
@click.option("-q", "--quiet", is_flag=True, help="Print only what went wrong.")
@click.pass_obj
def command(shell: Shell, mail: str, listing: bool, retry: bool, drop: bool, after: float | None, quiet: bool) -> None:
    """Send what waits in the outbox.

    If a server cannot be reached or says "later", the mail is tried again after 5 minutes, then less and less
    often for 5 days. Refused mail stays in the outbox, and is shown on its ticket, until you --retry or --drop it.
    If the connection broke at the end of a mail, it is uncertain: a reply is sent once more after 15 minutes; for
    other mail you decide.

    If two runs overlap, the later one skips; one that hangs is reported, with exit code 8. ID is what --list
    shows; its first letters are enough.

    \b
    Examples:
      ticketctl send
      ticketctl send --list
      ticketctl send 3fa9 --retry
    """
    if bool(mail) != (retry or drop) or (retry and drop) or (listing and mail):
        raise Usage(say_in(shell.language, words.TEXTS)("usage"))
    if listing:
        return print_outbox(shell)
    if after is not None:  # started by `reply`
        return send_after(shell, after)
    if drop:
        for item in outbox.drop(shell.session, outbox.MailNamed(mail)):
            shell.say(words.dropped_line(item, shell.language))
        return None
    only = None
    if retry:
        items = outbox.retry(shell.session, outbox.MailNamed(mail))
        only = frozenset(item.message_id for item in items)
    return print_sent(shell, send(shell.session, Send(only)), quiet=quiet)
