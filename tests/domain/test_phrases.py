"""The table of phrases is whole for the languages that we promise, and an addition to it can't break the others."""

from __future__ import annotations

import pytest

from ticketctl.domain.text import phrases, signatures
from ticketctl.domain.text import quote_markers as marks
from ticketctl.domain.text.phrases import CODES, languages
from ticketctl.domain.text.quotes import split

PROMISED = ("en", "sv", "no", "da", "fi", "de", "nl", "fr", "es", "it", "pl")
NEEDED = (
    "reply", "forward", "opener", "wrote", "sender", "sent", "to", "copy", "subject", "forwarded", "original",
    "closing", "thanking", "mobile", "disclaimer", "legal", "thanks", "owing", "unless", "greeting", "attaching",
    "common",
)  # fmt: skip


@pytest.mark.parametrize("code", PROMISED)
@pytest.mark.parametrize("field", NEEDED)
def test_promised_languages_are_whole(code: str, field: str) -> None:
    assert phrases.words(getattr(languages()[code], field))


@pytest.mark.parametrize("code", CODES)
def test_phrases_stand_as_they_are_compared(code: str) -> None:
    for field in languages()[code].__struct_fields__:
        found = phrases.words(getattr(languages()[code], field))
        assert len(found) == len(set(found)), field
        assert all(phrase == " ".join(phrase.split()) and not phrase.endswith(":") for phrase in found), field


def test_folding_brings_capitals_accents_and_the_turkish_i_together() -> None:
    assert phrases.fold("A\u0308MNE") == phrases.fold("ämne")
    assert phrases.fold("İletilen İleti") == "iletilen ileti"


def test_fields_of_different_languages_do_not_contradict_each_other() -> None:
    kinds: dict[str, set[str]] = {}
    for kind in ("sender", "sent", "to", "subject"):
        for name in phrases.every(kind):
            kinds.setdefault(name, set()).add(kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize("code", CODES)
def test_every_phrase_of_a_signature_is_found(code: str) -> None:
    """The scanner looks at the first word, or the first characters, of a line before it compares phrases."""
    language = languages()[code]
    for closing in (*phrases.words(language.closing), *phrases.words(language.thanking)):
        below = f"{closing.capitalize()},\nAnna Berg"
        assert split(f"Fakturan 4711 saknas.\n\n{below}").signature == below
    for footer in phrases.words(language.mobile):
        assert signatures.ends_message(["Fakturan saknas.", "", f"{footer.title()} Nexus", "", "Hej"], 2), footer
    for opening in phrases.words(language.disclaimer):
        legal = phrases.words(language.legal)[0]
        assert split(f"Fakturan saknas.\n\n{opening.upper()} {legal}").new_text == "Fakturan saknas.", opening


@pytest.mark.parametrize("code", CODES)
def test_every_banner_is_found(code: str) -> None:
    for name in phrases.words(languages()[code].forwarded):
        for shape in ("-- {} --", "{}:", "> {}:", "*{}*", "-- {}", "{} --"):
            assert marks.at(["Hej", shape.format(name.title()), "", "Text"], 1), (shape, name)
    for name in phrases.words(languages()[code].original):
        assert marks.at([f"-----{name.title()}-----", "Text"], 0), name


@pytest.mark.parametrize("code", CODES)
def test_every_verb_introduces_a_quote(code: str) -> None:
    for verb in phrases.words(languages()[code].wrote):
        assert marks.at([f"Anna Berg <anna@example.org> 2024-05-03 14:03 {verb}:", "> Hej"], 0), verb
