"""The door of the team: who is logged in, and that a form is one of ours."""

from __future__ import annotations

import hmac
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.errors import TicketctlError
from ticketctl.present.words.web import TEXTS as COMMON
from ticketctl.present.words.web_agent import TEXTS
from ticketctl.present.words.web_ticket import DONE
from ticketctl.usecases.permissions import RANK, USE_CASES, must_be
from ticketctl.usecases.session import Session
from ticketctl.usecases.users.preferences import uses_keys
from ticketctl.usecases.users.sessions import find_session, form_token
from ticketctl.web.current import session, site
from ticketctl.web.doors import needs_of
from ticketctl.web.errors import answer
from ticketctl.web.language import language, speak
from ticketctl.web.security import CHANGING

SESSION, DEVICE = "session", "device"
DEVICE_YEAR = 365 * 24 * 3600


def enter() -> ResponseReturnValue | None:
    """The guard of the door "agent"."""
    token = token_of_request()
    found = find_session(session("web"), token, by_itself=_polls())
    agent = session("web").config.agent(found.user) if found and not found.waits else None
    if found is None or agent is None:
        return _outside()
    g.user, g.web_session, g.form_token = agent.name, found, form_token(token)
    if request.method in CHANGING and not hmac.compare_digest(request.form.get("csrf", ""), g.form_token):
        say = speak(TEXTS)
        return answer(403, say("not_our_form"), say("load_again"))
    needs = needs_of(current_app, str(request.endpoint))
    if needs:
        must_be(mine(), USE_CASES[needs], needs)
    _note_presence()
    return None


def _note_presence() -> None:
    """Visitors of a chat see that somebody is there while a page of the team asks: the board does every few seconds."""
    if site().open_chats and may("reply"):
        with suppress(TicketctlError):
            current_app.extensions["chat"].presence.agent(mine())


def mine() -> Session:
    """The session of whoever is logged in, one for the whole request."""
    if "mine" not in g:
        g.mine = session("web", g.user)
    return cast("Session", g.mine)


def common() -> dict[str, Any]:
    """What every template of the team may say; nothing for whoever is not logged in."""
    if "user" not in g:
        return {}
    other = {**request.args.to_dict(), "lang": speak(COMMON)("other_language_code")}
    return {
        "user": g.user,
        "team": speak(TEXTS),
        "form_token": lambda: g.form_token,
        "keys_on": lambda: uses_keys(mine()),
        "switch_query": urlencode(other),
        "done_words": DONE,
    }


def may(use_case: str) -> bool:
    """Whether whoever is logged in has the role for it: what they may not do is not offered."""
    agent = mine().config.agent(g.user)
    role, has_admin = USE_CASES[use_case], any(one.role == "admin" for one in mine().config.team)
    if role == "admin" and not has_admin:
        role = "agent"
    return agent is not None and RANK[agent.role] >= RANK[role]


def _outside() -> ResponseReturnValue:
    """To the log-in; what somebody has written before their session was over is shown to be copied."""
    if request.method not in CHANGING:
        if _polls():
            return Response(status=401)
        there = request.full_path.rstrip("?")
        return redirect(f"{url_for('login.page')}?{urlencode({'next': there})}", 303)
    page = render_template(
        "agent/outside.html", text=request.form.get("text", ""), say=speak(TEXTS), language=language()
    )
    response = make_response(page)
    response.status_code = 401
    return response


def _polls() -> bool:
    """Whether an open page asks by itself: nobody need be there."""
    return request.headers.get("X-Requested-With") == "poll"


def token_of_request() -> str:
    return request.cookies.get(cookie_name(SESSION), "")


def device_of_request() -> str:
    return request.cookies.get(cookie_name(DEVICE), "")


def cookie_name(name: str) -> str:
    """With TLS a name that no other host of the domain can set (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if request.is_secure else name


def set_cookie(response: Response, name: str, value: str, age: int | None = None) -> None:
    response.set_cookie(
        cookie_name(name), value, max_age=age, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(cookie_name(name), secure=request.is_secure, httponly=True, samesite="Lax", path="/")
