"""`ticketctl show`"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import msgspec

from ticketctl.commands.options import numbers
from ticketctl.content.terminal import as_json, guarded, width
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.present.thread import Line, View, conversation, header, history, others
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.styles import STYLES
from ticketctl.usecases.people import note_reading
from ticketctl.usecases.reply.presence import told, writers
from ticketctl.usecases.views.next_due import due_at

LATEST = 5  # closed tickets of the same person


@click.command
@numbers
@click.option("--full", is_flag=True, help="With quoted history and signatures.")
@click.option("--history", "with_history", is_flag=True, help="With every change: who, when, what, why.")
@click.option("--why", is_flag=True, help="Why each message is here, what is promised, what to do next.")
@click.option(
    "--attachments",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Save the attachments into a folder, under safe names.",
)
@click.pass_obj
def command(shell: Shell, numbers: list[int], full: bool, with_history: bool, why: bool, folder: Path | None) -> None:
    """Show a ticket with its whole conversation.

    The newest message comes last. Notes, drafts and what was not delivered are marked. Quotes of mails that the ticket
    has are hidden unless --full, and signatures of more than four lines. On a terminal a long ticket is shown in your
    pager.

    With --json one ticket a line, with messages and events, the date that was promised and who is writing.

    \b
    Examples:
      ticketctl show 17
      ticketctl show 17 --why --history
      ticketctl show 17 --attachments bilagor
    """
    view = _view(shell, full=full, why=why)
    pages: list[str] = []
    troubles: list[TicketctlError] = []
    for number in numbers:
        try:
            with shell.session.store.reading() as desk:
                ticket = desk.get(number)
        except NoSuchTicket as trouble:
            troubles.append(trouble)
            continue
        note_reading(shell.session, "show", number)
        if folder is not None:
            _save(shell, ticket, folder)
        elif shell.json:
            shell.say(_json(shell, ticket))
        else:
            pages.append(_coloured(_page(shell, ticket, view, with_history)))
    _say(shell, pages)
    for one in troubles:
        shell.warn(str(one))
    if troubles:
        click.get_current_context().exit(troubles[0].exit_code)


def show_ticket(shell: Shell, ticket: Ticket) -> None:
    """What `ticketctl show` says of one ticket, for a command that ends with it."""
    note_reading(shell.session, "show", ticket.number)
    _say(shell, [_json(shell, ticket) if shell.json else _coloured(_page(shell, ticket, _view(shell), False))])


def _view(shell: Shell, *, full: bool = False, why: bool = False) -> View:
    return View(now=shell.session.now, zone=zone(shell.session.config.timezone), width=width(), full=full, why=why)


def _coloured(lines: Iterable[Line]) -> str:
    return "\n".join(STYLES[one.kind](one.text) for one in lines)


def _page(shell: Shell, ticket: Ticket, view: View, with_history: bool) -> Iterator[Line]:
    view, owed = msgspec.structs.replace(view, requester=ticket.requester.address), running(ticket)
    yield from header(ticket, due_at(shell.session, ticket), view, owed.due_at if owed else None)
    yield from others(*_others(shell, ticket), view)
    for one in writers(shell.session, ticket.number):
        yield Line(f"{told(shell.session, one)}", "warning")
    yield from conversation(ticket.messages, view)
    if with_history:
        yield from history(ticket.events, view)
    if view.why:
        from ticketctl.usecases.views.why import reasons

        yield from reasons(shell.session, ticket, view)


def _others(shell: Shell, ticket: Ticket) -> tuple[list[Ticket], list[Ticket]]:
    """What else is open from its requester, and what of theirs was closed lately (still on the desk), the last five."""
    if not ticket.requester.address:
        return [], []
    with shell.session.store.reading() as desk:
        found = [
            one
            for one in desk.find(Query(requester=ticket.requester.address, spam=False))
            if one.number != ticket.number and not one.merged_into
        ]
    closed = sorted((one for one in found if one.closed_at), key=lambda one: one.closed_at or one.opened_at)
    return [one for one in found if not one.closed], closed[: -LATEST - 1 : -1]


def _json(shell: Shell, ticket: Ticket) -> str:
    from ticketctl.present.json import instant, ticket_json

    owed = running(ticket)
    writing = [one.agent for one in writers(shell.session, ticket.number)]
    also, closed = _others(shell, ticket)
    return as_json(
        {
            **ticket_json(ticket, True),
            "promised_at": instant(owed.due_at if owed else None),
            "writing": writing,
            "also_open": [one.number for one in also],
            "closed_before": [one.number for one in closed],
        }
    )


def _say(shell: Shell, pages: list[str]) -> None:
    text = "\n\n".join(pages)
    if not text:
        return
    if shell.tty and text.count("\n") >= shutil.get_terminal_size().lines - 1:
        click.echo_via_pager(guarded(text) + "\n", color=False if shell.environ.get("NO_COLOR") else None)
    else:
        shell.say(text)


def _save(shell: Shell, ticket: Ticket, folder: Path) -> None:
    from ticketctl.terminal.save_attachments import save_attachments

    saved = save_attachments(ticket, shell.session.store.blobs, folder)
    for attachment, name in saved:
        path = folder / name
        if shell.json:
            shell.say(as_json({"number": ticket.number, "name": attachment.name, "saved": str(path)}))
        else:
            shell.say(f"#{ticket.number} {path} ({attachment.size} bytes)")
    if not saved and not shell.json:
        shell.say(f"#{ticket.number} has no attachments")
