"""Telling words, likeness, groups and their names."""

from __future__ import annotations

import pytest

from ticketctl.domain.patterns import words
from ticketctl.domain.patterns.grouping import Document, Grouping
from ticketctl.domain.patterns.likeness import Disguise, Rarity, cosine, features, weighted
from ticketctl.domain.patterns.naming import Wording, name
from ticketctl.domain.patterns.pattern import Pattern, Vocabulary, spelled
from ticketctl.domain.patterns.weeks import trends
from ticketctl.domain.patterns.words import is_bland, stems_of, surfaces

DELIVERY = ["mitt paket har inte kommit", "var är paketet", "paketet saknas", "paket aldrig levererat", "inget paket"]
INVOICE = [
    "fel summa på fakturan",
    "fakturan är fel",
    "fel belopp, faktura",
    "faktura med fel moms",
    "fakturan fel igen",
]


def documents(texts: list[str], first: int = 1) -> list[Document]:
    return [Document(number, features(stems_of(text, "sv"))) for number, text in enumerate(texts, first)]


def groups(grouping: Grouping) -> dict[int, list[int]]:
    return {key: group.tickets for key, group in grouping.groups.items()}


def learnt(texts: list[str]) -> Grouping:
    found = Grouping((), Vocabulary(), documents(texts))
    found.learn(documents(texts))
    found.grow_up()
    return found


# --- words ---


@pytest.mark.extra("insight")
@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Paketet och paketen!", "sv", ["paket", "paket"]),
        ("faktura fakturan fakturor fakturorna", "sv", ["faktur"] * 4),
        ("The cards were declined", "en", ["card", "declin"]),
        ("", "sv", []),
        ("12345 2026-11-30 #17 +46 70 123 45 67", "sv", []),
        ("åsa@kund.example https://exempel.example/faktura paket", "sv", ["paket"]),
        ("Hej! Mvh, tack", "sv", []),
        ("måndag den 3 november 2026 re: fw: paket", "sv", ["paket"]),
    ],
)
def test_telling_words_are_stems_without_numbers_dates_and_addresses(
    text: str, language: str, expected: list[str]
) -> None:
    assert stems_of(text, language) == expected


def test_without_snowball_a_plain_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "STEMS", "plain")
    words._stemmer.cache_clear()
    words._telling.cache_clear()
    try:
        assert stems_of("fakturan fakturor faktura", "sv") == ["faktur", "faktur", "faktur"]
        assert stems_of("cards card", "en") == ["card", "card"]
    finally:
        words._stemmer.cache_clear()
        words._telling.cache_clear()


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    assert len(stems_of("paket " * 200_000, "sv")) == words.MOST
    assert stems_of("x" * 1_000_000, "sv") == []


@pytest.mark.extra("insight")
def test_the_words_of_a_stem_are_as_people_write_them() -> None:
    assert surfaces("Paketet, paketet och ett paket", "sv") == {"paket": "paketet"}
    assert is_bland("hjälp")
    assert not is_bland("paket")


# --- likeness ---


def test_texts_with_the_same_rare_words_are_alike() -> None:
    rarity = Rarity({"paket": 50, "faktur": 2}, 100)
    one, other = (weighted(features(stems_of(text, "sv")), rarity) for text in ("fel faktura", "fakturan och paketet"))
    assert cosine(one, one) == pytest.approx(1)
    assert 0 < cosine(one, other) < 1
    assert rarity["faktur"] > rarity["paket"]


def test_a_disguised_stem_is_no_word_and_depends_on_the_key() -> None:
    one, other = Disguise(b"a" * 32), Disguise(b"b" * 32)
    assert one["paket"] == Disguise(b"a" * 32)["paket"] != other["paket"]
    assert "paket" not in one["paket"]


# --- groups ---


@pytest.mark.extra("insight")
def test_alike_texts_come_together_and_others_stay_out() -> None:
    grouping = learnt([*DELIVERY, *INVOICE, "lösenord glömt"])
    assert groups(grouping)[1] == [1, 2, 3, 4, 5]
    assert groups(grouping)[2] == [6, 7, 8, 9, 10]
    assert [tickets for key, tickets in groups(grouping).items() if key < 0] == [[11]]


def test_a_text_without_words_is_in_no_group() -> None:
    assert groups(learnt(["", "123", "hej"])) == {}


def test_five_hundred_copies_are_one_group() -> None:
    assert groups(learnt(["paketet har inte kommit"] * 500)) == {1: list(range(1, 501))}


@pytest.mark.extra("insight")
def test_who_is_in_a_group_stays_and_new_ones_join_it() -> None:
    before = learnt([*DELIVERY, *INVOICE])
    stored = [
        Pattern(key=key, tickets=tuple(one.tickets), terms=before.kept(one)) for key, one in before.groups.items()
    ]
    vocabulary = Vocabulary(seen=10, total=before.total, counts=before.counts, last=before.last, least=before.least)
    fresh = documents(["paketet kom aldrig", "fakturan igen", "trasig skärm"], 11)
    after = Grouping(stored, vocabulary, fresh)
    after.learn(fresh)
    assert groups(after)[1] == [1, 2, 3, 4, 5, 11]
    assert groups(after)[2] == [6, 7, 8, 9, 10, 12]
    assert groups(after)[after.least] == [13]


