"""Taking the actor's last command on a ticket back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from ticketctl.content.times import local, zone
from ticketctl.domain.changes import merge as merging
from ticketctl.domain.changes import move_message as moving
from ticketctl.domain.changes.undo import last_command, merged_from, refuse_departed
from ticketctl.domain.changes.undo import undo as taken_back
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.errors import NextStep, NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.take_back import drop_taken_back, free
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each
from ticketctl.usecases.tickets.merge import Unmerged, released

OLD = timedelta(days=1)


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """`old`: also what is older than a day."""

    tickets: tuple[int, ...]
    old: bool = False


class MovedBack(msgspec.Struct, frozen=True):
    """The message that was `message` here is back from ticket `place`, as `key`; "": all of that ticket came back."""

    place: int
    message: str
    key: str


class Undone(Changed, frozen=True, kw_only=True):
    """`kept` are the errors that say what stays. `stand_in` is who stands in for the assignee, who is away ("": nobody;
    None: they are here). Of a merge there is `unmerged`, of a move or split `moved`."""

    kept: tuple[Refused, ...] = ()
    stand_in: str | None = None
    unmerged: Unmerged | None = None
    moved: MovedBack | None = None


class OldCommand(msgspec.Struct, frozen=True):
    number: int
    name: str
    at: datetime


def old_commands(session: Session, request: Undo) -> tuple[OldCommand, ...]:
    """What would be taken back and is older than a day: worth a question before. Raises NotAllowed."""
    session.must("undo")
    found = []
    with session.store.reading() as desk:
        for number in request.tickets:
            with suppress(NoSuchTicket, Refused):
                last = last_command(desk.get(number), session.actor)[-1]
                if session.now - last.at > OLD:
                    found.append(OldCommand(number, last.why, last.at))
    return tuple(found)


def undo(session: Session, request: Undo, *, keep: bool = True) -> Batch[Undone]:
    """Raises Refused where something is older than a day, unless `old`; NotAllowed."""
    session.must("undo", keep=keep)
    acting = session.act("undo")
    if keep and not request.old and (old := old_commands(session, request)):
        at = zone(session.config.timezone)
        commands = "; ".join(f"#{one.number}: your `{one.name}` was {local(one.at, at)}" for one in old)
        step = NextStep("undo", old[0].number, given={"yes": True}, then="takes it back all the same")
        raise Refused("{commands}, more than a day ago", code="old_command", commands=commands, next_step=step)

    def decide(desk: Desk, ticket: Ticket) -> Done[Undone]:
        return Done(ticket.number, _undone(session, desk, ticket, acting))

    return change_each(session, request.tickets, decide, keep=keep)


def _undone(session: Session, desk: Desk, ticket: Ticket, acting: Act) -> Undone:
    events = last_command(ticket, acting.actor)
    by_kind = {event.what: event for event in reversed(events)}  # the first of each kind
    if "merged into" in by_kind:
        unmerged = released(desk, acting, ticket)
        return Undone(before=ticket, after=unmerged.after, unmerged=unmerged)
    _must_be_here(ticket, events, by_kind)
    if "moved away" in by_kind:
        return _moved_back(session, desk, ticket, acting, by_kind["moved away"])
    still = free(desk, ticket)
    refuse_departed(ticket, events, still)
    done = taken_back(ticket, acting, events, still)
    drop_taken_back(desk, ticket, done.ticket)
    stand_in = away(session).get(done.ticket.assignee)  # it goes back to whose it was, also to somebody who is away
    return Undone(before=ticket, after=done.ticket, kept=done.kept, stand_in=stand_in)


def _must_be_here(ticket: Ticket, events: tuple[Event, ...], by_kind: dict[str, Event]) -> None:
    """Raises Refused where another ticket, or another verb, takes it back."""
    number = ticket.number
    if sources := merged_from(events):
        names = ", ".join(f"#{source}" for source in sources)
        raise Refused(
            "#{number}: {sources} came in by a merge",
            code="came_by_merge",
            number=number,
            sources=names,
            next_step=NextStep("undo", sources[0], then="takes it out again"),
        )
    if parted := by_kind.get("unmerged") or by_kind.get("released"):
        out, of = (f"#{number}", parted.before) if parted.what == "unmerged" else (parted.before, f"#{number}")
        raise Refused(
            "#{number}: {out} was taken out of {of}",
            code="taken_out",
            number=number,
            out=out,
            of=of,
            next_step=NextStep("merge", int(out[1:]), given={"into": of[1:]}, then="merges again"),
        )
    if "moved away" not in by_kind and (here := by_kind.get("moved here")):
        origin = int(here.before.partition(" ")[0].removeprefix("#"))
        raise Refused(
            "#{number}: {message} came in by a move",
            code="came_by_move",
            number=number,
            message=here.after,
            next_step=NextStep("undo", origin, then="takes it back"),
        )


def _moved_back(session: Session, desk: Desk, ticket: Ticket, acting: Act, event: Event) -> Undone:
    """The ticket with its message again; the other one is saved. What a split made, and nobody has written in since, is
    merged back whole. `event` is "moved away". Raises Refused where the message has gone further."""
    place, key = event.after.removeprefix("#").split(" ")
    other = desk.get(int(place))
    if not any(message.key == key for message in other.messages):
        raise Refused(
            "#{number}: {message} is not in #{place} any more",
            code="moved_on",
            number=ticket.number,
            message=event.before,
            place=place,
            next_step=NextStep("show", other.number, then="shows where"),
        )
    if all(message.key == key for message in other.messages):
        for item in merging.moved(list(desk.outbox()), other.number, ticket.number):
            desk.queue(item)
        after, closed = merging.merge(acting, ticket, other)
        desk.save(closed)
        return Undone(before=ticket, after=after, moved=MovedBack(other.number, event.before, ""))
    source, after, back = moving.move(acting, other, key, ticket, policy(session).is_ours)
    for item in moving.moved_copies(desk.outbox(), other, key, ticket.number, back):
        desk.queue(item)
    desk.save(source)
    return Undone(before=ticket, after=after, moved=MovedBack(other.number, event.before, back))
