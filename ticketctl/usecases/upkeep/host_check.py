"""What `doctor` tells of the computer itself: its clock, and the room on its disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Literal

from ticketctl.content.times import local, zone
from ticketctl.errors import ChannelFailed
from ticketctl.ports.store import Desk, Finding
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
        detail = f"it is {local(session.now, UTC)} UTC here, but the desk was used {local(newest, UTC)} UTC"
        return Finding(subject="clock", state="warning", detail=detail, next_step="timedatectl")
    if session.now < SANE_FROM:
        return Finding(
            subject="clock", state="warning", detail=f"it is {session.now.year} here", next_step="timedatectl"
        )
    where = zone(session.config.timezone)
    return Finding(subject="clock", state="ok", detail=f"{local(session.now, where)} {session.config.timezone}")


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
    host, seconds = url.split("/")[2], round(abs(ahead).total_seconds())
    if abs(ahead) < SKEWED:
        return Finding(subject="clock elsewhere", state="ok", detail=f"the same at {host}")
    length = f"{seconds} s" if seconds < 600 else f"{seconds // 60} minutes"
    detail = f"it is {length} {'ahead of' if ahead > timedelta(0) else 'behind'} {host}"
    state: Literal["warning", "error"] = "error" if abs(ahead) >= WRONG else "warning"
    return Finding(subject="clock elsewhere", state=state, detail=detail, next_step="timedatectl set-ntp true")


def disk(session: Session) -> Finding:
    """Raises StoreFailed."""
    folder = session.folder / "data"
    there = folder if folder.exists() else session.folder
    size = session.host.size(there / "desk.json") if there is folder else 0
    free, files = session.host.room(there)
    return judged(free, files, size)


def judged(free: int, files: int, size: int) -> Finding:
    """`free` bytes, and `files` that may still be made, for a desk file of `size` bytes."""
    needed = max(LACKING, COPIES * size)
    room = f"{free / 1e9:,.1f} GB free" if free >= 1e9 else f"{free / 1e6:,.0f} MB free"
    if free < needed:
        detail = f"{room}; the desk needs {needed / 1e6:,.0f} MB"
        return Finding(subject="disk", state="error", detail=detail, next_step="df -h .")
    if files < FILES:
        detail = f"{room}, but only {files:,} more files fit"
        return Finding(subject="disk", state="error", detail=detail, next_step="df -i .")
    return Finding(subject="disk", state="warning" if free < SCARCE else "ok", detail=room, next_step="df -h .")
