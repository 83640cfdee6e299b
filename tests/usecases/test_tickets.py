"""Use cases called as a web page, an API or cron would: without a terminal, and by everybody who may or may not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT, Office
from tests.growth import HANG
from tests.usecases.conftest import ACTORS
from tests.usecases.table import FILES, PAGES, SENDS, TABLE, UPKEEP, USERS, VIEWS
from ticketctl.errors import NotAllowed, Refused
from ticketctl.usecases.permissions import RANK, USE_CASES
from ticketctl.usecases.results import Failed
from ticketctl.usecases.upkeep.login import logins

WITHOUT_A_TERMINAL = """
import sys
sys.modules["click"] = sys.modules["termios"] = None  # whoever imports them fails
from tests.usecases.table import PAGES, TABLE, UPKEEP, VIEWS
from ticketctl.usecases.results import Failed
from ticketctl.usecases.tickets.merge import Merge, merge
from ticketctl.wiring import build_session

for name, row in TABLE.items():
    result = row.call(build_session(user="alice", desk=sys.argv[1], via="web"), row.request, keep=False)
    failed = [one.error for one in (result if isinstance(result, tuple) else [result]) if isinstance(one, Failed)]
    print(name, *failed)
for name, view in VIEWS.items():
    view.call(build_session(user="alice", desk=sys.argv[1], via="web"), *view.requests)
    print(name)
"""


def troubles(result: Any) -> list[str]:
    outcomes = result if isinstance(result, tuple) else (result,)
    return [str(one.error) for one in outcomes if isinstance(one, Failed)]


def revisions(desk: Office) -> tuple[Any, ...]:
    """Of tickets; the mails in the outbox; who is away, what is known of customers; what is beside them."""
    with desk.store.reading() as tickets:
        numbered = {ticket.number: ticket.revision for ticket in tickets.find()}
        grouped = list(tickets.patterns())
        mails = [*sorted(item.id for item in tickets.outbox()), *tickets.measures()]
    names = ("away ", "person ", "apart ", "export ", "api key ", "hook ")
    facts = {name: dict(desk.store.facts(name)) for name in names}
    return numbered, mails, facts, grouped, beside(desk)


def beside(desk: Office) -> tuple[list[str], list[Any]]:
    """What is in quarantine, and the logins."""
    with desk.store.reading() as tickets:
        aside = [item.id for item in tickets.quarantined()]
    return aside, [one.login for one in logins(desk.session())]


def test_every_use_case_is_in_the_table():
    assert {*TABLE, *VIEWS, *UPKEEP, *PAGES, *USERS, *FILES, *SENDS} == set(USE_CASES), (
        "each name of permissions.USE_CASES has a line in tests/usecases/table.py"
    )


def test_no_use_case_needs_a_terminal(desk):
    env = {**os.environ, **desk.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_A_TERMINAL, str(desk.folder)]
    ended = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=HANG, check=False)
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == [*TABLE, *VIEWS]


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", TABLE)
def test_who_may(desk, name, actor):
    row, role, before = TABLE[name], ACTORS[actor], revisions(desk)
    session = desk.session(actor)
    if role != "system" and RANK[role] < RANK[USE_CASES[name]]:
        with pytest.raises(NotAllowed):
            row.call(session, row.request)
        assert revisions(desk) == before
    elif actor in row.refused:
        with pytest.raises(Refused):
            row.call(session, row.request)
    else:
        assert troubles(row.call(session, row.request)) == []
        assert revisions(desk) != before


@pytest.mark.parametrize("name", TABLE)
def test_everybody_may_see_what_would_happen(desk, name):
    row, before = TABLE[name], revisions(desk)
    if "vera" not in row.refused:
        assert troubles(row.call(desk.session("vera"), row.request, keep=False)) == []
    assert revisions(desk) == before


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", VIEWS)
def test_everybody_may_look_which_changes_no_ticket(desk, name, actor):
    view, before = VIEWS[name], revisions(desk)
    assert USE_CASES[name] == "viewer"
    if actor in view.refused:
        with pytest.raises(Refused):
            view.call(desk.session(actor), *view.requests)
    else:
        view.call(desk.session(actor), *view.requests)
    assert revisions(desk) == before
