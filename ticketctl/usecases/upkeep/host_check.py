"""Checks the computer that the desk is on: its clock, and the room on its disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Literal

from ticketctl.content.times import zone
from ticketctl.errors import ChannelFailed
from ticketctl.ports.store import Desk, Finding, Room
from ticketctl.usecases.session import Session

SANE_FROM = datetime(2024, 1, 1, tzinfo=UTC)
SKEWED, WRONG = timedelta(minutes=1), timedelta(minutes=10)
SCARCE, LACKING = 1_000_000_000, 100_000_000  # bytes
COPIES = 3  # of the desk file: the old one, the one before, and the new one that is being written
FILES = 1_000


def clock(session: Session, desk: Desk, newest: datetime) -> Finding:
    """Against what the desk remembers: `newest` is when one of its tickets was last changed."""
    newest = max([newest, *(run.at for run in desk.runs())])
    if session.now < newest - timedelta(minutes=5):
        facts: dict[str, object] = {"now": session.now.astimezone(UTC), "used": newest.astimezone(UTC)}
        return Finding(subject="clock", state="warning", code="clock_went_back", facts=facts, next_step="look_at_clock")
    if session.now < SANE_FROM:
        facts = {"year": str(session.now.year)}
        return Finding(subject="clock", state="warning", code="clock_at_zero", facts=facts, next_step="look_at_clock")
    zone_name = session.config.timezone
    facts = {"now": session.now.astimezone(zone(zone_name)), "zone": zone_name}
    return Finding(subject="clock", state="ok", code="clock", facts=facts)


def elsewhere(session: Session) -> Iterator[datetime]:
    """What time it is for the servers that tell it: the heartbeat's, those of tokens."""
    for url in dict.fromkeys(filter(None, [session.config.heartbeat, *_token_servers(session)])):
        with suppress(ChannelFailed):
            there = session.host.time_at(url)
            if there is not None:
                yield there


def clocks(session: Session, began: float) -> Iterator[Finding]:
    """Against the first server that says what time it is: the heartbeat's, or one of tokens. `began` is when this run
    did, by `monotonic`. Nothing where no such server answers: that is another finding's matter."""
    for url in dict.fromkeys(filter(None, [session.config.heartbeat, *_token_servers(session)])):
        try:
            there = session.host.time_at(url)
        except ChannelFailed:
            continue
        if there is not None:
            yield _compared(session.now + timedelta(seconds=monotonic() - began) - there, url)
            return


def _token_servers(session: Session) -> Iterator[str]:
    for name in session.config.logins():
        account = session.account(name)
        try:
            login = account.login() if account else None
        except ChannelFailed:
            continue
        if login:
            yield login.endpoints.token


def _compared(ahead: timedelta, url: str) -> Finding:
    """The servers' Date has whole seconds, and the way there takes some."""
    subject, facts = "clock elsewhere", {"host": url.split("/")[2], "seconds": round(abs(ahead).total_seconds())}
    if abs(ahead) < SKEWED:
        return Finding(subject=subject, state="ok", code="same_time", facts=facts)
    code = "clock_ahead" if ahead > timedelta(0) else "clock_behind"
    state: Literal["warning", "error"] = "error" if abs(ahead) >= WRONG else "warning"
    return Finding(subject=subject, state=state, code=code, facts=facts, next_step="set_clock")


def disk(session: Session) -> Finding:
    """Raises StoreFailed."""
    return judged(session.store.room())


def judged(room: Room) -> Finding:
    facts = {"free": room.free, "needed": max(LACKING, COPIES * room.size), "files": room.files}
    if room.free < max(LACKING, COPIES * room.size):
        return Finding(subject="disk", state="error", code="disk_full", facts=facts, next_step="look_at_disk")
    if room.files < FILES:
        return Finding(subject="disk", state="error", code="few_files", facts=facts, next_step="look_at_files")
    state: Literal["ok", "warning"] = "warning" if room.free < SCARCE else "ok"
    return Finding(subject="disk", state=state, code="disk", facts=facts, next_step="look_at_disk")
