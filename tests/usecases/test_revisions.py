"""What its writer changes or takes away in a room is changed or gone everywhere in the desk's folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import pytest
from msgspec.structs import replace

from ticketctl.domain.ticket.message import Person
from ticketctl.ports.channels import Fetched, Place
from ticketctl.ports.plain_message import PlainFile, PlainMessage
from ticketctl.usecases.automation.notifications import tell_waiting
from ticketctl.usecases.intake.fetch_run import take_in
from ticketctl.usecases.intake.import_progress import Span
from ticketctl.usecases.intake.result import FetchResult

RULES = "rules:\n  - {id: told, events: [created], when: {machine: false}, then: [{notify: team}]}\n"
ASA, BO = Person("@asa:chat.example", "Åsa", "matrix"), Person("@bo:chat.example", "Bo", "matrix")
CANARY = "kanariefågel"
FIRST = PlainMessage(
    id="$1", sender=ASA, text=f"Min {CANARY} sjunger inte", conversation="talk",
    files=(PlainFile(name="a.txt", data=f"{CANARY} i en fil".encode(), type="text/plain"),),
)  # fmt: skip


class Room:
    name, expected, waits, undecided, settles = "room", 0, False, (), ""

    def __init__(self, *said: PlainMessage) -> None:
        self.said = said

    def mailboxes(self) -> Sequence[str]:
        return ["room"]

    def fetch(self, _places: dict[str, Place]) -> Iterator[Fetched]:
        for one in self.said:
            raw = msgspec.json.encode(one)
            yield Fetched(
                mailbox="room", raw=raw, arrived_at=self.now, validity=1, uid=1, size=len(raw), medium="matrix"
            )

    def acknowledge(self, _messages: object) -> None: ...
    def close(self) -> None: ...


@pytest.fixture
def taken(office):
    """Takes messages in, each call in a run of its own; gives the one ticket."""
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + RULES)

    def take(*said: PlainMessage):
        session, room = office.session(), Room(*said)
        room.now = office.now
        result = FetchResult(source="room")
        take_in(session, [room], [result], span=Span(), progress=lambda _count, _expected: None)
        tell_waiting(session)
        assert (result.error, result.quarantined) == ("", [])
        with office.store.reading() as desk:
            (ticket,) = desk.find(archive=True, texts=True)
        return ticket

    return take


def holding(office, words: str) -> list[str]:
    files = [one for one in (office.folder / "data").rglob("*") if one.is_file()]
    return sorted(one.name for one in files if words.encode() in one.read_bytes())


def redaction(of: str = "$1", **fields) -> PlainMessage:
    return PlainMessage(id="$gone", sender=ASA, text="", conversation="talk", redacts=of, **fields)


def edit(text: str, identifier: str = "$edit", sender: Person = ASA) -> PlainMessage:
    return PlainMessage(id=identifier, sender=sender, text=text, conversation="talk", edits="$1")


def test_what_is_removed_is_nowhere(office, taken):
    taken(FIRST)
    with office.store.reading() as desk:
        assert len(list(desk.outbox())) == 2  # notices to the team that name the subject
    assert holding(office, CANARY)
    ticket = taken(redaction())
    assert (ticket.messages[0].text, ticket.messages[0].attachments) == ("", ())
    assert holding(office, CANARY) == []
    with office.store.reading() as desk:
        assert list(desk.outbox()) == []  # gone with what they said
        assert [
            one
            for one in office.store.blobs.all()
            if CANARY in " ".join(office.session().medium.texts(office.store.blobs.get(one)))
        ] == []
    assert taken(redaction()) == ticket


def test_what_is_removed_in_the_same_run_is_nowhere(office, taken):
    ticket = taken(FIRST, edit(f"Min {CANARY} är borta"), redaction())
    assert ticket.messages[0].text == ""
    assert holding(office, CANARY) == []


def test_an_edit_is_kept_as_a_version_and_its_bytes_are_not(office, taken):
    taken(FIRST)
    blobs = len(list(office.store.blobs.all()))
    ticket = taken(edit("Min fågel är borta"))
    (message,) = ticket.messages
    assert (message.text, [one.text for one in message.versions]) == ("Min fågel är borta", [FIRST.text])
    assert [one.name for one in message.attachments] == ["a.txt"]
    assert len(list(office.store.blobs.all())) == blobs
    assert taken(edit("Min fågel är borta")) == ticket
    assert taken(edit("Bos ord", "$other", BO)) == ticket


def test_an_edit_of_what_is_not_here_is_a_message(taken):
    ticket = taken(edit("Min fågel är borta"))
    assert [one.text for one in ticket.messages] == ["Min fågel är borta"]


def test_what_is_masked_is_masked_in_an_edit_too(office, taken):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + "privacy: {mask: [payment_card]}\n")
    taken(replace(FIRST, files=()))
    ticket = taken(edit("Mitt kort är 4111 1111 1111 1111"))
    assert "4111 1111 1111" not in ticket.messages[0].text
    assert holding(office, "4111 1111 1111 1111") == []


def test_an_automatic_answer_in_a_room_says_that_it_is_one(office, taken):
    """Its sink makes a notice of it, which no machine answers; it has no subject, and goes where it was asked."""
    answer = "[{reply: {snippet: mottaget, automatic: true}}]"
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("[{notify: team}]", answer))
    taken(FIRST)
    with office.store.reading() as desk:
        (item,) = desk.outbox()
    said = msgspec.json.decode(office.store.blobs.get(item.raw), type=PlainMessage)
    assert (item.medium, item.recipients, said.subject, said.machine) == ("matrix", (ASA.address,), "", True)
    assert (said.answers, said.references) == ("$1", ("talk", "$1"))


def test_whoever_is_named_by_an_address_of_a_room_is_written_to_there(office):
    office.make(1)
    office.run("reply", 1, "--to", "@bo:chat.example", "--text", "Vet du mer?", "--no-check", "--queue")
    with office.store.reading() as desk:
        (item,) = desk.outbox()
    assert (item.medium, item.recipients) == ("matrix", ("@bo:chat.example",))
    office.run("new", "Ringde om kannan", "-f", "Bo <@12:telegram>")
    with office.store.reading() as desk:
        assert desk.get(2).requester == Person("@12:telegram", "Bo", "telegram")
    told = office.trouble("reply", 1, "--to", "@bo:chat.example", "--cc", "asa@kund.example", "--text", "Hej", code=5)
    assert "cannot go to" in told
