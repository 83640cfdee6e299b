"""What `purge` says."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import counted, line
from ticketctl.content.times import zone
from ticketctl.ports.store import Finding
from ticketctl.present.tables import drawn
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words import doctor as doctor_words
from ticketctl.usecases.upkeep.purge import Plan, Purged

TEXTS: Texts = {
    "en": {
        "nothing": "There is nothing to delete.",
        "anonymise": "#{number} anonymised: {why}",
        "delete": "#{number} deleted: {why}",
        "within_a_day": "within a day: {line}",
        "removed": "{what} removed",
        "original_mail": "original mail",
        "outbox_one": "mail of the outbox",
        "outbox": "mails of the outbox",
        "quarantine_one": "mail of the quarantine",
        "quarantine": "mails of the quarantine",
        "stored_file": "stored file",
        "ticket": "ticket",
        "when": "when",
        "what": "what",
        "why": "why",
        "now": "now",
        "in_a_day": "within a day",
        "would_anonymise": "anonymise",
        "would_delete": "delete",
        "would_remove": "would remove: {what}",
        "set_aside": "no stored file is deleted while {name} is in data/: check it, then delete it",
        "damaged": "stored files: {what}; {step}",
        "go_on": "This would permanently purge {tickets} of {of} tickets and {mails} of {mails_of} original mails. "
        "Go on?",
        "stopped": "nothing was purged",
        "would_keep": "keep",
        "held": "legal hold: {why}",
        "restricted": "the person's data is restricted",
        "undated_closed": "the date of closing is missing",
        "undated_label": "the date of its label is missing",
        "undated_future": "its date is in the future",
    },
}


def lines(done: Purged, language: str) -> Iterator[str]:
    """A line for each ticket, one for all that was deleted beside them; then what comes within a day."""
    say, plan = say_in(language, TEXTS), done.plan
    removed = _removed(say, plan, done.blobs)
    if not plan.tickets and not removed:
        yield say("nothing")
    yield from (say(one.then, number=one.number, why=one.why) for one in plan.tickets)
    if removed:
        yield say("removed", what=removed)
    for one in plan.tomorrow:
        yield say("within_a_day", line=say(one.then, number=one.number, why=one.why))


def dry_run_lines(done: Purged, language: str) -> Iterator[str]:
    """A table of what would be done to tickets, now and within a day; then what would be deleted beside them."""
    say, plan = say_in(language, TEXTS), done.plan
    removed = _removed(say, plan, 0)
    if not plan.tickets and not removed:
        yield say("nothing")
    rows = [
        [f"#{one.number}", say(f"would_{one.then}"), say(when), one.why]
        for when, planned in (("now", plan.tickets), ("in_a_day", plan.tomorrow))
        for one in planned
    ]
    if rows:
        yield from drawn([say("ticket"), say("what"), say("when"), say("why")], rows)
    if removed:
        yield say("would_remove", what=removed)


def plan_lines(plan: Plan, timezone: str, language: str) -> Iterator[str]:
    """A table: what is over, what comes within 30 days and when, what is held, what has no date; then what would be
    deleted beside tickets."""
    say, where = say_in(language, TEXTS), zone(timezone)
    rows = [[f"#{one.number}", say(f"would_{one.then}"), say("now"), one.why] for one in plan.tickets]
    for one in sorted(plan.coming, key=lambda one: (one.due is None, one.due, one.number)):
        day = f"{one.due.astimezone(where):%Y-%m-%d}" if one.due else ""
        rows.append([f"#{one.number}", say(f"would_{one.then}"), day, one.why])
    for one in plan.held:
        why = say("restricted") if one.why == "restricted" else line(say("held", why=one.why))
        rows.append([f"#{one.number}", say("would_keep"), "", why])
    rows += [[f"#{one.number}", say("would_keep"), "", say(f"undated_{one.what}")] for one in plan.undated]
    removed = _removed(say, plan, 0)
    if not rows and not removed:
        yield say("nothing")
    if rows:
        yield from drawn([say("ticket"), say("what"), say("when"), say("why")], rows)
    if removed:
        yield say("would_remove", what=removed)


def _removed(say: Say, plan: Plan, blobs: int) -> str:
    counts = [
        (plan.raw_count, say("original_mail"), ""),
        (len(plan.outbox), say("outbox_one"), say("outbox")),
        (len(plan.quarantine), say("quarantine_one"), say("quarantine")),
        (blobs, say("stored_file"), ""),
    ]
    return ", ".join(counted(*one) for one in counts if one[0])


def damaged(found: Finding, language: str) -> str:
    step = doctor_words.step(found, language)
    return say_in(language, TEXTS)("damaged", what=doctor_words.detail(found, language), step=step)
