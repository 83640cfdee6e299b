"""What is over, and what is left of an anonymised ticket."""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.domain.histories import CUSTOMER, OFFICE, at, story
from ticketctl.domain.privacy.retention import (
    NIGHT,
    Kept,
    anonymised,
    blobs_of,
    is_anonymous,
    larger_than_expected,
    next_plan,
    plan,
    raw_expired,
    without_raw,
)
from ticketctl.domain.reports.figures import figures
from ticketctl.domain.reports.periods import month
from ticketctl.domain.settings.settings import Duration, RetentionRule
from ticketctl.domain.ticket.message import Attachment, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

OLD = RetentionRule(then="anonymise", age=Duration(months=24), status="closed")
SPAM = RetentionRule(then="delete", age=Duration(days=30), label="spam")
VIP = RetentionRule(then="delete", age=Duration(days=10), label="vip")
ZONE = "Europe/Stockholm"
KEPT = Kept(frozenset({"area"}), frozenset({"vip"}), frozenset({"betalning"}))
ACT = Act("system", at("2028-12-01 03:30"), "retention")


def over(ticket: Ticket, now: str, *rules: RetentionRule) -> list[str]:
    return [purge.then for purge in plan([ticket], rules or (OLD, SPAM), ZONE, at(now), KEPT)]


def rich() -> Ticket:
    told = story("2026-11-16 09:00").customer("2026-11-16 09:30", text="Ring mig på 070-123 45 67, hälsningar Åsa")
    told.answer("2026-11-16 10:00").note("2026-11-16 10:05")
    told.do("2026-11-16 10:06", "add_participants", [Person("göran@kund.example", "Göran")])
    told.do("2026-11-16 10:07", "set_field", "order_number", "123456")
    told.do("2026-11-16 10:07", "set_field", "area", "app").do("2026-11-16 10:08", "rename", "Åsas faktura")
    told.do("2026-11-16 10:09", "assign", "alice", why="åsa@kund.example")
    told.wait("2026-11-16 11:00").customer("2026-11-17 09:00")
    told.close("2026-11-17 10:00", cause="betalning", lesson="Åsa Öberg vill ha pappersfaktura")
    first, *rest = told.ticket.messages
    files = (Attachment(name="Åsas pass.pdf", type="application/pdf", size=3, sha256="f" * 64),)
    first = msgspec.structs.replace(
        first,
        attachments=files,
        raw="e" * 64,
        subject="Åsas faktura",
        message_id="1@kund.example",
        content="hash",
        references=("0@kund.example",),
        whole="Hej! > Åsa",
        to=(CUSTOMER,),
        cc=(CUSTOMER,),
        why="från åsa@kund.example",
    )
    return msgspec.structs.replace(told.ticket, messages=(first, *rest))


@pytest.mark.parametrize(
    ("now", "then"),
    [("2028-11-17 09:59", []), ("2028-11-17 10:00", ["anonymise"]), ("2030-01-01 00:00", ["anonymise"])],
)
def test_a_closed_ticket_is_over_24_months_after_its_close(now: str, then: list[str]) -> None:
    assert over(rich(), now) == then


def test_an_open_ticket_is_never_over_by_its_age_alone() -> None:
    assert over(story("2020-11-16 09:00").ticket, "2028-11-16 09:00") == []
    assert (
        over(
            story("2020-11-16 09:00").close("2020-11-17 09:00").customer("2020-11-18 09:00").ticket, "2028-11-16 09:00"
        )
        == []
    )


def test_spam_is_deleted_after_30_days_and_deleting_comes_before_anonymising() -> None:
    spam = story("2026-11-16 09:00").do("2026-11-16 10:00", "mark_spam").ticket
    assert over(spam, "2026-12-16 09:59") == []
    assert over(spam, "2026-12-16 10:00") == ["delete"]
    assert over(spam, "2029-12-16 09:00") == ["delete"]
    assert over(spam, "2026-12-16 10:00", VIP) == []


def test_a_clock_change_does_not_shift_the_hour() -> None:
    spam = story("2026-03-01 09:00").do("2026-03-01 10:00", "mark_spam").ticket
    assert over(spam, "2026-03-31 09:59") == []
    assert over(spam, "2026-03-31 10:00") == ["delete"]


def test_a_label_counts_from_when_it_was_set_the_last_time() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 10:00", "label", "vip", "drift")
    told.do("2026-11-17 10:00", "unlabel", "vip").do("2026-11-20 10:00", "label", "vip").close("2026-11-21 10:00")
    assert over(told.ticket, "2026-11-30 09:59", VIP) == []
    assert over(told.ticket, "2026-11-30 10:00", VIP) == ["delete"]
    assert not over(story("2026-11-16 09:00").close("2026-11-17 09:00").ticket, "2026-11-30 10:00", VIP)


