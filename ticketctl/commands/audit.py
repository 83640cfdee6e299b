"""`ticketctl audit`"""

from __future__ import annotations

from typing import Any

import click
import msgspec

from ticketctl.commands.options import complete_agents, optional_numbers
from ticketctl.content.terminal import as_json
from ticketctl.present.words import audit as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.audit import ShowAudit, VerifyAudit, show_audit, verify_audit


@click.group
def command() -> None:
    """Show who read or changed what; verify the audit log.

    data/audit.jsonl records each change of a ticket and each reading of what customers wrote: who, when, what, which
    ticket, and why. It names nobody outside the team. The lines are chained with a key, so that a changed or missing
    line is found.

    \b
    Examples:
      ticketctl audit show 17
      ticketctl audit show --person anna@kund.example --readings
      ticketctl audit verify --anchor 413:1a2b3c4d5e6f7081
    """


@command.command("show")
@optional_numbers
@click.option("--person", default="", metavar="ADDRESS", help="Readings of what they wrote, and their tickets.")
@click.option("--agent", default="", metavar="NAME", shell_complete=complete_agents, help="What that agent did.")
@click.option("--readings", "kind", flag_value="readings", default="", help="Only who read what.")
@click.option("--changes", "kind", flag_value="changes", help="Only who changed what.")
@click.option("--after", default="", metavar="DAY", help="From that day on.")
@click.option("--before", default="", metavar="DAY", help="Up to that day.")
@click.option("--all", "everything", is_flag=True, help="Also what the log notes of itself, and outcomes of changes.")
@click.pass_obj
def show_command(shell: Shell, /, numbers: list[int], **given: Any) -> None:
    """Show records, oldest first: of tickets, of a person, of an agent, of a time.

    `audit show 17` shows who read and changed ticket 17. --person shows all readings of what that person wrote, and all
    changes of their tickets. With --json one record a line.
    """
    found = list(show_audit(shell.session, ShowAudit(tickets=tuple(numbers), **given)))
    if shell.json:
        for record in found:
            shell.say(as_json(msgspec.to_builtins(record)))
        return
    for one in words.lines(found, shell.session.config.timezone, shell.language):
        shell.say(one)


@command.command("verify")
@click.option("--anchor", "anchors", multiple=True, metavar="HEAD", help="The last record that a report named.")
@click.pass_obj
def verify_command(shell: Shell, anchors: tuple[str, ...]) -> None:
    """Check that no record was changed and none between them is missing.

    The log must contain the last records that the desk, data/audit.head and each HEAD name. HEAD is printed in mailed
    reports: the number and the beginning of the mac of the last record. Without one, an older copy of the whole folder
    passes. Exit code 6 if something is wrong.
    """
    found = verify_audit(shell.session, VerifyAudit(anchors=anchors))
    print_answer(shell, msgspec.to_builtins(found), words.verified(found, len(anchors), shell.language))
