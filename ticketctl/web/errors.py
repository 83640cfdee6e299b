"""What went wrong, as a page or as problem details (RFC 9457), with the status that fits its class."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from ticketctl.content.terminal import safe
from ticketctl.errors import (
    Busy,
    ChannelFailed,
    Conflict,
    Damaged,
    NoSuchTicket,
    NotAllowed,
    Refused,
    StoreFailed,
    TicketctlError,
    Usage,
)
from ticketctl.present.words.errors import SENTENCES, speaks
from ticketctl.present.words.web import TEXTS
from ticketctl.usecases.results import Objected
from ticketctl.web.doors import door_of
from ticketctl.web.language import language, speak

RETRY = 5  # seconds, for a desk that another run has
STATUS: dict[type[TicketctlError], int] = {
    NotAllowed: 403,
    NoSuchTicket: 404,
    Conflict: 409,
    Refused: 409,
    Usage: 422,
    Busy: 503,
    ChannelFailed: 502,
    Damaged: 500,
    StoreFailed: 500,
}


def status_of(error: TicketctlError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def handle_errors(app: Flask) -> None:
    app.register_error_handler(TicketctlError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def sentence(error: TicketctlError, spoken: str) -> str:
    """What a person reads of it: its sentence, without the commands of a shell, from a capital
    letter on."""
    said = plain_sentence(error, spoken)
    return said[:1].upper() + said[1:]


def plain_sentence(error: TicketctlError, spoken: str) -> str:
    """As a program gets it."""
    other = spoken != "en" and speaks(error, spoken)
    return SENTENCES[spoken][error.code].format(**error.facts) if other else str(error)


def answer(status: int, title: str = "", detail: str = "", code: str = "", **more: object) -> Response:
    """The page, or problem details where a program asks, with `more` in them. `title` "": what the status means."""
    title = title or speak(TEXTS)(f"status_{status}")
    if _for_program():
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
        response = jsonify({key: value for key, value in body.items() if value})
        response.content_type = "application/problem+json"
    else:
        page = render_template("error.html", title=title, detail=detail, say=speak(TEXTS), language=language())
        response = make_response(page)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY)
    return response


def _ours(error: TicketctlError) -> Response:
    """Whoever is not of the team is told no more than that it did not work."""
    status = status_of(error)
    say = speak(TEXTS)
    if error.code == "changed_meanwhile" and "If-Match" in request.headers:
        status = 412  # RFC 9110, 15.5.13
    insider = request.endpoint is not None and door_of(current_app, request.endpoint) in ("agent", "api")
    say_it = plain_sentence if _for_program() else sentence
    detail = say_it(error, language()) if insider else ""
    objections = _objections(error) if insider and isinstance(error, Objected) else []
    return answer(status, say(f"status_{status}"), detail, error.code if insider else "", objections=objections)


def _objections(error: Objected) -> list[dict[str, object]]:
    """What is to be accepted: the codes are what the same request says in `accept`."""
    return [{"code": one.code, "text": one.text} for one in error.objections]


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    say = speak(TEXTS)
    known = f"status_{status}" in TEXTS["en"]
    response = answer(status, say(f"status_{status}" if known else "status_400"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _bug(error: Exception) -> Response:
    """Ours: the log has the whole of it, the page only the number by which it is found there."""
    number = secrets.token_hex(4)
    current_app.logger.error("%s %s", number, safe(f"{type(error).__name__}"), exc_info=error)
    return answer(500, speak(TEXTS)("status_500"), speak(TEXTS)("bug", number=number))


def _for_program() -> bool:
    if request.endpoint and door_of(current_app, request.endpoint) in ("api", "hook", "signed"):
        return True
    return request.path.startswith("/api/")
