"""What a customer is told about the desk: by when they have an answer, when it opens, which holidays are near."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ticketctl.content import day_words
from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.deadlines.reply_forecast import answer_due, outlook
from ticketctl.domain.settings.settings import Duration, Hours, Target
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOURS = Hours(
    timezone="Europe/Stockholm",
    week=dict.fromkeys(range(5), ((480, 1020),)),
    closed=frozenset(
        map(date.fromisoformat, ("2026-05-14", "2026-06-19", "2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"))
    ),
)
TARGETS = {"high": Target(first_response=Duration(minutes=60)), "medium": Target(first_response=Duration(minutes=240))}


def instant(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def ticket(came: str, **fields: object) -> Ticket:
    anna = Person("anna@kund.example")
    message = Message(key="m1", direction="in", kind="message", at=instant(came), sender=anna, text="Hej!")
    one = Ticket(number=1, subject="x", requester=anna, opened_at=instant(came), **fields)
    return one.receive(Act("system", instant(came)), message)


@pytest.mark.parametrize(
    ("came", "swedish", "english"),
    [
        ("2026-11-20 09:00", "senast i dag kl. 13:00", "by 13:00 today"),
        ("2026-11-20 09:07", "senast i dag kl. 13:30", "by 13:30 today"),
        ("2026-11-20 13:00", "senast i dag kl. 17:00", "by 17:00 today"),
        ("2026-11-20 16:59", "senast måndag 23 november kl. 12:00", "by 12:00 on Monday 23 November"),
        ("2026-11-21 11:00", "senast måndag 23 november kl. 12:00", "by 12:00 on Monday 23 November"),
        ("2026-11-22 23:59", "senast i morgon, måndag, kl. 12:00", "by 12:00 tomorrow, Monday"),
        ("2026-06-18 16:00", "senast måndag 22 juni kl. 11:00", "by 11:00 on Monday 22 June"),
        ("2026-06-19 10:00", "senast måndag 22 juni kl. 12:00", "by 12:00 on Monday 22 June"),
        ("2026-12-24 15:00", "senast måndag 28 december kl. 12:00", "by 12:00 on Monday 28 December"),
        ("2026-03-27 16:00", "senast måndag 30 mars kl. 11:00", "by 11:00 on Monday 30 March"),  # clocks go forward
        ("2026-03-29 02:30", "senast i morgon, måndag, kl. 12:00", "by 12:00 tomorrow, Monday"),  # a time that is not
        ("2026-10-25 02:30", "senast i morgon, måndag, kl. 12:00", "by 12:00 tomorrow, Monday"),  # one that is twice
    ],
)
def test_by_when_an_answer_is_there(came: str, swedish: str, english: str) -> None:
    now = instant(came)
    due = answer_due(ticket(came), TARGETS, HOURS, now)
    assert due is not None
    assert day_words.by(due, now, STOCKHOLM, "sv") == swedish
    assert day_words.by(due, now, STOCKHOLM, "en") == english


def test_a_promise_is_never_earlier_than_ours_nor_past_closing() -> None:
    hours = Hours(timezone="Europe/Stockholm", week=dict.fromkeys(range(5), ((480, 1005),)))  # until 16:45
    came = "2026-11-20 12:40"
    assert answer_due(ticket(came), TARGETS, hours, instant(came)) == instant("2026-11-20 16:40")
    for minute in range(0, 60, 7):
        came = f"2026-11-20 09:{minute:02}"
        told = answer_due(ticket(came), TARGETS, HOURS, instant(came))
        assert told and 240 <= between(instant(came), told, HOURS).total_seconds() / 60 < 270


def test_nothing_is_promised_that_is_broken_kept_or_not_ours_to_promise() -> None:
    came = "2026-11-20 09:00"
    assert answer_due(ticket(came), {}, HOURS, instant(came)) is None
    assert answer_due(ticket(came, priority="low"), TARGETS, HOURS, instant(came)) is None
    assert answer_due(ticket(came), TARGETS, HOURS, instant("2026-11-20 13:01")) is None
    assert answer_due(ticket(came, spam=True), TARGETS, HOURS, instant(came)) is None


@pytest.mark.parametrize(
    ("now", "opens", "closed_from", "back"),
    [
        ("2026-11-20 16:59", None, None, None),
        ("2026-11-20 17:00", "2026-11-23 08:00", None, None),  # a weekend is nothing to tell of
        ("2026-05-13 12:00", None, None, None),  # nor is one day
        ("2026-06-16 12:00", None, None, None),
        ("2026-06-17 12:00", None, "2026-06-19", "2026-06-22 08:00"),
        ("2026-06-18 18:00", "2026-06-22 08:00", None, "2026-06-22 08:00"),  # `opens_at` tells already
        ("2026-06-19 12:00", "2026-06-22 08:00", None, "2026-06-22 08:00"),
        ("2026-12-22 18:00", "2026-12-23 08:00", "2026-12-24", "2026-12-28 08:00"),
        ("2026-12-23 12:00", None, "2026-12-24", "2026-12-28 08:00"),
        ("2026-12-24 12:00", "2026-12-28 08:00", None, "2026-12-28 08:00"),
        ("2026-12-29 12:00", None, "2026-12-31", "2027-01-04 08:00"),
    ],
)
def test_when_it_opens_and_which_holidays_are_near(
    now: str, opens: str | None, closed_from: str | None, back: str | None
) -> None:
    found = outlook(instant(now), HOURS)
    assert found.open_now is (opens is None)
    assert found.opens_at == (instant(opens) if opens else None)
    assert found.closed_from == (date.fromisoformat(closed_from) if closed_from else None)
    assert found.back_at == (instant(back) if back else None)


def test_holidays_before_the_answer_are_told_of_however_far_they_are() -> None:
    now = instant("2026-12-18 12:00")
    assert outlook(now, HOURS).closed_from is None
    assert outlook(now, HOURS, instant("2026-12-29 12:00")).closed_from == date(2026, 12, 24)


def test_two_days_in_the_middle_of_a_week_are_no_holidays() -> None:
    shut = frozenset({date(2026, 11, 25), date(2026, 11, 26)})
    hours = Hours(timezone=HOURS.timezone, week=HOURS.week, closed=shut)
    assert outlook(instant("2026-11-24 12:00"), hours) == outlook(instant("2026-11-24 12:00"), Hours())
    assert outlook(instant("2026-11-25 12:00"), hours).opens_at == instant("2026-11-27 08:00")


def test_a_desk_without_hours_is_always_open_and_one_that_never_opens_again_ends_the_search() -> None:
    assert outlook(instant("2026-12-24 03:00"), Hours()).open_now
    monday = Hours(timezone="Europe/Stockholm", week={0: ((480, 1020),)})
    assert outlook(instant("2026-11-24 12:00"), monday).opens_at == instant("2026-11-30 08:00")
    assert outlook(instant("2026-11-24 12:00"), monday).closed_from is None  # six days each week are no holidays


@pytest.mark.parametrize(
    ("moment", "swedish", "english"),
    [
        ("2026-11-20 08:00", "i dag kl. 08:00", "today at 08:00"),
        ("2026-11-21 08:00", "i morgon, lördag, kl. 08:00", "tomorrow, Saturday, at 08:00"),
        ("2027-01-07 08:00", "torsdag 7 januari kl. 08:00", "on Thursday 7 January at 08:00"),
    ],
)
def test_a_time_in_words(moment: str, swedish: str, english: str) -> None:
    now = instant("2026-11-20 07:00")
    assert day_words.at(instant(moment), now, STOCKHOLM, "sv") == swedish
    assert day_words.at(instant(moment), now, STOCKHOLM, "en") == english
