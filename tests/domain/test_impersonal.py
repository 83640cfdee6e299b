"""What tells of a person is taken out of a text; what tells of the matter stays."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.privacy.impersonal import GAP, Known, clean_sentences, common_words, masked

KNOWN = Known(names=frozenset({"kvist"}), public="Ring oss på 08-123 45 67, eller support@exempel.example.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ring 08-123 45 67 så hjälper vi dig.", "Ring 08-123 45 67 så hjälper vi dig."),  # our own, in a snippet
        ("Ring 070-123 45 67 så hjälper vi dig.", f"Ring {GAP} så hjälper vi dig."),
        ("Ditt kort **** **** **** 1111 dras i dag.", f"Ditt kort {GAP} dras i dag."),  # masked on arrival
        ("Skriv till eva@kund.example.", f"Skriv till {GAP}"),
        ("Fråga Kerstin Lundqvist eller Zbigniew.", f"Fråga {GAP} eller {GAP}."),
        ("prata med anna om det", f"prata med {GAP} om det"),
        ("Det står Kvist på dörren.", f"Det står {GAP} på dörren."),
        ("Paketet går till Storgatan 12, 123 45 Lund.", f"Paketet går till {GAP}, {GAP}."),
        ("Send it to 12 High Street, please.", f"Send it to {GAP}, please."),
        ("Order AB-12345 kostar 1 200 kr och tar 3 dagar.", f"Order {GAP} kostar 1 200 kr och tar 3 dagar."),
        ("Se https://x.example/reset?token=abc123", "Se https://x.example/reset"),
        ("Det finns i Word och i Windows på måndag.", "Det finns i Word och i Windows på måndag."),
    ],
)
def test_masked(text: str, left: str) -> None:
    assert masked(text, KNOWN) == left


def test_only_sentences_of_nobody_are_left() -> None:
    text = "Klicka på Logga in. Kerstin ringde dig i går. Det tar 3 dagar!\nHej Eva!\nStarta sedan om datorn."
    assert clean_sentences(text, KNOWN) == "Klicka på Logga in. Det tar 3 dagar!\nStarta sedan om datorn."
    assert clean_sentences("Mvh Bo", KNOWN) == ""


def test_words_that_several_texts_have_are_nobodys_name() -> None:
    common = common_words(["avisera oss", "vi kan avisera"])
    assert masked("Avisera gärna.", KNOWN) == f"{GAP} gärna."
    assert masked("Avisera gärna.", Known(common=common)) == "Avisera gärna."


@pytest.mark.parametrize("piece", ["A-", "www.a.example/x Hej ", "kostar 12345 kr ", "a", "https://", "A'a"])
def test_no_text_takes_more_time_than_its_length(piece: str) -> None:
    assert_linear(lambda size: masked(filled(piece, size), Known()), 60_000)
