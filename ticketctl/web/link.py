"""/t/TOKEN: the page of a ticket, for whoever has the link. Nothing changes by GET: programs that look into mails open
every link in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, TooManyRequests

from ticketctl.domain.ticket.customer_view import CustomerView
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError
from ticketctl.present.words.web_form import TEXTS as FORM_TEXTS
from ticketctl.present.words.web_page import TEXTS
from ticketctl.usecases.customer.ask_links import ask_links
from ticketctl.usecases.customer.form import LONGEST, MEGABYTE, NotFilledIn
from ticketctl.usecases.customer.page import (
    FILES,
    MEGABYTES,
    RATING_TEXT,
    RATINGS,
    AnswerByLink,
    Download,
    Rate,
    answer,
    close_by_link,
    file_of,
    image_type,
    page,
    rate,
)
from ticketctl.usecases.session import Session
from ticketctl.web.caps import DAY, HOUR, over_cap
from ticketctl.web.current import session
from ticketctl.web.doors import door
from ticketctl.web.errors import status_of
from ticketctl.web.form import chosen_language, files_of, texts_only
from ticketctl.web.language import speak
from ticketctl.web.signing import fresh_token, judged_token

links = Blueprint("link", __name__)

ROOM = 512 * 1024
ANSWERS = 30  # an hour by one link
ASKED_BY_ONE, ASKED_BY_ALL = 10, 200  # an hour from one network address, a day
GUESSES = 60  # an hour from one network address


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """`message` is a key of a text above the page, `good` says that it is no fault; `written` and `faults` are those of
    the answer; `token` is that of its form."""

    status: int = 200
    message: str = ""
    good: bool = False
    written: str = ""
    faults: Mapping[str, str] = {}
    token: str = ""
    wait: int = 0


@links.get("/link")
@door("form")
def ask_page() -> Response:
    return _asked(done=request.args.get("done") == "1")


@links.post("/link")
@door("form")
def ask() -> ResponseReturnValue:
    """The same answer whether the address is known or not, at the same speed: the work is done once it is given."""
    ours, address = session("link"), request.form.get("email", "")[:254]
    wait = over_cap(f"ask {request.remote_addr}", ASKED_BY_ONE, HOUR, ours.now) or over_cap(
        "ask", ASKED_BY_ALL, DAY, ours.now
    )
    if wait:
        response = _asked(wait=wait)
        response.headers["Retry-After"] = str(wait)
        return response
    logger = current_app.logger
    answered = make_response(redirect(url_for("link.ask_page", done=1, lang=chosen_language()), code=303))

    def work() -> None:
        try:
            ask_links(ours, address)
        except TicketctlError as error:
            logger.warning("link: %s", error.code or type(error).__name__)

    answered.call_on_close(work)
    return answered


def _asked(*, done: bool = False, wait: int = 0) -> Response:
    body = render_template("ask_link.html", say=_say, done=done, wait=wait, lang=chosen_language())
    return make_response(body, 429 if wait else 200)


@links.get("/t/<token>")
@door("link")
def show(token: str) -> Response:
    ours = session("link")
    done = request.args.get("done", "")
    message = f"done_{done}" if done in ("answered", "again", "closed", "rated") else ""
    return _page(ours, token, _view(ours, token), Page(message=message, good=True))


@links.post("/t/<token>/answer")
@door("link")
def write(token: str) -> ResponseReturnValue:
    ours = session("link")
    view = _view(ours, token)
    if (request.content_length or 0) > MEGABYTES * MEGABYTE * 4 // 3 + ROOM:
        kept = texts_only()
        large = Page(status=413, message="files_too_large", written=kept.get("text", ""), token=kept["token"])
        return _page(ours, token, view, large)
    once, text = request.form.get("token", ""), request.form.get("text", "")
    nonce, fault = judged_token(ours, f"answer {token}", once)
    back = Page(written=text, token=once if nonce else "")
    if not nonce:
        return _page(ours, token, view, msgspec.structs.replace(back, status=422, message=fault))
    if wait := over_cap(f"answer {token}", ANSWERS, HOUR, ours.now):
        over = msgspec.structs.replace(back, status=429, message="too_many_sent", wait=wait)
        return _page(ours, token, view, over)
    asked = AnswerByLink(token=token, id=f"{nonce}@page.invalid", text=text, files=files_of("files"))
    return _answered(ours, view, asked, back)


@links.post("/t/<token>/close")
@door("link")
def close(token: str) -> ResponseReturnValue:
    ours = session("link")
    view = _view(ours, token)
    try:
        close_by_link(ours, token)
    except TicketctlError as error:
        return _failed(ours, token, view, error)
    return _done(token, "closed")


@links.post("/t/<token>/rating")
@door("link")
def judge(token: str) -> ResponseReturnValue:
    ours = session("link")
    view = _view(ours, token)
    given = request.form.get("rating", "")
    if not given.isdecimal() or int(given[:3]) not in RATINGS:
        return _page(ours, token, view, Page(status=422, message="choose_rating", faults={"rating": "missing"}))
    try:
        rate(ours, Rate(token=token, rating=int(given), text=request.form.get("line", "")))
    except TicketctlError as error:
        return _failed(ours, token, view, error)
    return _done(token, "rated")


@links.get("/t/<token>/file/<key>/<int:place>")
@door("link")
def download(token: str, key: str, place: int) -> Response:
    """Never with its own type: nothing that somebody sent runs here."""
    found = _file(token, key, place)
    response = _sealed(found.data, "application/octet-stream")
    name = "".join(char for char in found.file.name if char.isprintable() and char not in '"\\/').strip(" .")[:150]
    plain = name.encode("ascii", "replace").decode().replace("?", "_") or "file"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


@links.get("/t/<token>/image/<key>/<int:place>")
@door("link")
def image(token: str, key: str, place: int) -> Response:
    """A picture, with the type that its bytes have."""
    found = _file(token, key, place)
    kind = image_type(found.data)
    if not kind:
        raise NotFound
    return _sealed(found.data, kind)


def _answered(ours: Session, view: CustomerView, asked: AnswerByLink, back: Page) -> ResponseReturnValue:
    token = asked.token
    try:
        answered = answer(ours, asked)
    except NotFilledIn as error:
        faulty = msgspec.structs.replace(back, status=422, message="look_below", faults=error.faults)
        return _page(ours, token, view, faulty)
    except TicketctlError as error:
        current_app.logger.warning("page: %s", error.code or type(error).__name__)
        return _page(ours, token, view, msgspec.structs.replace(back, status=status_of(error), message="not_now"))
    there = answered.link.rpartition("/")[2] or token
    return _done(there, "again" if answered.received.again else "answered")


def _view(ours: Session, token: str) -> CustomerView:
    """Whoever tries out tokens is stopped; that is told to them alone."""
    try:
        return page(ours, token)
    except NoSuchTicket:
        if wait := over_cap(f"guess {request.remote_addr}", GUESSES, HOUR, ours.now):
            raise TooManyRequests(retry_after=wait) from None
        raise NotFound from None


def _file(token: str, key: str, place: int) -> Download:
    try:
        return file_of(session("link"), token, key, place)
    except NoSuchTicket:
        raise NotFound from None


def _sealed(data: bytes, kind: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = kind
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


def _done(token: str, what: str) -> ResponseReturnValue:
    return redirect(url_for("link.show", token=token, done=what, lang=chosen_language()), code=303)


def _failed(ours: Session, token: str, view: CustomerView, error: TicketctlError) -> Response:
    current_app.logger.warning("page: %s", error.code or type(error).__name__)
    message = "not_here" if isinstance(error, Refused) else "not_now"
    return _page(ours, token, view, Page(status=status_of(error), message=message))


def _page(ours: Session, token: str, view: CustomerView, given: Page) -> Response:
    body = render_template(
        "page.html",
        say=_say,
        when=partial(_when, ZoneInfo(ours.config.timezone)),
        view=view,
        page=given,
        link=token,
        pictures=_pictures(view),
        token=given.token or fresh_token(ours, f"answer {token}"),
        ratings=RATINGS,
        lang=chosen_language(),
        longest=LONGEST,
        rating_longest=RATING_TEXT,
        files=FILES,
        megabytes=MEGABYTES,
        minutes=-(-given.wait // 60),
    )
    response = make_response(body, given.status)
    if given.wait:
        response.headers["Retry-After"] = str(given.wait)
    return response


def _say(key: str, **facts: Any) -> str:
    """A text of the page, else of a form."""
    return speak(TEXTS if key in TEXTS["en"] else FORM_TEXTS)(key, **facts)


def _when(zone: ZoneInfo, at: datetime) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {_say(f'month_{local.month}')} {local.year}, {local:%H:%M}"


def _pictures(view: CustomerView) -> set[tuple[str, int]]:
    """Which files are shown as pictures: those that look so by name, of a size that a page bears; the bytes decide when
    they are asked for."""
    kinds = (".png", ".jpg", ".jpeg", ".gif", ".webp")
    return {
        (said.key, place)
        for said in view.said
        for place, file in enumerate(said.files)
        if file.name.lower().endswith(kinds) and file.size <= 5 * MEGABYTE
    }
