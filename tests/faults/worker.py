"""A process that uses a desk until it is done or killed: `python -m tests.faults.worker FOLDER NAME COUNT`.

Before each step it says on stdout what it is about to do, and after it what has been done; what was said as done must
still be so whatever happens to the process next. COUNT 0 goes on for ever.
"""

from __future__ import annotations

import itertools
import os
import random
import sys
import time
from pathlib import Path

from tests.store.samples import DAY, NOW, message, outbound, ticket
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import NoSuchTicket
from ticketctl.store.audit.log import AuditLog
from ticketctl.store.tiny.store import TinyStore


class Worker:
    def __init__(self, folder: Path, name: str) -> None:
        self.store = TinyStore(folder)
        self.audit = AuditLog(folder, b"k" * 32)
        self.name = name
        self.random = random.Random(name)
        self.count = 0

    def say(self, *words: object) -> None:
        os.write(1, (" ".join(map(str, words)) + "\n").encode())

    def step(self) -> None:
        self.count += 1
        often = [self.new, self.change] * 2
        self.random.choice([*often, self.close, self.delete, self.archive, self.blob, self.log])()

    def new(self) -> None:
        token = f"{self.name}-{self.count}"
        with self.store.transaction() as desk:
            number = desk.new_number()
            desk.save(ticket(number, 0).receive(Act("system", NOW), message(number, content=token)))
            desk.queue(outbound(token))
        self.say("new", number, token)

    def _any(self) -> int:
        with self.store.reading() as desk:
            numbers = [one.number for one in desk.find(archive=True)]
        return self.random.choice(numbers or [0])

    def change(self) -> None:
        number = self._any()
        try:
            with self.store.transaction() as desk:
                before = desk.get(number)
                act = Act(self.name, NOW)
                open_again = before.reopen(act) if before.closed else before
                after = desk.save(open_again.label(act, f"{self.name}{self.count}"))
        except NoSuchTicket:
            return
        self.say("revision", number, after.revision)

    def close(self) -> None:
        number = self._any()
        try:
            with self.store.transaction() as desk:
                before = desk.get(number)
                if before.closed:
                    return
                days = self.random.randrange(90)
                after = desk.save(before.close(Act(self.name, NOW - days * DAY), cause="leverans"))
        except NoSuchTicket:
            return
        self.say("revision", number, after.revision)

    def delete(self) -> None:
        number = self._any()
        self.say("deleting", number)
        try:
            with self.store.transaction() as desk:
                desk.delete(number)
        except NoSuchTicket:
            return
        self.say("deleted", number)

    def archive(self) -> None:
        self.store.archive(NOW - 30 * DAY)

    def blob(self) -> None:
        self.say("blob", self.store.blobs.put(f"{self.name} {self.count}".encode() * 500))

    def log(self) -> None:
        self.say("audit", self.audit.record(at=NOW, actor=self.name, action="show").number)


def commit_only(folder: Path, name: str, count: int) -> None:
    """`count` commits of one new ticket; says how long the longest took, in seconds."""
    longest = 0.0
    store = TinyStore(folder)
    for at in range(count):
        started = time.monotonic()
        with store.transaction() as desk:
            number = desk.new_number()
            desk.save(ticket(number, 0).receive(Act("system", NOW), message(number, content=f"{name}-{at}")))
        longest = max(longest, time.monotonic() - started)
        print("new", number, f"{name}-{at}")
    print("longest", longest)


def main(folder: str, name: str, count: str) -> None:
    if int(count):
        commit_only(Path(folder), name, int(count))
        return
    worker = Worker(Path(folder), name)
    worker.say("ready")
    for _ in itertools.count():
        worker.step()


if __name__ == "__main__":
    main(*sys.argv[1:])
