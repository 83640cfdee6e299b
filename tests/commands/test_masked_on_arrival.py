"""`privacy: mask`: planted numbers are in no file of the data folder, packed in whatever way, after a mail with them in
every place came, was answered, forwarded, noted, reported and searched."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from tests.channels.test_rewrite import zipped
from tests.conftest import RULES, Office
from tests.planted import hits

CARD, PERSON, IBAN, PASSWORD = "4111 1111 1111 1111", "811218-9876", "SE45 5000 0000 0583 9825 7466", "kA7!x2Qz"
PLANTED = [CARD, CARD.replace(" ", ""), PERSON, PERSON.replace("-", ""), IBAN, IBAN.replace(" ", ""), PASSWORD]
MASKED = RULES + "privacy: {mask: [payment_card, personnummer, iban, secret]}\n"
ALL = f"Kort {CARD}, jag är {PERSON}, konto {IBAN}\nLösenord: {PASSWORD}\n"


def letter(number: int, encoding: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f'"Anna {PERSON}" <anna{number}@kund.example>'
    mail["To"] = "support@exempel.example"
    mail["Subject"] = f"Kort {CARD} ärende {number}"
    mail["Message-ID"] = f"<kort{number}@kund.example>"
    mail["X-Customer"] = f"id {PERSON}"
    mail.set_content(f"Hej!\n{ALL}\n> {PERSON} skrev du\n", cte=encoding)
    mail.add_alternative(f"<p>Kort <b>4111</b> 1111 1111 1111</p><p>{ALL}</p>", subtype="html", cte=encoding)
    mail.add_attachment(ALL.encode("utf-16"), maintype="text", subtype="plain", filename=f"intyg {PERSON}.txt")
    mail.add_attachment(f"a;b\n1;{CARD}\n".encode(), maintype="text", subtype="csv", filename="kort.csv")
    mail.add_attachment(f"BEGIN:VEVENT\nSUMMARY:{PERSON}\nEND:VEVENT\n", subtype="calendar", filename="a.ics")
    mail.add_attachment(f"<html><b>{PERSON}</b></html>", subtype="html", filename="sida.html")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = f"Om {PERSON}", "bo@kund.example"
    inner.set_content(ALL, cte="base64")
    mail.add_attachment(inner)
    return mail


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_planted_numbers_are_nowhere_in_the_data_folder(office: Office, encoding: str) -> None:
    (office.folder / "rules.yaml").write_text(MASKED, "utf-8")
    for number in (1, 2):
        office.run("fetch", "-", stdin=letter(number, encoding).as_string())
    broken = f"\0\0{CARD} {base64.b64encode(ALL.encode()).decode()}\n"
    office.run("fetch", "-", stdin=broken)
    office.run("note", 1, "--text", f"Kunden är {PERSON} och kortet {CARD}")
    office.run("new", "--requester", "Bo <bo@kund.example>", "--subject", CARD, "--text", ALL)
    office.run("reply", 1, "--text", "Vi återkommer till dig i morgon.")
    office.run("search", "kort")
    office.run("close", 2, "--set", "category=faktura", "--cause", "leverans")
    office.run("report")
    shown = office.say("show", 1)
    assert "Kort **** **** **** 1111" in shown and "**** **** 7466" in shown
    assert hits(office.folder / "data", PLANTED) == []


def test_the_scanner_would_find_them(office: Office) -> None:
    """Without `mask` each is there: the test above would fail if nothing were masked."""
    office.run("fetch", "-", stdin=letter(1, "base64").as_string())
    found = "\n".join(hits(office.folder / "data", [CARD, PERSON, IBAN, PASSWORD]))
    assert all(word in found for word in (CARD, PERSON, IBAN, PASSWORD))


def test_the_same_mail_again_is_known(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(MASKED, "utf-8")
    text = letter(1, "8bit").as_string()
    for _ in "ab":
        office.run("fetch", "-", stdin=text)
    with office.store.reading() as desk:
        assert [len(ticket.messages) for ticket in desk.find()] == [1]


def test_an_office_file_is_told_and_kept(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(MASKED, "utf-8")
    mail = letter(1, "8bit")
    document = zipped(document=f"<p>Personnummer {PERSON}</p>")
    mail.add_attachment(document, maintype="application", subtype="octet-stream", filename="avtal.docx")
    mail.add_attachment(b"PK no zip", maintype="application", subtype="octet-stream", filename="trasig.docx")
    office.run("fetch", "-", stdin=mail.as_string())
    shown = " ".join(office.say("show", 1).split())
    assert "avtal.docx holds what this desk masks, and it could not be masked in it" in shown
    assert "trasig.docx could not be looked into for what this desk masks" in shown
    svenska = " ".join(office.say("--language", "sv", "show", 1).split())
    assert "avtal.docx innehåller sådant som vi döljer, och det gick inte att dölja där" in svenska


def test_a_reply_with_a_password_is_warned_of(office: Office) -> None:
    office.make(1)
    trouble = office.trouble("reply", 1, "--text", f"Ditt nya lösenord: {PASSWORD}", code=5)
    assert "a password or a key" in trouble and PASSWORD not in trouble
    svenska = office.trouble("--language", "sv", "reply", 1, "--text", f"Du är {PERSON}.", code=5)
    assert "hör inte hemma i ett mejl" in svenska and PERSON not in svenska
    assert "sent" in office.say("reply", 1, "--text", f"Du är {PERSON}.", "--no-check")
