"""What events of Matrix say, by themselves: no server is asked."""

from __future__ import annotations

import msgspec
import pytest

from ticketctl.channels.email.medium import Mail
from ticketctl.channels.matrix.events import said
from ticketctl.channels.matrix.invitations import asked
from ticketctl.channels.matrix.places import conversation, references, spot
from ticketctl.channels.matrix.sink import LONGEST, parts
from ticketctl.channels.plain import Plain
from ticketctl.domain.config import MatrixSource
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.medium import Unreadable
from ticketctl.ports.plain_message import PlainFile, PlainMessage

ROOM = "!a:b.example"


def event(content, kind="m.room.message", **more):
    shape = {"event_id": "$1", "sender": "@asa:b.example", "origin_server_ts": 1_780_000_000_000, "type": kind}
    return {**shape, "content": content, **more}


def text(body, **more):
    return event({"msgtype": "m.text", "body": body, **more})


REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}
THREAD = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$t", "is_falling_back": True, **REPLY["m.relates_to"]}}
EDIT = {
    "m.new_content": {"msgtype": "m.text", "body": "Hej då"},
    "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"},
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (text("Hej"), {"text": "Hej"}),
        (text("> <@x> Va?\n> Vad?\n\nJo", **REPLY), {"text": "Jo", "answers": "$0"}),
        (text("> ett citat\nJo"), {"text": "> ett citat\nJo"}),
        (text("Jo", **THREAD), {"text": "Jo", "thread": "$t", "answers": ""}),
        (text("* Hej då", **EDIT), {"text": "Hej då", "edits": "$0"}),
        (text("!new: En annan sak"), {"text": "En annan sak", "new_matter": True}),
        (text("!NEW"), {"text": "!NEW", "new_matter": True}),
        (text("!newton var klok"), {"text": "!newton var klok", "new_matter": False}),
        (event({"redacts": "$0"}, "m.room.redaction"), {"redacts": "$0"}),
        (event({}, "m.room.redaction", redacts="$0"), {"redacts": "$0"}),
        (event({"algorithm": "x"}, "m.room.encrypted"), {"encrypted": True, "text": ""}),
    ],
)
def test_what_a_person_said(given, expected):
    found = said(ROOM, given)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    "given",
    [
        event({"msgtype": "m.notice", "body": "jag är en robot"}),
        event({}),  # redacted before it was read
        event({"body": 7, "msgtype": 8}),
        event("nonsense"),
        event({"name": "Rum"}, "m.room.name", state_key=""),
        event({"m.relates_to": {"rel_type": "m.annotation"}}, "m.reaction"),
        {"type": "m.room.message"},
    ],
)
def test_what_is_no_message(given):
    assert said(ROOM, given) is None


def test_a_caption_is_the_text_of_its_file():
    found = said(ROOM, event({"msgtype": "m.image", "body": "Så här", "filename": "a.png", "url": "mxc://b/c"}))
    assert (found.text, found.file["filename"]) == ("Så här", "a.png")
    found = said(ROOM, event({"msgtype": "m.file", "body": "a.pdf", "url": "mxc://b/c"}))
    assert (found.text, found.file["filename"]) == ("", "a.pdf")


def test_an_answer_knows_its_room_and_thread():
    assert spot(references("room", ROOM, "$t")) == ("room", ROOM, "$t")
    assert spot((conversation("room", ROOM, "@asa:b.example", ""), *references("room", ROOM, ""))) == ("room", ROOM, "")
    assert spot(("first@kund.example",)) is None


def test_a_long_text_is_cut_where_nobody_minds():
    long = "\n\n".join(f"{number} " + "ö" * 900 for number in range(60))
    found = parts(long)
    assert len(found) > 1
    assert all(len(one.encode()) <= LONGEST for one in found)
    assert "".join("".join(one.split()) for one in found) == "".join(long.split())
    assert parts("Hej") == ["Hej"]
    assert parts("ö" * LONGEST) == ["ö" * (LONGEST // 2)] * 2


CONFIG = MatrixSource(name="room", server="https://b.example", user="@support:b.example")


def invite(sender, *state):
    own = {"type": "m.room.member", "state_key": CONFIG.user, "sender": sender, "content": {"membership": "invite"}}
    return {"invite_state": {"events": [own, *state]}}


@pytest.mark.parametrize(
    ("servers", "invited", "handle"),
    [
        ((), invite("@asa:b.example"), f"join {ROOM}"),
        ((), invite("@asa:c.example"), f"refuse {ROOM} server"),
        (("c.example",), invite("@asa:c.example"), f"join {ROOM}"),
        (("*",), invite("@asa:d.example"), f"join {ROOM}"),
        (("*",), invite("@asa:d.example", {"type": "m.room.encryption"}), f"refuse {ROOM} encrypted"),
        ((), {}, f"refuse {ROOM} server"),
    ],
)
def test_whose_invitation_is_accepted(servers, invited, handle):
    assert asked(msgspec.structs.replace(CONFIG, servers=servers), ROOM, invited) == handle


def test_a_plain_message_is_masked_in_all_its_texts_and_files():
    medium = Plain("matrix", Mail())
    file = PlainFile(name="a.txt", data=b"the canary", type="text/plain")
    said = PlainMessage(id="$1", sender=Person("@a:b", "", "matrix"), text="a canary", files=(file,))
    raw = msgspec.json.encode(said)
    changed = medium.rewrite(raw, lambda words: words.replace("canary", "***"))
    assert "canary" in " ".join(medium.texts(raw))
    assert "canary" not in " ".join(medium.texts(changed))
    assert medium.parse(changed).payloads == (b"the ***",)
    with pytest.raises(Unreadable):
        medium.parse(b"From: a mail\n\n")
