"""`ticketctl triage`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.commands.options import optional_numbers
from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words import triage as words
from ticketctl.terminal.output import end_with_failures, print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Done
from ticketctl.usecases.shown import shown_in
from ticketctl.usecases.tickets.triage import Triage, to_go_through, triage


@click.command
@optional_numbers
@dry_run_option
@click.option("--interactive", "-i", is_flag=True, help="Go through the tickets one by one and decide yourself.")
@click.option("--suggest", is_flag=True, help="Propose from similar closed tickets; change nothing.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool, interactive: bool, suggest: bool) -> None:
    """Run the rules on new tickets, or go through them one by one.

    Without TICKET it takes every ticket whose status is new. `fetch` has run the rules already; use this after you
    have changed rules.yaml. A rule that has fired on a ticket does not fire on it again. --dry-run shows which
    rules would fire, and what they would do.

    --suggest proposes category and other fields, labels, owner and snippet from similar tickets that were closed
    in the last two years, and names them. It changes nothing.

    \b
    Examples:
      ticketctl triage --dry-run
      ticketctl triage --interactive
      ticketctl triage --suggest 17
    """
    say, request = say_in(shell.language, words.TEXTS), Triage(tickets=tuple(numbers))
    if suggest:
        if dry_run or interactive:
            raise Usage(say("suggest_alone"))
        return _suggest(shell, request)
    if interactive:
        if dry_run or shell.json:
            raise Usage(say("interactive_alone"))
        from ticketctl.terminal.triage_interactive import go_through

        return go_through(shell, to_go_through(shell.session, numbers))
    batch = shown_in(shell.session, triage(shell.session, request, keep=not dry_run))
    decided = [one for one in batch if isinstance(one, Done)]
    shown = words.decided_lines(decided, shell.language, dry_run=dry_run, every=dry_run or shell.verbose)
    print_answer(
        shell, [words.decided_json(one.value) for one in decided], shown or ([] if numbers else [say("no_new")])
    )
    if not shell.json:
        for one in decided:
            for trouble in one.value.trouble:
                shell.warn(trouble)
    return end_with_failures(shell, batch)


def _suggest(shell: Shell, request: Triage) -> None:
    from ticketctl.usecases.tickets.triage import suggest_triage

    found = suggest_triage(shell.session, request)
    for one in found:
        print_answer(shell, words.suggested_json(one), words.suggested_lines(one, shell.language))
    if not found and not shell.json:
        shell.say(say_in(shell.language, words.TEXTS)("no_new"))
