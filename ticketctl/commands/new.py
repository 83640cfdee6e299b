"""`ticketctl new`"""

from __future__ import annotations

from typing import Literal

import click
import msgspec

from ticketctl.commands.options import complete_agents, complete_fields, complete_labels
from ticketctl.domain.ticket.ticket import PRIORITIES, Priority
from ticketctl.errors import Usage
from ticketctl.present.words import new as words
from ticketctl.present.words import say_in
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.output import ticket_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.people import person
from ticketctl.usecases.shown import shown_in
from ticketctl.usecases.tickets.new import NewTicket, check, new


@click.command
@click.argument("said", metavar="[TEXT]", required=False)
@click.option(
    "--from", "--requester", "-f", "requester", default="", metavar="WHO",
    help="'Name <address>', or only a name or telephone number.",
)  # fmt: skip
@click.option("--subject", default="", metavar="TEXT", help="Else the first line of the text.")
@click.option("--text", metavar="TEXT", help="The same as TEXT.")
@click.option(
    "--channel", type=click.Choice(["phone", "visit"]), default="phone", help="How it came in (default: phone)."
)
@click.option("--assign", "-a", "agent", default="", metavar="AGENT", shell_complete=complete_agents, help="The owner.")
@click.option("--priority", type=click.Choice(PRIORITIES), default="medium", help="How urgent (default: medium).")
@click.option("--label", "labels", multiple=True, shell_complete=complete_labels, help="A label; may be repeated.")
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", shell_complete=complete_fields,
    help="A field; may be repeated.",
)  # fmt: skip
@click.pass_obj
def command(
    shell: Shell,
    said: str | None,
    requester: str,
    subject: str,
    text: str | None,
    channel: Literal["phone", "visit"],
    agent: str,
    priority: Priority,
    labels: tuple[str, ...],
    fields: tuple[str, ...],
) -> None:
    """Log a phone call, a visit or a matter of your own.

    TEXT is what was said; without it, standard input or your editor. The ticket counts as opened, since you have seen
    it. Without --from it is a matter of your own. A requester without a mail address cannot be answered by mail; the
    ticket keeps the name or telephone number. A known address is enough: the name is that of their other tickets.

    \b
    Examples:
      ticketctl new "Vill ha en kopia av fakturan" -f asa@kund.example
      ticketctl new "Undrar var order 4711 är" -f "Åsa 070-123 45 67" -a me
    """
    if said is not None and text is not None:
        raise Usage("give what was said once", code="text_twice")
    request = NewTicket(
        text="", requester=person(requester) if requester else None, subject=subject, channel=channel,
        assign=agent, priority=priority, labels=labels, fields=checked_fields(shell.session.config, fields),
    )  # fmt: skip
    check(shell.session, request)  # before anything is written
    words_said = text_for(shell, text if said is None else said, say_in(shell.language, words.TEXTS)("about"))
    done = shown_in(shell.session, new(shell.session, msgspec.structs.replace(request, text=words_said)))
    shell.say(ticket_line(done.value.ticket) if shell.json else words.line(done, shell.language))
