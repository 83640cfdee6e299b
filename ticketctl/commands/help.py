"""`ticketctl help`: what `--help` says, under the name that people type."""

from __future__ import annotations

import click


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
    here = ctx.find_root()
    found: click.Command = here.command
    for word in words:
        if not isinstance(found, click.Group):
            raise click.UsageError(f"`{here.info_name}` has no command {word!r} of its own", here)
        _, child, _ = found.resolve_command(here, [word])
        if child is None:
            raise click.UsageError(f"no command {word!r}", here)
        here = child.make_context(word, [], parent=here, resilient_parsing=True)
        found = child
    click.echo(found.get_help(here))
