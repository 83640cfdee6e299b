"""When a ticket shall come back, as people type it. It is Friday 2026-11-20, 10:00 in Stockholm; the desk is open
08:00–17:00 Monday to Friday and shut on Christmas Eve."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.domain.deadlines.calendar_words import WEEKDAYS
from ticketctl.domain.deadlines.date_words import moment, past_day
from ticketctl.domain.settings.settings import Hours
from ticketctl.errors import Usage

ZONE = ZoneInfo("Europe/Stockholm")
OPEN = Hours(
    timezone="Europe/Stockholm", week=dict.fromkeys(range(5), ((480, 1020),)), closed=frozenset({date(2026, 12, 24)})
)
ALWAYS = Hours(timezone="Europe/Stockholm")
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def local(text: str, now: datetime = FRIDAY, hours: Hours = OPEN) -> str:
    found = moment(text, now, hours)
    assert found.utcoffset() == UTC.utcoffset(None)
    return f"{found.astimezone(ZONE):%Y-%m-%d %H:%M}"


def refusal(text: str, now: datetime = FRIDAY, hours: Hours = OPEN) -> str:
    with pytest.raises(Usage) as refused:
        moment(text, now, hours)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5d", "2026-11-27 10:00"),
        ("5 dagar", "2026-11-27 10:00"),
        ("om 5 dagar", "2026-11-27 10:00"),
        ("in 5 days", "2026-11-27 10:00"),
        ("calendar 5d", "2026-11-25 10:00"),
        ("kalender 5 dagar", "2026-11-25 10:00"),
        ("8 timmar", "2026-11-23 09:00"),
        ("2w", "2026-12-04 10:00"),  # a Friday again, not fourteen opening days
        ("om två veckor", "2026-12-04 10:00"),
        ("in a week", "2026-11-27 10:00"),
        ("om fem veckor", "2026-12-25 10:00"),
        ("om tre dagar", "2026-11-25 10:00"),
        ("an hour", "2026-11-20 11:00"),
        ("2026-12-01", "2026-12-01 08:00"),
        ("2026-12-01 15:00", "2026-12-01 15:00"),
        ("2026-12-01 kl 15.30", "2026-12-01 15:30"),
        ("2026-12-05 15:00", "2026-12-05 15:00"),  # a Saturday: a time that is written is meant
        ("2026-12-05", "2026-12-07 08:00"),
        ("2026-12-24", "2026-12-25 08:00"),
        ("tomorrow", "2026-11-23 08:00"),  # Saturday is shut: Monday's opening
        ("i morgon", "2026-11-23 08:00"),
        ("i morgon 9", "2026-11-21 09:00"),
        ("i övermorgon kl 14", "2026-11-22 14:00"),
        ("today 15:00", "2026-11-20 15:00"),
        ("i dag 15", "2026-11-20 15:00"),
        ("15:00", "2026-11-20 15:00"),
        ("kl 15", "2026-11-20 15:00"),
        ("monday", "2026-11-23 08:00"),
        ("Måndag", "2026-11-23 08:00"),
        ("m\u0061\u030andag 9", "2026-11-23 09:00"),  # å written as a and a ring
        ("på tisdag", "2026-11-24 08:00"),
        ("on wed 15:00", "2026-11-25 15:00"),
        ("torsdag kl. 15", "2026-11-26 15:00"),
        ("  THURSDAY   at 15:00 ", "2026-11-26 15:00"),
        ("friday", "2026-11-27 08:00"),  # today's opening is over
        ("fredag 9", "2026-11-27 09:00"),
        ("next week", "2026-11-23 08:00"),
        ("nästa vecka", "2026-11-23 08:00"),
        ("13/12", "2026-12-14 08:00"),  # there is no thirteenth month
        ("3 december", "2026-12-03 08:00"),
        ("den 3 december", "2026-12-03 08:00"),
        ("3:e december kl 15", "2026-12-03 15:00"),
        ("the 3rd of December", "2026-12-03 08:00"),
        ("December 3rd at 3 pm", "2026-12-03 15:00"),
        ("31 dec", "2026-12-31 08:00"),
        ("Dec 31, 2027", "2027-12-31 08:00"),
        ("3 jan", "2027-01-04 08:00"),  # a Sunday
        ("torsdag 3 december", "2026-12-03 08:00"),
        ("den 3:e", "2026-12-03 08:00"),
        ("the 21st 12:00", "2026-11-21 12:00"),
        ("until friday", "2026-11-27 08:00"),
        ("senast 3 december", "2026-12-03 08:00"),
        ("fredag nästa vecka", "2026-11-27 08:00"),
        ("nästa veckas onsdag 13", "2026-11-25 13:00"),
        ("next week's Wednesday", "2026-11-25 08:00"),
        ("tuesday of next week", "2026-11-24 08:00"),
        ("vecka 50", "2026-12-07 08:00"),
        ("v.50", "2026-12-07 08:00"),
        ("week 2", "2027-01-11 08:00"),
        ("fredag vecka 50", "2026-12-11 08:00"),
        ("v50 onsdag 14:30", "2026-12-09 14:30"),
        ("slutet av vecka 50", "2026-12-11 08:00"),
        ("i början av nästa vecka", "2026-11-23 08:00"),
        ("mitten av nästa vecka", "2026-11-25 08:00"),
        ("i kväll", "2026-11-20 18:00"),
        ("tonight", "2026-11-20 18:00"),
        ("i morgon bitti", "2026-11-23 08:00"),
        ("monday afternoon", "2026-11-23 13:00"),
        ("måndag eftermiddag", "2026-11-23 13:00"),
        ("i eftermiddag", "2026-11-20 13:00"),
        ("end of day", "2026-11-20 17:00"),
        ("15:00 på måndag", "2026-11-23 15:00"),
        ("3 pm tomorrow", "2026-11-21 15:00"),
        ("om 3 arbetsdagar", "2026-11-25 10:00"),
        ("in three business days", "2026-11-25 10:00"),
        ("3 vardagar", "2026-11-25 10:00"),
        ("om 3 kalenderdagar", "2026-11-23 10:00"),
        ("2 dygn", "2026-11-22 10:00"),
        ("om 14 dagar", "2026-12-04 10:00"),
        ("a fortnight", "2026-12-04 10:00"),
        ("ett par dagar", "2026-11-24 10:00"),
        ("en halvtimme", "2026-11-20 10:30"),
        ("inom 2 timmar", "2026-11-20 12:00"),
        ("end of month", "2026-11-30 08:00"),
        ("slutet av månaden", "2026-11-30 08:00"),
        ("månadens slut", "2026-11-30 08:00"),
        ("end of next month", "2026-12-31 08:00"),
        ("nästa månad", "2026-12-01 08:00"),
        ("mitten av januari", "2027-01-15 08:00"),
        ("efter helgen", "2026-11-23 08:00"),
        ("måndag halv nio", "2026-11-23 08:30"),
        ("halv nio på måndag", "2026-11-23 08:30"),
        ("monday half past eight", "2026-11-23 08:30"),
        ("måndag kvart i ett", "2026-11-23 12:45"),
        ("halv ett", "2026-11-20 12:30"),
        ("på måndag klockan nio", "2026-11-23 09:00"),
        ("om ett halvår", "2027-05-20 10:00"),
        ("half a year", "2027-05-20 10:00"),
        ("ett kvartal", "2027-02-20 10:00"),
        ("om ett och ett halvt år", "2028-05-20 10:00"),
        ("slutet av kvartalet", "2026-12-31 08:00"),
        ("end of the quarter", "2026-12-31 08:00"),
        ("kvartalets slut", "2026-12-31 08:00"),
        ("nästa kvartal", "2027-01-01 08:00"),
        ("end of next quarter", "2027-03-31 08:00"),
        ("q2", "2027-04-01 08:00"),
        ("mitten av q1", "2027-02-15 08:00"),
        ("2026-12-01T15:00", "2026-12-01 15:00"),
        ("2026-12-01T15:00Z", "2026-12-01 16:00"),
        ("2026-W50-3", "2026-12-09 08:00"),
        ("Tue, 1 Dec 2026 15:00:00 +0200", "2026-12-01 14:00"),
        ("1.12.2026 15:00", "2026-12-01 15:00"),
        ("24.12.2026", "2026-12-25 08:00"),
    ],
)
def test_what_people_type(text: str, expected: str) -> None:
    assert local(text) == expected


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("friday 15:00", ["2026-11-20 15:00 (Friday)", "2026-11-27 15:00 (Friday)"]),
        ("fredag 15", ["2026-11-20 15:00", "2026-11-27 15:00"]),
        ("next saturday 12:00", ["2026-11-21 12:00 (Saturday)", "2026-11-28 12:00 (Saturday)"]),
        ("1/12", ["2026-12-01 (Tuesday)", "2027-01-12 (Tuesday)"]),
        ("monday 3", ["monday 03:00", "monday 15:00"]),
        ("15", ["15h", "15d", "15:00"]),
        ("måndag halv tre", ["måndag 02:30", "måndag 14:30"]),
        ("monday quarter past two", ["monday 02:15", "monday 14:15"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_choices(text: str, choices: list[str]) -> None:
    told = refusal(text)
    assert "can be read in two ways" in told
    assert [choice for choice in choices if choice not in told] == []


@pytest.mark.parametrize("text", ["next sunday 12:00", "friday 15:00", "monday 3", "15", "1/12", "måndag halv tre"])
def test_each_choice_that_is_offered_is_understood(text: str) -> None:
    offered = refusal(text).partition("write ")[2].replace(" or ", ", ").split(", ")
    for choice in offered:
        assert moment(choice.partition(" (")[0], FRIDAY, OPEN) > FRIDAY


def test_the_next_friday_is_clear_where_the_coming_one_is_in_next_week() -> None:
    assert refusal("nästa fredag", datetime(2026, 11, 18, 9, 0, tzinfo=UTC)).count("2026-") == 2
    assert local("nästa fredag") == "2026-11-27 08:00"
    assert local("next monday") == "2026-11-23 08:00"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("today 09:00", "tomorrow 09:00"),
        ("09:00", "it is 10:00 now"),
        ("today", "tomorrow"),
        ("2026-11-01", "today is 2026-11-20"),
        ("2026-11-01 15:00", "is in the past"),
        ("igår", "igår is in the past"),
        ("yesterday 15:00", "is in the past"),
        ("i förrgår", "is in the past"),
        ("i fredags", "is in the past"),
        ("last friday", "is in the past"),
        ("förra veckan", "is in the past"),
        ("2 days ago", "is in the past"),
        ("för två dagar sedan", "is in the past"),
        ("3 november", "is in the past"),
        ("tonight", "it is 19:00 now"),
        ("0h", "not in the future"),
    ],
)
def test_what_is_over_is_refused(text: str, told: str) -> None:
    now = FRIDAY.replace(hour=18) if text == "tonight" else FRIDAY
    assert told in refusal(text, now)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-01", "2026-02-30", "99:00", "friday 25:00", "friday 15:61", "next week 15", "31/31", "31/2",
     "calendar", "friday monday", "9" * 50, "0/1"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_examples(text: str) -> None:
    assert "friday 15:00" in refusal(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31 november", "November has 30 days"),
        ("2027-02-29", "February 2027 has 28 days"),
        ("den 32 december", "December has 31 days"),
        ("2026-13-01", "there is no month 13"),
        ("vecka 54", "2026 has 53 weeks"),
        ("friday 25:00", "no day has a time 25:00"),
        ("fredag 3 december", "2026-12-03 is a Thursday"),
    ],
)
def test_what_does_not_exist_is_told_with_its_reason(text: str, reason: str) -> None:
    assert reason in refusal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", "2026-11-01"),
        ("2026-11", "2026-11-01"),
        ("2025", "2025-01-01"),
        ("november", "2026-11-01"),
        ("december", "2025-12-01"),
        ("3 december", "2025-12-03"),
        ("igår", "2026-11-19"),
        ("monday", "2026-11-16"),
        ("i måndags", "2026-11-16"),
        ("friday", "2026-11-20"),
        ("förra veckan", "2026-11-09"),
        ("vecka 40", "2026-09-28"),
        ("5/11", "2026-11-05"),
    ],
)
def test_a_day_that_is_looked_back_to(text: str, expected: str) -> None:
    assert past_day(text, FRIDAY, OPEN) == date.fromisoformat(expected)


def test_a_bare_hour_is_of_the_24_hour_clock_on_a_desk_that_never_shuts() -> None:
    assert local("monday 3", hours=ALWAYS) == "2026-11-23 03:00"
    assert local("monday", hours=ALWAYS) == "2026-11-23 00:00"


def test_a_time_of_day_stays_itself_when_the_clock_changes() -> None:
    assert local("monday 15:00", datetime(2026, 10, 23, 9, 0, tzinfo=UTC)) == "2026-10-26 15:00"
    assert local("calendar 3d", datetime(2026, 10, 23, 9, 0, tzinfo=UTC)) == "2026-10-26 11:00"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.sampled_from(WEEKDAYS))
def test_both_languages_name_the_same_day_which_is_that_weekday_or_a_later_opening(
    now: datetime, names: tuple[str, ...]
) -> None:
    def answer(name: str) -> str:
        try:
            return moment(name, now, OPEN).isoformat()
        except Usage as refused:
            return str(refused).replace(repr(name), "")

    assert len({answer(name) for name in names}) == 1


@given(st.text(max_size=30))
def test_any_text_is_an_instant_ahead_or_a_refusal(text: str) -> None:
    with suppress(Usage):
        assert moment(text, FRIDAY, OPEN) > FRIDAY
