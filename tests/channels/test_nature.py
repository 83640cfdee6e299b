"""Invitations, receipts, complaints, signed and encrypted mail are recognised, told as what they are, and kept."""

from __future__ import annotations

import mailbox
from email.message import Message as Mail
from pathlib import Path

import pytest

from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Inbound

HEAD = (
    "From: Anna Åberg <anna@kund.example>\nTo: support@exempel.example\nSubject: Möte\nMessage-ID: <9@kund.example>\n"
)
CALENDAR = """\
BEGIN:VCALENDAR
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:16010101T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN="Anna Åberg":mailto:anna@kund.example
ATTENDEE;PARTSTAT={answer};CN=Support:mailto:support@exempel.example
SUMMARY;LANGUAGE=sv:Möte om avtal\\, del 2 med en rubrik som är så lång att den bryt
 s till en rad till
DTSTART{start}
LOCATION:Rum 3
{more}BEGIN:VALARM
DESCRIPTION:REMINDER
SUMMARY:fel
END:VALARM
END:VEVENT
END:VCALENDAR
"""
TITLE = "Möte om avtal, del 2 med en rubrik som är så lång att den bryts till en rad till"
HERE = ";TZID=Europe/Stockholm:20261201T100000"


def part(kind: str, body: str, more: str = "") -> str:
    return f"Content-Type: {kind}\n{more}\n{body}\n"


def raw(content: str, *parts: str, head: str = HEAD) -> bytes:
    """A message of this content type, its parts between the boundaries."""
    inner = "".join(f"--g\n{one}" for one in parts)
    return f'{head}MIME-Version: 1.0\nContent-Type: {content}; boundary="g"\n\n{inner}--g--\n'.encode()


def read(content: str, *parts: str, head: str = HEAD) -> Inbound:
    return understand(raw(content, *parts, head=head))


def calendar(method: str, start: str = HERE, answer: str = "NEEDS-ACTION", text: str = "", more: str = "") -> Inbound:
    body = CALENDAR.format(method=method, start=start, answer=answer, more=more)
    return read(
        "multipart/alternative",
        part("text/plain; charset=utf-8", text),
        part(f"text/calendar; charset=utf-8; method={method}", body.replace("\n", "\r\n")),
    )


@pytest.mark.parametrize(
    ("method", "start", "told"),
    [
        ("REQUEST", HERE, f"invitation: {TITLE}, 2026-12-01 10:00 (Europe/Stockholm), Rum 3 (Anna Åberg)"),
        ("REQUEST", ":20261201T090000Z", f"invitation: {TITLE}, 2026-12-01 09:00 UTC, Rum 3 (Anna Åberg)"),
        ("CANCEL", ";VALUE=DATE:20261201", f"cancelled invitation: {TITLE}, 2026-12-01, Rum 3 (Anna Åberg)"),
        ("PUBLISH", ":damaged", f"calendar entry: {TITLE}, Rum 3 (Anna Åberg)"),
    ],
)
def test_an_invitation_is_told_and_kept(method: str, start: str, told: str) -> None:
    mail = calendar(method, start, text="Hej! Passar det?")
    assert mail.nature == (told,)
    assert mail.text == "Hej! Passar det?"
    assert [(one.name, one.type) for one in mail.attachments] == [("invite.ics", "text/calendar")]
    assert mail.machine is None


def test_a_click_on_an_invitation_of_ours_is_automatic_but_words_are_a_persons() -> None:
    clicked = calendar("REPLY", answer="ACCEPTED")
    assert clicked.nature == (f"accepted the invitation: {TITLE}, 2026-12-01 10:00 (Europe/Stockholm), Rum 3",)
    assert (clicked.machine, clicked.may_answer) == ("notification", False)
    assert calendar("REPLY", answer="DECLINED", text="Kan vi ta det på fredag?").machine is None
    assert calendar("REPLY", answer="DECLINED", more="COMMENT:Kan vi ta det på fredag?\n").machine is None
    google = HEAD + "Sender: Google Calendar <calendar-notification@google.com>\n"
    body = CALENDAR.format(method="REPLY", start=HERE, answer="TENTATIVE", more="")
    said = read(
        "multipart/alternative", part("text/plain", "Anna har svarat"), part("text/calendar", body), head=google
    )
    assert said.machine == "notification"


@pytest.mark.parametrize("body", ["", "BEGIN:VCALENDAR", "BEGIN:VEVENT\nSUMMARY", "BEGIN:VEVENT\n" + "X;" * 50_000])
def test_a_damaged_calendar_hurts_nobody(body: str) -> None:
    mail = read("multipart/mixed", part("text/plain", "Hej"), part("text/calendar", body))
    assert mail.text == "Hej"
    assert len(mail.attachments) == 1


def receipt(disposition: str, original: str = "svar@exempel.example", references: str = "") -> str:
    fields = (
        f"Final-Recipient: rfc822; anna@kund.example\nOriginal-Message-ID: <{original}>\nDisposition: {disposition}"
    )
    report = part("message/disposition-notification", f"{fields}\n")
    kind = 'multipart/report; report-type=disposition-notification; boundary="g"'
    body = f"--g\n{part('text/plain', 'Ert brev har visats.')}--g\n{report}--g--\n"
    return f"{HEAD}{references}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}"


def test_a_receipt_names_our_mail_and_what_became_of_it() -> None:
    mail = understand(receipt("manual-action/MDN-sent-manually; displayed").encode())
    assert (mail.machine, mail.nature, mail.in_reply_to) == (
        "read_receipt",
        ("read receipt",),
        ("svar@exempel.example",),
    )
    unread = understand(receipt("automatic-action/MDN-sent-automatically; deleted").encode())
    assert unread.nature == ("receipt: deleted without being read",)


