"""What an agent sets for themselves: password, second step, keys; and where they are logged in."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ticketctl.content.times import short, zone
from ticketctl.errors import TicketctlError
from ticketctl.present.words.user import browser_name
from ticketctl.present.words.web_login import TEXTS
from ticketctl.usecases.users.accounts import SetPassword, must_be_user, set_password
from ticketctl.usecases.users.log_in import LogIn, Offer, SecondStep, log_in, offer_second_step, second_step
from ticketctl.usecases.users.preferences import use_keys, uses_keys
from ticketctl.usecases.users.sessions import EndSessions, end_sessions, hashed, sessions
from ticketctl.web.current import session
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import SESSION, device_of_request, mine, set_cookie, token_of_request

pages = Blueprint("account", __name__)


@pages.get("/account")
@door("agent")
def page() -> str:
    return _page()


@pages.post("/account/password")
@door("agent", needs="user password")
def password() -> ResponseReturnValue:
    """The sessions elsewhere end; this one goes on under a new id."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(wrong=speak(TEXTS)("not_the_same")), 422
    try:
        set_password(mine(), SetPassword(agent="me", password=new, old=request.form.get("old", "")[:1000]))
        asked = LogIn(
            user=g.user,
            password=new,
            address=request.remote_addr or "",
            device=device_of_request(),
            browser=request.user_agent.string,
        )
        done = log_in(session("web"), asked)
    except TicketctlError as error:
        return _page(wrong=sentence(error, language())), status_of(error)
    response = make_response(redirect(url_for("login.page" if done.waits else ".page"), 303))
    set_cookie(response, SESSION, done.token)
    return response


@pages.get("/account/code")
@door("agent")
def offer() -> str:
    return _offer(offer_second_step(mine()))


@pages.post("/account/code")
@door("agent", needs="second_step")
def turn() -> ResponseReturnValue:
    secret = request.form.get("secret", "")[:64]
    asked = SecondStep(
        password=request.form.get("password", "")[:1000], secret=secret, code=request.form.get("code", "")[:20]
    )
    try:
        codes = second_step(mine(), asked)
    except TicketctlError as error:
        wrong = sentence(error, language())
        if not secret:
            return _page(wrong=wrong), status_of(error)
        return _offer(offer_second_step(mine(), secret), wrong), status_of(error)
    if not codes:
        return redirect(url_for(".page"), 303)
    return render_template("agent/recovery.html", say=speak(TEXTS), codes=codes)


@pages.post("/account/keys")
@door("agent", needs="use_keys")
def keys() -> ResponseReturnValue:
    use_keys(mine(), request.form.get("keys") == "on")
    return redirect(url_for(".page"), 303)


@pages.post("/account/sessions")
@door("agent", needs="user logout")
def end() -> ResponseReturnValue:
    end_sessions(mine(), EndSessions(agent="me", id=request.form.get("id", "")[:12]))
    return redirect(url_for(".page"), 303)


def _page(wrong: str = "") -> str:
    where, now = zone(mine().config.timezone), mine().now
    own = hashed(token_of_request())
    listed = [
        {
            "id": one.id,
            "browser": browser_name(one.session.browser) or speak(TEXTS)("some_browser"),
            "since": short(one.session.since, now, where, language()),
            "seen": short(one.session.seen, now, where, language()),
            "here": own.startswith(one.id),
        }
        for one in sessions(mine())
    ]
    account = must_be_user(mine(), g.user)
    return render_template(
        "agent/account.html",
        say=speak(TEXTS),
        places=listed,
        has_code=bool(account.secret),
        recovery=len(account.recovery),
        letters=uses_keys(mine()),
        wrong=wrong,
    )


def _offer(offered: Offer, wrong: str = "") -> str:
    shown = " ".join(offered.shown[at : at + 4] for at in range(0, len(offered.shown), 4))
    return render_template(
        "agent/offer.html",
        say=speak(TEXTS),
        secret=offered.secret,
        shown=shown,
        address=offered.address,
        picture=_picture(offered.address),
        wrong=wrong,
    )


def _picture(address: str) -> Markup:
    """The address as a QR code."""
    import segno

    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    # segno draws squares: the text itself is not in it.
    return Markup(drawn)  # noqa: S704  # nosec B704
