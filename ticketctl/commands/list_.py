"""`ticketctl list`"""

from __future__ import annotations

from typing import Any

import click

from ticketctl.commands.options import complete_agents, complete_fields, complete_labels, csv_option
from ticketctl.domain.ticket.ticket import PRIORITIES, STATUSES
from ticketctl.errors import Usage
from ticketctl.present.words import list as words
from ticketctl.present.words import say_in
from ticketctl.terminal.list_output import print_listed
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.list import ListTickets, list_tickets


@click.command
@click.option("--mine", is_flag=True, help="Only yours.")
@click.option("--unassigned", is_flag=True, help="Only unassigned ones.")
@click.option("--owner", metavar="AGENT", shell_complete=complete_agents, help="Only those of an agent.")
@click.option("--overdue", is_flag=True, help="Only those past a deadline.")
@click.option("--waiting", is_flag=True, help="Only those that wait for the customer.")
@click.option("--status", multiple=True, type=click.Choice(STATUSES), help="Of that status; may be repeated.")
@click.option("--priority", multiple=True, type=click.Choice(PRIORITIES), help="Of that priority; may be repeated.")
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option(
    "--field",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=complete_fields,
    help="Only with that field; all, if repeated.",
)
@click.option("--from", "requester", default="", metavar="TEXT", help="Only of a requester: name, address, or part.")
@click.option("--search", default="", metavar="WORDS", help="Only with all these words, anywhere in it.")
@click.option("--after", default="", metavar="DAY", help="Only what began on that day or later.")
@click.option("--before", default="", metavar="DAY", help="Only what began before that day.")
@click.option("--all", "everything", is_flag=True, help="Closed and archived ones too.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N.")
@csv_option("A row a ticket, for a spreadsheet of the desk's language; --csv=plain for programs.")
@click.pass_obj
def command(shell: Shell, /, limit: int | None, csv: str | None, **given: Any) -> None:
    """List tickets, what to do next first.

    Overdue tickets come first, then those due soonest, then by priority; those that wait for us come before those
    that wait for the customer, older before newer. A p after the deadline means that a reply promised it. Closed
    tickets are shown with --all or --status closed; `ticketctl search WORDS` looks in all.

    --search finds tickets that contain all its words in number, subject, texts and notes, people, fields, labels,
    cause, lesson or file names. å matches å and, if nothing else does, a. Telephone numbers are found in any
    spelling. A number (17 or #17) finds the ticket with that number first, then those with that number as a word,
    and if there are none, as part of a word. --after and --before take a day in the past (2026-11-01, november,
    måndag, förra veckan).

    On a terminal, as many are shown as fit on the screen, with a count of the rest; --limit shows more. If it is
    narrow, age, status and priority are left out.

    With --json one ticket a line, as in `export` without messages and events, and with due_at, overdue and
    promised_at.

    \b
    Examples:
      ticketctl list --mine --overdue
      ticketctl list --search "faktura öberg" --all
    """
    request = request_of(shell, csv, given)
    print_listed(shell, list_tickets(shell.session, request), request, limit, csv)


def request_of(shell: Shell, csv: str | None, given: dict[str, Any]) -> ListTickets:
    """What the options ask for, by their names; raises Usage where they contradict each other."""
    if csv is not None and shell.json:
        raise Usage("give one of --json and --csv")
    say, owner, statuses = say_in(shell.language, words.TEXTS), given["owner"], given["status"]
    if given["waiting"] and statuses:
        raise Usage(say("waiting_and_status"))
    if sum((given["mine"], given["unassigned"], owner is not None)) > 1:
        raise Usage(say("one_owner"))
    return ListTickets(
        owner="me" if given["mine"] else "" if given["unassigned"] else owner,
        statuses=("waiting",) if given["waiting"] else statuses,
        priorities=given["priority"],
        labels=given["label"],
        fields=dict(_pair(shell, word) for word in given["field"]),
        requester=given["requester"],
        search=given["search"],
        after=given["after"],
        before=given["before"],
        overdue=given["overdue"],
        everything=given["everything"],
    )


def _pair(shell: Shell, word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not name:
        raise Usage(say_in(shell.language, words.TEXTS)("field", word=word))
    return name, value
