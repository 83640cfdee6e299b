"""Texts that say that something is attached, and those that do not."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.text.attachment_words import speaks_of_attachment


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Hej!\nJag BIFOGAR fakturan.", "BIFOGAR"),
        ("Kvittot är bifogat", "bifogat"),
        ("Se bilagan för detaljer.", "Se bilagan"),
        ("Please see attached.", "attached"),
        ("Har du fått den? Den är bifogad.", "bifogad"),
        ("Anbei die Rechnung.", "Anbei"),
        ("Vous trouverez ci-joint la facture.", "ci joint"),
        ("Vedlagt følger kvitteringen.", "Vedlagt"),
        ("W załączniku faktura.", "W załączniku"),
    ],
)
def test_something_is_attached(text: str, phrase: str) -> None:
    assert speaks_of_attachment(text) == phrase


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej! Vi tittar på det.",
        "Kan du bifoga en bild?",
        "Har du bifogat kvittot?",
        "Have you attached it?",
        "Could you send us the file again.",
        "> Jag bifogar en bild\n\nTack, vi tittar på den.",
        "obifogat",
    ],
)
def test_nothing_is(text: str) -> None:
    assert speaks_of_attachment(text) == ""


def test_linear() -> None:
    assert_linear(lambda size: speaks_of_attachment(filled("se i w en ", size)), 1_000_000)
