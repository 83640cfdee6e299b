"""`ticketctl close`"""

from __future__ import annotations

from functools import partial

import click

from ticketctl.commands.options import base_revision, complete_causes, complete_fields, dry_run, numbers
from ticketctl.content.terminal import safe
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import AlreadyClosed, NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change, change_each, stored_ticket
from ticketctl.usecases.tickets.closing import check_cause, missing_fields, must_be_complete

RESOLUTIONS = ("solved", "no_answer", "duplicate")


@click.command
@numbers
@click.option("--cause", default="", shell_complete=complete_causes, help="Why it arose: one of causes: in rules.yaml.")
@click.option("--lesson", default="", metavar="TEXT", help="What was learnt, for the report.")
@click.option("--resolution", type=click.Choice(RESOLUTIONS), default="solved", show_default=True, help="How it ended.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=complete_fields,
    help="Set a field at the same time.",
)
@dry_run
@base_revision
@click.pass_obj
def command(
    shell: Shell, numbers: list[int], cause: str, lesson: str, resolution: str, fields: tuple[str, ...], dry_run: bool
) -> None:
    """Close tickets, with cause and lesson.

    Fields that rules.yaml declares as `required_at: close` must be set before, or here with --set. On a terminal you
    are asked for the cause and for what is missing. On a ticket that is closed already, --cause and --lesson are
    added to it.

    \b
    Examples:
      ticketctl close 17 --cause leverans --lesson "Säg frakttiden i kassan." --set category=leverans
      ticketctl close 20-22 --resolution no_answer
    """
    acting = act(shell.session, "close")
    given = checked_fields(shell.session.config, fields)
    check_cause(shell.session, cause)
    asked_cause, asked = _asked(shell, numbers, cause, given) if answers(shell) else ("", {})

    def decide(desk: Desk, ticket: Ticket) -> Change:
        if ticket.closed:
            return _explained(acting, ticket, _filled(acting, ticket, given), cause, lesson)
        filled = _filled(acting, ticket, {**asked, **ticket.fields, **given})
        must_be_complete(shell.session, filled)
        after = filled.close(acting, cause=cause or ticket.cause or asked_cause, lesson=lesson, resolution=resolution)
        told = f"#{ticket.number} closed ({_reasons(after)}){_loose_ends(shell, after)}"
        return Change(happened(shell.session, desk, after, "closed"), told)

    change_each(shell.session, numbers, decide, dry_run=dry_run, finish=partial(tell, shell.session))


def _filled(acting: Act, ticket: Ticket, fields: dict[str, str]) -> Ticket:
    for name, value in fields.items():
        ticket = ticket.set_field(acting, name, value)
    return ticket


def _explained(acting: Act, before: Ticket, ticket: Ticket, cause: str, lesson: str) -> Change:
    """A closed ticket only learns its cause and lesson, and fields with them; raises AlreadyClosed where neither is
    given."""
    if ticket.merged_into or not (cause or lesson):
        merged = f"it was merged into #{ticket.merged_into}"
        hint = merged if ticket.merged_into else "--cause and --lesson can be added"
        raise AlreadyClosed(f"#{ticket.number} is already closed; {hint}")
    after = ticket.explain(acting, cause=cause, lesson=lesson)
    learnt = [f"{name} {value}" for name, value in after.fields.items() if before.fields.get(name) != value]
    if after.cause != before.cause:
        learnt.append(f"cause {cause}" + (f" instead of {before.cause}" if before.cause else ""))
    learnt += ["lesson"] if after.lesson != before.lesson else []
    told = f"{' and '.join(learnt)} added" if learnt else "has that already"
    return Change(after, f"#{ticket.number}, closed before: {told}")


def _reasons(ticket: Ticket) -> str:
    parts = [ticket.resolution.replace("_", " "), f"cause {ticket.cause}" if ticket.cause else "no cause"]
    return ", ".join([*parts, *(["a lesson"] if ticket.lesson else [])])


def _loose_ends(shell: Shell, ticket: Ticket) -> str:
    """What its closing leaves undone, worth one more look."""
    ends = []
    if any(message.delivery == "draft" for message in ticket.messages):
        ends.append("a draft was not sent")
    replies = [message for message in ticket.messages if message.is_reply]
    if any(message.leaves_at for message in replies):
        ends.append(f"a reply still waits for its time: `ticketctl outbox cancel {ticket.number}` takes it back")
    if replies and replies[-1].delivery in ("failed", "bounced", "uncertain"):
        ends.append("a reply was not delivered")
    wrote = any(message.from_customer for message in ticket.messages)
    if wrote and not replies:
        ends.append("nobody answered the requester")
    if not ticket.cause and shell.session.config.causes:
        ends.append(f"`ticketctl close {ticket.number} --cause …` adds the cause")
    return "; " + "; ".join(ends) if ends else ""


# --- asking for what rules.yaml wants ---


def _asked(shell: Shell, numbers: list[int], cause: str, given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A cause and fields for the tickets that lack them. What has no declared values is not asked for: it is refused
    later, with what to type."""
    open_ones = [ticket for ticket in _there(shell, numbers) if not ticket.closed]
    missing = {name for ticket in open_ones for name in missing_fields(shell.session, ticket) if name not in given}
    specs = [spec for spec in shell.session.config.fields.values() if spec.name in missing and spec.values]
    fields = {spec.name: _chosen(spec.name, spec.values) for spec in specs}
    causeless = not cause and any(not ticket.cause for ticket in open_ones)
    return (
        _chosen("Cause", shell.session.config.causes) if causeless and shell.session.config.causes else "",
        {name: value for name, value in fields.items() if value},
    )


def _there(shell: Shell, numbers: list[int]) -> list[Ticket]:
    found = []
    for number in numbers:
        try:
            found.append(stored_ticket(shell.session, number))
        except NoSuchTicket:
            continue  # is told when the tickets are closed
    return found


def _chosen(what: str, values: tuple[str, ...]) -> str:
    """One of `values` by its number or its name; "" when passed over with Enter."""
    for at, value in enumerate(values, 1):
        click.echo(safe(f"  {at}  {value}"))
    numbered = {str(at): value for at, value in enumerate(values, 1)}

    def chosen(answer: str) -> str:
        if answer and answer not in (*numbered, *values):
            raise click.BadParameter(f"write a number from 1 to {len(values)}, or a name")
        return numbered.get(answer, answer)

    answer: str = click.prompt(f"{what} (Enter: none)", value_proc=chosen, default="", show_default=False)
    return answer
