"""Logins by OAuth, as `doctor` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ticketctl.content.times import age
from ticketctl.errors import ChannelFailed, NextStep
from ticketctl.ports.channels import Account
from ticketctl.ports.store import Finding
from ticketctl.usecases.session import Session


def login_text(account: Account, now: datetime) -> str:
    """ "logged in 3d ago as …; its token is 10m old, valid for 50m, and is renewed automatically"; raises ChannelFailed
    where it cannot be read."""
    login = account.login()
    if login is None:
        return "nobody has logged in yet"
    token = f"its token is {age(login.refreshed_at, now)} old"
    if login.expires_at is None:
        held = "does not say how long it is valid"
    elif login.expires_at > now:
        held = f"valid for {age(now, login.expires_at)}"
    else:
        held = f"expired {age(login.expires_at, now)} ago"
    renewal = "is renewed automatically" if login.refresh_token else "cannot be renewed"
    return f"logged in {age(login.logged_in_at, now)} ago as {account.user}; {token}, {held}, and {renewal}"


def findings(session: Session) -> Iterator[Finding]:
    """A line for each login, also where several sources share one; nobody is asked."""
    seen: set[str] = set()
    for name in session.config.logins():
        account = session.account(name)
        if account is not None and account.id not in seen:
            seen.add(account.id)
            yield _finding(account, session.now)


def _finding(account: Account, now: datetime) -> Finding:
    subject, again = f"login {account.name}", NextStep("login", more=account.name)
    try:
        login, detail = account.login(), login_text(account, now)
    except ChannelFailed as error:
        return Finding(subject=subject, state="error", code="trouble", facts={"why": error}, next_step=again)
    facts = {"why": detail}
    if login is None:
        return Finding(subject=subject, state="error", code="trouble", facts=facts, next_step=again)
    if login.refresh_token:
        return Finding(subject=subject, state="ok", code="trouble", facts=facts)
    over = login.expires_at is not None and login.expires_at <= now
    return Finding(subject=subject, state="error" if over else "warning", code="trouble", facts=facts, next_step=again)
