"""How long things are kept: what no rule may take, what the plan says, and rules that reach nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests import planted
from tests.cases.shop import ASA, Shop
from tests.cases.test_retention import aged
from ticketctl.domain.privacy.retention import Kept, plan, undated
from ticketctl.domain.settings.settings import Duration, RetentionRule
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act, Ticket

RULES = """\
labels: [test]
fields: {category: {values: [faktura, support]}}
privacy:
  retention:
    - {when: {category: faktura, closed_for: 84 months}, then: anonymise}
    - {when: {category: support, closed_for: 12 months}, then: delete}
    - {when: {label: test}, after: 30 days, then: delete}
"""
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def shop(open_shop: Any) -> Shop:
    return open_shop(RULES).at("2024-01-08T09:00+01:00")


def closed(shop: Shop, number: int, category: str) -> None:
    shop.mail(ASA, f"Ärende {number}", "Hej")
    shop.run("set", number, f"category={category}")
    shop.run("close", number)


def purged(shop: Shop) -> str:
    return shop.cron("purge", "--clock-is-right")


def test_each_category_has_its_own_time(shop: Shop) -> None:
    closed(shop, 1, "faktura")
    closed(shop, 2, "support")
    shop.at("2025-02-01T09:00+01:00")
    assert "#2 deleted: category support and closed for 12 months" in purged(shop)
    assert shop.get(1).subject == "Ärende 1"
    shop.at("2031-02-01T09:00+01:00")
    assert "#1 anonymised: category faktura and closed for 84 months" in purged(shop)


def test_a_category_that_is_not_declared_is_a_mistake(open_shop: Any) -> None:
    rules = RULES.replace("category: support, closed", "category: suport, closed")
    assert "suport" in open_shop(rules).at("2026-01-08T09:00+01:00").run("rules", "check", code=2).output


def test_a_hold_set_after_the_plan_is_respected(shop: Shop) -> None:
    closed(shop, 1, "support")
    shop.at("2025-02-01T09:00+01:00")
    assert "#1" in shop.cron("purge", "--plan")
    shop.run("hold", 1, "--reason", "tvist")
    assert purged(shop) == "There is nothing to delete.\n"
    assert "legal hold: tvist" in shop.cron("purge", "--plan")
    shop.run("hold", 1, "--lift")
    assert "#1 deleted" in purged(shop)


def test_a_hold_goes_along_with_what_is_merged_moved_and_split(shop: Shop) -> None:
    for number in range(1, 4):
        shop.mail(ASA, f"Ärende {number}", "Hej", message_id=f"a{number}@kund.example")
    shop.mail(ASA, "Sv: Ärende 1", "Mer", "a1@kund.example")
    shop.mail(ASA, "Sv: Ärende 1", "Ännu mer", "a1@kund.example")
    shop.run("hold", 1, "--reason", "tvist")
    shop.run("move", 1, "m2", 2)
    shop.run("split", 1, "m3")
    shop.run("merge", 1, "--into", 3)
    assert [shop.get(number).legal_hold for number in (1, 2, 3, 4)] == ["tvist"] * 4


def test_a_hold_needs_a_reason(shop: Shop) -> None:
    closed(shop, 1, "support")
    assert "give a reason for the hold" in shop.trouble("hold", 1, code=5)
    assert "Legal hold" not in shop.say("show", 1)


def test_the_plan_says_what_why_and_when(shop: Shop) -> None:
    closed(shop, 1, "support")
    shop.at("2024-12-20T09:00+01:00")
    (line,) = [one for one in shop.cron("purge", "--plan").splitlines() if one.startswith("#1")]
    assert line.split(maxsplit=3) == ["#1", "delete", "2025-01-08", "category support and closed for 12 months"]
    told = json.loads(shop.cron("purge", "--plan", "--json"))
    assert told["coming"] == [
        {"ticket": 1, "then": "delete", "why": "category support and closed for 12 months",
         "due": "2025-01-08T08:00:00+00:00"}
    ]  # fmt: skip
    assert shop.get(1).number == 1


def test_no_date_and_a_future_date_are_never_taken_and_all_listed(shop: Shop) -> None:
    for number in range(1, 5):
        closed(shop, number, "support")
    future = shop.now + timedelta(days=4000)
    shop.change(1, lambda ticket: msgspec.structs.replace(ticket, closed_at=None))
    shop.change(2, lambda ticket: msgspec.structs.replace(ticket, closed_at=future))
    shop.change(3, lambda ticket: msgspec.structs.replace(ticket, opened_at=future))
    shop.at("2030-01-01T09:00+01:00")
    told = shop.cron("purge", "--plan")
    assert "#4        delete  now" in told
    for number, why in ((1, "the date of closing is missing"), (2, "in the future"), (3, "in the future")):
        assert any(line.startswith(f"#{number} ") and why in line for line in told.splitlines()), told
    assert "#4 deleted" in purged(shop)
    assert [shop.get(number).number for number in (1, 2, 3)] == [1, 2, 3]
    assert "3 that no rule ever takes" in shop.run("doctor", "--offline", user="alice").output


MOMENTS = ("2026-03-29T02:30", "2026-03-28T02:30", "2026-03-30T02:30", "2026-10-25T02:30", "2026-10-24T02:30",
           "2026-10-26T02:30")  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_age_ends_on_the_minute_on_both_days_of_the_change_of_clocks(moment: str) -> None:
    over = datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM)
    at = (over - timedelta(days=30)).replace(tzinfo=STOCKHOLM)
    act = Act("alice", at.astimezone(ZoneInfo("UTC")))
    ticket = Ticket(number=1, subject="x", requester=Person("a@x.example"), opened_at=act.at).close(act)
    rule = RetentionRule(then="delete", age=Duration(days=30, calendar=True), status="closed")
    asked = ([ticket], [rule], "Europe/Stockholm")
    end = over.astimezone(ZoneInfo("UTC"))
    assert plan(*asked, end - timedelta(hours=2), Kept()) == []
    assert [one.number for one in plan(*asked, end + timedelta(hours=2), Kept())] == [1]
    assert undated(asked[0], asked[1], end) == []


def test_a_label_without_a_date_counts_from_the_close_and_on_an_open_ticket_never(shop: Shop) -> None:
    for number in (1, 2):
        shop.mail(ASA, f"Ärende {number}", "Hej")
        shop.change(number, lambda ticket: msgspec.structs.replace(ticket, labels=("test",)))
    shop.at("2024-03-08T09:00+01:00").run("close", 1)
    assert "#1" not in purged(shop)
    shop.at("2024-04-08T09:00+02:00")
    assert "#1 deleted" in purged(shop) and shop.get(2).labels == ("test",)


def test_rules_that_reach_nothing_for_a_month_are_a_warning(open_shop: Any) -> None:
    rules = "labels: [test]\nprivacy: {retention: [{when: {label: test}, after: 30 days, then: delete}]}\n"
    shop = open_shop(rules).at("2024-01-08T09:00+01:00")
    shop.mail(ASA, "Ett", "Hej")
    shop.run("close", 1)
    purged(shop)
    assert "nothing was over" not in shop.run("doctor", "--offline").output
    shop.at("2024-03-08T09:00+01:00")
    purged(shop)
    assert (
        "nothing was over since 2024-01-08, though 1 were closed longer ago" in shop.run("doctor", "--offline").output
    )


def test_an_archived_copy_of_a_ticket_that_came_back_goes_too(open_shop: Any) -> None:
    """Archived, reopened by a late answer, and anonymised by a rule for open tickets: the archive still had it."""
    rules = (
        "labels: [test]\nprivacy: {retention: [{when: {label: test, open: true}, after: 30 days, then: anonymise}]}\n"
    )
    shop = open_shop(rules).at("2026-01-08T09:00+01:00")
    shop.mail("Kanariefagel Ek <k@hemlig.example>", "Ett", "Kanariefagel", message_id="a@k.example")
    shop.run("label", 1, "+test")
    shop.run("close", 1)
    shop.at("2026-02-20T09:00+01:00").cron("escalate", "-q", "--clock-is-right")
    shop.run("reopen", 1)
    archived = list((shop.folder / "data" / "archive").glob("*.json"))
    assert any(b"Kanariefagel" in path.read_bytes() for path in archived)
    purged(shop)
    files = [path for path in (shop.folder / "data").rglob("*") if path.is_file() and "blobs" not in path.parts]
    assert [path.name for path in files if b"Kanariefagel" in path.read_bytes()] == []


def test_exports_and_notes_go_when_their_time_is_over(shop: Shop) -> None:
    closed(shop, 1, "support")
    shop.run("person", "note", "asa@kund.example", "faktura kvartalsvis")
    shop.run("person", "export", "asa@kund.example")
    (made,) = (shop.folder / "data" / "exports").iterdir()
    shop.at("2024-02-01T09:00+01:00")
    purged(shop)
    assert made.exists()
    shop.at("2024-02-09T09:00+01:00")
    purged(shop)
    assert not made.exists() and shop.store.facts("person ") != {}
    aged(shop, "2024-02-09T09:00+01:00")
    shop.at("2025-02-01T09:00+01:00")
    assert "#1 deleted" in purged(shop)
    assert shop.store.facts("person ") == {}
    assert planted.hits(shop.folder / "data", ["asa@kund.example", "faktura kvartalsvis"]) == []
