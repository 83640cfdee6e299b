"""`ticketctl label`"""

from __future__ import annotations

import re

import click
from click.shell_completion import CompletionItem

from ticketctl.commands.options import (
    base_revision,
    complete_labels,
    complete_signed_labels,
    dry_run,
    numbers_or,
    wanted_revision,
)
from ticketctl.errors import Usage
from ticketctl.present.words.label import line as label_line
from ticketctl.terminal.arguments import numbers_and_words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.label import Label, label

_MINUS_LABEL = re.compile(r"-[^\W\d_][\w.-]+")


class MinusTakesAway(click.Command):
    """`-vip` is `--remove vip`: click would read it as the options -v -i -p."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        options = [f"--remove={arg[1:]}" if _MINUS_LABEL.fullmatch(arg) else arg for arg in args[:end]]
        return super().parse_args(ctx, options + args[end:])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """-v offers -vip too: click looks for options alone behind a minus."""
        labels = complete_signed_labels(ctx, self.params[0], incomplete) if incomplete.startswith("-") else []
        return labels + super().shell_complete(ctx, incomplete)


@click.command(cls=MinusTakesAway)
@click.argument(
    "words",
    nargs=-1,
    required=True,
    metavar="TICKET... [+LABEL|-LABEL]...",
    shell_complete=numbers_or(complete_signed_labels),
)
@click.option("--remove", multiple=True, metavar="LABEL", shell_complete=complete_labels, help="The same as -LABEL.")
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], remove: tuple[str, ...], dry_run: bool) -> None:
    """Add or remove labels.

    +LABEL (or just LABEL) adds, -LABEL removes. The labels are those of `labels:` in rules.yaml; without such a
    list any word can be a label.

    \b
    Examples:
      ticketctl label 17 +vip -drift
      ticketctl label 17-20 drift
    """
    numbers, others = numbers_and_words(words)
    added = tuple(word.removeprefix("+") for word in others if not word.startswith("-"))
    removed = (*remove, *(word[1:] for word in others if word.startswith("-")))
    if not added and not removed:
        raise Usage("say which labels, as in `ticketctl label 17 +vip -drift`")
    request = Label(tickets=tuple(numbers), add=added, remove=removed, seen=wanted_revision())
    print_batch(shell, label(shell.session, request, keep=not dry_run), label_line, dry_run=dry_run)