def test_what_a_text_gave_to_its_group_can_be_taken_away() -> None:
    grouping = learnt(["paketet kom aldrig"] * 5 + ["paketet kom aldrig kanariefågel"])
    last = documents(["paketet kom aldrig kanariefågel"], 6)[0]
    own = next(stem for stem in last.features if stem.startswith("kanarie"))
    assert own in grouping.kept(grouping.groups[1])
    grouping.forget(1, last)
    assert own not in grouping.kept(grouping.groups[1])
    assert groups(grouping)[1] == [1, 2, 3, 4, 5, 6]


# --- names ---


def said(texts: list[str], customers: list[str] | None = None, names: frozenset[str] = frozenset()) -> list[Wording]:
    who = customers or [f"kund{number}" for number in range(len(texts))]
    return [Wording(at, who[at], surfaces(text, "sv"), names) for at, text in enumerate(texts)]


def held(stem: str) -> int:
    return {"faktur": 5, "fel": 30}.get(stem, 1)


def test_a_name_begins_with_the_word_that_tells_the_group_apart() -> None:
    assert next(word.word for word in name(said(INVOICE), held, 100)) == "fakturan"


def test_a_word_of_one_customer_alone_names_nothing() -> None:
    texts = [*INVOICE, "fakturan kanariefågel kanariefågel"]
    found = {word.word for word in name(said(texts), held, 100)}
    assert "kanariefågel" not in found
    assert name(said(INVOICE, ["åsa"] * 5), held, 100) == ()


def test_parts_of_peoples_names_name_nothing() -> None:
    texts = [f"{text} öberg" for text in INVOICE]
    assert "öberg" in {word.word for word in name(said(texts), held, 100)}
    assert "öberg" not in {word.word for word in name(said(texts, names=frozenset({"öberg"})), held, 100)}


def test_two_groups_have_two_names() -> None:
    first = name(said(INVOICE * 2), held, 100)
    second = name(said(INVOICE * 2), held, 100, [frozenset(word.word for word in first)])
    assert {word.word for word in first} != {word.word for word in second}


def words_of(texts: list[str], names: frozenset[str] = frozenset()) -> list[str]:
    return spelled(name(said(texts, names=names), held, 100))


# "slutar" and "slutade" have one stem; neither is in half of these
STOPS = ["sidan slutar", "skärmen slutar", "sladden slutade", "lampan slutade", "kranen slutat"]


@pytest.mark.extra("insight")
def test_a_word_that_is_in_half_only_by_its_forms_is_named_with_them() -> None:
    assert words_of(STOPS)[0] == "slutade/slutar"
    (form,) = (one for one in name(said(STOPS), held, 100) if one.form)
    assert (form.word, form.tickets) == ("slutar", (0, 1)), "two customers of its own"


@pytest.mark.extra("insight")
def test_a_form_of_one_customer_alone_names_nothing() -> None:
    texts = [STOPS[0], STOPS[2], "kranen slutat", "dörren slutats", "fönstret gick", "taket gick"]
    assert not any("/" in word for word in words_of(texts))


def test_a_name_whose_words_are_in_less_than_half_says_so() -> None:
    texts = ["sidan blinkar", "sidan fryser", "skärmen blinkar", "sladden brinner", "kranen läcker"]
    assert Pattern(key=1, words=name(said(texts), held, 100)).name == "blinkar, sidan …"
    assert Pattern(key=1, words=name(said(INVOICE), held, 100)).name.endswith(" …") is False


def test_two_letters_name_a_group_only_where_half_of_it_has_them() -> None:
    texts = [f"{what} och pc" for what in ("mus", "mus", "skärm", "kabel", "dockan")]
    assert words_of(texts) == ["pc", "mus"]
    assert "pc" not in words_of([*INVOICE, *texts[:2]])
    assert words_of(texts, names=frozenset({"pc"})) == ["mus"]


# --- trend ---


@pytest.mark.parametrize(
    ("early", "late", "others_late", "expected"),
    [
        (4, 16, 40, "rose"),
        (8, 1, 40, "fell"),
        (4, 5, 40, "no clear change"),
        (0, 9, 40, "too few"),
        (4, 16, 160, "no clear change"),  # the whole desk grew as much
    ],
)
def test_a_pattern_grows_where_its_share_does(early: int, late: int, others_late: int, expected: str) -> None:
    own = [early] * 12 + [late] * 4
    desk = [40 + early] * 12 + [others_late + late] * 4
    assert trends({7: own}, desk) == {7: expected}
