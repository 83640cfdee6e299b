"""Submissions that come at the same time: few commits, each its own ticket or error, none lost, nobody left waiting."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from tests.conftest import RULES
from ticketctl.errors import Busy
from ticketctl.usecases.customer.form import NotFilledIn, Submission
from ticketctl.web import together

FORM = """
sources:
  - {name: web, form: {}}
"""


@pytest.fixture
def office(office):
    (office.folder / "rules.yaml").write_text(RULES + FORM, encoding="utf-8")
    return office


def submission(at: int, email: str = "") -> Submission:
    return Submission(id=f"{at}@form.invalid", source="web", email=email or f"k{at}@kund.example", text=f"Hej {at}")


def all_at_once(office, submissions, monkeypatch) -> tuple[list, int]:
    """What each got, and in how many commits: the first commit waits until all others have come."""
    here, commits, everybody = together.Together(), [], Barrier(len(submissions))
    come = Event()
    real = together.submit_all

    def counted(session, batch):
        commits.append(len(batch))
        if len(commits) == 1:
            assert come.wait(60)
        return real(session, batch)

    monkeypatch.setattr(together, "submit_all", counted)
    session = office.session("system")

    def send(one):
        everybody.wait(60)
        try:
            return here.submit(session, one)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(submissions)) as pool:
        running = [pool.submit(send, one) for one in submissions]
        while len(here._waiting) + sum(commits) < len(submissions):
            time.sleep(0.001)  # asks again
        come.set()
        return [one.result(60) for one in running], len(commits)


def test_twenty_are_two_commits(office, monkeypatch):
    found, commits = all_at_once(office, [submission(at) for at in range(20)], monkeypatch)
    assert sorted(one.ticket for one in found) == list(range(1, 21)) and commits <= 3
    for at, one in enumerate(found):
        assert office.get(one.ticket).messages[0].text == f"Hej {at}"


def test_the_same_one_twice_is_one_ticket(office, monkeypatch):
    found, _ = all_at_once(office, [submission(1), submission(1), submission(2)], monkeypatch)
    assert found[0].ticket == found[1].ticket != found[2].ticket
    assert [found[0].again, found[1].again].count(True) == 1


def test_what_is_wrong_is_said_to_whoever_sent_it(office, monkeypatch):
    found, _ = all_at_once(office, [submission(1), submission(2, "nonsense"), submission(3)], monkeypatch)
    assert isinstance(found[1], NotFilledIn)
    assert {found[0].ticket, found[2].ticket} == {1, 2}


def test_one_that_breaks_takes_nobody_with_it(office, monkeypatch):
    real = together.submit

    def breaks(session, one):
        if one.text == "Hej 2":
            raise RuntimeError("a bug of ours")
        return real(session, one)

    def broken(session, batch):
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(together, "submit", breaks)
    with monkeypatch.context() as context:
        context.setattr(together, "submit_all", broken)
        here, session = together.Together(), office.session("system")
        assert here.submit(session, submission(1)).ticket == 1
        with pytest.raises(RuntimeError):
            here.submit(session, submission(2))
        assert here.submit(session, submission(3)).ticket == 2


def test_a_busy_desk_is_said_to_all(office, monkeypatch):
    def busy(session, batch):
        raise Busy("pid 4711 has it", code="busy")

    monkeypatch.setattr(together, "submit_all", busy)
    with pytest.raises(Busy):
        together.Together().submit(office.session("system"), submission(1))
