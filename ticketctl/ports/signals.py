"""What the whole process does or leaves while a block is worked on: signals wait, nothing is collected."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C, TERM and HUP wait until the block is done: what takes milliseconds is finished, not torn off."""
    waiting = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic collector: where thousands of frozen values are made, it finds nothing and takes time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
