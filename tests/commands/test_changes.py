"""The commands that change tickets: what they say, what they save, what they refuse."""

from __future__ import annotations

import json
import os
import pty
import select
import shlex
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests.growth import HANG
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Link

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

EVERY_CHANGE = [
    ["assign", 1, "bo"],
    ["note", 1, "hej"],
    ["wait", 1, "2d"],
    ["close", 1, "--set", "category=sälj"],
    ["merge", 1, "--into", 2],
    ["link", 1, 2],
    ["label", 1, "vip"],
    ["set", 1, "area=app"],
    ["priority", 1, "high"],
]


@pytest.fixture
def two(office):
    office.make(1)
    office.make(2)
    return office


def at_terminal(office, words, typed="", env=None):
    """(exit code, what was shown) of a command at a pseudo-terminal where `typed` is typed, a line each time that the
    command says no more: what is typed ahead may be thrown away when a prompt sets the terminal's mode."""
    main, terminal = pty.openpty()
    told = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    told.update(env or {})
    command = [sys.executable, "-m", "ticketctl", *words]
    running = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=told)
    os.close(terminal)
    lines = typed.splitlines(keepends=True)
    shown, ends = b"", time.monotonic() + HANG
    with suppress(OSError):  # the other end was closed
        while time.monotonic() < ends:
            if select.select([main], [], [], 0.3)[0]:
                shown += os.read(main, 4096)
            elif lines and shown.rstrip(b" ").endswith((b":", b"?", b"]")):
                os.write(main, lines.pop(0).encode())
    os.close(main)
    if running.poll() is None and time.monotonic() >= ends:
        running.kill()
    return running.wait(HANG), shown.decode()


# --- what holds for all of them ---


@pytest.mark.parametrize("command", EVERY_CHANGE, ids=lambda command: command[0])
def test_one_line_tells_the_change_and_history_who_and_why(two, command):
    assert two.say(*command).count("\n") == 1
    after = two.get(1)
    assert {event.actor for event in after.events[1:]} == {"alice"}
    assert {event.why for event in after.events[1:]} == {command[0]}
    assert after.events[-1].at == two.now


@pytest.mark.parametrize("command", [one for one in EVERY_CHANGE if one[0] != "note"], ids=lambda command: command[0])
def test_a_dry_run_tells_the_same_and_changes_nothing(two, command):
    before = (two.folder / "data" / "desk.json").read_bytes()
    told = two.say(*command, "--dry-run")
    assert (two.folder / "data" / "desk.json").read_bytes() == before
    assert told == f"would: {two.say(*command)}"


@pytest.mark.parametrize("command", EVERY_CHANGE, ids=lambda command: command[0])
def test_a_viewer_only_looks(two, command):
    assert "vera is a viewer" in two.trouble(*command, user="vera", code=5)
    assert two.get(1).events[1:] == ()
    two.run("show", 1, user="vera")


@pytest.mark.parametrize("command", EVERY_CHANGE, ids=lambda command: command[0])
def test_json_is_the_ticket_afterwards(two, command):
    shape = json.loads(two.say("--json", *command).splitlines()[0])
    assert {"number", "status", "requester"} <= set(shape) and "messages" not in shape


@pytest.mark.parametrize("command", EVERY_CHANGE, ids=lambda command: command[0])
def test_a_ticket_that_is_not_there(office, command):
    assert "no ticket #" in office.trouble(*command, code=4)


def test_the_others_go_on_and_the_first_trouble_is_the_exit_code(two):
    two.run("close", 1, "--set", "category=sälj")
    result = two.run("priority", 7, 1, 2, "high", code=4)
    assert result.stdout.startswith("#2 is high now")
    assert "no ticket #7" in result.stderr and "#1" in result.stderr
    assert two.get(2).priority == "high"


@pytest.mark.parametrize("words", [["#1", "#2"], ["1-2"], ["#1-#2"], ["1,", "2"], ["-"]])
def test_numbers_as_people_write_them(two, words):
    two.run("assign", *words, "bo", stdin="1\n#2\n")
    assert [two.get(number).assignee for number in (1, 2)] == ["bo", "bo"]


