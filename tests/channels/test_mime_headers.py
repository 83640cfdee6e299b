"""Header values as people and mailers write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear, filled
from ticketctl.channels.email.parse import headers
from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Person


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("a@b.example", [("a@b.example", "")]),
        ("Åsa <A@B.Example>", [("a@b.example", "Åsa")]),
        ('"Öberg, Åsa" <a@b.example>', [("a@b.example", "Öberg, Åsa")]),
        (
            "=?utf-8?q?=C3=96berg=2C_=C3=85sa?= <a@b.example>, c@d.example",
            [("a@b.example", "Öberg, Åsa"), ("c@d.example", "")],
        ),
        ("a@b.example (Åsa)", [("a@b.example", "Åsa")]),
        ("Kund (AB) <a@b.example>", [("a@b.example", "Kund")]),
        ("Team: a@b.example, Bo <c@d.example>;", [("a@b.example", ""), ("c@d.example", "Bo")]),
        ("undisclosed-recipients:;", []),
        ("a@b.example; c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        ("Bo bo@b.example", [("bo@b.example", "Bo")]),
        ("'a@b.example' <a@b.example>", [("a@b.example", "")]),
        ("bank@real.example <tjuv@annan.example>", [("tjuv@annan.example", "bank@real.example")]),
        ("<@relay.example:a@b.example>", [("a@b.example", "")]),
        ("Pete(A \\) chap) <pete(his)@silly.example>", [("pete@silly.example", "Pete")]),
        ("a@b . example", [("a@b.example", "")]),
        ("Å <info@xn--rksmrgs-5wao1o.example>", [("info@räksmörgås.example", "Å")]),
        ("MAILER-DAEMON (Mail System)", [("mailer-daemon", "Mail System")]),
        ('"unclosed <a@b.example>', [("a@b.example", "unclosed")]),
        ("", []),
        (",,;,", []),
    ],
)
def test_addresses(value: str, people: list[tuple[str, str]]) -> None:
    raw = value.encode().decode("ascii", "surrogateescape")
    assert [(one.address, one.name) for one in headers.addresses([raw])] == people


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?R=C3=A4kning?=", "Räkning"),
        ("=?ISO-8859-1?B?UuRrbmluZw==?=", "Räkning"),
        ("SV: =?utf-8?q?R=C3=A4?= =?utf-8?q?kning?= 7", "SV: Räkning 7"),
        ("=?utf-8?b?w6U=?=\r\n =?utf-8?b?w6Q=?=", "åä"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A5?=", "å"),  # a character cut in two by the sender
        ("=?utf-8*sv?q?=C3=A5?=", "å"),
        ("=?utf-8?q?Va??=", "Va?"),
        ("=?utf-8?q?ett ord?=", "ett ord"),
        ("=?x-okänd?q?abc?=", "abc"),
        ("=?utf-8?q?trasig", "=?utf-8?q?trasig"),
        ("råa bytes", "råa bytes"),
        ("100 % =?= rätt", "100 % =?= rätt"),
    ],
)
def test_words(value: str, text: str) -> None:
    assert headers.words(value.encode().decode("ascii", "surrogateescape")) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [(" Två ord ", "Två ord"), ("två  ord", "två ord"), ("två\u00a0ord", "två ord"), ("två\u2028\x1bord", "två ord")],
)
def test_one_line(text: str, line: str) -> None:
    assert headers.one_line(text) == line


def test_an_encoded_newline_makes_no_second_line() -> None:
    assert headers.one_line(headers.words("=?utf-8?q?Hej=0D=0ABcc:_x@y.example?=")) == "Hej Bcc: x@y.example"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0100", "2026-11-20T10:00:00+01:00"),
        ("20 Nov 26 10:00 GMT", "2026-11-20T10:00:00+00:00"),
        ("Fri, 20 Nov 2026 10:00:00 -0000", "2026-11-20T10:00:00+00:00"),
        ("Fri, 20 Nov 2026 10:00:00 +0100 (CET)", "2026-11-20T10:00:00+01:00"),
        ("Fri, 99 Nov 2026 10:00:00", None),
        ("Fri, 20 Nov 2026 10:00:00 +9999", None),
        ("9" * 5_000, None),
        ("", None),
    ],
)
def test_dates(value: str, moment: str | None) -> None:
    assert headers.date(value) == (moment and datetime.fromisoformat(moment))


def test_a_date_without_zone_is_taken_as_utc() -> None:
    assert headers.date("20 Nov 2026 10:00:00") == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<a@b> <c@d>", ("a@b", "c@d")),
        ("<a@b><a@b>\r\n <c@d>", ("a@b", "c@d")),
        ("a@b", ("a@b",)),
        ("<a b@c>", ("ab@c",)),
        ('Message of "Fri, 20 Nov" <a@b>', ("a@b",)),
        ("inget", ()),
    ],
)
def test_ids(value: str, found: tuple[str, ...]) -> None:
    assert headers.ids([value]) == found


HOSTILE = [
    '"',
    "(",
    "<",
    ",",
    "\\",
    "a ",
    " ",
    "@",
    '"\\',
    "=?a?q?",
    "=?utf-8?q?a?=",
    "<" + " " * 990,
    ";a*0",
    'a (b" <c,',
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_no_faster_than_hostile_headers(piece: str) -> None:
    """FAULTS.md: the standard library's parser needs 29 s for such a To of 320 KB, 43 s for a Content-Type."""

    def read(size: int) -> None:
        value = filled(piece, size)
        headers.addresses([value])
        headers.words(value[:65_536])
        headers.ids([value])
        headers.content("text/plain; " + value)
        headers.date(value)

    assert_linear(read, 1_000_000)


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_can_be_a_header(text: str) -> None:
    raw = text.encode().decode("ascii", "surrogateescape")
    for person in headers.addresses([raw]):
        assert isinstance(person, Person)
        f"{person}".encode()
        assert "\n" not in person.name + person.address
    headers.words(raw).encode()
    _, parameters = headers.content(f"text/plain; name={raw}")
    "".join(parameters.values()).encode()
    headers.date(raw)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=60))
