"""Masking on arrival: the mail and its files are written anew, and understood as before; files that can only be read
are told. The values are made here and belong to nobody."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
import zlib
from email.message import EmailMessage
from functools import partial

import pytest

from ticketctl.channels.email.medium import Mail
from ticketctl.channels.email.rewrite import documents
from ticketctl.domain.privacy.masking import mask

CARD, PERSON = "4111 1111 1111 1111", "811218-9876"
CHANGE = partial(mask, kinds=("payment_card", "personnummer"))
MAIL = Mail()


def rewritten(raw: bytes) -> bytes:
    """Rewritten twice is the same, and nothing of the two values is left in any encoding."""
    after = MAIL.rewrite(raw, CHANGE)
    assert MAIL.rewrite(after, CHANGE) == after
    for text in texts(after):
        assert CARD not in text and PERSON not in text and "811218" not in text, text
    return after


def texts(raw: bytes) -> list[str]:
    """The mail as a reader of raw bytes can see it: as it is, and each base64 and quoted-printable piece undone."""
    found = [raw.decode("latin-1"), quopri.decodestring(raw).decode("latin-1")]
    for part in _parsed(raw).walk():
        payload = part.get_payload(decode=True)
        found += [payload.decode(codec, "replace") for codec in ("latin-1", "utf-16")] if payload else []
    return found


def _parsed(raw: bytes):
    import email

    return email.message_from_bytes(raw)


def mail(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anna Öberg <anna@kund.example>"
    message["To"] = "support@exempel.example"
    message["Subject"] = parts.get("subject", "Hej på dig")
    message["Message-ID"] = "<1@kund.example>"
    message.set_content(parts.get("text", "Inget här."))
    return message


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_text_in_every_transfer_encoding(encoding: str) -> None:
    message = mail()
    message.set_content(f"Kort {CARD}\nJag: {PERSON}\n", cte=encoding)
    before, after = MAIL.parse(bytes(message)), MAIL.parse(rewritten(bytes(message)))
    assert after.text == CHANGE(before.text) and after.sender == before.sender
    assert (after.message_id, after.subject, after.to) == (before.message_id, before.subject, before.to)


def test_nothing_to_mask_leaves_every_byte() -> None:
    message = mail(text="Order 12345 har inte kommit.")
    message.add_attachment(b"\x89PNG\r\n4111111111111111", maintype="image", subtype="png", filename="a.png")
    assert MAIL.rewrite(bytes(message), CHANGE) == bytes(message)


def test_the_subject_names_of_files_and_persons() -> None:
    message = mail(subject=f"Mitt kort {CARD} är spärrat, jag är {PERSON}", text="Hej")
    del message["From"]
    message["From"] = f'"Anna {PERSON}" <anna@kund.example>'
    message.add_attachment("intyg", filename=f"intyg {PERSON}.txt")
    after = MAIL.parse(rewritten(bytes(message)))
    assert after.subject == "Mitt kort **** **** **** 1111 är spärrat, jag är ******-****"
    assert after.sender and (after.sender.name, after.sender.address) == ("Anna ******-****", "anna@kund.example")
    assert after.attachments[0].name == "intyg ******-****.txt"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Kort {CARD}</p>", "<p>Kort 4111 <b>1111</b> 1111 1111</p>", "<p>8&#49;1218-98&#55;6</p>",
        f'<html><head><meta charset="iso-8859-1"></head><body>åäö {PERSON}</body></html>', f'<a title="{CARD}">x</a>',
    ],
)  # fmt: skip
def test_html_however_it_is_divided(html: str) -> None:
    message = mail(text="Se nedan")
    message.add_alternative(html, subtype="html")
    after = _parsed(rewritten(bytes(message)))
    page = next(part for part in after.walk() if part.get_content_type() == "text/html")
    read = MAIL.parse_text(page.get_payload(decode=True), html=True).text
    assert "1111 1111" not in read and "9876" not in read and ("åäö" in read or "åäö" not in html)


def test_what_stands_between_the_parts_goes() -> None:
    raw = (
        b"From: a@kund.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + f"{CARD}\r\n--b\r\n\r\nHej\r\n--b--\r\n{PERSON}\r\n".encode()
    )
    assert MAIL.parse(rewritten(raw)).text == "Hej"


def test_attached_mails_and_multiparts_within_multiparts() -> None:
    inner = mail(subject=f"Om {PERSON}", text=f"Kort {CARD}")
    inner.add_alternative(f"<p>{PERSON}</p>", subtype="html")
    outer = mail(text="Se bifogat")
    outer.add_attachment(inner)
    outer.add_attachment(
        f"namn;nummer\nAnna;{PERSON}\n".encode("utf-16"), maintype="text", subtype="csv", filename="a.csv"
    )
    outer.add_attachment(bytes(inner), maintype="application", subtype="octet-stream", filename="b.eml")
    before, after = MAIL.parse(bytes(outer)), MAIL.parse(rewritten(bytes(outer)))
    assert [one.name for one in after.attachments] == [CHANGE(one.name) for one in before.attachments]
    assert after.text == before.text


def test_a_mail_that_cannot_be_taken_apart() -> None:
    plain = base64.encodebytes(f"Kort {CARD} och {PERSON}, hela vägen hit".encode()).decode()
    raw = f"\0\0{CARD}\n{plain}\nslut".encode()
    after = MAIL.rewrite(raw, CHANGE)
    assert CARD.encode() not in after and b"4111" not in base64.b64decode(after.split(b"\n", 1)[1].split(b"slut")[0])


# --- files ---


@pytest.mark.parametrize(
    ("name", "kind", "codec"),
    [
        ("a.txt", "text/plain", "utf-8"), ("a.txt", "text/plain", "utf-16"), ("a.csv", "text/csv", "latin-1"),
        ("a.ics", "text/calendar", "utf-8"), ("a.vcf", "application/octet-stream", "utf-8"),
        ("a.json", "application/json", "utf-8-sig"), ("a", "application/octet-stream", "utf-8"),
    ],
)  # fmt: skip
def test_text_files(name: str, kind: str, codec: str) -> None:
    payload = f"Åsa;{PERSON};{CARD}\r\nslut\r\n".encode(codec)
    done = MAIL.rewrite_file(name, kind, payload, CHANGE)
    assert done.flagged == ""
    read = done.payload.decode("utf-8" if codec == "latin-1" else codec)
    assert read == "Åsa;******-****;**** **** **** 1111\r\nslut\r\n"
    clean = "Åsa;inget".encode(codec)
    assert MAIL.rewrite_file(name, kind, clean, CHANGE).payload == clean


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", ".", 1) if "__" in name else f"{name}.xml", content)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCX = [
    f"<w:p {W}><w:r><w:t>Kort {CARD}</w:t></w:r></w:p>",
    f"<w:p {W}><w:r><w:t>4111 11</w:t></w:r><w:r><w:t>11 1111 </w:t></w:r><w:r><w:t>1111</w:t></w:r></w:p>",
    f"<w:tbl {W}><w:tc><w:p><w:t>811218-</w:t><w:t>9876</w:t></w:p></w:tc></w:tbl>",
    f'<x {W} href="mailto:x?subject={CARD}"/>',
    f"<w:p {W}><w:del><w:delText>{PERSON}</w:delText></w:del></w:p>",
    "<sst><si><t>4111111111111111</t></si></sst>",
    f"<office:p xmlns:office='o'>{PERSON[:6]}<office:span>{PERSON[6:]}</office:span></office:p>",
]


@pytest.mark.parametrize("xml", DOCX)
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
@pytest.mark.parametrize("part", ["word__document_xml", "docProps__core_xml", "content", "xl__sharedStrings_xml"])
def test_office_files_are_flagged(part: str, name: str, xml: str) -> None:
    payload = zipped(**{part: xml})
    assert MAIL.rewrite_file(name, "application/octet-stream", payload, CHANGE).flagged == "found"
    clean = zipped(**{part: "<p>Order 4111 1111 1111 1112, ring 811218-9877</p>"})
    assert MAIL.rewrite_file(name, "application/octet-stream", clean, CHANGE).flagged == ""


def test_bombs_document_types_and_locked_files_are_stopped() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(80):
            part.write(b"0" * 1_000_000)
    lying = bomb.getvalue().replace((80_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    for payload in (zipped(document=entities), locked, bomb.getvalue(), lying, b"PK\x03\x04" + bytes(50)):
        assert MAIL.rewrite_file("a.docx", "", payload, CHANGE).flagged == "unread"
    with pytest.raises(documents.Unreadable):
        documents.office_text(zipped(document=entities))


def document(text: str, *, stream: bytes | None = None) -> bytes:
    """A PDF of one page, written by hand."""
    lines = "\n".join(f"({line}) Tj 0 -14 Td" for line in text.split("\n"))
    content = stream if stream is not None else f"BT /F1 12 Tf 72 720 Td {lines} ET".encode("latin-1")
    content = zlib.compress(content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


@pytest.mark.extra("pdf")
@pytest.mark.parametrize("text", [f"Kort {CARD}", PERSON, "\n".join("811218-9876"), "4111 1111\n1111 1111"])
def test_pdf_files_are_flagged(text: str) -> None:
    assert MAIL.rewrite_file("a.pdf", "application/pdf", document(text), CHANGE).flagged == "found"


@pytest.mark.extra("pdf")
def test_pdf_files_without_it_and_damaged_ones() -> None:
    assert MAIL.rewrite_file("a.pdf", "application/pdf", document("Order 811218-9877"), CHANGE).flagged == ""
    assert MAIL.rewrite_file("a.pdf", "application/pdf", b"%PDF-1.4 nothing", CHANGE).flagged == "unread"


@pytest.mark.long
@pytest.mark.extra("pdf")
def test_a_pdf_that_costs_a_reader_much_is_given_up() -> None:
    endless = document("", stream=b"BT " + b"q " * 2_000_000)
    assert MAIL.rewrite_file("a.pdf", "application/pdf", endless, CHANGE).flagged in ("", "unread")