@pytest.mark.parametrize("word", ["x", "1-", "2-1", "1-99999", "1.5", "-1"])
def test_what_is_no_number(two, word):
    two.run("assign", word, "bo", code=2)


# --- assign ---


def test_assign(two):
    assert two.say("assign", 1, "me") == "#1 assigned to alice\n"
    assert two.say("assign", 1, "alice") == "#1 is alice’s already\n"
    assert two.say("assign", 1, "bo") == "#1 assigned to bo (was alice’s)\n"
    assert two.say("assign", 1, "none") == "#1 is unassigned now (was bo’s)\n"
    assert (two.get(1).assignee, two.get(1).status) == ("", "open")


def test_assign_to_whoever_has_least(office):
    for number in range(1, 7):
        office.make(number, assignee="alice" if number < 3 else "")
    office.run("assign", "3-6", "least_loaded")
    assert [office.get(number).assignee for number in range(3, 7)] == ["bo", "bo", "alice", "bo"]


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [("alcie", 2, "did you mean 'alice'"), ("zz", 2, "there are: alice, bo"), ("vera", 5, "viewer")],
)
def test_who_cannot_be_given_tickets(two, name, code, told):
    assert told in two.trouble("assign", 1, name, code=code)


# --- note ---


def test_a_note_from_the_command_line_or_standard_input(two):
    two.run("note", 1, "Ringde kunden.")
    two.run("note", 1, stdin="Två rader\nom åäö\n")
    two.run("note", 1, "-", stdin="tredje")
    notes = [message for message in two.get(1).messages if message.kind == "note"]
    assert [note.text for note in notes] == ["Ringde kunden.", "Två rader\nom åäö", "tredje"]
    assert (notes[0].direction, notes[0].author) == ("internal", "alice")
    assert notes[0].sender.address == "alice@exempel.example"


@pytest.mark.parametrize(
    ("editor", "code", "written"),
    [
        ("sed -i '1s/.*/Ringde åter./'", 0, ["Ringde åter."]),
        ("sed -i '1s/.*/# rubrik/'", 0, ["# rubrik"]),
        ("true", 5, []),
    ],
)
def test_a_note_in_the_editor(two, editor, code, written):
    """What stands below the cut is a reminder; nothing written is nothing saved; a line with # is a line."""
    done = at_terminal(two, ["note", "1"], env={"EDITOR": editor, "VISUAL": editor})
    assert done[0] == code, done
    assert [message.text for message in two.get(1).messages if message.kind == "note"] == written


def test_an_empty_note_is_no_note(two):
    assert "nothing was changed" in two.trouble("note", 1, stdin=" \n", code=5)
    assert len(two.get(1).messages) == 1


def test_a_note_on_a_closed_and_on_a_merged_ticket(two):
    two.run("close", 1, "--set", "category=sälj")
    two.run("note", 1, "efteråt")
    assert two.get(1).status == "closed"
    two.run("reopen", 1)
    two.run("merge", 1, "--into", 2)
    assert "merged into #2" in two.trouble("note", 1, "här?", code=5)


# --- wait ---


@pytest.mark.parametrize(
    ("until", "wakes"),
    [
        ("4h", datetime(2026, 11, 20, 13, 0, tzinfo=UTC)),
        ("2d", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),  # Friday 10:00 + two opening days: Tuesday 10:00
        ("calendar 2d", datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),  # when that day opens
        ("2026-11-28", datetime(2026, 11, 30, 7, 0, tzinfo=UTC)),  # a Saturday: when Monday opens
    ],
)
def test_waiting_until(two, until, wakes):
    two.run("wait", 1, until)
    assert (two.get(1).status, two.get(1).wake_at) == ("waiting", wakes)


def test_waiting_until_is_typed_without_quotes_behind_the_tickets(two):
    two.run("wait", 1, 2, "torsdag", "15")
    assert [two.get(number).wake_at for number in (1, 2)] == [datetime(2026, 11, 26, 14, 0, tzinfo=UTC)] * 2
    two.run("wait", "-", "calendar", "2d", stdin="1\n")
    assert two.get(1).wake_at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_date_that_can_be_read_in_two_ways_is_refused_with_the_choices(two):
    told = two.trouble("wait", 1, "fredag", "15", code=2)
    assert "write 2026-11-20 15:00 (Friday) or 2026-11-27 15:00 (Friday)" in told
    assert "until when?" in two.trouble("wait", 1, code=2)
    assert two.get(1).status == "new"