def test_what_the_standard_library_encodes_is_read_back(name: str) -> None:
    from email.header import Header

    encoded = Header(name, "utf-8").encode()
    assert headers.words(encoded) == name


def test_a_long_id_that_pythons_generator_made_an_encoded_word_is_still_found() -> None:
    """EmailMessage does this to ids longer than a line; scripts and web shops answer us with it."""
    from email.message import EmailMessage

    long = f"17.{'a1' * 16}.{'b2' * 16}@support.exempel.example"
    mail = EmailMessage()
    mail["In-Reply-To"] = f"<{long}>"
    mail.set_content("Hej")
    raw = mail.as_bytes()
    assert b"=?utf-8?" in raw
    assert understand(raw).in_reply_to == (long,)


ALIKE = {  # letter → others that look like it, or that some program takes for it
    "k": "\u212a\u03ba\u043a\u049b\uff4b\u0137\U0001d424\u24da\u1d4f",
    "a": "\u0430\u0251\u03b1\uff41\u00e0\u00e1\u00e4\u00e5\u0101\u0103\u1ea1\u00aa\U0001d41a\u24d0",
    "r": "\u0433\uff52\u0155\u0157\U0001d42b\u24e1",
    "i": "\u0131\u0130\u0456\u03b9\uff49\u00ed\u00ec\u00ef\u0129\u2170\u24d8",
    "n": "\u0578\uff4e\u00f1\u0144\u0146\u24dd",
}
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u200e\u200f\u202a\u202d\u202e\u2066\u2068\u180e\u115f\u3164"


def lookalikes() -> list[str]:
    local = "karin"
    found = [local.replace(letter, other, 1) + "@kund.example" for letter in ALIKE for other in ALIKE[letter]]
    found += [f"{local[:at]}{unseen}{local[at:]}@kund.example" for unseen in UNSEEN for at in (2, 3, 5)]
    found += [f"{local}@{other}und.example" for other in ALIKE["k"]]
    found += [f"{local}@xn--kund-.example", f"{local}@kund.example.evil.example", f"{local}@kund\u3002example"]
    return found


@pytest.mark.parametrize("address", lookalikes(), ids=ascii)
def test_an_address_that_looks_alike_is_another_persons(address: str) -> None:
    mail = understand(f"From: Karin <{address}>\r\nTo: support@exempel.example\r\n\r\nHej".encode())
    assert mail.sender is not None
    assert mail.sender.address != "karin@kund.example"
