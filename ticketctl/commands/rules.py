"""`ticketctl rules`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.errors import TicketctlError
from ticketctl.present.rules import replay_json, replay_lines, test_json, test_lines
from ticketctl.present.words.rules import failed, fine
from ticketctl.terminal.output import print_answer, print_checked
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.rules.check import check_rules
from ticketctl.usecases.rules.replay import Replay, replay
from ticketctl.usecases.rules.test import run_tests


@click.group()
def command() -> None:
    """Check rules.yaml and the snippets, and test the rules.

    \b
    Example:
      ticketctl rules check
    """


@command.command
@click.pass_obj
def check(shell: Shell) -> None:
    """Show every mistake in rules.yaml and in the snippets, with its line.

    Each snippet is rendered for a made-up ticket in each language. Mistakes end with exit code 2. Warnings do not:
    rules that can never fire or have no test, missing targets or hours, too many labels, unused ones …

    \b
    Example:
      ticketctl rules check
    """
    checked = check_rules(shell.session)
    print_checked(shell, checked, fine(checked, shell.language), rules=checked.rules)


@command.command
@click.pass_obj
def test(shell: Shell) -> None:
    """Run the tests in rules.yaml.

    Each made-up mail of `tests:` is read like a real one, and the rules are applied to it. If the result is not as
    expected, you see every rule with its conditions, and the exit code is 1. Nothing is stored or sent.

    \b
    Example:
      ticketctl rules test
    """
    results = run_tests(shell.session)
    print_answer(shell, [test_json(one) for one in results], test_lines(results, shell.language))
    if any(one.wrong for one in results):
        raise TicketctlError(failed(results, shell.language))


@command.command("replay")
@click.option("--since", default="90d", show_default=True, metavar="LENGTH", help="How far back: 90d, 8 weeks, 1 year.")
@click.option("--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another rules.yaml.")
@click.pass_obj
def replay_rules(shell: Shell, since: str, rules: Path | None) -> None:
    """Show what the rules would have done to past tickets.

    The rules of rules.yaml as it is now, or of another file, are applied to each past mail. For each field it
    shows how often they give what the ticket has (same), another value, a value where it has none (rules alone),
    or nothing where somebody set one (done alone). Then how often each rule would fire and did. Sweep rules and
    tickets that you logged yourself are left out. Nothing is changed.

    \b
    Example:
      ticketctl rules replay --since 30d --json
    """
    found = replay(shell.session, Replay(since=since, rules=rules))
    print_answer(shell, replay_json(found), replay_lines(found, shell.language))
