"""The contact form: /form/SOURCE, and the page that says that it came in.

A visitor carries a signed token, so that a form is sent once however often it is sent; a field that people do not see
and a moment that they need keep programs out; what goes over a cap is told so. Nothing that was written is lost: it
stands in the form again whatever is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import msgspec
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.formparser import FormDataParser

from ticketctl.content.privacy_values import contact
from ticketctl.domain.config import FormSource
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.ports.plain_message import PlainFile
from ticketctl.present.words.web_form import TEXTS
from ticketctl.usecases.customer.form import (
    LONGEST,
    MEGABYTE,
    FormClosed,
    NotFilledIn,
    Submission,
    faults_of,
    form_named,
    privacy_notice,
)
from ticketctl.usecases.customer.help_pages import help_pages, suggested
from ticketctl.usecases.session import Session
from ticketctl.web.caps import DAY, HOUR, over_cap
from ticketctl.web.current import session
from ticketctl.web.doors import door, framed
from ticketctl.web.errors import status_of
from ticketctl.web.language import language, speak
from ticketctl.web.signing import fresh_token, judged_token, read, sign
from ticketctl.web.together import submit_here

forms = Blueprint("form", __name__)

TRAP = "website"  # people do not see this field; programs fill it in, and now and then what fills in forms for people
ROOM = 512 * 1024  # bytes of a request beside its files: the text, and what marks the parts


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a form shows: what was written, what is wrong with it (part → key of a text), `message` above it. `token` is
    the visitor's, "" for a fresh one; `look`: help pages that may answer it are shown; `wait` in seconds."""

    status: int = 200
    message: str = ""
    values: Mapping[str, str] = {}
    faults: Mapping[str, str] = {}
    token: str = ""
    look: bool = False
    wait: int = 0


@forms.get("/form/<source>")
@door("form")
@framed
def show(source: str) -> Response:
    ours = session("form")
    return _page(ours, _form(ours, source), Page())


@forms.post("/form/<source>")
@door("form")
@framed
def send(source: str) -> ResponseReturnValue:
    ours = session("form")
    form = _form(ours, source)
    if (request.content_length or 0) > form.megabytes * MEGABYTE * 4 // 3 + ROOM:
        values = texts_only()
        return _page(ours, form, Page(status=413, message="files_too_large", values=values, token=values["token"]))
    values = {name: value for name, value in request.form.items() if name != "token"}
    token = request.form.get("token", "")
    if "look" in values:
        return _page(ours, form, Page(values=values, token=token, look=True))
    nonce, fault = judged_token(ours, f"form {form.name}", token)
    if fault:
        kept = token if nonce else ""
        return _page(ours, form, Page(status=422, message=fault, values=values, token=kept))
    return _taken(ours, form, _submission(form, nonce, values), Page(values=values, token=token))


@forms.get("/form/<source>/sent/<receipt>")
@door("form")
@framed
def sent(source: str, receipt: str) -> str:
    """It says what the receipt says: nothing is looked up."""
    ours = session("form")
    form = _form(ours, source)
    number, _, again = (read(ours.key, f"sent {form.name}", receipt) or "").partition("-")
    if not number:
        raise NotFound
    say = speak(TEXTS)
    return render_template("form_sent.html", say=say, form=form, number=number, again=bool(again))


def texts_only() -> dict[str, str]:
    """What was written in a form whose files are too large to be read; they are passed over."""
    parser = FormDataParser(
        stream_factory=lambda *_args, **_more: _Nowhere(),
        max_form_memory_size=current_app.config["MAX_FORM_MEMORY_SIZE"],
        max_form_parts=current_app.config["MAX_FORM_PARTS"],
    )
    parsed = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    return {"token": "", **dict(parsed[1].items())}


def files_of(name: str) -> tuple[PlainFile, ...]:
    """The files that were chosen in that field."""
    return tuple(
        PlainFile(name=one.filename or "", data=one.read(), type=one.mimetype or "application/octet-stream")
        for one in request.files.getlist(name)
        if one.filename
    )


