"""`report product`: what the product costs, by area and cause, and nothing that tells of a person."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXT = "Hej!\n\nJag är Åsa Öberg, ring 070-123 45 67. Paketet | har <b>inte</b> kommit fram.\n\nMvh\nÅsa"


def closed(office, number, *, area, cause, replies=1, lesson="", customer=0):
    """Asked on a Wednesday at nine, answered so often, an hour between, and closed at once."""
    office.make(
        number, text=TEXT, fields={"area": area}, requester=Person(f"k{customer or number}@kund.example", "Åsa Öberg")
    )
    for count in range(replies):
        at = office.now + (count + 1) * HOUR
        reply = Message(
            key=f"m{count + 2}",
            direction="out",
            kind="message",
            at=at,
            sender=Person("support@exempel.example"),
            author="alice",
            delivery="sent",
            delivered_at=at,
            text="Den är på väg.",
        )
        office.change(number, lambda one, at=at, reply=reply: one.write(Act("alice", at), reply))
    act = Act("alice", office.now + (replies + 1) * HOUR)
    office.change(number, lambda one: one.close(act, cause=cause, lesson=lesson))


@pytest.fixture
def desk(office):
    """Six of butik: leverans (three replies each), five of app: faktura by one customer, two of others."""
    for number in range(1, 7):
        closed(office, number, area="butik", cause="leverans", replies=3, lesson="Skriv leveranstid")
    for number in range(7, 12):
        closed(office, number, area="app", cause="faktura", customer=7)
    closed(office, 12, area="app", cause="leverans", lesson="Ny text | i appen")
    closed(office, 13, area="butik", cause="")
    office.now += 60 * DAY
    return office


def asked(desk, *options):
    return json.loads(desk.say("report", "product", "--json", *options))


def test_rows_by_area_and_cause(desk):
    found = asked(desk, "--month", "2026-11")
    rows = found["rows"]
    assert [(row["area"], row["cause"], row["count"], row["other"]) for row in rows] == [
        ("butik", "leverans", 6, False),
        ("app", "faktura", 5, False),
        ("", "", 2, True),
    ]
    assert (found["count"], found["before"]) == (13, 0)
    assert rows[0]["touches_share"] == pytest.approx(18 / 25)  # 6 × 3 of 18 + 5 + 2 replies
    assert sum(row["business_share"] for row in rows) == pytest.approx(1)
    assert rows[0]["lessons"] == {"Skriv leveranstid": 6}
    assert {row["says"] for row in rows} == {"too few"}
    assert asked(desk)["window"]["name"] == "2026-Q4" or asked(desk)["window"]["name"].startswith("2026")


def test_quotes_are_of_two_customers_at_least_and_tell_of_nobody(desk):
    rows = asked(desk, "--month", "2026-11")["rows"]
    assert len(rows[0]["quotes"]) == 3
    assert rows[1]["quotes"] == [] and rows[2]["quotes"] == []  # of one customer alone; of too few
    for told in (desk.say("report", "product", "--month", "2026-11"), json.dumps(rows, ensure_ascii=False)):
        assert "Paketet" in told
        assert not re.search(r"Åsa|Öberg|123|kund\.example", told)


def test_markdown_and_page_say_the_same_and_no_more(desk, tmp_path):
    told = desk.say("report", "product", "--month", "2026-11")
    assert "| område | orsak | antal |" in told or "| area | cause | count |" in told
    assert "\\<b\\>inte" in told and "<b>" not in told
    assert "Ny text \\| i appen (1)" in told
    page = tmp_path / "produkten.html"
    desk.say("report", "product", "--month", "2026-11", "--html", page)
    text = page.read_text("utf-8")
    assert "&lt;b&gt;inte" in text and "<b>" not in text and "Vad produkten kostar oss" in text
    assert "/dev/full" in desk.trouble("report", "product", "--html", "/dev/full", code=10)


def test_what_does_not_go_together_is_refused(desk):
    for option in (["--csv"], ["--by", "owner"], ["--email"], ["--explain", "arrivals"]):
        assert "report product" in desk.trouble("report", "product", *option, code=2)


def test_a_desk_without_closed_tickets(office):
    assert "No tickets were closed." in office.say("--language", "en", "report", "product")
