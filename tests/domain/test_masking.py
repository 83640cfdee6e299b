"""Sensitive numbers are found in every written form, and numbers that only look like them stay readable.

The numbers are published test numbers or made here with the right check digit; none belongs to a person or an account.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear, filled
from ticketctl.domain.privacy.masking import ALL, find, luhn, mask


def check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn(digits + last))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in find(text)]


CARDS = [
    "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "2223003122003222",
    "378282246310005", "3782 822463 10005", "6011111111111117", "3530111333300000", "30569309025904",
    "3056 930902 5904",
    "4222222222222", "6759649826438453",
]  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_payment_cards(number: str) -> None:
    assert kinds(f"Kortet är {number}, tack.") == [("payment_card", number)]
    assert mask(number)[-4:] == number[-4:]
    assert sum(c.isdigit() for c in mask(number)) == 4


@pytest.mark.parametrize(
    "number", ["4111111111111112", "1234567890123452", "9999 9999 9999 9995", "41111111111111111111"]
)
def test_numbers_that_are_no_card(number: str) -> None:
    assert "payment_card" not in dict(kinds(f"Order {number} saknas"))


PERSON = check_digit("850709980")  # YYMMDDNNN and its check digit
COORDINATION = check_digit("850769980")  # day + 60
CENTENARIAN = check_digit("121212121")


@pytest.mark.parametrize(
    "number",
    [
        f"{PERSON[:6]}-{PERSON[6:]}", PERSON, f"19{PERSON}", f"19{PERSON[:6]}-{PERSON[6:]}",
        f"{PERSON[:6]} {PERSON[6:]}",
        f"19{PERSON[:6]} - {PERSON[6:]}", f"{COORDINATION[:6]}-{COORDINATION[6:]}", f"19{COORDINATION}",
        f"{CENTENARIAN[:6]}+{CENTENARIAN[6:]}", f"19{CENTENARIAN[:6]}+{CENTENARIAN[6:]}",
        f"20{check_digit('000229123')}",
        f"{PERSON[:6]}\u2013{PERSON[6:]}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sentence", ["{}", "Mitt personnummer är {}.", "pnr:{}", "({})", "Födelse {}, tack"])
def test_personnummer_in_all_written_forms(number: str, sentence: str) -> None:
    text = sentence.format(number)
    assert kinds(text) == [("personnummer", number)]
    assert mask(text) == sentence.format("".join("*" if c.isdigit() else c for c in number))


@pytest.mark.parametrize(
    "number",
    [
        f"{PERSON[:9]}{(int(PERSON[9]) + 1) % 10}", check_digit("851309980"), check_digit("850732980"),
        f"19{check_digit('010229123')}", f"21{PERSON}", check_digit("850709000"), f"x{PERSON}", f"{PERSON}x",
        f"1{PERSON}",
        f"{PERSON}-1", f"1.{PERSON}",
    ],
)  # fmt: skip
def test_wrong_dates_check_digits_and_neighbours(number: str) -> None:
    assert "personnummer" not in dict(kinds(f"Order {number} saknas"))


@given(st.dates().filter(lambda day: 1900 <= day.year <= 2099), st.integers(1, 999))
def test_every_personnummer_with_its_check_digit(day: object, serial: int) -> None:
    number = check_digit(f"{day:%y%m%d}{serial:03}")
    assert kinds(f"{number[:6]}-{number[6:]}") == [("personnummer", f"{number[:6]}-{number[6:]}")]


FIRM = check_digit("556036079")


@pytest.mark.parametrize("number", [f"{FIRM[:6]}-{FIRM[6:]}", FIRM, f"16{FIRM}", f"SE{FIRM}01"])
def test_organisation_numbers(number: str) -> None:
    assert kinds(f"Vårt orgnr är {number}.") == [("organisationsnummer", number)]


IBANS = ["SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466", "GB29NWBK60161331926819",
         "DE89 3704 0044 0532 0130 00",
         "NO93 8601 1117 947", "fi21 1234 5600 0007 85"]  # fmt: skip


@pytest.mark.parametrize("number", IBANS)
def test_ibans(number: str) -> None:
    assert kinds(f"Betala till {number} senast i morgon") == [("iban", number)]
    assert mask(number)[:2] == number[:2] and mask(number)[-4:] == number[-4:]


@pytest.mark.parametrize(
    "number", ["SE4550000000058398257467", "SE45 5000 0000 0583 9825 746", "XX45 5000 0000 0583 9825 7466"]
)
def test_no_iban(number: str) -> None:
    assert "iban" not in dict(kinds(number))


@pytest.mark.parametrize(
    "address",
    ["anna@example.org", "anna.larsson+test@mail.example.co.uk", "åsa@exämple.se", "o'brien@example.org", "a_b@x-y.se"],
)
def test_email_addresses(address: str) -> None:
    assert kinds(f"Skriv till <{address}>, tack.") == [("email", address)]
    masked = mask(address)
    assert len(masked) == len(address) and masked.endswith(address[address.rindex(".") :]) and "@" in masked
    assert not any(c.isalnum() for c in masked[: masked.rindex(".")])


@pytest.mark.parametrize("text", ["@anna", "a@b", "anna@", "kl 14@15.30", "@@@", "a@b..se", "rev@1.2"])
def test_no_email_address(text: str) -> None:
    assert "email" not in dict(kinds(text))


@pytest.mark.parametrize(
    "number",
    [
        "070-123 45 67", "0701234567", "+46 70 123 45 67", "+46701234567", "+46 (0)70-123 45 67", "08-123 456 78",
        "0046 70 123 45 67", "(555) 123-4567", "555-123-4567", "555.123.4567", "+1-555-123-4567", "01.23.45.67.89",
        "+358 40 123 4567", "020-12 34 56",
    ],
)  # fmt: skip
def test_telephone_numbers(number: str) -> None:
    text = f"Ring mig på {number}, gärna i dag."
    assert kinds(text) == [("phone", number)]
    assert mask(text).replace("*", "").endswith(f"{number[-2:]}, gärna i dag.")


def test_a_number_without_prefix_is_a_telephone_number_where_the_words_say_so() -> None:
    assert kinds("Tel: 12 34 56 78") == [("phone", "12 34 56 78")]
    assert kinds("Artikel 12 34 56 78") == []


@pytest.mark.parametrize(
    "text",
    [
        "Order 12345678", "2024-03-05 14:03", "den 05.03.2024", "05/03/2024", "1 234 567 kr", "bg 5050-1055",
        "12.345.678",
        "version 1.2.3", "https://example.org/070-1234567", "0,123456789", "054-28-6917", "2024-03-05--0701",
        "id=0701234567",
    ],
)  # fmt: skip
def test_numbers_that_reach_nobody(text: str) -> None:
    assert "phone" not in dict(kinds(text))


@pytest.mark.parametrize(
    "address",
    ["192.0.2.1", "255.255.255.255", "2001:db8::1", "::1", "2001:db8:0:0:0:0:2:1", "::ffff:192.0.2.1", "fe80::1:2"],
)
def test_ip_addresses(address: str) -> None:
    assert kinds(f"Servern {address} svarar inte") == [("ip", address)]


@pytest.mark.parametrize(
    "text", ["1.2.3", "256.1.1.1", "1.2.3.4.5", "14:03:22", "std::vector", "a::b::c", "::", "1.02.3.4"]
)
def test_no_ip_address(text: str) -> None:
    assert "ip" not in dict(kinds(text))


def test_only_the_kinds_asked_for() -> None:
    text = f"anna@example.org {CARDS[0]} {PERSON}"
    assert [one.kind for one in find(text)] == ["email", "payment_card", "personnummer"]
    assert mask(text, {"payment_card"}) == f"anna@example.org ************1111 {PERSON}"
    assert mask(text, ()) == text
    assert mask(text, {"nonsense"}) == text


@given(st.text(alphabet="0123456789 -+.@:aSEx()/\n", max_size=200))
def test_spans_are_in_order_apart_and_masking_keeps_the_length(text: str) -> None:
    found = find(text)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) and one.kind in ALL for one in found)
    assert len(mask(text)) == len(text)


WORST = ["1", "1 ", "4111 ", "4111 1111 1111 1111 ", "19850709-9805 ", "SE45 5000 ", "SE45", "a@", "@", "a.@-",
         "a", "1.1.1.1.",
         "::", ":a", "+4", "(", "(0) ", "070-", "f:", "1-", "٣", "１"]  # fmt: skip


@pytest.mark.parametrize("piece", WORST)
def test_linear(piece: str) -> None:
    assert_linear(lambda size: mask(filled(piece, size)), 300_000)
