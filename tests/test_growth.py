from __future__ import annotations

import pytest

from tests import growth
from tests.growth import assert_linear, filled


def work(size: int, power: int) -> int:
    return sum(1 for _ in range(size**power))


def test_what_grows_with_the_square_fails_and_what_grows_with_the_size_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growth, "NOTICEABLE", 0.001)
    assert_linear(lambda size: work(size, 1), 1_000_000)
    with pytest.raises(AssertionError, match=r"for the size 1,000, but .* for half of it"):
        assert_linear(lambda size: work(size, 2), 1_000)


def test_a_text_of_one_piece_has_its_size() -> None:
    assert (filled("åb ", 7), filled("x", 0)) == ("åb åb å", "")
