"""Checks what the desk remembers: the clock, jobs, the outbox, the quarantine, loops of mail, who is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.ports.store import Desk, Finding, Run
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.automation.rate_limit import held
from ticketctl.usecases.intake.heartbeat import why_it_fails
from ticketctl.usecases.intake.outage_alert import SILENT_AFTER
from ticketctl.usecases.outgoing.send import hangs
from ticketctl.usecases.outgoing.sent_folder import waiting
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.clock_check import doubted
from ticketctl.usecases.upkeep.host_check import SANE_FROM, clock
from ticketctl.usecases.upkeep.restore import restored_finding

STUCK_AFTER = timedelta(hours=4)


def desk_findings(session: Session, desk: Desk) -> Iterator[Finding]:
    newest = max((event.at for ticket in desk.find(ACTIVE) for event in ticket.events[-1:]), default=SANE_FROM)
    yield clock(session, desk, newest)
    if known := doubted(session, desk):
        facts = {"now": local(session.now, UTC), "known": local(known, UTC)}
        yield Finding(
            subject="clock", state="warning", code="clock_doubted", facts=facts, next_step="say_clock_is_right"
        )
    if found := restored_finding(desk):
        yield found
    yield from _jobs(session, desk)
    yield from _heartbeat(session, desk)
    yield _outbox(session, desk)
    if why := hangs(session):
        yield Finding(subject="send", state="error", code="trouble", facts={"why": why})
    yield from _sent_copies(desk)
    yield from _quarantine(desk)
    for one in held(session, desk, list(desk.find())):
        yield Finding(subject="automatic mail", state="warning", code="automatic_mail_held", facts={"held": one})
    yield from _away(session)


def _jobs(session: Session, desk: Desk) -> Iterator[Finding]:
    runs = _runs(session, desk)
    names = [f"fetch {source.name}" for source in session.config.fetched]
    if not names:
        yield Finding(subject="sources", state="warning", code="no_sources", next_step="add_sources")
    for name in dict.fromkeys([*names, *runs]):
        yield _job(session, name, runs.get(name))


def _job(session: Session, name: str, run: Run | None) -> Finding:
    if run is None:
        return Finding(subject=name, state="warning", code="never_ran", next_step="fetch")
    ago = session.now - run.at
    if run.ok_at is None:
        return Finding(subject=name, state="error", code="never_well", facts={"why": line(run.detail)})
    if run.ok_at < run.at:
        facts = {"ago": session.now - run.ok_at, "why": line(run.detail)}
        return Finding(subject=name, state="error", code="not_well", facts=facts)
    if name.startswith("fetch ") and ago > SILENT_AFTER:
        return Finding(subject=name, state="warning", code="silent", facts={"ago": ago}, next_step="install_cron")
    return Finding(subject=name, state="ok", code="went_well", facts={"ago": ago})


def _runs(session: Session, desk: Desk) -> dict[str, Run]:
    """What is remembered of jobs that still exist: neither sources that rules.yaml no longer names or that were fetched
    by hand, nor all the reports that were ever mailed, only the last."""
    fetched = {f"fetch {source.name}" for source in session.config.fetched}
    runs = sorted(desk.runs(), key=lambda run: run.at)
    named = {run.name.split()[0] if run.name.startswith("report ") else run.name: run for run in runs}
    return {name: run for name, run in named.items() if not name.startswith("fetch ") or name in fetched}


def _heartbeat(session: Session, desk: Desk) -> Iterator[Finding]:
    if not session.config.heartbeat:
        return
    if why := why_it_fails(desk):
        yield Finding(subject="heartbeat", state="warning", code="heartbeat_fails", facts={"why": why})
    else:
        yield Finding(subject="heartbeat", state="ok", code="heartbeat")


def _outbox(session: Session, desk: Desk) -> Finding:
    subject, items = "outbox", list(desk.outbox())
    lost = [item for item in items if item.state in ("failed", "uncertain")]
    held_back = [item for item in items if item.state == "held"]
    due = [item for item in items if item.pending and item.state != "held"]
    late = session.now - STUCK_AFTER
    stuck = [item for item in due if max(item.queued_at, item.leaves_at or item.queued_at) < late]
    if lost:
        names = sorted({f"#{item.ticket}" if item.ticket else item.kind for item in lost})[:5]
        facts = {"count": len(lost), "names": ", ".join(names)}
        return Finding(subject=subject, state="error", code="not_delivered", facts=facts, next_step="send_list")
    if held_back:
        facts = {"count": len(held_back), "names": ", ".join(f"#{item.ticket}" for item in held_back[:5])}
        return Finding(subject=subject, state="warning", code="held_back", facts=facts, next_step="outbox")
    if stuck:
        ago = session.now - min(item.queued_at for item in stuck)
        facts = {"count": len(stuck), "ago": ago, "why": line(stuck[0].error)}
        code = "stuck" if facts["why"] else "not_tried"
        return Finding(subject=subject, state="warning", code=code, facts=facts, next_step="send")
    return Finding(subject=subject, state="ok", code="waiting", facts={"count": sum(one.pending for one in items)})


def _sent_copies(desk: Desk) -> Iterator[Finding]:
    late = [copy for copy in waiting(desk).values() if copy.error]
    if late:
        facts = {"count": len(late), "why": line(late[0].error)}
        code = "copy_missing" if len(late) == 1 else "copies_missing"
        yield Finding(subject="sent copies", state="warning", code=code, facts=facts, next_step="send")


def _quarantine(desk: Desk) -> Iterator[Finding]:
    if count := sum(1 for _ in desk.quarantined()):
        code = "quarantined_one" if count == 1 else "quarantined"
        yield Finding(
            subject="quarantine", state="warning", code=code, facts={"count": count}, next_step="quarantine_list"
        )


def _away(session: Session) -> Iterator[Finding]:
    for name, away in coming(session):
        facts = {"agent": name, "away": away, "today": today(session)}
        if away.deputy:
            yield Finding(subject="away", state="ok", code="away", facts=facts)
        else:
            yield Finding(subject="away", state="warning", code="away", facts=facts, next_step="name_deputy")
