"""A desk against answering machines that say nothing of themselves, and against a second desk, round after round.

Each round the clock moves on, the mails that left are answered, and cron's jobs run. What must hold: of automatic mail
no pair of desk and mailbox gets more than three in any 24 hours; every mail that came in is kept, once; tickets do not
multiply by themselves.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from tests.conftest import RULES, Office
from tests.faults.leaving import desk_in

DAY = timedelta(days=1)
MOST = 3  # automatic mails of a desk to a mailbox in 24 hours
ROUND = timedelta(minutes=15)
WRITES_A_LOT = """\
rules:
  - id: acknowledge
    events: [created]
    then: [{reply: {snippet: mottaget, automatic: true}}]
  - id: answer-always
    events: [customer_message]
    then: [{reply: {snippet: mottaget, automatic: true}}]
  - id: remind
    events: [sweep]
    when: {status: waiting, since_our_reply: {at_least: calendar 1h}}
    then: [{reply: {snippet: paminnelse, automatic: true}}]
    once: per_wait
  - id: forgotten
    events: [sweep]
    when: {status: new, since_customer_message: {at_least: calendar 4h}}
    then: [{notify: team}]
escalation:
  - {when: {used: 50%}, then: [{notify: owner}]}
  - {when: {used: 100%}, then: [{notify: team}, {notify: chef@exempel.example}]}
targets:
  high: {first_response: calendar 1h, resolution: calendar 12h}
  medium: {first_response: calendar 2h, next_response: calendar 3h, resolution: calendar 12h}
"""
STRIPPED = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Ticketctl-Loop", "Return-Path", "Precedence")


class Post:
    """A desk with a mailbox in front of it, and what has left it."""

    def __init__(self, office: Office, address: str) -> None:
        self.office = office
        self.address = address
        self.came: list[str] = []
        self.automatic: dict[str, list[datetime]] = defaultdict(list)
        self._seen: set[str] = set()
        for part in ("new", "cur", "tmp"):
            (office.folder / "in" / part).mkdir(parents=True)

    def arrive(self, raw: bytes) -> None:
        self.came.append(str(message_from_bytes(raw, policy=policy.default)["Message-ID"]).strip("<>"))
        path = self.office.folder / "in" / "new" / f"{len(self.came):06}.x"
        path.write_bytes(raw)
        os.utime(path, (self.office.now.timestamp(),) * 2)

    def work(self, *, escalate: bool) -> list[EmailMessage]:
        """Cron's jobs; the mails that left."""
        self.office.run("fetch", "-q")
        if escalate:
            self.office.run("escalate", "-q")
        self.office.run("send", "-q")
        folder = self.office.folder / "data" / "sent" / "new"
        fresh = sorted(path for path in folder.glob("*") if path.name not in self._seen) if folder.is_dir() else []
        self._seen |= {path.name for path in fresh}
        mails = [read(path.read_bytes()) for path in fresh]
        for mail in mails:
            if mail["Auto-Submitted"]:
                for one in mail["To"].addresses:
                    self.automatic[root(one.addr_spec)].append(self.office.now)
        return mails

    def tickets(self) -> list[dict[str, object]]:
        return [json.loads(row) for row in self.office.say("export").splitlines()]


def read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def root(address: str) -> str:
    local, _, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


@dataclass
class Responder:
    """Answers every mail at its addresses as a person might write, with no header that tells. `chatty`: it also writes
    by itself, each round."""

    addresses: tuple[str, ...]
    keeps_references: bool = True
    chatty: bool = False
    plus: bool = False
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    count: int = 0

    def answers(self, mails: list[EmailMessage], to: str, at: datetime) -> Iterator[bytes]:
        for mail in mails:
            for one in mail["To"].addresses:
                if root(one.addr_spec) in self.addresses:
                    yield self._written(root(one.addr_spec), to, at, mail)
        if self.chatty:
            yield from (self._written(one, to, at, None) for one in self.addresses)

    def opening(self, to: str, at: datetime) -> bytes:
        """The mail with which it begins."""
        return self._written(self.addresses[0], to, at, None)

    def _written(self, sender: str, to: str, at: datetime, mail: EmailMessage | None) -> bytes:
        self.count += 1
        if self.plus:
            sender = sender.replace("@", f"+{self.count}@")
        matter = self.dice.choice(["Tack", "Fråga om leverans", "Hej igen", "Order", "Undrar en sak", "Hello"])
        lines = [
            f"From: {sender}",
            f"To: {to}",
            f"Subject: =?utf-8?q?{matter.replace(' ', '_')}_{self.count}?=".replace("å", "=C3=A5"),
        ]
        lines += [f"Date: {format_datetime(at)}", f"Message-ID: <svar.{self.count}.{sender}>"]
        if mail is not None and self.keeps_references:
            lines += [f"In-Reply-To: {mail['Message-ID']}", f"References: {mail['Message-ID']}"]
        text = f"Jag har fått ert meddelande nummer {self.count} och återkommer så snart jag kan. Vad gäller saken?"
        return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, ""]).encode()


