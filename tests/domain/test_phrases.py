"""The table of phrases is whole for the languages that we promise, and an addition to it can't break the others."""

from __future__ import annotations

import pytest

from ticketctl.domain import phrases
from ticketctl.domain.phrases import LANGUAGES

PROMISED = ("en", "sv", "no", "da", "fi", "de", "nl", "fr", "es", "it", "pl")
NEEDED = (
    "reply", "forward", "opener", "wrote", "sender", "sent", "to", "copy", "subject", "forwarded", "original",
    "closing", "thanking", "mobile", "disclaimer", "legal", "away", "thanks", "owing", "unless", "greeting", "common",
)  # fmt: skip


@pytest.mark.parametrize("code", PROMISED)
@pytest.mark.parametrize("field", NEEDED)
def test_promised_languages_are_whole(code: str, field: str) -> None:
    assert phrases.words(getattr(LANGUAGES[code], field))


@pytest.mark.parametrize("code", LANGUAGES)
def test_phrases_stand_as_they_are_compared(code: str) -> None:
    for field in LANGUAGES[code].__struct_fields__:
        found = phrases.words(getattr(LANGUAGES[code], field))
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
