"""`ticketctl completion`"""

from __future__ import annotations

import click

from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words.completion import TEXTS


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the shell completion for bash, zsh or fish.

    It completes commands, options, ticket numbers, agents, snippets, labels, fields, causes and sources of the desk
    you are in. For bash put the line of the example into ~/.bashrc; for zsh the same with zsh into ~/.zshrc; for fish
    write the output to ~/.config/fish/completions/ticketctl.fish.

    \b
    Example:
      eval "$(ticketctl completion bash)"
    """
    say = say_in(ctx.obj.language, TEXTS)
    if ctx.obj.json:
        raise Usage(say("not_as_json"))
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise Usage(say("none", name=shell))
    root = ctx.find_root()
    click.echo(made(root.command, {}, "ticketctl", "_TICKETCTL_COMPLETE").source())
