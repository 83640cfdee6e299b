"""`ticketctl doctor`"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Literal

import click

from ticketctl.content.terminal import as_json, columns, line, styled
from ticketctl.content.times import age
from ticketctl.domain.text.one_line import one_line
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.errors import BadRules, ChannelFailed, Damaged, MissingExtra, StoreFailed, TicketctlError, Usage
from ticketctl.ports.store import Desk, Finding, Run
from ticketctl.present.words.away import away_line
from ticketctl.present.words.board import limit_line
from ticketctl.present.words.errors import with_step
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.automation import rate_limit as _brake
from ticketctl.usecases.intake.first_fetch import undecided_of, undecided_text
from ticketctl.usecases.intake.heartbeat import why_it_fails
from ticketctl.usecases.intake.outage_alert import SILENT_AFTER
from ticketctl.usecases.outgoing.send import hangs
from ticketctl.usecases.outgoing.sent_folder import waiting
from ticketctl.usecases.upkeep.clock_check import doubted
from ticketctl.usecases.upkeep.host_check import SANE_FROM, clock, clocks, disk
from ticketctl.usecases.upkeep.logins import findings as logins

STUCK_AFTER = timedelta(hours=4)
SUBJECT = 20  # columns of what a finding is about
MARKS = {"ok": "ok", "warning": "look", "error": "BAD"}
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
Checked = tuple[Finding, type[TicketctlError] | None]


@click.command
@click.option("--recover", is_flag=True, help="Mend a damaged store from what is there.")
@click.option("--deep", is_flag=True, help="Read every stored file and compare its hash.")
@click.option("--offline", is_flag=True, help="Do not connect to mailboxes or the outgoing server.")
@click.pass_obj
def command(shell: Shell, recover: bool, deep: bool, offline: bool) -> None:
    """Check the desk: store, sources, outgoing mail; mend it.

    Looks at rules.yaml, the store, permissions, the disk (bad under 100 MB or three times the desk file, `look` under
    1 GB), the clock, when each job last ran and last went well, logins by OAuth, what is stuck in the outbox, and
    connects to every source and to the outgoing server; where a server tells the time it is compared. Of stored mails
    and files the size is compared, and with --deep the hash (`purge` does that for another part each night). Nothing is
    changed without --recover, which never drops a ticket that can be read, names those that it could not bring back,
    and is how you say that you have looked.

    Ends with 0 when nothing is bad (a `look` is no error), else with the exit code of the first bad line, so that
    monitoring can call it. With --json one finding a line.

    \b
    Examples:
      ticketctl doctor
      ticketctl doctor --offline --json
    """
    bad: list[type[TicketctlError]] = []
    for finding, kind in chain(_recovered(shell) if recover else (), _checks(shell, offline, deep)):
        _say(shell, finding)
        if finding.state == "error" and kind is not None:
            bad.append(kind)
    if bad:
        click.get_current_context().exit(bad[0].exit_code)


def _recovered(shell: Shell) -> Iterator[Checked]:
    session = shell.session
    yield from ((finding, Damaged) for finding in session.store.recover())
    yield from ((finding, Damaged) for finding in session.audit.recover(session.now, shell.user or "doctor"))


def _checks(shell: Shell, offline: bool, deep: bool) -> Iterator[Checked]:
    began = monotonic()
    rules = _rules(shell)
    yield from rules
    yield from _store(shell, deep)
    yield from _permissions(shell)
    yield from _disk(shell)
    if any(finding.state == "error" for finding, _ in rules):
        yield Finding(subject="mail", state="warning", detail="not looked at, since rules.yaml has faults"), None
        return
    yield from _in_store(shell)
    yield from ((finding, ChannelFailed) for finding in logins(shell.session))
    if not offline:
        yield from _channels(shell)
        yield from ((finding, TicketctlError) for finding in clocks(shell.session, began))


def _rules(shell: Shell) -> list[Checked]:
    try:
        config = shell.session.config
    except BadRules as error:
        return [(Finding(subject="rules.yaml", state="error", detail=fault), BadRules) for fault in error.faults]
    except (Usage, MissingExtra) as error:
        return [(Finding.failed("rules.yaml", error), type(error))]
    return [
        (
            Finding(subject="rules.yaml", state="ok", detail=f"{shell.session.folder}, {len(config.team)} in the team"),
            None,
        )
    ]


def _store(shell: Shell, deep: bool) -> Iterator[Checked]:
    try:
        found = shell.session.store.check(deep=deep, known=_named_in_data(shell))
        yield from ((finding, Damaged) for finding in found)
        if all(finding.state != "error" for finding in found):
            yield shell.session.audit.verify(), Damaged
    except (Damaged, StoreFailed) as error:
        mend = "ticketctl doctor --recover" if isinstance(error, Damaged) else ""
        yield Finding(subject="store", state="error", detail=str(error), next_step=mend), type(error)


def _named_in_data(shell: Shell) -> frozenset[str]:
    """What rules.yaml puts into data/ itself: Maildirs and the like."""
    try:
        config = shell.session.config
    except Usage:  # _rules has told it
        return frozenset()
    sinks = [config.outgoing.sink] if config.outgoing else []
    paths = [getattr(one, "path", "") for one in (*config.sources, *sinks)]
    parts = [(shell.session.folder / Path(path).expanduser()).parts for path in paths if path]
    inside = (shell.session.folder / "data").parts
    return frozenset(one[len(inside)] for one in parts if one[: len(inside)] == inside and len(one) > len(inside))


def _permissions(shell: Shell) -> Iterator[Checked]:
    data = shell.session.folder / "data"
    if not data.exists():
        yield Finding(subject="data/", state="ok", detail="not there yet; made at first use"), None
        return
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & 0o077:
        yield (
            Finding(
                subject="data/",
                state="warning",
                detail=f"others on this machine may look into it (mode {mode:04o})",
                next_step=f"chmod 700 {data}",
            ),
            None,
        )
    else:
        yield Finding(subject="data/", state="ok", detail=f"private (mode {mode:04o})"), None


def _disk(shell: Shell) -> Iterator[Checked]:
    try:
        yield disk(shell.session), StoreFailed
    except StoreFailed as error:
        yield Finding(subject="disk", state="error", detail=str(error)), StoreFailed


# --- what the store tells: clock, jobs, outbox ---


def _in_store(shell: Shell) -> Iterator[Checked]:
    try:
        with shell.session.store.reading() as desk:
            newest = max((event.at for ticket in desk.find(ACTIVE) for event in ticket.events[-1:]), default=SANE_FROM)
            yield clock(shell.session, desk, newest), None
            yield from _doubted(shell, desk)
            yield from _jobs(shell, desk)
            yield from _heartbeat(shell, desk)
            yield _outbox(shell, desk), ChannelFailed
            yield from _hanging(shell)
            yield from _copies(desk)
            yield from _quarantine(desk)
            yield from _held(shell, desk)
            yield from _away(shell)
    except (Damaged, StoreFailed):
        return  # _store has told it


def _doubted(shell: Shell, desk: Desk) -> Iterator[Checked]:
    told = doubted(shell.session, desk)
    if told:
        yield Finding(subject="clock", state="warning", detail=told, next_step="timedatectl"), None


def _jobs(shell: Shell, desk: Desk) -> Iterator[Checked]:
    runs = _runs(shell, desk)
    names = [f"fetch {source.name}" for source in shell.session.config.sources]
    if not names:
        yield (
            Finding(
                subject="sources",
                state="warning",
                detail="rules.yaml names no source, so no mail comes in by itself",
                next_step="add sources: to rules.yaml, or `ticketctl fetch maildir:PATH`",
            ),
            None,
        )
    for name in dict.fromkeys([*names, *runs]):
        run = runs.get(name)
        if run is None:
            yield Finding(subject=name, state="warning", detail="has never run", next_step="ticketctl fetch"), None
        elif run.ok_at is None or run.ok_at < run.at:
            since = f"last went well {age(run.ok_at, shell.session.now)} ago" if run.ok_at else "has never gone well"
            yield Finding(subject=name, state="error", detail=f"{since}; {line(run.detail)}"), ChannelFailed
        elif name.startswith("fetch ") and run.at < shell.session.now - SILENT_AFTER:
            detail = f"last ran {age(run.at, shell.session.now)} ago"
            yield Finding(subject=name, state="warning", detail=detail, next_step="ticketctl cron install"), None
        else:
            yield Finding(subject=name, state="ok", detail=f"went well {age(run.at, shell.session.now)} ago"), None


def _runs(shell: Shell, desk: Desk) -> dict[str, Run]:
    """What is remembered of jobs that still exist: neither sources that rules.yaml no longer names or that were fetched
    by hand, nor all the reports that were ever mailed, only the last."""
    fetched = {f"fetch {source.name}" for source in shell.session.config.sources}
    runs = sorted(desk.runs(), key=lambda run: run.at)
    named = {run.name.split()[0] if run.name.startswith("report ") else run.name: run for run in runs}
    return {name: run for name, run in named.items() if not name.startswith("fetch ") or name in fetched}


def _outbox(shell: Shell, desk: Desk) -> Finding:
    items = list(desk.outbox())
    lost = [item for item in items if item.state in ("failed", "uncertain")]
    held = [item for item in items if item.state == "held"]
    due = [item for item in items if item.pending and item.state != "held"]
    stuck = [
        item for item in due if max(item.queued_at, item.leaves_at or item.queued_at) < shell.session.now - STUCK_AFTER
    ]
    if lost:
        names = ", ".join(sorted({f"#{item.ticket}" if item.ticket else item.kind for item in lost})[:5])
        return Finding(
            subject="outbox",
            state="error",
            detail=f"{len(lost)} not delivered: {names}",
            next_step="ticketctl send --list",
        )
    if held:
        names = ", ".join(f"#{item.ticket}" for item in held[:5])
        detail = f"{len(held)} held back because somebody wrote in between: {names}"
        return Finding(subject="outbox", state="warning", detail=detail, next_step="ticketctl outbox")
    if stuck:
        oldest = min(item.queued_at for item in stuck)
        error = line(stuck[0].error) or "not tried yet"
        detail = f"{len(stuck)} waiting, the oldest for {age(oldest, shell.session.now)}: {error}"
        return Finding(subject="outbox", state="warning", detail=detail, next_step="ticketctl send")
    return Finding(subject="outbox", state="ok", detail=f"{sum(item.pending for item in items)} waiting")


def _hanging(shell: Shell) -> Iterator[Checked]:
    if told := hangs(shell.session):
        yield Finding(subject="send", state="error", detail=told), ChannelFailed


def _heartbeat(shell: Shell, desk: Desk) -> Iterator[Checked]:
    if not shell.session.config.heartbeat:
        return
    reason = why_it_fails(desk)
    detail = f"could not be called: {reason}" if reason else "called after each good fetch"
    yield Finding(subject="heartbeat", state="warning" if reason else "ok", detail=detail), None


def _copies(desk: Desk) -> Iterator[Checked]:
    late = [copy for copy in waiting(desk).values() if copy.error]
    if late:
        noun = "reply" if len(late) == 1 else "replies"
        detail = f"{len(late)} {noun} without a copy in the Sent folder: {line(late[0].error)}"
        yield Finding(subject="sent copies", state="warning", detail=detail, next_step="ticketctl send"), None


def _quarantine(desk: Desk) -> Iterator[Checked]:
    if count := sum(1 for _ in desk.quarantined()):
        detail = f"{count} message{'s' if count > 1 else ''} set aside"
        yield Finding(subject="quarantine", state="warning", detail=detail, next_step="ticketctl quarantine list"), None


def _held(shell: Shell, desk: Desk) -> Iterator[Checked]:
    for one in _brake.held(shell.session, desk, list(desk.find())):
        yield Finding(subject="automatic mail", state="warning", detail=line(limit_line(one, shell.language))), None


# --- the world outside ---


def _away(shell: Shell) -> Iterator[Checked]:
    for name, away in coming(shell.session):
        alone = not away.deputy
        step = f"ticketctl away {name} --deputy AGENT" if alone else ""
        state: Literal["ok", "warning"] = "warning" if alone else "ok"
        said = away_line(name, away, today(shell.session), shell.language)
        yield Finding(subject="away", state=state, detail=said, next_step=step), None


def _channels(shell: Shell) -> Iterator[Checked]:
    for source in shell.session.config.sources:
        found = _tried(f"source {source.name}", partial(_look_at_source, shell, source.name))
        yield found
        if found[0].state == "ok":
            yield from _first_fetch(shell, source.name)
    yield _tried("outgoing", partial(_look_at_sink, shell))
    if shell.session.config.outgoing and shell.session.config.outgoing.sent:
        yield _tried("sent copies", partial(_look_at_sent, shell))


def _look_at_source(shell: Shell, name: str) -> str:
    with closing(shell.session.source(name)) as source:
        return source.check()


def _first_fetch(shell: Shell, name: str) -> Iterator[Checked]:
    try:
        undecided = undecided_of(shell.session, name)
    except (ChannelFailed, Damaged, StoreFailed):
        return  # told already, or next time
    if undecided:
        detail, step = (
            undecided_text(shell.session, name, undecided).removeprefix(f"{name}: "),
            f"ticketctl fetch {name} --since now",
        )
        yield Finding(subject=f"source {name}", state="warning", detail=detail, next_step=step), None


def _look_at_sink(shell: Shell) -> str:
    with closing(shell.session.sink) as sink:
        return sink.check()


def _look_at_sent(shell: Shell) -> str:
    with closing(shell.session.sent_folder()) as sent:
        return sent.check()


def _tried(subject: str, look: Callable[[], str]) -> Checked:
    try:
        return Finding(subject=subject, state="ok", detail=look()), None
    except TicketctlError as error:
        return Finding.failed(subject, error), _kind(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this server's: the others are looked at
        told = f"{type(error).__name__}: {one_line(str(error))}"
        return Finding(subject=subject, state="error", detail=f"could not be looked at: {told}"), ChannelFailed


def _kind(error: TicketctlError) -> type[TicketctlError]:
    return type(error) if isinstance(error, Usage | MissingExtra) else ChannelFailed


def _say(shell: Shell, finding: Finding) -> None:
    finding = with_step(finding)
    if shell.json:
        import msgspec

        shell.say(as_json({"subject": "", "state": "", "detail": "", "next_step": "", **msgspec.to_builtins(finding)}))
        return
    mark = styled(f"{MARKS[finding.state]:<5}", fg=COLOURS[finding.state])
    subject, detail = line(finding.subject), line(finding.detail)
    if columns(subject) > SUBJECT:  # as long as the name of a source or file: on a line of its own
        shell.say(f"{mark} {subject}")
        mark, subject = f"{'':<5}", ""
    shell.say(f"{mark} {subject:<{SUBJECT}} {detail}".rstrip())
    if finding.next_step and finding.state != "ok" and finding.next_step not in finding.detail:
        shell.say(f"{'':<{SUBJECT + 7}}→ {finding.next_step}")
