"""Works that wait for servers, side by side: each in a thread of its own, while the main thread alone takes in what
they bring, in the order in which it comes. So one that stalls holds up none of the others, and the desk, which only the
main thread touches, knows of no threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import Generic, NamedTuple, TypeVar

from ticketctl.ports.signals import uninterrupted

AHEAD = 16_000_000  # bytes that all works together may have brought and nobody has taken in yet

Who = TypeVar("Who")
Item = TypeVar("Item")


class Ended(NamedTuple):
    """The last that comes of a work: with what stopped it, if it did not come to its end."""

    error: BaseException | None


class ParallelReader(Generic[Who, Item]):
    """A context; iterating it gives (who, what) until all works have ended, also those that were started meanwhile.
    Left early, no work brings anything any more; one that waits for a server ends by itself, or with the process."""

    def __init__(self, weigh: Callable[[Item], int]) -> None:
        self._weigh = weigh
        self._bell: SimpleQueue[tuple[Who, Item | Ended, int]] = SimpleQueue()
        self._here: deque[tuple[Who, Generator[Item, None, None]]] = deque()
        self._room = Condition()
        self._ahead = 0
        self._running = 0
        self._over = False

    def __enter__(self) -> ParallelReader[Who, Item]:
        return self

    def __exit__(self, *ended: object) -> None:
        with self._room:
            self._over = True
            self._room.notify_all()

    def start(self, who: Who, work: Callable[[], Generator[Item, None, None]], *, waits: bool) -> None:
        """`waits`: for a server, and so in a thread. What is on this computer is read by the main thread: a process
        cannot end while another thread reads its standard input."""
        self._running += 1
        if not waits:
            self._here.append((who, work()))
            return
        with uninterrupted():  # threads inherit it: signals are for the main thread, which may be in a commit
            Thread(target=self._do, args=(who, work), daemon=True).start()

    def __iter__(self) -> Iterator[tuple[Who, Item | Ended]]:
        while self._running:
            if self._here:
                yield self._step(*self._here.popleft())
            with suppress(Empty):
                who, what, weight = self._bell.get(block=not self._here and self._running > 0)
                with self._room:
                    self._ahead -= weight
                    self._room.notify_all()
                if isinstance(what, Ended):
                    self._running -= 1
                yield who, what

    def _step(self, who: Who, items: Generator[Item, None, None]) -> tuple[Who, Item | Ended]:
        """The next that a work without a thread brings."""
        try:
            item = next(items)
        except StopIteration:
            self._running -= 1
            return who, Ended(None)
        except Exception as raised:  # noqa: BLE001 - as in a thread: whoever hears of it deals with it
            self._running -= 1
            return who, Ended(raised)
        self._here.append((who, items))
        return who, item

    def _do(self, who: Who, work: Callable[[], Generator[Item, None, None]]) -> None:
        error: BaseException | None = None
        items = work()
        try:
            for item in items:
                if not self._bring(who, item):
                    items.close()
                    break
        except BaseException as raised:  # noqa: BLE001 - whatever it is, the main thread deals with it
            error = raised
        self._bell.put((who, Ended(error), 0))

    def _bring(self, who: Who, item: Item) -> bool:
        """Waits until there is room; False where nobody takes it in any more."""
        weight = self._weigh(item)
        with self._room:
            self._room.wait_for(lambda: self._over or self._ahead <= AHEAD)
            self._ahead += weight
        if not self._over:
            self._bell.put((who, item, weight))
        return not self._over
