"""A mail that is too short to tell its language: the subject, the mail program, what they wrote before, the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cases.shop import Shop

Opener = Callable[..., Shop]
MONDAY = "2026-11-16T09:00+01:00"
RULES = """\
rules:
  - {id: tack, events: [created], when: {machine: false}, then: [{reply: {snippet: mottaget, automatic: true}}]}
"""
KIM = "Kim <kim@kund.example>"
ENGLISH = "Hello, I would like to know when my parcel will arrive, because I have been waiting for a week."


def acknowledged_in(shop: Shop, number: int) -> str:
    (message,) = [one for one in shop.get(number).messages if one.kind == "automatic"]
    return "en" if "Your message" in message.text else "sv"


@pytest.mark.parametrize(
    ("subject", "headers", "language"),
    [
        ("Where is my order?", "", "en"),
        ("Invoice 4711", "", "en"),
        ("Re: Order not received", "", "en"),
        ("Var är min order?", "Content-Language: en-GB\n", "sv"),
        ("Order 4711", "Content-Language: en-GB\n", "en"),
        ("Order 4711", "Content-Language: EN\n", "en"),
        ("Order 4711", "Content-Language: sv-SE\n", "sv"),
        ("Order 4711", "Content-Language: en, sv\n", "sv"),
        ("Order 4711", "Content-Language: ?\n", "sv"),
        ("Order 4711", "", "sv"),
        ("", "", "sv"),
    ],
)
def test_subject_and_mail_program_tell_it(open_shop: Opener, subject: str, headers: str, language: str) -> None:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail(KIM, subject, "4711", headers=headers)
    assert acknowledged_in(shop, 1) == language


def test_then_what_this_person_wrote_before(open_shop: Opener) -> None:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail(KIM, "Order 17", ENGLISH)
    shop.at("2026-11-18T09:00+01:00").mail(KIM, "Order 4711", "4711")
    shop.mail("bo@kund.example", "Order 4711", "4711")
    assert [acknowledged_in(shop, number) for number in (1, 2, 3)] == ["en", "en", "sv"]


def test_the_text_itself_goes_before_all_of_them(open_shop: Opener) -> None:
    shop = open_shop(RULES).at(MONDAY)
    text = "Hej, jag undrar när mitt paket kommer fram, jag har väntat i en vecka nu."
    shop.mail(KIM, "Where is my order?", text, headers="Content-Language: en-US\n")
    assert acknowledged_in(shop, 1) == "sv"


def test_the_subject_of_a_form_is_not_the_customers(open_shop: Opener) -> None:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail("Form <form@x.example>", "New question from your website", "4711", headers="Reply-To: kim@kund.example\n")
    assert acknowledged_in(shop, 1) == "sv"


def test_the_first_text_that_tells_it_corrects_the_guess(open_shop: Opener) -> None:
    shop = open_shop(RULES).at(MONDAY)
    shop.mail(KIM, "Order 4711", "4711", message_id="first@kund.example")
    assert shop.get(1).language == ""
    shop.mail(KIM, "Sv: Order 4711", ENGLISH, "first@kund.example")
    assert shop.get(1).language == "en"
    shop.mail(
        KIM,
        "Sv: Order 4711",
        "Hej, jag skrev på engelska men det går lika bra på svenska för mig.",
        "first@kund.example",
    )
    assert shop.get(1).language == "en"
