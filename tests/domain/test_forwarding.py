"""A message forwarded inline is found, with its sender, subject, date and text."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.mail.forwarding import above, person, unwrap
from ticketctl.domain.ticket.message import Person

ANNA = Person("anna@example.org", "Anna Larsson")
TEXT = "Hej!\n\nHär är avtalet.\n\nMvh Anna"

FORWARDS = [
    "---------- Forwarded message ---------\nFrån: Anna Larsson <anna@example.org>\nDate: tis 5 mars 2024 kl 14:03\n"
    "Subject: Avtalet\nTo: Olle <olle@example.org>\nCc: Kalle <k@example.org>",
    "-------- Vidarebefordrat meddelande --------\nÄmne: \tAvtalet\nDatum: \tTue, 5 Mar 2024 14:03:11 +0100\n"
    "Från: \tAnna Larsson <anna@example.org>\nTill: \tolle@example.org",
    'Vidarebefordrat brev:\n\nFrån: "Anna Larsson" <anna@example.org>\nÄmne: Avtalet\nDatum: 5 mars 2024 14:03:11 CET\n'
    "Till: olle@example.org",
    "Begin forwarded message:\n\nFrom: Anna Larsson <anna@example.org>\nSubject: Avtalet\nDate: 5 March 2024\n"
    "To: olle@example.org",
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Anna Larsson <anna@example.org>\n"
    "Datum: 5. März 2024 um 14:03:11 MEZ\n"
    "An: olle@example.org\nBetreff: Avtalet",
    "-------- Videresendt melding --------\nEmne: Avtalet\nDato: Tue, 5 Mar 2024\n"
    "Fra: Anna Larsson <anna@example.org>\n"
    "Til: olle@example.org",
    "---------- Doorgestuurd bericht ---------\nVan: Anna Larsson <anna@example.org>\nDatum: di 5 mrt 2024\n"
    "Onderwerp: Avtalet\nAan: <olle@example.org>",
    "-------- Message transféré --------\nSujet : Avtalet\nDate : Tue, 5 Mar 2024\n"
    "De : Anna Larsson <anna@example.org>\n"
    "Pour : olle@example.org",
]


@pytest.mark.parametrize("header", FORWARDS)
@pytest.mark.parametrize("own", ["", "Kan ni titta på detta?"])
def test_banners_of_all_clients(header: str, own: str) -> None:
    text = f"{own}\n\n{header}\n\n{TEXT}\n"
    found = unwrap(text)
    assert found is not None
    assert (found.sender, found.subject, found.text) == (ANNA, "Avtalet", TEXT)
    assert "5" in found.date
    assert above(text) == own


def test_outlook_tells_a_forward_by_its_subject_alone() -> None:
    block = "Från: Anna Larsson <anna@example.org>\nSkickat: den 5 mars 2024 14:03\nTill: Olle\nÄmne: Avtalet"
    text = f"Kan ni titta på detta?\n\n{block}\n\n{TEXT}"
    found = unwrap(text, "VB: Avtalet")
    assert found is not None and found.sender == ANNA and found.date == "den 5 mars 2024 14:03"
    assert unwrap(text, "SV: Avtalet") is None
    assert unwrap(text, "Avtalet") is None


def test_an_attribution_is_a_forward_only_with_its_subject() -> None:
    text = f'Se nedan\n\nDen 5/3/2024 14:03 skrev "Anna Larsson" <anna@example.org> följande:\n\n    {TEXT}'
    found = unwrap(text, "VB: Avtalet")
    assert found is not None
    assert (found.sender, found.subject, found.date) == (ANNA, "Avtalet", "5/3/2024 14:03")
    assert unwrap(text, "SV: Avtalet") is None


def test_a_quoted_forward_is_unquoted_and_ends_with_the_quote() -> None:
    text = (
        "Hej\n\n> Begin forwarded message:\n>\n> From: Anna <a@example.org>\n> Subject: Avtalet\n>\n> Rad ett\n\nUnder"
    )
    found = unwrap(text)
    assert found is not None and (found.subject, found.text) == ("Avtalet", "Rad ett")


def test_a_forward_within_the_history_of_a_reply_is_none_of_this_mail() -> None:
    text = (
        "Tack!\n\nDen 5 mars 2024 kl 14:03 skrev Olle <o@example.org>:\n\n> Se nedan\n>\n"
        "> ---------- Forwarded message ---------\n> From: Anna <anna@example.org>\n> Subject: Avtalet\n>\n> Hej\n"
    )
    assert unwrap(text) is None
    assert above(text) == "Tack!"


@pytest.mark.parametrize("text", ["", "Hej!", "Kan ni vidarebefordra detta meddelande:\nHej", "> citat\n\nSvar"])
def test_no_forward(text: str) -> None:
    assert unwrap(text) is None
    assert above(text) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Anna Larsson <anna@example.org>", ANNA),
        ("Anna Larsson [mailto:Anna@Example.org]", ANNA),
        ("Anna Larsson <anna@example.org<mailto:anna@example.org>>", ANNA),
        ("Anna Larsson<mailto:anna@example.org>", ANNA),
        ("« Anna Larsson » <anna@example.org>", ANNA),
        ("Anna Larsson (anna@example.org)", ANNA),
        ("anna@example.org", Person("anna@example.org")),
        ("Larsson, Anna", Person("", "Larsson, Anna")),
        ("  ", None),
    ],
)
def test_persons_as_clients_write_them(written: str, expected: Person | None) -> None:
    assert person(written) == expected


@pytest.mark.parametrize("piece", ["Forwarded message:\n", "From: a@b.c\nTo:\n", "a@", "> From:\n", "<", "mailto:"])
def test_linear(piece: str) -> None:
    def read(size: int) -> None:
        text = filled(piece, size)
        unwrap(text, "VB: " + text)
        above(text)

    assert_linear(read, 300_000)
