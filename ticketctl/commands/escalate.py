"""`escalate`: sweep rules and time that runs out, tickets wake on their date, old closed ones go to the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import click
import msgspec

from ticketctl.commands.options import clock_is_right
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.escalation import Notice
from ticketctl.content.terminal import as_json
from ticketctl.content.times import short, zone
from ticketctl.content.words import PROMISE
from ticketctl.domain.deadlines.escalation import Escalated, waking
from ticketctl.domain.rules.rules import Rule
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Refused, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation import notifications as _notices
from ticketctl.usecases.automation.escalate import escalate
from ticketctl.usecases.automation.mentions import collect
from ticketctl.usecases.automation.sweep import Swept, sweep
from ticketctl.usecases.people import act as may_change
from ticketctl.usecases.upkeep.clock_check import must_be_right, note_clock
from ticketctl.usecases.upkeep.jobs import alone, note_run


class _Done(msgspec.Struct):
    """What one run did, or would do. `silent` are tickets with whom of ours they were not told to, since a notice might
    only call forth the next."""

    escalated: list[tuple[Escalated, list[str]]] = []
    told: tuple[tuple[int, str], ...] = ()
    mails: int = 0
    woken: tuple[int, ...] = ()
    archived: int = 0
    swept: list[Swept] = []
    held_back: int = 0
    failed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    silent: dict[int, list[str]] = {}


@click.command()
@dry_run_option
@clock_is_right
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(shell: Shell, dry_run: bool, sure: bool, quiet: bool) -> None:
    """Carry out the escalation steps and the sweep rules that are due.

    Runs the rules with `events: [sweep]` on every ticket that is not closed: reminders, closing by itself. For each
    promise in `targets:` that runs out, the steps in `escalation:` of rules.yaml notify people (one mail each and run),
    raise the priority or give the ticket to somebody; each step once. Who was named in a note (@bo) or watches a ticket
    by mail is told in the same mail. Also brings waiting tickets back whose date has come, and moves tickets that were
    closed long ago to the archive. Refuses where the clock may be wrong. Made for cron: a second run at the same time
    skips, and running it twice does nothing more.

    \b
    Example:
      ticketctl escalate --dry-run
    """
    if not dry_run:
        may_change(shell.session, "escalate")
        must_be_right(shell.session, sure=sure)
    with alone(shell.session, "escalate") as mine:
        if not mine:
            return
        done = _run(shell, keep=not dry_run)
    if shell.json:
        shell.say(as_json(_shape(done, dry_run)))
    elif not quiet:
        for text in _lines(shell, done, dry_run):
            shell.say(text)
    for trouble in (*done.failed, *done.kept):
        shell.warn(trouble)
    if done.failed or done.kept:
        click.get_current_context().exit(TicketctlError.exit_code if done.failed else Refused.exit_code)


def _run(shell: Shell, *, keep: bool) -> _Done:
    done = _Done()
    with shell.session.store.transaction(keep=keep) as desk, shell.session.store.blobs.together(keep=keep):
        notices = _notices.take(desk)  # what a fetch that was killed left
        _sweep(shell, desk, done, notices)  # before waking: a rule sees a wait that ends now
        done.woken = tuple(_wake(shell, desk))
        escalation = escalate(shell.session, desk, notices)
        done.escalated = escalation.steps
        done.held_back += escalation.held_back
        done.failed = (*done.failed, *escalation.failed)
        done.kept = (*done.kept, *escalation.kept)
        done.told = tuple(collect(shell.session, desk, notices))
        told = _notices.tell(shell.session, desk, notices)
        done.mails, done.silent = told.mails, told.silent
        note_run(shell.session, desk, "escalate")
        note_clock(shell.session, desk)
    before = shell.session.now - timedelta(days=shell.session.config.archive_after_days)
    done.archived = shell.session.store.archive(before) if keep else _to_archive(shell, before)
    return done


def _sweep(shell: Shell, desk: Desk, done: _Done, notices: dict[str, list[Notice]]) -> None:
    if not any("sweep" in rule.events for rule in shell.session.config.rules):
        return
    result = sweep(shell.session, desk)
    done.swept, done.held_back, done.failed = result.swept, result.held_back, tuple(result.failed)
    done.kept = tuple(result.kept)
    for one in result.swept:
        for effect in one.notify:
            for address in _notices.told(shell.session, one.after, effect):
                notices.setdefault(address, []).append(Notice(one.before, one.after, None, _notices.why(effect)))


def _wake(shell: Shell, desk: Desk) -> list[int]:
    numbers = waking(desk.find(Query(statuses=frozenset({"waiting"}))), shell.session.now)
    for number in numbers:
        desk.save(desk.get(number).wake(Act("system", shell.session.now, "its wake-up date has come")))
    return numbers


def _to_archive(shell: Shell, before: datetime) -> int:
    with shell.session.store.reading() as desk:
        closed = desk.find(Query(statuses=frozenset({"closed"})))
        return sum(ticket.closed_at is not None and ticket.closed_at < before for ticket in closed)


# --- saying it ---


def _lines(shell: Shell, done: _Done, dry_run: bool) -> list[str]:
    would = "would: " if dry_run else ""
    lines = [f"{would}#{one.after.number} {rule.id}: {_together(rule)}" for one in done.swept for rule in one.fired]
    if done.held_back:
        lines.append(f"{done.held_back} held back until a later run: at_most of a rule, or an automatic answer a day")
    lines += [f"{would}{_step(shell, one, persons)}" for one, persons in done.escalated]
    if done.silent:
        whom = ", ".join(sorted({address for addresses in done.silent.values() for address in addresses}))
        lines.append(f"{_numbers([*done.silent])}: not told to {whom}, since it looks like a mail loop")
    lines += [f"{would}#{number}: tell {name}, who was named in a note or watches it" for number, name in done.told]
    if done.woken:
        lines.append(f"{would}{_numbers(done.woken)} back from waiting; `ticketctl list` shows what is next")
    if done.archived:
        lines.append(f"{would}{done.archived} closed ticket{'s' * (done.archived != 1)} to the archive")
    if done.mails and not dry_run:
        lines.append(f"{done.mails} mail{'s' * (done.mails != 1)} in the outbox; `ticketctl send` sends")
    return lines or ["Nothing is due."]


def _step(shell: Shell, one: Escalated, addresses: Sequence[str]) -> str:
    actions = [f"{action} {value}" for action, value in one.step.actions if action != "notify"]
    actions += [f"notify {', '.join(addresses)}"] if addresses else []
    reached = _reached(one, shell.session.now, zone(shell.session.config.timezone))
    return f"#{one.number} {reached}: {'; '.join(actions) or 'no action'}"


def _reached(one: Escalated, now: datetime, where: tzinfo) -> str:
    if one.deadline is None:
        return f"owned by nobody for {one.step.unassigned}"
    promise = PROMISE["en"][one.deadline.kind].lower()
    due = short(one.deadline.due_at, now, where)
    return f"{promise} {'overdue since' if one.deadline.overdue else 'due'} {due}"


def _together(rule: Rule) -> str:
    return ", ".join(map(str, rule.then))


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)


def _shape(done: _Done, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "escalated": [
            {
                "ticket": one.number,
                "promise": one.deadline.kind if one.deadline else None,
                "occasion": one.occasion,
                "due_at": one.deadline.due_at.isoformat() if one.deadline else None,
                "used": one.deadline.used if one.deadline else None,
                "step": one.step.name,
                "actions": [list(action) for action in one.step.actions],
                "notified": addresses,
            }
            for one, addresses in done.escalated
        ],
        "swept": [
            {"ticket": one.after.number, "rule": rule.id, "actions": [str(action) for action in rule.then]}
            for one in done.swept
            for rule in one.fired
        ],
        "told": [{"ticket": number, "agent": name} for number, name in done.told],
        "held_back": done.held_back,
        "mails": done.mails,
        "silent": list(done.silent),
        "woken": list(done.woken),
        "archived": done.archived,
    }
