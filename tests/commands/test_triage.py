"""`triage` runs the rules again, tells what they would do, or asks a person; `rules check` finds what is wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

OUTAGE = """\
rules:
  - id: outage
    events: [created]
    when: {text: {any_word: [ligger nere]}}
    then: [{set: {priority: high, category: support}}, {label: drift}, {assign: least_loaded}]
    why: something is down
  - id: note
    events: [created]
    when: {priority: low}
    then: [{note: Kan vänta}]
"""


def with_rules(office: Office, rules: str = OUTAGE) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + rules, encoding="utf-8")
    return office


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".rules.cache", "lock")
    }


def test_the_rules_run_on_new_tickets(office: Office) -> None:
    with_rules(office)
    office.make(subject="Sajten ligger nere")
    office.make(subject="Var är mitt kvitto?")
    office.make(subject="Allt ligger nere", status="open")
    said = office.say("triage")
    assert "#1 Sajten ligger nere\n  outage: set priority: high, set category: support, label drift" in said
    assert "(something is down)" in said and "2 tickets looked at, 1 changed" in said
    ticket = office.get(1)
    assert (ticket.priority, ticket.fields, ticket.labels, ticket.assignee, ticket.status) == (
        "high",
        {"category": "support"},
        ("drift",),
        "alice",
        "new",
    )
    assert ticket.events[-1].why == "rule outage" and ticket.events[-1].actor == "system"
    assert office.get(3).priority == "medium"  # somebody has opened it


def test_a_second_run_changes_nothing(office: Office) -> None:
    with_rules(office)
    office.make(subject="Sajten ligger nere")
    office.say("triage")
    office.change(1, lambda ticket: ticket.prioritise(Act("bo", office.now), "low"))
    before = office.get(1)
    assert "1 ticket looked at, 1 changed" in office.say("triage")  # the note, now that it is low
    assert office.get(1).priority == "low"  # what a person decided stays
    assert "1 ticket looked at, 0 changed" in office.say("triage")
    assert len(office.get(1).messages) == len(before.messages) + 1


def test_a_dry_run_tells_and_changes_nothing(office: Office) -> None:
    with_rules(office)
    office.make(subject="Sajten ligger nere")
    office.make(subject="Annat")
    before = content(office.folder)
    said = office.say("triage", "--dry-run")
    assert "outage: set priority: high" in said and "#2 Annat\n  no rule fires" in said
    assert "2 tickets looked at, 1 would change" in said
    assert content(office.folder) == before


def test_given_tickets_only_and_what_is_missing_is_told(office: Office) -> None:
    with_rules(office)
    office.make(subject="A ligger nere", status="open")
    office.make(subject="B ligger nere")
    result = office.run("triage", "1", "9", code=4)
    assert "#1 A ligger nere" in result.stdout and "9" in result.stderr
    assert office.get(1).priority == "high" and office.get(2).priority == "medium"


def test_least_loaded_spreads_over_the_run(office: Office) -> None:
    with_rules(office)
    for _ in range(4):
        office.make(subject="Det ligger nere")
    office.say("triage")
    assert sorted(office.get(number).assignee for number in range(1, 5)) == ["alice", "alice", "bo", "bo"]


def test_a_draft_reply_waits_for_a_person(office: Office) -> None:
    with_rules(office, "rules: [{id: ask, events: [created], then: [{reply: mer-information}]}]\n")
    office.make(requester=Person("åsa@kund.example", "Åsa Öberg"))
    office.say("triage")
    draft = office.get(1).messages[-1]
    assert (draft.direction, draft.delivery) == ("out", "draft")
    assert draft.text.startswith("Hej Åsa!")


def test_a_stored_mail_is_asked_for_its_headers(office: Office) -> None:
    with_rules(office, "rules: [{id: x, events: [created], when: {header.X-Prio: {is: akut}}, then: [{label: vip}]}]\n")
    raw = office.store.blobs.put(b"From: a@kund.example\r\nSubject: Hej\r\nX-Prio: Akut\r\n\r\nHej\r\n")
    office.make()
    office.change(
        1,
        lambda ticket: ticket.receive(
            Act("system", office.now),
            Message(
                key="m2",
                direction="in",
                kind="message",
                at=office.now,
                sender=ticket.requester,
                raw=raw,
            ),
        ),
    )
    assert "0 changed" in office.say("triage")  # the first message has no such header
    with office.store.transaction() as desk:
        number = desk.new_number()
        ticket = desk.get(1)
    fresh = office.make(number)
    office.change(
        number,
        lambda one: one.receive(Act("system", office.now), ticket.messages[1]).changed(
            Act("system", office.now), "test", messages=(ticket.messages[1],)
        ),
    )
    office.say("triage", fresh.number)
    assert office.get(number).labels == ("vip",)


def test_json_tells_each_rule(office: Office) -> None:
    with_rules(office)
    office.make(subject="Sajten ligger nere")
    assert json.loads(office.say("triage", "--dry-run", "--json")) == [
        {
            "ticket": 1,
            "rules": [
                {
                    "rule": "outage",
                    "outcome": "fired",
                    "actions": [
                        "set priority: high",
                        "set category: support",
                        "label drift",
                        "assign to least_loaded",
                    ],
                },
                {"rule": "note", "outcome": "not met", "actions": ["note “Kan vänta”"]},
            ],
            "trouble": [],
        }
    ]


def test_a_viewer_changes_nothing(office: Office) -> None:
    with_rules(office)
    office.make(subject="Sajten ligger nere")
    assert "viewer" in office.trouble("triage", user="vera", code=5)
    assert office.get(1).priority == "medium"
    assert "outage" in office.say("triage", "--dry-run", user="vera")


# --- one by one ---


def test_one_by_one(office: Office) -> None:
    office.make(subject="Första", text="\n".join(f"rad {line}" for line in range(1, 13)), age=timedelta(hours=3))
    office.make(subject="Andra")
    office.make(subject="Tredje")
    answers = ["a", "bo", "p", "high", "l", "drift vip", "n", "s", "q"]
    said = office.say("triage", "--interactive", stdin="\n".join(answers) + "\n")
    assert "#1  Första  (1 of 3)" in said and "  rad 8\n  … 4 more lines" in said and "rad 9" not in said
    first, second, third = office.get(1), office.get(2), office.get(3)
    assert (first.assignee, first.priority, first.labels, first.status) == ("bo", "high", ("drift", "vip"), "open")
    assert second.spam and second.status == "closed"
    assert third.status == "new" and "#3  Tredje" in said


def test_a_mistyped_answer_is_asked_again(office: Office) -> None:
    office.make()
    result = office.run("triage", "-i", stdin="x\na\nkalle\np\nurgent\nl\nnylabel\nn\n")
    assert "one of the letters in brackets" in result.stdout
    assert "no agent 'kalle'" in result.stderr and "'urgent' is no priority" in result.stderr
    assert "nylabel" in result.stderr
    assert office.get(1).status == "new"


def test_nothing_to_go_through(office: Office) -> None:
    assert office.say("triage", "-i") == "no new tickets\n"


def test_the_rules_and_nothing_new(office: Office) -> None:
    assert office.say("triage") == "no new tickets\n"
    assert "no ticket #9" in office.trouble("triage", 9, code=4)
    assert json.loads(office.say("triage", "--json")) == []


def test_the_end_of_the_input_is_no_accident(office: Office) -> None:
    office.make()
    office.make()
    result = office.run("triage", "-i", stdin="p\nhigh\n")
    assert result.stderr == "" and office.get(1).priority == "high"


def test_asking_goes_with_no_dry_run(office: Office) -> None:
    assert "--interactive asks" in office.trouble("triage", "-i", "--dry-run", code=2)


def test_customer_text_cannot_speak_to_the_terminal(office: Office) -> None:
    with_rules(office)
    office.make(subject="Det ligger nere \x1b[31mrött", text="\x1b]0;titel\x07 hej \u202e")
    for said in (office.say("triage", "--dry-run"), office.say("triage", "-i", stdin="q\n"), office.say("triage")):
        assert not set(said) & {"\x1b", "\x07", "\u202e"}


# --- rules check ---


def test_rules_check_tells_that_all_is_well(starter: Office) -> None:
    result = starter.run("rules", "check")
    assert result.stdout == "rules.yaml and 20 snippets are fine: 16 rules\n" and result.stderr == ""


def test_rules_check_shows_all_faults(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + "labls: [a]\ncauses: [b]\nreport: {too: x}\n", encoding="utf-8")
    told = office.trouble("rules", "check", code=2).splitlines()
    assert [line.split(": ")[1].split(":")[0] for line in told] == ["rules.yaml"] * 3
    assert "did you mean 'labels'?" in told[0]


def test_rules_check_renders_every_snippet(office: Office) -> None:
    (office.folder / "snippets" / "sv" / "losning.j2").write_text("Subject: x\nHej {{ requester.nam }}\n", "utf-8")
    told = office.trouble("rules", "check", code=2)
    assert "snippets/sv/losning.j2:2: unknown value requester.nam (did you mean requester.name?)" in told


def test_rules_check_warns(office: Office) -> None:
    with_rules(
        office,
        """\
rules:
  - {id: all, events: [created], then: [{set: {priority: low}}], stop: true}
  - {id: a, events: [customer_message], then: [{set: {priority: low}}, {assign: bo}]}
  - {id: b, events: [customer_message],
     then: [{set: {priority: high}}, {reply: {snippet: mottaget, automatic: true}}]}
  - {id: never, events: [created], then: [{spam: true}]}
""",
    )
    (office.folder / "snippets" / "en" / "losning.j2").unlink()
    warnings = office.run("rules", "check").stderr
    first = RULES.count("\n") + 2
    for words in (
        "rules.yaml:3:1: team: no login for alice, bo, vera: ",
        "no retention",
        f"rules.yaml:{first + 3}:6: rule b: sets priority as a does",
        f"rules.yaml:{first + 4}:5: rule never: never reached: all always stops before it; move it above all",
        f"rules.yaml:{first + 3}:6: rule b: answers automatically",
        "snippets/en/losning.j2:1:1: is missing",
    ):
        assert words in warnings
    told = json.loads(office.say("rules", "check", "--json"))
    assert told["rules"] == ["all", "a", "b", "never"] and len(told["warnings"]) >= 6 and told["faults"] == []
