"""CSV as a spreadsheet opens it by a double click, or plain for programs.

In Swedish `;` parts columns and a comma the decimals, since a Swedish spreadsheet reads it so; plain CSV has `,` and a
point. Text that a spreadsheet would take for a formula gets a `'` in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from ticketctl.content.terminal import safe

if TYPE_CHECKING:
    from ticketctl.domain.deadlines.work_order import TicketInQueue
    from ticketctl.domain.ticket.ticket import Ticket
    from ticketctl.usecases.views.export import Measured

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Row = Sequence[object]


def csv_lines(rows: Iterable[Row], language: str, *, plain: bool) -> Iterator[str]:
    """Each row with its line end."""
    comma = language == "sv" and not plain
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", delimiter=";" if comma else ",")
    for row in rows:
        writer.writerow([_number(value, comma=comma) for value in row])
        yield safe(out.getvalue()).replace("\n", "\r\n")
        out.seek(0)
        out.truncate()


def _number(value: object, *, comma: bool) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return str(value).replace(".", ",") if comma else value
    return "" if value is None else cell(value)


def cell(value: object) -> object:
    """Text that cannot become a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length / timedelta(minutes=1), 1)


# --- tickets, a row each ---

_TICKET = (
    "number", "subject", "status", "priority", "requester", "address", "owner", "labels", "channel", "language",
    "cause", "resolution", "opened_at", "closed_at", "wake_at",
)  # fmt: skip


def listed_rows(tickets: Iterable[TicketInQueue], fields: Sequence[str], zone: tzinfo) -> Iterator[Row]:
    """A row of names, then a row a ticket: as `list --json` has them, a column a field."""
    yield (*_TICKET, "due_at", "overdue", "promised_at", *fields)
    for one in tickets:
        due, promised = _local(one.due, zone), _local(one.promised, zone)
        yield (*_ticket(one.ticket, zone), due, one.overdue, promised, *_fields(one.ticket, fields))


def exported_rows(tickets: Iterable[Measured], fields: Sequence[str], zone: tzinfo) -> Iterator[Row]:
    """The same, with how long the first answer and the solution took, as the report counts them."""
    yield (
        *_TICKET, "began_at", "first_response_minutes", "first_response_business_minutes", "resolution_minutes",
        "resolution_business_minutes", "replies", "spam", "test", "merged_into", *fields,
    )  # fmt: skip
    for one in tickets:
        ticket, first, solved = one.ticket, one.first_response, one.resolution
        yield (
            *_ticket(ticket, zone),
            _local(one.began, zone),
            first and minutes(first.calendar),
            first and minutes(first.business),
            solved and minutes(solved.calendar),
            solved and minutes(solved.business),
            one.replies,
            ticket.spam,
            ticket.test,
            ticket.merged_into or None,
            *_fields(ticket, fields),
        )


def _ticket(ticket: Ticket, zone: tzinfo) -> Row:
    return (
        ticket.number,
        ticket.subject,
        ticket.status,
        ticket.priority,
        ticket.requester.name,
        ticket.requester.address,
        ticket.assignee,
        ", ".join(ticket.labels),
        ticket.channel,
        ticket.language,
        ticket.cause,
        ticket.resolution,
        _local(ticket.opened_at, zone),
        _local(ticket.closed_at, zone),
        _local(ticket.wake_at, zone),
    )


def _fields(ticket: Ticket, fields: Sequence[str]) -> Row:
    return [ticket.fields.get(name, "") for name in fields]


def _local(at: datetime | None, zone: tzinfo) -> str:
    """As spreadsheets know a moment, by the desk's clock."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
