"""`ticketctl patterns name`, `merge`, `split` and `hide`"""

from __future__ import annotations

from collections.abc import Iterable

import click

from ticketctl.commands.options import dry_run, optional_numbers
from ticketctl.commands.patterns_faq import ONE
from ticketctl.content.terminal import as_json
from ticketctl.present.pattern_json import renamed_json
from ticketctl.present.words import patterns as words
from ticketctl.present.words import would
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.patterns import change
from ticketctl.usecases.patterns.change import Renamed


@click.command("name")
@click.argument("number", metavar="ID", type=ONE)
@click.argument("name")
@dry_run
@click.pass_obj
def name_command(shell: Shell, number: int, name: str, dry_run: bool) -> None:
    """Give a pattern a name; "" takes it away again."""
    done = change.name_pattern(shell.session, change.NamePattern(number, name), keep=not dry_run)
    _tell(shell, done, [words.named_line(done, shell.language)], dry_run)


@click.command("merge")
@click.argument("number", metavar="ID", type=ONE)
@click.argument("others", metavar="ID...", type=ONE, nargs=-1, required=True)
@dry_run
@click.pass_obj
def merge_command(shell: Shell, number: int, others: tuple[int, ...], dry_run: bool) -> None:
    """Make patterns one, under the first number; the other numbers mean it from then on."""
    done = change.merge_patterns(shell.session, change.MergePatterns(number, others), keep=not dry_run)
    _tell(shell, done, [words.merged_line(done, shell.language)], dry_run)


@click.command("split")
@click.argument("number", metavar="ID", type=ONE)
@optional_numbers
@dry_run
@click.pass_obj
def split_command(shell: Shell, number: int, numbers: list[int], dry_run: bool) -> None:
    """Split a pattern: the named tickets, else the most similar ones, become a new pattern.

    The largest part keeps the number. Each part has at least five tickets.
    """
    done = change.split_pattern(shell.session, change.SplitPattern(number, tuple(numbers)), keep=not dry_run)
    _tell(shell, done, words.split_lines(done, shell.language), dry_run)


@click.command("hide")
@click.argument("number", metavar="ID", type=ONE)
@click.option("--undo", is_flag=True, help="Show it again.")
@dry_run
@click.pass_obj
def hide_command(shell: Shell, number: int, undo: bool, dry_run: bool) -> None:
    """Leave a pattern out of lists and warnings; new tickets still join it."""
    done = change.hide_pattern(shell.session, change.HidePattern(number, show=undo), keep=not dry_run)
    _tell(shell, done, [words.hidden_line(done, shell.language)], dry_run)


def _tell(shell: Shell, done: Renamed, lines: Iterable[str], dry_run: bool) -> None:
    if shell.json:
        lines = map(as_json, renamed_json(done))
    elif dry_run:
        lines = [would(shell.language, line) for line in lines]
    for line in lines:
        shell.say(line)
