"""Two weeks at a desk under a moved clock: mail comes in, cron runs as cron would, people do what the tutorial says.

docs/tutorial.md is the script. A heading such as `### Monday 19 October` sets the day, a bold **09:15** the
clock, and a block of lines `alice$ ticketctl …` is typed by that person at that time; what stands below each is what it
says.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from tests.conftest import ROOT
from tests.growth import HANG
from ticketctl.cli import cli
from ticketctl.demo.mail import Post
from ticketctl.demo.story import MAILS, Mail
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.store.tiny.store import TinyStore

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 10, 19)
WEEKDAYS = tuple(MONDAY + timedelta(days=day) for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11))
BEGIN, END = datetime(2026, 10, 19, 0, 0, tzinfo=ZONE), datetime(2026, 11, 1, 23, 55, tzinfo=ZONE)
TICK = timedelta(minutes=5)
PAGE = ROOT / "docs" / "tutorial.md"
OPERATIONS = 40  # of files, before which a killed run dies on average: one that has nothing to do needs 10
AWAKE = timedelta(minutes=20)  # after a busy minute: each line of cron's runs again
STORY_BEGINS = "## Two weeks with two people\n"


class Typed(NamedTuple):
    """One command line of the page: who types it, when, and the lines below it. `line` is its index in the page."""

    at: datetime
    agent: str
    words: str
    says: list[str]
    line: int


class Happened(NamedTuple):
    """What the desk did by itself: local time, the ticket (0: a mail to the team), and what, in words."""

    at: datetime
    number: int
    what: str

    def __str__(self) -> str:
        number = f"#{self.number}" if self.number else "→"
        return f"{self.at:%a %d %H:%M}  {number:>3}  {self.what}"


def typed(page: str) -> list[Typed]:
    """The story's commands, in order."""
    found: list[Typed] = []
    day, clock, block = MONDAY, time(0), False
    begins = page.index(STORY_BEGINS)
    first = page[:begins].count("\n")
    for index, line in enumerate(page[begins:].split("\n"), first):
        if heading := re.fullmatch(r"### \w+ (\d+ \w+)", line):
            day = datetime.strptime(f"{heading[1]} {MONDAY.year}", "%d %B %Y").date()
        elif marked := re.match(r"\*\*(\d\d:\d\d)\*\*", line):
            clock = time.fromisoformat(marked[1])
        elif line.startswith("```"):
            block = not block
        elif block and (prompt := re.match(r"(alice|bo)\$ ticketctl (.*)", line)):
            found.append(Typed(datetime.combine(day, clock, ZONE), prompt[1], prompt[2], [], index))
        elif block and found and index == found[-1].line + len(found[-1].says) + 1:
            found[-1].says.append(line)
    return found


def post() -> list[tuple[datetime, Mail]]:
    """The customers' mails, by the time that they come."""
    mails = [mail for mail in MAILS.values() if mail.day < len(WEEKDAYS)]
    coming = [(datetime.combine(WEEKDAYS[mail.day], time.fromisoformat(mail.time), ZONE), mail) for mail in mails]
    return sorted(coming, key=lambda pair: pair[0])


class Kill:
    """Which runs die: most of those at the `busy` minutes, some of the others, and no line twice in a row. The weekly
    report is spared: cron's next run of it is another week's. So is a run with which somebody's answer leaves, and one
    before whose next somebody writes: what is due then may be due no more. Cron sleeps where nothing is to happen, but
    for a run each hour: the story is played with all its runs besides."""

    def __init__(self, dice: Random, busy: Collection[datetime], page: str) -> None:
        acts = [one.at for one in typed(page)]
        self.spared = [(at - AWAKE, at + TICK) for at in acts] + [(at - AWAKE, at) for at, _ in post()]
        self.dice, self.busy = dice, busy
        self.hit: list[str] = []
        self.died = 0  # of them, those that were not done before
        self.last: set[str] = set()

    def sleeps(self, now: datetime) -> bool:
        return now.minute != 0 and not any(now - AWAKE <= moment <= now for moment in self.busy)

    def hits(self, line: str, now: datetime) -> bool:
        acting = any(begin < now <= end for begin, end in self.spared)
        spared = line in self.last or " report " in line or acting
        hit = not spared and self.dice.random() < (0.7 if now in self.busy else 0.01)
        (self.last.add if hit else self.last.discard)(line)
        if hit:
            self.hit.append(line)
        return hit


