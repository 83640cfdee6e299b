"""What we write is read by others exactly as it was meant: by a strict parser, and by our own."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import compat32, default, strict
from typing import Any

import pytest

from ticketctl.channels.email.compose import verify
from ticketctl.channels.email.compose.compose import compose
from ticketctl.channels.email.compose.header_encoding import Unsafe, wire_address
from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.channels_draft import Draft, File, Picture

WHEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SUPPORT = Person("support@exempel.example", "Exempel support")
ANNA = Person("anna@kund.example", "Anna Åström")
ALWAYS = ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]

AUTOMATIC = ["Cc", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Ticketctl-Loop"]


def draft(**fields: Any) -> Draft:
    given = {"sender": SUPPORT, "to": (ANNA,), "subject": "SV: Trasig kanna [#17]", "text": "Hej!\n"}
    return Draft(**{"message_id": "17.a.b@exempel.example", "date": WHEN, **given, **fields})


def read(raw: bytes) -> EmailMessage:
    """By the standard library at its strictest: any defect raises."""
    message = message_from_bytes(raw, policy=strict)
    assert isinstance(message, EmailMessage)
    assert not any(value.defects for value in message.values() if hasattr(value, "defects"))
    return message


def text_of(part: EmailMessage | None) -> str:
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def header_lines(raw: bytes, name: str) -> list[str]:
    """The header as it stands in the bytes, line by line."""
    lines = raw.decode().split("\r\n\r\n")[0].split("\r\n")
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name}: "))
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith(" ")), len(lines))
    return lines[start:end]


def test_a_reply_reads_as_it_was_written() -> None:
    text = "Hej Anna!\n\nVi skickar en ny kanna idag.\n.\nFrom och med nu\n-- \nBo, Exempel"
    message = read(compose(draft(text=text)))
    assert message["Subject"] == "SV: Trasig kanna [#17]"
    assert message["From"] == "Exempel support <support@exempel.example>"
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [("Anna Åström", ANNA.address)]
    assert message["Message-ID"] == "<17.a.b@exempel.example>"
    assert message["Date"].datetime == WHEN
    assert message.get_content_type() == "text/plain"
    assert text_of(message) == text + "\n"
    assert message.keys() == ALWAYS


def test_references_are_folded_between_ids_and_never_encoded() -> None:
    ids = tuple(f"{'x' * 60}.{number}@mail.kund.example" for number in range(40))
    raw = compose(draft(in_reply_to=ids[-1], references=ids))
    assert header_lines(raw, "In-Reply-To") == [f"In-Reply-To: <{ids[-1]}>"]
    lines = header_lines(raw, "References")
    assert [line.removeprefix("References:").strip() for line in lines] == [f"<{one}>" for one in ids]
    assert b"=?" not in raw.partition(b"References:")[2].partition(b"\r\nMIME")[0]


def test_of_very_many_references_the_first_and_the_newest_stay() -> None:
    ids = [f"{number}@kund.example" for number in range(500)]
    kept = read(compose(draft(references=tuple(ids))))["References"].split()
    assert (len(kept), kept[0], kept[-1]) == (100, "<0@kund.example>", "<499@kund.example>")


@pytest.mark.parametrize(
    "bad",
    ["", "a b@c", "a\r\nBcc: x@y", "å@b", "<a@b>", "=?x?q?y?=@b", "sha256-0@content.invalid"],
)
def test_what_is_no_message_id_is_left_out_of_the_references(bad: str) -> None:
    message = read(compose(draft(in_reply_to=bad, references=("good@kund.example", bad))))
    assert message["References"] == "<good@kund.example>"
    assert "In-Reply-To" not in message


def test_only_subjects_and_names_are_encoded_and_each_word_stands_alone() -> None:
    subject = "SV: Räkning för åkgräsklippare – ÅÄÖ åäö 你好 👍 " * 4
    raw = compose(draft(subject=subject))
    assert read(raw)["Subject"] == " ".join(subject.split())
    words = " ".join(header_lines(raw, "Subject")).removeprefix("Subject: ").split()
    assert all(word.startswith("=?utf-8?q?") and len(word) <= 75 for word in words)
    for word in words:  # no character is divided between two words (RFC 2047, 5)
        alone = message_from_bytes(f"Subject: {word}\r\n\r\n".encode(), policy=default)
        assert "\N{REPLACEMENT CHARACTER}" not in str(alone["Subject"])


def test_automatic_mail_says_so() -> None:
    message = read(compose(draft(automatic="auto-replied", loop="5f0c")))
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert message["X-Ticketctl-Loop"] == "5f0c"
    assert "Auto-Submitted" not in read(compose(draft()))


def test_domains_travel_as_idna_2008() -> None:
    assert wire_address("bo@Bücher.example") == "bo@xn--bcher-kva.example"
    assert wire_address("bo@straße.example") == "bo@xn--strae-oqa.example"  # not strasse: that is someone else's
    assert wire_address("bo@ex-1.example") == "bo@ex-1.example"
    assert wire_address("bo@[192.0.2.1]") == "bo@[192.0.2.1]"
    raw = compose(draft(to=(Person("bo@räksmörgås.example", "Bo"),)))
    assert b"Bo <bo@xn--rksmrgs-5wao1o.example>" in raw


def test_a_local_part_that_is_not_ascii_stays_as_it_is() -> None:
    raw = compose(draft(to=(Person("åsa@kund.example", "Åsa"),)))
    assert "<åsa@kund.example>" in raw.decode("utf-8")


@pytest.mark.parametrize(
    "address",
    ["", "anna", "@kund.example", "a@", "a@b@c.example", "a b@kund.example", "a@kund..example", "a@-kund.example",
     "a@kund.example\r\nBcc: x@y.example", "a,b@kund.example", "<a@kund.example>", "a@ku nd.example", ".a@kund.example",
     "a..b@kund.example", "a\u202eb@kund.example", "a@ku\u3002nd.example", "a" * 65 + "@kund.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Unsafe):
        compose(draft(to=(Person(address, "Anna"),)))
    with pytest.raises(Unsafe):
        compose(draft(cc=(Person(address),)))


def test_a_mail_without_recipients_is_refused() -> None:
    with pytest.raises(Unsafe):
        compose(draft(to=()))


def test_attachments_come_with_their_names_and_bytes() -> None:
    files = (
        File(name="kvitto åäö.pdf", data=bytes(range(256)) * 40, type="application/pdf"),
        File(name="tom.txt", data=b"", type="text/plain"),
        File(name="../../etc/.profil", data=b"x", type="message/rfc822"),
        File(name="日本語" * 40 + ".csv", data=b"a;b\r\n", type="text/csv"),
    )
    message = read(compose(draft(files=files)))
    parts = list(message.iter_attachments())
    assert [part.get_payload(decode=True) for part in parts] == [file.data for file in files]
    names = [part.get_filename() for part in parts]
    assert names[:3] == ["kvitto åäö.pdf", "tom.txt", "profil"]
    assert names[3] == "日本語" * 40 + ".csv"
    assert [part.get_content_type() for part in parts] == [
        "application/pdf", "text/plain", "application/octet-stream", "text/csv",
    ]  # fmt: skip
    assert text_of(message.get_body(("plain",))) == "Hej!\n"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ('".htaccess"', "htaccess"),
        ("<.profil>", "profil"),
        ("'..\\x\"", "x"),
        ('"', "attachment"),
        ('a "b" c', 'a "b" c'),
    ],
)
def test_a_name_has_nothing_round_it_that_a_reader_would_take_off(given: str, name: str) -> None:
    message = read(compose(draft(files=(File(name=given, data=b"x"),))))
    assert [part.get_filename() for part in message.iter_attachments()] == [name]


def test_a_report_comes_as_text_and_html() -> None:
    message = read(compose(draft(html="<p>Åtta ärenden</p>", files=(File(name="a.csv", data=b"1"),))))
    assert text_of(message.get_body(("html",))) == "<p>Åtta ärenden</p>\n"
    assert text_of(message.get_body(("plain",))) == "Hej!\n"
    assert [part.get_filename() for part in message.iter_attachments()] == ["a.csv"]


def test_the_same_draft_makes_the_same_bytes() -> None:
    files = (File(name="a", data=b"1"),)
    assert compose(draft(files=files, html="<p>")) == compose(draft(files=files, html="<p>"))


def test_our_own_reader_agrees() -> None:
    inbound = understand(compose(draft(subject="SV: Fråga om räkning [#17]", references=("a@b.example",))))
    assert inbound.subject == "SV: Fråga om räkning [#17]"
    assert inbound.to == (ANNA,)
    assert inbound.sender == SUPPORT
    assert inbound.references == ("a@b.example",)
    assert inbound.text.strip() == "Hej!"


TAMPERED = [
    (b"To: ", b"Bcc: evil@angripare.example\r\nTo: "),
    (b"<anna@kund.example>", b"<anna@kund.example>, evil@angripare.example"),
    (b"From: Exempel", b"From: Annan"),
    (b"Subject: SV", b"Subject: RE"),
    (b"Subject: ", b"Subject: a\nBcc: evil@angripare.example\r\nX: "),
    (b"Hej!", b"Hej, Hej!"),
    (b"Hej!", b"x" * 999),
    (b"17.a.b@", b"18.a.b@"),
    (b"a.txt", b"b.txt"),
    (b"--=_mixed", b"--=_maxid"),
]


@pytest.mark.parametrize(("meant", "written"), TAMPERED)
def test_the_proof_finds_what_was_not_meant(meant: bytes, written: bytes) -> None:
    given = draft(files=(File(name="a.txt", data=b"1"),))
    raw = compose(given)
    assert meant in raw
    headers = [(name, str(value)) for name, value in message_from_bytes(raw, policy=compat32).items()]
    verify.check(raw, given, headers)
    with pytest.raises(Unsafe):
        verify.check(raw.replace(meant, written, 1), given, headers)


# --- hostile: what strangers put into subjects, names and file names ---

PIECES = [
    "\r\nBcc: evil@angripare.example", "\nBcc: evil@angripare.example\n\n", "\r", "\n", "\0", "\x0b", "\x85",
    "\u2028", "\u2029", "=?utf-8?q?=0ABcc:_evil=40angripare.example?=",
    "=?UTF-8?B?CkJjYzogZXZpbEBhbmdyaXBhcmUuZXhhbXBsZQ==?=", "=?", "?=", "==??", "=?=?", "=?utf-8?", "\"", "\\",
    "\\\"", "<evil@angripare.example>", ",", ";", ":", "(", ")", "evil@angripare.example, ", "@", "å", "Ö",
    "你好", "👍", "\u202e", "\u200b", "\ud800", "\udcff", "[#1]", "SV: ", " ", "  ", "\t", "x" * 300, "å" * 200,
    "%0a", "%0d%0a", "'", "''", "*", "*0*=", ";filename=evil", "/", "..", "../../", ".htaccess", "a.txt",
    "\u3000", "e\u0301", "--=_mixed",
]  # fmt: skip


def hostile(seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 8)))


@pytest.mark.parametrize("start", range(0, 700, 100))
def test_nothing_hostile_changes_headers_or_recipients(start: int) -> None:
    for seed in range(start, start + 100):
        subject, name, file, loop = (hostile(4 * seed + at) for at in range(4))
        raw = compose(
            draft(
                subject=subject,
                sender=Person(SUPPORT.address, hostile(seed + 100_000)),
                to=(Person(ANNA.address, name), Person("bo@kund.example", hostile(seed + 200_000))),
                cc=(Person("cc@kund.example", file),),
                text=subject + "\n.\n" + name,
                references=(subject, name, "good@kund.example"),
                files=(File(name=file, data=subject.encode("utf-8", "replace")),),
                automatic="auto-generated",
                loop=loop,
            )
        )
        message = message_from_bytes(raw, policy=default)
        assert set(message.keys()) <= {*ALWAYS, *AUTOMATIC}
        assert len(message.keys()) == len(set(message.keys()))
        assert [one.addr_spec for one in message["To"].addresses] == [ANNA.address, "bo@kund.example"]
        assert [one.addr_spec for one in message["Cc"].addresses] == ["cc@kund.example"]
        assert [one.addr_spec for one in message["From"].addresses] == [SUPPORT.address]
        assert message["References"].endswith("<good@kund.example>")
        assert all(re.fullmatch(r"<[!-;=?-~]+>", one) for one in message["References"].split())
        assert "\n" not in str(message["Subject"]) and "=?" not in str(message["Subject"])
        assert [len(list(message.iter_attachments())), message.get_content_type()] == [1, "multipart/mixed"]
        ours = understand(raw)
        assert [one.address for one in (*ours.to, *ours.cc)] == [ANNA.address, "bo@kund.example", "cc@kund.example"]


def test_pictures_are_beside_the_html_that_shows_them() -> None:
    picture = Picture(cid="weeks.1@exempel.example", name="weeks.png", data=b"\x89PNG\r\n" * 40)
    page = '<p>Hej!</p><img src="cid:weeks.1@exempel.example">'
    message = read(
        compose(draft(html=page, pictures=(picture,), files=(File(name="a.txt", data=b"a", type="text/plain"),)))
    )
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/plain",
    ]
    shown = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert (shown["Content-ID"], shown.get_content_disposition()) == ("<weeks.1@exempel.example>", "inline")
    assert shown.get_content() == picture.data
    assert read(compose(draft(pictures=(picture,)))).get_content_type() == "text/plain"


def test_a_content_id_that_is_none_is_refused() -> None:
    picture = Picture(cid="weeks\r\nBcc: all@kund.example", name="weeks.png", data=b"")
    with pytest.raises(Unsafe):
        compose(draft(html="<p>Hej!</p>", pictures=(picture,)))
