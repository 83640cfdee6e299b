from __future__ import annotations

import pytest

from tests import growth
from tests.growth import assert_linear, filled


def work(size: int, power: int) -> int:
    return sum(1 for _ in range(size**power))


def test_what_grows_with_the_square_fails_and_what_grows_with_the_size_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The clock is replaced by a count: on a busy machine the time of so little work says nothing.
    monkeypatch.setattr(growth, "_seconds", lambda work, size: work(size) / 100_000)
    assert_linear(lambda size: work(size, 1), 1_000_000)
    assert_linear(lambda size: work(size, 2), 30)  # below what anybody notices
    with pytest.raises(AssertionError, match=r"10.0 s for the size 1,000, but 2.5 s for half of it"):
        assert_linear(lambda size: work(size, 2), 1_000)


def test_the_time_of_the_processor_is_taken() -> None:
    assert growth._seconds(lambda size: work(size, 1), 100_000) > 0


def test_a_text_of_one_piece_has_its_size() -> None:
    assert (filled("åb ", 7), filled("x", 0)) == ("åb åb å", "")