def furnish(folder: Path, page: str) -> None:
    """A new desk with the demonstration's rules.yaml and what the page changes in it."""
    result = CliRunner().invoke(cli, ["init", str(folder)])
    assert result.exit_code == 0, result.output
    rules = (ROOT / "ticketctl" / "starter" / "demo.yaml").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page[page.index(STORY_BEGINS) :], re.DOTALL):
        for section in re.findall(r"^\w+:\n(?:(?: .*)?\n)+", block, re.MULTILINE):
            key = section.split("\n")[0] + "\n"
            if key == "rules:\n":
                rules = rules.replace(key, section)  # before those that are there
            else:
                rules = re.sub(rf"^{key}(?:  .*\n)+", lambda _, new=section: new, rules, flags=re.MULTILINE)
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")


def play(folder: Path, page: str, kill: Kill | None = None) -> tuple[Fortnight, list[str]]:
    """The desk after the story, and the page with what the commands said."""
    furnish(folder, page)
    story = Fortnight(folder, kill)
    lines = page.split("\n")
    answers: list[tuple[Typed, list[str]]] = []
    for one in typed(page):
        story.until(one.at)
        said = story.run(one.agent, one.words).rstrip("\n")
        said = re.sub(r"((?:post|record) \d+), [0-9a-f]{16}", r"\1, …", said)  # keyed
        answers.append((one, said.split("\n") if said else []))
    story.until(END)
    for one, said in reversed(answers):
        lines[one.line + 1 : one.line + 1 + len(one.says)] = said
    return story, lines


class Fortnight:
    """The desk in `folder`, which must be made already; `kill` says which of cron's runs die."""

    def __init__(self, folder: Path, kill: Kill | None = None) -> None:
        self.folder, self.kill = folder, kill
        self.now = self.ticked = BEGIN.astimezone(UTC)
        self.post = Post(folder, lambda: TinyStore(folder / "data"))
        for part in ("tmp", "new", "cur"):
            (folder / "mail" / part).mkdir(parents=True)
        self.waiting = post()
        self.runner = CliRunner()
        self.crontab = [line for line in self.run("system", "cron show").splitlines() if not line.startswith("#")]

    def run(self, agent: str, words: str, code: int = 0) -> str:
        """What a command says, its trouble too; it must end well, or with `code` and tell of a mail that was leaving
        when a run died."""
        environment = {"TICKETCTL_DESK": str(self.folder), "TICKETCTL_AS": agent, "TICKETCTL_NOW": self.now.isoformat()}
        done = self.runner.invoke(cli, shlex.split(words), env=environment, prog_name="ticketctl")
        left = done.exit_code and done.exit_code == code and "the run that was sending it ended" in done.output
        assert done.exit_code == 0 or left, f"{self.now} {agent}$ ticketctl {words}\n{done.output}{done.exception!r}"
        return done.output

    def until(self, moment: datetime) -> None:
        """Lets the time pass: each mail comes at its time, each cron line runs at its."""
        while self.ticked + TICK <= moment.astimezone(UTC):
            self.now = self.ticked = self.ticked + TICK
            if not self.arrive(self.now) and self.kill and self.kill.sleeps(self.now):
                continue
            for line in due(self.crontab, self.now.astimezone(ZONE)):
                self.cron(line)
        self.now = moment.astimezone(UTC)
        self.arrive(self.now)

    def arrive(self, moment: datetime) -> bool:
        """Whether any mail came."""
        before = len(self.waiting)
        while self.waiting and self.waiting[0][0] <= moment:
            at, mail = self.waiting.pop(0)
            self.post.deliver(mail, at)
        return len(self.waiting) < before

    def cron(self, line: str) -> None:
        if self.kill and self.kill.hits(line, self.now):
            self.kill.died += run_killed(line, self.now, self.kill.dice)
        else:
            for command in line.split("; "):
                self.run("system", command.split("-m ticketctl ")[1], 8 if self.kill else 0)

    def tickets(self) -> list[Ticket]:
        with TinyStore(self.folder / "data").reading() as desk:
            return sorted(desk.find(), key=lambda ticket: ticket.number)

    def happened(self) -> list[Happened]:
        """Every escalation step, sweep rule and waking, what they changed, and each mail to the team, by time."""
        found = [one for ticket in self.tickets() for one in _of(ticket)]
        return sorted([*found, *_told(self.notices())], key=lambda one: (one.at, one.number or 1000, one.what))

    def notices(self) -> list[EmailMessage]:
        """The mails that left for the team."""
        sent = (self.folder / "data" / "sent" / "new").iterdir()
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sent]
        return [mail for mail in mails if "@norrsken.example" in mail["To"]]


