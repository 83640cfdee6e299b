"""`triage --suggest`: proposals with their reason, never applied."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Office

LOGIN = "Jag kommer inte in i portalen, lösenordet godtas inte"


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(1, subject="Portalen", text=LOGIN, assignee="bo", fields={"category": "support"}, labels=("drift",))
    office.run("close", 1)
    office.make(2, subject="Fakturan", text="Beloppet är fel", fields={"category": "faktura"})
    office.run("close", 2)
    office.make(3, subject="Hjälp", text="Lösenordet till portalen godtas inte!")
    return office


def test_it_tells_what_similar_tickets_got_and_what_to_type(desk: Office) -> None:
    assert desk.say("triage", "--suggest", 3).splitlines() == [
        "#3 Hjälp",
        "  category  support  100%  like #1",
        "  label     drift    100%  like #1",
        "  owner     bo       100%  like #1",
        "  → `ticketctl set 3 category=support`",
        "  → `ticketctl label 3 +drift`",
        "  → `ticketctl assign 3 bo`",
    ]


def test_nothing_is_applied_and_what_is_to_be_typed_works(desk: Office) -> None:
    before = desk.get(3)
    told = desk.say("triage", "--suggest")
    assert told.startswith("#3 ") and desk.get(3) == before
    for line in told.splitlines():
        if "→" in line:
            desk.run(*line.strip(" →`").split()[1:])
    after = desk.get(3)
    assert (after.fields, after.labels, after.assignee) == ({"category": "support"}, ("drift",), "bo")
    assert "nothing:" in desk.say("triage", "--suggest", 3)


def test_the_snippet_that_answered_is_learnt_also_by_way_of_a_draft(desk: Office) -> None:
    desk.make(4, subject="Portalen", text=LOGIN)
    desk.run("reply", 4, "--snippet", "losning", "--draft")
    desk.run("reply", 4, "--send")
    desk.run("close", 4, "--set", "category=support")
    assert "`ticketctl reply 3 --snippet losning`" in desk.say("triage", "--suggest", 3)


def test_json_and_nothing_to_look_at(desk: Office) -> None:
    shape = json.loads(desk.say("triage", "--suggest", "--json"))
    assert shape["ticket"] == 3
    assert shape["proposals"][0] == {"what": "category", "value": "support", "share": 1.0, "like": [1]}
    desk.run("assign", 3, "me")
    assert desk.say("triage", "--suggest") == "no new tickets\n"
    desk.run("triage", "--suggest", 77, code=4)
    desk.run("triage", "--suggest", "--dry-run", code=2)
