"""`escalate`: time that runs out is told, tickets wake on their date, old closed ones go to the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click
import msgspec

from ticketctl.app import App
from ticketctl.commands._jobs import alone, note_run
from ticketctl.commands._people import act as may_change
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.domain.escalation import Escalated, escalated, plan, told, waking
from ticketctl.domain.query import ACTIVE, Query
from ticketctl.domain.ticket import Act
from ticketctl.present.escalation import Notice, digest
from ticketctl.present.terminal import as_json
from ticketctl.present.words import PROMISE
from ticketctl.store.base import Desk


class _Done(msgspec.Struct):
    """What one run did, or would do."""

    escalated: list[tuple[Escalated, list[str]]]
    mails: int = 0
    woken: tuple[int, ...] = ()
    archived: int = 0


@click.command()
@dry_run_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(app: App, dry_run: bool, quiet: bool) -> None:
    """Carry out the escalation steps that are due.

    For each promise in `targets:` that runs out, the steps in `escalation:` of rules.yaml notify people (one mail each
    and run), raise the priority or give the ticket to somebody; each step once. Also brings waiting tickets back whose
    date has come, and moves tickets that were closed long ago to the archive. Made for cron: a second run at the same
    time skips, and running it twice does nothing more.

    \b
    Example:
      ticketctl escalate --dry-run
    """
    if not dry_run:
        may_change(app, "escalate")
    with alone(app, "escalate") as mine:
        if not mine:
            return
        done = _run(app, keep=not dry_run)
    if app.json:
        app.say(as_json(_shape(done, dry_run)))
    elif not quiet:
        for text in _lines(done, dry_run):
            app.say(text)


def _run(app: App, *, keep: bool) -> _Done:
    done = _Done([])
    with app.store.transaction(keep=keep) as desk:
        done.woken = tuple(_wake(app, desk))
        done.escalated, done.mails = _escalate(app, desk)
        note_run(app, desk, "escalate")
    before = app.now - timedelta(days=app.config.archive_after_days)
    done.archived = app.store.archive(before) if keep else _to_archive(app, before)
    return done


def _wake(app: App, desk: Desk) -> list[int]:
    numbers = waking(desk.find(Query(statuses=frozenset({"waiting"}))), app.now)
    for number in numbers:
        desk.save(desk.get(number).wake(Act("system", app.now, "its wake-up date has come")))
    return numbers


def _escalate(app: App, desk: Desk) -> tuple[list[tuple[Escalated, list[str]]], int]:
    """The steps with whom they notified, and the number of mails."""
    config = app.config
    done: list[tuple[Escalated, list[str]]] = []
    notices: dict[str, list[Notice]] = {}
    rules = (config.escalation, config.targets, config.hours, app.now)
    for number in dict.fromkeys(due.number for due in plan(desk.find(ACTIVE), *rules)):
        before = desk.get(number)
        after, steps = escalated(before, *rules)
        after = desk.save(after)
        for one in steps:
            addresses = told(after, one.step, config.team)
            for address in addresses:
                notices.setdefault(address, []).append(Notice(before, after, one.deadline))
            done.append((one, addresses))
    for address, own in notices.items():
        _queue(app, desk, address, own)
    return done, len(notices)


def _queue(app: App, desk: Desk, address: str, notices: Sequence[Notice]) -> None:
    from ticketctl.commands._outgoing import queue_notice

    config = app.config
    subject, body = digest(notices, desk=config.name, language=config.language, zone=ZoneInfo(config.timezone))
    queue_notice(app, desk, [address], subject, body, "notification")


def _to_archive(app: App, before: datetime) -> int:
    with app.store.reading() as desk:
        closed = desk.find(Query(statuses=frozenset({"closed"})))
        return sum(ticket.closed_at is not None and ticket.closed_at < before for ticket in closed)


# --- saying it ---


def _lines(done: _Done, dry_run: bool) -> list[str]:
    would = "would: " if dry_run else ""
    lines = [f"{would}{_step(one, addresses)}" for one, addresses in done.escalated]
    if done.woken:
        lines.append(f"{would}{_numbers(done.woken)} back from waiting; `ticketctl list` shows what is next")
    if done.archived:
        lines.append(f"{would}{done.archived} closed ticket{'s' * (done.archived != 1)} to the archive")
    if done.mails and not dry_run:
        lines.append(f"{done.mails} mail{'s' * (done.mails != 1)} in the outbox; `ticketctl send` sends")
    return lines or ["Nothing is due."]


def _step(one: Escalated, addresses: Sequence[str]) -> str:
    deadline = one.deadline
    actions = [f"{action} {value}" for action, value in one.step.actions if action != "notify"]
    actions += [f"notify {', '.join(addresses)}"] if addresses else []
    promise = PROMISE["en"][deadline.kind].lower()
    return f"#{one.number} {promise} {deadline.used:.0%} used: {'; '.join(actions) or 'no action'}"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)


def _shape(done: _Done, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "escalated": [
            {
                "ticket": one.number,
                "promise": one.deadline.kind,
                "occasion": one.deadline.occasion,
                "due_at": one.deadline.due_at.isoformat(),
                "used": one.deadline.used,
                "step": one.step.name,
                "actions": [list(action) for action in one.step.actions],
                "notified": addresses,
            }
            for one, addresses in done.escalated
        ],
        "mails": done.mails,
        "woken": list(done.woken),
        "archived": done.archived,
    }
