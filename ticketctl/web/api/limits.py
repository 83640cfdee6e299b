"""How much may be asked: so much at once, and so much a minute.

It is counted in this process alone, and forgotten when it ends: a limit on what comes too fast needs no commit of the
desk, which would be slower than what it holds back.
"""

from __future__ import annotations

import time
from threading import Lock

MOST = 10_000  # names that are remembered; a full one is forgotten first


class Buckets:
    """A token bucket for each name: `burst` at once, `per_minute` in the long run."""

    def __init__(self, burst: int, per_minute: int) -> None:
        self._burst, self._per_second = burst, per_minute / 60
        self._held: dict[str, tuple[float, float]] = {}  # name → what is left in it, and when that was
        self._lock = Lock()

    def take(self, name: str) -> float:
        """Seconds until one is left again; 0 where this one was let through."""
        now = time.monotonic()
        with self._lock:
            left, at = self._held.pop(name, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._per_second)
            passed = left >= 1
            self._held[name] = (left - 1 if passed else left, now)
            if len(self._held) > MOST:
                del self._held[next(iter(self._held))]
        return 0.0 if passed else (1 - left) / self._per_second

    def is_empty(self, name: str) -> bool:
        """Whether none is left, without taking one."""
        with self._lock:
            left, at = self._held.get(name, (float(self._burst), 0.0))
        return left + (time.monotonic() - at) * self._per_second < 1
