"""A time limit for calls that have none: a look-up of a host name hangs as long as the resolver does, whatever timeout
the connection has, and no signal ends it."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Value = TypeVar("Value")


def within(seconds: float, call: Callable[[], Value]) -> Value:
    """What `call` returns or raises; raises TimeoutError where it takes longer. It runs in a thread of its own, which
    is then left to itself, and does not keep the process from ending."""
    outcome: SimpleQueue[tuple[Value] | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(),))
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits for it
            outcome.put(error)

    Thread(target=run, daemon=True).start()
    try:
        ended = outcome.get(timeout=max(0.0, seconds))
    except Empty:
        raise TimeoutError(f"nothing came of it within {seconds:g} s") from None
    if isinstance(ended, BaseException):
        raise ended
    return ended[0]
