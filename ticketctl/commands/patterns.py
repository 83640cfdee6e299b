"""`ticketctl patterns`"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from ticketctl.commands.options import add_globals, dry_run, optional_numbers
from ticketctl.content.terminal import as_json, width
from ticketctl.present.pattern_json import faq_json, renamed_json, row_json, shown_json
from ticketctl.present.words import patterns as words
from ticketctl.present.words import would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.patterns import change, faq, overview
from ticketctl.usecases.patterns.change import Renamed


class PatternNumber(click.ParamType[int]):
    """P7, p7 or 7."""

    name = "ID"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"[Pp]?([1-9]\d{0,8})", str(value))
        return int(found[1]) if found else self.fail(f"{value!r} is no pattern; write it as P7", param, ctx)


ONE = PatternNumber()


@click.group(invoke_without_command=True)
@click.option("--since", default="", metavar="LENGTH", help="Only tickets that came so long ago: 90d, 8 weeks, 1 year.")
@click.pass_context
def command(ctx: click.Context, since: str) -> None:
    """Show which questions come again and again.

    A pattern is a group of five tickets or more about the same thing. Its number is for life (P7), and a ticket stays
    in its pattern. Its name is three words that tell it from all other tickets, until you give it a name. New tickets
    are grouped here and by `escalate`. See docs/patterns.md for how, and for what it cannot tell.

    \b
    Examples:
      ticketctl patterns
      ticketctl patterns list --since 90d
      ticketctl patterns show P7
      ticketctl patterns name P7 "Faktura utan moms"
      ticketctl patterns faq P7
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command, since=since)


add_globals(command)


@command.command("list")
@click.option("--since", default="", metavar="LENGTH", help="Only tickets that came so long ago: 90d, 8 weeks, 1 year.")
@click.pass_obj
def list_command(shell: Shell, since: str) -> None:
    """List the patterns, those with most tickets first.

    With a bar for each of the last 13 weeks, whether the pattern's share of all tickets has changed, the median time to
    the last close in opening hours, and how many were reopened by the customer. "New": its first ticket came in the
    last 30 days. With --json an object a line.
    """
    found = overview.patterns(shell.session, overview.FindPatterns(since=since))
    said = words.lines(found, shell.language, width())
    for line in (as_json(row_json(row, found.proposals)) for row in found.rows) if shell.json else said:
        shell.say(line)


@command.command("show")
@click.argument("number", metavar="ID", type=ONE)
@click.pass_obj
def show_command(shell: Shell, number: int) -> None:
    """Show a pattern: its tickets, what became of them, and three questions.

    What tells of a person is taken out of the questions. That you read them is noted in the audit log.
    """
    found = overview.show_pattern(shell.session, overview.ShowPattern(id=number))
    print_answer(shell, shown_json(found), words.shown_lines(found, shell.language))


@command.command("name")
@click.argument("number", metavar="ID", type=ONE)
@click.argument("name")
@dry_run
@click.pass_obj
def name_command(shell: Shell, number: int, name: str, dry_run: bool) -> None:
    """Give a pattern a name; "" takes it away again."""
    done = change.name_pattern(shell.session, change.NamePattern(number, name), keep=not dry_run)
    _tell(shell, done, [words.named_line(done, shell.language)], dry_run)


@command.command("merge")
@click.argument("number", metavar="ID", type=ONE)
@click.argument("others", metavar="ID...", type=ONE, nargs=-1, required=True)
@dry_run
@click.pass_obj
def merge_command(shell: Shell, number: int, others: tuple[int, ...], dry_run: bool) -> None:
    """Make patterns one, under the first number; the other numbers mean it from then on."""
    done = change.merge_patterns(shell.session, change.MergePatterns(number, others), keep=not dry_run)
    _tell(shell, done, [words.merged_line(done, shell.language)], dry_run)


@command.command("split")
@click.argument("number", metavar="ID", type=ONE)
@optional_numbers
@dry_run
@click.pass_obj
def split_command(shell: Shell, number: int, numbers: list[int], dry_run: bool) -> None:
    """Part a pattern: the tickets named become one of their own, else those that are most alike.

    The largest part keeps the number. Each part has five tickets or more.
    """
    done = change.split_pattern(shell.session, change.SplitPattern(number, tuple(numbers)), keep=not dry_run)
    _tell(shell, done, words.split_lines(done, shell.language), dry_run)


@command.command("hide")
@click.argument("number", metavar="ID", type=ONE)
@click.option("--undo", is_flag=True, help="Show it again.")
@dry_run
@click.pass_obj
def hide_command(shell: Shell, number: int, undo: bool, dry_run: bool) -> None:
    """Leave a pattern out of lists and warnings; new tickets still join it."""
    done = change.hide_pattern(shell.session, change.HidePattern(number, show=undo), keep=not dry_run)
    _tell(shell, done, [words.hidden_line(done, shell.language)], dry_run)


@command.command("faq")
@click.argument("number", metavar="ID", type=ONE)
@click.option("--replace", is_flag=True, help="Write a draft anew that is there already.")
@dry_run
@click.pass_obj
def faq_command(shell: Shell, number: int, replace: bool, dry_run: bool) -> None:
    """Draft an entry of a FAQ: docs/faq/ID.md, and a snippet.

    The question is the customers' sentence nearest to the middle of the pattern, with two other wordings; the answer
    is the most typical of the last replies before a close after which the customer did not come back within 14 days.
    With fewer than three of these no answer has proved itself yet. Sentences that tell of a person are left out. Read
    it before you publish it: nothing publishes it by itself.
    """
    done = faq.draft_faq(shell.session, faq.DraftFaq(number, replace=replace), keep=not dry_run)
    said = words.faq_lines(done, shell.language)
    lines = [would(shell.language, line) for line in said] if dry_run else said
    print_answer(shell, faq_json(done), lines)


def _tell(shell: Shell, done: Renamed, lines: Iterable[str], dry_run: bool) -> None:
    if shell.json:
        lines = map(as_json, renamed_json(done))
    elif dry_run:
        lines = [would(shell.language, line) for line in lines]
    for line in lines:
        shell.say(line)