@pytest.mark.parametrize("until", ["soon", "2026-11-01", "2026-13-01", "0h"])
def test_what_is_no_time_to_wait(two, until):
    two.run("wait", 1, until, code=2)


def test_taking_a_waiting_ticket_back(two):
    two.run("wait", 1, "2d")
    assert "waits for the customer already" in two.say("wait", 1, "2d")
    assert two.say("wait", 1, "no") == "#1 waits for us again\n"
    two.run("wait", 1, "no", code=5)


# --- close, reopen ---


def answered(ticket, now, delivery):
    key = ticket.next_key()
    sender = Person("support@exempel.example")
    reply = Message(key=key, direction="out", kind="message", at=now, sender=sender, author="bo", delivery=delivery)
    return ticket.write(Act("bo", now), reply)


@pytest.mark.parametrize(
    ("deliveries", "lost"), [(["sent", "bounced"], True), (["bounced", "failed", "sent"], False), (["draft"], False)]
)
def test_only_the_newest_reply_can_have_missed_the_customer(two, deliveries, lost):
    for delivery in deliveries:
        two.change(1, lambda ticket, fate=delivery: answered(ticket, two.now, fate))
    assert ("a reply was not delivered" in two.say("show", 1, "--why")) == lost
    assert ("a reply was not delivered" in two.say("close", 1, "--set", "category=support")) == lost


def test_close_wants_what_rules_yaml_wants(two):
    assert "needs category (faktura, support, sälj)" in two.trouble("close", 1, code=5)
    assert two.get(1).status == "new"
    two.run("set", 1, "category=support")
    told = two.say("close", 1, "--cause", "leverans", "--lesson", "Säg frakttiden.")
    assert told == "#1 closed (solved, cause leverans, a lesson); nobody answered the requester\n"
    one = two.get(1)
    assert (one.status, one.cause, one.lesson, one.closed_at) == ("closed", "leverans", "Säg frakttiden.", two.now)


def test_closing_several_with_one_field(two):
    two.run("set", 1, "category=support")
    two.run("close", "1-2", "--set", "category=sälj", "--resolution", "no_answer")
    assert {two.get(number).fields["category"] for number in (1, 2)} == {"sälj"}
    assert two.get(2).resolution == "no_answer"


def test_a_closed_ticket_only_learns(two):
    two.run("close", 1, "--set", "category=sälj")
    assert "already closed" in two.trouble("close", 1, code=5)
    assert two.say("close", 1, "--cause", "betalning") == "#1, closed before: cause betalning added\n"
    assert two.get(1).cause == "betalning"
    told = two.say("close", 1, "--cause", "leverans", "--lesson", "Säg det.")
    assert told == "#1, closed before: cause leverans instead of betalning and lesson added\n"
    assert "has that already" in two.say("close", 1, "--cause", "leverans")


def test_what_is_asked_for_an_open_ticket_is_not_set_on_a_closed_one(two):
    two.run("close", 1, "--set", "category=sälj")
    two.run("set", 1, "category=")
    code, shown = at_terminal(two, ["close", "1-2", "--cause", "leverans"], typed="1\n")
    assert code == 0, shown
    assert (two.get(1).fields, two.get(2).fields) == ({}, {"category": "faktura"})


def test_a_cause_that_is_not_declared(two):
    assert "did you mean 'leverans'" in two.trouble("close", 1, "--cause", "leveranser", code=2)
    two.run("close", 1, "--set", "category=fakturor", code=2)


def test_reopen(two):
    two.run("close", 1, "--set", "category=sälj")
    assert two.say("reopen", 1) == "#1 is open again, unassigned: `ticketctl assign 1 me`\n"
    assert "is not closed" in two.trouble("reopen", 1, code=5)


