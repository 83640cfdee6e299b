"""Which tickets of the desk hold which message, or refer to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ticketctl.store.tiny.documents import SUMMARY, Mark, Summary, decode

Trace = tuple[Mark | Literal["reference"], str]


class Sightings:
    """Both ways, so that a ticket can be forgotten and learnt again when it has changed."""

    def __init__(self) -> None:
        self._traces: dict[int, tuple[Trace, ...]] = {}
        self._numbers: dict[Trace, set[int]] = {}

    def learn(self, number: int, raw: bytes) -> None:
        traces = tuple(_traces(decode(SUMMARY, raw)))
        self._traces[number] = traces
        for trace in traces:
            self._numbers.setdefault(trace, set()).add(number)

    def forget(self, number: int) -> None:
        for trace in self._traces.pop(number, ()):
            self._numbers[trace].discard(number)

    def numbers(self, kind: Mark | Literal["reference"], value: str) -> set[int]:
        return set(self._numbers.get((kind, value), ()))


def _traces(ticket: Summary) -> Iterator[Trace]:
    for message in ticket.messages:
        yield from message.marks
        for one in message.references:
            yield "reference", one
