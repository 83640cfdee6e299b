"""Which tickets of the desk hold which message."""

from __future__ import annotations

from ticketctl.store.documents import SUMMARY, Mark, decode


class Sightings:
    """Both ways, so that a ticket can be forgotten and learnt again when it has changed."""

    def __init__(self) -> None:
        self._marks: dict[int, list[tuple[Mark, str]]] = {}
        self._numbers: dict[tuple[Mark, str], set[int]] = {}

    def learn(self, number: int, raw: bytes) -> None:
        marks = [mark for message in decode(SUMMARY, raw).messages for mark in message.marks]
        self._marks[number] = marks
        for mark in marks:
            self._numbers.setdefault(mark, set()).add(number)

    def forget(self, number: int) -> None:
        for mark in self._marks.pop(number, []):
            self._numbers[mark].discard(number)

    def numbers(self, kind: Mark, value: str) -> set[int]:
        return set(self._numbers.get((kind, value), ()))
