"""Closing tickets, with cause and lesson; opening them again; tickets that are spam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal, get_args

import msgspec

from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import AlreadyClosed, NextStep, NoSuchTicket, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.people import meant
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each, stored_ticket

Resolution = Literal["solved", "no_answer", "duplicate"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)
LooseEnd = Literal["draft_unsent", "reply_scheduled", "not_delivered", "unanswered", "no_cause"]


class Close(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` are set before; `filled` only where a ticket has nothing there. `asked_cause` is for the tickets that
    have none, where `cause` is "". A ticket that is closed already only learns cause, lesson and `fields`."""

    tickets: tuple[int, ...]
    cause: str = ""
    asked_cause: str = ""
    lesson: str = ""
    resolution: Resolution = "solved"
    fields: Mapping[str, str] = {}
    filled: Mapping[str, str] = {}
    seen: int | None = None


class Closed(Changed, frozen=True):
    """`loose_ends` are what its closing leaves undone, worth one more look."""

    loose_ends: tuple[LooseEnd, ...] = ()


class Lacks(msgspec.Struct, frozen=True):
    """What somebody could still be asked for: fields that must be set and have declared values, and the causes."""

    fields: tuple[FieldSpec, ...] = ()
    causes: tuple[str, ...] = ()


def lacks(session: Session, request: Close) -> Lacks:
    """What the tickets lack. A field without declared values is not among it: the close is refused. Raises
    NotAllowed."""
    session.must("close")
    open_ones = [ticket for ticket in _stored(session, request.tickets) if not ticket.closed]
    missing = {name for one in open_ones for name in missing_fields(session, one) if name not in request.fields}
    specs = tuple(spec for spec in session.config.fields.values() if spec.name in missing and spec.values)
    causeless = not request.cause and any(not ticket.cause for ticket in open_ones)
    return Lacks(specs, session.config.causes if causeless else ())


def close(session: Session, request: Close, *, keep: bool = True) -> Batch[Closed]:
    """Closes each ticket. Raises Usage for a cause that rules.yaml does not name, NotAllowed."""
    session.must("close", keep=keep)
    check_cause(session, request.cause)
    acting = session.act("close")

    def decide(desk: Desk, ticket: Ticket) -> Done[Closed]:
        if ticket.closed:
            return Done(ticket.number, Closed(ticket, _explained(acting, ticket, request)))
        filled = _with_fields(acting, ticket, {**request.filled, **ticket.fields, **request.fields})
        must_be_complete(session, filled)
        cause = request.cause or ticket.cause or request.asked_cause
        after = filled.close(acting, cause=cause, lesson=request.lesson, resolution=request.resolution)
        outcome = happened(session, desk, after, "closed")
        ends = tuple(loose_ends(after, has_causes=bool(session.config.causes)))
        return Done(ticket.number, Closed(ticket, outcome.ticket, ends), outcome.remarks)

    finish = partial(tell, session)
    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep, finish=finish)


def loose_ends(ticket: Ticket, *, has_causes: bool) -> list[LooseEnd]:
    replies = [message for message in ticket.messages if message.is_reply]
    wrote = any(message.from_customer for message in ticket.messages)
    found: dict[LooseEnd, bool] = {
        "draft_unsent": any(message.delivery == "draft" for message in ticket.messages),
        "reply_scheduled": any(message.leaves_at for message in replies),
        "not_delivered": bool(replies) and replies[-1].delivery in ("failed", "bounced", "uncertain"),
        "unanswered": wrote and not replies,
        "no_cause": has_causes and not ticket.cause,
    }
    return [name for name, is_so in found.items() if is_so]


def check_cause(session: Session, cause: str) -> None:
    """Raises Usage where `causes:` of rules.yaml does not name it."""
    if cause and session.config.causes and cause not in session.config.causes:
        raise Usage(
            "no cause {cause!r} in causes: of rules.yaml{meant}",
            code="no_cause",
            cause=cause,
            meant=meant(cause, session.config.causes),
        )


def missing_fields(session: Session, ticket: Ticket) -> list[str]:
    """The fields that are `required_at: close` and empty."""
    fields = session.config.fields.items()
    return [name for name, spec in fields if spec.required_at_close and not ticket.fields.get(name)]


def must_be_complete(session: Session, ticket: Ticket) -> None:
    """Raises Refused with the fields that it lacks and their values."""
    missing = missing_fields(session, ticket)
    if missing:
        words = [_with_values(name, session.config.fields[name].values) for name in missing]
        raise Refused(
            "#{number} is not closed: it needs {fields}",
            code="incomplete",
            number=ticket.number,
            fields=", ".join(words),
            next_step=NextStep("set", ticket.number, " ".join(f"{name}=…" for name in missing), "first"),
        )


def _with_fields(acting: Act, ticket: Ticket, fields: Mapping[str, str]) -> Ticket:
    for name, value in fields.items():
        ticket = ticket.set_field(acting, name, value)
    return ticket


def _explained(acting: Act, ticket: Ticket, request: Close) -> Ticket:
    """A closed ticket with cause, lesson and fields; raises AlreadyClosed where neither cause nor lesson is given."""
    if ticket.merged_into:
        raise AlreadyClosed(
            "#{number} is already closed; it was merged into #{target}",
            code="already_merged_away",
            number=ticket.number,
            target=ticket.merged_into,
        )
    if not (request.cause or request.lesson):
        raise AlreadyClosed(
            "#{number} is already closed; cause and lesson can be added", code="already_closed", number=ticket.number
        )
    return _with_fields(acting, ticket, request.fields).explain(acting, cause=request.cause, lesson=request.lesson)


def _stored(session: Session, numbers: Sequence[int]) -> list[Ticket]:
    """Those that there are: the others are failures of the close itself."""
    found = []
    for number in numbers:
        try:
            found.append(stored_ticket(session, number))
        except NoSuchTicket:
            continue
    return found


def _with_values(name: str, values: tuple[str, ...]) -> str:
    return f"{name} ({', '.join(values)})" if values else name


class Reopen(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]
    seen: int | None = None


def reopen(session: Session, request: Reopen, *, keep: bool = True) -> Batch[Changed]:
    """Opens each ticket again, and runs the rules for that. Raises NotAllowed."""
    session.must("reopen", keep=keep)
    acting = session.act("reopen")

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        outcome = happened(session, desk, ticket.reopen(acting), "reopened")
        return Done(ticket.number, Changed(ticket, outcome.ticket), outcome.remarks)

    finish = partial(tell, session)
    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep, finish=finish)


class MarkSpam(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]
    seen: int | None = None


def mark_spam(session: Session, request: MarkSpam, *, keep: bool = True) -> Batch[Changed]:
    """Closes each ticket as spam. Raises NotAllowed."""
    session.must("spam", keep=keep)
    acting = session.act("spam")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Changed]:
        return Done(ticket.number, Changed(ticket, ticket.mark_spam(acting)))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
