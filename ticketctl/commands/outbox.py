"""`ticketctl outbox`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.commands.send import send_and_report
from ticketctl.domain.changes.undo import one_draft
from ticketctl.domain.deadlines.promises import without_promise
from ticketctl.domain.ticket.delivery import retried
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled, takeable, taken_back
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing import outbox as _outbox
from ticketctl.usecases.outgoing.schedule import drop_taken_back, let_go
from ticketctl.usecases.people import act


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show what waits to leave; release it, or take it back.

    A reply that was scheduled (`reply --later`) leaves with the first `ticketctl send` after its time. If the customer,
    or anybody else outside the team, writes on the ticket in between, it is held back until you release or cancel it.

    WHICH is the ticket that it is a reply on, or the first letters of the mail's id.

    \b
    Examples:
      ticketctl outbox
      ticketctl outbox release 17
      ticketctl outbox cancel 17
    """
    if ctx.invoked_subcommand is None:
        _outbox.list_outbox(ctx.obj.session)


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List what waits to leave, oldest first.

    One line for each mail: its id, what it is, its state and ticket, to whom it goes and when; below, what went wrong
    so far. `ticketctl outbox` alone and `ticketctl send --list` do the same.

    \b
    Example:
      ticketctl outbox list
    """
    _outbox.list_outbox(shell.session)


@command.command("release")
@click.argument("which", metavar="WHICH")
@click.pass_obj
def release_command(shell: Shell, which: str) -> None:
    """Send a reply now that is held back, or that was to leave later.

    It gets the date of now, and counts as an answer to what came in between. It is sent at once.

    \b
    Example:
      ticketctl outbox release 17
    """
    with shell.session.store.transaction() as desk:
        acting = act(shell.session, "outbox release")
        items = _outbox.found(desk, which)
        for item in items:
            _released(shell, desk, item, acting)
    send_and_report(shell, {item.message_id for item in items})


def _released(shell: Shell, desk: Desk, item: Outbound, acting: Act) -> None:
    if item.state not in ("queued", "held"):
        raise Refused(f"{item.id[: _outbox.SHOWN_ID]} is {item.state}; `ticketctl send ID --retry` tries it again")
    if is_scheduled(item):
        let_go(shell.session, desk, item, acting)
    else:
        desk.queue(retried(item))


@command.command("cancel")
@click.argument("which", metavar="WHICH")
@click.pass_obj
def cancel_command(shell: Shell, which: str) -> None:
    """Take a reply out of the outbox; it is a draft again.

    `ticketctl reply` goes on with the draft. A ticket that only waited for the answer to it is open again. What may
    have reached somebody cannot be cancelled.

    \b
    Example:
      ticketctl outbox cancel 17
    """
    with shell.session.store.transaction() as desk:
        acting = act(shell.session, "outbox cancel")
        items = [_must_be_free(item) for item in _outbox.found(desk, which)]
        before = desk.get(desk.find_message(items[0].message_id) or items[0].ticket)
        ids = {item.message_id for item in items}
        keys = [one.key for one in before.messages if one.message_id in ids]
        after = before
        for key in keys:
            after = taken_back(acting, without_promise(acting, after, key), key)
        drop_taken_back(desk, before, after)
        if after.status == "waiting" and before.last(direction="out") in [before.message(key) for key in keys]:
            after = after.wake(acting)  # it waited for the answer to what nobody gets
        desk.save(one_draft(acting, after, keys))
    are = "are drafts" if len(keys) > 1 and len(after.messages) == len(before.messages) else "is a draft"
    shell.say(f"#{before.number}: nothing was sent; {', '.join(keys)} {are} again{_next(after)}")


def _must_be_free(item: Outbound) -> Outbound:
    name = item.id[: _outbox.SHOWN_ID]
    if item.kind != "reply":
        raise Refused(f"{name} is no reply; `ticketctl send {name} --drop` takes it out of the outbox")
    if not takeable(item):
        raise Refused(f"{name} is {item.state}: somebody may have got it already")
    return item


def _next(ticket: Ticket) -> str:
    if ticket.closed:
        return f", and the ticket is closed; `ticketctl reopen {ticket.number}` first, to go on with it"
    return f"; `ticketctl reply {ticket.number}` goes on with it"
