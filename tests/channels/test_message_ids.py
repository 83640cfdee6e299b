"""Which mails a mail answers: ids in angle brackets; an address in a sentence is none."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear
from ticketctl.channels.email.parse import message_ids
from ticketctl.channels.email.parse.mime import understand


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<a@b> <c@d>", ("a@b", "c@d")),
        ("<a@b><a@b>\r\n <c@d>", ("a@b", "c@d")),
        ("<a@b>, <c@d>;", ("a@b", "c@d")),
        ("<a@b> (min förra)", ("a@b",)),
        ("<a b@c>", ("ab@c",)),
        ("<utan-snabel-a>", ("utan-snabel-a",)),
        ("=?utf-8?q?=3C17=2Ea=40b=3E?=", ("17.a@b",)),
        ('desk@lampa.example\'s message of "Fri, 10 Oct 2025 13:17:15 +0200"', ()),
        ('Name <desk@lampa.example> "Offer" (Oct 10, 1:17pm)', ()),
        ('"Name, Kim" <kim@lampa.example> "Offer 17" (Oct 10, 1:17pm)', ()),
        ('Message from Name <desk@lampa.example> of "Fri, 10 Oct." <real-1@lampa.example>', ("real-1@lampa.example",)),
        ('Your message of "Fri, 10 Oct 2025 13:17:15 +0200" <real-1@lampa.example>', ("real-1@lampa.example",)),
        ("Your message of Fri, 10 Oct 2025 13:17:15 +0200. <real-1@lampa.example>", ("real-1@lampa.example",)),
        ("<real-1@lampa.example>; from desk@lampa.example on Fri, Oct 10, 2025", ("real-1@lampa.example",)),
        ("<real-1@lampa.example> (message from Kim <kim2@lampa.example> on Fri)", ("real-1@lampa.example",)),
        ("Message-ID: <real-1@lampa.example>", ("real-1@lampa.example",)),
        ("Kim Berg <kim84@lampa.example>", ()),
        ("Ihre Nachricht vom 16.11.2026 an <kundendienst24@lampa.example>", ()),
        ('Lampa\'s message of "Mon, 16 Nov 2026" <kundtjanst.2024@lampa.example>', ()),
        ('"Kim Berg" <kim@lampa.example>\'s brev', ()),
        ("<kim@lampa.example> skrev den 10 oktober", ()),
        ("Brev från Kim <kim@lampa.example>, 10 oktober", ()),
        ("<NIEFJJMMNPJNOPIDJBFBEEONCDAA.kim@x>; from kim@x on Sat, Jul 27", ("NIEFJJMMNPJNOPIDJBFBEEONCDAA.kim@x",)),
        ("Message from kim@x of Fri, 26 Jul 2002 10:06:41 EDT <2002.g6@x> <2003.g7@x>", ("2002.g6@x", "2003.g7@x")),
        ("inget", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_ids_that_a_header_names(value: str, found: tuple[str, ...]) -> None:
    assert message_ids.answered([value]) == found


def test_words_between_the_ids_of_references_are_damage() -> None:
    assert message_ids.answered(['<1.a@x>\n <"from <2.b@x>'], prose=False) == ("1.a@x", "2.b@x")
    assert message_ids.answered(["<1.a@x> Kim <kim@x>"], prose=False) == ("1.a@x",)


def test_the_address_of_somebody_in_the_mail_is_no_id() -> None:
    assert message_ids.answered(["<Desk@lampa.example> <real-1@x>"], {"desk@lampa.example"}) == ("real-1@x",)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("17.1a@exempel.example", ("17.1a@exempel.example",)),
        ("a@b, c@d", ("a@b", "c@d")),
        ("<a@b> c@d", ("c@d",)),
        ("se a@b", ()),
        ("desk@lampa.example's message", ()),
        ("Kim, kim@lampa.example", ()),
    ],
)
def test_bare_words_are_candidates_where_nothing_else_stands_there(value: str, found: tuple[str, ...]) -> None:
    assert message_ids.bare([value]) == found


def test_a_mail_says_which_it_answers() -> None:
    raw = (
        b"From: a@x.example\nTo: desk@lampa.example\nIn-Reply-To: desk@lampa.example\nReferences: <1@x> <2@x>\n\nHej\n"
    )
    found = understand(raw)
    assert (found.in_reply_to, found.references, found.bare_ids) == ((), ("1@x", "2@x"), ())


@pytest.mark.parametrize("piece", ["<", "<a ", '"', "(", '("<', "a@", "<a@b>", "=?", "a <b@c> "])
def test_time_grows_no_faster_than_the_header(piece: str) -> None:
    def read(size: int) -> None:
        value = (piece * size)[:size]
        message_ids.answered([value])
        message_ids.bare([value])

    assert_linear(read, 1_000_000)
