"""POST /api/form/SOURCE: a shop's own server sends in what was filled in on its site, with the key of the form."""

from __future__ import annotations

import hmac
import secrets
import time
from hashlib import sha256

import msgspec
from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, ServiceUnavailable

from ticketctl.domain.config import FormSource
from ticketctl.errors import ChannelFailed, NoSuchTicket
from ticketctl.ports.plain_message import PlainFile
from ticketctl.present.words.web_form import TEXTS
from ticketctl.usecases.customer.form import (
    MEGABYTE,
    FormClosed,
    NotFilledIn,
    Submission,
    faults_of,
    form_named,
)
from ticketctl.usecases.session import Session
from ticketctl.web.caps import DAY, HOUR, over_cap
from ticketctl.web.current import session
from ticketctl.web.doors import door
from ticketctl.web.errors import answer
from ticketctl.web.language import speak
from ticketctl.web.together import submit_here

form_api = Blueprint("form_api", __name__)

KEPT = 60.0  # seconds that a key which a command printed is remembered
WRONG = 30  # keys an hour from one network address
ROOM = 512 * 1024


class Posted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body; the bytes of files are base64."""

    email: str
    text: str
    name: str = ""
    subject: str = ""
    fields: dict[str, str] = {}
    files: tuple[PlainFile, ...] = ()
    language: str = ""


@form_api.post("/api/form/<source>")
@door("hook")
def post(source: str) -> Response:
    ours = session("form")
    if refused := _stranger(ours, source):
        return refused
    try:
        form = form_named(ours, source)
    except NoSuchTicket:
        raise NotFound from None
    if (request.content_length or 0) > form.megabytes * MEGABYTE * 4 // 3 + ROOM:
        raise RequestEntityTooLarge
    try:
        posted = msgspec.json.decode(request.get_data(), type=Posted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return answer(422, speak(TEXTS)("look_below"), str(error), "not_readable")
    return _filed(ours, form, _submission(form, posted))


def _stranger(ours: Session, source: str) -> Response | None:
    """What is answered to whoever has not the key. Without a key the door is shut; which forms there are, and which
    have a key, is not told."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    key = _key(ours, source)
    if key and hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()):
        return None
    wait = over_cap(f"form key {request.remote_addr}", WRONG, HOUR, ours.now)
    response = answer(429 if wait else 401, "not allowed", code="wrong_key")
    response.headers["Retry-After" if wait else "WWW-Authenticate"] = str(wait) if wait else "Bearer"
    return response


def _key(ours: Session, source: str) -> str:
    known: dict[str, tuple[float, str]] = current_app.extensions.setdefault("form_keys", {})
    until, key = known.get(source, (0.0, ""))
    if time.monotonic() < until:
        return key
    try:
        form_named(ours, source)
        key = ours.app.find_form_key(ours.app, source)
    except NoSuchTicket:
        return ""
    except ChannelFailed as error:
        current_app.logger.warning("form %s: %s", source, error.code)
        raise ServiceUnavailable from None
    known[source] = (time.monotonic() + KEPT, key)
    return key


def _submission(form: FormSource, posted: Posted) -> Submission:
    """One `Idempotency-Key` is one submission."""
    once = request.headers.get("Idempotency-Key", "") or secrets.token_hex(16)
    return Submission(
        id=f"{sha256(f'{form.name} {once}'.encode()).hexdigest()[:32]}@form.invalid",
        source=form.name,
        email=posted.email,
        name=posted.name,
        subject=posted.subject,
        text=posted.text,
        fields={name: posted.fields.get(name, "") for name in form.fields},
        files=posted.files,
        language=posted.language,
    )


def _filed(ours: Session, form: FormSource, submission: Submission) -> Response:
    try:
        if faults := faults_of(ours, form, submission):
            raise NotFilledIn(faults)
        if form.open and (wait := over_cap(f"form {form.name}", form.per_day, DAY, ours.now)):
            response = answer(429, speak(TEXTS)("too_many_sent", minutes=-(-wait // 60)), code="over_cap")
            response.headers["Retry-After"] = str(wait)
            return response
        received = submit_here(ours, submission)
    except NotFilledIn as error:
        response = jsonify(type="about:blank", title=str(error), status=422, code=error.code, faults=dict(error.faults))
        response.content_type, response.status_code = "application/problem+json", 422
        return response
    except FormClosed:
        return answer(409, speak(TEXTS)("closed"), code="form_closed")
    response = jsonify(number=received.ticket, again=received.again)
    response.status_code = 200 if received.again else 201
    return response
