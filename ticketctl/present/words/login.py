"""What `login` says."""

from __future__ import annotations

from datetime import datetime

from ticketctl.content.times import age
from ticketctl.ports.channels import LoginStep
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.upkeep.login import LoggedIn, LoggedOut, LoginState

TEXTS: Texts = {
    "en": {
        "type_code": "Open {place} in any browser, log in as {user}, and type the code {code}",
        "waiting": "Waiting, for at most {minutes} minutes …",
        "trying_on": "{error}; still trying",
        "open_address": "Open this address in a browser, and log in as {user}:\n\n  {url}\n",
        "paste_address": "If the browser is on another computer, it ends at a page that it can't show: paste its "
        "address here.",
        "wrong_address": "That is not the address that this log-in ended at; paste the whole of it.",
        "not_renewable": "{source}: there is no refresh token, so this login soon ends; the scopes must allow offline "
        "use",
        "logged_in": "Logged in as {found}; it is renewed automatically. To forget it: "
        "`ticketctl login {source} --logout`",
        "logged_in_for_now": "Logged in as {found}; it cannot be renewed. To forget it: "
        "`ticketctl login {source} --logout`",
        "logged_out": "{source}: the login is forgotten here; to end it for good, revoke it at the provider",
        "nobody": "{source}: nobody was logged in",
        "status": "{source}: {state}",
        "status_nobody": "{source}: {state}: `ticketctl login {source}`",
        "nobody_yet": "nobody has logged in yet",
        "since": "logged in {since} ago as {user}; its token is {token} old, {held}, and {renewal}",
        "held_unknown": "does not say how long it is valid",
        "held_for": "valid for {length}",
        "held_until": "expired {length} ago",
        "renewable": "is renewed automatically",
        "not_renewed": "cannot be renewed",
    },
}


def step(one: LoginStep, language: str) -> str:
    return say_in(language, TEXTS)(one.code, **one.facts)


def logged_in(done: LoggedIn, language: str) -> str:
    renewable = done.state.login is not None and done.state.login.refresh_token
    key = "logged_in" if renewable else "logged_in_for_now"
    return say_in(language, TEXTS)(key, found=done.found, source=done.state.source)


def logged_out(done: LoggedOut, language: str) -> str:
    return say_in(language, TEXTS)("logged_out" if done.was else "nobody", source=done.source)


def status(state: LoginState, now: datetime, language: str) -> str:
    key = "status" if state.login else "status_nobody"
    return say_in(language, TEXTS)(key, source=state.source, state=state_line(state, now, language))


def state_line(state: LoginState, now: datetime, language: str) -> str:
    """How a login is, without its source."""
    say, login = say_in(language, TEXTS), state.login
    if login is None:
        return say("nobody_yet")
    if login.expires_at is None:
        held = say("held_unknown")
    elif login.expires_at > now:
        held = say("held_for", length=age(now, login.expires_at))
    else:
        held = say("held_until", length=age(login.expires_at, now))
    renewal = say("renewable" if login.refresh_token else "not_renewed")
    since, token = age(login.logged_in_at, now), age(login.refreshed_at, now)
    return say("since", since=since, user=state.user, token=token, held=held, renewal=renewal)