def test_on_a_terminal_the_cause_is_asked_for(two):
    code, shown = at_terminal(two, ["close", "1"], typed="3\nleverans\n")
    assert code == 0, shown
    assert (two.get(1).fields, two.get(1).cause) == ({"category": "sälj"}, "leverans")
    code, shown = at_terminal(two, ["close", "2", "7", "--set", "category=sälj"], typed="9\n\n")
    assert code == 4 and "no ticket #7" in shown and "write a number from 1 to 3, or a name" in shown
    assert (two.get(2).status, two.get(2).cause) == ("closed", "")


def test_what_cannot_be_chosen_is_refused_with_what_to_type(two):
    rules = two.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace('pattern: "[0-9]{6}"', 'pattern: "[0-9]{6}", required_at: close'))
    code, shown = at_terminal(two, ["close", "1", "--cause", "leverans"], typed="1\n")
    assert code == 5 and "it needs order_number" in shown
    assert two.get(1).status == "new" and two.get(1).fields == {}, "nothing half done"


# --- labels, fields, priority, links ---


def test_labels(two):
    assert two.say("label", 1, "+vip", "drift") == "#1 labels: vip, drift\n"
    assert two.say("label", 1, "-vip", "-drift", "+reklamation") == "#1 labels: reklamation\n"
    assert two.say("label", 1, "--remove", "reklamation") == "#1 labels: none\n"
    assert two.say("label", 1, "-vip") == "#1 has it so already\n"
    two.run("label", 1, "vip")
    assert two.say("label", 1, "--", "-vip", "drift") == "#1 labels: drift\n"
    assert "did you mean 'vip'" in two.trouble("label", 1, "vipp", code=2)
    two.run("label", 1, code=2)
    two.run("label", "vip", code=2)


def test_a_label_needs_no_declaration_where_there_is_no_list(two):
    rules = two.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("labels: [drift, vip, reklamation]\n", ""))
    two.run("label", 1, "åäö", "2026-november")
    assert two.get(1).labels == ("åäö", "2026-november")
    two.run("label", 1, "a,b", code=2)


def test_fields(two):
    both = two.say("set", 1, "category=faktura", "order_number=123456")
    assert both == "#1 category: faktura, order_number: 123456\n"
    assert two.say("set", 1, "category=sälj") == "#1 category: sälj (was faktura)\n"
    assert two.say("set", 1, "category=") == "#1 category removed (was sälj)\n"
    assert two.say("set", 1, "order_number=123456") == "#1 has that already\n"
    assert two.say("set", 1, "subject=Ny\nrad") == "#1 subject: Ny rad\n"
    assert two.get(1).subject == "Ny rad"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("categori=x", "did you mean 'category'"),
        ("category=faktur", "did you mean 'faktura'"),
        ("order_number=12", "must match"),
        ("category", "FIELD=VALUE"),
        ("subject=", "say what to set"),
    ],
)
def test_what_cannot_be_set(two, word, told):
    assert told in two.trouble("set", 1, word, code=2)


def test_priority_tells_the_new_deadline(two):
    assert two.say("priority", 1, "high") == "#1 is high now (was medium); due in 0m\n"  # came an hour ago
    assert two.say("priority", 1, "low") == "#1 is low now (was high); due in 3d\n"  # Tuesday 09:00
    assert two.say("priority", 1, "low") == "#1 is low already\n"


def test_links_are_seen_from_both_sides(two):
    assert two.say("link", 1, "#2") == "#1 and #2 are now linked\n"
    assert (two.get(1).links, two.get(2).links) == ((Link(2, "related"),), (Link(1, "related"),))
    assert two.say("link", 2, 1) == "#2 and #1 are linked already\n"
    assert two.say("link", 2, 1, "--remove") == "#2 and #1 are no longer linked\n"
    assert two.get(1).links == ()
    assert "the others" in two.trouble("link", 1, 1, code=2)


