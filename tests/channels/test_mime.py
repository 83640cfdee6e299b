"""Raw mail → what people read. Each mail is written here as it would come over the wire."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ticketctl.channels.email.parse.mime import Unreadable, header_only, understand, understand_text
from ticketctl.domain.ticket.message import Inbound, Person

HEAD = """\
From: Åsa Öberg <asa@kund.example>
To: support@exempel.example
Subject: Fråga om faktura
Message-ID: <1@kund.example>
Date: Fri, 20 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
"""


def mail(body: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return (head + body).encode(encoding)


def read(body: str, head: str = HEAD, encoding: str = "utf-8") -> Inbound:
    return understand(mail(body, head, encoding))


def multipart(kind: str, *parts: str) -> str:
    inner = "".join(f"--grens\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="grens"\n\n{inner}--grens--\n'


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHej!\nVar är min faktura?"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Hej!</p><p>Var är min <b>faktura</b>?</p>"
PICTURE = (
    "Content-Type: image/png; name=logga.png\nContent-Disposition: inline\nContent-ID: <bild>\n"
    "Content-Transfer-Encoding: base64\n\niVBORw0KGgo="
)


def test_plain_mail_is_understood_whole() -> None:
    found = read("\nHej!\r\nVar är min faktura?\r\n")
    assert found.sender == Person("asa@kund.example", "Åsa Öberg")
    assert found.to == (Person("support@exempel.example"),)
    assert (found.subject, found.message_id) == ("Fråga om faktura", "1@kund.example")
    assert found.date == datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=1)))
    assert found.text == "Hej!\nVar är min faktura?"
    assert (found.machine, found.may_answer, found.attachments) == (None, True, ())


def test_plain_text_is_preferred_and_html_made_readable_where_it_is_alone() -> None:
    assert read(multipart("alternative", PLAIN, HTML)).text == "Hej!\nVar är min faktura?"
    alone = read(HTML).text
    assert "faktura" in alone
    assert "<" not in alone


def test_an_empty_plain_part_does_not_hide_the_html() -> None:
    assert "faktura" in read(multipart("alternative", "Content-Type: text/plain\n\n \n", HTML)).text


def test_html_beside_the_same_plain_text_is_not_read_twice() -> None:
    assert read(multipart("mixed", PLAIN, HTML)).text.count("faktura") == 1


def test_texts_around_an_attachment_are_all_read() -> None:
    found = read(multipart("mixed", PLAIN, PICTURE, "Content-Type: text/plain\n\nMvh Åsa"))
    assert found.text == "Hej!\nVar är min faktura?\n\nMvh Åsa"
    assert [one.name for one in found.attachments] == ["logga.png"]


def test_attachments_keep_their_bytes_and_are_named_by_their_hash() -> None:
    pdf = base64.encodebytes(b"%PDF-1.7 \x00\xff" * 200).decode()
    head = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    part = f"{head}Content-Transfer-Encoding: base64\n\n{pdf}"
    found = read(multipart("mixed", PLAIN, part))
    (one,), (payload,) = found.attachments, found.payloads
    assert payload == b"%PDF-1.7 \x00\xff" * 200
    assert (one.name, one.type, one.size, one.inline) == ("a.pdf", "application/pdf", len(payload), False)
    assert one.sha256 == hashlib.sha256(payload).hexdigest()


def test_inline_images_and_named_texts_are_attachments() -> None:
    note = "Content-Type: text/plain; name=logg.txt\nContent-Disposition: inline; filename=logg.txt\n\nrad 1"
    found = read(multipart("related", multipart("alternative", PLAIN, HTML).replace("grens", "inre"), PICTURE, note))
    assert [(one.name, one.inline) for one in found.attachments] == [("logga.png", True), ("logg.txt", True)]
    assert "rad 1" not in found.text


def test_an_attached_message_is_an_attachment_as_it_was_sent() -> None:
    inner = "From: b@x.example\nSubject: =?utf-8?q?Gammalt_=C3=A4rende?=\nX-Odd:   two  spaces\n\nInre text."
    found = read(multipart("mixed", PLAIN, f"Content-Type: message/rfc822\n\n{inner}"))
    assert "Inre text" not in found.text
    assert found.attachments[0].name == "Gammalt ärende.eml"
    assert found.payloads == (inner.encode(),)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ('attachment; filename="se \\"här\\".pdf"', 'se "här".pdf'),
        ("attachment; filename*=utf-8''r%C3%A4kning.pdf", "räkning.pdf"),
        ("attachment; filename*=iso-8859-1'sv'r%E4kning.pdf", "räkning.pdf"),
        ("attachment; filename*0*=utf-8''r%C3%A4k;\n filename*1=ning; filename*2*=%2Epdf", "räkning.pdf"),
        ('attachment; filename="=?utf-8?b?csOka25pbmcucGRm?="', "räkning.pdf"),
        ("attachment; FILENAME = räkning.pdf", "räkning.pdf"),
        ('attachment; filename="../../etc/passwd\\0"', "../../etc/passwd0"),
        ("attachment", "pdf.pdf"),
    ],
)
def test_names_of_attachments(header: str, name: str) -> None:
    part = f"Content-Type: application/pdf\nContent-Disposition: {header}\n\nx"
    assert [one.name for one in read(multipart("mixed", PLAIN, part)).attachments] == [name]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),  # mislabelled, the commonest fault there is
        ("cp1252", "utf-8"),
        ("cp1252", "us-ascii"),
        ("iso-8859-1", "iso-8859-1"),
        ("cp1252", "no-such-charset"),
        ("cp1252", "idna"),
        ("cp1252", "rot13"),
        ("utf-16", "utf-16"),
        ("utf-7", "utf-7"),
    ],
)
def test_charsets(encoding: str, declared: str) -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset={declared}\n\n".encode() + "Räksmörgås på tåget".encode(encoding)
    assert understand(raw).text == "Räksmörgås på tåget"


def test_japanese_and_cyrillic_charsets() -> None:
    for text, name in (
        ("請求書について", "iso-2022-jp"),
        ("請求書", "shift_jis"),
        ("Счёт", "koi8-r"),
        ("发票", "gb2312"),
    ):
        raw = f"{HEAD}Content-Type: text/plain; charset={name}\n\n".encode() + text.encode(name)
        assert understand(raw).text == text


def test_nul_and_lone_surrogates_are_gone() -> None:
    found = understand(mail("\nföre\0efter") + b"\xed\xa0\x80")
    assert "\0" not in found.text
    found.text.encode()
    assert found.text.startswith("föreefter")


def test_transfer_encodings_that_are_damaged_lose_only_the_damage() -> None:
    qp = read("Content-Transfer-Encoding: quoted-printable\n\nR=C3=A4tt =\nrad = fel =ZZ")
    assert qp.text.startswith("Rätt rad")
    cut = base64.b64encode("Räksmörgås".encode() * 9).decode()[:-3]
    assert read(f"Content-Transfer-Encoding: base64\n\n{cut}").text.startswith("RäksmörgåsRäksmörgås")


def test_flowed_text_has_its_paragraphs_back() -> None:
    body = "Content-Type: text/plain; format=flowed\n\nHej, detta är \nen rad.\n> citat som \n> flyter\nslut\n-- \nÅsa"
    assert read(body).text == "Hej, detta är en rad.\n> citat som flyter\nslut\n-- \nÅsa"


def test_a_unix_from_line_is_no_header_and_no_text() -> None:
    found = understand(b"From asa@kund.example Fri Nov 20 10:00:00 2026\n" + mail("\nHej"))
    assert (found.sender and found.sender.name, found.text) == ("Åsa Öberg", "Hej")


def test_one_damaged_line_above_the_header_does_not_turn_it_into_text() -> None:
    found = understand(b"\x01skr\xe4p\n" + mail("\nHej"))
    assert (found.subject, found.text) == ("Fråga om faktura", "Hej")


def test_of_two_senders_the_one_with_an_address_counts() -> None:
    assert read("\nHej", "From: [????]\nFrom: a@b.example\n").sender == Person("a@b.example")


def test_the_same_mail_in_two_mailboxes_has_one_content() -> None:
    one = understand(b"Received: from a\nDelivered-To: info@x.example\nX-UID: 7\nStatus: RO\n" + mail("\nHej\n"))
    other = understand(b"Return-Path: <asa@kund.example>\n" + mail("\nHej\n\n").replace(b"\n", b"\r\n"))
    assert one.content == other.content
    assert one.delivered_to == ("info@x.example",)
    assert one.content != understand(mail("\nHej då\n")).content


def test_a_mail_without_id_gets_one_of_its_content() -> None:
    head = HEAD.replace("Message-ID: <1@kund.example>\n", "")
    first, again, other = read("\nHej", head), read("\nHej\n", head), read("\nHopp", head)
    assert first.message_id == again.message_id == f"sha256-{first.content}@content.invalid"
    assert other.message_id != first.message_id


def test_the_arrival_stands_in_for_an_unreadable_date() -> None:
    arrived = datetime(2026, 11, 20, tzinfo=UTC)
    raw = mail("\nHej", HEAD.replace("Fri, 20 Nov 2026 10:00:00 +0100", "igår kväll"))
    assert (understand(raw).date, understand(raw, arrived_at=arrived).date) == (None, arrived)


def test_threading_headers() -> None:
    found = read("In-Reply-To: <b@x>\nReferences: <a@x>\n <b@x> <a@x>\n\nHej")
    assert (found.in_reply_to, found.references) == (("b@x",), ("a@x", "b@x"))


def test_headers_for_rules_are_decoded_and_capped() -> None:
    found = read(f"X-Ärende: x\nX-Order: =?utf-8?q?r=C3=A4t?=\nX-Order: 2\nX-Long: {'a' * 10_000}\n\nHej")
    assert (found.headers["x-order"], found.headers["x-Ärende".lower()]) == (("rät", "2"), ("x",))
    assert len(found.headers["x-long"][0]) == 4_096


def test_the_header_of_an_oversized_mail_is_understood_alone() -> None:
    found = header_only(mail(multipart("mixed", PLAIN, PICTURE)))
    assert (found.subject, found.text, found.attachments) == ("Fråga om faktura", "", ())


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\x7fELF\0\0\0\0" * 100])
def test_what_is_no_mail_is_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        understand(raw)
    assert str(refused.value)


def test_bare_bodies() -> None:
    assert understand_text("Hej\r\n\r\nMvh Åsa\r\n").text == "Hej\n\nMvh Åsa"
    assert "<" not in understand_text("<p>Hej <b>du</b></p>", html=True).text


def test_a_bounce_is_read_from_its_parts() -> None:
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; bo@borta.example\nAction: failed\nStatus: 5.1.1\n"
    )
    returned = "Content-Type: message/rfc822\n\nMessage-ID: <vart@exempel.example>\nTo: bo@borta.example\n\nHej"
    found = understand(
        mail(
            multipart("report; report-type=delivery-status", "\nKunde inte levereras.", status, returned),
            "From: MAILER-DAEMON@mx.example\nTo: support@exempel.example\nSubject: Undelivered Mail\n",
        )
    )
    assert (found.machine, found.may_answer) == ("bounce", False)
    assert found.bounce is not None
    assert [(one.address, one.status, one.permanent) for one in found.bounce.recipients] == [
        ("bo@borta.example", "5.1.1", True)
    ]
    assert found.bounce.message_id == "vart@exempel.example"
