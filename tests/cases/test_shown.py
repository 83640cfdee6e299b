"""What `show` shows at once: only quotes that the ticket has are folded away, and long signatures."""

from __future__ import annotations

from collections.abc import Callable

from tests.cases.shop import ASA, Shop

FORWARDED = """\
---------- Forwarded message ----------
From: Rune Holm <rune@holm.example>
Date: October 13, 2025 at 2:02 PM
To: {to}
Subject: Broken dimmer

The dimmer hums since Friday, and the lamp goes out after ten minutes."""


def test_what_a_customer_passes_on_is_shown(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Dimmer", f"Can you help him?\n\n{FORWARDED.format(to='asa@kund.example')}")
    said = shop.say("show", "1")
    for words in ("Can you help him?", "Rune Holm <rune@holm.example>", "The dimmer hums since Friday"):
        assert words in said
    assert "more line" not in said


def test_what_a_customer_passes_on_with_marks_is_shown(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    quoted = "\n".join(f"> {line}".rstrip() for line in FORWARDED.format(to=ASA).split("\n")[1:])
    shop.mail(ASA, "Vb: Dimmer", f"Hjälp honom.\n\nVidarebefordrat brev:\n\n{quoted}\n\n-- \nÅsa\nButiken")
    said = shop.say("show", "1")
    assert "The dimmer hums since Friday" in said
    assert "Butiken" in said


def test_an_older_answer_that_never_came_here_is_shown(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    older = "Den 2 nov. 2026 kl. 10:01 skrev Lager <lager@annan.example>:\n> Ordern 4711 lämnade lagret i fredags."
    shop.mail(ASA, "Re: Order", f"Den kom aldrig.\n\n{older}")
    said = shop.say("show", "1")
    assert "Ordern 4711 lämnade lagret i fredags." in said


def test_a_quote_of_what_the_ticket_has_is_folded(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order 4711", "Var är min order? Den skulle ha kommit i fredags, och jag behöver den.")
    shop.run("reply", "1", "--text", "Den ligger kvar på lagret i Borås och skickas i dag.", "--send")
    ours = shop.last_out(1)
    answer = "> Den ligger kvar på lagret i Borås\n> och skickas i dag.\n>\n"
    quoted = f"{answer}>> Var är min order? Den skulle ha kommit\n>> i fredags, och jag behöver den."
    text = (
        f"Bra, då väntar jag.\n\nDen 16 nov. 2026 kl. 09:00 skrev Exempel support <support@exempel.example>:\n{quoted}"
    )
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "Re: Order 4711", text, ours)
    said = shop.say("show", "1")
    assert said.count("ligger kvar på lagret") == 1
    assert said.count("Var är min order") == 1
    assert "6 more lines of quoted text and signature: --full" in said
    assert shop.say("show", "1", "--full").count("> Den ligger kvar på lagret i Borås") == 1


def test_of_two_quotes_only_the_unknown_is_shown(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order 4711", "Var är min order? Den skulle ha kommit i fredags, och jag behöver den.")
    shop.run("reply", "1", "--text", "Den ligger kvar på lagret i Borås och skickas i dag.", "--send")
    text = """\
Så här sade transportören.

-----Ursprungligt meddelande-----
Från: Transport <info@transport.example>
Skickat: den 16 november 2026 09:30
Till: Åsa Öberg <asa@kund.example>
Ämne: Kolli 17

Vi har inget kolli med det numret, fråga avsändaren.

-----Ursprungligt meddelande-----
Från: Exempel support <support@exempel.example>
Skickat: den 16 november 2026 09:00
Till: Åsa Öberg <asa@kund.example>
Ämne: Order 4711

Den ligger kvar på lagret i Borås och skickas i dag."""
    shop.at("2026-11-16T10:00+01:00").mail(ASA, "Re: Order 4711", text, shop.last_out(1))
    said = shop.say("show", "1")
    assert "Vi har inget kolli med det numret" in said
    assert said.count("ligger kvar på lagret") == 1


def test_a_signature_of_four_lines_is_shown_and_a_longer_one_folded(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    short = "\n".join(("-- ", "Åsa Öberg", "Butiken AB", "Storgatan 1", "070-123 45 67"))
    shop.mail(ASA, "Dimmer", f"Den surrar.\n\n{short}")
    shop.mail("Bo Ek <bo@annan.example>", "Lampa", f"Den blinkar.\n\n{short.replace('Åsa', 'Bo')}\nÖppet 9-17")
    said = shop.say("show", "1")
    assert "Storgatan 1" in said
    assert "more line" not in said
    said = shop.say("show", "2")
    assert "Storgatan 1" not in said
    assert "6 more lines of quoted text and signature: --full" in said
