"""`privacy: mask`: what a ticket holds no longer shows card numbers and personnummer; without it nothing is touched."""

from __future__ import annotations

from tests.conftest import RULES, Office

MAIL = """\
From: Anna <anna@kund.example>
To: support@exempel.example
Subject: Kort 4111 1111 1111 1111
Message-ID: <kort@kund.example>
Content-Type: text/plain; charset=utf-8

Dra 500 kr från 4111 1111 1111 1111, jag är 811218-9876.
Ring 070-123 45 67.
"""


def test_what_is_to_be_masked_is_not_kept_in_the_ticket(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + "privacy: {mask: [payment_card, personnummer]}\n", "utf-8")
    office.say("fetch", "-", stdin=MAIL)
    shown = office.say("show", 1)
    assert "1111 1111" not in shown and "811218-9876" not in shown
    assert "**** **** **** 1111" in shown and "070-123 45 67" in shown
    assert "4111 1111" not in (office.folder / "data" / "desk.json").read_text("utf-8")


def test_without_it_the_text_stays(office: Office) -> None:
    office.say("fetch", "-", stdin=MAIL)
    assert "4111 1111 1111 1111" in office.say("show", 1)
