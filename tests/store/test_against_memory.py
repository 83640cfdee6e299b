"""Whatever is done to a desk, in whatever order, the store in files answers as the reference does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.store.samples import DAY, NOW, message, outbound, quarantined, ticket
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Cursor, Desk, Run, Store
from ticketctl.store.memory import MemoryStore
from ticketctl.store.tiny.store import TinyStore

MEMORY = Path("/dev/shm")  # some thousand commits: no need to wear out a disk

numbers = st.integers(1, 4)
marks = st.sampled_from(["a", "b", "c", "å"])
texts = st.text(st.characters(codec="utf-8"), max_size=8)
moments = st.integers(0, 120).map(lambda days: NOW - days * DAY)
queries = st.builds(
    Query,
    numbers=st.none() | st.frozensets(numbers, max_size=3),
    statuses=st.none() | st.frozensets(st.sampled_from(["new", "open", "waiting", "closed"])),
    assignee=st.none() | st.sampled_from(["", "bo"]),
    labels=st.frozensets(marks, max_size=1),
    search=st.sampled_from(["", "HEJ", "å", "ämne x"]),
    lived_from=st.none() | moments,
    lived_to=st.none() | moments,
)


def outcome(answer: Callable[[], Any]) -> Any:
    """What it answers, or which error it raises."""
    try:
        return answer()
    except TicketctlError as error:
        return type(error)


class SameAnswers(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.stores: tuple[Store, Store] = (MemoryStore(), TinyStore(self.folder / "data"))

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def both(self, change: Callable[[Desk], Any], *, keep: bool = True) -> None:
        """The same unit of work in both; one that raises is not kept."""

        def unit(store: Store) -> Any:
            with store.transaction(keep=keep) as desk:
                return change(desk)

        expected, found = (outcome(lambda store=store: unit(store)) for store in self.stores)
        assert found == expected

    def change(self, number: int, how: Callable[[Ticket], Ticket], *, keep: bool = True) -> None:
        self.both(lambda desk: desk.save(how(desk.get(number))), keep=keep)

    @rule(subject=texts, mark=marks, keep=st.booleans(), count=st.integers(1, 3), closed=st.none() | moments)
    def new(self, subject: str, mark: str, keep: bool, count: int, closed: datetime | None) -> None:
        def change(desk: Desk) -> None:
            for _ in range(count):
                one = ticket(desk.new_number(), 0, subject=subject)
                one = one.receive(Act("system", NOW), message(0, content=mark, message_id=mark))
                desk.save(one.close(Act("bo", closed)) if closed else one)

        self.both(change, keep=keep)

    @rule(number=numbers, mark=marks, text=texts)
    def answer(self, number: int, mark: str, text: str) -> None:
        def change(one: Ticket) -> Ticket:
            return one.receive(
                Act("system", NOW), message(number, key=one.next_key(), content=mark, message_id=mark, text=text)
            )

        self.change(number, change)

    @rule(number=numbers, at=moments, keep=st.booleans())
    def close(self, number: int, at: datetime, keep: bool) -> None:
        self.change(number, lambda one: one.close(Act("bo", at)), keep=keep)

    @rule(number=numbers, label=marks)
    def label(self, number: int, label: str) -> None:
        self.change(number, lambda one: msgspec.structs.replace(one, assignee="bo").label(Act("bo", NOW), label))

    @rule(number=numbers, revision=st.integers(0, 3))
    def save_blindly(self, number: int, revision: int) -> None:
        self.both(lambda desk: desk.save(ticket(number, revision=revision)))

    @rule(number=numbers, tombstones=st.booleans(), keep=st.booleans())
    def delete(self, number: int, tombstones: bool, keep: bool) -> None:
        def change(desk: Desk) -> list[Any]:
            desk.delete(number, tombstones=tombstones)
            seen = [(desk.find_message(mark), desk.find_content(mark)) for mark in ("a", "b", "c", "å")]
            return [outcome(lambda: desk.get(number)), seen, [one.number for one in desk.find(archive=True)]]

        self.both(change, keep=keep)

    @rule(before=st.sampled_from([NOW, NOW - 30 * DAY]))
    def archive(self, before: datetime) -> None:
        expected, found = (store.archive(before) for store in self.stores)
        assert found == expected

    @rule(key=texts, value=texts, keep=st.booleans())
    def small_things(self, key: str, value: str, keep: bool) -> None:
        def change(desk: Desk) -> None:
            desk.remember(key, value)
            desk.set_cursor(key, Cursor(len(key), len(value)))
            desk.note_run(Run(name=key, at=NOW, detail=value))
            desk.queue(outbound(key or "o", subject=value))
            desk.quarantine(quarantined(key or "q"))

        self.both(change, keep=keep)

    @rule(key=texts)
    def drop(self, key: str) -> None:
        def change(desk: Desk) -> None:
            desk.drop_outbound(key)
            desk.drop_quarantined(key)

        self.both(change)

    @rule()
    def recover(self) -> None:
        assert self.stores[1].recover() == []

    @precondition(lambda self: (self.folder / "data" / "archive" / "index.bin").exists())
    @rule(at=st.integers(0, 5000))
    def spoil_the_index(self, at: int) -> None:
        """It is derived: nobody notices."""
        path = self.folder / "data" / "archive" / "index.bin"
        data = bytearray(path.read_bytes())
        data[at % len(data)] ^= 1
        path.write_bytes(data)

    @invariant()
    def same_tickets(self) -> None:
        expected, found = (self.everything(store) for store in self.stores)
        assert found == expected

    def everything(self, store: Store) -> list[Any]:
        with store.reading() as desk:
            return [
                list(desk.find(texts=True)),
                list(desk.find(archive=True)),
                [outcome(lambda number=number: desk.get(number)) for number in range(9)],
                [(desk.find_message(mark), desk.find_content(mark)) for mark in ("a", "b", "c", "å", "content q")],
                list(desk.outbox()),
                list(desk.quarantined()),
                list(desk.runs()),
                list(desk.facts("")),
            ]

    @rule(query=queries, archive=st.booleans(), texts_too=st.booleans())
    def search(self, query: Query, archive: bool, texts_too: bool) -> None:
        answers = []
        for store in self.stores:
            with store.reading() as desk:
                answers.append(list(desk.find(query, archive=archive, texts=texts_too)))
        assert answers[0] == answers[1]


TestSameAnswers = SameAnswers.TestCase
TestSameAnswers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
