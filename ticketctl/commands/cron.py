"""`cron`: the desk's jobs in the user's crontab, between two marker lines; or as systemd timers."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from ticketctl.content.terminal import as_json
from ticketctl.errors import Refused, TicketctlError
from ticketctl.terminal.shell import Shell


class _Job(msgspec.Struct, frozen=True):
    """`cron` is the five fields, `calendar` systemd's OnCalendar; each of `commands` is words after `ticketctl`."""

    name: str
    cron: str
    calendar: str
    commands: tuple[tuple[str, ...], ...]


@click.group()
def command() -> None:
    """Show, install or remove the desk's cron lines.

    Mail is fetched and sent every 5 minutes, escalation steps run every 15, the weekly report is mailed when `report:
    every` of rules.yaml says, and purge runs at night. Jobs that overlap skip; a failing one prints one line, which
    cron mails to you.

    \b
    Example:
      ticketctl cron install
    """


@command.command()
@click.option("--systemd", is_flag=True, help="Timer and service units instead of cron lines.")
@click.pass_obj
def show(shell: Shell, systemd: bool) -> None:
    """Print the lines that install would write.

    The names of systemd's units carry the desk, so that those of several desks stand side by side.

    \b
    Example:
      ticketctl cron show --systemd
    """
    if systemd:
        _say_units(shell)
    elif shell.json:
        shell.say(as_json({"lines": _block(shell), "installed": _block(shell) == _installed(shell, _read())}))
    else:
        shell.say("\n".join(_block(shell)))


@command.command()
@click.pass_obj
def install(shell: Shell) -> None:
    """Write the desk's lines into your crontab, in place of those that are there; other lines stay.

    \b
    Example:
      ticketctl cron install
    """
    before = _read()
    block = _block(shell)
    changed = _installed(shell, before) != block
    if changed:
        _write([*_others(shell, before), *block])
    if shell.json:
        shell.say(as_json({"desk": str(shell.session.folder), "lines": block, "changed": changed}))
    elif changed:
        shell.say(
            f"Installed {len(_jobs(shell))} jobs for {shell.session.folder}; `ticketctl cron remove` takes them out."
        )
    else:
        shell.say("The crontab has the lines of this desk already.")


@command.command()
@click.pass_obj
def remove(shell: Shell) -> None:
    """Take the desk's lines out of your crontab; other lines stay.

    \b
    Example:
      ticketctl cron remove
    """
    before = _read()
    ours = _installed(shell, before)
    if ours:
        _write(_others(shell, before))
    if shell.json:
        shell.say(as_json({"desk": str(shell.session.folder), "lines": ours, "changed": bool(ours)}))
    else:
        shell.say(f"Removed the jobs of {shell.session.folder}." if ours else "The crontab has no lines of this desk.")


# --- the jobs ---


def _jobs(shell: Shell) -> list[_Job]:
    """Times are those of the computer's clock for cron, of the desk's zone for systemd."""
    zone = shell.session.config.timezone
    minute = shell.session.config.report.minute % 60
    jobs = [
        # Not `&&`: a mailbox that cannot be fetched is no reason to keep answers back.
        _Job("mail", "*/5 * * * *", "*:0/5", (("fetch", "-q"), ("send", "-q"))),
        _Job("escalate", "*/15 * * * *", "*:0/15", (("escalate", "-q"),)),
        # Each hour: `report` knows by the desk's clock when it is due, and makes up for what a machine slept through.
        _Job("report", f"{minute} * * * *", f"*-*-* *:{minute:02}:00", (("report", "--email", "-q"),)),
        _Job("purge", "30 3 * * *", f"*-*-* 03:30:00 {zone}", (("purge", "-q"),)),
    ]
    return [job for job in jobs if job.name != "report" or shell.session.config.report.to]


def _program() -> list[str]:
    """The ticketctl that runs now, as cron can call it."""
    called = Path(sys.argv[0])
    if called.name == "ticketctl" and (found := shutil.which(str(called))):
        return [str(Path(found).absolute())]
    return [sys.executable, "-m", "ticketctl"]


def _words(shell: Shell, command: Sequence[str]) -> list[str]:
    folder = str(shell.session.folder)
    if "\n" in folder or "\r" in folder:
        raise Refused(f"{folder!r} has a line break in its name, which a crontab cannot hold; rename the folder")
    return [*_program(), "--desk", folder, "--as", "system", *command]


