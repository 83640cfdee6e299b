"""What is true of a ticket after something was taken back, in one sentence: "#17 is open again and has
no cause"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.ticket.ticket import Ticket


def now_true(before: Ticket, after: Ticket, zone: tzinfo) -> str:
    """What differs between `before` the undo and `after` it; "#17 is as it was" where only history does."""
    said = [line(one) for one in _differences(before, after, zone)] or ["is as it was"]
    told = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"#{after.number} {told}"


def _differences(before: Ticket, after: Ticket, zone: tzinfo) -> Iterator[str]:
    yield from _status(before, after, zone)
    if after.requester != before.requester:
        yield f"is the matter of {after.requester} again"
    if after.assignee != before.assignee:
        yield f"is {after.assignee}’s again" if after.assignee else "is nobody’s"
    if after.priority != before.priority:
        yield f"has {after.priority} priority again"
    if gone := [label for label in before.labels if label not in after.labels]:
        yield f"has no label {', '.join(gone)}"
    if back := [label for label in after.labels if label not in before.labels]:
        yield f"has the label {', '.join(back)} again"
    yield from _named(before.fields, after.fields)
    yield from _named({"cause": before.cause, "lesson": before.lesson}, {"cause": after.cause, "lesson": after.lesson})
    yield from _people(before, after)
    yield from _promise(before, after, zone)
    drafts = {one.key for one in before.messages if one.delivery == "draft"}
    if fresh := [one.key for one in after.messages if one.delivery == "draft" and one.key not in drafts]:
        again = f"`ticketctl reply {after.number}` goes on with it"
        yield f"has the reply {', '.join(fresh)} as a draft again, and nothing was sent: {again}"


def _status(before: Ticket, after: Ticket, zone: tzinfo) -> Iterator[str]:
    if (after.status, after.wake_at, after.spam) == (before.status, before.wake_at, before.spam):
        return
    if after.status == "waiting" and after.wake_at is not None:
        yield f"waits for the customer again until {local(after.wake_at, zone)}"
    elif after.closed:
        yield "is spam again" if after.spam else "is closed again"
    elif before.status == "waiting":
        yield "waits for us again"
    else:
        yield f"is {after.status} again" + (" and no spam" if before.spam else "")


def _named(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield f"has {name} {new} again" if new else f"has no {name}"


def _people(before: Ticket, after: Ticket) -> Iterator[str]:
    for agent in before.watchers:
        if agent not in after.watchers:
            yield f"is no longer watched by {agent}"
    for agent in after.watchers:
        if agent not in before.watchers:
            yield f"is watched by {agent} again"
    gone = [str(one) for one in before.participants if not after.takes_part(one.address)]
    if gone:
        yield f"goes no longer to {', '.join(gone)}"


def _promise(before: Ticket, after: Ticket, zone: tzinfo) -> Iterator[str]:
    was, now = running(before), running(after)
    if (was and was.due_at) != (now and now.due_at):
        yield f"is promised by {local(now.due_at, zone)} again" if now else "has no promise"
