"""`ticketctl patterns`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.commands.patterns_change import hide_command, merge_command, name_command, split_command
from ticketctl.commands.patterns_faq import ONE, faq_command
from ticketctl.content.terminal import as_json, width
from ticketctl.present.pattern_json import row_json, shown_json
from ticketctl.present.words import patterns as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.patterns import overview


@click.group(invoke_without_command=True)
@click.option("--since", default="", metavar="LENGTH", help="Only tickets that came so long ago: 90d, 8 weeks, 1 year.")
@click.pass_context
def command(ctx: click.Context, since: str) -> None:
    """Show recurring questions.

    A pattern is a group of at least five tickets about the same thing. Its number (P7) never changes, and a ticket
    stays in its pattern. Its name is the three words that best distinguish it, until you give it a name. This command
    and `escalate` add new tickets to the patterns. docs/patterns.md explains how, and the limits.

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


for one in (name_command, merge_command, split_command, hide_command, faq_command):
    command.add_command(one)
