"""`ticketctl quarantine`"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import click
import msgspec

from ticketctl.commands.options import add_globals
from ticketctl.content.terminal import as_json, line
from ticketctl.content.times import local, zone
from ticketctl.errors import Busy, NoSuchTicket, Refused
from ticketctl.ports.store import Desk, Quarantined
from ticketctl.present.json import instant
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, note_reading


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Look at and release messages that were set aside.

    A message that could not be understood is kept here, whole, with the reason. Nothing stops because of it, and
    nothing is thrown away. ID may be shortened as long as it is clear.

    \b
    Examples:
      ticketctl quarantine
      ticketctl quarantine show 3f9a
      ticketctl quarantine release 3f9a
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj)


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List what was set aside, oldest first.

    One line for each message: its ID, when it came, from which source, and why it was set aside. `ticketctl quarantine`
    alone does the same.

    \b
    Example:
      ticketctl quarantine list
    """
    _list(shell)


@command.command("show")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def show_command(shell: Shell, identifier: str) -> None:
    """Show a message as it came, with the reason why it was set aside.

    Its bytes are printed as text, headers and all, without what could steer the terminal. That you read it is noted
    in the audit log, and no retention rule takes a message that nobody has looked at. ID may be shortened as long as it
    is clear.

    \b
    Example:
      ticketctl quarantine show 3f9a
    """
    with shell.session.store.reading() as desk:
        item = found(desk, identifier)
    note_reading(shell.session, f"quarantine show {item.id}")
    raw = b"" if item.withheld else shell.session.store.blobs.get(item.raw)
    _note_looked(shell, item)
    text = raw.decode("utf-8", "replace")
    if shell.json:
        shell.say(as_json({**shape(item), "raw": text}))
        return
    at = local(item.at, zone(shell.session.config.timezone))
    shell.say(f"{item.id}  {at}  {line(item.source)}\n{item.reason}\n{_bytes(raw, text)}")


def _note_looked(shell: Shell, item: Quarantined) -> None:
    if item.looked_at is not None:
        return
    with shell.session.store.transaction() as desk:
        for one in desk.quarantined():
            if one.id == item.id:
                desk.quarantine(msgspec.structs.replace(one, looked_at=shell.session.now))


@command.command("release")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def release_command(shell: Shell, identifier: str) -> None:
    """Make it a message in a ticket after all.

    It is read again, since a newer version may understand it; what still cannot be read becomes a ticket with the
    original attached. ID may be shortened as long as it is clear.

    \b
    Example:
      ticketctl quarantine release 3f9a
    """
    from ticketctl.usecases.automation.notifications import tell_waiting
    from ticketctl.usecases.intake.release import release

    act(shell.session, "quarantine release")
    with shell.session.store.reading() as desk:
        item = found(desk, identifier)
    if item.withheld:
        raise Refused(
            f"{item.id} is not here: the mail server lists it (UID {item.uid} in {item.source}) and does not give it; "
            "each fetch asks for it again. Look for it in your mail program, or `ticketctl quarantine drop` it"
        )
    tally = release(shell.session, item)
    tell_waiting(shell.session)
    if tally.quarantined:
        raise Refused(f"{item.id} cannot be made a message; it is now {tally.quarantined[0]}, with the new reason")
    numbers = [*tally.new, *tally.joined]
    if shell.json:
        shell.say(as_json({"id": item.id, "ticket": numbers[0] if numbers else None}))
        return
    shell.say(f"{item.id} is in #{numbers[0]} now" if numbers else f"{item.id} was a mail that is in a ticket already")


@command.command("drop")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def drop_command(shell: Shell, identifier: str) -> None:
    """Throw it away for good.

    No fetch brings it again, also where it is still in the mailbox. Its bytes are deleted, by the next purge where a
    fetch is running just now. ID may be shortened as long as it is clear.

    \b
    Example:
      ticketctl quarantine drop 3f9a
    """
    from ticketctl.usecases.upkeep.blob_cleanup import delete_unnamed

    act(shell.session, "quarantine drop")
    with shell.session.store.transaction() as desk:
        item = found(desk, identifier)
        desk.drop_quarantined(item.id, tombstone=True)
    with suppress(Busy):  # a fetch is running: purge takes its bytes out later
        delete_unnamed(shell.session, lambda: [item.raw] if item.raw else [], seconds=0, quiet=timedelta(0))
    shell.say(as_json({"id": item.id, "dropped": True}) if shell.json else f"{item.id} is gone")


def _bytes(raw: bytes, text: str) -> str:
    return f"{len(raw):,} bytes:\n\n{text}" if raw else "nothing of it is here; each fetch asks for it again"


def _list(shell: Shell) -> None:
    with shell.session.store.reading() as desk:
        items = sorted(desk.quarantined(), key=lambda item: (item.at, item.id))
    if shell.json:
        for item in items:
            shell.say(as_json(shape(item)))
        return
    for item in items:
        at = local(item.at, zone(shell.session.config.timezone))
        shell.say(f"{item.id}  {at}  {line(item.source)}  {line(item.reason)}")
    if items:
        shell.say("`ticketctl quarantine show ID` shows one, `release ID` makes it a ticket")
    else:
        shell.say("nothing is in quarantine")


def found(desk: Desk, identifier: str) -> Quarantined:
    """The entry with that id, or the only one whose id begins so; raises NoSuchTicket."""
    items = [item for item in desk.quarantined() if item.id.startswith(identifier)]
    exact = [item for item in items if item.id == identifier]
    if len(exact or items) == 1:
        return (exact or items)[0]
    if items:
        raise NoSuchTicket(f"{identifier!r} begins the ids of {len(items)} entries; write more of it")
    raise NoSuchTicket(f"nothing in quarantine has the id {identifier!r}; `ticketctl quarantine` lists what is there")


def shape(item: Quarantined) -> dict[str, Any]:
    return {
        "id": item.id,
        "message_id": item.message_id or None,
        "reason": item.reason,
        "at": instant(item.at),
        "source": item.source,
        "uid": item.uid or None,
        "looked_at": instant(item.looked_at),
    }
