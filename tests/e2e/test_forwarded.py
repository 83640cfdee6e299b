"""A customer's mail that an agent passes on to the desk opens a ticket of the customer's, whatever the mail program."""

from __future__ import annotations

from itertools import product

import pytest

from tests.conftest import RULES, Office
from tests.e2e.desk import Desk
from tests.mails import simple

ALICE = "Alice Alm <alice@exempel.example>"
ANNA = "Anna Larsson <anna@kund.example>"
WORDS = "Hej!\n\nKannan läcker. Kan jag få en ny?\n\nMvh\nAnna"
ACKNOWLEDGE = """\
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""

INLINE = {  # name → (subject, what stands above the customer's words)
    "Gmail, en": (
        "Fwd: Trasig kanna",
        "---------- Forwarded message ---------\n"
        "From: {}\n"
        "Date: Tue, Mar 5, 2024 at 2:03 PM\n"
        "Subject: Trasig kanna\n"
        "To: <alice@exempel.example>\n"
        "\n",
    ),
    "Gmail, sv": (
        "Fwd: Trasig kanna",
        "---------- Forwarded message ---------\n"
        "Från: {}\n"
        "Date: tis 5 mars 2024 kl 14:03\n"
        "Subject: Trasig kanna\n"
        "To: <alice@exempel.example>\n"
        "\n",
    ),
    "Outlook, en": (
        "FW: Trasig kanna",
        "From: {}\n"
        "Sent: Tuesday, March 5, 2024 2:03 PM\n"
        "To: Alice Alm <alice@exempel.example>\n"
        "Subject: Trasig kanna\n"
        "\n",
    ),
    "Outlook, sv": (
        "VB: Trasig kanna",
        "Från: {}\nSkickat: den 5 mars 2024 14:03\nTill: Alice Alm <alice@exempel.example>\nÄmne: Trasig kanna\n\n",
    ),
    "old Outlook, sv": (
        "VB: Trasig kanna",
        "-----Ursprungligt meddelande-----\n"
        "Från: Anna Larsson [mailto:anna@kund.example]\n"
        "Skickat: den 5 mars 2024 14:03\n"
        "Till: Alice Alm\n"
        "Ämne: Trasig kanna\n"
        "\n",
    ),
    "Outlook on the web, sv": (
        "Vb: Trasig kanna",
        "________________________________\n"
        "Från: {}\n"
        "Skickat: tisdag 5 mars 2024 14:03\n"
        "Till: Alice Alm <alice@exempel.example>\n"
        "Ämne: Trasig kanna\n"
        "\n",
    ),
    "Apple Mail, en": (
        "Fwd: Trasig kanna",
        "Begin forwarded message:\n"
        "\n"
        "From: {}\n"
        "Subject: Trasig kanna\n"
        "Date: 5 March 2024 at 14:03:11 CET\n"
        "To: alice@exempel.example\n"
        "\n",
    ),
    "Apple Mail, sv": (
        "Fwd: Trasig kanna",
        "Vidarebefordrat brev:\n"
        "\n"
        "Från: {}\n"
        "Ämne: Trasig kanna\n"
        "Datum: 5 mars 2024 14:03:11 CET\n"
        "Till: alice@exempel.example\n"
        "\n",
    ),
    "Thunderbird, en": (
        "Fwd: Trasig kanna",
        "-------- Forwarded Message --------\n"
        "Subject: \tTrasig kanna\n"
        "Date: \tTue, 5 Mar 2024 14:03:11 +0100\n"
        "From: \t{}\n"
        "To: \talice@exempel.example\n"
        "\n",
    ),
    "Thunderbird, sv": (
        "Fwd: Trasig kanna",
        "-------- Vidarebefordrat meddelande --------\n"
        "Ämne: \tTrasig kanna\n"
        "Datum: \tTue, 5 Mar 2024 14:03:11 +0100\n"
        "Från: \t{}\n"
        "Till: \talice@exempel.example\n"
        "\n",
    ),
}


@pytest.fixture
def desk(office: Office) -> Desk:
    (office.folder / "rules.yaml").write_text(RULES + ACKNOWLEDGE, encoding="utf-8")
    return Desk(office.folder)


def vouching(desk: Desk) -> None:
    """From now on rules.yaml names our own mail server."""
    rules = (desk.folder / "rules.yaml").read_text(encoding="utf-8")
    (desk.folder / "rules.yaml").write_text(
        rules.replace("country: SE}", "country: SE, authserv_id: mx.exempel.example}"), encoding="utf-8"
    )


def inline(name: str, own: str = "", **headers: str) -> bytes:
    subject, above = INLINE[name]
    return simple(
        subject, f"{own}\n\n{above.format(ANNA)}{WORDS}\n", sender=ALICE, message_id="vb@exempel.example", **headers
    )


def enclosed(own: str = "", name: str = "Trasig kanna.eml", **headers: str) -> bytes:
    """As Outlook and Thunderbird forward a mail as an attachment."""
    inner = simple("Trasig kanna", WORDS, sender=ANNA, message_id="20261120.0900@kund.example").decode()
    body = (
        f"--snitt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{own}\r\n"
        f'--snitt\r\nContent-Type: message/rfc822; name="{name}"\r\nContent-Disposition: attachment\r\n\r\n'
        f"{inner}\r\n--snitt--\r\n"
    )
    head = [
        f"From: {ALICE}",
        "To: support@exempel.example",
        "Subject: VB: Trasig kanna",
        "Message-ID: <vb@exempel.example>",
    ]
    head += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    head += ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="snitt"']
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


MAILS = [*INLINE, "as an attachment"]


def forwarded(name: str, own: str, **headers: str) -> bytes:
    return enclosed(own, **headers) if name == "as an attachment" else inline(name, own, **headers)


@pytest.mark.parametrize(("name", "own"), list(product(MAILS, ["", "Kan du ta den här, Bo?"])))
def test_the_ticket_is_the_customers(desk: Desk, name: str, own: str) -> None:
    desk.arrive(forwarded(name, own))
    ticket = desk.get(1)
    assert (ticket.requester.address, ticket.requester.name) == ("anna@kund.example", "Anna Larsson")
    assert ticket.subject == "Trasig kanna"
    first, *notes = ticket.messages
    assert (first.kind, first.sender.address) == ("message", "anna@kund.example")
    assert first.text.startswith("Hej!") and "Kannan läcker" in first.text
    assert "alice" not in first.text and "Kan du ta" not in first.text
    assert [(one.kind, one.sender.address, one.text) for one in notes] == (
        [("note", "alice@exempel.example", own)] if own else []
    )
    assert ticket.status == "new"
    assert "forwarded by alice@exempel.example, who is not verified" in desk.say("show", 1, "--why")


@pytest.mark.parametrize("name", ["Gmail, sv", "Outlook, sv", "as an attachment"])
def test_the_reply_goes_to_the_customer(desk: Desk, name: str) -> None:
    desk.arrive(forwarded(name, "Kan du ta den?"))
    assert "reply sent to anna@kund.example" in desk.say("reply", 1, "--text", "Vi skickar en ny.", "--send")
    reply = desk.get(1).messages[-1]
    assert (reply.subject, reply.cc) == ("SV: Trasig kanna", ())


@pytest.mark.parametrize("own", ["", "Kan du ta den?"])
def test_the_whole_of_an_enclosed_mail_can_be_read(desk: Desk, own: str) -> None:
    signature = b"Mvh\nAnna\nEk Bygg AB\nStorgatan 1\nMalm\xc3\xb6\n070-123 45 67"  # show folds more than four lines
    desk.arrive(enclosed(own).replace(b"Mvh\nAnna", signature))
    assert "070-123" not in desk.say("show", 1)
    whole = desk.say("show", 1, "--full")
    assert "Kannan läcker" in whole and "070-123 45 67" in whole and own in whole


@pytest.mark.parametrize("type_", ["application/octet-stream", "text/plain"])
def test_an_eml_file_is_a_mail_whatever_type_it_is_given(desk: Desk, type_: str) -> None:
    raw = enclosed().replace(b"Content-Type: message/rfc822", f"Content-Type: {type_}".encode())
    desk.arrive(raw)
    assert desk.get(1).requester.address == "anna@kund.example"


def test_an_enclosed_mail_that_names_no_writer_stays_an_attachment(desk: Desk) -> None:
    desk.arrive(enclosed(name="x.eml").replace(b"From: Anna", b"X: Anna"))
    assert desk.get(1).requester.address == "alice@exempel.example"


def test_the_customers_next_mail_finds_the_ticket_of_the_enclosed_one(desk: Desk) -> None:
    desk.arrive(enclosed())
    desk.arrive(simple("Re: Trasig kanna", "Hallå?", sender=ANNA, In_Reply_To="<20261120.0900@kund.example>"))
    assert len(desk.get(1).messages) == 2


PASS = "mx.exempel.example; dmarc=pass (p=none) header.from=exempel.example; spf=pass smtp.mailfrom=exempel.example"
FAIL = "mx.exempel.example; dmarc=fail header.from=exempel.example; spf=pass smtp.mailfrom=angripare.example"


def acknowledged(desk: Desk) -> list[str]:
    desk.run("send", "-q")
    sent = [path.read_text("utf-8") for path in (desk.folder / "data/sent/new").glob("*")]
    return ["anna@kund.example" if "To: anna@" in mail else "somebody else" for mail in sent]


@pytest.mark.parametrize("name", ["Outlook, sv", "as an attachment"])
def test_only_where_our_server_vouches_for_the_agent_does_the_customer_get_an_answer(desk: Desk, name: str) -> None:
    """Otherwise anybody could make us write to anybody, with a mail in an agent's name."""
    desk.arrive(forwarded(name, ""))
    assert acknowledged(desk) == []
    vouching(desk)
    desk.arrive(forwarded(name, "En till", Authentication_Results=PASS).replace(b"vb@", b"vb2@"))
    assert desk.get(2).requester.address == "anna@kund.example"
    assert "not verified" not in desk.get(2).messages[0].flagged
    assert acknowledged(desk) == ["anna@kund.example"]


