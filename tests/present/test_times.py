"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ticketctl.content.times import age, ahead, local, span, zone

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=-5), "0m"),
        (timedelta(seconds=59), "0m"),
        (timedelta(minutes=59), "59m"),
        (timedelta(minutes=60), "1h"),
        (timedelta(hours=47, minutes=59), "47h"),
        (timedelta(hours=48), "2d"),
        (timedelta(days=59), "59d"),
        (timedelta(days=60), "8w"),
        (timedelta(days=700), "100w"),
    ],
)
def test_the_largest_whole_unit(length, said):
    assert span(length) == said


def test_late_and_ahead():
    assert ahead(NOW + timedelta(hours=3), NOW) == "in 3h"
    assert ahead(NOW - timedelta(hours=3), NOW) == "3h late"
    assert ahead(NOW, NOW) == "in 0m"
    assert age(NOW - timedelta(days=3), NOW) == "3d"


def test_in_swedish_with_its_units_and_weekdays():
    assert ahead(NOW + timedelta(hours=3), NOW, "sv") == "om 3 tim"
    assert ahead(NOW - timedelta(days=3), NOW, "sv") == "3 dagar sen"
    assert (age(NOW, NOW, "sv"), span(timedelta(weeks=9), "sv")) == ("0 min", "9 veckor")
    assert local(NOW, zone("Europe/Stockholm"), "sv") == "sön 2026-03-29 01:30"
    assert ahead(NOW + timedelta(hours=3), NOW, "nb") == "in 3h"


def test_local_time_follows_summer_time():
    stockholm = zone("Europe/Stockholm")
    assert local(NOW, stockholm) == "Sun 2026-03-29 01:30"
    assert local(NOW + timedelta(hours=1), stockholm) == "Sun 2026-03-29 03:30"
    assert str(zone("Mars/Olympus")) == "UTC"
