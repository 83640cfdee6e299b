"""The shop of each history in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases.shop import Shop


@pytest.fixture
def open_shop(tmp_path: Path) -> Callable[..., Shop]:
    """`open_shop(MORE_RULES, causes=…, zone=…)`: a new desk with those rules."""

    def opened(more: str = "", **rules: Any) -> Shop:
        return Shop(tmp_path / "butik", more, **rules)

    return opened
