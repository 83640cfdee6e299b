"""Automatic answers, notices and bounces: who gets one, how many, what is in them, and what a bounce may change."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import strict

import pytest

from tests.conftest import RULES, Office
from ticketctl.domain.mail.mail_loops import is_ours
from ticketctl.domain.mail.message_ids import ticket_of
from ticketctl.domain.ticket.message import Bounce, BouncedRecipient, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused
from ticketctl.usecases.intake.bounce import record_bounce
from ticketctl.usecases.outgoing.queue import (
    AutomaticAnswer,
    ReplyMail,
    queue_acknowledgement,
    queue_notice,
    queue_reply,
)
from ticketctl.usecases.session import Session
from ticketctl.wiring import build_session

SENDERS = Person("anna@kund.example", "KÖP BILLIGT http://angripare.example")


@pytest.fixture
def session(office: Office, monkeypatch: pytest.MonkeyPatch) -> Session:
    return at(office, monkeypatch)


def at(office: Office, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("TICKETCTL_NOW", office.now.isoformat())
    return build_session(desk=str(office.folder), user="system")


def act(session: Session) -> Act:
    return Act("system", session.now, "rule acknowledge")


def acknowledge(session: Session, number: int, *, allowed: bool = True) -> Ticket | None:
    with session.store.transaction() as desk:
        answer = AutomaticAnswer("mottaget", allowed)
        ticket = queue_acknowledgement(session, desk, desk.get(number), answer, act=act(session))
        return desk.save(ticket) if ticket else None


def outbox(session: Session) -> list[Outbound]:
    with session.store.reading() as desk:
        return list(desk.outbox())


def mail(session: Session, item: Outbound) -> EmailMessage:
    message = message_from_bytes(session.store.blobs.get(item.raw), policy=strict)
    assert isinstance(message, EmailMessage)
    return message


def test_an_acknowledgement_has_nothing_of_the_senders(office: Office, session: Session) -> None:
    office.make(17, requester=SENDERS, subject="KÖP BILLIGT http://angripare.example", text="http://angripare.example")
    ticket = acknowledge(session, 17)
    assert ticket is not None
    (item,) = outbox(session)
    assert (item.kind, item.sender, item.recipients) == ("acknowledgement", "", (SENDERS.address,))
    raw = session.store.blobs.get(item.raw)
    answer = mail(session, item)
    assert "angripare" not in str(answer) + answer.get_content()
    assert "BILLIGT" not in str(answer["Subject"]) + str(answer["To"]) + answer.get_content()
    assert str(answer["Subject"]).count("[#17]") == 1
    assert (answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert (answer["In-Reply-To"], answer["References"]) == ("<17@kund.example>", "<17@kund.example>")
    assert is_ours({"x-ticketctl-loop": (answer["X-Ticketctl-Loop"],)}, session.key)
    assert ticket_of(str(answer["Message-ID"]).strip("<>"), session.key) == 17
    message = ticket.messages[-1]
    assert (message.kind, message.delivery, message.raw) == ("automatic", "queued", item.raw)
    assert ticket.status == "new"  # nobody of the team has seen it
    assert b"\r\n\r\n" in raw


def test_a_mailbox_that_we_fetch_is_our_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """An automatic answer to it would come back as a new ticket, for ever."""
    user = "Hjälp.Order@exempel.example"
    rules = RULES + f"sources:\n  - {{name: order, imap: {{host: post.exempel.example, user: {user}}}}}\n"
    (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
    session = at(office, monkeypatch)
    office.make(17, requester=Person(user.lower()))
    office.make(18, requester=Person("support@exempel.example"))
    assert acknowledge(session, 17) is None
    assert acknowledge(session, 18) is None
    assert outbox(session) == []


def test_an_acknowledgement_has_the_privacy_notice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = RULES + "privacy: {notice: snippets/sv/_integritet.j2}\n"
    (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
    session = at(office, monkeypatch)
    office.make(17, requester=SENDERS)
    acknowledge(session, 17)
    notice = (office.folder / "snippets/sv/_integritet.j2").read_text(encoding="utf-8")
    assert notice.split()[0] in mail(session, outbox(session)[0]).get_content()


def test_the_number_is_in_the_subject_once(office: Office, session: Session) -> None:
    for path in (office.folder / "snippets").glob("*/mottaget.j2"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Subject:", "Subject: [#{{ ticket.number }}]", 1), encoding="utf-8")
    office.make(17, requester=SENDERS)
    acknowledge(session, 17)
    assert str(mail(session, outbox(session)[0])["Subject"]).count("[#17]") == 1


def test_a_reply_always_has_a_subject(office: Office) -> None:
    """What a mail program makes of a mail without subject, or of one with our number alone."""
    for number, subject in enumerate(("", "Re: [#9]", "SV:"), 1):
        mail = f"From: anna@kund.example\nTo: support@exempel.example\nSubject: {subject}\nMessage-ID: <{number}@k>\n\n"
        office.say("fetch", "-", stdin=f"{mail}Jag undrar en sak\n")
        office.run("reply", number, "--text", "Hej", "--send")
        ticket = office.get(number)
        assert (ticket.subject, ticket.messages[-1].subject) == ("Jag undrar en sak", "SV: Jag undrar en sak")
    office.say("fetch", "-", stdin="From: anna@kund.example\nSubject: Re:\nMessage-ID: <4@k>\n\n\n")
    office.run("reply", 4, "--text", "Hej", "--send")
    assert office.get(4).messages[-1].subject == "SV: [#4]"


def test_one_a_day_to_an_address(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        office.make(number, requester=SENDERS)
    office.make(4, requester=Person("annan@kund.example"))
    assert acknowledge(at(office, monkeypatch), 1) is not None
    assert acknowledge(at(office, monkeypatch), 2) is None
    assert acknowledge(at(office, monkeypatch), 4) is not None
    office.now += timedelta(hours=23, minutes=59)
    assert acknowledge(at(office, monkeypatch), 2) is None
    office.now += timedelta(minutes=1)
    assert acknowledge(at(office, monkeypatch), 3) is not None
    desk = (office.folder / "data" / "desk.json").read_text(encoding="utf-8")
    facts = [line for line in desk.splitlines() if '"answered ' in line]
    assert facts
    assert SENDERS.address not in "".join(facts)


def test_no_more_than_the_cap_a_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    session = at(office, monkeypatch)
    numbers = range(1, session.config.acknowledgement_cap + 21)
    with session.store.transaction() as desk:
        for number in numbers:
            ticket = Ticket(
                number=number, subject="x", requester=Person(f"falsk@kund{number}.example"), opened_at=office.now
            )
            queue_acknowledgement(session, desk, ticket, AutomaticAnswer("mottaget", True), act=act(session))
        assert len(list(desk.outbox())) == session.config.acknowledgement_cap
    office.now += timedelta(hours=24)
    office.make(999, requester=SENDERS)
    assert acknowledge(at(office, monkeypatch), 999) is not None
    with office.store.reading() as desk:  # what is older than a day is forgotten
        assert len(list(desk.facts("answered "))) == 1


@pytest.mark.parametrize(
    "address",
    ["support@exempel.example", "mailer-daemon@kund.example", "postmaster@kund.example", "noreply@kund.example",
     "no-reply+17@kund.example", "ej-svara@kund.example", "", "070-123 45 67"],
)  # fmt: skip
def test_who_never_gets_one(office: Office, session: Session, address: str) -> None:
    office.make(17, requester=Person(address))
    assert acknowledge(session, 17) is None
    assert outbox(session) == []


def test_what_intake_forbids_is_not_answered(office: Office, session: Session) -> None:
    office.make(17, requester=SENDERS)
    assert acknowledge(session, 17, allowed=False) is None


def test_a_notice_is_automatic_mail_of_no_ticket(session: Session) -> None:
    with session.store.transaction() as desk:
        item = queue_notice(session, desk, ["alice@exempel.example"], "Försenat", "…", html="<p>…")
        other = queue_notice(session, desk, ["alice@exempel.example"], "Rapport", "…", "report")
    assert (item.kind, item.sender) == ("notification", "support@exempel.example")
    assert ticket_of(other.message_id, session.key) is None
    assert mail(session, other)["Auto-Submitted"] == "auto-generated"
    assert item.message_id != other.message_id


def test_a_mail_that_cannot_be_written_is_refused_and_queues_nothing(office: Office, session: Session) -> None:
    office.make(17, requester=Person("anna@ku nd.example"))
    with pytest.raises(Refused, match="#17"), session.store.transaction() as desk:
        queue_reply(session, desk, desk.get(17), ReplyMail(text="Hej"), act=act(session))
    assert outbox(session) == []


# --- bounces ---

GONE = BouncedRecipient("anna@kund.example", "5.1.1", True)


def replied(office: Office, session: Session) -> Ticket:
    office.make(17, requester=Person("anna@kund.example"))
    office.run("reply", 17, "--text", "Hej", "--cc", "bo@räksmörgås.example", "--send")
    return office.get(17)


def bounced(session: Session, ticket: Ticket, message_id: str, *recipients: BouncedRecipient) -> Ticket:
    return record_bounce(session.medium, ticket, message_id, Bounce(recipients, message_id), act(session))


def test_a_bounce_of_our_reply_shows_as_not_delivered(office: Office, session: Session) -> None:
    ticket = replied(office, session)
    after = bounced(session, ticket, ticket.messages[-1].message_id, GONE)
    assert after.messages[-1].delivery == "bounced"
    [told] = [event for event in after.events if event.after.startswith("bounced")]
    assert "anna@kund.example 5.1.1" in told.after
    assert (after.status, after.wake_at) == ("open", None), "nobody got what it waited for an answer to"


def test_a_bounce_without_a_verdict_goes_by_its_status(office: Office, session: Session) -> None:
    ticket = replied(office, session)
    ours = ticket.messages[-1].message_id
    unclear = BouncedRecipient("Anna@Kund.example", "5.2.2", None)
    assert bounced(session, ticket, ours, unclear).messages[-1].delivery == "bounced"
    assert bounced(session, ticket, ours, BouncedRecipient("anna@kund.example")) == ticket


@pytest.mark.parametrize(
    ("message_id", "recipient"),
    [
        ("17@kund.example", GONE),  # the customer's own mail
        ("17.hittat.på@exempel.example", GONE),
        ("", GONE),
        (None, BouncedRecipient("annan@kund.example", "5.1.1", True)),  # we never wrote there
        (None, BouncedRecipient("anna@kund.example", "4.2.2", False)),  # it is still tried
        (None, BouncedRecipient("anna@kund.example", "5.0.0", False)),
    ],
)
def test_forged_and_passing_bounces_change_nothing(
    office: Office, session: Session, message_id: str | None, recipient: BouncedRecipient
) -> None:
    ticket = replied(office, session)
    named = ticket.messages[-1].message_id if message_id is None else message_id
    assert bounced(session, ticket, named, recipient) == ticket


def test_a_bounced_copy_leaves_the_reply_delivered(office: Office, session: Session) -> None:
    ticket = replied(office, session)
    copy = BouncedRecipient("bo@xn--rksmrgs-5wao1o.example", "5.1.1", True)
    after = bounced(session, ticket, ticket.messages[-1].message_id, copy)
    assert after.messages == ticket.messages
    assert "not to bo@" in after.events[-1].after
