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
from ticketctl.usecases.automation import notifications as _notices
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.ticket_events import tell
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.people import act as permitted
from ticketctl.usecases.people import load as workload
from ticketctl.usecases.session import App
from ticketctl.usecases.tickets.change import say_all

NEW = Query(statuses=frozenset({"new"}))


@click.command
@optional_numbers
@dry_run_option
@click.option("--interactive", "-i", is_flag=True, help="Go through the tickets one by one and decide yourself.")
@click.option("--suggest", is_flag=True, help="Propose from similar closed tickets; change nothing.")
@click.pass_obj
def command(app: App, numbers: list[int], dry_run: bool, interactive: bool, suggest: bool) -> None:
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

        return say_suggestions(app, numbers)
    if interactive:
        if dry_run or app.json:
            raise Usage("--interactive asks and changes; it goes with neither --dry-run nor --json")
        from ticketctl.terminal.triage_interactive import go_through

        app.config  # noqa: B018 - a fault in rules.yaml is told before anything is asked
        with app.store.reading() as desk:
            chosen = numbers or [ticket.number for ticket in desk.find(NEW)]
        return go_through(app, chosen)
    decided, troubles = _run(app, numbers, dry_run)
    if app.json:
        from ticketctl.content.terminal import as_json

        app.say(as_json([_shape(one) for one in decided]))
    else:
        _tell(app, decided, dry_run, asked=bool(numbers))
    return say_all(app, troubles)


class Decided(msgspec.Struct, frozen=True):
    """What the rules said about a ticket, and what of it could not be done."""

    ticket: Ticket
    trace: Trace
    trouble: tuple[str, ...] = ()


def _run(app: App, numbers: list[int], dry_run: bool) -> tuple[list[Decided], list[TicketctlError]]:
    decided: list[Decided] = []
    troubles: list[TicketctlError] = []
    if not dry_run:
        permitted(app, "triage")  # a viewer is refused; what the rules do is done by "system"
    app.config  # noqa: B018 - a fault in rules.yaml is told before the desk is touched
    with app.store.transaction(keep=not dry_run) as desk:
        load = workload(app, desk.find())
        for number in numbers or [ticket.number for ticket in desk.find(NEW)]:
            try:
                one, load = _decide(app, desk, number, load, dry_run)
            except (NoSuchTicket, Refused) as trouble:
                troubles.append(trouble)
            else:
                decided.append(one)
        if not dry_run:
            tell(app, desk)
    return decided, troubles


def _decide(app: App, desk: Desk, number: int, load: Workload, dry_run: bool) -> tuple[Decided, Workload]:
    from ticketctl.usecases.automation.run_rules import ANSWERED_WITHIN, run_rules

    ticket = desk.get(number)
    if ticket.merged_into:
        raise Refused(f"#{number} was merged into #{ticket.merged_into}; its messages are there")
    message = ticket.messages[0] if ticket.messages else None
    mail = original(app, message)
    headers = mail.headers if mail else {}
    senders = Senders(desk)
    view = View(
        ticket, message, headers, hours=app.config.hours, wrote_before=partial(senders.wrote_before, ticket, message)
    )
    trace = rules.evaluate(app.config.rules, view, "created")
    act = Act("system", app.now)
    if dry_run:
        applied = apply(ticket, trace, act, load, app.config.hours)
        return Decided(ticket, trace, applied.skipped), applied.workload
    ruled = run_rules(
        app,
        desk,
        ticket.changed(permitted(app, "triage"), TRIAGED),
        "created",
        act=act,
        load=load,
        message=message,
        headers=headers,
        senders=senders,
        may_answer=mail is not None and mail.may_answer and app.now - ticket.opened_at <= ANSWERED_WITHIN,
    )
    if trace.fired:
        _notices.remember(app, desk, desk.save(ruled.ticket), ruled.notify)
    return Decided(ticket, trace, ruled.trouble), ruled.load


# --- saying ---


def _tell(app: App, decided: list[Decided], dry_run: bool, asked: bool) -> None:
    from ticketctl.content.terminal import line

    for one in decided:
        about = f"#{one.ticket.number} {line(one.ticket.subject)}"
        if one.trace.fired:
            app.say(f"{about}\n{_lines(one.trace)}")
        elif dry_run or app.verbose:
            app.say(f"{about}\n  no rule fires")
        for trouble in one.trouble:
            app.warn(trouble)
    if not decided:
        return app.say("no new tickets") if not asked else None
    changed = sum(bool(one.trace.fired) for one in decided)
    looked_at = counted(len(decided), "ticket")
    return app.say(f"{looked_at} looked at, {changed} {'would change' if dry_run else 'changed'}")


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
