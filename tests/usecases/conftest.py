"""The desk on which every use case of the table can be called."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.conftest import RULES, Office, new_office
from tests.growth import HANG
from tests.mails import simple
from ticketctl.domain.patterns.pattern import Pattern, Vocabulary
from ticketctl.domain.patterns.words import STEMS
from ticketctl.domain.settings.oauth import Endpoints, Login
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.ports.store import Quarantined
from ticketctl.store.tokens import Tokens
from ticketctl.usecases.access.keys import AddKey, add_key
from ticketctl.usecases.customer.links import issue_link
from ticketctl.usecases.measures.measure import StartMeasure, start_measure
from ticketctl.usecases.outgoing.webhooks import HookState
from ticketctl.usecases.reply.keep_draft import keep_draft
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.tickets.merge import Merge, merge

ACTORS = {"vera": "viewer", "bo": "agent", "alice": "admin", "system": "system"}


A_SOURCE = """
sources:
  - {name: web, form: {}}
  - {name: support, imap: {host: 127.0.0.1, security: none, user: us@exempel.example,
                           oauth: {issuer: "http://127.0.0.1:1", client_id: us}}}
"""
A_RULE = """
rules:
  - {id: printer, events: [created], when: {subject: {any_word: [skrivaren]}}, then: [{set: {priority: low}}]}
"""
A_SITE = "web: {address: https://support.exempel.example}\n"
A_MODEL = "assistant: {url: 'http://127.0.0.1:1/v1', model: tiny}\n"  # which is not there


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Office:
    """A copy for each test, which is quicker than making it again."""
    return Office(shutil.copytree(filled, tmp_path / "kontoret"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(new_office(tmp_path_factory.mktemp("usecases") / "kontoret")).folder


def fill(office: Office) -> Office:
    """Ticket 1 is open and alice's, 2 closed, 3 another customer's, 4 bo's and watched by the whole team, 5 merged
    into 6, 7 labelled by everybody. On 8 a reply waits for Monday, on 9 one is to be sent. A rule waits for 10, which
    has a draft of a rule. 12 waited until now. There are two patterns."""
    (office.folder / "rules.yaml").write_text(
        RULES + A_SOURCE + A_RULE + A_MODEL + A_SITE + "report: {to: [alice]}\n", encoding="utf-8"
    )
    office.make(1, assignee="alice")
    act = Act("system", office.now, "fetch")
    again = Message(
        key="m2",
        direction="in",
        kind="message",
        at=office.now,
        sender=Person("åsa@kund.example", "Åsa Öberg"),
        text="En sak till: fakturan stämmer inte.",
        message_id="second@kund.example",
    )
    office.change(1, lambda ticket: ticket.receive(act, again))
    (paper,) = office.store.blobs.put_many([b"Kvitto"])
    office.make(2, attachments=(Attachment(name="kvitto.txt", type="text/plain", size=6, sha256=paper),))
    office.change(2, lambda ticket: ticket.close(act))
    office.make(3, requester=Person("per@annan.example", "Per Ek"))
    office.make(4, assignee="bo", watchers=("alice", "bo", "vera"))
    office.make(5)
    office.make(6)
    merge(office.session(), Merge(tickets=(5,), into=6))
    office.make(7)
    for actor in ACTORS:
        office.change(7, lambda ticket, by=actor: ticket.label(Act(by, office.now, "label"), f"of_{by}"))
    for number, later in ((8, "monday"), (9, "")):
        office.make(number)
        reply(office.session("alice"), ReplyRequest(ticket=number, text="Hej!", later=later, check="off"))
    office.make(10, subject="Skrivaren står still")
    keep_draft(office.session("system"), ReplyRequest(ticket=10, text="Hej!"))
    office.make(12, status="waiting", wake_at=office.now)
    for number in (1, 2):
        issue_link(office.session("alice"), number)
    add_past_answer(office)
    start_measure(office.session("alice"), StartMeasure(name="Nytt formulär"))
    add_key(office.session("alice"), AddKey(name="butik", scopes=("read",)))
    add_webhook(office)
    add_mail(office)
    add_patterns(office)
    return office


def add_webhook(office: Office) -> None:
    """lager, which is paused."""
    rules = office.folder / "rules.yaml"
    rules.write_text(
        rules.read_text("utf-8") + "webhooks: [{name: lager, url: 'https://lager.example/hook'}]\n", "utf-8"
    )
    with office.store.transaction() as tickets:
        state = HookState(since=office.now, paused_at=office.now)
        tickets.remember("hook lager", msgspec.json.encode(state).decode())


def add_patterns(office: Office) -> None:
    """P1 and P2, in which nearly all tickets are."""
    with office.store.transaction() as tickets:
        for key, numbers in ((1, (1, 2, 3, 4, 6, 7, 8, 9, 10, 12)), (2, ())):
            tickets.save_pattern(Pattern(key=key, tickets=numbers, top=("a1",), born=office.now))
        tickets.set_vocabulary(Vocabulary(seen=tickets.last_number, total=10, last=2, stems=STEMS, month="2026-11"))


def add_past_answer(office: Office) -> None:
    """13 is closed, and was asked the like of 1."""
    office.make(13, age=timedelta(days=9))
    said = Message(
        key="m2", direction="out", kind="message", at=office.now - timedelta(days=8), delivery="sent", author="bo",
        sender=Person("support@exempel.example"), text="Beställningen kommer fram om en vecka, med posten.",
    )  # fmt: skip
    office.change(13, lambda ticket: msgspec.structs.replace(ticket, messages=(*ticket.messages, said)))
    office.change(13, lambda ticket: ticket.close(Act("bo", said.at)))


def add_mail(office: Office) -> None:
    """In the Maildir inkorg/ waits a mail, two are in quarantine, support has a login."""
    for part in ("new", "cur", "tmp"):
        (office.folder / "inkorg" / part).mkdir(parents=True)
    (office.folder / "inkorg" / "new" / "1.mail").write_bytes(simple("En kanna"))
    for name in ("aside1", "aside2"):
        set_aside(office, name, simple(name))
    at = Endpoints(token="http://127.0.0.1:1/token")
    login = Login(user="us", endpoints=at, access_token="abc", refreshed_at=office.now, logged_in_at=office.now)
    tokens, account = Tokens(office.folder / "data"), office.session().account("support")
    with tokens.locked(account.id, HANG):
        tokens.write(account.id, msgspec.json.encode(login))


def set_aside(office: Office, name: str, raw: bytes) -> None:
    (blob,) = office.store.blobs.put_many([raw])
    with office.store.transaction() as tickets:
        item = Quarantined(id=name, at=office.now, reason="broken", source="support", raw=blob, content=name)
        tickets.quarantine(item)
