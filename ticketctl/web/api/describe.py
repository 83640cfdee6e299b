"""What a route says of itself for /api/openapi.json, how its request is read, and how answers are made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec
from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from ticketctl.errors import Usage
from ticketctl.usecases.access.once import Given, Once, Repeated, given_before, note_unchanged, note_with_change
from ticketctl.usecases.results import Changed, Done, Failed
from ticketctl.usecases.session import Session
from ticketctl.web.api.bodies import Body
from ticketctl.web.api.guard import key, own_session

LARGEST = 1_000_000  # bytes of a request
View = TypeVar("View", bound=Callable[..., Any])
B = TypeVar("B", bound=Body)
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_WORD = re.compile(r"[\x21-\x7e]{1,200}")


def operation(
    summary: str, *, body: type[Body] | None = None, answers: str = "Changed", status: int = 200
) -> Callable[[View], View]:
    """For the description: what the route does, in a sentence; what its request holds; what it answers."""

    def mark(view: View) -> View:
        view.operation = (summary, body, answers, status)  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def read(kind: type[B], largest: int = LARGEST) -> B:
    """The body of the request. Raises Usage where it does not fit, and for what is no JSON or too large."""
    if (request.content_length or 0) > largest:
        raise RequestEntityTooLarge
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as error:
        raise Usage("the body does not fit: {reason}", code="body_does_not_fit", reason=error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest from None


def revision_seen() -> int | None:
    """Of If-Match (RFC 9110, 13.1.1); None where it asks for none. Raises Usage."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = _ETAG.fullmatch(given)
    if found is None:
        raise Usage("If-Match is not the ETag of a ticket", code="bad_etag")
    return int(found[1])


def changed(change: Callable[[Session], Any], *, status: int = 200) -> Response:
    """Carries it out once, and answers with the ticket's number and revision."""
    session, once = own_session(), _once()
    if once is not None:
        if given := given_before(session, once):
            return _answered(given, again=True)
        note_with_change(session, once, status)
    try:
        number, revision, same = _outcome(change(session))
    except Repeated as error:
        return _answered(error.given, again=True)
    wanted = once.request if once else ""
    given = Given(request=wanted, at=session.now, status=status, ticket=number, revision=revision)
    if once is not None and same:
        note_unchanged(session, once, given)
    return _answered(given)


def _once() -> Once | None:
    """Raises Usage for an Idempotency-Key that is none."""
    word = request.headers.get("Idempotency-Key")
    if word is None:
        return None
    if not _WORD.fullmatch(word):
        raise Usage("an Idempotency-Key is 1 to 200 printable characters without spaces", code="bad_idempotency_key")
    asked = "\0".join((request.method, request.path, request.headers.get("If-Match", ""))).encode()
    digest = hashlib.sha256(asked + b"\0" + request.get_data())
    return Once(key=key().name, word=word, request=digest.hexdigest())


def _outcome(result: Any) -> tuple[int, int, bool]:
    """Number and revision of the ticket, and whether nothing was changed. Raises the error of a change that failed."""
    one = result[0] if isinstance(result, tuple) and not isinstance(result, Done) else result
    if isinstance(one, Failed):
        raise one.error
    value = cast("Done[Any]", one).value
    if isinstance(value, Changed):
        return value.after.number, value.after.revision, value.same
    return value.ticket.number, value.ticket.revision, False


def _answered(given: Given, *, again: bool = False) -> Response:
    response = jsonify({"ticket": given.ticket, "revision": given.revision})
    response.status_code = given.status
    response.headers["ETag"] = f'"{given.revision}"'
    if given.status == 201:
        response.headers["Location"] = f"/api/v1/tickets/{given.ticket}"
    if again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def shown(value: object, *, revision: int | None = None) -> Response:
    """An answer, with its ETag where it is of a ticket; 304 where the program has it already."""
    if revision is None:
        return jsonify(value)
    etag = f'"{revision}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = make_response("", 304) if etag in known else jsonify(value)
    response.headers["ETag"] = etag
    return response
