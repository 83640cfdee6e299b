"""Files within files and texts: uuencode in a body, winmail.dat, what hangs on attached messages."""

from __future__ import annotations

import base64
import binascii
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl.channels.email.parse import tnef, uuencode
from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Inbound

HEAD = b"From: asa@kund.example\nSubject: Faktura\nMessage-ID: <1@kund.example>\n"
PDF = b"%PDF-1.4 " + bytes(range(256)) * 3


def uu(name: str, data: bytes, base_64: bool = False) -> str:
    pieces = [data[at : at + 45] for at in range(0, len(data), 45)]
    if base_64:
        body = "".join(base64.b64encode(piece).decode() + "\n" for piece in pieces)
        return f"begin-base64 644 {name}\n{body}====\n"
    return f"begin 644 {name}\n{''.join(binascii.b2a_uu(piece).decode() for piece in pieces)}`\nend\n"


def named(mail: Inbound) -> list[tuple[str, bytes]]:
    return [(one.name, payload) for one, payload in zip(mail.attachments, mail.payloads, strict=True)]


@pytest.mark.parametrize("base_64", [False, True])
def test_a_file_in_the_text_is_an_attachment(base_64: bool) -> None:
    body = (
        f"Hej!\n\nHär är fakturan:\n\n{uu('faktura åäö.pdf', PDF, base_64)}\nMvh\nÅsa\n{uu('två.txt', b'hej', base_64)}"
    )
    mail = understand(HEAD + b"\n" + body.encode())
    assert named(mail) == [("faktura åäö.pdf", PDF), ("två.txt", b"hej")]
    assert mail.attachments[0].type == "application/pdf"
    assert mail.text == "Hej!\n\nHär är fakturan:\n\n\nMvh\nÅsa"


@pytest.mark.parametrize("body", [
    "begin 644 reasons why\nI am not happy.\nend of story",
    "Hej,\nbegin  med att starta om.\nend\n",
    uu("a.pdf", PDF).rpartition("end")[0] + "Mvh\n",
    uu("a.pdf", PDF)[:300],
    "begin 644 tom\nend\n",
])  # fmt: skip
def test_what_is_no_whole_file_stays_text(body: str) -> None:
    mail = understand(HEAD + b"\nHej!\n" + body.encode())
    assert mail.attachments == ()
    assert mail.text == f"Hej!\n{body}".rstrip()


def test_a_message_of_a_file_alone_does_not_become_empty() -> None:
    mail = understand(HEAD + b"\n" + uu("a.csv", b"a;b\n").encode())
    assert named(mail) == [("a.csv", b"a;b\n")]
    assert mail.text.startswith("begin 644 a.csv")


# winmail.dat, written here as the format's specification has it


def attribute(number: int, value: bytes, level: int = 2) -> bytes:
    return struct.pack("<BHHI", level, number, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    packed = struct.pack("<I", len(values))
    for kind, number, value in values:
        packed += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            packed += b"\x08" * 16 + struct.pack("<II", 1, 6) + b"a\0b\0\0\0\0\0"
        if kind in (0x1E, 0x1F, 0x102):
            packed += struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)
        else:
            packed += value
    return packed


def winmail(*files: tuple[str, str, bytes]) -> bytes:
    data = struct.pack("<IH", tnef.SIGNATURE, 1) + attribute(0x9006, struct.pack("<I", 0x10000), 1)
    for short, long, payload in files:
        data += attribute(0x9002, b"\x01\0" + b"\xff" * 4 + b"\0" * 8) + attribute(
            0x8010, short.encode("cp1252") + b"\0"
        )
        data += attribute(0x800F, payload)
        if long:
            values = (3, 0x3705, struct.pack("<I", 1)), (0x1F, 0x8001, "x".encode("utf-16-le")), (
                0x1F, 0x3707, f"{long}\0".encode("utf-16-le"))  # fmt: skip
            data += attribute(0x9005, properties(*values))
    return data


