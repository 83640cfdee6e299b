"""The language of a message is told where there are words enough, and not guessed where there are none."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.text.language import detect

SENTENCES = [
    ("sv", "Hej, jag kan inte logga in på mitt konto. Kan ni hjälpa mig?"),
    ("sv", "När kommer min beställning?"),
    ("sv", "Fakturan är fel, vi har betalat två gånger"),
    ("no", "Hei, jeg får ikke logget inn på kontoen min. Kan dere hjelpe meg?"),
    ("no", "Hva koster det å få tilsendt en ny faktura? Jeg har ikke mottatt noe"),
    ("da", "Hej, jeg kan ikke logge ind på min konto. Kan I hjælpe mig?"),
    ("da", "Hvad koster det at få tilsendt en ny faktura? Jeg har ikke modtaget noget"),
    ("en", "Hello, I cannot log in to my account. Can you help?"),
    ("en", "Where is my order?"),
    ("de", "Guten Tag, ich kann mich nicht anmelden."),
    ("fi", "Hei, en pääse kirjautumaan tililleni. Voisitteko auttaa?"),
    ("nl", "Hallo, ik kan niet inloggen op mijn account"),
    ("fr", "Bonjour, je ne peux pas me connecter à mon compte"),
    ("es", "Hola, no puedo entrar en mi cuenta"),
    ("it", "Buongiorno, non riesco ad accedere al mio account"),
    ("pt", "Olá, não consigo entrar na minha conta"),
    ("pl", "Dzień dobry, nie mogę się zalogować na moje konto"),
    ("cs", "Dobrý den, nemohu se přihlásit do svého účtu"),
    ("ru", "Здравствуйте, я не могу войти в свой аккаунт"),
    ("uk", "Доброго дня, я не можу увійти в свій обліковий запис"),
    ("ja", "ログインできません。助けてください。"),
    ("zh", "我无法登录我的账户,请帮忙"),
    ("ko", "로그인할 수 없습니다"),
]


@pytest.mark.parametrize(("code", "text"), SENTENCES)
def test_languages(code: str, text: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    "text", ["", "ok", "12345", "Order 12345 ABC", "https://example.org/och/att/det a@the.and", "Anna"]
)
def test_too_short_to_tell(text: str) -> None:
    assert detect(text) is None


def test_half_one_and_half_the_other_is_not_guessed() -> None:
    assert detect("Jag kan inte logga in på kontot. I cannot log in to the account, what can you do?") in (
        None,
        "sv",
        "en",
    )
    assert detect("skrivaren printer konto account") is None


@pytest.mark.parametrize("piece", ["och ", "a", "å", "ж", "ア", " ", "@ "])
def test_linear(piece: str) -> None:
    assert_linear(lambda size: detect(filled(piece, size)), 1_000_000)
