"""What was refused, with all that was typed: one page for every form about a ticket."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from ticketctl.content.terminal import safe
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.present.words.objections import found_lines, said_facts
from ticketctl.present.words.web_ticket import TEXTS
from ticketctl.usecases.results import Objected, Objection
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import mine

OURS = ("csrf", "accept", "seen", "keys", "text")  # the page writes these itself


def again(number: int, error: TicketctlError) -> Response:
    """The form once more. It now says that whoever sends it has seen the ticket as it is."""
    objections = [_told(one) for one in error.objections] if isinstance(error, Objected) else []
    ours = (*OURS, "promise") if any(one["code"] == "promise_found" for one in objections) else OURS
    accepted = {one["code"] for one in objections}
    try:
        ticket = stored_ticket(mine(), number)
    except NoSuchTicket:
        ticket = None
    say = speak(TEXTS)
    page = render_template(
        "agent/again.html",
        say=say,
        here="ticket",
        number=number,
        wrong="" if objections else sentence(error, language()),
        objections=objections,
        conflict=error.code == "changed_meanwhile",
        fields=[(name, one) for name, one in request.form.items(multi=True) if name not in ours],
        accepted=[one for one in request.form.getlist("accept") if one not in accepted],
        text=request.form.get("text"),
        has_files=any(one.filename for one in request.files.getlist("files")),
        revision=ticket.revision if ticket else "",
        keys=" ".join(one.key for one in ticket.messages) if ticket else "",
        fresh=_fresh(ticket, error),
    )
    response = make_response(page)
    response.status_code = status_of(error)
    return response


def _told(one: Objection) -> dict[str, Any]:
    return {
        "code": one.code,
        "text": speak(TEXTS)(f"objection_{one.code}", **said_facts(one, language())),
        "lines": found_lines(one, language()),
    }


def _fresh(ticket: Any, error: TicketctlError) -> list[tuple[str, str]]:
    """Who wrote what meanwhile."""
    if ticket is None or not isinstance(error, Objected):
        return []
    keys = {key for one in error.objections for key in str(one.facts.get("messages", "")).split()}
    return [(one.author or str(one.sender), safe(one.text)) for one in ticket.messages if one.key in keys]