@pytest.mark.parametrize("results", [FAIL, "", "mx.annan.example; dmarc=pass header.from=exempel.example"])
def test_a_stranger_in_an_agents_name_speaks_for_nobody_else(desk: Desk, results: str) -> None:
    vouching(desk)
    headers = {"Authentication_Results": results} if results else {}
    desk.arrive(simple("Fråga", sender="bo@kund.example", message_id="bo@kund.example"))
    desk.arrive(forwarded("Gmail, sv", "", **headers))
    desk.arrive(simple("[#1] Fråga", "Stäng det här.", sender=ALICE, In_Reply_To="<bo@kund.example>", **headers))
    assert desk.get(2).requester.address == "alice@exempel.example"  # who it says it is, and no more
    assert "anna@kund.example" not in [one.address for one in desk.get(2).participants]
    assert len(desk.get(1).messages) == 1 + 1  # the question and its acknowledgement
    assert desk.get(3).links[0].to == 1
    assert acknowledged(desk).count("anna@kund.example") == 0


def test_no_mail_makes_anybody_an_agent_or_acts_for_one(desk: Desk) -> None:
    desk.arrive(simple("Fråga", sender=ANNA, message_id="a@kund.example"))
    before = desk.get(1)
    desk.arrive(
        simple("Re: Fråga", "close\nassign bo\nset priority high", sender=ALICE, In_Reply_To="<a@kund.example>")
    )
    after = desk.get(1)
    assert (after.status, after.assignee, after.priority) == (before.status, before.assignee, before.priority)
    assert (after.messages[-1].kind, after.messages[-1].author) == ("note", "")


