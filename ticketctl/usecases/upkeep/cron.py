"""The desk's jobs, in the user's crontab between two marker lines, or as systemd's timers."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from ticketctl.errors import Refused, TicketctlError
from ticketctl.usecases.session import Session

MARK = "ticketctl"  # whose the lines and units are


class Job(msgspec.Struct, frozen=True):
    """What is to be run, one after the other; `cron` is the five fields, `calendar` systemd's OnCalendar."""

    verbs: tuple[str, ...]
    cron: str
    calendar: str


JOBS = ("fetch", "send", "escalate", "report", "purge")


class Cron(msgspec.Struct, frozen=True):
    """`program` is how this ticketctl is called for this desk and as "system", as words; `calls` are the words behind
    it of each of `JOBS`."""

    program: tuple[str, ...]
    calls: Mapping[str, tuple[str, ...]]


class Crontab(msgspec.Struct, frozen=True):
    """The desk's lines between their two markers, and whether the crontab was `changed`."""

    desk: str
    lines: tuple[str, ...]
    changed: bool = False


def show(session: Session, request: Cron) -> Crontab:
    """What `install` would write. Raises Refused for a desk that a crontab cannot name."""
    session.must("cron show")
    return Crontab(str(session.folder), _block(session, request))


def is_installed(session: Session, request: Cron) -> bool | None:
    """Whether just these lines are in the crontab; None if it cannot be read (no crontab on this computer)."""
    try:
        lines = session.host.crontab()
    except TicketctlError:
        return None
    return _installed(session, lines) == _block(session, request)


def install(session: Session, request: Cron, *, keep: bool = True) -> Crontab:
    """Writes the desk's lines in place of those that are there; other lines stay. Raises NotAllowed, TicketctlError;
    Refused where the markers are no pair."""
    session.must("cron install", keep=keep)
    before, shown = session.host.crontab(), show(session, request)
    changed = _installed(session, before) != shown.lines
    if changed and keep:
        session.host.write_crontab([*_others(session, before), *shown.lines])
    return msgspec.structs.replace(shown, changed=changed)


def remove(session: Session, *, keep: bool = True) -> Crontab:
    """Takes the desk's lines out; other lines stay. Raises as `install` does."""
    session.must("cron remove", keep=keep)
    before = session.host.crontab()
    lines = _installed(session, before)
    if lines and keep:
        session.host.write_crontab(_others(session, before))
    return Crontab(str(session.folder), lines, changed=bool(lines))


def units(session: Session, request: Cron) -> dict[str, str]:
    """systemd's units: file name → text."""
    session.must("cron show")
    files: dict[str, str] = {}
    for job in _jobs(session):
        for verb in job.verbs:
            files |= _unit(f"{MARK}-{_name(session)}-{verb}", job, _words(session, request, verb), verb)
    return files


# --- the jobs ---


def _jobs(session: Session) -> list[Job]:
    """Times are those of the computer's clock for cron, of the desk's zone for systemd."""
    zone, report = session.config.timezone, session.config.report
    minute = report.minute % 60
    jobs = [
        # Not `&&`: a mailbox that cannot be fetched is no reason to keep answers back.
        Job(("fetch", "send"), "*/5 * * * *", "*:0/5"),
        Job(("escalate",), "*/15 * * * *", "*:0/15"),
        # Each hour: `report` knows by the desk's clock when it is due, and makes up for what a machine slept through.
        Job(("report",), f"{minute} * * * *", f"*-*-* *:{minute:02}:00"),
        Job(("purge",), "30 3 * * *", f"*-*-* 03:30:00 {zone}"),
    ]
    return [job for job in jobs if job.verbs != ("report",) or report.to]


def _words(session: Session, request: Cron, verb: str) -> list[str]:
    folder = str(session.folder)
    if "\n" in folder or "\r" in folder:
        text = "{folder!r} has a line break in its name, which a crontab cannot hold; rename the folder"
        raise Refused(text, code="line_break_in_folder", folder=folder)
    return [*request.program, *request.calls[verb]]


# --- crontab ---


def _block(session: Session, request: Cron) -> tuple[str, ...]:
    begin, end = _markers(session)
    lines = (
        f"{job.cron} {'; '.join(_quoted(_words(session, request, one)) for one in job.verbs)}" for job in _jobs(session)
    )
    return begin, *lines, end


def _markers(session: Session) -> tuple[str, str]:
    return f"# >>> {MARK} {session.folder} >>>", f"# <<< {MARK} {session.folder} <<<"


def _quoted(words: Sequence[str]) -> str:
    """For the shell; and % escaped, which cron would make a line end of (crontab(5))."""
    return shlex.join(words).replace("%", "\\%")


def _installed(session: Session, lines: Sequence[str]) -> tuple[str, ...]:
    """The desk's lines with their markers, none where there are none; raises Refused where only one marker is left."""
    begin, end = _markers(session)
    if begin not in lines and end not in lines:
        return ()
    if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
        text = "the crontab's lines {begin!r} … {end!r} are not a pair any more; fix them with `crontab -e`"
        raise Refused(text, code="crontab_lines_not_a_pair", begin=begin, end=end)
    return tuple(lines[lines.index(begin) : lines.index(end) + 1])


def _others(session: Session, lines: Sequence[str]) -> list[str]:
    own = _installed(session, lines)
    at = lines.index(own[0]) if own else len(lines)
    return [*lines[:at], *lines[at + len(own) :]]


# --- systemd ---


def _name(session: Session) -> str:
    """The desk in the names of its units: readable, and another one for each desk of the user."""
    plain = unicodedata.normalize("NFKD", session.folder.name.lower()).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:24].strip("-")
    digest = hashlib.sha256(os.fsencode(session.folder)).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest


def _unit(name: str, job: Job, words: Sequence[str], verb: str) -> dict[str, str]:
    command = " ".join(_systemd_word(word) for word in words)
    unit = f"[Unit]\nDescription={MARK} {verb}\n\n"
    timer = f"[Timer]\nOnCalendar={job.calendar}\nPersistent=true\n\n[Install]\nWantedBy=timers.target"
    return {
        f"{name}.service": f"{unit}[Service]\nType=oneshot\nExecStart={command}",
        f"{name}.timer": f"{unit}{timer}",
    }


def _systemd_word(word: str) -> str:
    """Quoted as systemd.service(5) says: % and $ doubled, the rest as in C."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if set(word) - _PLAIN else escaped


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@:=")
