from datetime import timedelta

from ticketctl.domain.reports.statistics import Rate, Summary, summary


def minutes(*values: int) -> list[timedelta]:
    return [timedelta(minutes=value) for value in values]


def test_nothing_has_no_median() -> None:
    assert summary([]) == Summary(0, None, None)


def test_an_odd_and_an_even_number_of_values() -> None:
    assert summary(minutes(5, 1, 3)).median == timedelta(minutes=3)
    assert summary(minutes(8, 1, 3, 5)).median == timedelta(minutes=4)


def test_the_90th_percentile_is_a_value_that_occurred() -> None:
    # Nearest rank: ceil(0.9 n)-th. n = 1 → 1st, 5 → 5th, 10 → 9th, 11 → 10th, 20 → 18th.
    for n, rank in [(1, 1), (5, 5), (10, 9), (11, 10), (20, 18)]:
        assert summary(minutes(*range(1, n + 1))).p90 == timedelta(minutes=rank)


def test_fewer_than_five_are_few() -> None:
    assert summary(minutes(1, 2, 3, 4)).few and not summary(minutes(1, 2, 3, 4, 5)).few
    assert Rate(1, 4).few and not Rate(1, 5).few
    assert Rate(0, 0).share is None and Rate(1, 4).share == 0.25
