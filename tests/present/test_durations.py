from datetime import timedelta

import pytest

from ticketctl.content.report import business_time, calendar_time


@pytest.mark.parametrize(
    ("minutes", "calendar", "business"),
    [
        (0, "0 min", "0 min"),
        (0.4, "0 min", "0 min"),
        (59, "59 min", "59 min"),
        (59.6, "1 h", "1 h"),
        (60, "1 h", "1 h"),
        (150, "2 h 30 min", "2 h 30 min"),
        (24 * 60 + 31, "25 h", "25 h"),
        (48 * 60 - 1, "48 h", "48 h"),
        (48 * 60, "2 d", "48 h"),
        (76 * 60 + 20, "3 d 4 h", "76 h"),
        (71 * 60 + 59, "3 d", "72 h"),
        (45 * 24 * 60 + 700, "45 d", "1092 h"),
    ],
)
def test_a_duration_in_words(minutes: float, calendar: str, business: str) -> None:
    assert calendar_time(timedelta(minutes=minutes)) == calendar
    assert business_time(timedelta(minutes=minutes)) == business


def test_no_duration_is_a_dash() -> None:
    assert calendar_time(None) == business_time(None) == "–"
