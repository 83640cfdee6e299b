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
from ticketctl.store import fs
from ticketctl.usecases.session import App

SANE_FROM = datetime(2024, 1, 1, tzinfo=UTC)
SKEWED, WRONG = timedelta(minutes=1), timedelta(minutes=10)
SCARCE, LACKING = 1_000_000_000, 100_000_000  # bytes
COPIES = 3  # of the desk file: the old one, the one before, and the new one that is being written
FILES = 1_000


def clock(app: App, desk: Desk, newest: datetime) -> Finding:
    """Against what the desk remembers: `newest` is when one of its tickets was last changed."""
    newest = max([newest, *(run.at for run in desk.runs())])
    if app.now < newest - timedelta(minutes=5):
        detail = f"it is {local(app.now, UTC)} UTC here, but the desk was used {local(newest, UTC)} UTC"
        return Finding(subject="clock", state="warning", detail=detail, next_step="timedatectl")
    if app.now < SANE_FROM:
        return Finding(subject="clock", state="warning", detail=f"it is {app.now.year} here", next_step="timedatectl")
    where = zone(app.config.timezone)
    return Finding(subject="clock", state="ok", detail=f"{local(app.now, where)} {app.config.timezone}")


def elsewhere(app: App) -> Iterator[datetime]:
    """What time it is for the servers that tell it: the heartbeat's, those of tokens."""
    from ticketctl.channels.web import time_at

    for url in dict.fromkeys(filter(None, [app.config.heartbeat, *_token_servers(app)])):
        with suppress(ChannelFailed):
            there = time_at(url)
            if there is not None:
                yield there


def clocks(app: App, began: float) -> Iterator[Finding]:
    """Against the first server that says what time it is: the heartbeat's, or one of tokens. `began` is when this run
    did, by `monotonic`. Nothing where no such server answers: that is another finding's matter."""
    from ticketctl.channels.web import time_at

    for url in dict.fromkeys(filter(None, [app.config.heartbeat, *_token_servers(app)])):
        try:
            there = time_at(url)
        except ChannelFailed:
            continue
        if there is not None:
            yield _compared(app.now + timedelta(seconds=monotonic() - began) - there, url)
            return


def _token_servers(app: App) -> Iterator[str]:
    for name in app.config.logins():
        account = app.open_account(app, name)
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


def disk(app: App) -> Finding:
    """Raises StoreFailed."""
    folder = app.folder / "data"
    there = folder if folder.exists() else app.folder
    found = fs.status(there / "desk.json") if there is folder else None
    free, files = fs.room(there)
    return judged(free, files, found.st_size if found else 0)


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
