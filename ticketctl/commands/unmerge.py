"""`ticketctl unmerge`"""

from __future__ import annotations

from contextlib import suppress

import click

from ticketctl.commands.options import dry_run, merged_numbers
from ticketctl.domain.changes import merge as merging
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@merged_numbers
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Take a merge back.

    TICKET is the one that was merged away. It gets its messages and the status that it had; the other loses what the
    merge had brought: messages, persons, labels, priority, owner, fields, links, the earlier start. What was written
    since then stays where it is; what of that answers TICKET is told, with the command that moves it.

    \b
    Example:
      ticketctl unmerge 18
    """
    acting = act(shell.session, "unmerge")

    change_each(shell.session, numbers, lambda desk, source: taken_out(desk, source, acting), dry_run=dry_run)


def taken_out(desk: Desk, source: Ticket, acting: Act) -> Change:
    """The source as it was before the merge; its target is saved. Raises Refused."""
    if not source.merged_into:
        raise Refused(f"#{source.number} is not merged into another ticket; name the one that was merged away")
    into = desk.get(source.merged_into)
    target, restored = merging.unmerge(acting, into, source, _siblings(desk, into, source.number))
    for item in merging.moved_back(list(desk.outbox()), source.number, target.number):
        desk.queue(item)
    desk.save(target)
    for link in restored.links:
        if link.kind != "merged" and link.to != target.number:
            with suppress(NoSuchTicket):
                desk.save(merging.linked_back(acting, desk.get(link.to), target, restored))
    told = f"#{source.number} is out of #{target.number} again, {restored.status} as before"
    return Change(restored, f"{told}{_answers_to_it(target, restored)}")


def _answers_to_it(target: Ticket, restored: Ticket) -> str:
    """What came since the merge stays where somebody has seen it; whether it goes along is for a person to say."""
    ids = {message.message_id for message in restored.messages if message.message_id}
    keys = [message.key for message in target.messages if ids & {*message.references}]
    if not keys:
        return ""
    what = f"{', '.join(keys)}, which answer{'s' * (len(keys) == 1)} it,"
    return f"; {what} stay{'s' * (len(keys) == 1)} there: `ticketctl move {target.number} {keys[0]} {restored.number}`"


def _siblings(desk: Desk, target: Ticket, but: int) -> list[Ticket]:
    """The other tickets that are merged into `target`; one that was purged meanwhile is passed over."""
    found = []
    for link in target.links:
        if link.kind == "merged" and link.to != but:
            with suppress(NoSuchTicket):
                found.append(desk.get(link.to))
    return [ticket for ticket in found if ticket.merged_into == target.number]