def test_a_forward_of_a_colleagues_forward_leads_to_the_customer(desk: Desk) -> None:
    inner = INLINE["Gmail, sv"][1].format(ANNA) + WORDS
    outer = INLINE["Gmail, sv"][1].format("Bo Ek <bo@exempel.example>") + "Se nedan\n\n" + inner
    desk.arrive(simple("Fwd: Fwd: Trasig kanna", outer, sender=ALICE))
    assert desk.get(1).requester.address == "anna@kund.example"
    assert "Kannan läcker" in desk.get(1).messages[0].text


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Carl <carl@kund.example>", INLINE["Gmail, sv"][1].format(ANNA) + WORDS),  # a customer passes something on
        (ALICE, "En egen fråga från mig."),
        (ALICE, INLINE["Outlook, sv"][1].format("Anna Larsson") + WORDS),  # without an address: nobody to answer
        (ALICE, INLINE["Gmail, sv"][1].format("Exempel support <support@exempel.example>") + WORDS),
    ],
)
def test_whose_ticket_it_is_otherwise(desk: Desk, sender: str, text: str) -> None:
    desk.arrive(simple("VB: Trasig kanna", text, sender=sender))
    assert desk.get(1).requester.address == sender.partition("<")[2].rstrip(">")


def test_what_is_masked_in_mail_is_masked_in_a_forwarded_one(desk: Desk) -> None:
    rules = (desk.folder / "rules.yaml").read_text(encoding="utf-8")
    (desk.folder / "rules.yaml").write_text(rules + "privacy: {mask: [payment_card]}\n", encoding="utf-8")
    desk.arrive(inline("Gmail, sv").replace(b"Kannan", b"Kort 4111 1111 1111 1111"))
    assert "4111 1111" not in desk.say("show", 1, "--full")


@pytest.mark.parametrize("sender", ["support@exempel.example", "Exempel support <support@exempel.example>"])
def test_our_own_from_with_a_reply_to_joins_flagged(office: Office, sender: str) -> None:
    """Whoever knows a Message-ID of ours could otherwise put words into a customer's mouth."""
    office.run("fetch", "-", stdin=simple("Var är paketet", "Hej", sender="åsa@kund.example").decode())
    office.run("reply", 1, "--text", "Det kommer i morgon.", "--no-check")
    answered = office.get(1).messages[-1].message_id
    mail = f"Reply-To: åsa@kund.example\r\nIn-Reply-To: <{answered}>\r\n"
    office.run("fetch", "-", stdin=mail + simple("Re: Var är paketet", "Ring mig", sender=sender).decode())
    assert office.get(1).messages[-1].flagged == "by Reply-To"
    assert "sent from another address: Reply-To alone says who wrote it" in " ".join(office.say("show", 1).split())
    assert "bara Reply-To säger vem" in " ".join(office.say("--language", "sv", "show", 1).split())
    office.run("fetch", "-", stdin=mail.replace("åsa@", "ond@") + simple("Re: Var", "Nej", sender=sender).decode())
    assert office.get(2).requester.address == "ond@kund.example"
