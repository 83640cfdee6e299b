"""The mail to an agent about tickets: which run out of time, which notes name them, what happened on those they watch.
One mail a run, whatever the number of tickets.

It names no command: whoever reads it may work in a terminal, on a web page or in a chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.words import PRIORITY, PROMISE, known, weekday
from ticketctl.domain.deadlines.deadlines import Deadline
from ticketctl.domain.ticket.ticket import Event, Ticket

WORDS = {
    "sv": {
        "one": "[{desk}] Ärende #{number} behöver dig: {subject}",
        "many": "[{desk}] {count} ärenden behöver dig: {numbers}",
        "head": "De här ärendena behöver någon: tiden håller på att ta slut, eller har tagit slut.",
        "rules": "Se på de här ärendena.",
        "unowned": "ingen ansvarig sedan {since}",
        "pending": "{promise}: {used} % av tiden har gått, löftet gäller till {due}",
        "breached": "{promise}: för sent, skulle ha varit klart {due}",
        "owner": "ansvarig: {owner}",
        "nobody": "ingen ansvarig",
        "named": "{who} nämner dig: ”{text}”",
        "watched": "du bevakar ärendet; nytt: {what}",
        "raised": "prioriteten höjdes till {priority}",
        "given": "ärendet gavs till {owner}",
    },
    "en": {
        "one": "[{desk}] Ticket #{number} needs you: {subject}",
        "many": "[{desk}] {count} tickets need you: {numbers}",
        "head": "These tickets need somebody: time is running out, or has run out.",
        "rules": "Please look at these tickets.",
        "unowned": "unassigned since {since}",
        "pending": "{promise}: {used} % of the time has passed, promised by {due}",
        "breached": "{promise}: late, was promised by {due}",
        "owner": "owner: {owner}",
        "nobody": "unassigned",
        "named": "{who} names you: “{text}”",
        "watched": "you watch this ticket; new: {what}",
        "raised": "priority was raised to {priority}",
        "given": "the ticket was given to {owner}",
    },
}

# What happened on a ticket, by the event's name; an event that is not here is "changed", or the English name itself.
EVENTS = {
    "sv": {
        "received": "ett meddelande kom",
        "noted": "en anteckning",
        "replied": "ett svar",
        "drafted": "ett utkast",
        "draft changed": "utkastet ändrat",
        "draft dropped": "utkastet kastat",
        "sent automatically": "ett automatiskt svar",
        "scheduled": "ett svar med senare tid",
        "delivery": "svaret kom inte fram",
        "assigned": "ny ansvarig",
        "priority": "ny prioritet",
        "labelled": "ny etikett",
        "unlabelled": "en etikett borttagen",
        "field": "ett fält ändrat",
        "subject": "nytt ämne",
        "language": "nytt språk",
        "waiting": "väntar på kunden",
        "woken": "väntar inte längre",
        "opened": "öppnat",
        "closed": "stängt",
        "reopened": "öppnat igen",
        "cause": "ny orsak",
        "lesson": "ny lärdom",
        "spam": "skräppost",
        "linked": "länkat",
        "unlinked": "inte längre länkat",
        "participants": "nya deltagare",
        "participants left": "färre deltagare",
        "merged into": "ihopslaget med ett annat",
        "merged from": "ett annat ihopslaget med det",
        "unmerged": "skilt från ett annat",
        "released": "ett annat skilt från det",
        "moved here": "ett meddelande flyttat hit",
        "moved away": "ett meddelande flyttat härifrån",
        "mentioned": "någon nämnd",
        "requester": "ny kund",
        "promised": "ett löfte",
        "promise dropped": "löftet struket",
        "promise kept": "löftet hållet",
        "triaged": "regler körda",
    },
    "en": {},
}

_NAMED = 6  # tickets in a subject


class Notice(msgspec.Struct, frozen=True):
    """A ticket before and after its steps, and what set them off: a promise, nobody owning it, or a rule, in words."""

    before: Ticket
    after: Ticket
    deadline: Deadline | None
    why: str = ""
    unowned_since: datetime | None = None


def named(language: str, who: str, text: str) -> str:
    """That somebody's note names whoever reads the mail."""
    return WORDS[known(language)]["named"].format(who=who, text=text)


def watched(language: str, events: Iterable[Event]) -> str:
    """What happened on a ticket that whoever reads the mail watches."""
    said = dict.fromkeys(f"{_event(one.what, known(language))} ({one.actor})" for one in events)
    return WORDS[known(language)]["watched"].format(what=line(", ".join(said)))


def _event(what: str, language: str) -> str:
    if language == "en":
        return what
    table = EVENTS[language]
    return table.get(what) or table.get(what.partition(" ")[0], "ändrat")


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
    return "\n  ".join(lines)


def _promise(deadline: Deadline, words: dict[str, str], language: str, zone: tzinfo) -> str:
    return words[deadline.state].format(
        promise=PROMISE[language][deadline.kind],
        used=int(deadline.used * 100),
        due=_moment(deadline.due_at, language, zone),
    )


def _moment(at: datetime, language: str, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{weekday(there.weekday(), language)} {there:%Y-%m-%d %H:%M}"
