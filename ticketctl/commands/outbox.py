"""`ticketctl outbox`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.present.words import outbox as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.send_output import print_outbox, print_sent
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.outbox import MailNamed, release
from ticketctl.usecases.outgoing.send import Send, send
from ticketctl.usecases.reply.take_back import TakeBack, take_back


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show what waits to be sent; release it, or make it a draft again.

    A scheduled reply (`reply --later`) is sent by the first `ticketctl send` after its time. If the customer, or
    anybody else outside the team, writes on the ticket before that, it is held back until you release or cancel
    it. WHICH is the reply's ticket, or the first letters of the mail's id.

    \b
    Examples:
      ticketctl outbox
      ticketctl outbox release 17
      ticketctl outbox cancel 17
    """
    if ctx.invoked_subcommand is None:
        print_outbox(ctx.obj)


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List what waits to be sent, oldest first.

    One line for each mail, and below it its failures so far. `outbox` alone and `send --list` do the same.
    """
    print_outbox(shell)


@command.command("release")
@click.argument("which", metavar="WHICH")
@click.pass_obj
def release_command(shell: Shell, which: str) -> None:
    """Send a reply now that is held back or scheduled.

    It is dated now, and also answers what was written meanwhile.

    \b
    Example:
      ticketctl outbox release 17
    """
    released = release(shell.session, MailNamed(which))
    print_sent(shell, send(shell.session, Send(frozenset(one.message_id for one in released))))


@command.command("cancel")
@click.argument("which", metavar="WHICH")
@click.pass_obj
def cancel_command(shell: Shell, which: str) -> None:
    """Take a reply out of the outbox and make it a draft again.

    `ticketctl reply` continues the draft. A ticket that only waited for the answer to it is opened. A reply that
    may have reached a recipient cannot be cancelled.

    \b
    Example:
      ticketctl outbox cancel 17
    """
    print_batch(shell, (take_back(shell.session, TakeBack(mail=which)),), words.cancelled_line)
