"""The mail that tells an agent which tickets run out of time: one a run, whatever the number of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.words import PRIORITY, PROMISE, known, weekday
from ticketctl.domain.deadlines.deadlines import Deadline
from ticketctl.domain.ticket.ticket import Ticket

WORDS = {
    "sv": {
        "one": "[{desk}] Ärende #{number} behöver dig: {subject}",
        "many": "[{desk}] {count} ärenden behöver dig: {numbers}",
        "head": "De här ärendena behöver någon: tiden håller på att ta slut, eller har tagit slut.",
        "rules": "Se på de här ärendena.",
        "unowned": "ingen har tagit det sedan {since}",
        "pending": "{promise}: {used} % av tiden har gått, löftet gäller till {due}",
        "breached": "{promise}: för sent, skulle ha varit klart {due}",
        "owner": "ägare: {owner}",
        "nobody": "ägs av ingen",
        "raised": "prioriteten höjdes till {priority}",
        "given": "ärendet gavs till {owner}",
    },
    "en": {
        "one": "[{desk}] Ticket #{number} needs you: {subject}",
        "many": "[{desk}] {count} tickets need you: {numbers}",
        "head": "These tickets need somebody: time is running out, or has run out.",
        "rules": "Please look at these tickets.",
        "unowned": "nobody has taken it since {since}",
        "pending": "{promise}: {used} % of the time has passed, promised by {due}",
        "breached": "{promise}: late, was promised by {due}",
        "owner": "owner: {owner}",
        "nobody": "nobody's",
        "raised": "priority was raised to {priority}",
        "given": "the ticket was given to {owner}",
    },
}

_NAMED = 6  # tickets in a subject


class Notice(msgspec.Struct, frozen=True):
    """A ticket before and after its steps, and what set them off: a promise, nobody owning it, or a rule, in words."""

    before: Ticket
    after: Ticket
    deadline: Deadline | None
    why: str = ""
    unowned_since: datetime | None = None


def digest(notices: Sequence[Notice], *, desk: str, language: str, zone: tzinfo) -> tuple[str, str]:
    """(subject, body) of the mail about these tickets."""
    language = known(language)
    words = WORDS[language]
    by_ticket: dict[int, list[Notice]] = {}
    for notice in notices:
        by_ticket.setdefault(notice.after.number, []).append(notice)
    first = notices[0].after
    subject = words["one" if len(by_ticket) == 1 else "many"].format(
        desk=desk,
        number=first.number,
        subject=line(first.subject),
        count=len(by_ticket),
        numbers=", ".join(f"#{number}" for number in list(by_ticket)[:_NAMED]) + ", …" * (len(by_ticket) > _NAMED),
    )
    parts = [
        words["rules" if all(notice.why for notice in notices) else "head"],
        *(_about(own, words, language, zone) for own in by_ticket.values()),
    ]
    return subject, "\n\n".join(parts) + "\n"


def _about(own: Sequence[Notice], words: dict[str, str], language: str, zone: tzinfo) -> str:
    before, after = own[0].before, own[-1].after
    owner = words["owner"].format(owner=after.assignee) if after.assignee else words["nobody"]
    promises = {notice.deadline.occasion: notice.deadline for notice in own if notice.deadline}
    lines = [f"#{after.number} {line(after.subject)} ({PRIORITY[language][after.priority]}, {owner})"]
    lines += [_promise(deadline, words, language, zone) for deadline in promises.values()]
    since = [notice.unowned_since for notice in own if notice.unowned_since]
    lines += [words["unowned"].format(since=_moment(since[0], language, zone))] if since else []
    lines += dict.fromkeys(line(notice.why) for notice in own if notice.why)
    if after.priority != before.priority:
        lines.append(words["raised"].format(priority=PRIORITY[language][after.priority]))
    if after.assignee != before.assignee:
        lines.append(words["given"].format(owner=after.assignee))
    return "\n  ".join([*lines, f"ticketctl show {after.number}"])


def _promise(deadline: Deadline, words: dict[str, str], language: str, zone: tzinfo) -> str:
    return words[deadline.state].format(
        promise=PROMISE[language][deadline.kind],
        used=int(deadline.used * 100),
        due=_moment(deadline.due_at, language, zone),
    )


def _moment(at: datetime, language: str, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{weekday(there.weekday(), language)} {there:%Y-%m-%d %H:%M}"
