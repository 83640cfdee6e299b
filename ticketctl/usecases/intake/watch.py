"""Keeps fetching: as soon as a server reports new mail, and from time to time where none can.

A thread for each folder holds a connection of its own, in which the server speaks up (IMAP IDLE, RFC 2177), and rings;
the main thread alone fetches, as a fetch from cron would. A connection that breaks is made anew, at growing intervals,
and meanwhile the source is asked like one that cannot tell. The thread rings whenever it begins to listen, so that
nothing is missed that came while it did not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Literal, NamedTuple

from ticketctl.errors import Busy, ChannelFailed, TicketctlError
from ticketctl.ports.channels import Listener
from ticketctl.ports.signals import uninterrupted
from ticketctl.usecases.intake.fetch import Fetch, FetchEnded, fetch, opened
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.session import Session

EVERY = 60.0  # seconds between two looks at a source that cannot tell
LISTENED_EVERY = 600.0  # … and at one that can: a server may forget us
BUSY_FOR = 5.0  # seconds until it tries again where another fetch was running
LISTENED_FOR = 540.0  # seconds; RFC 2177 lets servers close after 30 minutes, and routers forget sooner
QUICK = 30.0  # seconds: a server that speaks up sooner, again and again, is heard after a pause …
RESTS = (2.0, 5.0)  # … of so many seconds: the first time, and at most
PAUSES = (5.0, 300.0)  # seconds before a connection is made anew: the first time, and at most


class Ring(NamedTuple):
    """From a thread: it listens now, its server cannot tell, or the connection broke (and why, where that is new)."""

    source: str
    what: Literal["listens", "deaf", "broken"]
    failure: ChannelFailed | None = None


Bell = SimpleQueue[Ring]


class Watcher(NamedTuple):
    """Who hears what happens: `fetched` of each fetch that ended, `stopped` of what one that was interrupted has
    committed, `failed` of an error after which it goes on."""

    fetched: Callable[[FetchEnded], object]
    stopped: Callable[[Sequence[FetchResult]], object]
    failed: Callable[[TicketctlError], object]


def watch(session: Session, sources: Sequence[str], watcher: Watcher) -> None:
    """Until Ctrl-C or SIGTERM, which end it cleanly: what was committed stays, what was not comes again. Raises Usage,
    NotAllowed."""
    session.must("fetch")
    names = [source.name for source in opened(session, sources)]
    began = time.time()
    bell: Bell = SimpleQueue()
    asked = dict.fromkeys(names, 0.0)  # name → when it was last fetched, in seconds since we began
    heard: set[str] = set()
    with suppress(KeyboardInterrupt, SystemExit):
        for source in session.sources(names):
            for listener in source.listeners():
                with uninterrupted():  # threads inherit it: signals are for the main one, which may be in a commit
                    Thread(target=_listen, args=(listener, bell), daemon=True).start()
        if not _round(session, names, watcher, 0.0):
            asked = dict.fromkeys(names, BUSY_FOR - EVERY)
        while True:
            news = _wait(watcher, bell, heard, _rest(asked, heard, time.time() - began))
            elapsed = max(0.0, time.time() - began)
            due = [name for name in names if name in news or elapsed >= asked[name] + _interval(name, heard)]
            asked.update(dict.fromkeys(due, elapsed))
            if not _round(session, due, watcher, elapsed):
                asked.update({name: elapsed + BUSY_FOR - _interval(name, heard) for name in due})


def _wait(watcher: Watcher, bell: Bell, heard: set[str], seconds: float) -> set[str]:
    """The sources that rang; those that listen are then in `heard`, the others not."""
    news: set[str] = set()
    with suppress(Empty):
        ring = bell.get(timeout=max(0.1, seconds))
        while True:
            if ring.what == "listens":
                heard.add(ring.source)
                news.add(ring.source)
            else:
                heard.discard(ring.source)
            if ring.failure is not None:
                watcher.failed(ring.failure)
            ring = bell.get_nowait()
    return news


def _round(session: Session, names: Sequence[str], watcher: Watcher, elapsed: float) -> bool:
    """Whatever is wrong, with rules.yaml or the disk, the next round tries again. False while another fetch runs, which
    may have looked before the news came."""
    if not names:
        return True
    now = session.reopened(session.now + timedelta(seconds=elapsed))
    try:
        watcher.fetched(fetch(now, Fetch(sources=tuple(names)), stopped=watcher.stopped))
    except Busy:
        return False
    except TicketctlError as error:
        watcher.failed(error)
    return True


def _interval(name: str, heard: set[str]) -> float:
    return LISTENED_EVERY if name in heard else EVERY


def _rest(asked: dict[str, float], heard: set[str], elapsed: float) -> float:
    """Seconds until the next source is to be asked without having rung."""
    return min(at + _interval(name, heard) for name, at in asked.items()) - elapsed


def rest_after(lasted: float, before: float) -> float:
    """Seconds until it is listened to again, after it has spoken up within `lasted` seconds, and the pause was `before`
    the last time: a server that always reports mail at once would make us log in all the time."""
    if lasted >= QUICK:
        return 0.0
    return min(max(RESTS[0], before * 1.3), RESTS[1])


def _listen(listener: Listener, bell: Bell) -> None:
    """In a thread of its own. One failure is reported once, however often it comes again."""
    pause, before, rest = PAUSES[0], "", 0.0
    while True:
        began = time.monotonic()
        try:
            if not listener.listen(LISTENED_FOR, lambda: bell.put(Ring(listener.name, "listens"))):
                bell.put(Ring(listener.name, "deaf"))
                return
            pause, before, rest = PAUSES[0], "", rest_after(time.monotonic() - began, rest)
            time.sleep(rest)
        except ChannelFailed as failure:
            bell.put(Ring(listener.name, "broken", failure if str(failure) != before else None))
            before = str(failure)
            time.sleep(pause)
            pause = min(2 * pause, PAUSES[1])
