"""Where what is said in a room or chat belongs; what its writer changes or takes away."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.domain.test_conversation import KEY, NOW, POLICY, Desk
from ticketctl.domain.changes.revise import EDITED, REMOVED, SINCE_ANSWER, edited, message_of, redacted
from ticketctl.domain.mail.message_ids import make_message_id
from ticketctl.domain.mail.threading import place
from ticketctl.domain.ticket.message import Inbound, Message, Person
from ticketctl.domain.ticket.ticket import Act, RuleRun, Ticket

ASA, BO = Person("@asa:chat.example", "Åsa", "matrix"), Person("@bo:chat.example", "Bo", "matrix")
TALK = "matrix-talk:room/!a:chat.example/@asa:chat.example"
OURS = make_message_id(17, "1a", KEY, "matrix.invalid")
ACT = Act("system", NOW, "its writer")


def said(sender=ASA, **fields):
    given = {"conversation": TALK, "quiet": timedelta(hours=24), "message_id": "$new", **fields}
    return Inbound(content="c", sender=sender, references=(given["conversation"],), **given)


def talk(number=17, *, ago=timedelta(hours=1), ours=False, status="open", requester=ASA, **fields):
    """A ticket in which Åsa wrote, and we answered where `ours` says so."""
    at = NOW - ago
    first = Message(
        key="m1", direction="in", kind="message", at=at, sender=requester, message_id=f"${number}", text="Hej",
        references=(TALK,), channel="matrix",
    )  # fmt: skip
    answer = Message(
        key="m2", direction="out", kind="message", at=at, sender=Person("", "Support"), message_id=OURS, text="Hej!",
        delivery="sent",
    )  # fmt: skip
    closed = at if status == "closed" else None
    messages = (first, answer) if ours else (first,)
    return Ticket(
        number=number, subject="Hej", requester=requester, opened_at=at, messages=messages, status=status,
        closed_at=closed, **fields,
    )  # fmt: skip


def placed(inbound, *tickets):
    return place(inbound, Desk(*tickets), POLICY, NOW).number


@pytest.mark.parametrize(
    ("ticket", "number"),
    [
        (talk(), 17),
        (talk(ago=timedelta(days=9)), 17),  # they wait for us: it is the same matter, however long that takes
        (talk(ours=True), 17),
        (talk(ours=True, ago=timedelta(hours=25)), None),  # answered, and silent for a day
        (talk(ours=True, ago=timedelta(hours=25), status="waiting"), 17),  # we wait for them
        (talk(status="closed", ago=timedelta(hours=23)), 17),
        (talk(status="closed", ago=timedelta(hours=25)), None),
    ],
)
def test_a_new_matter_begins_after_a_quiet_time(ticket, number):
    assert placed(said(), ticket) == number


def test_a_new_matter_begins_where_they_say_so():
    found = place(said(new_matter=True), Desk(talk()), POLICY, NOW)
    assert (found.number, found.links) == (None, (17,))


def test_what_is_answered_counts_more_than_the_time():
    old, new = talk(17, ours=True, ago=timedelta(days=3)), talk(18)
    assert placed(said(), old, new) == 18
    assert placed(said(in_reply_to=("$17",)), old, new) == 17
    assert placed(said(in_reply_to=(OURS,)), old, new) == 17
    long_ago = talk(17, status="closed", ago=timedelta(days=20))
    assert placed(said(in_reply_to=("$17",)), long_ago) is None


def test_nobody_adds_to_the_matter_of_another():
    assert placed(said(BO, in_reply_to=("$17",)), talk()) is None
    assert placed(said(BO, in_reply_to=(OURS,)), talk(ours=True)) is None
    assert placed(said(BO), talk()) is None  # even with the same conversation


def edit(text, number=1):
    return Inbound(message_id=f"$edit{number}", content="c", sender=ASA, text=text, new_text=text, edits="$17")


def test_an_edit_is_another_version_of_the_same_message():
    ticket = talk()
    for number, text in enumerate(("Hej du", "Hej igen"), 1):
        ticket = edited(ticket, ACT, ticket.message("m1"), edit(text, number))
    message = ticket.message("m1")
    assert (message.text, [one.text for one in message.versions]) == ("Hej igen", ["Hej", "Hej du"])
    assert (message.nature, message.flagged) == ((EDITED,), "")
    assert edited(ticket, ACT, message, edit("Hej igen", 2)) is ticket  # known

    back = redacted(ticket, ACT, message, "$edit1").message("m1")
    assert (back.text, [one.text for one in back.versions]) == ("Hej igen", ["Hej"])
    back = redacted(ticket, ACT, message, "$edit2").message("m1")
    assert (back.text, [one.text for one in back.versions]) == ("Hej du", ["Hej"])


def test_an_edit_after_our_answer_asks_for_a_second_look():
    ticket = talk(ours=True)
    assert edited(ticket, ACT, ticket.message("m1"), edit("Nej")).message("m1").flagged == SINCE_ANSWER


def test_a_removal_leaves_that_there_was_a_message():
    run = RuleRun(event="created", at=NOW, message="m1")
    ticket = talk(ours=True, rule_runs=(run, msgspec.structs.replace(run, message="m2")))
    ticket = edited(ticket, ACT, ticket.message("m1"), edit("kanarie"))
    gone = redacted(ticket, ACT, ticket.message("m1"), "$17")
    assert b"kanarie" not in msgspec.json.encode(gone)
    message = gone.message("m1")
    assert (message.text, message.nature, message.message_id, message.at) == (
        "",
        (REMOVED,),
        "$17",
        NOW - timedelta(hours=1),
    )
    assert [one.message for one in gone.rule_runs] == ["m2"]
    assert gone.subject == f"({REMOVED})"
    assert gone.message("m2").text == "Hej!"
    assert redacted(gone, ACT, message, "$17") is gone
    assert edited(gone, ACT, message, edit("wieder da", 2)) is gone


def test_a_message_is_found_by_its_id_and_by_that_of_its_edit():
    ticket = edited(talk(), ACT, talk().message("m1"), edit("Hej du"))
    assert [message_of(ticket, one).key for one in ("$17", "$edit1")] == ["m1", "m1"]
    assert message_of(ticket, "$other") is None
