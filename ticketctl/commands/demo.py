"""A desk of a made-up company, three weeks of its mail, and each real command as a person or cron would run it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click

from ticketctl.content.terminal import as_json, shortened
from ticketctl.demo.forked import preload, run_forked
from ticketctl.demo.mail import MAILS, Post
from ticketctl.demo.story import STORY, Mail, Run
from ticketctl.errors import Refused, TicketctlError
from ticketctl.terminal.shell import Shell

ZONE = ZoneInfo("Europe/Stockholm")
LAST_DAY = 14


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Show every command and all that it prints.")
@click.option("-q", "--quiet", is_flag=True, help="Show every command, but not what each prints.")
@click.pass_obj
def command(shell: Shell, folder: Path | None, full: bool, quiet: bool) -> None:
    """Build a demonstration desk in FOLDER (default: a new folder ticketctl-demo) and show each command at work.

    Three weeks of mail to a small company, Swedish and English: replies, duplicates, an outage, an auto-reply, a
    bounce, spam, attachments, broken mail. Nothing leaves this machine: replies are written to FOLDER/data/sent. By
    default it is told in chapters, and the board is shown at the end; --full shows every command with its output.
    With --json the answer is the folder, and the commands are shown on standard error.

    \b
    Example:
      ticketctl demo
    """
    folder = (folder or _free_folder()).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; name a new folder: `ticketctl demo FOLDER`")
    told = partial(click.echo, err=True) if shell.json else shell.say
    Demo(
        replace(shell, desk=str(folder), say=told), folder, "commands" if quiet else "full" if full else "brief"
    ).play()
    if shell.json:
        shell.say(as_json({"folder": str(folder)}))


class Demo:
    """One playing of the story; `days` are the weekdays it happens on, the last of them the one before today."""

    def __init__(self, shell: Shell, folder: Path, telling: Literal["brief", "commands", "full"]) -> None:
        self.shell, self.folder, self.telling = shell, folder, telling
        self.done = 0
        self.days = _weekdays_before(shell.session.now.astimezone(ZONE).date())
        self.post = Post(folder, lambda: self.shell.session.store)

    def play(self) -> None:
        self.shell.say(f"A desk for the made-up shop Norrsken, in {self.folder}. Every command below is a real one.")
        preload()
        self.run(None, "", f"init {shlex.quote(str(self.folder))}", desk=False)
        self.furnish()
        for step in STORY:
            if isinstance(step, Mail):
                self.post.deliver(step, self.at(step))
            else:
                self.say_day(step)
                self.run(self.at(step), step.agent, self.numbered(step.line), step.why)
                if step.agent == "system":  # the rest of what the cron lines run
                    self.run(self.at(step), "system", "send -q")
                    self.run(self.at(step), "system", "escalate")
        self.finish()

    def furnish(self) -> None:
        """The demonstration's own rules.yaml and an empty mailbox instead of the starter's."""
        source = Path(__file__).parent.parent / "starter" / "demo.yaml"
        (self.folder / "rules.yaml").write_bytes(source.read_bytes())
        self.shell.say("\n# rules.yaml: a team of two, a mailbox in the folder `mail`, rules, targets.")
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
        if self.telling == "brief":
            if step.why:
                self.progress("")
                self.shell.say(f"{day:%a} {step.time}  {step.why}\n{'':11}$ {self.shown(self.numbered(step.line))}")
            return
        self.shell.say(f"\n--- {day:%A %Y-%m-%d} {step.time}, {step.agent}")
        if step.why:
            self.shell.say(f"# {step.why}")

    def shown(self, line: str) -> str:
        return shortened(f"ticketctl {line}", 80)

    def progress(self, told: str) -> None:
        """On a terminal, in one line that is written over."""
        if self.telling == "brief" and self.shell.tty and not self.shell.json:
            click.echo(f"\r{told:<60}\r", nl=False, err=True)

    def run(self, at: datetime | None, agent: str, line: str, why: str = "", desk: bool = True) -> str:
        """Runs the command in a process of its own, and stops the demonstration where it fails; what it printed."""
        self.done += 1
        self.progress(f"… {self.done} commands run")
        if self.telling != "brief":
            self.shell.say(f"$ ticketctl {line}")
        environment = {key: value for key, value in os.environ.items() if key not in ("TICKETCTL_DESK", "TICKETCTL_AS")}
        if at is not None:
            environment["TICKETCTL_NOW"] = at.isoformat()
        given = ["--desk", str(self.folder)] if desk else []
        given += ["--as", agent] if agent else []
        code, printed = run_forked([*given, *shlex.split(line)], environment)
        if self.telling == "full" or code:
            self.show(printed)
        if code:
            raise TicketctlError(f"the demonstration stopped: `ticketctl {line}` ended with {code}")
        return printed

    def show(self, printed: str) -> None:
        for text in printed.rstrip().splitlines():
            self.shell.say(f"  {text}")

    def finish(self) -> None:
        """The state at the end of the last day, and what to try."""
        evening = datetime.combine(self.days[-1], time(17), ZONE).astimezone(UTC)
        for line in ("escalate", "send"):
            self.run(evening, "system", line)
        window = f"report --from {self.days[0]} --to {self.days[-1]}"
        page = shlex.quote(str(self.folder / "report.html"))
        self.progress("")
        self.shell.say(f"\n=== {self.days[-1]:%A %Y-%m-%d} 17:00: the board, and the report")
        for line in ("board", window, f"{window} --html {page}"):
            printed = self.run(evening, "alice", line)
            if self.telling != "full":
                top = printed.splitlines()[: 6 if line == window else 36]
                self.show("\n".join(top))
        self.shell.say(self.compared(evening, window))
        latest, here = self.post.number("varning"), shlex.quote(str(self.folder))
        alice = f"{_typed()} --desk {here} --as alice"
        self.shell.say(
            f"\nThe desk is yours to try:\n  {alice} list\n  {alice} show {latest}\n  {alice} reply {latest}\n"
            f"  {alice} list --search hjälm --all\n  a browser shows {self.folder / 'report.html'}\n"
            f"A desk of your own: `{_typed()} init FOLDER`, then say in rules.yaml where your mail is."
        )

    def compared(self, evening: datetime, window: str) -> str:
        """That board and report agree, or why they do not."""
        telling, self.telling = self.telling, "brief"
        board = json.loads(self.run(evening, "alice", "board --json"))
        report = json.loads(self.run(evening, "alice", f"{window} --json"))
        self.telling = telling
        self.progress("")
        active, backlog = board["active"], report["backlog"]["total"]
        if active == backlog:
            return f"Board and report agree: {active} tickets are open."
        return (
            f"The board counts {active} open tickets, the report {backlog}: what machines wrote (newsletters, "
            "bounces) has to be looked at, but is in no figure."
        )


def _typed() -> str:
    """What a shell understands: `make demo` installs into a folder that is on nobody's PATH."""
    beside = Path(sys.executable).with_name("ticketctl")
    return "ticketctl" if shutil.which("ticketctl") or not beside.exists() else shlex.quote(str(beside))


def _weekdays_before(today: date) -> list[date]:
    days = (today - timedelta(days=back) for back in range(1, 40))
    return sorted([day for day in days if day.weekday() < 5][: LAST_DAY + 1])


def _free_folder() -> Path:
    return next(folder for folder in _candidates() if not folder.exists())


def _candidates() -> Iterator[Path]:
    yield Path("ticketctl-demo")
    for number in range(2, 1000):
        yield Path(f"ticketctl-demo-{number}")