def with_winmail(data: bytes) -> bytes:
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=g\n\n--g\nContent-Type: text/plain\n\nSe bilagan\n--g\n"
        b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(data)
        + b"--g--\n"
    )


def test_the_files_in_a_winmail_dat_are_the_attachments() -> None:
    data = winmail(("FAKTUR~1.PDF", "Faktura åäö november.pdf", PDF), ("logga.png", "", b"\x89PNG"))
    mail = understand(with_winmail(data))
    assert named(mail) == [("Faktura åäö november.pdf", PDF), ("logga.png", b"\x89PNG")]
    assert [one.type for one in mail.attachments] == ["application/pdf", "image/png"]


@pytest.mark.parametrize("data", [b"", b"garbage", winmail(), winmail(("a.pdf", "", PDF))[:60]])
def test_a_winmail_dat_that_cannot_be_read_is_kept_as_what_it_is(data: bytes) -> None:
    mail = understand(with_winmail(data))
    assert named(mail) == [("winmail.dat", data)]
    assert mail.attachments[0].type == "application/ms-tnef"
    assert mail.nature[0].startswith("winmail.dat is Outlook's container")
    assert mail.text == "Se bilagan"


SOUND = winmail(("FAKTUR~1.PDF", "Faktura november.pdf", PDF), ("logga.png", "x.png", b"\x89PNG"))


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 400))
@settings(max_examples=400, deadline=None)
def test_a_damaged_winmail_dat_ends_the_reading_and_nothing_else(damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SOUND)
    for place, value in damage:
        data[place] = value
    found = tnef.read(bytes(data[: len(data) - cut])).files
    assert sum(len(file.payload) for file in found) <= len(data)


def test_lengths_that_lie_cost_nothing() -> None:
    hostile = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x1003, 1, 0xFFFFFFFF) * 10_000
    data = struct.pack("<IH", tnef.SIGNATURE, 1) + b"".join(
        attribute(0x9002, b"") + attribute(0x9005, hostile) + attribute(0x800F, b"x") for _ in range(50)
    )
    assert len(tnef.read(data).files) == 50


def test_files_of_an_attached_message_are_found_but_not_those_of_a_returned_one() -> None:
    inner = (
        b"From: bo@kund.example\nSubject: Inre\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nHej inre\n--i\n"
        b"Content-Type: image/png; name=logga.png\nContent-Disposition: inline\n\nx\n--i\n"
        b'Content-Type: application/pdf; name="order.pdf"\nContent-Disposition: attachment\n\n%%PDF\n--i--\n'
    )
    outer = b"Content-Type: multipart/%s; boundary=g\n\n--g\n\nSe nedan\n--g\nContent-Type: message/rfc822\n\n" + inner
    mail = understand(HEAD + outer % b"mixed" + b"\n--g--\n")
    assert [one.name for one in mail.attachments] == ["Inre.eml", "order.pdf"]
    assert mail.text == "Se nedan"
    bounce = understand(HEAD + outer % b"report" + b"\n--g--\n")
    assert [one.name for one in bounce.attachments] == ["Inre.eml"]


def test_messages_within_messages_are_followed_a_few_levels_only() -> None:
    message = b"From: a@b.example\nSubject: s\nContent-Type: application/pdf; name=x.pdf\n\nx"
    for level in range(30):
        wrapped = b"\n--b%d\nContent-Type: message/rfc822\n\n%s\n--b%d--\n" % (level, message, level)
        message = HEAD + b"Content-Type: multipart/mixed; boundary=b%d\n" % level + wrapped
    assert len(understand(message).attachments) <= 5


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_taking_files_out_loses_nothing_else(text: str) -> None:
    before, after = text.replace("begin", ""), text[::-1].replace("begin", "")
    rest, files = uuencode.take_out(f"x{before}\n{uu('a', b'abc')}{after}")
    assert rest == f"x{before}\n{after}"
    assert [file.payload for file in files] == [b"abc"]
