"""The chat: /chat/SOURCE, a page that works without JavaScript, and what its script asks for.

Whoever has a visitor's token is that visitor. The page offers a fresh one; nothing is stored, here or in the browser,
until something is said. At the root of a window a cookie keeps it; in the frame on a shop's page the shop's page does,
since browsers keep nothing there, and the script sends it in a header.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from ticketctl.content.terminal import safe
from ticketctl.domain.config import ChatSource
from ticketctl.errors import NoSuchTicket, TicketctlError, Usage
from ticketctl.ports.plain_message import PlainFile
from ticketctl.present.words.web_chat import TEXTS, clock_words, notice_words, status_words
from ticketctl.usecases.chat.end import EndChat, end_chat
from ticketctl.usecases.chat.say import LONGEST, Say, Spoken, say
from ticketctl.usecases.chat.see import Chat, Line, ReadFile, See, read_file, see
from ticketctl.usecases.chat.visitor import chat_source, new_token, visitor
from ticketctl.usecases.customer.form import privacy_notice
from ticketctl.usecases.session import Session
from ticketctl.web.caps import DAY, HOUR, over_cap
from ticketctl.web.chat_gate import HEADER, Gate, cookie_of, etag_of
from ticketctl.web.current import session
from ticketctl.web.doors import door, framed
from ticketctl.web.errors import status_of
from ticketctl.web.language import language, speak

pages = Blueprint("chat", __name__)

MINUTE = timedelta(minutes=1)
PER_MINUTE = 30  # messages of one visitor
PER_DAY = 1_000  # new chats of all
ROOM = 256 * 1024  # bytes of a request beside its files
LATELY = timedelta(minutes=2)
QUICK, SLOW = 2, 5  # seconds between two looks: while somebody wrote lately, and later


def guard() -> ResponseReturnValue | None:
    """Of a route for visitors: the token fits the chat. The page itself is for everybody. Raises NotFound."""
    if request.endpoint == "chat.show":
        return None
    source = (request.view_args or {}).get("source", "")
    if (request.content_length or 0) > _largest(source):
        raise RequestEntityTooLarge
    g.token = request.headers.get(HEADER) or request.form.get("token") or request.cookies.get(cookie_of(source), "")
    try:
        visitor(session("chat"), source, g.token)
    except NoSuchTicket:
        raise NotFound from None
    return None


@pages.get("/chat/<source>")
@door("visitor")
@framed
def show(source: str) -> ResponseReturnValue:
    ours = session("chat")
    chat = _source(ours, source)
    return _page(ours, chat, _kept_token(ours, source))


@pages.post("/chat/<source>")
@door("visitor")
def send(source: str) -> ResponseReturnValue:
    """Without JavaScript: the same page again, by a redirect, or with what was written where that was refused."""
    ours = session("chat")
    chat = _source(ours, source)
    token = g.token
    if "end" in request.form:
        end_chat(ours, EndChat(source=source, token=token))
        ended = redirect(url_for(".show", source=source), code=303)
        return _forgotten(make_response(ended), source)
    done = _said(ours, chat, token)
    if isinstance(done, Refusal):
        return _page(ours, chat, token, status=done.status, trouble=done.key, seconds=done.seconds)
    return _remembered(make_response(redirect(url_for(".show", source=source), code=303)), chat, token)


@pages.post("/chat/<source>/say")
@door("visitor")
@framed
def say_(source: str) -> ResponseReturnValue:
    ours = session("chat")
    chat = _source(ours, source)
    done = _said(ours, chat, g.token)
    if isinstance(done, Refusal):
        return _refused(done)
    _gate().said(ours, source, g.token, done.number)
    told = speak(TEXTS)(f"said_{done.outcome}", number=done.number) if done.outcome in ("reopened", "new") else ""
    response = jsonify(number=done.number, key=done.key, again=done.again, outcome=done.outcome, told=told)
    return response if request.headers.get("X-Chat-Frame") else _remembered(response, chat, g.token)


@pages.get("/chat/<source>/poll")
@door("visitor")
@framed
def poll(source: str) -> ResponseReturnValue:
    ours = session("chat")
    found = see(ours, See(source=source, token=g.token, seen=request.args.get("seen", "")))
    shape = _shape(ours, chat_source(ours, source), found)
    etag = etag_of({**shape, "lines": (), "anew": False})  # whose cursor that is, has the lines
    _gate().note(ours, (source, g.token), found, etag, request.query_string.decode("latin-1"))
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304, headers={"ETag": etag})
    response = jsonify(shape)
    response.headers["ETag"] = etag
    return response


@pages.post("/chat/<source>/end")
@door("visitor")
@framed
def end(source: str) -> ResponseReturnValue:
    ended = end_chat(session("chat"), EndChat(source=source, token=g.token))
    _gate().leave(source, g.token)
    return _forgotten(jsonify(number=ended.number, closed=ended.closed), source)


@pages.post("/chat/<source>/leave")
@door("visitor")
@framed
def leave(source: str) -> ResponseReturnValue:
    """The page was closed; what the visitor may come back to stays."""
    _gate().leave(source, g.token)
    return "", 204


@pages.get("/chat/<source>/file/<key>/<int:place>")
@door("visitor")
@framed
def file(source: str, key: str, place: int) -> ResponseReturnValue:
    try:
        name, data = read_file(session("chat"), ReadFile(source=source, token=g.token, key=key, place=place))
    except NoSuchTicket:
        raise NotFound from None
    response = make_response(data)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers.set("Content-Disposition", "attachment", filename=safe(name) or "file")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing was stored: a key of the texts, the status, and in how many seconds it may be tried again."""

    key: str
    status: int
    seconds: int = 0


