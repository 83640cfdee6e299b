"""`ticketctl merge`"""

from __future__ import annotations

from contextlib import suppress

import click

from ticketctl.commands.options import Number, dry_run, optional_numbers
from ticketctl.content.terminal import line
from ticketctl.domain.changes import merge as merging
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import say_all, told_as
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@optional_numbers
@click.option("--into", type=Number(), metavar="TARGET", help="The ticket that stays.")
@click.option("--suggest", is_flag=True, help="List likely duplicates; merge nothing.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], into: int | None, suggest: bool, dry_run: bool) -> None:
    """Merge duplicates into one ticket.

    TARGET takes over the messages, persons and labels of the others, which are closed and point to it; mail to them
    follows. It counts from the earliest start of all. The higher priority, the earlier deadline, labels and links come
    along, the owner and fields where TARGET has none; what does not is told. Which one stays is always said with
    --into, because that is the one thing that must not be mixed up. `ticketctl unmerge` takes all of it back.

    Requesters who are not the same person never learn of each other: each is answered in a mail of their own.

    --suggest lists likely duplicates among open tickets and those closed in the last 14 days, of the given tickets or
    of all: same sender, same order or invoice number, like subject, like content, with a score of 0.5 to 1 and the
    words that they share. Pairs that are linked are left out: `ticketctl link` says that two are different matters.

    \b
    Examples:
      ticketctl merge --suggest
      ticketctl merge 18 19 --into 17
    """
    if suggest:
        if into is not None:
            raise Usage("--suggest only lists; it does not go with --into")
        from ticketctl.usecases.tickets.suggest_merge import suggest_merges

        return suggest_merges(shell.session, numbers)
    if into is None or not numbers:
        raise Usage("say what goes where, as in `ticketctl merge 18 --into 17`; `ticketctl merge --suggest` looks")
    acting = act(shell.session, "merge")
    told: list[str | TicketctlError] = []
    with shell.session.store.transaction(keep=not dry_run) as desk:
        desk.get(into)
        for number in numbers:
            try:
                told.append(_merge(shell, desk, acting, number, into))
            except (NoSuchTicket, Refused) as trouble:
                told.append(trouble)
    return say_all(shell.session, told, dry_run=dry_run)


def _merge(shell: Shell, desk: Desk, acting: Act, number: int, into: int) -> str:
    source, before = desk.get(number), desk.get(into)
    target, closed = merging.merge(acting, before, source)
    for item in merging.moved(list(desk.outbox()), number, into):
        desk.queue(item)
    desk.save(closed)
    target = desk.save(target)
    for link in source.links:
        if link.kind != "merged" and link.to != into:
            with suppress(NoSuchTicket):  # purged
                desk.save(merging.relinked(acting, desk.get(link.to), number, into))
    count = f"{len(source.messages)} message{'s' if len(source.messages) != 1 else ''}"
    told = [f"#{number} merged into #{into} ({count})", *_told(before, target, source)]
    return told_as(shell.session, Change(target, "; ".join(told)))


def _told(before: Ticket, after: Ticket, source: Ticket) -> list[str]:
    """What came along, what did not, and who is another customer: duplicates mostly come from the same person."""
    along, behind = merging.brought(before, after, source), merging.left_behind(after, source)
    told = [f"{line(', '.join(along))} came along"] if along else []
    if behind:
        told.append(f"left behind: {line(', '.join(behind))}")
    if source.requester.address not in ("", after.requester.address):
        told.append(f"{line(str(source.requester))} is answered in a mail of their own")
    return told
