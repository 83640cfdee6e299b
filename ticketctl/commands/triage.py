"""`triage`: the rules on new tickets, or a person's decisions, one ticket after the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import click
import msgspec

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.commands.options import optional_numbers
from ticketctl.content.terminal import counted
from ticketctl.domain.changes.undo import TRIAGED
from ticketctl.domain.rules import rules
from ticketctl.domain.rules.actions import Workload, apply
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import Trace
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import say_all
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation import notifications as _notices
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.ticket_events import tell
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.people import act as permitted
from ticketctl.usecases.people import load as workload

NEW = Query(statuses=frozenset({"new"}))


@click.command
@optional_numbers
@dry_run_option
@click.option("--interactive", "-i", is_flag=True, help="Go through the tickets one by one and decide yourself.")
@click.option("--suggest", is_flag=True, help="Propose from similar closed tickets; change nothing.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool, interactive: bool, suggest: bool) -> None:
    """Run the rules on new tickets, or go through them one by one.

    Without TICKET it takes every ticket whose status is new. `fetch` has run the rules already; here they run again
    after you have changed rules.yaml. A rule that has fired on a ticket does not fire on it a second time.
    --dry-run tells which rules would fire, and what they would do.

    --suggest looks at what similar tickets of the last two years got before they were closed, and proposes category
    and other fields, labels, owner and snippet, with the tickets behind each. It changes nothing.

    \b
    Examples:
      ticketctl triage --dry-run
      ticketctl triage --interactive
      ticketctl triage --suggest 17
    """
    if suggest:
        if dry_run or interactive:
            raise Usage("--suggest only tells; it goes with neither --dry-run nor --interactive")
        from ticketctl.usecases.tickets.suggest import say_suggestions

        return say_suggestions(shell.session, numbers)
    if interactive:
        if dry_run or shell.json:
            raise Usage("--interactive asks and changes; it goes with neither --dry-run nor --json")
        from ticketctl.terminal.triage_interactive import go_through

        shell.session.config  # noqa: B018 - a fault in rules.yaml is told before anything is asked
        with shell.session.store.reading() as desk:
            chosen = numbers or [ticket.number for ticket in desk.find(NEW)]
        return go_through(shell, chosen)
    decided, troubles = _run(shell, numbers, dry_run)
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json([_shape(one) for one in decided]))
    else:
        _tell(shell, decided, dry_run, asked=bool(numbers))
    return say_all(shell.session, troubles)


class Decided(msgspec.Struct, frozen=True):
    """What the rules said about a ticket, and what of it could not be done."""

    ticket: Ticket
    trace: Trace
    trouble: tuple[str, ...] = ()


def _run(shell: Shell, numbers: list[int], dry_run: bool) -> tuple[list[Decided], list[TicketctlError]]:
    decided: list[Decided] = []
    troubles: list[TicketctlError] = []
    if not dry_run:
        permitted(shell.session, "triage")  # a viewer is refused; what the rules do is done by "system"
    shell.session.config  # noqa: B018 - a fault in rules.yaml is told before the desk is touched
    with shell.session.store.transaction(keep=not dry_run) as desk:
        load = workload(shell.session, desk.find())
        for number in numbers or [ticket.number for ticket in desk.find(NEW)]:
            try:
                one, load = _decide(shell, desk, number, load, dry_run)
            except (NoSuchTicket, Refused) as trouble:
                troubles.append(trouble)
            else:
                decided.append(one)
        if not dry_run:
            tell(shell.session, desk)
    return decided, troubles


def _decide(shell: Shell, desk: Desk, number: int, load: Workload, dry_run: bool) -> tuple[Decided, Workload]:
    from ticketctl.usecases.automation.run_rules import ANSWERED_WITHIN, run_rules

    ticket = desk.get(number)
    if ticket.merged_into:
        raise Refused(f"#{number} was merged into #{ticket.merged_into}; its messages are there")
    message = ticket.messages[0] if ticket.messages else None
    mail = original(shell.session, message)
    headers = mail.headers if mail else {}
    senders = Senders(desk)
    view = View(
        ticket,
        message,
        headers,
        hours=shell.session.config.hours,
        wrote_before=partial(senders.wrote_before, ticket, message),
    )
    trace = rules.evaluate(shell.session.config.rules, view, "created")
    act = Act("system", shell.session.now)
    if dry_run:
        applied = apply(ticket, trace, act, load, shell.session.config.hours)
        return Decided(ticket, trace, applied.skipped), applied.workload
    ruled = run_rules(
        shell.session,
        desk,
        ticket.changed(permitted(shell.session, "triage"), TRIAGED),
        "created",
        act=act,
        load=load,
        message=message,
        headers=headers,
        senders=senders,
        may_answer=mail is not None and mail.may_answer and shell.session.now - ticket.opened_at <= ANSWERED_WITHIN,
    )
    if trace.fired:
        _notices.remember(shell.session, desk, desk.save(ruled.ticket), ruled.notify)
    return Decided(ticket, trace, ruled.trouble), ruled.load


# --- saying ---


def _tell(shell: Shell, decided: list[Decided], dry_run: bool, asked: bool) -> None:
    from ticketctl.content.terminal import line

    for one in decided:
        about = f"#{one.ticket.number} {line(one.ticket.subject)}"
        if one.trace.fired:
            shell.say(f"{about}\n{_lines(one.trace)}")
        elif dry_run or shell.verbose:
            shell.say(f"{about}\n  no rule fires")
        for trouble in one.trouble:
            shell.warn(trouble)
    if not decided:
        return shell.say("no new tickets") if not asked else None
    changed = sum(bool(one.trace.fired) for one in decided)
    looked_at = counted(len(decided), "ticket")
    return shell.say(f"{looked_at} looked at, {changed} {'would change' if dry_run else 'changed'}")


def _lines(trace: Trace) -> str:
    return "\n".join(
        f"  {rule.id}: {_together(rule.then)}" + (f" ({rule.why})" if rule.why else "") for rule in trace.fired
    )


def _together(actions: Iterable[object]) -> str:
    return ", ".join(map(str, actions))


def _shape(one: Decided) -> dict[str, object]:
    return {
        "ticket": one.ticket.number,
        "rules": [
            {"rule": trace.rule.id, "outcome": trace.outcome, "actions": [str(action) for action in trace.rule.then]}
            for trace in one.trace.rules
            if trace.outcome != "other event"
        ],
        "trouble": list(one.trouble),
    }