def _said(ours: Session, chat: ChatSource, token: str) -> Spoken | Refusal:
    """Stores what the form brings; a message that came before costs no share of any cap."""
    files = tuple(
        PlainFile(name=one.filename or "", data=one.read(), type=one.mimetype or "application/octet-stream")
        for one in request.files.getlist("files")
        if one.filename
    )
    asked = Say(
        source=chat.name,
        token=token,
        client=request.form.get("client", ""),
        text=request.form.get("text", "").replace("\r\n", "\n"),
        files=files,
        name=request.form.get("name", ""),
        email=request.form.get("email", ""),
    )
    if wait := _spent(ours, chat, token):
        return Refusal("too_many", 429, wait)
    try:
        return say(ours, asked)
    except Usage as error:
        return Refusal(error.code, 422)
    except TicketctlError as error:
        current_app.logger.warning("chat %s: %s", chat.name, error.code or type(error).__name__)
        status = status_of(error)
        return Refusal(error.code if error.code in ("chat_off", "chat_megabytes") else "not_now", status)


def _spent(ours: Session, chat: ChatSource, token: str) -> int:
    """In how many seconds this visitor may write; 0 for now."""
    known = f"chat token {sha256(token.encode()).hexdigest()}"
    if wait := over_cap(known, PER_MINUTE, MINUTE, ours.now):
        return wait
    if see(ours, See(source=chat.name, token=token)).number:
        return 0
    return over_cap(f"chat {chat.name} {request.remote_addr}", chat.per_address, HOUR, ours.now) or over_cap(
        f"chat {chat.name}", PER_DAY, DAY, ours.now
    )


def _largest(source: str) -> int:
    """Bytes of a request, before any of it is looked at."""
    return _source(session("chat"), source).megabytes * 1_000_000 + ROOM


def _refused(refusal: Refusal) -> Response:
    response = jsonify(code=refusal.key, told=speak(TEXTS)(refusal.key, seconds=refusal.seconds))
    response.status_code = refusal.status
    if refusal.seconds or refusal.status == 503:
        response.headers["Retry-After"] = str(refusal.seconds or 5)
    return response


def _source(ours: Session, name: str) -> ChatSource:
    try:
        return chat_source(ours, name)
    except NoSuchTicket:
        raise NotFound from None


def _kept_token(ours: Session, source: str) -> str:
    """The one in the cookie, or a fresh one."""
    kept = request.cookies.get(cookie_of(source), "")
    try:
        visitor(ours, source, kept)
    except NoSuchTicket:
        return new_token(ours, source)
    return kept


def _page(
    ours: Session, chat: ChatSource, token: str, *, status: int = 200, trouble: str = "", seconds: int = 0
) -> Response:
    found = see(ours, See(source=chat.name, token=token))
    shape = _shape(ours, chat, found)
    say_words = speak(TEXTS)
    page = render_template(
        "chat.html",
        say=say_words,
        source=chat,
        chat=shape,
        token=token,
        client=request.form.get("client") if trouble else secrets.token_hex(16),
        trouble=say_words(trouble, seconds=seconds) if trouble else "",
        values=request.form if trouble else {},
        notice=privacy_notice(ours, language()),
        asks=chat.ask if not found.number else (),
        longest=LONGEST,
        texts={key: say_words(key, name="{name}") for key in SCRIPT},
        framed="frame" in request.args,
        frames=ours.config.web.frames,
    )
    response = make_response(page)
    response.status_code = status
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


SCRIPT = (
    "sending",
    "not_sent",
    "offline",
    "typing",
    "mine",
    "too_large",
    "ended_now",
)


def _shape(ours: Session, chat: ChatSource, found: Chat) -> dict[str, Any]:
    """What the page is made of and what its script gets; in the visitor's language."""
    spoken, config = language(), ours.config
    form = chat.form if found.desk != "there" or not chat.open else ""
    lately = found.last_at is not None and ours.now - found.last_at < LATELY
    return {
        "number": found.number,
        "life": found.life,
        "open": found.open,
        "anew": found.anew,
        "cursor": found.cursor,
        "lines": [_line(chat.name, one, config.timezone) for one in found.lines],
        "status": status_words(found, spoken, patience=chat.patience, timezone=config.timezone, now=ours.now),
        "notice": notice_words(found, spoken),
        "typing": [one.capitalize() for one in found.typing],
        "form": url_for("form.show", source=form) if form else "",
        "wants_address": found.longer and not found.address,
        "next": QUICK if lately else SLOW,
    }


def _line(source: str, one: Line, timezone: str) -> dict[str, Any]:
    say_words = speak(TEXTS)
    who = say_words("automatic") if one.by == "automatic" else one.by.capitalize()
    files = [
        {"name": safe(name), "size": size, "href": url_for(".file", source=source, key=one.key, place=place)}
        for place, (name, size) in enumerate(one.files)
    ]
    return {
        "key": one.key,
        "at": clock_words(one.at, timezone),
        "iso": one.at.isoformat(),
        "text": safe(one.text),
        "ours": one.ours,
        "by": who or say_words("mine"),
        "files": files,
        "mailed": say_words("mailed") if one.mailed else "",
    }


def _remembered(response: Response, chat: ChatSource, token: str) -> Response:
    response.set_cookie(
        cookie_of(chat.name),
        token,
        max_age=chat.return_within * 3600,
        path=url_for(".show", source=chat.name),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _forgotten(response: Response, source: str) -> Response:
    if request.cookies.get(cookie_of(source)):
        response.delete_cookie(cookie_of(source), path=url_for(".show", source=source))
    return response


def _gate() -> Gate:
    found: Gate = current_app.extensions["chat"]
    return found
