"""Who may do what about log-ins, and that nothing is changed by who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Office
from tests.usecases.table import USERS
from ticketctl.errors import NotAllowed, Refused, TicketctlError
from ticketctl.usecases.permissions import RANK, USE_CASES
from ticketctl.usecases.session import Session
from ticketctl.usecases.users.accounts import SetPassword, add_user, remove_user, set_password, users
from ticketctl.usecases.users.log_in import LogIn, SecondStep, log_in, second_step
from ticketctl.usecases.users.preferences import SaveView, save_view, use_keys
from ticketctl.usecases.users.sessions import EndSessions, end_sessions, sessions

pytest.importorskip("argon2", reason="needs the extra [web]")
PASSWORD = "sju gula cyklar"
ACTORS = {"vera": "viewer", "bo": "agent", "alice": "admin"}
CALLS: dict[str, Callable[[Session], Any]] = {
    "user add": lambda session: add_user(session, SetPassword(agent="bo", password=PASSWORD)),
    "user list": users,
    "user remove": lambda session: remove_user(session, "alice"),
    "user password": lambda session: set_password(session, SetPassword(agent="me", password="fyra röda båtar")),
    "user sessions": sessions,
    "user logout": lambda session: end_sessions(session, EndSessions(agent="me")),
    "log_in": lambda session: log_in(session, LogIn(user="alice", password=PASSWORD, address="127.0.0.1")),
    "second_step": lambda session: second_step(session, SecondStep(password=PASSWORD)),
    "save_view": lambda session: save_view(session, SaveView(name="Mina", query="owner=me")),
    "use_keys": lambda session: use_keys(session, False),
}


@pytest.fixture
def desk(office: Office) -> Office:
    for name in ("alice", "vera"):
        add_user(office.session("alice"), SetPassword(agent=name, password=PASSWORD))
    return office


def test_each_is_tried():
    assert set(CALLS) == USERS


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", CALLS)
def test_who_may(desk, name, actor):
    before = (desk.folder / "data" / "desk.json").read_bytes()
    try:
        CALLS[name](desk.session(actor))
    except NotAllowed:
        assert RANK[ACTORS[actor]] < RANK[USE_CASES[name]]
        assert (desk.folder / "data" / "desk.json").read_bytes() == before
    except Refused:
        assert actor == "bo", "who has no password has nothing to change"
    else:
        assert RANK[ACTORS[actor]] >= RANK[USE_CASES[name]]


@pytest.mark.parametrize("actor", ["vera", "bo"])
def test_others_are_for_an_admin(desk, actor):
    for call in (
        lambda session: set_password(session, SetPassword(agent="alice", password=PASSWORD)),
        lambda session: sessions(session, "alice"),
        lambda session: end_sessions(session, EndSessions(agent="alice")),
    ):
        with pytest.raises(NotAllowed):
            call(desk.session(actor))


@pytest.mark.parametrize("password", ["kort", "a" * 300, "aaaaaaaaaaaa", "alicealice", "ticketctl-2026"])
def test_a_weak_password_is_refused(desk, password):
    with pytest.raises(TicketctlError):
        set_password(desk.session("alice"), SetPassword(agent="me", password=password))


def test_a_dry_run_changes_nothing(desk):
    before = (desk.folder / "data" / "desk.json").read_bytes()
    add_user(desk.session("vera"), SetPassword(agent="bo", password=PASSWORD), keep=False)
    remove_user(desk.session("vera"), "alice", keep=False)
    assert (desk.folder / "data" / "desk.json").read_bytes() == before
