"""The last command of an agent on a ticket, taken back by events that say the opposite: history is never cut.

Only what still is as the command left it is taken back: what somebody changed since is theirs. A message stays, and
what has left by mail cannot come back; both are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from ticketctl.domain.changes import requester
from ticketctl.domain.deadlines import promises as promised
from ticketctl.domain.ticket.mentions import MENTIONED
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import REQUESTER
from ticketctl.domain.ticket.scheduling import taken_back
from ticketctl.domain.ticket.ticket import PRIORITIES, Act, Event, Ticket
from ticketctl.errors import NextStep, Reasons, Refused

TRIAGED = "triaged"  # an event: who let the rules run; what they did follows at the same instant, by "system"
Step = Callable[[Ticket, Act, Event], Ticket]


class Undone(msgspec.Struct, frozen=True):
    """The ticket without what the command did; `kept` says what stays, each as the error that it is."""

    ticket: Ticket
    kept: tuple[Refused, ...]


def last_command(ticket: Ticket, actor: str) -> tuple[Event, ...]:
    """The events that the actor's last command wrote: same instant, same reason; of `triage` what its rules did. Raises
    Refused where there is none."""
    last = next((event for event in reversed(ticket.events) if event.actor == actor), None)
    if last is None:
        raise Refused(
            "#{number}: {actor} has changed nothing on it", code="nothing_to_undo", number=ticket.number, actor=actor
        )
    stroke = (last.at, last.actor, last.why)
    by_rules = last.what == TRIAGED
    others = [
        at for at, one in enumerate(ticket.events) if one.actor == actor and (one.at, one.actor, one.why) != stroke
    ]
    return tuple(
        event
        for event in ticket.events[others[-1] + 1 if others else 0 :]
        if (event.at, event.actor, event.why) == stroke
        or (by_rules and event.at == last.at and event.actor == "system" and event.why.startswith("rule "))
    )


def merged_from(events: Sequence[Event]) -> list[int]:
    """The tickets that the command merged into this one."""
    return [int(event.after.removeprefix("#")) for event in events if event.what == "merged from"]


def undo(ticket: Ticket, act: Act, events: Sequence[Event], free: frozenset[str] = frozenset()) -> Undone:
    """Takes back what `events` (of last_command, no merge) did, the last first. `free` are the keys of replies that
    still wait in the outbox, and become drafts. Raises Refused where nothing of it can be taken back."""
    before = ticket
    kept: list[Refused] = []
    for event in reversed(events):
        step = _replied if event.what == "replied" and event.after in free else _step(event.what)
        if step is None:
            kept += _stays(ticket, event)
            continue
        try:
            ticket = step(ticket, act, event)
        except Refused as reason:
            kept.append(reason)
    ticket = one_draft(act, ticket, [event.after for event in events if event.what == "replied"])
    if ticket == before:
        if kept:
            raise Refused("{reasons}", code="all_stays", reasons=Reasons(kept))
        raise Refused(
            "#{number}: `{command}` left nothing to take back",
            code="nothing_to_take_back",
            number=ticket.number,
            command=events[-1].why,
        )
    return Undone(ticket, tuple(kept))


def refuse_departed(ticket: Ticket, events: Sequence[Event], free: frozenset[str]) -> None:
    """Raises Refused, with what to do instead, where the command wrote a reply that has left, or may have; unless one
    of its mails, to another requester, still waits."""
    if any(event.what == "replied" and event.after in free for event in events):
        return
    for event in events:
        if event.what != "replied" or event.after in free:
            continue
        message = ticket.message(event.after)
        if message.delivery in ("draft", "failed"):
            continue
        sending = message.delivery in ("queued", "held", "deferred")
        raise Refused(
            "{reason}; nothing was undone",
            code="reply_departed",
            reason=_being_sent(ticket, message) if sending else _has_left(ticket, message),
            next_step=(NextStep("reply", ticket.number, then="writes another"), *_instead(ticket, events)),
        )


def _being_sent(ticket: Ticket, message: Message) -> Refused:
    return Refused(
        "#{number}: the reply {key} to {to} is being sent",
        code="reply_being_sent",
        number=ticket.number,
        key=message.key,
        to=_addresses(message),
        next_step=NextStep("send", then="shows it", given={"list": True}),
    )


def _has_left(ticket: Ticket, message: Message) -> Refused:
    return Refused(
        "#{number}: the reply {key} was sent to {to} and cannot be taken back",
        code="reply_sent",
        number=ticket.number,
        key=message.key,
        to=_addresses(message),
    )


def _addresses(message: Message) -> str:
    return ", ".join(person.address for person in message.to)


def _instead(ticket: Ticket, events: Sequence[Event]) -> Iterator[NextStep]:
    """What changes what else a reply did."""
    did = {event.what for event in events}
    if "closed" in did and ticket.closed:
        yield NextStep("reopen", ticket.number, then="opens it again")
    if "waiting" in did and ticket.status == "waiting":
        yield NextStep("wait", ticket.number, "no", "ends the waiting")
    if promised.MADE in did and promised.running(ticket):
        yield NextStep("promise", ticket.number, "drop", "says that nothing is promised")


def one_draft(act: Act, ticket: Ticket, keys: Sequence[str]) -> Ticket:
    """The mails of one reply to several requesters, all of them drafts again: one draft, which goes to all of them. It
    is the first, that to the ticket's own requester."""
    mails = [one for one in ticket.messages if one.key in keys]
    if len(mails) < 2 or any(one.delivery != "draft" for one in mails) or mails[0].to != (ticket.requester,):
        return ticket
    for one in mails[1:]:
        ticket = ticket.redraft(act, None, one.key)
    return ticket


