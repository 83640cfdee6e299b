"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.errors import Refused
from ticketctl.present.words.web_login import TEXTS
from ticketctl.usecases.users.guesses import TooMany
from ticketctl.usecases.users.log_in import GiveCode, LoggedIn, LogIn, give_code, log_in
from ticketctl.usecases.users.sessions import log_out
from ticketctl.web.current import session
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import (
    DEVICE,
    DEVICE_YEAR,
    SESSION,
    device_of_request,
    drop_cookie,
    set_cookie,
    token_of_request,
)

pages = Blueprint("login", __name__)


@pages.get("/login")
@door("public")
def page() -> str:
    return _form("login.html", there=request.args.get("next", ""))


@pages.post("/login")
@door("login")
def enter() -> ResponseReturnValue:
    """Name and password, then the code where there is one."""
    if "code" in request.form:
        return _code()
    asked = LogIn(
        user=request.form.get("user", "").strip()[:100],
        password=request.form.get("password", "")[:1000],
        address=request.remote_addr or "",
        device=device_of_request(),
        browser=request.user_agent.string,
        before=token_of_request(),
    )
    there = request.form.get("next", "")
    try:
        done = log_in(session("web"), asked)
    except Refused as error:
        return _refused("login.html", error, there=there, user=asked.user)
    if done.waits:
        return _with_session(make_response(_form("code.html", there=there)), done)
    return _with_session(redirect(_local(there), 303), done)


def _code() -> ResponseReturnValue:
    there = request.form.get("next", "")
    asked = GiveCode(
        token=token_of_request(),
        code=request.form.get("code", "")[:60],
        address=request.remote_addr or "",
        device=device_of_request(),
    )
    try:
        done = give_code(session("web"), asked)
    except Refused as error:
        return _refused("login.html" if error.code == "login_took_long" else "code.html", error, there=there)
    return _with_session(redirect(_local(there), 303), done)


@pages.post("/logout")
@door("agent")
def leave() -> ResponseReturnValue:
    log_out(session("web"), token_of_request())
    response = redirect(url_for(".page"), 303)
    drop_cookie(make_response(response), SESSION)
    answer = make_response(response)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # drafts of texts are kept in the browser
    return answer


def _with_session(response: ResponseReturnValue, done: LoggedIn) -> Response:
    answer = make_response(response)
    set_cookie(answer, SESSION, done.token)
    if not done.waits:
        set_cookie(answer, DEVICE, done.device, DEVICE_YEAR)
    return answer


def _refused(template: str, error: Refused, *, there: str, user: str = "") -> Response:
    response = make_response(_form(template, there=there, user=user, wrong=sentence(error, language())))
    response.status_code = 429 if isinstance(error, TooMany) else 403
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.facts["seconds"])
    return response


def _form(template: str, *, there: str, user: str = "", wrong: str = "") -> str:
    return render_template(f"agent/{template}", say=speak(TEXTS), there=there, user=user, wrong=wrong)


def _local(there: str) -> str:
    """A page of ours, and of nobody else's: "//evil.example" and "/\\\\evil.example" are none."""
    plain = there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable()
    return there if plain else url_for("board.page")
