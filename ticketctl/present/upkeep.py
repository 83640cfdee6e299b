"""What `doctor`, `purge` and `person` found and did, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ticketctl.content.terminal import columns, line, styled
from ticketctl.ports.store import Finding
from ticketctl.present.words import say_in
from ticketctl.present.words.doctor import TEXTS, detail, step
from ticketctl.usecases.privacy.erase import Erased
from ticketctl.usecases.privacy.export import Exported
from ticketctl.usecases.upkeep.purge import Plan, Purged

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


def plan_json(plan: Plan) -> dict[str, object]:
    """What retention takes now and within 30 days, and what it does not."""
    groups = {"over": plan.tickets, "coming": plan.coming, "held": plan.held}
    shown: dict[str, object] = {
        name: [
            {"ticket": one.number, "then": one.then, "why": one.why, "due": one.due and one.due.isoformat()}
            for one in planned
        ]
        for name, planned in groups.items()
    }
    return shown | {"undated": [{"ticket": one.number, "what": one.what} for one in plan.undated]}


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


def erased_json(plan: Erased) -> dict[str, object]:
    """The plan of an erasure."""
    found = plan.traces
    return {
        "tickets": {str(number): role for number, role in found.tickets.items()},
        "held": sorted(found.held),
        "files_of_others": [
            {"ticket": one.ticket, "message": one.message, "name": one.file.name, "sha256": one.file.sha256}
            for one in found.files
        ],
        "outbox": len(found.outbox),
        "quarantine": len(found.quarantine),
        "texts": list(found.texts),
        "elsewhere": msgspec.to_builtins(plan.elsewhere),
    }


def exported_json(done: Exported) -> dict[str, object]:
    return {"path": str(done.path), "tickets": done.tickets, "files": done.files}
