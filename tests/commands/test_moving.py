"""`move` and `split`: a wrongly joined message goes elsewhere, with all that is its own, and later answers follow."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.commands.test_fetch import Post, ours
from tests.mails import mails, simple
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Link


@pytest.fixture
def post(office, tmp_path):
    return Post(office, tmp_path / "post")


@pytest.fixture
def joined(office, post):
    """#1 with a first mail and one that was joined to it by an old Message-ID: it is about an invoice."""
    post.fetch(simple(message_id="a@kund.example"))
    post.fetch(
        simple(
            "SV: Fakturan för oktober",
            "Varför är fakturan så hög?",
            message_id="b@kund.example",
            In_Reply_To="<a@kund.example>",
            Cc="Bo <bo@annan.example>",
        )
    )
    return office


def test_split_makes_a_ticket_of_the_message(joined):
    assert joined.say("split", 1, "m2") == ("#1 m2 is the new ticket #2 now, asa@kund.example: Fakturan för oktober\n")
    source, fresh = joined.get(1), joined.get(2)
    assert [one.text for one in source.messages] == ["Hej! Kannan är trasig."]
    (message,) = fresh.messages
    assert (message.key, message.text, message.message_id) == ("m1", "Varför är fakturan så hög?", "b@kund.example")
    assert (fresh.status, fresh.requester.address, fresh.opened_at) == ("new", "asa@kund.example", message.at)
    assert (fresh.participants, source.participants) == ((Person("bo@annan.example", "Bo"),), ())
    assert (source.links, fresh.links) == ((Link(2, "related"),), (Link(1, "related"),))
    assert "moved from #1 by alice" in joined.say("show", 2, "--why")
    for ticket in (source, fresh):
        events = [event for event in ticket.events if event.why == "split"]
        assert events[0].what in ("moved away", "moved here")
        assert {event.actor for event in events} == {"alice"}


def test_later_answers_follow_to_the_new_place(joined, post):
    joined.run("split", 1, "m2")
    post.fetch(simple("SV: Fakturan", "Hallå?", In_Reply_To="<b@kund.example>", References="<a@kund.example>"))
    post.fetch(simple("SV: Trasig kanna", "Och kannan?", In_Reply_To="<a@kund.example>"))
    assert [one.text for one in joined.get(2).messages] == ["Varför är fakturan så hög?", "Hallå?"]
    assert joined.get(1).messages[-1].text == "Och kannan?"
    assert joined.get(2).links == (Link(1, "related"),), "linked already: no second link"


def test_an_answer_to_a_reply_of_ours_that_was_moved_follows(joined, post):
    message_id = ours(joined, 1)
    joined.run("split", 1, "m2")
    joined.run("move", 1, "m3", 2)
    post.fetch(simple("SV: [#1]", "Tack, men varför?", In_Reply_To=f"<{message_id}>"))
    assert [one.text for one in joined.get(2).messages][1:] == ["Vi tittar på det.", "Tack, men varför?"]
    assert len(joined.get(1).messages) == 1


def test_the_same_mail_again_is_known_where_it_is_now(joined, post, tmp_path):
    joined.run("split", 1, "m2")
    other = Post(joined, tmp_path / "annan")
    raw = [path.read_bytes() for path in sorted((post.folder / "new").iterdir())]
    assert other.fetch(*raw) == "2 mails: 2 seen before"


def test_move_takes_attachments_and_wakes_who_waits(office, post):
    post.fetch(next(one.raw for one in mails(50) if b"bild.png" in one.raw))
    post.fetch(simple("Re: något", sender="ny@kund.example", In_Reply_To="<x@y.example>"))
    office.make(9, requester=Person("cia@kund.example", "Cia"))
    office.change(9, lambda one: one.wait(Act("alice", office.now), office.now.replace(month=12)))
    first = office.get(1)
    office.run("note", 1, "En anteckning.")
    assert office.say("move", 1, "m1", 9).endswith(" of #9 now\n")
    target = office.get(9)
    there = next(one for one in target.messages if one.attachments)
    assert (there.attachments, there.raw) == (first.messages[0].attachments, first.messages[0].raw)
    assert [one.at for one in target.messages] == sorted(one.at for one in target.messages)
    assert target.status == "open"
    assert target.takes_part(first.requester.address)