def settle(folder: Path, address: str, cap: int = 100) -> Post:
    """A desk that answers, reminds and escalates as much as rules can ask for."""
    office = desk_in(folder)
    rules = RULES.replace("support@exempel.example", address).replace(
        "country: SE", f"country: SE, acknowledgement_cap: {cap}"
    )
    rules = rules[: rules.index("targets:")] + WRITES_A_LOT + f"sources: [{{name: in, maildir: {folder}/in}}]\n"
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return Post(office, address)


def against(responder: Responder, rounds: int, folder: Path, step: timedelta = ROUND) -> Post:
    """One desk and the responder, which begins."""
    post = settle(folder, "support@exempel.example")
    post.arrive(responder.opening(post.address, post.office.now))
    for number in range(rounds):
        mails = post.work(escalate=number % 2 == 0)
        if number == 2:
            post.office.run(
                "reply",
                1,
                "--text",
                "Hej! Vilken färg vill du ha?",
                "--wait",
                "calendar 5d",
            )
        post.office.now += step
        for raw in responder.answers(mails, post.address, post.office.now):
            post.arrive(raw)
    post.work(escalate=True)
    check(post, responder.addresses)
    return post


def write_to_them(post: Post) -> None:
    """A person's reply, which nothing may hold back, and a reminder to come."""
    if post.came:
        post.office.run("reply", 1, "--text", "Hej! Vilken färg vill du ha?", "--wait", "calendar 5d")


def two_desks(rounds: int, folder: Path, *, stripped: bool, step: timedelta = ROUND) -> tuple[Post, Post]:
    """Two desks that are each other's customers; with `stripped` a gateway between them removes what tells."""
    desks = (settle(folder / "a", "support@exempel.example"), settle(folder / "b", "hjalp@annan.example"))
    desks[0].arrive(Responder(("hjalp@annan.example",)).opening(desks[0].address, desks[0].office.now))
    for number in range(rounds):
        for one, other in (desks, desks[::-1]):
            for mail in one.work(escalate=number % 2 == 0):
                if any(root(to.addr_spec) == other.address for to in mail["To"].addresses):
                    for name in STRIPPED if stripped else ():
                        del mail[name]
                    other.arrive(mail.as_bytes(policy=policy.SMTP))
        for one in desks:
            if number == 2:
                write_to_them(one)
            one.office.now += step
    for one, other in (desks, desks[::-1]):
        one.office.run("fetch", "-q")
        check(one, (other.address,))
    return desks


def check(post: Post, answering: Collection[str]) -> None:
    """None of the mailboxes that answer gets more than three automatic mails in 24 hours, and every mail is kept, once.
    People of ours who answer nothing get each notice that they are due."""
    for address in answering:
        moments = post.automatic[address]
        most = max((sum(at <= one < at + DAY for one in moments) for at in moments), default=0)
        assert most <= MOST, f"{most} automatic mails to {address} within 24 hours"
    kept = [one["message_id"] for ticket in post.tickets() for one in ticket["messages"]]
    came = [one for one in post.came if one in kept]
    assert sorted(came) == sorted(post.came), "a mail was lost"
    assert len([one for one in kept if one in set(post.came)]) == len(post.came), "a mail is there twice"


ANNA, BO, ALICE = "anna@kund.example", "carl@kund.example", "alice@exempel.example"
SCENES: dict[str, Callable[[int, Path], object]] = {
    "a responder in the thread": lambda rounds, folder: against(Responder((ANNA,)), rounds, folder),
    "a responder without references": lambda rounds, folder: against(
        Responder((ANNA,), keeps_references=False), rounds, folder
    ),
    "a responder that also writes each round": lambda rounds, folder: against(
        Responder((ANNA,), keeps_references=False, chatty=True), rounds, folder
    ),
    "one with a new plus-address each time": lambda rounds, folder: against(
        Responder((ANNA,), keeps_references=False, chatty=True, plus=True), rounds, folder
    ),
    "two responders": lambda rounds, folder: against(Responder((ANNA, BO), chatty=True), rounds, folder),
    "a responder at an agent's address": lambda rounds, folder: against(Responder((ANNA, ALICE)), rounds, folder),
    "the same without references": lambda rounds, folder: against(
        Responder((ANNA, ALICE, "chef@exempel.example"), keeps_references=False), rounds, folder
    ),
    "a second desk": lambda rounds, folder: two_desks(rounds, folder, stripped=False),
    "a second desk behind a gateway that strips": lambda rounds, folder: two_desks(rounds, folder, stripped=True),
}


def all_scenes(rounds: int, folder: Path) -> int:
    """Runs them all, each for so many rounds; how many rounds that were."""
    for number, scene in enumerate(SCENES.values()):
        scene(rounds, folder / str(number))
    return rounds * len(SCENES)
