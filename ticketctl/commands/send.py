"""`ticketctl send`"""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec

from ticketctl.content.terminal import as_json
from ticketctl.content.times import local, zone
from ticketctl.domain.ticket.delivery import retried, trouble
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import ChannelFailed, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.background import send_after
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.outbox import SHOWN_ID, found, list_outbox, shape
from ticketctl.usecases.outgoing.schedule import let_go
from ticketctl.usecases.outgoing.send import send_due, show_on_ticket
from ticketctl.usecases.outgoing.sent_folder import make_copies
from ticketctl.usecases.people import act


@click.command
@click.argument("mail", required=False, default="", metavar="[ID]")
@click.option("--list", "listing", is_flag=True, help="Show the outbox; send nothing.")
@click.option("--retry", is_flag=True, help="Send the mail ID again, whatever happened to it.")
@click.option("--drop", is_flag=True, help="Take the mail ID out of the outbox for good.")
@click.option("--after", type=click.FloatRange(0, 3600), hidden=True, help="Wait so many seconds first.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.pass_obj
def command(shell: Shell, mail: str, listing: bool, retry: bool, drop: bool, after: float | None, quiet: bool) -> None:
    """Send what waits in the outbox.

    A server that cannot be reached or says "later" is tried again after 5 minutes, then less and less often for 5 days.
    What it refuses stays in the outbox, and shows on its ticket, until you --retry or --drop it. A mail after which the
    connection broke is uncertain: a reply is sent once more after 15 minutes, anything else is left to you.

    Runs that overlap skip; one that hangs is told, with exit code 8. ID is what --list shows; its first letters
    are enough.

    \b
    Examples:
      ticketctl send
      ticketctl send --list
      ticketctl send 3fa9 --retry
    """
    if bool(mail) != (retry or drop) or (retry and drop) or (listing and mail):
        raise Usage("`send`, `send --list`, `send ID --retry` or `send ID --drop`")
    if listing:
        return list_outbox(shell.session)
    if after is not None:  # started by `reply`
        return send_after(shell, after, _all)
    only = _retry(shell, mail) if retry else None
    if drop:
        return _drop(shell, mail)
    return send_and_report(shell, only, quiet=quiet)


def send_and_report(shell: Shell, only: set[str] | None = None, *, quiet: bool = False) -> None:
    """Tries what is due, or of it only the mails with these Message-IDs, and says what came of it."""
    tried = send_due(shell.session, only)
    for told in make_copies(shell.session):
        if not quiet:
            shell.warn(told)
    if tried is None and not quiet:
        shell.warn("another `ticketctl send` is at it; it takes along what is due")
    _report(shell, tried or [], quiet)


def _all(shell: Shell) -> list[Outbound] | None:
    tried = send_due(shell.session)
    make_copies(shell.session)
    return tried


def _report(shell: Shell, tried: Sequence[Outbound], quiet: bool) -> None:
    if shell.json:
        shell.say(as_json([shape(item) for item in tried]))
    for item in tried:
        if item.state == "sent" and not quiet and not shell.json:
            shell.say(f"sent to {', '.join(item.recipients)}: {item.subject}")
    if not tried and not quiet and not shell.json:
        shell.say("nothing to send")
    troubles = [_told(shell, item) for item in tried if item.state != "sent"]
    if troubles:
        raise ChannelFailed("\n".join(troubles))


def _told(shell: Shell, item: Outbound) -> str:
    about = f"#{item.ticket}, " if item.ticket else ""
    missed = ", ".join(one for one in item.recipients if one not in item.accepted)
    told = f"{item.id[:SHOWN_ID]} ({about}to {missed}): {trouble(item)}"
    if item.next_at is not None:
        return f"{told}; tried again {local(item.next_at, zone(shell.session.config.timezone))}"
    state = "perhaps delivered" if item.state == "uncertain" else "not delivered"
    return f"{told}; {state}; `ticketctl send {item.id[:SHOWN_ID]} --retry` or --drop"


# --- a person decides ---


def _retry(shell: Shell, mail: str) -> set[str]:
    with shell.session.store.transaction() as desk:
        acting = act(shell.session, "send --retry")
        items = found(desk, mail)
        for item in items:
            if is_scheduled(item):
                let_go(shell.session, desk, item, acting)
                continue
            again = retried(item)
            desk.queue(again)
            show_on_ticket(shell.session, desk, again)
    return {item.message_id for item in items}


def _drop(shell: Shell, mail: str) -> None:
    with shell.session.store.transaction() as desk:
        actor = act(shell.session, "send --drop")
        items = found(desk, mail)
        for item in items:
            _dropped(shell, desk, item, actor)
    for item in items:
        shell.say(f"{item.id[:SHOWN_ID]} dropped; it was {item.state}")


def _dropped(shell: Shell, desk: Desk, item: Outbound, actor: Act) -> None:
    if item.state == "sending":
        raise Refused(f"{item.id[:SHOWN_ID]} is just being sent")
    desk.drop_outbound(item.id)
    if item.pending:
        failed = msgspec.structs.replace(item, state="failed")
        show_on_ticket(shell.session, desk, failed, f"taken out of the outbox by {actor.actor}")
