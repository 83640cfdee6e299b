"""`list --csv` and `export --csv`: sheets of one's own."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(office):
    """Friday 2026-11-20: #1 came at 09:00, was answered at 11:30 and closed at 13:00; #2 came at 08:00. Archived #3 is
    of September; it was never answered."""
    office.make(1, age=HOUR, subject="=1+1", labels=("vip", "drift"), fields={"area": "butik"})
    reply = Message(
        key="m2", direction="out", kind="message", at=office.now + 1.5 * HOUR, sender=Person("s@exempel.example"),
        author="alice", delivery="sent", delivered_at=office.now + 1.5 * HOUR,
    )  # fmt: skip
    office.change(1, lambda ticket: ticket.write(Act("alice", reply.at), reply))
    office.change(1, lambda ticket: ticket.close(Act("alice", office.now + 3 * HOUR), cause="leverans"))
    office.make(2, age=2 * HOUR)
    office.make(3, age=60 * 24 * HOUR)
    office.change(3, lambda ticket: ticket.close(Act("alice", office.now - 59 * 24 * HOUR)))
    office.store.archive(office.now - 30 * 24 * HOUR)
    office.now += 4 * HOUR
    return office


def rows(printed: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(printed.splitlines(), delimiter=delimiter))


def test_an_export_has_a_row_a_ticket_with_its_times(desk):
    one, two, three = rows(desk.say("export", "--csv=plain"))
    assert [row["number"] for row in (one, two, three)] == ["1", "2", "3"]
    assert (one["began_at"], one["closed_at"]) == ("2026-11-20 09:00", "2026-11-20 13:00")
    assert (one["first_response_minutes"], one["resolution_business_minutes"]) == ("150.0", "240.0")
    assert (one["replies"], one["labels"], one["area"], one["cause"]) == ("1", "vip, drift", "butik", "leverans")
    assert one["subject"] == "'=1+1", "no formula"
    assert (two["first_response_minutes"], two["resolution_minutes"], three["replies"]) == ("", "", "0")


def test_an_export_of_days_has_what_began_on_them(desk):
    asked = desk.say("export", "--csv=plain", "--from", "2026-11-20", "--to", "2026-11-20")
    assert [row["number"] for row in rows(asked)] == ["1", "2"]
    assert [row["number"] for row in rows(desk.say("export", "--csv=plain", "--from", "2026-09-01"))] == ["1", "2", "3"]
    assert desk.say("export", "--from", "2026-11-21") == ""
    assert desk.run("export", "--to", "2026-11-20", code=2).output
    assert "comes before" in desk.run("export", "--csv", "--from", "2026-11-20", "--to", "2026-11-19", code=2).output


def test_a_swedish_spreadsheet_opens_it(desk):
    printed = desk.say("export", "--csv")
    assert printed.startswith("\ufeff")
    assert rows(printed.lstrip("\ufeff"), ";")[0]["resolution_minutes"] == "240,0"


def test_a_list_as_a_sheet_has_the_tickets_of_the_list(desk):
    (row,) = rows(desk.say("list", "--csv=plain"))
    assert (row["number"], row["status"], row["overdue"]) == ("2", "new", "1")
    assert row["due_at"] == "2026-11-20 12:00", "8 o'clock and four hours"
    assert [row["number"] for row in rows(desk.say("list", "--all", "--csv=plain", "--limit", "2"))] == ["2", "1"]
    assert [row["number"] for row in rows(desk.say("search", "beställning", "--csv=plain", "--limit", "1"))] == ["2"]
    for verb in (["list"], ["search", "ärende"]):
        assert "give one of --json and --csv" in desk.trouble(*verb, "--csv", "--json", code=2)
