"""`ticketctl snippets`; `try` and `values` are in snippets_values.py."""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import complete_snippets
from ticketctl.commands.snippets_values import try_, values
from ticketctl.content.terminal import width
from ticketctl.content.times import zone
from ticketctl.present.json import snippet_json
from ticketctl.present.words import snippets as words
from ticketctl.present.words.rules import snippets_fine
from ticketctl.terminal.output import print_answer, print_checked
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.rules.check import check_snippets
from ticketctl.usecases.views.snippets import show_snippet, snippets


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, show, try and check the reply templates.

    Alone it lists them: their languages, how often each was sent in the last 90 days and in total, by people and
    by rules, and when last. They are files, snippets/LANGUAGE/NAME.j2, which you write yourself.

    \b
    Examples:
      ticketctl snippets
      ticketctl snippets show losning
      ticketctl snippets try mer-information 17
    """
    if ctx.invoked_subcommand is None:
        shell = ctx.ensure_object(Shell)
        found, where = snippets(shell.session), zone(shell.session.config.timezone)
        lines = words.list_lines(found, shell.language, zone=where, width=width())
        print_answer(shell, [snippet_json(one) for one in found.snippets], lines)


@command.command()
@click.argument("name", shell_complete=complete_snippets)
@click.option("--language", default="", metavar="LANGUAGE", help="Only in that language, such as sv.")
@click.pass_obj
def show(shell: Shell, name: str, language: str) -> None:
    """Print a snippet as it is written, with the values that it uses.

    \b
    Example:
      ticketctl snippets show losning --language sv
    """
    found = show_snippet(shell.session, name, language)
    in_json = {"name": name, "languages": [msgspec.to_builtins(one) for one in found]}
    print_answer(shell, in_json, words.template_lines(name, found, shell.language, width=width()))


@command.command()
@click.pass_obj
def check(shell: Shell) -> None:
    """Render every snippet in every language for made-up tickets, and show what is wrong.

    `rules check` does this too. Errors end with exit code 2. There are warnings about snippets missing in a
    language (its customers get the desk's language), snippets with a placeholder that a rule would send, and
    values that may be empty in the middle of a sentence.

    \b
    Example:
      ticketctl snippets check
    """
    checked = check_snippets(shell.session)
    print_checked(shell, checked, snippets_fine(checked, shell.language))


command.add_command(try_)
command.add_command(values)
