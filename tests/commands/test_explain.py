"""`explain` tells what each rule asked and found."""

from __future__ import annotations

import json

from tests.conftest import RULES, Office

MORE = """\
rules:
  - id: outage
    events: [created]
    when: {all: [{text: {any_word: [ligger nere]}}, {not: {label: vip}}]}
    then: [{set: {priority: high}}]
  - {id: calm, events: [created], when: {priority: low}, then: [{label: vip}]}
  - {id: later, events: [customer_message], then: [{label: drift}]}
"""


def test_explain(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + MORE, encoding="utf-8")
    line = RULES.count("\n") + 2
    office.make(subject="Sajten ligger nere")
    said = office.say("explain", 1)
    assert f"outage (rules.yaml:{line}): would fire" in said
    assert "yes text any_word ligger nere: “ligger nere” found" in said
    assert "no  labels has vip: (none)" in said
    assert f"calm (rules.yaml:{line + 4}): not met\n    no  priority any_of low: medium" in said
    assert "later" not in said and "a new matter" in said
    office.say("triage")
    assert f"outage (rules.yaml:{line}): fired Fri 2026-11-20 10:00\n    yes all" in office.say("explain", 1)
    assert "later (" in office.say("explain", 1, "--event", "customer_message")


def test_explain_as_json(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + MORE, encoding="utf-8")
    office.make(subject="Allt väl")
    told = json.loads(office.say("explain", 1, "--json"))
    outage = told["rules"][0]
    assert (outage["rule"], outage["outcome"], outage["fired"]) == ("outage", "not met", [])
    assert outage["conditions"]["parts"][0] == {
        "what": "text",
        "held": False,
        "expected": "any_word ligger nere",
        "actual": "Allt väl / Hej! Min beställning har inte kommit.",
    }


def test_each_of_several_tickets_is_explained(office: Office) -> None:
    for number in (1, 2, 3):
        office.make(number, subject=f"Ärende {number}")
    told = office.run("explain", "2-3", 9, "#1", code=4)
    heads = [line for line in told.stdout.splitlines() if line.startswith("#")]
    assert heads == ["#2  Ärende 2", "#3  Ärende 3", "#1  Ärende 1"]
    assert "#9" in told.stderr
    shapes = office.say("explain", "-", "--json", stdin="1\n3").splitlines()
    assert [json.loads(shape)["ticket"] for shape in shapes] == [1, 3]


def test_explain_without_rules_or_ticket(office: Office) -> None:
    office.make()
    assert "none" in office.say("explain", 1)
    office.trouble("explain", 9, code=4)
