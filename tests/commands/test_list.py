"""`list`: what is shown, in which order, and that it fits."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ticketctl.content.terminal import columns
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def numbers(text):
    return [int(line.split()[0]) for line in text.splitlines()[1:]]


def asked(office, *options):
    return [json.loads(line)["number"] for line in office.say("list", "--json", *options).splitlines()]


def test_an_empty_desk_says_what_to_do_next(office):
    assert office.say("list").startswith("Nothing is open. `ticketctl fetch`")
    office.make()
    assert "--all" in office.say("list", "--label", "vip")


def test_what_to_do_next_comes_first(office):
    office.make(1, priority="low", age=HOUR)
    office.make(2, priority="medium", age=HOUR)
    office.make(3, priority="high", age=3 * DAY)  # overdue
    office.make(4, priority="medium", age=DAY)  # overdue, but later than 3
    office.make(5, priority="medium", status="waiting", wake_at=office.now + DAY, age=HOUR)
    assert numbers(office.say("list")) == [3, 4, 2, 5, 1]


def test_closed_tickets_only_where_asked_for(office):
    office.make(1)
    office.make(2)
    office.run("close", 2, "--set", "category=faktura")
    assert asked(office) == [1]
    assert asked(office, "--all") == [1, 2]
    assert asked(office, "--status", "closed") == [2]


def test_the_archive_is_part_of_all(office):
    office.make(1)
    office.run("close", 1, "--set", "category=faktura")
    office.store.archive(office.now + DAY)
    assert asked(office) == []
    assert asked(office, "--all") == [1]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--mine"], [1]),
        (["--unassigned"], [3, 4]),
        (["--owner", "bo"], [2]),
        (["--overdue"], [4]),
        (["--waiting"], [2]),
        (["--status", "new"], [3, 4]),
        (["--status", "open", "--status", "waiting"], [1, 2]),
        (["--priority", "high"], [4]),
        (["--label", "vip", "--label", "drift"], [2]),
        (["--field", "category=sälj"], [1]),
        (["--from", "Lindström"], [3]),
        (["--from", "ASA@kund.example"], [1]),
        (["--search", "FAKTURA Öberg"], [1]),
        (["--limit", "1"], [4]),
    ],
)
def test_each_filter(office, options, found):
    office.make(
        1,
        assignee="alice",
        status="open",
        fields={"category": "sälj"},
        text="Om min faktura",
        requester=Person("asa@kund.example", "Åsa O\u0308berg"),
    )
    office.make(2, assignee="bo", status="waiting", wake_at=office.now + DAY, labels=("drift", "vip"))
    office.make(3, requester=Person("l@kund.example", "Lars Lindström"))
    office.make(4, priority="high", age=DAY)
    assert sorted(asked(office, *options)) == found


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--owner", "alise"], "no agent 'alise' in team: of rules.yaml; did you mean 'alice'?"),
        (["--label", "vpi"], "no label 'vpi' in labels: of rules.yaml; did you mean 'vip'?"),
        (["--field", "categori=sälj"], "no field 'categori' in fields: of rules.yaml; did you mean 'category'?"),
    ],
)
def test_what_rules_yaml_does_not_know_is_a_slip_and_no_empty_list(office, options, told):
    assert told in office.trouble("list", *options, code=2)


def test_owner_me(office):
    office.make(1, assignee="bo", status="open")
    assert asked(office, "--owner", "me") == []
    assert json.loads(office.say("list", "--json", "--owner", "me", user="bo"))["number"] == 1


def test_json_is_one_ticket_a_line_with_its_deadline(office):
    office.make(1, priority="high", age=2 * HOUR)
    shape = json.loads(office.say("list", "--json"))
    assert (shape["number"], shape["due_at"], shape["overdue"]) == (1, "2026-11-20T08:00:00Z", True)
    assert "messages" not in shape


def test_a_limit_tells_what_it_left_out(office):
    for _ in range(3):
        office.make()
    assert "… and 2 more" in office.say("list", "--limit", "1")


@pytest.mark.parametrize("options", [["--mine", "--unassigned"], ["--waiting", "--status", "new"], ["--field", "x"]])
def test_what_contradicts_itself_is_refused(office, options):
    office.run("list", *options, code=2)


@pytest.mark.parametrize("wide", [40, 60, 80, 100, 160])
def test_it_fits_the_terminal_whatever_people_are_called(office, monkeypatch, wide):
    monkeypatch.setenv("COLUMNS", str(wide))
    names = ["Åsa-Märta Öberg Lindström von Essen-Hårdh", "山田太郎", "Bo", "Zoë A\u030a 👩‍💻 " * 9]
    for at, name in enumerate(names):
        office.make(
            requester=Person(f"p{at}@kund.example", name),
            subject=f"Ärende om åäö och 日本語 {name}" * 3,
            assignee="alice",
            priority="high",
            age=DAY * 40,
        )
    lines = office.say("list").splitlines()
    assert max(map(columns, lines)) <= wide
    assert ("alice" in lines[1], "high" in lines[1], " 40d" in lines[1]) == (wide > 40, wide > 40, wide > 60)
    starts = {columns(line[: line.index("Ärende")]) for line in lines[1:]}
    assert len(starts) == 1, "the columns stand under each other"


def test_what_a_customer_wrote_moves_no_cursor(office):
    office.make(subject="\x1b]0;ägd\x07\x1b[2J\u202eUSD 1\nny rad", requester=Person("a@kund.example", "\x1b[31mröd"))
    shown = office.run("list").stdout_bytes.decode()
    assert "\x1b" not in shown and "\u202e" not in shown and "ny rad" in shown
    assert len(shown.splitlines()) == 2


def test_merged_and_spam_are_told_in_place_of_closed(office):
    office.make(1)
    office.make(2)
    office.make(3)
    office.run("merge", 2, "--into", 1)
    office.change(3, lambda ticket: ticket.mark_spam(Act("alice", office.now)))
    shown = office.say("list", "--all")
    assert "in #1" in shown and "spam" in shown


def test_another_door_than_mail_is_shown(office):
    office.make(1, subject="Via e-post")
    office.make(2, subject="Via chatten", channel="chat", labels=("vip",))
    office.make(3, subject="Via rummet", channel="matrix")
    shown = office.say("list")
    assert "Via chatten  (chat) [vip]" in shown and "Via rummet  (Matrix)" in shown and "Via e-post\n" not in shown
    assert "Via e-post  (" not in shown
    board = office.say("board")
    assert "Via chatten  (chat)" in board and "Via rummet  (Matrix)" in board
    assert json.loads(office.say("board", "--json"))["channels"] == {"email": [1], "chat": [2], "matrix": [3]}
    assert "Came by    chat" in office.say("show", 2)
    assert json.loads(office.say("show", 2, "--json"))["channel"] == "chat"


@pytest.mark.parametrize("channel", ["form", "chat", "matrix", "telegram", "mattermost", "webhook"])
def test_figures_are_divided_by_each_door(office, channel):
    office.make(1, age=DAY)
    office.make(2, age=DAY, channel=channel)
    shape = json.loads(office.say("report", "--from", "2020-01-01", "--by", "channel", "--json"))
    assert {one["value"] for one in shape["groups"]} >= {"email", channel}
