"""Plays the story on a new desk: delivers its mails and runs its commands, each at its time."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click
from msgspec.structs import replace

from ticketctl.content.terminal import shortened
from ticketctl.demo.forked import preload, run_forked
from ticketctl.demo.mail import Post
from ticketctl.demo.story import MAILS, STORY, Mail, Run
from ticketctl.errors import TicketctlError
from ticketctl.present.words import say_in
from ticketctl.present.words.demo import TEXTS
from ticketctl.terminal.shell import Shell

ZONE = ZoneInfo("Europe/Stockholm")
LAST_DAY = 14
Detail = Literal["brief", "commands", "full"]  # the chapters; every command; and what it prints


class Player:
    """One playing of the story; `days` are the weekdays it happens on, the last of them the one before today. `typed`
    is how ticketctl is called here."""

    def __init__(self, shell: Shell, folder: Path, detail: Detail, typed: str) -> None:
        self.shell, self.folder, self.detail, self.typed = replace(shell, desk=str(folder)), folder, detail, typed
        self.words = say_in(shell.language, TEXTS)
        self.done = 0
        self.days = _weekdays_before(shell.session.now.astimezone(ZONE).date())
        self.post = Post(folder, lambda: self.shell.session.store)

    def play(self, modules: Sequence[str]) -> None:
        """`modules` are those of the commands, loaded once for all that are run."""
        self.say("begins", folder=self.folder)
        preload(modules)
        self.run(None, "", f"init {shlex.quote(str(self.folder))}", desk=False)
        self.furnish()
        for step in STORY:
            if isinstance(step, Mail):
                self.post.deliver(step, self.at(step))
            else:
                self.say_day(step)
                self.run(self.at(step), step.agent, self.numbered(step.line))
                if step.agent == "system":  # the rest of what the cron lines run
                    self.run(self.at(step), "system", "send -q")
                    self.run(self.at(step), "system", "escalate")
        self.finish()

    def say(self, key: str, **facts: object) -> None:
        self.shell.say(self.words(key, **facts))

    def furnish(self) -> None:
        """The demonstration's own rules.yaml and an empty mailbox instead of the starter's."""
        source = Path(__file__).parent.parent / "starter" / "demo.yaml"
        (self.folder / "rules.yaml").write_bytes(source.read_bytes())
        self.say("furnished")
        self.run(None, "", "rules check")

    def numbered(self, line: str) -> str:
        for key in MAILS:
            if f"{{{key}}}" in line:
                line = line.replace(f"{{{key}}}", str(self.post.number(key)))
        return line

    def at(self, step: Mail | Run) -> datetime:
        clock = time.fromisoformat(step.time)
        return datetime.combine(self.days[step.day], clock, ZONE).astimezone(UTC)

    def say_day(self, step: Run) -> None:
        """What happens then; in brief only the chapters, which are the steps with a sentence."""
        day = self.days[step.day]
        if self.detail == "brief":
            if step.why:
                self.progress("")
                typed = shortened(f"ticketctl {self.numbered(step.line)}", 80)
                self.say("chapter", day=day, time=step.time, why=step.why, command=typed)
            return
        self.say("step", day=day, time=step.time, agent=step.agent)
        if step.why:
            self.say("why", why=step.why)

    def progress(self, text: str) -> None:
        """On a terminal, in one line that is written over."""
        if self.detail == "brief" and self.shell.tty and not self.shell.json:
            click.echo(f"\r{text:<60}\r", nl=False, err=True)

    def run(self, at: datetime | None, agent: str, line: str, desk: bool = True) -> str:
        """Runs the command in a process of its own, and stops the demonstration where it fails; what it printed."""
        self.done += 1
        self.progress(self.words("progress", count=self.done))
        if self.detail != "brief":
            self.say("command", line=line)
        environment = {key: value for key, value in os.environ.items() if key not in ("TICKETCTL_DESK", "TICKETCTL_AS")}
        if at is not None:
            environment["TICKETCTL_NOW"] = at.isoformat()
        given = ["--desk", str(self.folder)] if desk else []
        given += ["--as", agent] if agent else []
        code, printed = run_forked([*given, *shlex.split(line)], environment)
        if self.detail == "full" or code:
            self.show(printed.splitlines())
        if code:
            raise TicketctlError(self.words("stopped", line=line, code=code))
        return printed

    def show(self, lines: Sequence[str]) -> None:
        for line in "\n".join(lines).rstrip().splitlines():
            self.shell.say(f"  {line}")

    def finish(self) -> None:
        """The state at the end of the last day, and what to try."""
        evening = datetime.combine(self.days[-1], time(17), ZONE).astimezone(UTC)
        for line in ("escalate", "send"):
            self.run(evening, "system", line)
        window = f"report --from {self.days[0]} --to {self.days[-1]}"
        report, here = self.folder / "report.html", shlex.quote(str(self.folder))
        self.progress("")
        self.say("evening", day=self.days[-1])
        for line in ("board", window, f"{window} --html {shlex.quote(str(report))}"):
            printed = self.run(evening, "alice", line)
            if self.detail != "full":
                self.show(printed.splitlines()[: 6 if line == window else 36])
        self.compare(evening, window)
        alice = f"{self.typed} --desk {here} --as alice"
        self.say("yours", alice=alice, latest=self.post.number("varning"), report=report, typed=self.typed)

    def compare(self, evening: datetime, window: str) -> None:
        """That board and report agree, or why they do not."""
        detail, self.detail = self.detail, "brief"
        board = json.loads(self.run(evening, "alice", "board --json"))
        report = json.loads(self.run(evening, "alice", f"{window} --json"))
        self.detail = detail
        self.progress("")
        active, backlog = board["active"], report["backlog"]["total"]
        self.say("agree" if active == backlog else "differ", active=active, backlog=backlog)


def _weekdays_before(today: date) -> list[date]:
    days = (today - timedelta(days=back) for back in range(1, 40))
    return sorted([day for day in days if day.weekday() < 5][: LAST_DAY + 1])
