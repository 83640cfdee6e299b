"""What `escalate` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from ticketctl.content.early_warning import warning_line
from ticketctl.content.times import short
from ticketctl.content.words import PROMISE
from ticketctl.domain.deadlines.escalation import Escalated
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.automation.escalate import Escalation, Step

TEXTS: Texts = {
    "en": {
        "nothing": "Nothing is due.",
        "would": "would: {line}",
        "fired": "#{number} {rule}: {actions}",
        "held_back": "{count} held back until a later run: at_most of a rule, or an automatic answer a day",
        "step": "#{number} {reached}: {actions}",
        "unassigned": "unassigned for {time}",
        "overdue": "{promise} overdue since {due}",
        "due": "{promise} due {due}",
        "notify": "notify {persons}",
        "no_action": "no action",
        "silent": "{numbers}: no notice to {persons}, since it looks like a mail loop",
        "mentioned": "#{number}: notify {name}, who was named in a note or watches it",
        "chats": "{numbers}: the chat ended, its visitor did not write any more",
        "woken": "{numbers} back from waiting; `ticketctl list` shows what is next",
        "archived_one": "1 closed ticket to the archive",
        "archived": "{count} closed tickets to the archive",
        "mail": "1 mail in the outbox; `ticketctl send` sends it",
        "mails": "{count} mails in the outbox; `ticketctl send` sends them",
    },
}


def lines(done: Escalation, language: str, *, now: datetime, zone: tzinfo, dry_run: bool) -> list[str]:
    found = list(_lines(done, say_in(language, TEXTS), now, zone, dry_run))
    return found or [say_in(language, TEXTS)("nothing")]


def _lines(done: Escalation, say: Say, now: datetime, zone: tzinfo, dry_run: bool) -> Iterator[str]:
    def would(key: str, **facts: object) -> str:
        line = say(key, **facts)
        return say("would", line=line) if dry_run else line

    for swept in done.swept:
        for rule in swept.fired:
            yield would("fired", number=swept.after.number, rule=rule.id, actions=", ".join(map(str, rule.then)))
    if done.held_back:
        yield say("held_back", count=done.held_back)
    for (number, reached), actions in _together(done.steps, say, now, zone).items():
        yield would("step", number=number, reached=reached, actions="; ".join(actions) or say("no_action"))
    if done.silent:
        persons = sorted({address for addresses in done.silent.values() for address in addresses})
        yield say("silent", numbers=_numbers([*done.silent]), persons=", ".join(persons))
    for number, name in done.mentioned:
        yield would("mentioned", number=number, name=name)
    if done.chats:
        yield would("chats", numbers=_numbers(done.chats))
    if done.woken:
        yield would("woken", numbers=_numbers(done.woken))
    if done.archived:
        yield would("archived_one" if done.archived == 1 else "archived", count=done.archived)
    yield from (warning_line(one, "en") for one in done.warnings)
    if done.mails and not dry_run:
        yield say("mail" if done.mails == 1 else "mails", count=done.mails)


def _together(steps: Sequence[Step], say: Say, now: datetime, zone: tzinfo) -> dict[tuple[int, str], list[str]]:
    """What was done about each ticket and deadline, by all of its steps: each action once, and each person."""
    actions: dict[tuple[int, str], dict[str, None]] = {}
    persons: dict[tuple[int, str], dict[str, None]] = {}
    for step in steps:
        about = step.what.number, _reached(step.what, say, now, zone)
        said = [f"{action} {value}" for action, value in step.what.step.actions if action != "notify"]
        actions.setdefault(about, {}).update(dict.fromkeys(said))
        persons.setdefault(about, {}).update(dict.fromkeys(step.persons))
    return {
        about: [*said, *([say("notify", persons=", ".join(persons[about]))] if persons[about] else [])]
        for about, said in actions.items()
    }


def _reached(one: Escalated, say: Say, now: datetime, zone: tzinfo) -> str:
    if one.deadline is None:
        return say("unassigned", time=one.step.unassigned)
    promise, due = PROMISE["en"][one.deadline.kind].lower(), short(one.deadline.due_at, now, zone)
    return say("overdue" if one.deadline.overdue else "due", promise=promise, due=due)


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)
