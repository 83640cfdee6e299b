"""`ticketctl help`: what `--help` says, under the name that people type."""

from __future__ import annotations

import click

from ticketctl.present.words import say_in
from ticketctl.present.words.help import TEXTS


@click.command
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command, or of all.

    The same as `ticketctl COMMAND --help`, also for commands with a second word.

    \b
    Examples:
      ticketctl help
      ticketctl help reply
      ticketctl help outbox release
    """
    say = say_in(ctx.obj.language, TEXTS)
    here = ctx.find_root()
    found: click.Command = here.command
    for word in words:
        if not isinstance(found, click.Group):
            raise click.UsageError(say("no_second", command=here.info_name, word=word), here)
        _, child, _ = found.resolve_command(here, [word])
        if child is None:
            raise click.UsageError(say("no_command", word=word), here)
        here = child.make_context(word, [], parent=here, resilient_parsing=True)
        found = child
    click.echo(found.get_help(here))
