"""`ticketctl explain`"""

from __future__ import annotations

import click

from ticketctl.commands.options import numbers
from ticketctl.content.terminal import as_json, width
from ticketctl.content.times import zone
from ticketctl.domain.rules.rules import EVENTS, EventName
from ticketctl.present.json import explained_json
from ticketctl.present.trace import TraceLayout, explained_lines
from ticketctl.terminal.output import end_with_failures
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Done
from ticketctl.usecases.views.explain import Explain, explain


@click.command
@numbers
@click.option(
    "--event",
    type=click.Choice(EVENTS),
    default="created",
    show_default=True,
    help="Evaluate the rules for this event.",
)
@click.pass_obj
def command(shell: Shell, numbers: list[int], event: EventName) -> None:
    """Show what the rules did to a ticket, and why.

    First why each message is on the ticket. Then what the rules decided each time they ran (the first and the
    latest nine times), with the conditions that decided it. Then every rule of rules.yaml for --event, evaluated
    now: each condition, what it expects, the value on the ticket, and whether it holds. Nothing is changed. With
    --json one ticket a line.

    \b
    Examples:
      ticketctl explain 17
      ticketctl explain 17 --event sweep
    """
    batch = explain(shell.session, Explain(tickets=tuple(numbers), event=event))
    layout = TraceLayout(width(), zone(shell.session.config.timezone), shell.language)
    for one in batch:
        if isinstance(one, Done):
            text = as_json(explained_json(one.value)) if shell.json else "\n".join(explained_lines(one.value, layout))
            shell.say(text)
    end_with_failures(shell, batch)