# --- crontab ---


def _block(shell: Shell) -> list[str]:
    lines = [f"{job.cron} {'; '.join(_shell(_words(shell, one)) for one in job.commands)}" for job in _jobs(shell)]
    begin, end = _markers(shell)
    return [begin, *lines, end]


def _markers(shell: Shell) -> tuple[str, str]:
    return f"# >>> ticketctl {shell.session.folder} >>>", f"# <<< ticketctl {shell.session.folder} <<<"


def _shell(words: Sequence[str]) -> str:
    """Quoted for the shell; and % escaped, which cron would make a line end of (crontab(5))."""
    return shlex.join(words).replace("%", "\\%")


def _installed(shell: Shell, lines: Sequence[str]) -> list[str]:
    """The desk's lines with their markers, none where there are none; raises Refused where only one marker is left."""
    begin, end = _markers(shell)
    if begin not in lines and end not in lines:
        return []
    if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
        raise Refused(f"the crontab's lines {begin!r} … {end!r} are no pair any more; mend them with `crontab -e`")
    return list(lines[lines.index(begin) : lines.index(end) + 1])


def _others(shell: Shell, lines: Sequence[str]) -> list[str]:
    ours = _installed(shell, lines)
    at = lines.index(ours[0]) if ours else len(lines)
    return [*lines[:at], *lines[at + len(ours) :]]


def _read() -> list[str]:
    """The lines of the user's crontab; none where there is no crontab yet."""
    done = _crontab(["-l"])
    if done.returncode == 0:
        return done.stdout.decode(errors="surrogateescape").removesuffix("\n").split("\n") if done.stdout else []
    told = done.stderr.decode(errors="replace").strip()
    if "no crontab" in told.lower():
        return []
    told = told or f"exit code {done.returncode}"
    raise TicketctlError(f"crontab -l: {told}; where cron is not for you: `ticketctl cron show --systemd`")


def _write(lines: Sequence[str]) -> None:
    """No lines are no crontab."""
    text = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
    done = _crontab(["-"], text) if lines else _crontab(["-r"])
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise TicketctlError(
            f"crontab refused the lines: {told}; your crontab is as it was, mend what it names with `crontab -e`"
        )


def _crontab(arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["crontab", *arguments], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise TicketctlError(
            "there is no crontab command here; install cron, or use timers: `ticketctl cron show --systemd`"
        ) from None


# --- systemd ---


def _say_units(shell: Shell) -> None:
    files: dict[str, str] = {}
    for job in _jobs(shell):
        for words in job.commands:
            files |= _unit(shell, f"ticketctl-{_name(shell)}-{words[0]}", job, words)
    if shell.json:
        shell.say(as_json({"units": files}))
        return
    names = " ".join(name for name in files if name.endswith(".timer"))
    head = (
        "# Put each file into ~/.config/systemd/user/ under the name above it, then:\n"
        f"#   systemctl --user daemon-reload && systemctl --user enable --now {names}\n"
        "#   loginctl enable-linger   # so that they also run while you are not logged in"
    )
    shell.say("\n\n".join([head, *(f"# {name}\n{text}" for name, text in files.items())]))


def _name(shell: Shell) -> str:
    """The desk in the names of its units: readable, and another one for each desk of the user."""
    plain = unicodedata.normalize("NFKD", shell.session.folder.name.lower()).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:24].strip("-")
    digest = hashlib.sha256(os.fsencode(shell.session.folder)).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest


def _unit(shell: Shell, name: str, job: _Job, words: Sequence[str]) -> dict[str, str]:
    """File name → its text."""
    command = " ".join(_systemd_word(word) for word in _words(shell, words))
    unit = f"[Unit]\nDescription=ticketctl {words[0]}\n\n"
    return {
        f"{name}.service": f"{unit}[Service]\nType=oneshot\nExecStart={command}",
        f"{name}.timer": (
            f"{unit}[Timer]\nOnCalendar={job.calendar}\nPersistent=true\n\n[Install]\nWantedBy=timers.target"
        ),
    }


def _systemd_word(word: str) -> str:
    """Quoted as systemd.service(5) says: % and $ doubled, the rest as in C."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if set(word) - _PLAIN else escaped


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@:=")
