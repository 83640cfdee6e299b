"""`rules test` runs the tests in rules.yaml on mails that are read as real ones are, and changes nothing."""

from __future__ import annotations

import json

import pytest

from tests.conftest import RULES, Office

DESK = """\
rules:
  - id: outage
    events: [created, customer_message]
    when: {text: {any_word: [ligger nere, driftstopp]}, machine: false}
    then: [{set: {priority: high, category: support}}, {label: drift}, {assign: least_loaded}]
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
  - id: spam
    events: [created]
    when: {header.X-Spam: {is: "Ja, på riktigt"}}
    then: [{spam: true}]
"""
GOOD = """\
tests:
  - name: ett driftstopp blir högt
    given: {from: "Åsa <asa@kund.example>", subject: Sajten på Åland ligger nere}
    expect: {priority: high, category: support, area: none, labels: [drift], assignee: alice, status: new,
             fired: [outage, acknowledge], replies: [mottaget]}
  - name: an auto-reply is left alone
    given: {subject: "Autosvar: driftstopp", headers: {Auto-Submitted: auto-replied}}
    expect: {fired: [], replies: [], labels: [], assignee: none}
  - name: it was known
    given: {event: customer_message, text: "Nu är det\\ndriftstopp", status: waiting, assignee: bo, labels: [vip],
            category: faktura}
    expect: {assignee: bo, category: support, labels: [drift, vip], fired: [outage], status: waiting}
  - name: spam
    given: {headers: {x-spam: "Ja, på riktigt"}}
    expect: {status: closed, resolution: spam, fired: [acknowledge, spam]}
"""


@pytest.fixture
def desk(office: Office) -> Office:
    return with_tests(office, GOOD)


def with_tests(office: Office, tests: str) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + DESK + tests, encoding="utf-8")
    return office


def test_all_is_well(desk: Office) -> None:
    said = desk.say("rules", "test").splitlines()
    assert [line.split()[0] for line in said[:4]] == ["pass"] * 4
    assert "ett driftstopp blir högt" in said[0] and said[-1] == "all 4 tests passed"


def test_a_failure_shows_why(office: Office) -> None:
    tests = """\
tests:
  - {name: good, given: {subject: x}, expect: {fired: [acknowledge]}}
  - {name: half a word, given: {subject: Driftstoppet}, expect: {priority: high, fired: [outage]}}
"""
    result = with_tests(office, tests).run("rules", "test", code=1)
    line = (RULES + DESK).count("\n") + 3
    for words in (
        "pass  good",
        "FAIL  half a word",
        f"half a word (rules.yaml:{line})",
        "  priority: expected high, got medium",
        "  fired: expected outage, got acknowledge",
        "    outage (rules.yaml:20): not met",
        "no  text any_word ligger nere, driftstopp: Driftstoppet",
        "    acknowledge (rules.yaml:24): fired",
    ):
        assert words in result.stdout, result.stdout
    assert "1 of 2 tests failed" in result.stderr


def test_as_json(office: Office) -> None:
    tests = "tests:\n  - {name: fel, given: {}, expect: {priority: low, fired: [acknowledge]}}\n"
    (told,) = json.loads(with_tests(office, tests).say("rules", "test", "--json", code=1))
    assert (told["test"], told["passed"], told["fired"]) == ("fel", False, ["acknowledge"])
    assert told["differences"] == [{"what": "priority", "expected": "low", "actual": "medium"}]
    assert [one["outcome"] for one in told["rules"]] == ["not met", "fired", "not met"]


def test_nothing_is_changed(desk: Office) -> None:
    before = sorted(path.name for path in desk.folder.rglob("*"))
    desk.say("rules", "test")
    after = sorted(path.name for path in desk.folder.rglob("*") if path.name != ".rules.cache")
    assert after == before


def test_no_tests_are_no_failure(office: Office) -> None:
    assert "has no tests" in office.say("rules", "test")
    assert json.loads(office.say("rules", "test", "--json")) == []


def test_the_starter_passes_its_own(starter: Office) -> None:
    assert starter.say("rules", "test").endswith(" tests passed\n")
