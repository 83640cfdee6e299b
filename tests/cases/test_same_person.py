"""What else there is from the same person: shown with a ticket, and suggested as a duplicate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cases.shop import ASA, Shop


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop().at("2026-11-16T09:00+01:00")


def suggested(shop: Shop) -> list[dict[str, Any]]:
    return [json.loads(row) for row in shop.say("merge", "--suggest", "--json").splitlines()]


def test_show_tells_what_else_is_open_and_the_last_five_closed(shop: Shop) -> None:
    for number in range(1, 9):
        shop.at(f"2026-11-16T09:{number:02}+01:00").mail(ASA, f"Fråga {number}", f"Om sak {'abcdefgh'[number - 1]}.")
    for number in range(3, 9):
        shop.at(f"2026-11-16T10:{number:02}+01:00").run("close", number, "--cause", "fel")
    shop.mail("bo@annan.example", "En annans", "Hej")
    shown = " ".join(shop.say("show", 1).split())
    assert "Also open from this person: #2 Fråga 2 Closed before: #8 Fråga 8, #7 Fråga 7, #6" in shown
    assert "#4 Fråga 4" in shown and "Fråga 3" not in shown and "annans" not in shown
    told = json.loads(shop.say("show", 1, "--json"))
    assert (told["also_open"], told["closed_before"]) == ([2], [8, 7, 6, 5, 4])
    assert "Also open" not in shop.say("show", 9)


def test_what_was_merged_away_or_is_spam_is_not_told(shop: Shop) -> None:
    for subject in ("Ett", "Två", "Tre"):
        shop.mail(ASA, subject, "Hej")
    shop.run("merge", 2, "--into", 1)
    shop.run("spam", 3)
    assert "Also open" not in shop.say("show", 1) and "Closed before" not in shop.say("show", 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Var är order 100482?", "När kommer hjälmarna?"), ("Har ni fått mitt mejl", "Gäller beställning nr 100482.")),
        (("Fel belopp", "Faktura 20418 är för hög."), ("Påminnelse", "Ni skickar en påminnelse på fakturan 20418!")),
        (("Invoice INV-20418", "It is too high."), ("Wrong amount", "Please look at invoice no. INV-20418 again.")),
        (("Retur", "Jag vill lämna tillbaka order: 77123"), ("Pengarna", "När får jag pengarna för Order #77123?")),
    ],
)
def test_the_same_number_from_the_same_sender(shop: Shop, one: tuple[str, str], other: tuple[str, str]) -> None:
    shop.mail(ASA, *one)
    shop.mail(ASA, *other)
    (found,) = suggested(shop)
    assert (found["merge"], found["into"], found["same"][:2]) == (2, 1, ["sender", "number"])
    assert found["score"] >= 0.9


def test_a_number_in_a_field_counts_too(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop('fields: {order_number: {pattern: "[0-9]{6}"}}').at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Hjälmarna", "När kommer de?")
    shop.mail(ASA, "Fråga", "Har ni skickat order 123456?")
    shop.run("set", 1, "order_number=123456")
    assert [(one["merge"], one["into"]) for one in suggested(shop)] == [(2, 1)]


def test_the_same_sender_and_the_same_subject(shop: Shop) -> None:
    shop.mail(ASA, "Hjälmarna", "När kommer de?")
    shop.mail(ASA, "Re: hjälmarna", "Har leveransen försvunnit på vägen hit?")
    (found,) = suggested(shop)
    assert found["same"] == ["sender", "subject"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            (ASA, "Fråga om order 100482", "När kommer den?"),
            (ASA, "Annat", "Gäller order 100483, som är trasig."),
        ),
        ((ASA, "Faktura", "Faktura 20418 är fel."), (ASA, "Faktura", "Är faktura 20500 betald nu?")),
        ((ASA, "Hjälmen", "Den är sprucken. Åsa, 0280-55512"), (ASA, "Öppettider", "När stänger ni i jul? 0280-55512")),
        ((ASA, "Hjälm", "Order 100482 kom trasig."), ("bo@annan.example", "Cykel", "Var är order 100482?")),
    ],
)
def test_what_only_looks_alike(shop: Shop, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    shop.mail(*one)
    shop.mail(*other)
    assert suggested(shop) == []
