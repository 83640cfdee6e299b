"""Digits beside a number neither hide it nor make one of what is none; passwords are found and sentences about them
stay readable. All numbers are made here with the right check digit."""

from __future__ import annotations

import random

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.privacy.cards import issued
from ticketctl.domain.privacy.masking import find, luhn, mask


def card(rng: random.Random, begins: str = "4") -> str:
    digits = begins + "".join(rng.choice("0123456789") for _ in range(15 - len(begins)))
    return next(digits + last for last in "0123456789" if luhn(digits + last))


def grouped(number: str, by: str) -> str:
    return by.join(number[at : at + 4] for at in range(0, 16, 4))


BESIDE = [
    "99 {}", "{}-2", "{} 2", "kl 14 {}", "nr 12345 {}", "2026 {}", "2026-12-01 {}", "{} 123", "{} 12/27", "{} 1227",
    "https://pay.example/{}", "https://pay.example/?n={}", "{}, 500 kr", "1. {}", "kort{}", "{}\n2", "a) {} b) 17",
    "12 {} 34", "#{}", "({})",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("beside", BESIDE)
def test_digits_beside_a_card_do_not_hide_it(beside: str, seed: int) -> None:
    rng = random.Random(f"{beside} {seed}")
    number = card(rng, rng.choice(["4", "51", "55", "2221"]))
    by = "-" if beside == "{}-2" else rng.choice([" ", "-", " "])
    text = beside.format(grouped(number, by))
    assert number[:12] not in "".join(filter(str.isdigit, mask(text, {"payment_card"})))
    assert [one.kind for one in find(text, {"payment_card"})] == ["payment_card"], text


def reference(rng: random.Random) -> str:
    """A longer number that has a card's number in it."""
    number = card(rng)
    before, after = ("".join(rng.choice("0123456789") for _ in range(rng.choice((4, 7)))) for _ in "ab")
    whole = rng.choice([before + number, number + after, before + number + after])
    kind = rng.choice(["bare", "groups", "decimal", "word", "label", "fours"])
    match kind:
        case "bare":
            return whole
        case "groups":
            return " ".join(whole[at : at + 5] for at in range(0, len(whole), 5))
        case "decimal":
            return f"0.{number}"
        case "word":
            return f"ID{number}X"
        case "label":
            return f"{rng.choice(['OCR', 'ordernr', 'Referens:', 'IMEI', 'Invoice no.', 'Kollinr'])} {number}"
    return grouped(number, " ") + f" {rng.randrange(1300, 1990)} {rng.randrange(1000, 9999)} 123"


@pytest.mark.parametrize("seed", range(100))
def test_a_longer_number_is_no_card(seed: int) -> None:
    text = f"Betalning {reference(random.Random(seed))} saknas"
    assert find(text, {"payment_card"}) == (), text


def test_times_in_milliseconds_and_microseconds_are_no_cards() -> None:
    rng = random.Random(7)
    for _ in range(500):
        moment = rng.randrange(1_500_000_000_000, 1_999_999_999_999)
        text = f"at={moment} {moment} t:{moment * 1000 + rng.randrange(1000)}"
        assert find(text, {"payment_card"}) == (), text


@pytest.mark.parametrize("by", ["\n", " \n", "-\n", "."])
def test_a_card_that_is_split(by: str) -> None:
    number = card(random.Random(by))
    assert [one.kind for one in find(f"Kortet {grouped(number, by)} gäller")] == ["payment_card"]


def test_a_card_with_a_digit_to_each_line() -> None:
    text = "\n".join(card(random.Random(3)))
    assert [one.kind for one in find(f"Kort:\n{text}\nslut")] == ["payment_card"]


def test_a_number_that_no_network_issues_counts_beside_the_word_card() -> None:
    number = next(f"99{rest:010}" for rest in range(1000, 9999) if luhn(f"99{rest:010}"))
    assert not issued(number)
    assert [one.kind for one in find(f"my credit card {number}")] == ["payment_card"]
    assert find(f"my order {number}", {"payment_card"}) == ()


PASSWORDS = [
    ("Lösenord: hemligt123", "hemligt123"),
    ("lösenordet är Sommar2026!", "Sommar2026!"),
    ("Mitt lösenord: sommar", "sommar"),
    ("Användare: anna, lösenord: kA7!x2, server: x", "kA7!x2"),
    ("password=hunter2&user=bo", "hunter2"),
    ('"password": "tr0ub4dor&3"', "tr0ub4dor&3"),
    ("The password is Tr0ub4dor", "Tr0ub4dor"),
    ("PIN: 4711", "4711"),
    ("pinkoden är 4711.", "4711"),
    ("API key = abcd1234efgh5678", "abcd1234efgh5678"),
    ("api-nyckel: a1b2c3d4", "a1b2c3d4"),
    ("client_secret: Zx9-Qw8", "Zx9-Qw8"),
    ("Passwort: geheim99", "geheim99"),
    ("Lösenord:\n  kA7!x2", "kA7!x2"),
    ("token -> 9f8e7d6c5b", "9f8e7d6c5b"),
    ("Authorization: Bearer abcdefghijklmnop.qrstuv", "abcdefghijklmnop.qrstuv"),
    ("nyckeln AKIA" + "Q" * 16 + " slutar gälla", "AKIA" + "Q" * 16),
    ("-----BEGIN RSA PRIVATE KEY-----\n" + "Ab9/" * 20 + "\n-----END RSA PRIVATE KEY-----", "\n" + "Ab9/" * 20 + "\n"),
    ("ghp_" + "a1" * 18, "ghp_" + "a1" * 18),
]


@pytest.mark.parametrize(("text", "secret"), PASSWORDS)
def test_passwords_and_keys(text: str, secret: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in find(text, {"secret"})] == [("secret", secret)]
    assert mask(text, {"secret"}) == text.replace(secret, "".join(c if c.isspace() else "*" for c in secret))


@pytest.mark.parametrize(
    "text",
    [
        "Lösenordet är fel", "Jag har glömt mitt lösenord", "lösenord: jag har glömt det", "My password is wrong",
        "Password: please reset it for me", "Byt lösenord på https://example.org/reset", "Lösenord: https://example.org",
        "The secret is patience", "Lösenord: ********", "token: {{ token }}", "pinnen är blå", "Kod: 12",
        "Lösenordet: fungerar inte längre", "Så byter du lösenord: klicka på kugghjulet",
    ],
)  # fmt: skip
def test_sentences_about_passwords_stay(text: str) -> None:
    assert find(text, {"secret"}) == ()


@pytest.mark.parametrize(
    "text",
    [
        "416 60 039 office", "21 253 109 8211-Office", "Anna\n3660170548-Fax\nBo", "87 65 43 21 (kontor)",
        "(37) 788-063, mobil",
    ],
)  # fmt: skip
def test_a_telephone_number_with_its_label_behind_it(text: str) -> None:
    assert [one.kind for one in find(text)] == ["phone"]


@pytest.mark.parametrize(
    "text",
    ["we need 123456 office chairs", "12345678 homes", "Order 416 60 039 office", "Box 03262 2437 Main St, Suite 4"],
)
def test_a_word_behind_a_number_makes_it_no_telephone(text: str) -> None:
    assert find(text, {"phone"}) == ()


WORST = ["lösenord", "lösenord:", "lösenord: ", "password is ", "pin=", "eyJ", "a1.", "Bearer ", "1\n", "12 ", "4111-",
         "PRIVATE KEY-----", "sk-", "office 1", "eyJ-", "sk-a", "PRIVATE KEY-----a",
         "1 1234 ", "41111111111 "]  # fmt: skip


@pytest.mark.parametrize("piece", WORST)
def test_linear(piece: str) -> None:
    assert_linear(lambda size: mask(filled(piece, size)), 100_000)
