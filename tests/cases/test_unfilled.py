"""No mail with a hole leaves: `[Skriv här: …]`, "Hej ,", "Order  är" are refused, or asked about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cases.shop import ASA, Shop

FIELDS = 'fields:\n  order: {pattern: "[0-9]{4}"}\n'
SENT = "then: [{reply: {snippet: kvitto, automatic: true}}]"
ACK = FIELDS + f"rules:\n  - {{id: kvittens, events: [created], when: {{machine: false}}, {SENT}}}\n"
STEP = FIELDS + f"escalation:\n  - {{id: sen, when: {{unassigned: 4h}}, {SENT}}}\n"


def snippet(shop: Shop, text: str, name: str = "kvitto") -> None:
    for language in ("sv", "en"):
        path = shop.folder / "snippets" / language / f"{name}.j2"
        path.write_text(f"Subject: Kvitto\n{text}\n", "utf-8")


def texts(shop: Shop, number: int, delivery: str) -> list[str]:
    found = [one for one in shop.get(number).messages if one.direction == "out" and one.delivery == delivery]
    return [one.text.strip() for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hej Åsa, [Skriv här: vad som hände].", "[Skriv här: vad som hände]"),
        ("Hej ,\nden är skickad.", "Hej ,"),
        ("Hej Åsa!\nOrder  är skickad.", "a gap in “Order  är”"),
        ("Hej Åsa!\nDu skrev om ”” i går.", "a gap in “om ””"),
        ("Hi Åsa,\ninvoice . has been paid.", "a gap in “invoice .”"),
    ],
)
def test_a_hole_is_refused_where_nobody_can_be_asked(open_shop: Callable[..., Shop], text: str, told: str) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Var är den?")
    said = shop.run("reply", "1", "--text", text, code=5).stderr
    assert told in said
    assert "kept as a draft" in said
    assert (texts(shop, 1, "sent"), texts(shop, 1, "draft")) == ([], [text])


@pytest.mark.parametrize(
    "text",
    [
        "Hej Åsa!\n\nDen är skickad.  Hälsningar",
        "Hej!\n\n    kod  med indrag\n| Lampa  |  vit |\nLampa   2 st   199 kr",
        "Bonjour Åsa !\nVoilà : c'est fait.",
        "Kör foo() så går det.\n> Order  är skickad.",
    ],
)
def test_ordinary_text_leaves(open_shop: Callable[..., Shop], text: str) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Var är den?")
    shop.run("reply", "1", "--text", text)
    assert texts(shop, 1, "sent") == [text]


def test_an_empty_value_of_a_snippet_is_a_place_to_fill_in(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(FIELDS).at("2026-11-16T09:00+01:00")
    snippet(shop, "Hej {{ requester.first_name|upper }},\n\norder {{ ticket.fields.order }} är skickad.")
    shop.mail("kund@annan.example", "Order", "Var är den?")
    said = shop.run("reply", "1", "--snippet", "kvitto", "--send", code=5).stderr
    assert "not filled in: [Skriv här: ticket.fields.order]" in said
    assert texts(shop, 1, "draft") == [
        "Hej [Skriv här: requester.first_name],\n\norder [Skriv här: ticket.fields.order] är skickad."
    ]
    shop.run("set", "1", "order=4711")
    shop.run("reply", "1", "--snippet", "kvitto", "--send", "--no-check")
    assert "order 4711 är skickad" in texts(shop, 1, "sent")[0]


def test_what_a_snippet_leaves_out_by_itself_is_no_hole(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(FIELDS).at("2026-11-16T09:00+01:00")
    snippet(
        shop,
        "Hej{% if requester.first_name %} {{ requester.first_name }}{% endif %}!\n{{ ticket.fields.order }}\n"
        'Din order{{ " " ~ ticket.fields.order if ticket.fields.order else "" }} är skickad'
        '{{ ticket.fields.order|default("", true) }}.',
    )
    shop.mail("kund@annan.example", "Order", "Var är den?")
    shop.run("reply", "1", "--snippet", "kvitto", "--send")
    assert texts(shop, 1, "sent") == ["Hej!\n\nDin order är skickad."]
    assert "kvitto.j2: ticket" not in shop.run("snippets", "check").stderr


def test_an_automatic_answer_with_a_hole_is_a_draft(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(ACK).at("2026-11-16T09:00+01:00")
    snippet(shop, "Hej {{ requester.first_name }},\n\ntack, vi har fått ditt mejl.")
    told = shop.mail(ASA, "Order", "Var är den?")  # the mail is in: a mail server must not try again
    assert "rule kvittens on #1: kvitto is not sent: not filled in: [Skriv här: requester.first_name]" in told
    assert texts(shop, 1, "sent") + texts(shop, 1, "queued") == []
    assert texts(shop, 1, "draft") == ["Hej Åsa,\n\ntack, vi har fått ditt mejl."]  # for a person, with the name
    told = shop.run("snippets", "check").stderr
    assert "snippets/sv/kvitto.j2: requester.first_name may be empty there, and an automatic answer" in told
    shop.run("reply", "1", "--send")
    assert texts(shop, 1, "sent") == ["Hej Åsa,\n\ntack, vi har fått ditt mejl."]


def test_fetch_from_a_mailbox_ends_with_5(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(ACK).at("2026-11-16T09:00+01:00")
    snippet(shop, "Hej {{ requester.first_name }},\n\ntack.")
    shop.mail(ASA, "Order", "Var är den?")
    folder = shop.folder / "in"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    raw = "From: bo@annan.example\nTo: support@exempel.example\nSubject: Lampa\nMessage-ID: <b@annan.example>\n\nHej\n"
    (folder / "new" / "1.x").write_text(raw, "utf-8")
    result = shop.run("fetch", f"maildir:{folder}", user="system", code=5)
    assert "rule kvittens on #2" in result.stderr
    assert "1 new ticket" in result.stdout


def test_an_escalation_step_with_a_hole_makes_one_draft(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(STEP).at("2026-11-16T09:00+01:00")
    snippet(shop, "Order {{ ticket.fields.order }} dröjer.")
    shop.mail(ASA, "Order", "Var är den?")
    shop.at("2026-11-16T15:00+01:00")
    result = shop.run("escalate", user="system", code=5)
    assert "escalation sen on #1: kvitto is not sent: not filled in: [Skriv här: ticket.fields.order]" in result.stderr
    shop.cron("escalate")
    assert texts(shop, 1, "draft") == ["Order [Skriv här: ticket.fields.order] dröjer."]
    assert texts(shop, 1, "sent") == []
