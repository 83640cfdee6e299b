"""That work grows with the size alone, on a slow or busy machine too: tests compare, they keep no time.

How fast it is, is measured by `python -m bench` and `python -m tests.hostile`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from types import FrameType

HANG = 60.0  # seconds: only what hangs takes longer, on any machine
NOTICEABLE = 1.0  # seconds of processor time; below that a ratio says nothing, and nobody waits for it
RATIO = 3.0  # of the time for twice the size: 2 is linear, 4 quadratic
TRIES = 3  # each time is the least of so many: what else the machine does only adds to it


def filled(piece: str, size: int) -> str:
    """`size` characters of nothing but that piece."""
    return (piece * (size // len(piece) + 1))[:size]


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Fails where `work(size)` takes a noticeable time, and more than RATIO times as long as `work(size // 2)`."""
    whole = half = HANG
    for _ in range(TRIES):
        whole = min(whole, _seconds(work, size))
        if whole < NOTICEABLE:
            return
        half = min(half, _seconds(work, size // 2))
        if whole < RATIO * half:
            return
    raise AssertionError(f"{whole:.1f} s for the size {size:,}, but {half:.1f} s for half of it")


def _seconds(work: Callable[[int], object], size: int) -> float:
    begun = process_time()
    work(size)
    return process_time() - begun


def calls(work: Callable[[], object]) -> int:
    """How many functions it calls, Python's and C's, which is the same on every machine."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