def test_the_copy_in_the_outbox_goes_too(joined):
    ours(joined, 1)
    item = Outbound(
        id="x", kind="reply", message_id="x@y", raw="", sender="", recipients=(), queued_at=joined.now,
        ticket=1, message="m3",
    )  # fmt: skip
    with joined.store.transaction() as desk:
        desk.queue(item)
    joined.make(9)
    joined.run("move", 1, "m3", 9)
    with joined.store.transaction() as desk:
        (moved,) = desk.outbox()
        assert (moved.ticket, moved.message) == (9, "m2")
        desk.queue(Outbound(**{**{name: getattr(item, name) for name in item.__struct_fields__},
                               "ticket": 9, "message": "m2", "state": "sending"}))  # fmt: skip
    assert "is being sent" in joined.trouble("move", 9, "m2", 1, code=5)


def test_machines_and_letters_to_hundreds_bring_nobody(joined):
    joined.make(9, requester=Person("cia@kund.example", "Cia"))
    first = joined.get(1).messages[0]
    crowd = tuple(Person(f"n{number}@alla.example") for number in range(40))
    robot = Person("robot@annan.example")
    letter = msgspec.structs.replace(first, key="m8", to=crowd)
    answer = msgspec.structs.replace(first, key="m9", sender=robot, kind="automatic", machine="auto_reply")
    joined.change(1, lambda one: msgspec.structs.replace(one, messages=(*one.messages, letter, answer)))
    joined.run("move", 1, "m8", 9)
    joined.run("move", 1, "m9", 9)
    assert [person.address for person in joined.get(9).participants] == ["asa@kund.example"]


def test_a_key_is_not_given_twice(joined, post):
    joined.run("split", 1, "m2")
    post.fetch(simple("SV: Trasig kanna", "Och kannan?", In_Reply_To="<a@kund.example>"))
    assert [one.key for one in joined.get(1).messages] == ["m1", "m3"]


def test_what_cannot_be_moved(joined):
    joined.make(5)
    joined.make(6)
    joined.run("close", 6, "--set", "category=support")
    assert "no message m9" in joined.trouble("move", 1, "m9", 5, code=4)
    joined.run("move", 1, "m2", 99, code=4)
    assert "in #1 already" in joined.trouble("move", 1, "m2", 1, code=5)
    assert "reopen 6" in joined.trouble("move", 1, "m2", 6, code=5)
    assert "merge 5 --into" in joined.trouble("move", 5, "m1", 1, code=5)
    assert "merge 5 --into" in joined.trouble("split", 5, "m1", code=5)
    joined.run("note", 1, "Intern.")
    assert "not to or from a customer" in joined.trouble("split", 1, "m3", code=5)
    joined.run("move", 1, "m3", 5)
    joined.run("reply", 1, "--text", "Utkast", "--draft")
    assert "is a draft" in joined.trouble("move", 1, "m4", 5, code=5)
    joined.run("merge", 5, "--into", 1)
    assert "merged into #1" in joined.trouble("split", 5, "m1", code=5)
    assert "move it there" in joined.trouble("move", 1, "m2", 5, code=5)


@pytest.mark.parametrize("command", [("move", 1, "m2", 9), ("split", 1, "m2")], ids=lambda words: words[0])
class TestBoth:
    def test_a_dry_run_tells_the_same_and_changes_nothing(self, joined, command):
        joined.make(9)
        before = (joined.folder / "data" / "desk.json").read_bytes()
        told = joined.say(*command, "--dry-run")
        assert (joined.folder / "data" / "desk.json").read_bytes() == before
        assert told == "would: " + joined.say(*command)

    def test_a_viewer_only_looks(self, joined, command):
        joined.make(9)
        joined.run(*command, code=5, user="vera")

    def test_json_is_the_ticket_where_it_is_now(self, joined, command):
        joined.make(9)
        assert json.loads(joined.say(*command, "--json"))["number"] in (9, 10)
