"""When tickets are due is reckoned once a revision by a process that lasts: the same as reckoned anew, at any time."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from tests.conftest import Office
from ticketctl.domain.ticket.ticket import PRIORITIES, Act
from ticketctl.usecases.session import Reckoned
from ticketctl.usecases.views.next_due import in_order


@pytest.mark.parametrize("seed", range(4))
def test_what_was_reckoned_before_holds_later(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(12):
        number = office.make(age=timedelta(minutes=chance.randrange(20_000))).number
        at = office.get(number).opened_at
        for _step in range(chance.randrange(6)):
            at = min(office.now, at + timedelta(minutes=chance.randrange(5_000)))
            act = Act("alice", at, "test")
            change = chance.choice(["wait", "wake", "priority"])
            if change == "wait":
                office.change(number, lambda one, act=act: one.wait(act, act.at + timedelta(days=9)))
            elif change == "wake" and office.get(number).status == "waiting":
                office.change(number, lambda one, act=act: one.wake(act))
            elif change == "priority":
                office.change(number, lambda one, act=act: one.prioritise(act, chance.choice(PRIORITIES)))
    lasting = Reckoned()
    for later in (0, 1, 37, 600, 3_000, 9_000, 40_000):
        session = office.session("alice").at(office.now + timedelta(minutes=later))
        warm = msgspec.structs.replace(session, app=msgspec.structs.replace(session.app, reckoned=lasting))
        cold = msgspec.structs.replace(session, app=msgspec.structs.replace(session.app, reckoned=Reckoned()))
        with session.store.reading() as desk:
            tickets = list(desk.find())
        found = [[(one.ticket.number, one.due, one.promised) for one in in_order(way, tickets)] for way in (warm, cold)]
        assert found[0] == found[1], f"{later} minutes later"


def test_other_targets_are_reckoned_anew(office: Office) -> None:
    office.make()
    session, lasting = office.session("alice"), Reckoned()

    def due() -> object:
        fresh = office.session("alice")
        warm = msgspec.structs.replace(fresh, app=msgspec.structs.replace(fresh.app, reckoned=lasting))
        with session.store.reading() as desk:
            return in_order(warm, desk.find())[0].due

    before = due()
    path = office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("medium: {first_response: 4h", "medium: {first_response: 1h"))
    assert due() == before - timedelta(hours=3)
