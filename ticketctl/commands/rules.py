"""`rules check`: every fault of rules.yaml and of the snippets; `rules test`, `rules replay`: what the rules do."""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.content.terminal import counted
from ticketctl.content.times import zone
from ticketctl.errors import TicketctlError
from ticketctl.terminal.shell import Shell


@click.group()
def command() -> None:
    """Check rules.yaml and the snippets, and test the rules.

    \b
    Examples:
      ticketctl rules check
      ticketctl rules test
    """


@command.command()
@click.pass_obj
def check(shell: Shell) -> None:
    """Show every fault of rules.yaml and of the snippets, with its line.

    Each snippet is rendered for a made-up ticket in each language. Faults end with exit code 2. Warnings stop nothing;
    they tell what is probably not meant: rules that can never fire, or set what an earlier one sets, rules without a
    test, missing targets or hours, no closed day ahead, too many labels, and on a desk with many tickets what nobody
    uses.

    \b
    Example:
      ticketctl rules check
    """
    from ticketctl.config import load
    from ticketctl.config.lint import lint
    from ticketctl.usecases.rules.check_snippets import count_of, faults_of, say_checked, warnings_of
    from ticketctl.usecases.rules.usage import unused, used

    path = shell.session.folder / "rules.yaml"
    config, raw = load(path), path.read_bytes()
    faults, usage = faults_of(shell.session, config), used(shell.session)
    warnings = [
        *lint(config, raw, usage=usage, today=shell.session.now.astimezone(zone(config.timezone)).date()),
        *warnings_of(shell.session, config),
        *unused(config, shell.session.folder / "snippets", usage),
    ]
    shape = {"faults": faults, "warnings": warnings, "rules": [rule.id for rule in config.rules]}
    say_checked(
        shell.session,
        shape,
        f"rules.yaml and {count_of(shell.session)} snippets are fine: {counted(len(config.rules), 'rule')}",
    )


@command.command()
@click.pass_obj
def test(shell: Shell) -> None:
    """Run the tests in rules.yaml.

    Each made-up mail of `tests:` is read as a real one is, and the rules decide about it. Where they decide otherwise
    than expected, you see every rule with its conditions, and the exit code is 1. Nothing is stored or sent.

    \b
    Example:
      ticketctl rules test
    """
    from ticketctl.usecases.rules.test import run_test, shape, tell

    results = [run_test(shell.session, one) for one in shell.session.config.tests]
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json([shape(one) for one in results]))
    else:
        for text in tell(results):
            shell.say(text)
    failed = sum(bool(one.wrong) for one in results)
    if failed:
        raise TicketctlError(f"{failed} of {len(results)} tests failed")


@command.command()
@click.option("--since", default="90d", show_default=True, metavar="LENGTH", help="How far back: 90d, 8 weeks, 1 year.")
@click.option(
    "--rules",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another file in the place of the desk's rules.yaml.",
)
@click.pass_obj
def replay(shell: Shell, since: str, path: Path | None) -> None:
    """Show what the rules would have done to past tickets.

    The rules of rules.yaml as it is now, or of another file, are asked again of each mail since then. By field: how
    often they give what the ticket has (same), another value, a value where there is none (rules alone), or nothing
    where somebody set one (done alone). Then how often each rule would fire and did. Sweep rules and tickets that you
    logged yourself are left out. Nothing is changed.

    \b
    Examples:
      ticketctl rules replay
      ticketctl rules replay --since 30d --json
    """
    from ticketctl.usecases.rules import replay as _replay

    config = _replay.config_of(shell.session, path)
    every = _replay.replayed(shell.session, config, _replay.since(shell.session, since))
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json(_replay.shape(every, config)))
    else:
        for text in _replay.tell(every, config):
            shell.say(text)
