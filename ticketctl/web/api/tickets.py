"""Reading tickets by the API."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from flask import Blueprint, Response, make_response, request

from ticketctl.errors import Usage
from ticketctl.present.filenames import safe_name
from ticketctl.present.json import customer_json, shown_json
from ticketctl.present.ticket_list import queued_json
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.results import Failed
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.file import GetFile, get_file
from ticketctl.usecases.views.list import Listed, ListTickets, list_tickets, search
from ticketctl.usecases.views.show import Show, show
from ticketctl.web.api.bodies import ListAsked
from ticketctl.web.api.describe import operation, shown
from ticketctl.web.api.guard import own_session, sees_all
from ticketctl.web.doors import door

tickets = Blueprint("api_tickets", __name__, url_prefix="/api/v1/tickets")
_SEVERAL = ("status", "priority", "label", "field")


@tickets.get("")
@door("api", needs="read customer")
@operation("The tickets that are not closed, or those that are asked for, by number", answers="Tickets")
def listed() -> Response:
    """Pages follow the number, so that none is left out or comes twice while others work."""
    asked, session = _asked(), own_session()
    first = _number(asked.cursor)
    found = [one for one in _found(session, asked).tickets if one.ticket.number > first]
    found.sort(key=lambda one: one.ticket.number)
    page, more = found[: asked.limit], len(found) > asked.limit
    shapes = [queued_json(one) if sees_all() else customer_json(one.ticket, with_messages=False) for one in page]
    return shown({"tickets": shapes, "next": _cursor(page[-1].ticket.number) if more else None})


@tickets.get("/<ticket:number>")
@door("api", needs="read customer")
@operation("A ticket with its conversation", answers="Ticket")
def ticket(number: int) -> Response:
    (one,) = show(own_session(), Show(tickets=(number,)))
    if isinstance(one, Failed):
        raise one.error
    if not sees_all():
        return shown(customer_json(one.value.ticket, with_messages=True))
    return shown(shown_json(one.value), revision=one.value.ticket.revision)


@tickets.get("/<ticket:number>/files/<string(length=64):sha256>")
@door("api", needs="read customer")
@operation("A file that hangs on a message of the ticket", answers="File")
def file(number: int, sha256: str) -> Response:
    """To be saved, never to be shown: it is a stranger's."""
    got = get_file(own_session(), GetFile(ticket=number, sha256=sha256, as_customer=not sees_all()))
    response = make_response(got.data)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers.set("Content-Disposition", "attachment", filename=safe_name(got.attachment.name))
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _asked() -> ListAsked:
    """Raises Usage."""
    given: dict[str, Any] = request.args.to_dict()
    given |= {name: request.args.getlist(name) for name in _SEVERAL if name in given}
    try:
        return msgspec.convert(given, ListAsked, strict=False)
    except msgspec.ValidationError as error:
        raise Usage("the question does not fit: {reason}", code="query_does_not_fit", reason=error) from None


def _found(session: Session, asked: ListAsked) -> Listed:
    """Raises Usage, also where a key that sees what customers see asks by what they do not see."""
    inner = (asked.q, asked.label, asked.field, asked.priority, asked.overdue)
    if not sees_all() and (any(inner) or asked.assignee is not None):
        raise Usage("the scope customer asks by status, requester and day alone", code="customer_asks_less")
    wanted = ListTickets(
        owner="" if asked.assignee == "none" else asked.assignee,
        statuses=asked.status,
        priorities=asked.priority,
        labels=asked.label,
        fields=checked_fields(session.config, asked.field),
        requester=asked.requester,
        search=asked.q,
        after=asked.after,
        before=asked.before,
        overdue=asked.overdue,
        everything=asked.all,
    )
    return search(session, wanted) if asked.q.strip() else list_tickets(session, wanted)


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def _number(cursor: str) -> int:
    try:
        word = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        word = "?"
    if not word:
        return 0
    if not (word.isascii() and word.isdecimal() and len(word) < 10):
        raise Usage("cursor is not the `next` of a page", code="bad_cursor")
    return int(word)