def test_a_label_takes_no_open_ticket_unless_its_rule_says_so() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 10:00", "label", "vip")
    also_open = msgspec.structs.replace(VIP, open=True)
    assert over(told.ticket, "2027-11-26 10:00", VIP) == []
    assert over(told.ticket, "2026-11-26 10:00", also_open) == ["delete"]
    told.close("2027-11-26 09:00").customer("2027-11-27 08:00")  # reopened
    assert over(told.ticket, "2027-12-26 10:00", VIP) == []


def test_a_label_with_an_age_since_the_close_counts_from_the_later_of_both() -> None:
    both = RetentionRule(then="delete", age=Duration(months=24), label="vip", status="closed")
    ticket = story("2024-11-16 09:00").close("2024-11-17 09:00").do("2026-11-20 09:00", "label", "vip").ticket
    assert over(ticket, "2026-11-21 03:30", both) == []
    assert over(ticket, "2028-11-20 09:00", both) == ["delete"]


def test_what_a_label_takes_was_told_the_day_before() -> None:
    """Also where it had the label long before it was closed."""
    ticket = story("2026-11-16 09:00").do("2026-11-16 10:00", "label", "vip").close("2026-12-24 12:00").ticket
    assert over(ticket, "2026-12-25 03:30", VIP) == []
    assert [one.then for one in next_plan([ticket], (VIP,), ZONE, at("2026-12-25 03:30"), NIGHT, KEPT)] == ["delete"]
    assert over(ticket, "2026-12-26 03:30", VIP) == ["delete"]
    assert next_plan([ticket], (VIP,), ZONE, at("2026-12-26 03:30"), NIGHT, KEPT) == []


def test_words_that_rules_yaml_does_not_list_are_no_figures() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 10:00", "label", "vip", "kund-Åsa")
    told.do("2026-11-16 11:00", "unlabel", "kund-Åsa").do("2026-11-16 12:00", "label", "åsas")
    told.close("2026-11-17 10:00", cause="Åsa klagade").do("2026-11-17 11:00", "explain", cause="betalning")
    blank = anonymised(told.ticket, ACT, KEPT)
    assert (blank.labels, blank.cause) == (("vip",), "betalning")
    assert "åsa" not in msgspec.json.encode(blank).decode().lower()
    assert [(one.before, one.after) for one in blank.events if one.what in ("labelled", "unlabelled", "cause")] == [
        ("", "vip"), ("", ""), ("", ""), ("", ""), ("", "betalning"),
    ]  # fmt: skip


def test_what_an_earlier_version_left_on_an_anonymised_ticket_goes_once() -> None:
    blank = anonymised(rich(), ACT, KEPT)
    left = msgspec.structs.replace(blank, cause="Åsa klagade", labels=("kund-Åsa",))
    assert over(left, "2030-01-01 00:00") == ["anonymise"]
    assert over(anonymised(left, ACT, KEPT), "2030-01-01 00:00") == []


def test_an_anonymised_ticket_is_done_with_unless_somebody_writes_again() -> None:
    blank = anonymised(rich(), ACT, KEPT)
    assert is_anonymous(blank) and over(blank, "2030-01-01 00:00") == []


def test_nothing_of_a_person_is_left() -> None:
    blank = anonymised(rich(), ACT, KEPT)
    text = msgspec.json.encode(blank).decode()
    traces = ("åsa", "Åsa", "Öberg", "kund.example", "göran", "Göran", "070", "123456", "pass.pdf", "f" * 64, "e" * 64)
    for trace in (*traces, "pappersfaktura", "Hej"):
        assert trace not in text, trace
    assert blobs_of(rich()) == {"f" * 64, "e" * 64} and blobs_of(blank) == set()


def test_what_reports_need_is_left() -> None:
    blank = anonymised(rich(), ACT, KEPT)
    assert (blank.cause, blank.fields, blank.assignee, blank.closed_at) == (
        "betalning",
        {"area": "app"},
        "alice",
        at("2026-11-17 10:00"),
    )
    assert blank.messages[0].content == "hash"  # by which the same mail is known again
    window = month("2026-11", ZoneInfo(ZONE))
    before, after = (
        figures([ticket], window, hours=OFFICE, targets={}, now=at("2028-12-01 00:00")) for ticket in (rich(), blank)
    )
    assert before == after and before.waiting.calendar.n == 1


def test_original_mail_goes_and_its_text_stays() -> None:
    ticket = rich()
    assert raw_expired(ticket, Duration(days=90), ZONE, at("2027-02-14 08:59")) == []
    keys = raw_expired(ticket, Duration(days=90), ZONE, at("2027-02-14 09:00"))
    assert keys == ["m1"]
    after = without_raw(ticket, ACT, keys)
    assert after.messages[0].raw == "" and after.messages[0].text == ticket.messages[0].text
    assert raw_expired(after, Duration(days=90), ZONE, at("2028-02-14 09:00")) == []


@pytest.mark.parametrize(
    ("count", "of", "much"), [(20, 20, False), (21, 21, True), (21, 419, True), (21, 420, False), (1000, 30_000, False)]
)
def test_a_large_purge_is_more_than_20_and_more_than_a_twentieth(count: int, of: int, much: bool) -> None:
    assert larger_than_expected(count, of) is much
