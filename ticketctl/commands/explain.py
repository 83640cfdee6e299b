"""`explain`: why a ticket is as the rules made it, and why each message is in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click
import msgspec

from ticketctl.commands.options import numbers as numbers_argument
from ticketctl.content.terminal import as_json, line
from ticketctl.content.times import local, zone
from ticketctl.domain.privacy.masking import mask
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import EVENTS, MAIL_EVENTS, EventName, RuleTrace, Trace, evaluate
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import RuleRun, Ticket
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.present.trace import OUTCOME, run_lines, verdict_lines
from ticketctl.terminal.changes import say_all
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.intake.original_mail import original


@click.command
@numbers_argument
@click.option("--event", type=click.Choice(EVENTS), default="created", show_default=True, help="Rules for which event.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], event: EventName) -> None:
    """Tell what each rule asked of a ticket, and found.

    Why each message is in the ticket. What the rules decided each time that they were asked (the first and the latest
    nine), with the conditions that it hung on. Then every rule of rules.yaml for --event, asked again: each of its
    conditions, what it expects, what there is in the ticket as it is now, and whether that holds. Nothing is changed.
    With --json one ticket a line.

    \b
    Examples:
      ticketctl explain 17
      ticketctl explain 17 --event sweep
    """
    told: list[str | TicketctlError] = []
    with shell.session.store.reading() as desk:
        for number in numbers:
            try:
                ticket = desk.get(number)
            except NoSuchTicket as trouble:
                told.append(trouble)
                continue
            trace = _trace(shell, desk, ticket, event)
            told.append(as_json(_shape(ticket, trace)) if shell.json else "\n".join(_lines(shell, ticket, trace)))
    say_all(shell.session, told)


def _trace(shell: Shell, desk: Desk, ticket: Ticket, event: EventName) -> Trace:
    message = _asked_about(ticket, event)
    mail = original(shell.session, message)
    # what has fired is told from the ticket; here the conditions are asked again
    afresh = msgspec.structs.replace(ticket, fired=())
    now = None if event in MAIL_EVENTS else shell.session.now
    before = partial(Senders(desk).wrote_before, ticket, message)
    kinds = shell.session.config.privacy.mask
    headers = {name: tuple(mask(one, kinds) for one in values) for name, values in mail.headers.items()} if mail else {}
    view = View(afresh, message, headers, now, shell.session.config.hours, before)
    return evaluate(shell.session.config.rules, view, event)


def _asked_about(ticket: Ticket, event: EventName) -> Message | None:
    if event == "created" and ticket.messages:
        return ticket.messages[0]
    reply = next((one for one in reversed(ticket.messages) if one.is_reply), None)
    return reply if event == "agent_reply" and reply else ticket.last(direction="in")


def _lines(shell: Shell, ticket: Ticket, trace: Trace) -> Iterator[str]:
    where = zone(shell.session.config.timezone)
    yield f"#{ticket.number}  {line(ticket.subject)}"
    yield "\nMessages"
    for message in ticket.messages:
        yield f"  {message.key:4} {local(message.at, where)}  {line(message.why or message.kind)}"
    if ticket.rule_runs:
        yield "\nWhat the rules decided then, and the conditions that it hung on"
        for run in ticket.rule_runs:
            yield from run_lines(run, local(run.at, where))
    yield f"\nRules for {trace.event}, asked of {trace.message or 'the ticket'} as it is now"
    asked = [one for one in trace.rules if one.outcome != "other event"]
    for one in asked:
        times = [local(fired.at, where) for fired in ticket.fired if fired.rule == one.rule.id]
        yield f"  {one.rule.id} (rules.yaml:{one.rule.line}): {_outcome(one, times)}"
        if one.verdict is not None:
            yield from verdict_lines(one.verdict, 4)
    if not asked:
        yield "  none"


def _outcome(one: RuleTrace, times: list[str]) -> str:
    if times:
        return f"fired {', '.join(times)}"
    return "would fire" if one.outcome == "fired" else OUTCOME.get(one.outcome, one.outcome)


def _shape(ticket: Ticket, trace: Trace) -> dict[str, object]:
    return {
        "ticket": ticket.number,
        "event": trace.event,
        "messages": [{"key": one.key, "why": one.why} for one in ticket.messages],
        "decided": [_run_shape(one) for one in ticket.rule_runs],
        "rules": [
            {
                "rule": one.rule.id,
                "line": one.rule.line,
                "outcome": one.outcome,
                "fired": [fired.at.isoformat() for fired in ticket.fired if fired.rule == one.rule.id],
                "conditions": msgspec.to_builtins(one.verdict),
            }
            for one in trace.rules
        ],
    }


def _run_shape(run: RuleRun) -> dict[str, object]:
    return {
        "event": run.event,
        "at": run.at.isoformat(),
        "message": run.message or None,
        "kept": list(run.kept),
        "rules": [
            {
                "rule": one.rule,
                "outcome": one.outcome,
                "because": [
                    {"what": it.what, "held": it.held, "expected": it.expected, "actual": it.actual}
                    for it in one.reasons
                ],
            }
            for one in run.rules
        ],
    }
