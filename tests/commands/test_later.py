"""`reply --later`, the window in which a reply can be taken back, and `outbox`: what leaves when, and what does not."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed
from tests.commands.test_send import outbox, smtp
from tests.conftest import ROOT, RULES, Office
from tests.growth import HANG
from tests.mails import simple
from ticketctl.config import load
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.errors import BadRules
from ticketctl.terminal import background as _background
from ticketctl.usecases.outgoing.send import Send, Sent
from ticketctl.usecases.session import Session

ANNA = Person("anna@kund.example", "Anna Åström")
MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+00:00")  # 08:00 in Stockholm


def reply(office: Office, *words: object, number: int = 17, text: str = "Hej Anna!") -> str:
    return office.say("reply", number, "--text", text, "--later", "monday", *words)


def last(office: Office, number: int = 17) -> Message:
    return next(one for one in reversed(office.get(number).messages) if one.direction == "out")


def mail_in(office: Office, text: str = "Glöm det, jag har hittat den.", **headers: str) -> None:
    """A mail of Anna's that answers hers is fetched."""
    raw = simple("SV: Var är min beställning?", text, sender=ANNA.address, in_reply_to="<17@kund.example>", **headers)
    done = subprocess.run(
        [sys.executable, "-m", "ticketctl", "--as", "system", "fetch", "-q", "-"],
        input=raw, env={**office.environment(), "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=HANG,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(17, requester=ANNA)
    return office


# --- scheduled ---


def test_it_leaves_at_its_time_and_only_then_does_the_ticket_wait(desk: Office) -> None:
    told = reply(desk, "--wait", "2d")
    assert told == (
        "#17: reply to anna@kund.example is sent Mon 2026-11-23 08:00; `ticketctl undo 17` takes it back; "
        "it is yours now\n"
    )
    assert desk.get(17).status == "open", "the customer waits for us until it has left"
    assert "Reply by alice, to be sent Mon 2026-11-23 08:00" in desk.say("show", 17)
    assert "1 scheduled" in desk.say("board")
    assert "alice: scheduled m2 → Mon 2026-11-23 08:00" in desk.say("show", 17, "--history")
    desk.now = MONDAY - timedelta(minutes=1)
    assert desk.say("send") == "nothing to send\n"
    assert sent(desk) == []
    desk.now = MONDAY + timedelta(minutes=4)
    assert "sent to anna@kund.example" in desk.say("send")
    (mail,) = sent(desk)
    assert parsedate_to_datetime(mail["Date"]) == desk.now, "mail programs sort by it"
    ticket = desk.get(17)
    assert (ticket.status, ticket.wake_at) == ("waiting", desk.now + timedelta(days=2))
    assert (last(desk).delivered_at, last(desk).leaves_at) == (desk.now, None)
    assert f"<{last(desk).message_id}>" == mail["Message-ID"]
    assert desk.store.blobs.get(last(desk).raw).replace(b"\r\n", b"\n") in mail.as_bytes() + b"\n"
    assert outbox(desk) == []


def test_the_first_response_counts_when_it_has_left(desk: Office) -> None:
    reply(desk)
    desk.now += timedelta(hours=6)
    assert "overdue" in desk.say("list", "--overdue") or "17" in desk.say("list", "--overdue")
    desk.now = MONDAY
    desk.run("send")
    shown = desk.say("show", 17, "--why")
    assert "first response" in shown and "broken Mon 2026-11-23 08:00" in shown


@pytest.mark.parametrize(
    ("words", "status"), [(["--stay-open"], "open"), (["--close", "--cause", "leverans"], "closed"), ([], "waiting")]
)
def test_what_was_asked_for_happens_when_it_leaves(desk: Office, words: list[str], status: str) -> None:
    desk.run("set", 17, "category=faktura")
    reply(desk, *words)
    assert desk.get(17).status == "open"
    desk.now = MONDAY
    desk.run("send")
    ticket = desk.get(17)
    assert ticket.status == status
    assert ticket.cause == ("leverans" if status == "closed" else "")
    assert ticket.events[-1].actor == ("alice" if status != "open" else "system")


def test_what_somebody_did_with_the_ticket_meanwhile_stays(desk: Office) -> None:
    reply(desk)
    desk.run("wait", 17, "calendar 30d")
    wakes = desk.get(17).wake_at
    desk.now = MONDAY
    desk.run("send")
    assert (desk.get(17).status, desk.get(17).wake_at) == ("waiting", wakes)


def test_a_mail_that_waits_longer_than_five_days_has_five_days_from_its_time(desk: Office) -> None:
    with smtp(desk) as mailbox:
        desk.run("reply", 17, "--text", "Hej", "--later", "2026-12-15")
        desk.now = datetime.fromisoformat("2026-12-15T07:00:00+00:00")
        mailbox.plan["MAIL"] = ["451 later"]
        assert "tried again" in desk.trouble("send", code=8)
        desk.now += timedelta(minutes=5)
        desk.run("send")
        assert len(mailbox.mails) == 1


@pytest.mark.parametrize("step", ["CONNECT", "DATA", "DOT", "DOT taken"])
def test_a_run_that_is_killed_sends_the_same_bytes_again(desk: Office, step: str) -> None:
    with smtp(desk) as mailbox:
        reply(desk)
        desk.now = MONDAY
        mailbox.plan[step.split()[0]] = ["take, kill" if "taken" in step else "kill"]
        command = [sys.executable, "-m", "ticketctl", "send"]
        gate = [sys.executable, "-c", f"import os; input(); os.execv({sys.executable!r}, {command!r})"]
        env = {**desk.environment(), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(gate, env=env, stdin=subprocess.PIPE)
        mailbox.victim = process.pid
        process.communicate(b"\n", timeout=HANG)
        desk.run("send", code=8)
        desk.now += timedelta(minutes=15)
        desk.run("send")
        assert len(mailbox.mails) == 1 + ("taken" in step)
        assert len(set(mailbox.bodies)) == 1
        assert (last(desk).delivery, desk.get(17).status) == ("sent", "waiting")


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--later", "1/12"], "two ways"), (["--later", "2026-11-01"], "is in the past"),
     (["--later", "snart"], "--later"), (["--later", "2h", "--draft"], "--draft"),
     (["--later", "2h", "--queue"], "--queue"), (["--later", "2027-01-04", "--wait", "2026-12-01"], "is in the past")],
)  # fmt: skip
def test_a_time_that_is_unclear_changes_nothing(desk: Office, words: list[str], told: str) -> None:
    before = desk.get(17)
    assert told in desk.trouble("reply", 17, "--text", "Hej", *words, code=2)
    assert desk.get(17) == before


# --- held back ---


def test_it_is_held_back_when_the_customer_writes(desk: Office) -> None:
    reply(desk)
    desk.now += timedelta(hours=3)
    mail_in(desk)
    assert last(desk).delivery == "held"
    shown = desk.say("show", 17)
    assert "Reply by alice, held back" in shown and "`ticketctl outbox`" in shown
    board = desk.say("board")
    assert "1 held back" in board and "Held back: somebody wrote in between (1)" in board
    assert "the reply m2 is held back (anna@kund.example wrote in between" in " ".join(desk.say("inbox").split())
    listed = desk.say("outbox")
    assert "held" in listed and "`ticketctl outbox release 17` sends it" in listed
    desk.now = MONDAY + timedelta(days=30)
    assert desk.say("send") == "nothing to send\n"
    assert sent(desk) == []
    assert "held back" in desk.say("doctor", "--offline")
    (shape,) = json.loads(desk.say("outbox", "--json"))
    assert (shape["state"], shape["ticket"]) == ("held", 17)


def test_one_that_is_held_back_on_a_closed_ticket_is_on_the_board_too(desk: Office) -> None:
    reply(desk)
    desk.run("close", 17, "--set", "category=faktura")
    mail_in(desk, "Tack!")
    assert desk.get(17).status == "closed"
    assert "Held back: somebody wrote in between (1)" in desk.say("board")
    desk.run("outbox", "cancel", 17)
    assert "Held back" not in desk.say("board")


def test_a_held_reply_is_released_and_answers_what_came_between(desk: Office) -> None:
    reply(desk)
    desk.now += timedelta(hours=3)
    mail_in(desk)
    desk.now += timedelta(hours=1)
    assert "sent to anna@kund.example" in desk.say("outbox", "release", 17)
    (mail,) = sent(desk)
    assert parsedate_to_datetime(mail["Date"]) == desk.now
    ticket = desk.get(17)
    assert [one.key for one in ticket.messages] == ["m1", "m3", "m2"]
    assert (ticket.messages[-1].delivery, ticket.messages[-1].at, ticket.status) == ("sent", desk.now, "waiting")


def test_what_came_between_is_answered_by_the_release(desk: Office) -> None:
    desk.run("reply", 17, "--text", "Vi tittar på det.")
    mail_in(desk, "Hur går det?")
    reply(desk)
    desk.now += timedelta(hours=1)
    mail_in(desk, "Hallå?")
    desk.run("outbox", "release", 17)
    assert ", kept Fri 2026-11-20 11:00" in desk.say("show", 17, "--why").split("next response", 1)[1]


def test_a_held_reply_is_cancelled_and_written_again(desk: Office, tmp_path: Path) -> None:
    reply(desk, "--cc", "eva@kund.example", "--wait", "5d")
    mail_in(desk)
    assert "m2 is a draft again; `ticketctl reply 17` goes on with it" in desk.say("outbox", "cancel", "#17")
    assert desk.say("outbox") == "the outbox is empty\n"
    draft = last(desk)
    assert (draft.delivery, draft.wait, draft.raw, draft.message_id) == ("draft", "5d", "", "")
    assert "anna@kund.example wrote meanwhile" in desk.trouble("reply", 17, "--send", code=5)
    Terminal(desk, tmp_path, "true", "reply", 17).end()
    assert [str(mail["Cc"]) for mail in sent(desk)] == ["eva@kund.example"]


@pytest.mark.parametrize("how", ["auto-reply", "colleague", "note"])
def test_machines_and_colleagues_hold_nothing_back(desk: Office, how: str) -> None:
    reply(desk)
    if how == "auto-reply":
        mail_in(desk, "Jag är ledig.", Auto_Submitted="auto-replied")
    elif how == "colleague":
        desk.run("reply", 17, "--text", "En sak till", user="bo")
    else:
        desk.run("note", 17, "Hon ringde.")
    desk.now = MONDAY
    desk.run("send")
    assert [mail.get_content() for mail in sent(desk)][-1] == "Hej Anna!\n"


def test_what_a_merge_or_a_move_brings_in_holds_it_back_too(desk: Office) -> None:
    reply(desk)
    desk.now += timedelta(hours=2)
    desk.make(18, requester=ANNA)
    desk.run("merge", 18, "--into", 17)
    desk.now = MONDAY
    desk.run("send")
    assert sent(desk) == []
    assert last(desk).delivery == "held"


def test_a_released_mail_leaves_before_its_time(desk: Office) -> None:
    reply(desk)
    desk.run("outbox", "release", outbox(desk)[0].id[:6])
    assert len(sent(desk)) == 1
    desk.run("outbox", "release", 17, code=4)


def test_whoever_writes_again_is_told_of_the_one_that_waits(desk: Office) -> None:
    reply(desk)
    assert "alice’s reply m2 is sent Mon 2026-11-23 08:00" in desk.run("reply", 17, "--text", "Nu", user="bo").stderr
    assert "still waits for its time" in desk.say("close", 17, "--set", "category=faktura")


def test_undo_takes_a_scheduled_reply_back(desk: Office, tmp_path: Path) -> None:
    file = tmp_path / "kvitto.txt"
    file.write_text("100 kr", encoding="utf-8")
    reply(desk, "--attach", file, text="Jag bifogar kvittot.")
    assert "has the reply m2 as a draft again" in desk.say("undo", 17)
    assert (outbox(desk), last(desk).delivery, desk.get(17).assignee) == ([], "draft", "")
    desk.run("reply", 17, "--send")
    (mail,) = sent(desk)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["kvitto.txt"]


def test_what_somebody_may_have_got_is_not_taken_back(desk: Office) -> None:
    with smtp(desk) as mailbox:
        desk.run("reply", 17, "--text", "Hej", "--queue", "--cc", "bo@kund.example")
        mailbox.plan["RCPT:bo@kund.example"] = ["450 later"]
        desk.run("send", code=8)
        desk.run("outbox", "cancel", 17, code=5)
        mailbox.plan["DOT"] = ["drop"]
        desk.make(18, requester=ANNA)
        desk.run("reply", 18, "--text", "Hej", code=8)
        desk.run("outbox", "cancel", 18, code=5)
        assert len(outbox(desk)) == 2


def test_cancelling_a_reply_that_only_waits_for_the_server_opens_the_ticket(desk: Office) -> None:
    desk.run("reply", 17, "--text", "Hej", "--queue")
    assert desk.get(17).status == "waiting"
    desk.run("outbox", "cancel", 17)
    assert (desk.get(17).status, last(desk).delivery) == ("open", "draft")
    desk.run("outbox", "cancel", 17, code=4)
    desk.run("outbox", "cancel", 17, user="vera", code=5)
    reply(desk)
    desk.run("reply", 17, "--text", "Nu!")
    desk.run("outbox", "cancel", 17)
    assert desk.get(17).status == "waiting", "for the answer to what has left"


# --- the window ---


def with_window(office: Office, undo: str) -> None:
    (office.folder / "rules.yaml").write_text(RULES.replace("undo: 0s", f"undo: {undo}"), encoding="utf-8")


def test_the_command_returns_at_once_and_undo_holds_the_reply_back(desk: Office, tmp_path: Path) -> None:
    with_window(desk, "60s")
    before = desk.get(17)
    told = Terminal(desk, tmp_path, typed("Hoppsan"), "reply", 17, "--wait", "5d").end()
    assert "#17: reply to anna@kund.example is sent in 60 s; `ticketctl undo 17` takes it back" in told
    assert sent(desk) == [] and desk.say("send") == "nothing to send\n", "the window is the writer's"
    assert "has the reply m2 as a draft again, and nothing was sent" in desk.say("undo", 17)
    after = desk.get(17)
    assert (after.status, after.assignee, after.wake_at) == ("open", before.assignee, None)
    assert (after.messages[-1].text, after.messages[-1].delivery) == ("Hoppsan", "draft")
    desk.now += timedelta(minutes=5)
    desk.run("send")
    assert (outbox(desk), sent(desk)) == ([], [])


def test_it_leaves_by_itself_after_the_window(desk: Office, tmp_path: Path) -> None:
    with_window(desk, "1s")
    Terminal(desk, tmp_path, typed("Två"), "reply", 17).end()
    end = time.monotonic() + HANG
    while not sent(desk):
        assert time.monotonic() < end, "nothing let it go"
        time.sleep(0.05)
    assert [mail.get_content() for mail in sent(desk)] == ["Två\n"]
    while outbox(desk):  # it is recorded a moment later
        assert time.monotonic() < end
        time.sleep(0.05)
    assert desk.get(17).messages[-1].delivery == "sent"


def test_a_background_run_waits_for_another_that_sends(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other run does not take along, since its time came later, is not left lying."""
    monkeypatch.setattr(_background, "AGAIN", (0, 0, 0))
    answers = iter([Sent(elsewhere=True), Sent(elsewhere=True), Sent()])
    seen = []

    def send(session: Session, request: Send) -> Sent:
        seen.append(session.now)
        return next(answers)

    monkeypatch.setattr(_background, "send", send)
    _background.send_after(desk.shell(), 0)
    assert len(seen) == 3 and seen == sorted(seen)


def test_where_the_background_run_is_killed_the_next_send_takes_it_along(desk: Office, tmp_path: Path) -> None:
    with_window(desk, "60s")
    Terminal(desk, tmp_path, typed("Viktigt"), "reply", 17).end()
    desk.now += timedelta(minutes=5)
    desk.run("send")
    assert [mail.get_content() for mail in sent(desk)] == ["Viktigt\n"]


def test_without_a_terminal_a_short_window_is_none(desk: Office) -> None:
    with_window(desk, "10s")
    desk.run("reply", 17, "--text", "Hej")
    assert len(sent(desk)) == 1


def test_a_long_window_is_spent_in_the_outbox(desk: Office) -> None:
    with_window(desk, "5m")
    told = desk.say("reply", 17, "--text", "Hej")
    assert "is sent by the first `ticketctl send` after 10:05:00; `ticketctl undo 17` takes it back" in told
    assert desk.say("send") == "nothing to send\n"
    desk.now += timedelta(minutes=5)
    desk.run("send")
    assert len(sent(desk)) == 1
    desk.run("reply", 17, "--text", "Nej")
    desk.run("undo", 17)
    desk.now += timedelta(minutes=5)
    desk.run("send")
    assert len(sent(desk)) == 1


@pytest.mark.parametrize(("undo", "seconds"), [("0s", 0), ("10s", 10), ("2m", 120), ("60m", 3600)])
def test_how_long_a_window_may_be(office: Office, undo: str, seconds: int) -> None:
    with_window(office, undo)
    outgoing = load(office.folder / "rules.yaml").outgoing
    assert outgoing is not None and outgoing.undo == seconds
    for wrong in ("61m", "10", "soon", "2h", "-1s"):
        with_window(office, wrong)
        with pytest.raises(BadRules, match="10s or 2m"):
            load(office.folder / "rules.yaml")


# --- with rules and promises ---


def test_rules_are_told_when_it_has_left(desk: Office) -> None:
    with (desk.folder / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "rules:\n"
            "  - {id: svarat, events: [agent_reply], then: [{label: vip}]}\n"
            "  - {id: stängt, events: [closed], then: [{label: drift}]}\n"
        )
    desk.run("set", 17, "category=faktura")
    reply(desk, "--close")
    assert desk.get(17).labels == ()
    desk.now = MONDAY
    desk.run("send")
    assert set(desk.get(17).labels) == {"vip", "drift"}


def test_what_it_promises_is_reckoned_from_its_leaving_and_goes_with_it(desk: Office) -> None:
    reply(desk, "--promise", "tomorrow 12")
    assert "2026-11-24T11:00:00+00:00" in [event.after for event in desk.get(17).events if event.what == "promised"]
    desk.run("outbox", "cancel", 17)
    assert "promise dropped" in [event.what for event in desk.get(17).events]
