"""The parts of a message: the standard library as oracle for sound mail, limits and time for hostile mail."""

from __future__ import annotations

import email
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth import HANG
from ticketctl.channels.email.parse import mime_tree
from ticketctl.channels.email.parse.mime import Unreadable, understand
from ticketctl.channels.email.parse.mime_tree import parse

HEAD = b"From: a@b.example\nSubject: x\n"


def nested(depth: int, inside: bytes = b"\nhej\n") -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)) + inside


def in_parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * count + b"--b--\n"


def test_nesting_is_limited() -> None:
    assert understand(HEAD + nested(mime_tree.DEPTH)).text == "hej"
    with pytest.raises(Unreadable, match="nested"):
        understand(HEAD + nested(mime_tree.DEPTH + 1))
    with pytest.raises(Unreadable, match="nested"):
        understand(HEAD + nested(5_000))


def test_the_number_of_parts_is_limited() -> None:
    assert len(list(parse(in_parts(mime_tree.PARTS - 1)).leaves())) == mime_tree.PARTS - 1
    with pytest.raises(Unreadable, match="parts"):
        understand(in_parts(mime_tree.PARTS))


def test_many_levels_of_a_large_mail_do_not_add_up_in_memory() -> None:
    with pytest.raises(Unreadable, match="deep"):
        understand(HEAD + nested(mime_tree.DEPTH, b"\n" + b"x" * 17_000_000))


BOMBS = {
    "boundary without lines": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b " * 500_000,
    "boundary lookalikes": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\n--bx" * 200_000,
    "content-type": HEAD + b"Content-Type: text/plain; " + b"a=b; " * 64_000 + b"\n\nhi",
    "quoted content-type": HEAD + b'Content-Type: text/plain; a="' + b";" * 320_000 + b"\n\nhi",
    "headers": b"".join(b"X-%d: y\n" % n for n in range(100_000)) + b"\nhi",
    "one header": b"X: y\n" * 100_000 + b"\nhi",
    "folded": HEAD + b"X: " + b"a\n " * 300_000 + b"\n\nhi",
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"hello world \n" * 100_000,
    "damaged utf-8": HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + b"\xc3\xa5" * 1_000_000 + b"\xff",
    "bounce text": b"From: mailer-daemon@x.example\nSubject: failed\n\n" + b"a@b.example 5.1.1 " * 100_000,
    "bounce word": b"From: mailer-daemon@x.example\nSubject: failed\n\n" + b"a" * 1_000_000,
    "bounce opening": HEAD + b"\nyour message " + b"a:a \n a:a " * 300 + b" deliver 5.1.1 x@y.example",
    "report fields": b"From: mailer-daemon@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
    b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b.example\n\n" * 50_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_understood_or_refused_before_long(name: str) -> None:
    begun = time.process_time()
    understand(BOMBS[name])
    assert time.process_time() - begun < HANG


def test_a_multipart_without_its_parameter_shows_its_boundary_itself() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed\n\n--grens-1\n\nett\n--grens-1\n\ntv\xc3\xa5\n--grens-1--\n"
    assert understand(raw).text == "ett\n\ntvå"


def test_a_multipart_without_parts_is_text() -> None:
    assert understand(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\nBara text.").text == "Bara text."


def test_a_lost_end_keeps_the_last_part() -> None:
    assert understand(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nett\n--b\n\ntv").text == "ett\n\ntv"


def test_a_missing_blank_line_loses_no_text() -> None:
    assert understand(HEAD + b"Hej, detta \xc3\xa4r texten.\nOch mer: h\xc3\xa4r.").text.startswith(
        "Hej, detta är texten."
    )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff", exclude_categories=["Cs"]), max_size=200)
FILES = st.lists(
    st.tuples(TEXT.map(lambda name: "f" + "".join(filter(str.isalnum, name))), st.binary(max_size=300)), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(TEXT, FILES, st.booleans())
def test_sound_mail_is_read_as_the_standard_library_reads_it(
    text: str, files: list[tuple[str, bytes]], crlf: bool
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "x"
    message.set_content(text, cte="base64")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    raw = message.as_bytes()
    raw = raw.replace(b"\n", b"\r\n") if crlf else raw
    oracle = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    leaves = list(parse(raw).leaves())
    assert [leaf.type for leaf in leaves] == [part.get_content_type() for part in oracle]
    assert [leaf.payload() for leaf in leaves] == [part.get_payload(decode=True) for part in oracle]
    found = understand(raw)
    assert [one.name for one in found.attachments] == [name for name, _ in files]
    assert list(found.payloads) == [data for _, data in files]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 600), st.integers(0, 60))
def test_damage_is_understood_or_refused_but_never_raises(noise: bytes, at: int, cut: int) -> None:
    raw = in_parts(3).replace(
        b"\nx\n", b'Content-Type: text/html; name="a"\nContent-Transfer-Encoding: base64\n\neA==\n'
    )
    try:
        found = understand(raw[:at] + noise + raw[at + cut :])
    except Unreadable:
        return
    assert len(found.attachments) == len(found.payloads)
    f"{found.text}{found.subject}{found.attachments}{found.headers}{found.to}".encode()
    assert "\r" not in found.text
    assert "\n" not in found.subject