def _of(ticket: Ticket) -> Iterator[Happened]:
    """One line for a ticket and a minute."""
    doings: dict[datetime, list[str]] = {}
    for fired in ticket.fired:
        if not fired.occasion.startswith(("created", "customer_message")):
            promise = fired.occasion.split(" ")[0].strip(",").replace("_", " ")
            told = f"{fired.rule} of {promise}" if fired.rule.startswith("escalation") else fired.rule
            doings.setdefault(fired.at, []).append(told)
    for event in ticket.events:
        if event.actor == "system" and event.what in ("assigned", "closed", "woken", "priority") and event.at in doings:
            doings[event.at].append(f"{event.what} {event.before or 'nobody'} → {event.after or 'nobody'}")
        elif event.why == "its wake-up date has come":
            doings.setdefault(event.at, []).append("back from waiting")
    for at, whats in doings.items():
        yield Happened(at.astimezone(ZONE), ticket.number, "; ".join(whats))


def _told(mails: Iterable[EmailMessage]) -> Iterator[Happened]:
    """One line for what several are told at once; a name stands twice where somebody got it twice."""
    told: dict[tuple[datetime, str], list[str]] = {}
    for mail in mails:
        names = [address.username for address in mail["To"].addresses]
        told.setdefault((mail["Date"].datetime, mail["Subject"]), []).extend(names)
    for (at, subject), names in told.items():
        yield Happened(at.astimezone(ZONE), 0, f"{', '.join(sorted(names))}: {subject.removeprefix('[Norrsken] ')}")


def run_killed(line: str, now: datetime, dice: Random) -> bool:
    """The line in a shell of its own, as cron runs it; all of it dies at some file operation of one of its commands.
    False where it was done before."""
    commands = line.split("; ")
    victim, nth = dice.randrange(len(commands)), 1 + int(dice.expovariate(1 / OPERATIONS))
    commands[victim] = commands[victim].replace("-m ticketctl ", f"-m tests.faults.die_at {nth} ")
    environment = {**os.environ, "TICKETCTL_NOW": now.isoformat(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["/bin/sh", "-c", "; ".join(commands)], env=environment, start_new_session=True,
                          capture_output=True, timeout=HANG, check=False)  # fmt: skip
    return done.returncode == -signal.SIGKILL


def due(crontab: list[str], now: datetime) -> list[str]:
    """The commands of the lines whose five fields hold the minute (crontab(5): numbers, *, */n)."""
    have = (now.minute, now.hour, now.day, now.month, now.isoweekday() % 7)
    lines = [line.split(" ", 5) for line in crontab]
    return [line[5] for line in lines if all(map(_holds, line[:5], have))]


def _holds(field: str, value: int) -> bool:
    return field == "*" or (value % int(field[2:]) == 0 if field.startswith("*/") else int(field) == value)
