"""Who gets a reply: the requester, participants as configured, whom the command line names, and never ourselves."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed, wrote
from tests.commands.test_send import smtp
from tests.conftest import RULES, Office
from tests.mails import simple
from ticketctl.domain.ticket.message import Person

ASA = "asa@kund.example"
BROTHER = Person("bror@kund.example", "Brodern")
NEIGHBOUR = Person("granne@kund.example", "Grannen")


def rules(office: Office, more: str) -> None:
    (office.folder / "rules.yaml").write_text(RULES.replace("undo: 0s", f"undo: 0s, {more}"), encoding="utf-8")


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(17, requester=Person(ASA, "Åsa Öberg"), participants=(BROTHER, NEIGHBOUR))
    return office


def who(mail: EmailMessage) -> tuple[list[str], list[str]]:
    """To and Cc."""
    heads = ("To", "Cc")
    to, cc = ([one.addr_spec for one in mail[head].addresses] if mail[head] else [] for head in heads)
    return to, cc


@pytest.mark.parametrize(
    ("participants", "asker", "words", "cc"),
    [
        ("asker", "", [], []),
        ("asker", "bror", [], ["bror"]),
        ("all", "", [], ["bror", "granne"]),
        ("none", "bror", [], []),
        ("none", "", ["--to-all"], ["bror", "granne"]),
        ("all", "bror", ["--only-requester"], []),
        ("all", "", ["--cc", "eva@kund.example"], ["bror", "granne", "eva"]),
        ("asker", "bror", ["--only-requester"], []),
    ],
)
def test_copies_as_configured_and_as_asked_for(
    desk: Office, participants: str, asker: str, words: list[str], cc: list[str]
) -> None:
    rules(desk, f"participants: {participants}")
    if asker:
        wrote(desk, 17, "Hur går det?", sender=BROTHER)
    desk.run("reply", 17, "--text", "Bra", *words)
    assert who(sent(desk)[0]) == ([ASA], [f"{name}@kund.example" for name in cc])


def test_our_own_addresses_get_nothing(desk: Office) -> None:
    ours = ("support@exempel.example", "support+17@exempel.example", "order@exempel.example", "svar@exempel.example")
    more = "sources: [{name: order, imap: {host: post.exempel.example, user: Order@exempel.example}}]\n"
    text = RULES.replace("undo: 0s", "undo: 0s, reply_to: Svar <svar@exempel.example>") + more
    (desk.folder / "rules.yaml").write_text(text, encoding="utf-8")
    desk.make(18, requester=Person(ASA), participants=(*map(Person, ours), BROTHER))
    desk.run("reply", 18, "--text", "Hej", "--to-all")
    (mail,) = sent(desk)
    assert who(mail) == ([ASA], [BROTHER.address])
    assert str(mail["Reply-To"]) == "Svar <svar@exempel.example>"
    for option in ("--to", "--cc", "--bcc"):
        for address in ours:
            assert "address of our own" in desk.trouble("reply", 18, "--text", "Hej", option, address, code=2)


def test_to_others_than_the_requester_is_no_answer(desk: Office) -> None:
    wrote(desk, 17, "Hallå?", sender=BROTHER)
    told = desk.say("reply", 17, "--text", "Finns kannan i lager?", "--to", "Lagret <lager@grossist.example>")
    missed = f"not answered: Åsa Öberg <{ASA}> (`ticketctl reply 17`)"
    assert told == f"#17: reply sent to lager@grossist.example; {missed}; stays open; it is yours now\n"
    (mail,) = sent(desk)
    assert who(mail) == (["lager@grossist.example"], []), "the customer's brother need not read that"
    assert "first response: due" in desk.say("show", 17, "--why")
    assert ", kept" not in desk.say("show", 17, "--why")
    desk.run("reply", 17, "--text", "Ja, den finns.", "--to", BROTHER.address)
    assert ", kept" in desk.say("show", 17, "--why"), "who asked last is answered"
    assert desk.get(17).status == "waiting"


def test_whom_we_write_to_answers_into_the_ticket(desk: Office) -> None:
    desk.run(
        "reply", 17, "--text", "Finns den?", "--to", "lager@grossist.example", "--cc", "bo", "--bcc", "crm@x.example"
    )
    assert [one.address for one in desk.get(17).participants] == [
        BROTHER.address, NEIGHBOUR.address, "lager@grossist.example"
    ]  # fmt: skip
    ours = desk.get(17).messages[-1].message_id
    answer = simple("SV", "Ja!", sender="lager@grossist.example", in_reply_to=f"<{ours}>")
    desk.process("fetch", "-q", "-", input=answer.decode())
    assert desk.get(17).messages[-1].text == "Ja!"
    desk.run("reply", 17, "--text", "Hej", "--queue", "--cc", "ny@kund.example")
    desk.run("undo", 17)
    assert "ny@kund.example" not in [one.address for one in desk.get(17).participants]


def test_a_blind_copy_is_in_the_envelope_and_on_the_ticket_alone(desk: Office) -> None:
    with smtp(desk) as mailbox:
        desk.run("reply", 17, "--text", "Hej", "--cc", "bror@kund.example", "--bcc", "Chefen <chef@exempel.example>")
        assert mailbox.mails[0].rcpt_tos == [ASA, "bror@kund.example", "chef@exempel.example"]
        assert b"chef" not in mailbox.bodies[0] and b"Bcc" not in mailbox.bodies[0]
    shown = " ".join(desk.say("show", 17).split())
    assert "copy to bror@kund.example; blind copy to Chefen <chef@exempel.example>" in shown
    assert "chef@exempel.example" not in [one.address for one in desk.get(17).participants]


def test_where_a_customer_wants_the_answer_is_told_and_not_followed(office: Office) -> None:
    raw = simple("Fråga", "Hej", sender="kalle@kund.example", Reply_To="Eva <eva@kund.example>")
    office.process("fetch", "-q", "-", input=raw.decode())
    assert "! asks for answers to Eva <eva@kund.example>" in office.say("show", 1)
    result = office.run("reply", 1, "--text", "Hej", "--stay-open")
    assert "asks for answers to eva@kund.example; `--to eva@kund.example` sends it there" in result.stderr
    assert who(sent(office)[0]) == (["kalle@kund.example"], [])
    result = office.run("reply", 1, "--text", "Hej Eva", "--to", "eva@kund.example")
    assert "asks for" not in result.stderr
    assert office.get(1).status == "waiting", "it is an answer"
    own = simple("Fråga", "Hej", sender="åsa@kund.example", Reply_To="support@exempel.example")
    office.process("fetch", "-q", "-", input=own.decode())
    assert "asks for answers" not in office.say("show", 2)


def test_the_writer_sees_who_gets_it(desk: Office, tmp_path: Path) -> None:
    seen = tmp_path / "visat"
    script = f"cp \"$1\" '{seen}'; {typed('Hej')}"
    words = ["--cc", "bror@kund.example", "--bcc", "bo", "--reply-to", "retur@exempel.example"]
    Terminal(desk, tmp_path, script, "reply", 17, *words).end()
    shown = seen.read_text(encoding="utf-8")
    assert f"# To Åsa Öberg <{ASA}>\n# Copy to bror@kund.example\n# Blind copy to bo <bo@exempel.example>\n" in shown
    assert "# Answers go to retur@exempel.example\n" in shown
    assert str(sent(desk)[0]["Reply-To"]) == "retur@exempel.example"


def test_a_draft_keeps_whom_it_is_for(desk: Office) -> None:
    words = ["--to", "lager@grossist.example", "--cc", "eva@kund.example", "--bcc", "crm@x.example"]
    desk.run("reply", 17, "--text", "Finns den?", "--draft", *words)
    desk.run("reply", 17, "--send")
    assert who(sent(desk)[0]) == (["lager@grossist.example"], ["eva@kund.example"])
    assert [one.address for one in desk.get(17).messages[-1].bcc] == ["crm@x.example"]


def test_a_caller_without_mail_can_be_answered_elsewhere(office: Office) -> None:
    office.make(17, requester=Person("", "070-123 45 67"))
    office.run("reply", 17, "--text", "Ring henne", "--to", ASA)
    assert who(sent(office)[0]) == ([ASA], [])


@pytest.mark.parametrize(
    "words",
    [["--cc", "070-123"], ["--to", "Åsa"], ["--reply-to", "x"], ["--only-requester", "--cc", "a@b.example"],
     ["--only-requester", "--to-all"], ["--bcc", "<>"]],
)  # fmt: skip
def test_who_has_no_address_or_what_contradicts_itself_is_refused(desk: Office, words: list[str]) -> None:
    before = desk.get(17)
    desk.run("reply", 17, "--text", "Hej", *words, code=2)
    assert desk.get(17) == before


def test_reply_all_and_mail_to_two_of_our_addresses_stay_in_one_ticket(office: Office) -> None:
    """Three people write to each other and to us; each mail comes to both of our mailboxes."""

    text = RULES.replace("country: SE", "country: SE, addresses: [Info@exempel.example]")
    (office.folder / "rules.yaml").write_text(text, encoding="utf-8")

    def comes(sender: str, text: str, message_id: str, **headers: str) -> None:
        to = "support@exempel.example, info@exempel.example, bror@kund.example, asa@kund.example"
        raw = simple("Trasig kanna", text, sender=sender, message_id=message_id, to=to, **headers)
        for mailbox in ("support", "info"):
            path = office.folder / f"{mailbox}.mbox"
            path.write_bytes(b"From x Fri Nov 20 08:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n")
            office.process("fetch", "-q", f"mbox:{path}")

    comes("asa@kund.example", "Kannan är trasig.", "1@kund.example")
    comes("bror@kund.example", "Min också!", "2@kund.example", In_Reply_To="<1@kund.example>")
    office.run("reply", 1, "--text", "Vi skickar två nya.", "--to-all")
    mail = sent(office)[0]
    assert who(mail) == (["asa@kund.example"], ["bror@kund.example"])
    comes("bror@kund.example", "Tack!", "3@kund.example", In_Reply_To=str(mail["Message-ID"]))
    assert [one.text for one in office.get(1).messages] == [
        "Kannan är trasig.", "Min också!", "Vi skickar två nya.", "Tack!"
    ]  # fmt: skip
    office.run("show", 2, code=4)
