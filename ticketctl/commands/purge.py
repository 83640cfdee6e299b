"""`purge`: what was kept long enough is deleted or anonymised, for good."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click
import msgspec

from ticketctl.commands.options import clock_is_right
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.terminal import as_json, counted
from ticketctl.domain.privacy.retention import (
    NIGHT,
    Purge,
    anonymised,
    expired,
    free_words,
    is_anonymous,
    kept_words,
    larger_than_expected,
    next_plan,
    plan,
    raw_expired,
    without_raw,
)
from ticketctl.domain.settings.settings import Duration
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Damaged, Refused
from ticketctl.ports.store import Desk
from ticketctl.store.audit import DELETED
from ticketctl.store.verifying import PARTS
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act as may_change
from ticketctl.usecases.upkeep.blob_cleanup import delete_unnamed, named
from ticketctl.usecases.upkeep.clock_check import must_be_right, note_clock
from ticketctl.usecases.upkeep.jobs import alone, note_run
from ticketctl.usecases.upkeep.sent_files import remove_copies, remove_left_texts, remove_team_copies, team_mail_about

_OUTBOX_KEPT = Duration(days=90)  # where rules.yaml says nothing of raw mail
_BLOB_KEPT = timedelta(days=1)  # a fetch writes the bytes before the commit that names them
_PATIENCE = 30.0  # seconds to wait for a fetch to end


class _Plan(msgspec.Struct):
    """All that is over. `raw` is ticket → keys of messages; `outbox` and `quarantine` are ids; `of` and `raw_of` are
    how many tickets and original mails there are in all. `tomorrow` is what will be over a day from now."""

    tickets: list[Purge] = []
    tomorrow: list[Purge] = []
    of: int = 0
    raw: dict[int, list[str]] = {}
    raw_of: int = 0
    outbox: list[str] = []
    quarantine: list[str] = []

    @property
    def raw_count(self) -> int:
        return sum(map(len, self.raw.values()))


@click.command()
@dry_run_option
@click.option("--yes", is_flag=True, help="Also when it is more than expected.")
@clock_is_right
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(shell: Shell, dry_run: bool, yes: bool, sure: bool, quiet: bool) -> None:
    """Delete or anonymise what is older than the retention rules allow.

    Follows `privacy: retention` of rules.yaml: whole tickets with their attachments and what was sent, and the original
    bytes of mail (raw_mail). A label's rule counts from when the ticket got the label, and takes closed tickets alone
    unless it says `open: true`. What will be over within a day is told too. Deleted mail is remembered by its hash
    alone, so that the next fetch does not bring it back. An anonymised ticket keeps its times and cause for the
    report and loses persons, texts and files. More than 20 tickets that are also more than 5 % of all, or as many
    original mails, are asked about first; under cron nothing is then done. It refuses where the clock may be wrong.

    \b
    Example:
      ticketctl purge --dry-run
    """
    if not dry_run:
        may_change(shell.session, "purge")
        must_be_right(shell.session, sure=sure)
    with alone(shell.session, "purge") as mine:
        if not mine:
            return
        with shell.session.store.reading() as desk:
            found = _plan(shell, desk)
        freed: set[str] = set()
        if not dry_run:
            _confirm(found, yes)
            found, freed = _carry_out(shell, found)
        removed = 0 if dry_run else _collect(shell, freed)
    damaged = "" if dry_run else _verify(shell)
    if shell.json:
        shell.say(as_json(_shape(found, removed, dry_run)))
    elif not quiet:
        for text in _lines(found, removed, dry_run):
            shell.say(text)
    if not dry_run and (aside := shell.session.store.set_aside()):
        shell.warn(f"no stored file is deleted as long as data/ holds {aside[0]}: look at it, then delete it")
    if damaged:
        raise Damaged(damaged)


def _plan(shell: Shell, desk: Desk) -> _Plan:
    """Everything that is over now. What will be deleted or anonymised needs no clearing of raw mail besides."""
    privacy, zone = shell.session.config.privacy, shell.session.config.timezone
    tickets = list(desk.find(archive=True))
    kept = kept_words(shell.session.config.fields, shell.session.config.labels, shell.session.config.causes)
    found = _Plan(plan(tickets, privacy.retention, zone, shell.session.now, kept), of=len(tickets))
    found.tomorrow = next_plan(tickets, privacy.retention, zone, shell.session.now, NIGHT, kept)
    gone = {purge.number for purge in found.tickets}
    found.raw_of = sum(bool(message.raw) for ticket in tickets for message in ticket.messages)
    if privacy.raw_mail:
        for ticket in tickets:
            keys = raw_expired(ticket, privacy.raw_mail, zone, shell.session.now)
            if keys and ticket.number not in gone:
                found.raw[ticket.number] = keys
        found.quarantine = [
            item.id
            for item in desk.quarantined()
            if item.looked_at and expired(item.at, privacy.raw_mail, zone, shell.session.now)
        ]
    found.outbox = _outbox(shell, desk, gone, {ticket.number for ticket in tickets if is_anonymous(ticket)})
    return found


def _outbox(shell: Shell, desk: Desk, gone: set[int], anonymous: set[int]) -> list[str]:
    """The ids of mail that is over: of tickets that go, about tickets that go or are anonymous, and old."""
    age = shell.session.config.privacy.raw_mail or _OUTBOX_KEPT
    about = set(team_mail_about(shell.session, desk, gone | anonymous)) if gone else set[str]()
    return [
        item.id
        for item in desk.outbox()
        if item.ticket in gone
        or item.id in about
        or (not item.pending and expired(_ended(item), age, shell.session.config.timezone, shell.session.now))
    ]


def _ended(item: Outbound) -> datetime:
    return item.ended_at or item.queued_at


def _confirm(found: _Plan, yes: bool) -> None:
    """Raises Refused where it is more than expected and nobody says yes."""
    much = larger_than_expected(len(found.tickets), found.of) or larger_than_expected(found.raw_count, found.raw_of)
    if yes or not much:
        return
    told = (
        f"this would purge {counted(len(found.tickets), 'ticket')} of {found.of} and "
        f"{counted(found.raw_count, 'original mail')} of {found.raw_of}, for good"
    )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(f"{told}: more than expected; look at `ticketctl purge --dry-run`, then `ticketctl purge --yes`")
    if not click.confirm(f"{told}. Go on?"):
        raise Refused("nothing was purged")


def _carry_out(shell: Shell, confirmed: _Plan) -> tuple[_Plan, set[str]]:
    """What was confirmed and is still over; returns what was done, and the blobs that nothing names any more."""
    with shell.session.store.transaction() as desk:
        before = set(named(desk))
        done = _still(_plan(shell, desk), confirmed)
        # Before the commit: a run that dies in between finds the same ids again.
        remove_copies(shell.session, _sent(shell, desk, done))
        _remove_texts(shell, desk, {purge.number for purge in done.tickets})
        for item in done.outbox:
            desk.drop_outbound(item)
        for item in done.quarantine:
            desk.drop_quarantined(item, tombstone=True)
        for purge in done.tickets:
            _purge(shell, desk, purge)
        act = Act("system", shell.session.now, "retention: raw_mail")
        for number, keys in done.raw.items():
            desk.save(without_raw(desk.get(number), act, keys))
        freed = before - set(named(desk))
    shell.session.store.archive(shell.session.now - timedelta(days=shell.session.config.archive_after_days))
    with shell.session.store.transaction() as desk:
        # A commit of its own: the one before left the old generation, with all that was just taken out, as its backup.
        note_run(shell.session, desk, "purge", f"{len(done.tickets)} tickets")
        note_clock(shell.session, desk)
    return done, freed


def _still(found: _Plan, confirmed: _Plan) -> _Plan:
    agreed = {(purge.number, purge.then) for purge in confirmed.tickets}
    found.tickets = [purge for purge in found.tickets if (purge.number, purge.then) in agreed]
    found.raw = {number: keys for number, keys in found.raw.items() if number in confirmed.raw}
    found.outbox = [item for item in found.outbox if item in confirmed.outbox]
    found.quarantine = [item for item in found.quarantine if item in confirmed.quarantine]
    return found


def _sent(shell: Shell, desk: Desk, done: _Plan) -> set[str]:
    """The Message-IDs of what was sent and is over: on these tickets, and as original mail."""
    gone = {purge.number for purge in done.tickets}
    ids = {
        item.message_id
        for item in desk.outbox()
        if item.id in done.outbox and (item.ticket in gone or shell.session.config.privacy.raw_mail)
    }
    for number in (*gone, *done.raw):
        ids |= {one.message_id for one in desk.get(number).messages if number in gone or one.key in done.raw[number]}
    return ids - {""}


def _remove_texts(shell: Shell, desk: Desk, gone: set[int]) -> None:
    """What lies in data/ beside the store and tells of tickets that go."""
    if not gone:
        return
    kept = kept_words(shell.session.config.fields, shell.session.config.labels, shell.session.config.causes)
    words = set[str]().union(*(free_words(desk.get(number), kept) for number in gone))
    remove_left_texts(shell.session, gone)
    remove_team_copies(
        shell.session, gone | {one.number for one in desk.find(archive=True) if is_anonymous(one)}, words
    )


def _purge(shell: Shell, desk: Desk, purge: Purge) -> None:
    if purge.then == "delete":
        shell.session.audit.record(
            at=shell.session.now, actor="system", action=DELETED, ticket=purge.number, why=f"retention: {purge.why}"
        )
        desk.delete(purge.number)
        return
    act = Act("system", shell.session.now, f"retention: {purge.why}")
    desk.save(
        anonymised(
            desk.get(purge.number),
            act,
            kept_words(shell.session.config.fields, shell.session.config.labels, shell.session.config.causes),
        )
    )


def _collect(shell: Shell, freed: set[str]) -> int:
    """Deletes the blobs that nothing names: those `freed` just now, and older ones that a run which died has left."""
    left = shell.session.now - _BLOB_KEPT
    return delete_unnamed(
        shell.session, lambda: {*freed, *shell.session.store.blobs.written_before(left)}, seconds=_PATIENCE
    )


def _verify(shell: Shell) -> str:
    """What is wrong with the stored files: all are compared by size, and each night another part by hash."""
    found = shell.session.store.check_files(shell.session.now.toordinal() % PARTS)
    return f"stored files: {found.detail}; {found.next_step}" if found.state == "error" else ""


# --- saying it ---


def _lines(found: _Plan, removed: int, dry_run: bool) -> list[str]:
    would = "would: " if dry_run else ""
    done = {"anonymise": "anonymised", "delete": "deleted"}
    lines = [f"{would}#{purge.number} {done[purge.then]}: {purge.why}" for purge in found.tickets]
    tomorrow = [f"within a day: #{purge.number} {done[purge.then]}: {purge.why}" for purge in found.tomorrow]
    rest = [
        (found.raw_count, "original mail", ""),
        (len(found.outbox), "mail of the outbox", "mails of the outbox"),
        (len(found.quarantine), "mail of the quarantine", "mails of the quarantine"),
        (removed, "stored file", ""),
    ]
    removals = ", ".join(counted(*one) for one in rest if one[0])
    if removals:
        lines.append(f"{would}{removals} removed")
    return [*(lines or ["Nothing has been kept for too long."]), *tomorrow]


def _shape(found: _Plan, removed: int, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "tickets": _purges(found.tickets),
        "within_a_day": _purges(found.tomorrow),
        "original_mails": found.raw_count,
        "outbox": len(found.outbox),
        "quarantine": len(found.quarantine),
        "blobs": removed,
    }


def _purges(found: list[Purge]) -> list[dict[str, object]]:
    return [{"ticket": one.number, "then": one.then, "why": one.why} for one in found]
