"""What `undo` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import local
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words import unmerge as unmerge_words
from ticketctl.present.words.errors import error_line
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.undo import OldCommand, Undone

TEXTS: Texts = {
    "en": {
        "merged_back": "#{number} undone: #{place} is merged back, with {message}",
        "moved_back": "#{number} undone: {message} is back from #{place}, as {there}",
        "but": "; but {kept}",
        "away": "; {agent} is away, {stand_in} stands in",
        "away_alone": "; {agent} is away, and nobody stands in",
        "old": "#{number}: your `{name}` was {at}",
        "nameless": "the last command",
        "take_back": "{commands}. Take it back?",
        "no": "nothing was changed",
        # what is true of the ticket now
        "now": "#{number} {what}",
        "and": " and ",
        "as_before": "is as it was",
        "requester": "is the matter of {who} again",
        "assignee": "is {who}’s again",
        "unassigned": "is unassigned",
        "priority": "has {priority} priority again",
        "no_label": "has no label {labels}",
        "label": "has the label {labels} again",
        "draft": (
            "has the reply {key} as a draft again, and nothing was sent: `ticketctl reply {number}` goes on with it"
        ),
        "waits": "waits for the customer again until {when}",
        "spam": "is spam again",
        "closed": "is closed again",
        "for_us": "waits for us again",
        "status": "is {status} again",
        "status_no_spam": "is {status} again and no spam",
        "field": "has {name} {value} again",
        "no_field": "has no {name}",
        "unwatched": "is no longer watched by {who}",
        "watched": "is watched by {who} again",
        "left": "goes no longer to {who}",
        "promised": "is promised by {when} again",
        "no_promise": "has no promise",
    },
}


def line(done: Done[Undone], language: str, *, zone: tzinfo) -> str:
    say, undone = say_in(language, TEXTS), done.value
    if undone.unmerged is not None:
        return unmerge_words.line(Done(done.number, undone.unmerged), language)
    if undone.moved is not None:
        moved = undone.moved
        key = "moved_back" if moved.key else "merged_back"
        return say(key, number=done.number, place=moved.place, message=moved.message, there=moved.key)
    said = now_true(undone.before, undone.after, zone, say)
    if undone.kept:
        kept = [error_line(one, language).removeprefix(f"#{done.number}: ") for one in undone.kept]
        said += say("but", kept=safe_line("; ".join(kept)))
    if undone.stand_in is not None:
        said += say("away" if undone.stand_in else "away_alone", agent=undone.after.assignee, stand_in=undone.stand_in)
    return said


def old_line(old: Sequence[OldCommand], language: str, zone: tzinfo) -> str:
    say = say_in(language, TEXTS)
    named = [(one, safe_line(one.name) or say("nameless")) for one in old]
    return "; ".join(say("old", number=one.number, name=name, at=local(one.at, zone)) for one, name in named)


# --- what is true of the ticket now ---


def now_true(before: Ticket, after: Ticket, zone: tzinfo, say: Say) -> str:
    """What differs between `before` the undo and `after` it; "#17 is as it was" where only history does."""
    said = [safe_line(one) for one in _differences(before, after, zone, say)] or [say("as_before")]
    told = say("and").join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return say("now", number=after.number, what=told)


def _differences(before: Ticket, after: Ticket, zone: tzinfo, say: Say) -> Iterator[str]:
    yield from _status(before, after, zone, say)
    if after.requester != before.requester:
        yield say("requester", who=after.requester)
    if after.assignee != before.assignee:
        yield say("assignee", who=after.assignee) if after.assignee else say("unassigned")
    if after.priority != before.priority:
        yield say("priority", priority=after.priority)
    if gone := [label for label in before.labels if label not in after.labels]:
        yield say("no_label", labels=", ".join(gone))
    if back := [label for label in after.labels if label not in before.labels]:
        yield say("label", labels=", ".join(back))
    yield from _named(before.fields, after.fields, say)
    yield from _named(
        {"cause": before.cause, "lesson": before.lesson}, {"cause": after.cause, "lesson": after.lesson}, say
    )
    yield from _people(before, after, say)
    yield from _promise(before, after, zone, say)
    drafts = {one.key for one in before.messages if one.delivery == "draft"}
    if fresh := [one.key for one in after.messages if one.delivery == "draft" and one.key not in drafts]:
        yield say("draft", key=", ".join(fresh), number=after.number)


def _status(before: Ticket, after: Ticket, zone: tzinfo, say: Say) -> Iterator[str]:
    if (after.status, after.wake_at, after.spam) == (before.status, before.wake_at, before.spam):
        return
    if after.status == "waiting" and after.wake_at is not None:
        yield say("waits", when=local(after.wake_at, zone))
    elif after.closed:
        yield say("spam" if after.spam else "closed")
    elif before.status == "waiting":
        yield say("for_us")
    else:
        yield say("status_no_spam" if before.spam else "status", status=after.status)


def _named(before: dict[str, str], after: dict[str, str], say: Say) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield say("field", name=name, value=new) if new else say("no_field", name=name)


def _people(before: Ticket, after: Ticket, say: Say) -> Iterator[str]:
    for agent in before.watchers:
        if agent not in after.watchers:
            yield say("unwatched", who=agent)
    for agent in after.watchers:
        if agent not in before.watchers:
            yield say("watched", who=agent)
    gone = [str(one) for one in before.participants if not after.takes_part(one.address)]
    if gone:
        yield say("left", who=", ".join(gone))


def _promise(before: Ticket, after: Ticket, zone: tzinfo, say: Say) -> Iterator[str]:
    was, now = running(before), running(after)
    if (was and was.due_at) != (now and now.due_at):
        yield say("promised", when=local(now.due_at, zone)) if now else say("no_promise")
