"""A medium that is no mail, of a few lines: a ticket lives its whole life in it, and nothing but App learns of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from ticketctl.channels.email.medium import Mail
from ticketctl.domain.ticket.message import Inbound, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.channels import Fetched, Place, Receipt
from ticketctl.ports.channels_draft import File
from ticketctl.store.memory import MemoryStore
from ticketctl.usecases.intake.fetch_run import take_in
from ticketctl.usecases.intake.import_progress import Span
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.outgoing.queue import ReplyMail, queue_notice, queue_reply
from ticketctl.usecases.outgoing.send import send_due
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.close import Close, close

CUSTOMER = "åsa@chat.example"


class Chat:
    """A room: what customers say lies in `said`, what we say in `heard`. Its messages are JSON. Medium, source and sink
    at once."""

    name, expected, waits, undecided, settles = "room", 0, False, (), ""
    largest, can = 10_000, frozenset[str]()

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.heard: list[dict[str, str]] = []

    def parse(self, raw: bytes, **_given: Any) -> Inbound:
        it = json.loads(raw)
        text, answers = it["text"], tuple(filter(None, [it.get("answers")]))
        return Inbound(
            message_id=it["id"], content=sha256(raw).hexdigest(), subject=text[:20],
            sender=Person(CUSTOMER, medium="room"), in_reply_to=answers, references=answers, text=text, new_text=text,
        )  # fmt: skip

    def freeze(self, draft: Any) -> bytes:
        return json.dumps({"id": draft.message_id, "answers": draft.in_reply_to, "text": draft.text}).encode()

    def rewrite(self, raw: bytes, change: Any) -> bytes:
        return change(raw.decode()).encode()

    def address(self, address: str) -> str:
        return address

    def mailboxes(self) -> Sequence[str]:
        return ["room"]

    def old_mail(self, *_given: object) -> Sequence[object]:
        return []

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        last = places["room"].uid if "room" in places else 0
        for uid, raw in enumerate(self.said[last:], last + 1):
            yield Fetched(
                mailbox="room", raw=raw, arrived_at=self.now, validity=1, uid=uid, size=len(raw), medium="room"
            )

    def acknowledge(self, _messages: object) -> None: ...
    def close(self) -> None: ...

    def send(self, _sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        assert list(recipients) == [CUSTOMER]
        self.heard.append(json.loads(raw))
        return Receipt()


def session_of(office, chat: Chat) -> Session:
    store = MemoryStore()
    session = office.session("alice")
    app = replace(
        session.app,
        open_store=lambda _app: store,
        open_medium=lambda name: chat if name == "room" else Mail(),
        open_source=lambda _app, _name: chat,
        open_sink=lambda _app, medium: {"room": chat}[medium],
    )
    return replace(session, app=app)


def fetched(session: Session, chat: Chat) -> Ticket:
    chat.now = session.now
    result = FetchResult(source=chat.name)
    take_in(session, [session.source("room")], [result], span=Span(), progress=lambda _count, _expected: None)
    assert not result.error
    with session.store.reading() as desk:
        (ticket,) = desk.find(archive=True, texts=True)
    return ticket


def test_a_ticket_lives_its_life_in_a_medium_that_nobody_knows(office):
    chat = Chat()
    session = session_of(office, chat)

    chat.said.append(b'{"id": "1@chat.example", "text": "The lamp is dark."}')
    ticket = fetched(session, chat)
    assert (ticket.status, ticket.requester.address, ticket.messages[0].text) == ("new", CUSTOMER, "The lamp is dark.")

    with session.store.transaction() as desk:
        answered = queue_reply(session, desk, ticket, ReplyMail(text="Is it plugged in?"), act=session.act("reply"))
        desk.save(answered)
    (sent,) = send_due(session).mails
    assert sent.state == "sent"
    (heard,) = chat.heard
    assert (heard["answers"], heard["text"].splitlines()[0]) == ("1@chat.example", "Is it plugged in?")

    close(session, Close(tickets=(ticket.number,), fields={"category": "support"}))
    with session.store.reading() as desk:
        assert desk.get(ticket.number).closed

    again = {"id": "2@chat.example", "answers": heard["id"], "text": "It is, and still dark."}
    chat.said.append(json.dumps(again).encode())
    later = replace(session, now=session.now + timedelta(hours=1))
    reopened = fetched(later, chat)
    assert (reopened.number, reopened.status) == (ticket.number, "open")
    assert [(one.direction, one.text) for one in reopened.messages] == [
        ("in", "The lamp is dark."),
        ("out", "Is it plugged in?"),
        ("in", "It is, and still dark."),
    ]
    assert reopened.messages[1].delivery == "sent"


def test_each_message_is_sent_by_its_own_medium(office):
    """Also what was queued before messages had a medium: that is mail."""
    chat, post = Chat(), Chat()
    session = session_of(office, chat)
    sinks = {"room": chat, "email": post}
    session = replace(session, app=replace(session.app, open_sink=lambda _app, medium: sinks[medium]))
    chat.said.append(b'{"id": "1@chat.example", "text": "The lamp is dark."}')
    ticket = fetched(session, chat)
    with session.store.transaction() as desk:
        raw = session.store.blobs.put(b'{"text": "Your order has left."}')
        old = {
            "id": "1" * 32, "kind": "notification", "message_id": "old@desk.example", "raw": raw, "sender": "",
            "recipients": [CUSTOMER], "queued_at": session.now.isoformat(),
        }  # fmt: skip
        desk.queue(msgspec.convert(old, Outbound))
        desk.save(queue_reply(session, desk, ticket, ReplyMail(text="Is it plugged in?"), act=session.act("reply")))
    assert {item.medium: item.state for item in send_due(session).mails} == {"email": "sent", "room": "sent"}
    assert [one["text"] for one in post.heard] == ["Your order has left."]
    assert [one["text"].splitlines()[0] for one in chat.heard] == ["Is it plugged in?"]


def test_a_chat_and_mail_live_in_one_desk(office):
    """Each message is read by its own medium, and nothing of one leaves by the other."""
    chat, post = Chat(), Post()
    session = session_of(office, chat)
    sinks = {"room": chat, "email": post}
    session = replace(session, app=replace(session.app, open_sink=lambda _app, medium: sinks[medium]))
    chat.said.append(b'{"id": "1@chat.example", "text": "The lamp is dark."}')
    post.lying.append(MAIL)
    chat.now = post.now = session.now
    results = [FetchResult(source="room"), FetchResult(source="post")]
    take_in(session, [chat, post], results, span=Span(), progress=lambda _count, _expected: None)
    assert not any(result.error for result in results)

    with session.store.reading() as desk:
        tickets = {one.requester.address: one for one in desk.find(archive=True, texts=True)}
    lamp, jug = tickets[CUSTOMER], tickets["bo@customer.example"]
    assert (lamp.channel, lamp.requester.medium) == ("chat", "room")
    assert (jug.channel, jug.requester.medium) == ("email", "email")
    assert original(session, jug.messages[0]).headers["x-shelf"] == ("7",)

    with session.store.transaction() as desk:
        for ticket, text in ((lamp, "Is it plugged in?"), (jug, "Which jug?")):
            desk.save(queue_reply(session, desk, ticket, ReplyMail(text=text), act=session.act("reply")))
    assert {item.medium: item.state for item in send_due(session).mails} == {"email": "sent", "room": "sent"}
    assert [one["text"] for one in chat.heard] == ["Is it plugged in?"]  # no signature below what is said
    assert post.sent == [["bo@customer.example"]]

    mixed = ReplyMail(text="Hello both", cc=(jug.requester,))
    with session.store.transaction(keep=False) as desk, pytest.raises(Refused, match="cannot go to"):
        queue_reply(session, desk, lamp, mixed, act=session.act("reply"))
    files = ReplyMail(text="See this", files=(File(name="a.txt", data=b"a"),))
    with session.store.transaction(keep=False) as desk, pytest.raises(Refused, match="takes no files"):
        queue_reply(session, desk, lamp, files, act=session.act("reply"))


def test_what_one_medium_cannot_send_stops_no_other(office):
    chat, post = Chat(), Post()
    session = session_of(office, chat)

    def sink(_app: object, medium: str) -> Post:
        if medium == "room":
            raise Usage("nothing here sends messages of the medium room", code="no_such_medium")
        return post

    chat.said.append(b'{"id": "1@chat.example", "text": "The lamp is dark."}')
    lamp = fetched(session, chat)
    session = replace(session, app=replace(session.app, open_sink=sink))
    with session.store.transaction() as desk:
        notice = queue_notice(session, desk, ["alice@desk.example"], "A lamp", "It is dark.")
        desk.save(queue_reply(session, desk, lamp, ReplyMail(text="Is it plugged in?"), act=session.act("reply")))
    assert {item.medium: item.state for item in send_due(session).mails} == {"email": "sent", "room": "deferred"}
    assert [*notice.recipients] == post.sent[0]


MAIL = b"""From: Bo <bo@customer.example>
To: support@desk.example
Subject: The jug
X-Shelf: 7
Message-ID: <jug@customer.example>
Date: Mon, 16 Nov 2026 08:00:00 +0000

It is cracked.
"""


class Post:
    """Mail, as source and sink."""

    name, expected, waits, undecided, settles = "post", 0, False, (), ""

    def __init__(self) -> None:
        self.lying: list[bytes] = []
        self.sent: list[list[str]] = []

    def mailboxes(self) -> Sequence[str]:
        return ["post"]

    def old_mail(self, *_given: object) -> Sequence[object]:
        return []

    def fetch(self, _places: dict[str, Place]) -> Iterator[Fetched]:
        for uid, raw in enumerate(self.lying, 1):
            yield Fetched(mailbox="post", raw=raw, arrived_at=self.now, validity=1, uid=uid, size=len(raw))

    def acknowledge(self, _messages: object) -> None: ...
    def close(self) -> None: ...

    def send(self, _sender: str, recipients: Sequence[str], _raw: bytes) -> Receipt:
        self.sent.append(list(recipients))
        return Receipt()