class _Nowhere(BytesIO):
    def write(self, data: Any) -> int:
        return len(data)


def _form(ours: Session, source: str) -> FormSource:
    try:
        return form_named(ours, source)
    except NoSuchTicket:
        raise NotFound from None


def _submission(form: FormSource, nonce: str, values: Mapping[str, str]) -> Submission:
    return Submission(
        id=f"{nonce}@form.invalid",
        source=form.name,
        email=values.get("email", ""),
        name=values.get("name", ""),
        subject=values.get("subject", ""),
        text=values.get("text", ""),
        fields={name: values.get(f"field-{name}", "") for name in form.fields},
        files=files_of("files") if form.files else (),
        language=language(),
        suspect=bool(values.get(TRAP)),
    )


def _taken(ours: Session, form: FormSource, submission: Submission, page: Page) -> ResponseReturnValue:
    if not form.open:
        return _page(ours, form, msgspec.structs.replace(page, status=410))
    if faults := faults_of(ours, form, submission):
        return _page(ours, form, msgspec.structs.replace(page, status=422, message="look_below", faults=faults))
    if wait := _spent(ours, form):
        return _late(ours, form, page.values, page.token, wait)
    try:
        received = submit_here(ours, submission)
    except (NotFilledIn, FormClosed):
        return _page(ours, form, msgspec.structs.replace(page, status=422, message="look_below"))
    except TicketctlError as error:
        current_app.logger.warning("form %s: %s", form.name, error.code or type(error).__name__)
        status = status_of(error)
        return _page(ours, form, msgspec.structs.replace(page, status=status, message="not_now"))
    for trouble in received.trouble:
        current_app.logger.warning("form %s: %s", form.name, trouble)
    return _thanks(ours, form, received.ticket, again=received.again)


def _thanks(ours: Session, form: FormSource, number: int, *, again: bool = False) -> ResponseReturnValue:
    receipt = sign(ours.key, f"sent {form.name}", f"{number}{'-again' * again}")
    there = url_for("form.sent", source=form.name, receipt=receipt, lang=chosen_language())
    return redirect(there, code=303)


def _late(ours: Session, form: FormSource, values: Mapping[str, str], token: str, wait: int) -> Response:
    return _page(ours, form, Page(status=429, message="too_many_sent", values=values, token=token, wait=wait))


def _spent(ours: Session, form: FormSource) -> int:
    return over_cap(f"form {form.name} {request.remote_addr}", form.per_address, HOUR, ours.now) or over_cap(
        f"form {form.name}", form.per_day, DAY, ours.now
    )


def chosen_language() -> str | None:
    """For the next address, where the visitor chose one: in a frame there is no cookie."""
    return request.args.get("lang") or None


def _own_address(ours: Session) -> str:
    """ ", support@exempel.se", for where it can be written to instead."""
    address = contact(ours.config)
    return f", {address}" if address else ""


def _page(ours: Session, form: FormSource, page: Page) -> Response:
    say = speak(TEXTS)
    words = f"{page.values.get('subject', '')} {page.values.get('text', '')}" if page.look else ""
    body = render_template(
        "form.html",
        say=say,
        form=form,
        page=page,
        fields=[ours.config.fields[name] for name in form.fields if name in ours.config.fields],
        token=page.token or fresh_token(ours, f"form {form.name}"),
        action=url_for("form.send", source=form.name, lang=chosen_language()),
        notice=privacy_notice(ours, language()),
        found=suggested(ours, language(), words),
        any_help=bool(help_pages(ours, language())),
        own_address=_own_address(ours),
        minutes=-(-page.wait // 60),
        trap=TRAP,
        longest=LONGEST,
        largest=form.megabytes * MEGABYTE,
    )
    response = make_response(body, 410 if not form.open else page.status)
    if page.wait:
        response.headers["Retry-After"] = str(page.wait)
    return response
