"""Who writes in a page: the same mark that the shell's editor leaves, held by the server while the page says so."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock
from time import monotonic

from ticketctl.usecases.reply.presence import writing
from ticketctl.usecases.session import Session

SECONDS = 75.0  # without a word of the page: it says so every 30 s
_held: dict[tuple[str, int, str], tuple[ExitStack, float]] = {}
_lock = Lock()


def writes(session: Session, number: int) -> None:
    """From now on, until nothing is heard for a while."""
    key, now = (str(session.folder), number, session.actor), monotonic()
    sweep()
    with _lock:
        stack = _held[key][0] if key in _held else None
        if stack is None:
            stack = ExitStack()
            stack.enter_context(writing(session, number))
        _held[key] = stack, now + SECONDS


def sweep() -> None:
    """Ends what was not heard of any more."""
    now = monotonic()
    with _lock:
        for old in [one for one, (_, until) in _held.items() if until < now]:
            _held.pop(old)[0].close()


def stops(session: Session, number: int) -> None:
    """The reply was sent, or kept as a draft."""
    with _lock:
        found = _held.pop((str(session.folder), number, session.actor), None)
    if found:
        found[0].close()
