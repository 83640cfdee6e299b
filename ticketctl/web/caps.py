"""How often somebody may do something, counted in the memory of this process: network addresses are kept nowhere."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KNOWN = 50_000  # names that are counted at once; beyond that the oldest is forgotten


class Caps:
    def __init__(self) -> None:
        self._spent: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def spend(self, name: str, most: int, within: timedelta, now: datetime) -> int:
        """0 where there was one left, which is now spent; else in how many seconds there will be one."""
        with self._lock:
            times = self._spent.pop(name, deque())
            while times and now - times[0] >= within:
                times.popleft()
            wait = 0
            if len(times) >= most:
                wait = max(1, int((times[0] + within - now).total_seconds()) + 1)
            else:
                times.append(now)
            self._spent[name] = times
            if len(self._spent) > KNOWN:
                del self._spent[next(iter(self._spent))]
            return wait


def over_cap(name: str, most: int, within: timedelta, now: datetime) -> int:
    """The same for the site of this request."""
    caps: Caps = current_app.extensions["caps"]
    return caps.spend(name, most, within, now)
