"""The shop of each history in a folder of its own."""

from __future__ import annotations

from tests.cases.conftest import open_shop

__all__ = ["open_shop"]
