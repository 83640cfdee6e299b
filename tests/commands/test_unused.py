"""`report people`: fields that nothing uses, and data that snippets ask customers for in vain."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ticketctl.domain.reply.asked_data import asks, holding
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act

DAY = timedelta(days=1)
LOOK = "Ask before you remove it: ticketctl cannot know who only reads it or lists by it.\n"


def people(office, language="en"):
    return office.say("--language", language, "report", "people")


def unused(office):
    return json.loads(office.say("report", "people", "--json"))["unused"]


def snippet(office, name, text, language="sv"):
    path = office.folder / "snippets" / language / f"{name}.j2"
    path.write_text(f"Subject: Fråga\n{text}\n", encoding="utf-8")


def asked(office, number, name):
    """A ticket that was answered with the snippet just now."""
    office.make(number)
    reply = Message(
        key="m2",
        direction="out",
        kind="message",
        at=office.now,
        sender=Person("support@exempel.example"),
        author="bo",
        delivery="sent",
        delivered_at=office.now,
        text="Hej!",
        why=f"reply with snippet {name}",
    )
    office.change(number, lambda one: one.write(Act("bo", office.now), reply))


def test_fields_that_nothing_uses(office):
    office.make(1, age=179 * DAY)
    assert unused(office)["fields"] == []  # nobody knows what was before
    office.make(2, age=181 * DAY)
    assert unused(office)["fields"] == ["area", "order_number"]  # category is asked for at the close
    assert people(office).endswith(
        "field area: no rule and no snippet names it, and nobody set it by hand in 180 days\n"
        f"field order_number: no rule and no snippet names it, and nobody set it by hand in 180 days\n{LOOK}"
    )
    said = people(office, "sv")
    assert "fält area: ingen regel eller mall nämner det, ingen har satt det för hand på 180 dagar\n" in said
    assert "det syns inte vem som bara läser det" in said


def test_a_hand_uses_a_field_for_180_days_and_a_rule_is_no_hand(office):
    office.make(1, age=400 * DAY)
    office.change(1, lambda one: one.set_field(Act("bo", office.now, "set"), "area", "app"))
    office.change(1, lambda one: one.set_field(Act("bo", office.now, "rule x"), "order_number", "123456"))
    assert unused(office)["fields"] == ["order_number"]
    office.now += 181 * DAY
    assert unused(office)["fields"] == ["area", "order_number"]


@pytest.mark.parametrize(
    "rule",
    [
        "rules: [{id: a, events: [created], when: {area: app}, then: [{label: drift}]}]",
        "rules: [{id: a, events: [created], when: {not: {area: app}}, then: [{label: drift}]}]",
        "rules: [{id: a, events: [created], then: [{set: {area: app}}]}]",
        "privacy: {retention: [{when: {area: app, closed_for: 12 months}, then: anonymise}]}",
    ],
)
def test_what_names_a_field_uses_it(office, rule):
    office.make(1, age=200 * DAY)
    path = office.folder / "rules.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}{rule}\n", encoding="utf-8")
    assert unused(office)["fields"] == ["order_number"]


def test_a_snippet_that_prints_a_field_uses_it_also_in_a_partial(office):
    office.make(1, age=200 * DAY)
    snippet(office, "order", "Din order {{ ticket.fields.order_number }} är på väg.")
    snippet(office, "_omrade", "{% if ticket.fields.area %}Hej{% endif %}")
    assert unused(office) == {"fields": [], "data": []}


def test_data_that_no_field_holds(office):
    snippet(office, "vem", "Skriv ditt personnummer, så ser vi efter.")
    for number in (1, 2):
        asked(office, number, "vem")
    office.now += 15 * DAY
    assert unused(office)["data"] == []  # two mails are too few
    office.now -= 15 * DAY
    asked(office, 3, "vem")
    office.now += 13 * DAY
    assert unused(office)["data"] == []  # and those of the last days too young
    office.now += 2 * DAY
    found = {"snippet": "vem", "data": "personnummer", "mails": 3, "why": "no_field", "field": ""}
    assert unused(office)["data"] == [found]
    assert f"snippet vem asked for a personal identity number in 3 mails; no field holds it\n{LOOK}" in people(office)
    assert "mallen vem frågade efter personnummer i 3 mejl; inget fält är till för det\n" in people(office, "sv")
    office.now += 170 * DAY
    assert unused(office)["data"] == []


def test_data_whose_field_is_never_set_afterwards(office):
    snippet(office, "vilken", "What is your order number?", "en")
    for number in (1, 2, 3):
        office.now += DAY
        asked(office, number, "vilken")
    office.now += 15 * DAY
    assert unused(office)["data"][0]["why"] == "never_set"
    line = "snippet vilken asked for an order number in 3 mails; order_number was set after none of them\n"
    assert line in people(office)
    assert "order_number sattes inte efter något av dem\n" in people(office, "sv")
    office.change(3, lambda one: one.set_field(Act("bo", office.now, "set"), "order_number", "123456"))
    assert unused(office)["data"] == []


def test_a_screenshot_is_a_file_that_comes(office):
    snippet(office, "bild", "Skicka gärna en skärmbild.")
    for number in (1, 2, 3):
        asked(office, number, "bild")
    office.now += 15 * DAY
    assert [one["why"] for one in unused(office)["data"]] == ["never_sent"]
    came = Message(
        key="m3",
        direction="in",
        kind="message",
        at=office.now,
        sender=Person("åsa@kund.example"),
        text="Här.",
        message_id="bild@kund.example",
        attachments=(Attachment(name="bild.png", type="image/png", size=3, sha256="0" * 64),),
    )
    office.change(2, lambda one: one.receive(Act("system", office.now, "fetch"), came))
    assert unused(office)["data"] == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Vad har du för ordernummer?", {"order"}),
        ("Skicka beställningsnumret och ditt telefonnummer.", {"order", "phone"}),
        ("Vi behöver veta:\n\n- Ange ditt kundnummer\n- Vilken leveransadress?", {"customer_number", "address"}),
        ("Please reply with your date of\nbirth and the serial number.", {"birth", "serial"}),
        ("Which number can we call? Please give a phone number.", {"phone"}),
        ("Skicka aldrig ditt personnummer till oss.", set()),
        ("Please never send us your personal identity number.", set()),
        ("Ditt ordernummer är {{ ticket.fields.order_number }}.", set()),
        ("Svara från den adress som du brukar skriva från.", set()),
        ("Skriv din e-postadress.", set()),
    ],
)
def test_what_a_text_asks_for(text, kinds):
    assert asks(text) == kinds


def test_which_field_holds_it():
    fields = ("e-mail_address", "epostadress", "Order-Number", "leveransadress", "ref")
    assert holding("order", fields) == ("Order-Number",)
    assert holding("address", fields) == ("leveransadress",)
    assert holding("phone", fields) == ()


def test_the_starter_asks_for_a_screenshot_and_warns_of_card_numbers(starter):
    for language in ("sv", "en"):
        text = (starter.folder / "snippets" / language / "mer-information.j2").read_text(encoding="utf-8")
        assert asks(text) == {"screenshot"}


def test_replies_that_people_send_count(office):
    for number in (1, 2, 3):
        office.make(number)
        office.say("reply", number, "--snippet", "mer-information")
    office.now += 15 * DAY
    assert "mallen mer-information frågade efter en skärmbild i 3 mejl; ingen fil kom efter" in people(office, "sv")


def test_a_snippet_that_cannot_be_read_is_named(office):
    (office.folder / "snippets" / "sv" / "losning.j2").write_bytes(b"\xff")
    assert "losning.j2:1: not UTF-8" in office.trouble("report", "people", code=2)
