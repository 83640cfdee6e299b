"""Matrix, against a real Synapse: rooms become tickets, answers go back into them, and nothing is lost or twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.conftest import Office
from tests.matrix_server import Synapse, User, running
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

    desk.office.run("reply", ticket.number, "--text", "Sitter den i?", "--no-check")
    desk.send()
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
