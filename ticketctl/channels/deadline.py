"""One deadline for a whole conversation with a server."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from threading import Timer
from time import monotonic


class Deadline:
    """Cuts the connection when the time is up: a server that drips a byte now and then outlives any socket timeout.

    Use it as a context; `watch` each connection as soon as there is one. `passed` tells that the time was up."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._end = monotonic() + seconds
        self._watched: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> Deadline:
        return self

    def __exit__(self, *ended: object) -> None:
        self._timer.cancel()
        self._release()

    def left(self) -> float:
        """Seconds, never 0, which would mean a socket that does not wait at all."""
        return max(0.01, self._end - monotonic())

    def watch(self, connection: socket.socket) -> None:
        """A second descriptor of it, because TLS takes the first one over and leaves nothing to shut.
        Where the time is up already, it is cut at once."""
        self._release()
        self._watched = socket.socket(fileno=os.dup(connection.fileno()))
        if self.passed:  # while there was nothing to cut yet
            self._cut()

    def _cut(self) -> None:
        self.passed = True
        watched = self._watched
        if watched is not None:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        watched, self._watched = self._watched, None
        if watched is not None:
            watched.close()