def _words(event: Event) -> str:
    return f"{event.what} {event.after or event.before}".rstrip()


def _stays(ticket: Ticket, event: Event) -> list[Refused]:
    """What cannot be taken back; that a ticket was opened by somebody is not worth a word."""
    message = next((one for one in ticket.messages if one.key == event.after), None)
    if event.what in ("opened", "draft dropped", "scheduled", MENTIONED, TRIAGED):
        return []
    step = None
    if event.what in ("linked", "unlinked"):  # it concerns the other ticket too
        other = (event.after or event.before).rpartition("#")[2]
        given = {"remove": True} if event.what == "linked" else {}
        step = NextStep("link", ticket.number, other, "is the opposite", given)
    if step or message is None or message.delivery == "draft" or message.direction != "out":
        said = _words(event)
        return [Refused("#{number}: {event} stays", code="stays", number=ticket.number, event=said, next_step=step)]
    if message.delivery in ("queued", "held", "deferred"):
        return [_being_sent(ticket, message)]
    if message.delivery == "failed":
        return [
            Refused(
                "#{number}: the reply {key} to {to} was refused by the server and stays",
                code="refused_reply_stays",
                number=ticket.number,
                key=message.key,
                to=_addresses(message),
            )
        ]
    return [_has_left(ticket, message)]


def _changed_since(ticket: Ticket, what: str) -> Refused:
    return Refused("#{number}: {what} was changed since", code="changed_since", number=ticket.number, what=what)


# --- the opposite of each event ---


def _replied(ticket: Ticket, act: Act, event: Event) -> Ticket:
    return taken_back(act, ticket, event.after)