def answered(office, source: mailbox.Maildir, path: Path) -> str:
    """A ticket of Anna's with our reply, sent: the Message-ID of that."""
    first = Mail()
    first["From"], first["Subject"], first["Message-ID"] = "anna@kund.example", "Faktura", "<1@kund.example>"
    first.set_payload("Hej! Var finns fakturan?\n")
    source.add(first)
    office.run("fetch", f"maildir:{path}", user="system")
    office.run("reply", 1, "--text", "Den kommer i morgon.")
    office.run("send")
    (ours,) = (one for one in office.get(1).messages if one.direction == "out")
    return ours.message_id


def test_a_receipt_is_shown_on_the_ticket_with_the_reply_that_it_is_for(office, tmp_path: Path) -> None:
    path = tmp_path / "brev"
    source = mailbox.Maildir(path)
    ours = answered(office, source, path)
    source.add(receipt("manual-action/MDN-sent-manually; displayed", ours).encode())
    office.run("fetch", f"maildir:{path}", user="system")
    shown = office.say("show", 1)
    assert "* read receipt for our reply of Fri 2026-11-20 10:00" in shown
    assert office.get(1).messages[-1].kind == "automatic"


def test_a_complaint_about_our_reply_is_a_ticket_linked_to_it(office, tmp_path: Path) -> None:
    path = tmp_path / "brev"
    source = mailbox.Maildir(path)
    ours = answered(office, source, path)
    parts = (
        part("text/plain", "En anmälan"),
        part("message/feedback-report", "Feedback-Type: abuse\nVersion: 1\n"),
        part("message/rfc822", f"From: support@exempel.example\nMessage-ID: <{ours}>\n\nHej"),
    )
    head = "From: klagan@post.example\nTo: support@exempel.example\nSubject: Anmälan\n"
    source.add(raw("multipart/report; report-type=feedback-report", *parts, head=head))
    office.run("fetch", f"maildir:{path}", user="system")
    assert "* spam complaint (feedback report)" in office.say("show", 2)
    assert [(link.to, link.kind) for link in office.get(2).links] == [(1, "conversation")]
    assert len(office.get(1).messages) == 2


def test_a_complaint_is_told() -> None:
    report = "Feedback-Type: abuse\nUser-Agent: Exempel/1\nVersion: 1\nOriginal-Rcpt-To: <anna@kund.example>\n"
    mail = read(
        "multipart/report; report-type=feedback-report",
        part("text/plain", "En anmälan"),
        part("message/feedback-report", report),
        part("message/rfc822", "From: support@exempel.example\nMessage-ID: <vart@exempel.example>\n\nHej"),
    )
    assert mail.nature == ("spam complaint (feedback report) from anna@kund.example",)
    assert (mail.machine, mail.in_reply_to) == ("feedback_report", ("vart@exempel.example",))


def test_signed_mail_is_read_as_any_other() -> None:
    smime = part("application/pkcs7-signature; name=smime.p7s", "MIIB")
    pgp = part("application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----")
    for kind, signature, told in (
        ("multipart/signed; protocol=application/pkcs7-signature", smime, "signed (S/MIME, not checked)"),
        ("multipart/signed; protocol=application/pgp-signature", pgp, "signed (PGP, not checked)"),
    ):
        mail = read(kind, part("text/plain", "Hej! Var är fakturan?"), signature)
        assert (mail.text, mail.nature, len(mail.attachments)) == ("Hej! Var är fakturan?", (told,), 1)


CLEAR = """\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Hej!
- - ett
- -----streck

Var är fakturan?
-----BEGIN PGP SIGNATURE-----

iQEzBAEB
=abcd
-----END PGP SIGNATURE-----
"""


def test_what_pgp_puts_around_a_text_is_no_word_of_the_sender() -> None:
    mail = understand(f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{CLEAR}".encode())
    assert mail.nature == ("signed (PGP, not checked)",)
    assert mail.new_text == "Hej!\n- ett\n-----streck\n\nVar är fakturan?"
    assert mail.text == CLEAR.strip()


@pytest.mark.parametrize("cut", range(0, len(CLEAR), 7))
def test_a_signed_text_that_is_cut_off_loses_nothing(cut: int) -> None:
    mail = understand(f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{CLEAR[:cut]}".encode())
    kept = (mail.new_text, mail.quoted, mail.signature)
    assert all(any(word in text for text in kept) for word in ("Hej!", "Var är") if word in CLEAR[:cut])


ARMOURED = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"


def test_encrypted_mail_is_kept_and_tells_what_to_do() -> None:
    mime = read(
        "multipart/encrypted; protocol=application/pgp-encrypted",
        part("application/pgp-encrypted", "Version: 1"),
        part("application/octet-stream; name=encrypted.asc", ARMOURED),
    )
    inline = understand(f"{HEAD}\n{ARMOURED}".encode())
    smime = understand(
        f"{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMI".encode()
    )
    for mail, how in ((mime, "PGP"), (inline, "PGP"), (smime, "S/MIME")):
        (told,) = mail.nature
        assert told.startswith(f"encrypted with {how}: can't be read here: save the mail and open it")
    assert [one.name for one in mime.attachments][-1] == "encrypted.asc"
    assert [one.name for one in smime.attachments] == ["smime.p7m"]
    packed = understand(f"{HEAD}Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nMI".encode())
    assert "signed with S/MIME in a packed form" in packed.nature[0]


def test_an_ordinary_mail_is_nothing_else() -> None:
    assert understand(f"{HEAD}\nHej!\n".encode()).nature == ()
