"""Merging duplicates, and taking a merge back whole.

absorb.py says what becomes of each ticket. The way back needs nothing that was kept for it: what the
merge changed is read from the history (the events that `absorb` wrote in one stroke) and from the keys of the
messages, which carry the number of the ticket they came from ("17.m3")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ticketctl.domain.changes.absorb import absorb, join
from ticketctl.domain.deadlines.promises import DROPPED, MADE, running
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import PRIORITIES, Act, Event, Link, Priority, Status, Ticket
from ticketctl.domain.ticket.timeline import by_merge
from ticketctl.errors import NextStep, Refused

BROUGHT = ("participants", "labelled", "woken", MADE, "priority", "assigned", "linked")  # events of what came along
STATUS_EVENTS = ("opened", "waiting", "woken", "closed", "reopened")


def merge(act: Act, target: Ticket, source: Ticket) -> tuple[Ticket, Ticket]:
    """(target, source) after `source` was merged into `target`; a target that waited for its customer waits for us
    again when the source did. The higher priority comes along, the owner and the fields where the target has none, the
    links, the earlier promise. Raises Refused."""
    if target.merged_into:
        raise Refused(
            "#{target} was itself merged into #{last}",
            code="target_merged",
            target=target.number,
            last=target.merged_into,
            next_step=NextStep("merge", source.number, given={"into": target.merged_into}, then="merges it there"),
        )
    if target.closed and not source.closed:
        raise Refused(
            "#{target} is closed but #{number} is not",
            code="target_closed",
            number=source.number,
            target=target.number,
            next_step=NextStep("reopen", target.number, then="first"),
        )
    closed = join(act, source, target.number)
    after = _carried(act, absorb(act, target, source), source)
    if after.status == "waiting" and source.status in ("new", "open"):
        after = after.wake(act)
    return _owing(act, after, source), closed


def brought(before: Ticket, after: Ticket, source: Ticket) -> list[str]:
    """What else came along from `source` when `before` became `after`, in words."""
    owner = after.assignee if after.assignee != before.assignee else ""
    linked = [f"the link to #{link.to}" for link in after.links if link not in before.links and link.kind != "merged"]
    return [
        *([f"priority {after.priority}"] if after.priority != before.priority else []),
        *([f"owner {owner}"] if owner else []),
        *(f"label {label}" for label in after.labels if label not in before.labels),
        *(f"{name}={value}" for name, value in after.fields.items() if name not in before.fields),
        *linked,
        *(f"watcher {name}" for name in after.watchers if name not in before.watchers),
        *(["the promised date"] if running(after) != running(before) else []),
    ]


def left_behind(after: Ticket, source: Ticket) -> list[str]:
    """What of `source` the target has otherwise, and keeps."""
    own = source.assignee if source.assignee not in ("", after.assignee) else ""
    other = {name: value for name, value in source.fields.items() if after.fields.get(name) != value}
    owed, owes = running(source), running(after)
    return [
        *([f"priority {source.priority}"] if source.priority != after.priority else []),
        *([f"owner {own}"] if own else []),
        *(f"{name}={value}" for name, value in other.items()),
        *([f"cause {source.cause}"] if source.cause not in ("", after.cause) else []),
        *([f"lesson “{source.lesson}”"] if source.lesson not in ("", after.lesson) else []),
        *(["the wait for the customer"] if source.status == "waiting" and after.status != "waiting" else []),
        *(["the later promised date"] if owed and owes and owed.due_at != owes.due_at else []),
    ]


def relinked(act: Act, other: Ticket, source: int, target: int) -> Ticket:
    """A ticket that was linked to the source, linked to the target instead."""
    for link in other.links:
        if link.to == source and link.kind != "merged":
            other = other.unlink(act, source, link.kind).link(act, target, link.kind)
    return other


def linked_back(act: Act, other: Ticket, released: Ticket, restored: Ticket) -> Ticket:
    """What `relinked` did, undone: `released` and `restored` are the two tickets after the unmerge."""
    for link in restored.links:
        if link.to == other.number and link.kind != "merged":
            other = other.link(act, restored.number, link.kind)
            if Link(other.number, link.kind) not in released.links:
                other = other.unlink(act, released.number, link.kind)
    return other


def _carried(act: Act, target: Ticket, source: Ticket) -> Ticket:
    """What is over keeps its priority and owner to itself."""
    if not target.closed and not source.closed:
        if _rank(source.priority) < _rank(target.priority):
            target = target.prioritise(act, source.priority)
        if source.assignee and not target.assignee:
            target = target.changed(act, "assigned", "", source.assignee, assignee=source.assignee)
    for name, value in source.fields.items():
        if name not in target.fields:
            target = target.set_field(act, name, value)
    for link in source.links:
        if link.kind != "merged" and link.to != target.number:
            target = target.link(act, link.to, link.kind)
    return target.hold_with(act, source)


def _rank(priority: Priority) -> int:
    """0 for the highest."""
    return PRIORITIES.index(priority)


def _owing(act: Act, target: Ticket, source: Ticket) -> Ticket:
    """What was promised to the customer of the source is owed on the target; of two dates the earlier one."""
    owed, own = running(source), running(target)
    if owed is None or target.closed or (own is not None and own.due_at <= owed.due_at):
        return target
    return target.changed(act, MADE, own.due_at.isoformat() if own else "", owed.due_at.isoformat())


def unmerge(act: Act, target: Ticket, source: Ticket, siblings: Sequence[Ticket]) -> tuple[Ticket, Ticket]:
    """(target, source) as they would be without the merge. `siblings` are the other tickets still merged into
    `target`. What was written to the target since then stays there. Raises Refused."""
    if not source.merged_into:
        raise Refused(
            "#{number} is not merged into another ticket; name the one that was merged away",
            code="not_merged",
            number=source.number,
        )
    if target.merged_into:
        raise Refused(
            "#{target} was itself merged into #{last}",
            code="target_merged",
            target=target.number,
            last=target.merged_into,
            next_step=NextStep("unmerge", target.number, then="first"),
        )
    return _released(act, target, source, siblings), _restored(act, target, source)


def moved(outbox: Iterable[Outbound], source: int, target: int) -> list[Outbound]:
    """The mails of `source` in the outbox, made mails of `target`: their delivery is told there."""
    return [
        msgspec.structs.replace(item, ticket=target, message=f"{source}.{item.message}")
        for item in outbox
        if item.ticket == source and item.message
    ]


def moved_back(outbox: Iterable[Outbound], source: int, target: int) -> list[Outbound]:
    """What `moved` did, undone."""
    start = f"{source}."
    return [
        msgspec.structs.replace(item, ticket=source, message=item.message.removeprefix(start))
        for item in outbox
        if item.ticket == target and item.message.startswith(start)
    ]


def _restored(act: Act, target: Ticket, source: Ticket) -> Ticket:
    """The source with its messages, and the status that it had."""
    start = f"{source.number}."
    messages = tuple(
        msgspec.structs.replace(
            message, key=message.key.removeprefix(start), together=message.together.removeprefix(start)
        )
        for message in target.messages
        if message.key.startswith(start)
    )
    status = _status_before(source)
    closing = _last(source, "closed")
    waiting = _last(source, "waiting")
    return source.changed(
        act,
        "unmerged",
        f"#{target.number}",
        status,
        status=status,
        merged_into=0,
        messages=messages,
        closed_at=closing.at if status == "closed" and closing else None,
        resolution=closing.after if status == "closed" and closing else "",
        wake_at=datetime.fromisoformat(waiting.after) if status == "waiting" and waiting else None,
        links=_without(source.links, target.number),
    )


def _released(act: Act, target: Ticket, source: Ticket, siblings: Sequence[Ticket]) -> Ticket:
    """The target without what came from the source."""
    messages = tuple(one for one in target.messages if not one.key.startswith(f"{source.number}."))
    strokes = _strokes(target)
    persons = _brought(target, strokes, "participants") - _still_here(messages, siblings)
    labels = _brought(target, strokes, "labelled") - {label for sibling in siblings for label in sibling.labels}
    released = target.changed(
        act,
        "released",
        f"#{source.number}",
        "",
        messages=messages,
        participants=tuple(one for one in target.participants if one.address not in persons),
        labels=tuple(label for label in target.labels if label not in labels),
        watchers=_watchers_without(target, source, siblings),
        opened_at=min([target.own_start, *(sibling.opened_at for sibling in siblings)]),
        links=_without(target.links, source.number),
        merged=tuple(one for one in target.merged if not one.prefix.startswith(f"{source.number}.")),
    )
    released = _less_carried(act, released, strokes, source.number, siblings)
    released = _owing_no_more(act, released, strokes, source.number)
    waiting = _last(target, "waiting")
    if waiting is None or not _rests_on_waking(target, strokes, source.number):
        return released
    return released.wait(act, datetime.fromisoformat(waiting.after), named=waiting.named)


def _watchers_without(target: Ticket, source: Ticket, siblings: Sequence[Ticket]) -> tuple[str, ...]:
    """Who watches the target itself, by an event of its own, or a ticket that is still merged into it."""
    own = {event.after for event in target.events if event.what == "watched by"}
    own |= {name for sibling in siblings for name in sibling.watchers}
    return tuple(name for name in target.watchers if name in own or name not in source.watchers)


def _strokes(target: Ticket) -> dict[int, int]:
    """Which events merges wrote: index of the event → number of the source. A merge writes "merged from" and, in the
    same stroke, who and what it brought."""
    found: dict[int, int] = {}
    start, source = None, 0
    for at, event in enumerate(target.events):
        if event.what == "merged from":
            start, source = event, int(event.after.removeprefix("#"))
        elif (
            start is None
            or not (event.what in BROUGHT or event.what.startswith("field "))
            or not _same_act(start, event)
        ):
            start = None
        if start is not None:
            found[at] = source
    return found


def _same_act(one: Event, other: Event) -> bool:
    return (one.at, one.actor, one.why) == (other.at, other.actor, other.why)


def _brought(target: Ticket, strokes: dict[int, int], what: str) -> set[str]:
    """The addresses, or labels, that were last added by a merge, this one or another."""
    by_merge: dict[str, bool] = {}
    for at, event in enumerate(target.events):
        if event.what == what:
            by_merge.update(dict.fromkeys(event.after.split(", "), at in strokes))
    return {name for name, merged in by_merge.items() if merged}


def _still_here(messages: Iterable[Message], siblings: Sequence[Ticket]) -> set[str]:
    """Addresses that take part whether the source is here or not."""
    people = {person.address for message in messages for person in (message.sender, *message.to, *message.cc)}
    for sibling in siblings:
        people |= {person.address for person in (sibling.requester, *sibling.participants)}
    return people


def _rests_on_waking(target: Ticket, strokes: dict[int, int], source: int) -> bool:
    """Whether the target is open only because the merge of `source` woke it."""
    last = max((at for at, event in enumerate(target.events) if event.what in STATUS_EVENTS), default=-1)
    return target.status == "open" and strokes.get(last) == source


def _owing_no_more(act: Act, target: Ticket, strokes: dict[int, int], source: int) -> Ticket:
    """Without the date that the source brought, where that is still what is owed."""
    marks = [at for at, event in enumerate(target.events) if event.what in (MADE, DROPPED)]
    if not marks or strokes.get(marks[-1]) != source or running(target) is None:
        return target
    brought = target.events[marks[-1]]
    return target.changed(act, MADE if brought.before else DROPPED, brought.after, brought.before)


def _less_carried(act: Act, target: Ticket, strokes: dict[int, int], source: int, siblings: Sequence[Ticket]) -> Ticket:
    """Without the priority, owner, fields and links that only the source had brought; what somebody changed since is
    theirs."""
    brought = [event for at, event in enumerate(target.events) if strokes.get(at) == source]
    if not target.closed:
        target = _with_own_priority(act, target, siblings)
        target = _with_own(act, target, "assigned", target.assignee, [one.assignee for one in siblings])
    for name in [event.what.removeprefix("field ") for event in brought if event.what.startswith("field ")]:
        others = [one.fields.get(name, "") for one in siblings]
        target = _with_own(act, target, f"field {name}", target.fields.get(name, ""), others)
    for event in brought:
        target = _unlinked(act, target, event, siblings) if event.what == "linked" else target
    return target


def _own_value(target: Ticket, what: str) -> str | None:
    """What it had, or has been given by a person, without the merges; None where a merge has no part in what it is."""
    merged = by_merge(target.events)
    changes = [(at, event) for at, event in enumerate(target.events) if event.what == what]
    if not changes or changes[-1][0] not in merged:
        return None
    return next((event.after for at, event in reversed(changes) if at not in merged), changes[0][1].before)


def _with_own_priority(act: Act, target: Ticket, siblings: Sequence[Ticket]) -> Ticket:
    own = _own_value(target, "priority")
    if own is None:
        return target
    there = {own, *(one.priority for one in siblings if _status_before(one) != "closed")}
    return target.prioritise(act, next(one for one in PRIORITIES if one in there))


def _with_own(act: Act, target: Ticket, what: str, now: str, others: Sequence[str]) -> Ticket:
    """With its own owner, or field, or else that of another merged ticket."""
    own = _own_value(target, what)
    value = next(filter(None, (own, *others)), "")
    if own is None or value == now:
        return target
    if what == "assigned":
        return target.changed(act, what, now, value, assignee=value)
    return target.set_field(act, what.removeprefix("field "), value)


def _unlinked(act: Act, target: Ticket, event: Event, siblings: Sequence[Ticket]) -> Ticket:
    kind, _, number = event.after.partition(" #")
    link = next((one for one in target.links if (one.kind, str(one.to)) == (kind, number)), None)
    if link is None or any(link in one.links for one in siblings):
        return target
    return target.unlink(act, link.to, link.kind)


def _status_before(source: Ticket) -> Status:
    event = _last(source, "merged into")
    found: dict[str, Status] = {"new": "new", "open": "open", "waiting": "waiting", "closed": "closed"}
    return found[event.before] if event else "open"


def _last(ticket: Ticket, what: str) -> Event | None:
    return next((event for event in reversed(ticket.events) if event.what == what), None)


def _without(links: tuple[Link, ...], number: int) -> tuple[Link, ...]:
    return tuple(link for link in links if link != Link(number, "merged"))
