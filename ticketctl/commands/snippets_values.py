"""`ticketctl snippets try` and `snippets values`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import complete_snippets, number
from ticketctl.content.terminal import width
from ticketctl.present.json import answer_json
from ticketctl.present.words import snippets as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.snippets import TrySnippet, snippet_values, try_snippet


@click.command("try")
@click.argument("name", shell_complete=complete_snippets)
@number
@click.option("--language", default="", metavar="LANGUAGE", help="In that language; else the customer's.")
@click.option("--automatic", is_flag=True, help="As a rule would send it: without anything the sender wrote.")
@click.pass_obj
def try_(shell: Shell, name: str, number: int, language: str, automatic: bool) -> None:
    """Show what would be sent, with a ticket's values; nothing is sent or changed.

    Placeholders to be filled in are listed on standard error.

    \b
    Example:
      ticketctl snippets try mer-information 17 --language en
    """
    request = TrySnippet(name=name, ticket=number, language=language, automatic=automatic)
    answer = try_snippet(shell.session, request)
    print_answer(shell, answer_json(answer), [words.answer_text(answer, shell.language)])
    if not shell.json:
        for note in words.answer_notes(name, language, answer, shell.language):
            shell.warn(note)


@click.command()
@click.pass_obj
def values(shell: Shell) -> None:
    """List every value that a snippet may use, with an example.

    \b
    Example:
      ticketctl snippets values
    """
    found = snippet_values(shell.session)
    print_answer(shell, msgspec.to_builtins(found), words.value_lines(found, shell.language, width=width()))
