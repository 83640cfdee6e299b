"""`ticketctl drafts`"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from ticketctl.commands.options import optional_numbers
from ticketctl.content.terminal import as_json, line, width
from ticketctl.content.times import age
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.present.tables import Column, table
from ticketctl.store import fs
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, note_reading
from ticketctl.usecases.reply.presence import writers
from ticketctl.usecases.tickets.change import Change

COLUMNS = (
    Column("#", right=True),
    Column("by", least=6),
    Column("age", right=True),
    Column("to", least=10),
    Column("subject", least=12),
    Column("text", least=16, weight=2),
)


class Draft(msgspec.Struct, frozen=True):
    ticket: Ticket
    message: Message


@click.command
@optional_numbers
@click.option("--mine", is_flag=True, help="Only those that you wrote.")
@click.option("--drop", is_flag=True, help="Throw your draft on these tickets away.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], mine: bool, drop: bool) -> None:
    """List the drafts of replies, and drop one.

    `reply N` goes on with the draft on a ticket (your own before a colleague's), `reply N --send` sends it. Texts that
    an editor left when it, or the machine, died are listed below, with the file that holds them.

    \b
    Examples:
      ticketctl drafts --mine
      ticketctl drafts 17 --drop
    """
    if drop:
        if not numbers:
            raise Usage("which draft? Name its ticket: `ticketctl drafts 17 --drop`")
        return _drop(shell, numbers)
    with shell.session.store.reading() as desk:
        outlines = [one for one in desk.find(ACTIVE) if one.number in numbers or not numbers]
        having = [one.number for one in outlines if any(message.delivery == "draft" for message in one.messages)]
        found = [one for one in _drafts(map(desk.get, having)) if one.message.author == shell.session.actor or not mine]
    for number in dict.fromkeys(one.ticket.number for one in found):
        note_reading(shell.session, "drafts", number)
    return _say(shell, found, [] if numbers else _left(shell))


def _drafts(tickets: Iterator[Ticket]) -> Iterator[Draft]:
    for ticket in tickets:
        yield from (Draft(ticket, one) for one in ticket.messages if one.delivery == "draft")


def _drop(shell: Shell, numbers: list[int]) -> None:
    acting = act(shell.session, "drafts --drop")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        own = [
            one for one in ticket.messages if one.delivery == "draft" and one.author in (shell.session.actor, "system")
        ]
        if not own:
            raise Refused(f"#{ticket.number} has no draft of yours; `ticketctl drafts` lists them")
        return Change(ticket.redraft(acting, None, own[-1].key), f"#{ticket.number} draft {own[-1].key} dropped")

    change_each(shell.session, numbers, decide)


def _left(shell: Shell) -> list[Path]:
    """Files of editors that have ended without their text being stored."""
    folder = shell.session.folder / "data" / "drafts"
    open_now = {one.number for one in writers(shell.session)}
    names = [name for name in fs.names(folder) if name.endswith(".txt")]
    return [folder / name for name in names if not any(name.startswith(f"reply-{number}-") for number in open_now)]


def _say(shell: Shell, found: list[Draft], left: list[Path]) -> None:
    if shell.json:
        for one in found:
            shell.say(as_json(_shape(one)))
        return
    if found:
        rows = [_row(shell, one) for one in found]
        shell.say("\n".join(table(COLUMNS, rows, width())))
    for file in left:
        shell.say(f"left by an editor: {file}; `ticketctl reply N --draft --text - < FILE` takes it in")
    if not found and not left:
        shell.say("There are no drafts.")


def _row(shell: Shell, one: Draft) -> list[str]:
    ticket, message = one.ticket, one.message
    who = ticket.requester.name or ticket.requester.address
    texts = (message.author, age(message.at, shell.session.now), who, ticket.subject or "(no subject)", message.text)
    return [str(ticket.number), *map(line, texts)]


def _shape(one: Draft) -> dict[str, object]:
    from ticketctl.present.json import message_json

    return {"ticket": one.ticket.number, "subject": one.ticket.subject, "draft": message_json(one.message)}
