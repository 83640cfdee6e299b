"""Which words name a person, and which do not: many Swedish names are words."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from ticketctl.channels.email.rewrite.readable import texts
from ticketctl.domain.privacy.person import Identity, Replacer, canonical, meant

WORDS = ("Per Dag", "Bo Sten", "Dag Ek", "Sten Lind", "Stig Alf", "Alf Berg", "Rose Blom", "Björn Ros", "Linn Hav")
TEXTS = (
    "Det kostar 500 kr per dag och per person, en dag i taget.",
    "Bo i Stockholm? Vi ska bo där en dag, bo sten hårt.",
    "Dag efter dag. God dag! Dag och natt. ek är ett träd, dag ek",
    "En sten lind-träd. Sten, sax, påse. Sten på sten.",
    "Stig på tåget, stig alf. En alf bor i berg.",
    "Rose är en färg; rose blom. En björn åt ros. Linn är lin, linn hav.",
    "Per automatik går det per mejl. PER DYGN. Per-Olof kom.",
)


def replacer(name: str, address: str = "p@hemlig.example") -> Replacer:
    first = name.split()[0]
    return Replacer(Identity(addresses=frozenset({canonical(address)}), names=(name, first)), "(erased)", "(erased)")


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("near", [True, False])
def test_a_name_that_is_a_word_stays_a_word(name: str, near: bool) -> None:
    found = replacer(name)
    for text in (f"{one}{more}" for one in TEXTS for more in ("", " Tack.", "\nVi hörs.", "\n> citat")):
        assert found.replaced(text, near=near) == text


@pytest.mark.parametrize("name", WORDS)
def test_the_full_name_goes(name: str) -> None:
    first, last = name.split()
    found = replacer(name)
    for text in (f"{name} ringde", f"{name.upper()} RINGDE", f"{last}, {first} ringde", f"{first}\n> {last} sa",
                 f"{name}s order", f"fil_{first}_{last}.pdf", f"{first}\u00a0{last}"):  # fmt: skip
        after = found.replaced(text)
        assert name.casefold() not in " ".join(after.replace(">", " ").split()).casefold(), text
        assert "(erased)" in after


GREETED = (
    "Hej Anna,\nhur går det?", "Hej Bo och Anna!\n", "Hi Anna\n", "Mvh\nAnna\n", "Mvh Anna", "/Anna",
    "Hälsningar, Anna", "Den 3 maj skrev Anna:", "> Anna wrote:", "Från: Anna\n", "God morgon Anna!",
)  # fmt: skip


@pytest.mark.parametrize("text", GREETED)
def test_a_first_name_goes_where_its_place_says_that_it_is_one_and_they_take_part(text: str) -> None:
    found = replacer("Anna Öberg")
    assert "Anna" not in found.replaced(text, near=True)
    assert found.replaced(text) == text


ADDRESSES = (
    "anna@kund.example", "ANNA@Kund.Example", "anna+shop@kund.example", "<mailto:anna@kund.example>",
    "mailto:anna%40kund.example?subject=x", "anna@kund.example.", '"Anna" <anna@kund.example>',
)  # fmt: skip


@pytest.mark.parametrize("text", ADDRESSES)
def test_each_spelling_of_the_address_goes(text: str) -> None:
    assert "nna" not in replacer("Anna Öberg", "anna@kund.example").replaced(text, near=True).casefold()


def test_an_international_domain_in_either_spelling() -> None:
    plain = "köpa".encode("idna").decode()
    found = replacer("Anna Öberg", f"anna@{plain}.example")
    assert meant("ANNA+x@KÖPA.example") == meant(f"anna@{plain.upper()}.example")
    assert found.replaced(f"anna@{plain}.example, Anna@Köpa.example") == "(erased), (erased)"


OTHERS = ("susanna@kund.example", "anna@kund.example.com", "xanna@kund.example", "Anna Öberg-Lund", "Lars-Anna Öberg")


@pytest.mark.parametrize("text", OTHERS)
def test_others_stay(text: str) -> None:
    assert replacer("Anna Öberg", "anna@kund.example").replaced(text, near=True) == text


def test_a_longer_name_of_somebody_else_stays() -> None:
    found = replacer("Anna Öberg", "anna@kund.example")
    text = "Anna Öberg Lund och Anna Öberg"
    assert found.replaced(text, near=True, spare=["Anna Öberg Lund"]) == "Anna Öberg Lund och (erased)"


def test_a_first_name_that_somebody_else_in_the_ticket_has_stays() -> None:
    found = replacer("Anna Öberg", "anna@kund.example")
    assert found.replaced("Hej Anna,", near=True, spare=["Anna Ek"]) == "Hej Anna,"


HOSTILE = {
    "empty lines": "\n" * 200_000,
    "marks": ">" * 200_000,
    "quoted": "> \n" * 100_000,
    "greetings": "Hej Hej Hej " * 20_000,
    "addresses": "a@" * 100_000,
    "names": "Anna\n" * 50_000,
    "brackets": "<[(" * 60_000,
}


@pytest.mark.parametrize("kind", [*HOSTILE])
def test_hostile_texts_end(kind: str) -> None:
    """Each is looked through in less than the time limit of pytest; without it some would take hours."""
    found = replacer("Anna Öberg", "anna@kund.example")
    assert len(found.replaced(HOSTILE[kind], near=True)) > 0


@pytest.mark.long
def test_small_files_that_become_huge_end() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for at in range(100):
            archive.writestr(f"{at}", b"\0" * 7_000_000)
    assert sum(map(len, texts(bomb.getvalue()))) < 1_000_000_000
    streams = b"%PDF" + (b"stream\n" + zlib.compress(b"x" * 1_000_000)) * 500
    assert sum(map(len, texts(streams))) < 1_000_000_000
    assert list(texts(b"%PDF" + b"stream\n" * 300_000))
