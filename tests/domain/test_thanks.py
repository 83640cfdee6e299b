"""A message that only says thank you is told from one that also wants something."""

from __future__ import annotations

import pytest

from ticketctl.domain.text.thanks import is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Tack!", "Tack så mycket för hjälpen!", "Hej Anna,\nTack för snabbt svar!\n\nMvh\nKalle Berg", "Perfekt, tack!",
        "Toppen, tack för hjälpen. Ha en bra dag!", "Tack för hjälpen, nu fungerar det!", "Stort tack!",
        "Många tack 🙏",
        "Thanks a lot, that works!", "Thank you so much for your help Anna :)", "Great, thanks!",
        "Tusen takk for hjelpen!",
        "Mange tak for hjælpen", "Kiitos avusta!", "Vielen Dank für die schnelle Hilfe!",
        "Merci beaucoup pour votre aide",
        "Muchas gracias por su ayuda", "Grazie mille!", "Bedankt voor de hulp!", "Dziękuję za pomoc", "Спасибо!",
    ],
)  # fmt: skip
def test_only_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Hej", "Tack på förhand", "Tack, men det fungerar inte", "Tack. Skicka fakturan.", "Tack. Stäng mitt konto",
        "Tack! Kan ni kolla en sak till?", "Thanks, can you also check 123", "Thanks for nothing, it is still broken",
        "Thanks if you could send the invoice", "Great idea to close my account", "Jag vill säga upp kontot. Tack!",
        "Thanks for the update, I am waiting for the invoice", "Thanks in advance", "Merci d'avance", "Danke im Voraus",
        "Tack för hjälpen! " * 20, "Tack för att ni inte svarade", "123", "?",
    ],
)  # fmt: skip
def test_more_than_thanks(text: str) -> None:
    assert not is_thanks(text)


def test_a_megabyte_is_no_thank_you() -> None:
    assert not is_thanks("tack! " * 200_000)


@pytest.mark.parametrize("text", ["Thanks, works!\n\nJames", "Tack, det funkar nu!\n\nSara", "Thanks, that solved it."])
def test_thanks_that_say_it_works_now_say_nothing_else(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", ["Thanks, works in one browser but not in the other", "Tack, det funkar på mobilen"])
def test_what_works_only_in_part_is_more_than_thanks(text: str) -> None:
    assert not is_thanks(text)