def _assigned(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if ticket.assignee != event.after:
        raise _changed_since(ticket, "the owner")
    return ticket.assign(act, event.before)


def _priority(ticket: Ticket, act: Act, event: Event) -> Ticket:
    found = next((one for one in PRIORITIES if one == event.before), None)
    if ticket.priority != event.after or found is None:
        raise _changed_since(ticket, "the priority")
    return ticket.prioritise(act, found)


def _labelled(ticket: Ticket, act: Act, event: Event) -> Ticket:
    return ticket.unlabel(act, *event.after.split(", "))


def _unlabelled(ticket: Ticket, act: Act, event: Event) -> Ticket:
    return ticket.label(act, *event.before.split(", "))


def _field(ticket: Ticket, act: Act, event: Event) -> Ticket:
    name = event.what.removeprefix("field ")
    if ticket.fields.get(name, "") != event.after:
        raise _changed_since(ticket, name)
    return ticket.set_field(act, name, event.before)


def _subject(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if ticket.subject != event.after:
        raise _changed_since(ticket, "the subject")
    return ticket.rename(act, event.before)


def _participants(ticket: Ticket, act: Act, event: Event) -> Ticket:
    gone = set(event.after.split(", "))
    kept = tuple(person for person in ticket.participants if person.address not in gone)
    return ticket.changed(act, "participants left", event.after, "", participants=kept)


def _waiting(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if ticket.status != "waiting" or ticket.wake_at != datetime.fromisoformat(event.after):
        raise _changed_since(ticket, "the waiting")
    if event.before == "waiting" and (again := _waiting_again(ticket, act, event)):
        return again
    return ticket.wake(act)


def _woken(ticket: Ticket, act: Act, event: Event) -> Ticket:
    again = _waiting_again(ticket, act, event) if ticket.status == "open" else None
    if again is None:
        raise _changed_since(ticket, "the waiting")
    return again


def _closed(ticket: Ticket, act: Act, event: Event) -> Ticket:
    """Open again, or waiting as before where its wake-up date is still ahead."""
    ticket = ticket.reopen(act)
    return (_waiting_again(ticket, act, event) if event.before == "waiting" else None) or ticket


def _reopened(ticket: Ticket, act: Act, event: Event) -> Ticket:
    """Closed again as it was before; raises AlreadyClosed."""
    past = ticket.events[: ticket.events.index(event)]
    closing = next((one for one in reversed(past) if one.what == "closed"), None)
    resolution = closing.after if closing else "solved"
    return ticket.mark_spam(act) if resolution == "spam" else ticket.close(act, resolution=resolution)


def _spam(ticket: Ticket, act: Act, event: Event) -> Ticket:
    """Reopening has taken the mark away where the command closed it too."""
    return ticket.changed(act, "spam", "yes", "", spam=False) if ticket.spam else ticket


def _cause(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if ticket.cause != event.after:
        raise _changed_since(ticket, "the cause")
    return ticket.changed(act, "cause", event.after, event.before, cause=event.before)


def _lesson(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if ticket.lesson != event.after:
        raise _changed_since(ticket, "the lesson")
    return ticket.changed(act, "lesson", event.after, event.before, lesson=event.before)


def _promised(ticket: Ticket, act: Act, event: Event) -> Ticket:
    if promised.reply_of(ticket, event):
        raise Refused(
            "#{number}: the customer read of the promise in the reply, so it stays",
            code="promise_stays",
            number=ticket.number,
            next_step=NextStep("promise", ticket.number, "drop", "says that nothing is promised"),
        )
    owed = promised.running(ticket)
    if owed is None or owed.due_at.isoformat() != event.after:
        raise _changed_since(ticket, "the promise")
    earlier = datetime.fromisoformat(event.before) if event.before else None
    return promised.promise(ticket, act, earlier) if earlier and earlier > act.at else promised.drop(ticket, act)


def _promise_ended(ticket: Ticket, act: Act, event: Event) -> Ticket:
    due = datetime.fromisoformat(event.before)
    if promised.running(ticket) is not None or due <= act.at:
        raise _changed_since(ticket, "the promise")
    return promised.promise(ticket, act, due)


def _waiting_again(ticket: Ticket, act: Act, event: Event) -> Ticket | None:
    """Waiting as it was when `event` happened; None where it was not, or the wake-up date is over by now."""
    past = ticket.events[: ticket.events.index(event)]
    waiting = next((one for one in reversed(past) if one.what == "waiting"), None)
    until = datetime.fromisoformat(waiting.after) if waiting else None
    return ticket.wait(act, until, named=waiting.named) if waiting and until and until > act.at else None


_STEPS: dict[str, Step] = {
    "assigned": _assigned,
    "priority": _priority,
    "subject": _subject,
    "participants": _participants,
    REQUESTER: requester.back,
    "labelled": _labelled,
    "unlabelled": _unlabelled,
    "waiting": _waiting,
    "woken": _woken,
    "closed": _closed,
    "reopened": _reopened,
    "spam": _spam,
    "cause": _cause,
    "lesson": _lesson,
    "watched by": lambda ticket, act, event: ticket.unwatch(act, event.after),
    "no longer watched by": lambda ticket, act, event: ticket.watch(act, event.after),
    promised.MADE: _promised,
    promised.DROPPED: _promise_ended,
    promised.KEPT: _promise_ended,
}


def _step(what: str) -> Step | None:
    return _field if what.startswith("field ") else _STEPS.get(what)
