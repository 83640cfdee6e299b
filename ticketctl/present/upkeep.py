"""What `doctor` and `purge` found and did, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import columns, line, styled
from ticketctl.ports.store import Finding
from ticketctl.present.words import say_in
from ticketctl.present.words.doctor import TEXTS, detail, step
from ticketctl.usecases.upkeep.purge import Purged

SUBJECT = 20  # columns of what a finding is about
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


def finding_lines(finding: Finding, language: str) -> Iterator[str]:
    """How it is, the subject, what is so; below it what to do. A subject that is as long as the name of a source or
    file has a line of its own."""
    mark = styled(f"{say_in(language, TEXTS)(finding.state):<5}", fg=COLOURS[finding.state])
    subject, what, todo = line(finding.subject), line(detail(finding, language)), step(finding, language)
    if columns(subject) > SUBJECT:
        yield f"{mark} {subject}"
        mark, subject = f"{'':<5}", ""
    yield f"{mark} {subject:<{SUBJECT}} {what}".rstrip()
    if todo and finding.state != "ok" and todo not in what:
        yield f"{'':<{SUBJECT + 7}}→ {todo}"


def finding_json(finding: Finding, language: str) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "state": finding.state,
        "detail": detail(finding, language),
        "next_step": step(finding, language),
    }


def purged_json(done: Purged, *, dry_run: bool) -> dict[str, object]:
    plan = done.plan
    tickets, tomorrow = (
        [{"ticket": one.number, "then": one.then, "why": one.why} for one in planned]
        for planned in (plan.tickets, plan.tomorrow)
    )
    return {
        "dry_run": dry_run,
        "tickets": tickets,
        "within_a_day": tomorrow,
        "original_mails": plan.raw_count,
        "outbox": len(plan.outbox),
        "quarantine": len(plan.quarantine),
        "blobs": done.blobs,
    }