def test_the_first_is_linked_with_each_of_the_others(two):
    for number in (3, 4, 5):
        two.make(number)
    told = two.run("link", 1, "3-4", 9, "#5", code=4)
    assert told.stdout.splitlines() == [f"#1 and #{other} are now linked" for other in (3, 4, 5)]
    assert "#9" in told.stderr
    assert [link.to for link in two.get(1).links] == [3, 4, 5]
    assert (two.get(4).links, two.get(2).links) == ((Link(1, "related"),), ())
    shapes = [json.loads(line) for line in two.say("link", "-", "--remove", "--json", stdin="1 3\n4").splitlines()]
    assert [shape["number"] for shape in shapes] == [1, 3, 4]
    assert [link.to for link in two.get(1).links] == [5]


# --- note ---


def noted(office, number):
    return [message.text for message in office.get(number).messages if message.kind == "note"]


@pytest.mark.parametrize(
    ("words", "stdin", "text"),
    [
        ([1, "#2", "Ringde båda."], "", "Ringde båda."),
        (["1-2", "Ringde båda."], "", "Ringde båda."),
        ([1, 2, "--text", "17"], "", "17"),
        (["1-2"], "Ur en fil.", "Ur en fil."),
        (["1-2", "-"], "Ur en fil.", "Ur en fil."),
        (["-", "Ringde båda."], "1\n#2\n", "Ringde båda."),
        (["-", "--text", "17"], "1-2", "17"),
    ],
)
def test_each_ticket_gets_the_note(two, words, stdin, text):
    assert two.say("note", *words, stdin=stdin).splitlines() == [f"#1 noted: {text}", f"#2 noted: {text}"]
    assert (noted(two, 1), noted(two, 2)) == ([text], [text])


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [([1, 2], "", 5), (["-"], "1 2", 2), (["-", "-"], "1 2", 2), (["hej"], "", 2), ([1, "hej", "du"], "", 2)],
)
def test_a_ticket_number_is_never_the_note(two, words, stdin, code):
    two.run("note", *words, stdin=stdin, code=code)
    assert noted(two, 1) + noted(two, 2) == []


def test_a_ticket_that_takes_no_note_does_not_stop_the_others(two):
    two.make(3)
    two.run("merge", 2, "--into", 3)
    assert "#2 was merged into #3" in two.trouble("note", 9, 2, 1, "hej", code=4)
    assert noted(two, 1) == ["hej"]


# --- merge, unmerge ---


def test_merge_and_unmerge(office):
    office.make(1, age=HOUR)
    office.make(2, age=DAY, requester=Person("bo@kund.example", "Bo"), labels=("vip",))
    with office.store.transaction() as desk:
        desk.queue(
            Outbound(
                id="x",
                kind="reply",
                message_id="a@b",
                raw="",
                sender="s@e.example",
                recipients=(),
                queued_at=office.now,
                ticket=2,
                message="m2",
            )
        )
    before = office.get(1), office.get(2)
    assert office.say("merge", 2, "--into", 1) == (
        "#2 merged into #1 (1 message); label vip came along; Bo <bo@kund.example> is answered in a mail of their own\n"
    )
    one, two = office.get(1), office.get(2)
    assert [message.key for message in one.messages] == ["2.m1", "m1"]
    assert (one.opened_at, one.labels, two.status, two.merged_into) == (office.now - DAY, ("vip",), "closed", 1)
    with office.store.reading() as desk:
        assert [(item.ticket, item.message) for item in desk.outbox()] == [(1, "2.m2")]
        assert desk.find_message("2@kund.example") == 1, "an answer to it goes where it is now"
    office.run("link", 1, 2, "--remove", code=5)
    assert office.say("unmerge", 2) == "#2 is out of #1 again, new as before\n"
    for number, was in enumerate(before, 1):
        now = office.get(number)
        assert (now.messages, now.status, now.labels, now.opened_at, now.participants, now.links) == (
            was.messages,
            was.status,
            was.labels,
            was.opened_at,
            was.participants,
            was.links,
        )
    with office.store.reading() as desk:
        assert [(item.ticket, item.message) for item in desk.outbox()] == [(2, "m2")]
        assert desk.find_message("2@kund.example") == 2


def test_unmerging_where_another_source_was_purged(office):
    for number in (1, 2, 3):
        office.make(number)
    office.run("merge", 2, 3, "--into", 1)
    with office.store.transaction() as desk:
        desk.delete(3)
    office.run("unmerge", 2)
    assert [message.key for message in office.get(1).messages] == ["m1", "3.m1"]


