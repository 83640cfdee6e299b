"""The fields of a ticket, and its subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ticketctl.content.terminal import line
from ticketctl.domain.config import Config
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class SetFields(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` are name → value, "" to remove it, as `usecases.fields.checked_fields` gives them. `subject` is the new
    one, None to keep it."""

    tickets: tuple[int, ...]
    fields: Mapping[str, str] = {}
    subject: str | None = None
    seen: int | None = None


def fields_and_subject(config: Config, assignments: Sequence[str]) -> tuple[dict[str, str], str | None]:
    """ "category=faktura", "subject=Dubbel faktura" → the two of a request; raises Usage as `checked_fields` does."""
    subjects = [word.partition("=")[2] for word in assignments if word.startswith("subject=")]
    fields = checked_fields(config, [word for word in assignments if not word.startswith("subject=")])
    return fields, subjects[-1] if subjects else None


def set_fields(session: Session, request: SetFields, *, keep: bool = True) -> Batch[Changed]:
    """Sets fields and subject of each ticket. Raises NotAllowed, and Usage where nothing is to be set, or the subject
    is empty."""
    session.must("set", keep=keep)
    if request.subject == "" or (not request.fields and request.subject is None):
        raise Usage("nothing is given to set", code="nothing_to_set")
    acting = session.act("set")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Changed]:
        after = ticket
        for name, value in request.fields.items():
            after = after.set_field(acting, name, value)
        after = after if request.subject is None else after.rename(acting, line(request.subject))
        return Done(ticket.number, Changed(ticket, after))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
