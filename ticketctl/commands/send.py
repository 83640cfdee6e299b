"""`ticketctl send`"""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec

from ticketctl.app import App
from ticketctl.commands._people import act
from ticketctl.commands._sending import send_due, show_on_ticket
from ticketctl.domain.delivery import retried, trouble
from ticketctl.domain.outbound import Outbound
from ticketctl.errors import ChannelFailed, NoSuchTicket, Refused, Usage
from ticketctl.present.shapes import instant
from ticketctl.present.tables import Column, table
from ticketctl.present.terminal import as_json, line, width
from ticketctl.present.thread import wrapped
from ticketctl.present.times import age, local, zone
from ticketctl.store.base import Desk

SHOWN_ID = 8
INDENT = " " * (SHOWN_ID + 2)
HEADS = (
    Column("Id"), Column("Kind"), Column("State"), Column("Ticket"), Column("Age", right=True),
    Column("Tries", right=True), Column("To", least=14), Column("Next try"),
)  # fmt: skip


@click.command
@click.argument("mail", required=False, default="", metavar="[ID]")
@click.option("--list", "listing", is_flag=True, help="Show the outbox; send nothing.")
@click.option("--retry", is_flag=True, help="Send the mail ID again, whatever happened to it.")
@click.option("--drop", is_flag=True, help="Take the mail ID out of the outbox for good.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.pass_obj
def command(app: App, mail: str, listing: bool, retry: bool, drop: bool, quiet: bool) -> None:
    """Send what waits in the outbox.

    A server that cannot be reached or says "later" is tried again after 5 minutes, then less and less often for 5 days.
    What it refuses stays in the outbox, and shows on its ticket, until you --retry or --drop it. A mail after which the
    connection broke is uncertain: a reply is sent once more after 15 minutes, anything else is left to you.

    Runs that overlap skip. ID is what --list shows; its first letters are enough.

    \b
    Example:
      ticketctl send
      ticketctl send --list
      ticketctl send 3fa9 --retry
    """
    if bool(mail) != (retry or drop) or (retry and drop) or (listing and mail):
        raise Usage("`send`, `send --list`, `send ID --retry` or `send ID --drop`")
    if listing:
        return _list(app)
    only = _retry(app, mail) if retry else None
    if drop:
        return _drop(app, mail)
    tried = send_due(app, only)
    if tried is None and not quiet:
        app.warn("another `ticketctl send` is at it; it takes along what is due")
    return _report(app, tried or [], quiet)


def _report(app: App, tried: Sequence[Outbound], quiet: bool) -> None:
    if app.json:
        app.say(as_json([_shape(item) for item in tried]))
    for item in tried:
        if item.state == "sent" and not quiet and not app.json:
            app.say(f"sent to {', '.join(item.recipients)}: {item.subject}")
    if not tried and not quiet and not app.json:
        app.say("nothing to send")
    troubles = [_told(app, item) for item in tried if item.state != "sent"]
    if troubles:
        raise ChannelFailed("\n".join(troubles))


def _told(app: App, item: Outbound) -> str:
    about = f"#{item.ticket}, " if item.ticket else ""
    missed = ", ".join(one for one in item.recipients if one not in item.accepted)
    told = f"{item.id[:SHOWN_ID]} ({about}to {missed}): {trouble(item)}"
    if item.next_at is not None:
        return f"{told}; tried again {local(item.next_at, zone(app.config.timezone))}"
    state = "perhaps delivered" if item.state == "uncertain" else "not delivered"
    return f"{told}; {state}; `ticketctl send {item.id[:SHOWN_ID]} --retry` or --drop"


# --- looking at the outbox ---


def _list(app: App) -> None:
    with app.store.reading() as desk:
        items = sorted(desk.outbox(), key=lambda item: (item.queued_at, item.id))
    if app.json:
        return app.say(as_json([_shape(item) for item in items]))
    if not items:
        return app.say("the outbox is empty")
    head, *rows = table(HEADS, [_row(app, item) for item in items], width())
    app.say(head)
    for item, row in zip(items, rows, strict=True):
        app.say(row)
        if said := line(trouble(item)):  # whole: a server's answer is too long for a column
            app.say("\n".join(one.text for one in wrapped(said, width(), INDENT)))
    return None


def _row(app: App, item: Outbound) -> list[str]:
    next_at = local(item.next_at, zone(app.config.timezone)) if item.next_at else ""
    ticket = f"#{item.ticket}" if item.ticket else ""
    return [
        item.id[:SHOWN_ID], item.kind, item.state, ticket, age(item.queued_at, app.now), str(item.attempts or ""),
        ", ".join(item.recipients), next_at,
    ]  # fmt: skip


def _shape(item: Outbound) -> dict[str, object]:
    """A mail of the outbox as --json shows it; instants are RFC 3339."""
    return {
        "id": item.id,
        "kind": item.kind,
        "state": item.state,
        "ticket": item.ticket or None,
        "to": list(item.recipients),
        "subject": item.subject,
        "message_id": item.message_id,
        "queued_at": instant(item.queued_at),
        "attempts": item.attempts,
        "next_at": instant(item.next_at),
        "error": trouble(item) or None,
    }


# --- a person decides ---


def _retry(app: App, mail: str) -> set[str]:
    with app.store.transaction() as desk:
        act(app, "send --retry")
        item = retried(_found(desk, mail))
        desk.queue(item)
        show_on_ticket(app, desk, item)
    return {item.message_id}


def _drop(app: App, mail: str) -> None:
    with app.store.transaction() as desk:
        actor = act(app, "send --drop")
        item = _found(desk, mail)
        if item.state == "sending":
            raise Refused(f"{item.id[:SHOWN_ID]} is just being sent")
        desk.drop_outbound(item.id)
        if item.pending:
            failed = msgspec.structs.replace(item, state="failed")
            show_on_ticket(app, desk, failed, f"taken out of the outbox by {actor.actor}")
    app.say(f"{item.id[:SHOWN_ID]} dropped; it was {item.state}")


def _found(desk: Desk, mail: str) -> Outbound:
    """The mail whose id begins so; raises NoSuchTicket, Usage where several do."""
    found = [item for item in desk.outbox() if item.id.startswith(mail.lower())]
    if not found:
        raise NoSuchTicket(f"no mail {mail!r} in the outbox; `ticketctl send --list` shows them")
    if len(found) > 1:
        raise Usage(f"{mail!r} begins the id of {len(found)} mails; write more of it")
    return found[0]