def test_which_one_stays_must_be_said(two):
    assert "--into" in two.trouble("merge", 1, 2, code=2)


def test_merging_the_wrong_things(two):
    two.run("merge", 1, "--into", 1, code=5)
    two.run("merge", 1, "--into", 9, code=4)
    two.run("merge", 1, "--into", 2)
    two.run("merge", 1, "--into", 2, code=5)
    two.make(3)
    assert "--into 2" in two.trouble("merge", 3, "--into", 1, code=5)
    two.run("unmerge", 3, code=5)


# --- new ---


def test_a_phone_call(office):
    told = office.say(
        "new",
        "--requester",
        "Åsa Öberg <ASA@kund.example>",
        "--subject",
        "Ringde",
        "--text",
        "Om fakturan.",
        "--assign",
        "me",
        "--priority",
        "high",
        "--label",
        "vip",
        "--set",
        "category=faktura",
    )
    assert told == "#1 Ringde: opened, alice’s\n"
    one = office.get(1)
    assert (one.requester, one.channel, one.status) == (Person("asa@kund.example", "Åsa Öberg"), "phone", "open")
    assert (one.assignee, one.priority, one.labels, one.fields) == ("alice", "high", ("vip",), {"category": "faktura"})
    assert one.messages[0].from_customer and one.messages[0].text == "Om fakturan."


def test_a_caller_without_mail_and_no_subject(office):
    office.run("new", "--requester", "070-123 45 67", "--channel", "visit", stdin="Vill ha kopia\nav kvittot\n")
    one = office.get(1)
    assert (one.requester, one.subject, one.channel) == (Person("", "070-123 45 67"), "Vill ha kopia", "visit")
    assert "070-123 45 67" in office.say("list") and "<>" not in office.say("show", 1)


def test_a_call_is_logged_in_less_than_twenty_seconds_of_typing(office):
    office.make(1, requester=Person("asa@kund.example", "Åsa Öberg"), subject="Var är min order?")
    call = ("new", "Undrar var order 4711 är", "-f", "070-1234567")
    office.run(*call)
    assert office.get(2).requester == Person("", "070-1234567") and office.get(2).subject == "Undrar var order 4711 är"
    assert "the same person’s: #1" in office.say("new", "Vill ha kopia", "-f", "asa@kund.example", "-a", "me")
    assert (office.get(3).requester, office.get(3).assignee) == (Person("asa@kund.example", "Åsa Öberg"), "alice")
    typed = f"ticketctl {shlex.join(call)}\n"
    assert len(typed) <= 20 * 200 / 60  # 200 keystrokes a minute: 40 words
    office.run(*call, "--text", "Två gånger", code=2)


def test_a_matter_of_our_own(office):
    office.run("new", "--subject", "Byt lösenord", "--text", "Före jul.")
    one = office.get(1)
    assert (one.channel, one.requester.name, one.messages[0].kind) == ("system", "alice", "note")
    assert not one.messages[0].from_customer


def test_the_same_persons_other_tickets_are_named(office):
    office.make(1, requester=Person("asa@kund.example"))
    assert "the same person’s: #1" in office.say("new", "--requester", "asa@kund.example", "--text", "Igen")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--requester", "Åsa <asa>"], 2),
        (["--requester", "<>"], 2),
        (["--assign", "alcie"], 2),
        (["--label", "x"], 2),
        (["--set", "x=1"], 2),
        (["--text", " "], 5),
        (["--channel", "fax"], 2),
    ],
)
def test_what_new_refuses(office, options, code):
    office.run("new", *(["--text", "x"] if "--text" not in options else []), *options, code=code)
    assert office.say("list", "--json") == ""


def test_a_mistyped_address_is_no_name(office):
    office.make(1)
    for address in ("a@b@c", "anna@ kund.example", "anna@kund.example, bo@kund.example"):
        assert "names nobody" in office.trouble("requester", 1, address, code=2)
        assert "names nobody" in office.trouble("new", "--requester", address, "--text", "Hej", code=2)
