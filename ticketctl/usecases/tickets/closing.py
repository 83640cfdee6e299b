"""What rules.yaml wants before a ticket is closed, whichever command closes it."""

from __future__ import annotations

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.usecases.people import meant
from ticketctl.usecases.session import Session


def check_cause(session: Session, cause: str) -> None:
    """Raises Usage where `causes:` of rules.yaml does not name it."""
    if cause and session.config.causes and cause not in session.config.causes:
        raise Usage(f"no cause {cause!r} in causes: of rules.yaml{meant(cause, session.config.causes)}")


def missing_fields(session: Session, ticket: Ticket) -> list[str]:
    """The fields that are `required_at: close` and empty."""
    return [
        name for name, spec in session.config.fields.items() if spec.required_at_close and not ticket.fields.get(name)
    ]


def must_be_complete(session: Session, ticket: Ticket) -> None:
    """Raises Refused with the fields that it lacks, their values, and what to type."""
    missing = missing_fields(session, ticket)
    if missing:
        words = [_with_values(name, session.config.fields[name].values) for name in missing]
        hint = f"`ticketctl set {ticket.number} {' '.join(f'{name}=…' for name in missing)}` first"
        raise Refused(f"#{ticket.number} is not closed: it needs {' and '.join(words)}; {hint}")


def _with_values(name: str, values: tuple[str, ...]) -> str:
    return f"{name} ({', '.join(values)})" if values else name
