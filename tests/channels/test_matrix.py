"""Matrix, against a real Synapse: rooms become tickets, answers go back into them, and nothing is lost or twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.conftest import ROOT, Office
from tests.matrix_server import Synapse, User, running
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket

pytestmark = pytest.mark.synapse


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with running() as server:
        yield server


class Desk:
    """A desk with one room source, and its user at the server."""

    def __init__(self, office: Office, server: Synapse, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
        self.office = office
        self.user = server.user("support")
        office.now = datetime.now(UTC)
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("TICKETCTL_PASSWORD_ROOM", self.user.token)
        rules = office.folder / "rules.yaml"
        source = f'{{name: room, matrix: {{server: "{server.address}", user: "{self.user.id}"{more}}}}}'
        rules.write_text(f"{rules.read_text()}\nsources:\n  - {source}\n")
        self.fetch()  # from here on

    def fetch(self, **options: object) -> str:
        self.office.now = datetime.now(UTC)
        return self.office.say("fetch", **options)

    def started(self) -> subprocess.Popen[bytes]:
        """A fetch in a process of its own, under way."""
        self.office.now = datetime.now(UTC)
        env = {**os.environ, **self.office.environment(), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ticketctl", "fetch"]
        return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tickets(self) -> list[Ticket]:
        with self.office.store.reading() as desk:
            return sorted(desk.find(archive=True, texts=True), key=lambda one: one.number)

    def welcome(self, customer: User, **more: object) -> str:
        """A room of theirs that the desk is in."""
        room = customer.room(self.user.id, **more)
        self.fetch()
        return room

    def send(self) -> str:
        self.office.now = datetime.now(UTC)
        return self.office.say("send")

    def answer(self, number: int, text: str, *words: str) -> None:
        self.office.now += timedelta(milliseconds=1)
        self.office.run("reply", number, "--text", text, "--no-check", "--queue", *words)

    def holds(self, words: str) -> list[str]:
        """The files of the desk that have these words in them."""
        files = [one for one in (self.office.folder / "data").rglob("*") if one.is_file()]
        return [one.name for one in files if words.encode() in one.read_bytes()]


@pytest.fixture
def desk(office: Office, synapse: Synapse, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(office, synapse, monkeypatch)


def test_a_room_is_a_conversation_and_the_answer_comes_back_into_it(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = asa.room(desk.user.id)
    first = asa.say(room, "Hej! Lampan lyser inte.")  # before we are in
    desk.fetch()
    desk.fetch()
    (ticket,) = desk.tickets()
    assert (ticket.channel, ticket.requester.address, ticket.requester.medium) == ("matrix", asa.id, "matrix")
    assert (ticket.subject, ticket.messages[0].text) == ("Hej! Lampan lyser inte.", "Hej! Lampan lyser inte.")

    desk.answer(ticket.number, "Sitter den i?")
    assert desk.send() == f"sent to {asa.id}: #1\n"
    heard = asa.seen(room)[-1]
    assert (heard["sender"], heard["content"]["body"]) == (desk.user.id, "Sitter den i?")
    assert heard["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == first

    asa.answer(room, heard["event_id"], "> <@support> Sitter den i?\n\nJa, men den är mörk.")
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [(one.direction, one.text) for one in ticket.messages] == [
        ("in", "Hej! Lampan lyser inte."),
        ("out", "Sitter den i?"),
        ("in", "Ja, men den är mörk."),
    ]
    assert ticket.messages[1].delivery == "sent"
    assert desk.fetch() == desk.fetch()  # our own words and what is known bring nothing
    assert desk.user.token not in desk.office.say("show", ticket.number, "--json")
    assert "by e-mail (–), Matrix (room) and telephone" in desk.office.say("privacy", "record")


@pytest.mark.long
def test_an_outage_loses_nothing_and_keeps_the_order(desk: Desk, synapse: Synapse) -> None:
    """A sync gives the newest 50 of a room and says that it left some out."""
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    said = [f"nummer {number}" for number in range(180)]
    for text in said[:120]:
        asa.say(room, text)
    synapse.stop(signal.SIGKILL)
    told = desk.office.trouble("fetch", code=8)
    assert "cannot be reached" in told
    assert desk.user.token not in told
    synapse.start()
    for text in said[120:]:
        asa.say(room, text)
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == said
    with desk.office.store.reading() as opened:
        assert opened.cursor("room").token

    desk.fetch()
    (ticket,) = desk.tickets()
    assert len(ticket.messages) == len(said)


@pytest.mark.long
def test_what_is_sent_again_is_there_once(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    asa.say(room, "Hej!")
    desk.fetch()
    desk.answer(1, "Hej Åsa")
    with desk.office.store.reading() as opened:
        (item,) = opened.outbox()
    session = desk.office.session()
    raw = session.store.blobs.get(item.raw)
    sink = session.app.sink("matrix")
    first = sink.send("", item.recipients, raw)
    sink.close()
    synapse.stop(signal.SIGKILL)
    synapse.start()
    assert sink.send("", item.recipients, raw).detail == first.detail
    desk.send()
    sink.close()
    assert [one["content"]["body"] for one in asa.seen(room)] == ["Hej!", "Hej Åsa"]


@pytest.mark.long
def test_answers_wait_where_the_server_asks_for_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(limited=True) as server:
        desk = Desk(office, server, monkeypatch)
        asa = server.user("asa")
        room = desk.welcome(asa)
        asa.say(room, "Hej!")
        desk.fetch()
        texts = [f"svar {number}" for number in range(13)]
        for text in texts:
            desk.answer(1, text)
        desk.send()
        ours = [one["content"]["body"] for one in asa.seen(room) if one["sender"] == desk.user.id]
        assert ours == texts
        with office.store.reading() as opened:
            assert list(opened.outbox()) == []


@pytest.mark.long
def test_matters_of_a_room(desk: Desk, synapse: Synapse) -> None:
    """Each person has a conversation of their own; a thread is one, and so is what comes after !new."""
    asa, bo = synapse.user("asa"), synapse.user("bo")
    room = desk.welcome(asa)
    asa.post(f"/rooms/{quote(room)}/invite", {"user_id": bo.id})
    bo.join(room)
    lamp = asa.say(room, "Lampan är mörk.")
    bo.say(room, "Min kanna är sprucken.")
    asa.say(room, "Den blinkade först.")
    asa.say(room, "!new En annan sak: fakturan")
    asa.in_thread(room, lamp, "Nu lyser den igen.")
    bo.send(room, {"msgtype": "m.notice", "body": "jag är en robot"})
    desk.fetch()
    found = {one.subject: [message.text for message in one.messages] for one in desk.tickets()}
    assert found == {
        "Lampan är mörk.": ["Lampan är mörk.", "Den blinkade först.", "Nu lyser den igen."],
        "Min kanna är sprucken.": ["Min kanna är sprucken."],
        "En annan sak: fakturan": ["En annan sak: fakturan"],
    }
    lamps = next(one for one in desk.tickets() if one.subject.startswith("Lampan"))
    desk.answer(lamps.number, "Bra!")
    desk.send()
    heard = asa.seen(room)[-1]["content"]
    assert heard["m.relates_to"]["rel_type"] == "m.thread"
    assert heard["m.relates_to"]["event_id"] == lamp
    assert heard["m.mentions"] == {"user_ids": [asa.id]}


@pytest.mark.long
def test_edits_are_versions_and_a_removal_removes(desk: Desk, synapse: Synapse) -> None:
    asa, bo = synapse.user("asa"), synapse.user("bo")
    room = desk.welcome(asa)
    asa.post(f"/rooms/{quote(room)}/invite", {"user_id": bo.id})
    bo.join(room)
    said = asa.say(room, "Mitt lösenord är kanariefågel-1")
    desk.fetch()
    asa.edit(room, said, "Mitt lösenord är kanariefågel-2")
    bo.edit(room, said, "Bo skriver om det")
    desk.fetch()
    asa.edit(room, said, "Mitt lösenord är kanariefågel-3")
    desk.fetch()
    (ticket,) = desk.tickets()
    (message,) = ticket.messages
    assert (message.text, [one.text[-1] for one in message.versions]) == ("Mitt lösenord är kanariefågel-3", ["1", "2"])
    shown = desk.office.say("show", 1)
    assert "changed by its writer" in shown
    assert ": Mitt lösenord är kanariefågel-1" in shown
    assert desk.holds("kanarie")

    asa.redact(room, said)
    desk.fetch()
    (ticket,) = desk.tickets()
    assert (ticket.messages[0].text, ticket.messages[0].versions) == ("", ())
    assert "removed by its writer" in desk.office.say("show", 1)
    assert desk.holds("kanarie") == []
    desk.fetch()
    assert len(desk.tickets()) == 1


@pytest.mark.long
def test_who_may_invite_and_into_what(office: Office, synapse: Synapse, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(office, synapse, monkeypatch, ", rooms: 2")
    asa = synapse.user("asa")
    secret = asa.room(desk.user.id, encrypted=True)
    asa.say(secret, "Hör ni mig?")
    desk.fetch()
    state = asa.get(f"/rooms/{quote(secret)}/state/m.room.member/{quote(desk.user.id)}")
    assert state["membership"] == "leave"
    assert "krypterade rum" in state["reason"]

    rooms = [asa.room(desk.user.id) for _ in range(3)]
    desk.fetch()
    members = [asa.get(f"/rooms/{quote(one)}/state/m.room.member/{quote(desk.user.id)}") for one in rooms]
    assert sorted(one["membership"] for one in members) == ["join", "join", "leave"]
    assert desk.tickets() == []  # empty rooms are no tickets

    room = next(one for one, member in zip(rooms, members, strict=True) if member["membership"] == "join")
    content = {"algorithm": "m.megolm.v1.aes-sha2"}
    asa.say(room, "Hej!")
    asa.call("PUT", f"/rooms/{quote(room)}/state/m.room.encryption/", content)
    asa.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "y"}, "m.room.encrypted")
    desk.fetch()
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == ["Hej!", ""]
    assert "can't be read here" in ticket.messages[1].nature[0]
    assert len([one for one in asa.seen(room) if "krypterade rum" in one["content"]["body"]]) == 1
    desk.answer(1, "Vad sa du?")
    desk.office.now = datetime.now(UTC)
    desk.office.run("send", code=8)
    assert not any(one["content"]["body"] == "Vad sa du?" for one in asa.seen(room))


@pytest.mark.long
def test_invitations_of_other_servers_are_refused(
    office: Office, synapse: Synapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(office, synapse, monkeypatch, ", servers: [friend.example]")
    asa = synapse.user("asa")
    room = asa.room(desk.user.id)
    asa.say(room, "Hej!")
    desk.fetch()
    state = asa.get(f"/rooms/{quote(room)}/state/m.room.member/{quote(desk.user.id)}")
    assert (state["membership"], desk.tickets()) == ("leave", [])


@pytest.mark.long
def test_files_go_both_ways(office: Office, synapse: Synapse, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(office, synapse, monkeypatch, ", megabytes: 1")
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    small = asa.upload(b"mina rader", "rader.txt")
    asa.send(room, {"msgtype": "m.file", "body": "Se h\u00e4r", "filename": "rader.txt", "url": small})
    large = asa.upload(b"x" * 1_000_001, "stor.bin", "application/octet-stream")
    asa.send(room, {"msgtype": "m.file", "body": "stor.bin", "url": large})
    asa.send(room, {"msgtype": "m.file", "body": "borta.bin", "url": "mxc://desk.test/finnsinte"})
    desk.fetch()
    (ticket,) = desk.tickets()
    first, second, third = ticket.messages
    assert (first.text, [one.name for one in first.attachments]) == ("Se här", ["rader.txt"])
    assert desk.office.store.blobs.get(first.attachments[0].sha256) == b"mina rader"
    assert "larger than 1 MB" in second.nature[0]
    assert "does not give it" in third.nature[0]

    answer = desk.office.folder / "bild.png"
    answer.write_bytes(b"\x89PNG" + b"y" * 2_000_000)
    desk.answer(1, "Här är bilden.", "--attach", str(answer))
    desk.send()
    text, picture = asa.seen(room)[-2:]
    assert text["content"]["body"] == "Här är bilden."
    assert (picture["content"]["body"], picture["content"]["msgtype"]) == ("bild.png", "m.image")

    answer.write_bytes(b"\x89PNG" + b"y" * 3_500_000)
    desk.answer(1, "Och en större.", "--attach", str(answer))
    desk.office.now = datetime.now(UTC)
    told = desk.office.run("send", code=8).output
    assert "at most 3,145,728 bytes" in told
    assert asa.seen(room)[-1]["content"]["body"] == "bild.png"


@pytest.mark.long
def test_a_room_that_is_upgraded_goes_on(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    asa.say(room, "Lampan är mörk.")
    desk.fetch()
    new = asa.post(f"/rooms/{quote(room)}/upgrade", {"new_version": "11"})["replacement_room"]
    desk.fetch()
    assert new not in desk.user.get("/joined_rooms")["joined_rooms"]  # nobody let us in
    asa.post(f"/rooms/{quote(new)}/invite", {"user_id": desk.user.id})
    asa.say(new, "Den blinkar.")
    desk.fetch()
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == ["Lampan är mörk.", "Den blinkar."]
    desk.answer(1, "Byt propp.")
    desk.send()
    assert asa.seen(new)[-1]["content"]["body"] == "Byt propp."


@pytest.mark.long
def test_a_token_that_is_revoked_is_said_and_never_shown(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    desk.user.post("/logout")
    asa.say(room, "Hej!")
    told = desk.office.trouble("fetch", code=8)
    assert "does not accept the access token" in told
    seen = told + desk.office.invoke("doctor").output + desk.office.invoke("fetch", "--json").output
    assert desk.user.token not in seen
    assert desk.holds(desk.user.token) == []


@pytest.mark.long
def test_a_dry_run_answers_no_invitation_and_doctor_looks(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = asa.room(desk.user.id)
    desk.office.now = datetime.now(UTC)
    desk.office.run("fetch", "--dry-run")
    assert room not in desk.user.get("/joined_rooms")["joined_rooms"]
    desk.fetch()
    assert room in desk.user.get("/joined_rooms")["joined_rooms"]
    assert f"{desk.user.id} on {synapse.address}: 1 rooms" in desk.office.invoke("doctor").output


@pytest.mark.long
def test_a_room_that_is_open_is_followed_once_a_day(desk: Desk, synapse: Synapse) -> None:
    """Who upgrades again and again does not lead the desk on without end."""
    asa = synapse.user("asa")
    room = desk.welcome(asa, preset="public_chat", room_version="10")
    asa.say(room, "Lampan är mörk.")
    desk.fetch()
    for _ in range(3):
        room = asa.post(f"/rooms/{quote(room)}/upgrade", {"new_version": "10"})["replacement_room"]
        asa.say(room, "Hör ni?")
        desk.fetch()
        desk.fetch()
    assert len(desk.user.get("/joined_rooms")["joined_rooms"]) == 2
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == ["Lampan är mörk.", "Hör ni?"]


@pytest.mark.long
def test_an_edit_of_a_caption_keeps_the_file(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    file = {"msgtype": "m.file", "filename": "rader.txt", "url": asa.upload(b"mina rader", "rader.txt")}
    said = asa.send(room, {**file, "body": "Se här"})
    desk.fetch()
    new = {**file, "body": "Se här då"}
    relation = {"rel_type": "m.replace", "event_id": said}
    asa.send(room, {**file, "body": "* Se här då", "m.new_content": new, "m.relates_to": relation})
    desk.fetch()
    (ticket,) = desk.tickets()
    (message,) = ticket.messages
    assert (message.text, [one.name for one in message.attachments]) == ("Se här då", ["rader.txt"])
    asa.redact(room, said)
    desk.fetch()
    (ticket,) = desk.tickets()
    assert ticket.messages[0].attachments == ()
    assert desk.holds("mina rader") == []


@pytest.mark.long
def test_whoever_has_no_room_yet_gets_a_direct_chat(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    desk.office.make(1, requester=Person(asa.id, "Åsa", "matrix"))
    for text in ("Hej Åsa", "Och en sak till"):
        desk.answer(1, text)
        desk.send()
    (room,) = asa.get("/sync")["rooms"]["invite"]
    asa.join(room)
    assert [one["content"]["body"] for one in asa.seen(room)] == ["Hej Åsa", "Och en sak till"]
    asa.say(room, "Tack")
    desk.fetch()
    assert [one.messages[-1].text for one in desk.tickets()] == ["Tack"]


@pytest.mark.long
def test_news_are_heard_at_once(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    desk.office.now = datetime.now(UTC)
    (listener,) = desk.office.session().source("room").listeners()
    begun: list[str] = []
    assert listener.listen(60, lambda: begun.append(asa.say(room, "Hej!")))
    assert len(begun) == 1
    assert listener.listen(60, lambda: begun.append(asa.say(room, "Hej igen!")))


@pytest.mark.long
def test_a_fetch_that_is_killed_anywhere_loses_nothing(desk: Desk, synapse: Synapse) -> None:
    asa = synapse.user("asa")
    room = desk.welcome(asa)
    said: list[str] = []
    for number in range(12):
        said += [f"{number} första", f"{number} andra"]
        for text in said[-2:]:
            asa.say(room, text)
        running_fetch = desk.started()
        try:
            running_fetch.wait(0.3 + 0.1 * number)
        except subprocess.TimeoutExpired:
            running_fetch.kill()
        running_fetch.wait(60)
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == said
    assert [one.name for one in desk.office.folder.glob("data/*.tmp")] == []
