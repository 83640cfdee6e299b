"""Two tickets become one: what merging makes of each. merge.py says when that is allowed, and what else comes along."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import JOINED, SAYS_STATUS, STATUS_AFTER, Act, Event, Link, Merged, Ticket
from ticketctl.errors import NextStep, Refused


def absorb(act: Act, target: Ticket, source: Ticket) -> Ticket:
    """`target` with the messages, participants and labels of `source`, in time order, linked back to it. The
    earliest start counts (docs/figures.md)."""
    start = f"{source.number}."
    taken = tuple(
        msgspec.structs.replace(one, key=start + one.key, together=one.together and start + one.together)
        for one in source.messages
    )
    messages = tuple(sorted((*target.messages, *taken), key=lambda message: message.at))
    ticket = target.changed(
        act,
        "merged from",
        target.opened_at.isoformat(),
        f"#{source.number}",
        messages=messages,
        opened_at=min(target.opened_at, source.opened_at),
        watchers=tuple(dict.fromkeys((*target.watchers, *source.watchers))),
        links=(*target.links, Link(source.number, "merged")),
        merged=(*target.merged, *_as_merged(act, target, source)),
    )
    ticket = ticket.add_participants(act, (source.requester, *source.participants))
    return ticket.label(act, *source.labels)


def join(act: Act, ticket: Ticket, target: int) -> Ticket:
    """`ticket` as one that was merged into `target`: closed, its messages moved; mail to it follows there."""
    if ticket.merged_into:
        raise Refused(
            "#{number} is already merged into #{target}",
            code="already_merged",
            number=ticket.number,
            target=ticket.merged_into,
            next_step=NextStep("unmerge", ticket.number, then="takes that back"),
        )
    if target == ticket.number:
        raise Refused(
            "#{number} cannot be merged into itself; name another ticket",
            code="merge_into_itself",
            number=ticket.number,
        )
    return ticket.changed(
        act,
        "merged into",
        ticket.status,
        f"#{target}",
        status="closed",
        closed_at=act.at,
        wake_at=None,
        resolution="merged",
        merged_into=target,
        messages=(),
        links=(*ticket.links, Link(target, "merged")),
    )


def _as_merged(act: Act, target: Ticket, source: Ticket) -> list[Merged]:
    """What `target` keeps of `source`, and of those that were merged into that before."""
    joined = [Event(at=act.at, actor=act.actor, what=JOINED, before=source.status, after=target.status)]
    if source.priority != target.priority:
        joined.append(Event(at=act.at, actor=act.actor, what="priority", before=source.priority, after=target.priority))
    own = Merged(
        prefix=f"{source.number}.",
        requester=source.requester,
        opened_at=source.own_start,
        subject=source.subject,
        language=source.language,
        channel=source.channel,
        participants=source.participants,
        events=(*filter(_of_status, source.events), *joined),
    )
    return [own, *(_deeper(source, one, joined) for one in source.merged)]


def _deeper(source: Ticket, merged: Merged, joined: list[Event]) -> Merged:
    events = (*merged.events, *filter(_of_status, source.events_since(merged)), *joined)
    return msgspec.structs.replace(merged, prefix=f"{source.number}.{merged.prefix}", events=events)


def _of_status(event: Event) -> bool:
    return event.what == "priority" or event.what in SAYS_STATUS or event.what in STATUS_AFTER
