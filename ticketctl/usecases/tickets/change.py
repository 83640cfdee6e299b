"""How a use case changes tickets: one transaction; one that is refused does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NextStep, NoSuchTicket, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, C, Done, Failed
from ticketctl.usecases.session import Session


def change_each(
    session: Session,
    numbers: Sequence[int],
    decide: Callable[[Desk, Ticket], Done[C]],
    *,
    seen: int | None = None,
    keep: bool = True,
    finish: Callable[[Desk], None] = lambda _desk: None,
) -> Batch[C]:
    """`decide` gets the desk and each ticket and returns what becomes of it, or raises Refused. A ticket that comes
    back as it was is not saved. `seen` is the revision that whoever asks has before them: a ticket that has moved on
    is refused. `finish` comes last in the same commit. `keep=False` changes nothing (a dry run). Raises Usage where
    `seen` is given for several tickets."""
    if len(numbers) > 1 and seen is not None:
        raise Usage("{field} is for one ticket", code="one_ticket", field="base_revision")
    outcomes: list[Done[C] | Failed] = []
    with session.store.transaction(keep=keep) as desk, session.store.blobs.together(keep=keep):
        for number in numbers:
            try:
                outcomes.append(_change(desk, number, decide, seen))
            except (NoSuchTicket, Refused) as trouble:
                outcomes.append(Failed(number, trouble))
        finish(desk)
    return tuple(outcomes)


def _change(desk: Desk, number: int, decide: Callable[[Desk, Ticket], Done[C]], seen: int | None) -> Done[C]:
    before = desk.get(number)
    must_be_as_seen(before, seen)
    done = decide(desk, before)
    if done.value.same:
        return done
    saved = msgspec.structs.replace(done.value, after=desk.save(done.value.after))
    return msgspec.structs.replace(done, value=saved)


def must_be_as_seen(ticket: Ticket, seen: int | None) -> None:
    """Raises Refused where it was changed since revision `seen`."""
    if seen not in (None, ticket.revision):
        raise Refused(
            "#{number} was changed since revision {seen}: it is at {revision}",
            code="changed_meanwhile",
            number=ticket.number,
            seen=seen,
            revision=ticket.revision,
            next_step=NextStep("show", ticket.number, then="shows what happened"),
        )


def stored_ticket(session: Session, number: int) -> Ticket:
    """The ticket as it is now, read without waiting for anybody; raises NoSuchTicket."""
    with session.store.reading() as desk:
        return desk.get(number)
