"""`ticketctl handover`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_agents, complete_labels
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.handover import handover_note
from ticketctl.content.terminal import line, width
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.deadlines.work_order import Standing
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.present.thread import View
from ticketctl.terminal.changes import told_as
from ticketctl.terminal.shell import Shell
from ticketctl.usecases import people
from ticketctl.usecases.people import act, meant, own_note
from ticketctl.usecases.tickets.change import Change
from ticketctl.usecases.views.next_due import due_at, in_order
from ticketctl.usecases.views.why import next_step


@click.command
@click.argument("giver", metavar="FROM", shell_complete=complete_agents)
@click.argument("receiver", metavar="TO", shell_complete=complete_agents)
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option("--anyway", is_flag=True, help="Also to somebody who is away.")
@dry_run_option
@click.pass_obj
def command(shell: Shell, giver: str, receiver: str, label: tuple[str, ...], anyway: bool, dry_run: bool) -> None:
    """Move the open tickets of one agent to another.

    Each gets an internal note that sums up where it stands: status, deadline, promise, wake-up date, the last three
    messages and what to do next. All of them move, or none. FROM may be somebody who has left the team; FROM and TO may
    be `me`. Nothing goes to somebody who is away, unless --anyway. --dry-run prints the notes.

    \b
    Examples:
      ticketctl handover me bo
      ticketctl handover alice bo --label vip --dry-run
    """
    acting = act(shell.session, "handover")
    giver = shell.session.actor if giver == "me" else giver
    taker = people.receiver(shell.session, receiver, anyway=anyway).name
    if taker == giver:
        raise Usage(f"{giver} has them already; FROM and TO are the same agent")
    told = []
    with shell.session.store.transaction(keep=not dry_run) as desk:
        for number in _numbers(shell, desk, giver, label):
            moved = _moved(shell, acting, desk.get(number), giver, taker)
            told.append(_told(shell, Change(desk.save(moved), _line(moved)), dry_run))
    _say(shell, told, giver)


def _numbers(shell: Shell, desk: Desk, giver: str, labels: tuple[str, ...]) -> list[int]:
    """What moves, most urgent first. Raises Usage where nobody is called so."""
    query = Query(statuses=ACTIVE.statuses, assignee=giver, labels=frozenset(labels))
    found = [one.ticket.number for one in in_order(shell.session, desk.find(query))]
    if not found and shell.session.config.agent(giver) is None:
        known = [agent.name for agent in shell.session.config.team]
        raise Usage(f"no agent {giver!r} in team: of rules.yaml, and no open ticket of theirs{meant(giver, known)}")
    return found


def _moved(shell: Shell, acting: Act, ticket: Ticket, giver: str, receiver: str) -> Ticket:
    view = View(now=shell.session.now, zone=zone(shell.session.config.timezone), width=width())
    after = ticket.assign(acting, receiver)
    owed = running(after)
    standing = Standing(after, due_at(shell.session, after), shell.session.now, owed.due_at if owed else None)
    text = handover_note(giver, receiver, standing, next_step(after), view)
    note = own_note(shell.session, ticket, text, "written by `ticketctl handover`")
    return after.write(acting, note)


def _line(ticket: Ticket) -> str:
    return f"#{ticket.number} is {ticket.assignee}’s now: {line(ticket.subject) or '(no subject)'}"


def _told(shell: Shell, change: Change, dry_run: bool) -> str:
    if shell.json or not dry_run:
        return told_as(shell.session, change)
    note = change.ticket.messages[-1].text
    return "\n".join([f"would: {change.told}", *(f"    {line(one)}" for one in note.splitlines())])


def _say(shell: Shell, told: list[str], giver: str) -> None:
    for one in told:
        shell.say(one)
    if not told and not shell.json:
        shell.say(f"{giver} has no open tickets like that")
