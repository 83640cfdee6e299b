"""The reference store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.contract import StoreContract
from ticketctl.ports.store import Store
from ticketctl.store.memory import MemoryStore


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return MemoryStore()
