"""`handover`: open tickets move, each with a note that sums up where it stands."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.conftest import Office
from ticketctl.content.times import ahead

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def owners(office: Office) -> dict[int, str]:
    with office.store.reading() as desk:
        return {ticket.number: ticket.assignee for ticket in desk.find(archive=True)}


def test_the_open_tickets_of_one_become_those_of_the_other(office: Office) -> None:
    office.make(1, assignee="alice", subject="Vadå åäö?")
    office.make(2, assignee="alice", status="waiting", wake_at=office.now + DAY)
    office.make(3, assignee="alice", status="closed", closed_at=office.now)
    office.make(4)
    office.make(5, assignee="bo")
    told = office.say("handover", "alice", "bo")
    assert "#1 is bo’s now: Vadå åäö?" in told and told.count("\n") == 2
    assert owners(office) == {1: "bo", 2: "bo", 3: "alice", 4: "", 5: "bo"}
    assert len(office.get(5).messages) == 1


def test_the_note_says_status_deadline_last_messages_and_next_step(office: Office) -> None:
    office.make(1, assignee="alice", priority="high", labels=("vip",), age=2 * DAY, text="Kassan är\n\nnere!")
    office.run("note", 1, "Ringde, ingen svarade.")
    office.run("handover", "me", "bo")
    note = office.get(1).messages[-1]
    assert (note.kind, note.direction, note.author) == ("note", "internal", "alice")
    assert note.text.splitlines() == [
        "Överlämnat från alice till bo.",
        "Status: öppet, hög, vip; kom in ons 2026-11-18 10:00",
        f"Frist: ons 2026-11-18 11:00, {ahead(office.now - 47 * HOUR, office.now, 'sv')}",
        "ons 2026-11-18 10:00 Åsa Öberg: Kassan är nere!",
        "fre 2026-11-20 10:00 alice (anteckning): Ringde, ingen svarade.",
        "Nästa steg: svara; kunden väntar på bo",
    ]


def test_the_note_is_in_the_desks_language(office: Office) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("language: sv", "language: en"), "utf-8")
    office.make(1, assignee="alice", age=HOUR)
    office.run("--language", "sv", "handover", "me", "bo")
    assert office.get(1).messages[-1].text.splitlines() == [
        "Handed over from alice to bo.",
        "Status: open, medium; opened Fri 2026-11-20 09:00",
        "Deadline: Fri 2026-11-20 13:00",
        "Fri 2026-11-20 09:00 Åsa Öberg: Hej! Min beställning har inte kommit.",
        "Next: reply; the customer waits for bo",
    ]


def test_what_waits_for_the_customer_says_until_when_and_what_we_wrote(office: Office) -> None:
    office.make(1, assignee="alice")
    office.run("reply", 1, "--text", "Vilken order gäller det?", "--wait", "2d")
    office.run("handover", "alice", "bo")
    text = office.get(1).messages[-1].text
    assert "Väcks: tis 2026-11-24 10:00" in text
    assert "alice svarade: Vilken order gäller det?" in text
    assert "Nästa steg: vänta på kundens svar" in text
    assert (office.get(1).status, office.get(1).wake_at) == ("waiting", office.now + 4 * DAY)


def test_a_draft_is_told(office: Office) -> None:
    office.make(1, assignee="alice")
    office.run("reply", 1, "--draft", "--text", "Vi letar ännu.")
    office.run("handover", "alice", "bo")
    assert "alice (utkast, inte skickat): Vi letar ännu." in office.get(1).messages[-1].text


def test_only_those_with_a_label(office: Office) -> None:
    office.make(1, assignee="alice", labels=("vip",))
    office.make(2, assignee="alice")
    office.run("handover", "alice", "bo", "--label", "vip")
    assert owners(office) == {1: "bo", 2: "alice"}


def test_a_dry_run_shows_the_notes_and_changes_nothing(office: Office) -> None:
    before = office.make(1, assignee="alice")
    told = office.say("handover", "alice", "bo", "--dry-run")
    assert told.startswith("would: #1 is bo’s now")
    assert "    Nästa steg: " in told
    assert office.get(1) == before


def test_somebody_who_left_the_team_hands_over_what_they_had(office: Office) -> None:
    office.make(1, assignee="cecilia")
    office.run("handover", "cecilia", "bo")
    assert owners(office) == {1: "bo"}
    assert "no agent 'cecilia'" in office.trouble("handover", "cecilia", "bo", code=2)


def test_who_cannot_take_over(office: Office) -> None:
    before = office.make(1, assignee="alice")
    assert "name another agent" in office.trouble("handover", "me", "alice", code=2)
    assert "did you mean 'bo'" in office.trouble("handover", "alice", "boo", code=2)
    assert "viewer" in office.trouble("handover", "alice", "vera", code=5)
    assert "viewer" in office.trouble("handover", "alice", "bo", user="vera", code=5)
    office.run("handover", "alice", "least_loaded", code=2)
    assert office.get(1) == before


def test_nothing_to_hand_over(office: Office) -> None:
    assert office.say("handover", "alice", "bo") == "alice has no open tickets like that\n"
    assert office.say("handover", "alice", "bo", "--json") == ""


def test_json_is_the_tickets_afterwards(office: Office) -> None:
    office.make(1, assignee="alice")
    assert json.loads(office.say("handover", "alice", "bo", "--json"))["assignee"] == "bo"
