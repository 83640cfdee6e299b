"""The store under faults, in small counts; `python -m tests.faults --long` does the same in large ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import trials
from tests.growth import HANG

MEMORY = Path("/dev/shm")  # in-process faults need no real disk, and thousands of fsyncs on one take minutes


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=[pytest.mark.long] * (name != "commit")) for name in trials.OPERATIONS]
)
def test_a_fault_at_every_file_operation_leaves_the_old_or_the_new_state(operation: str, folder: Path) -> None:
    assert trials.every_operation(operation, folder) > 20


@pytest.mark.long
def test_a_disk_that_stays_broken_leaves_the_old_or_the_new_state(folder: Path) -> None:
    assert trials.every_operation("commit", folder, lasting=True) > 20


def test_four_writers_lose_nothing_and_none_waits_for_ever(tmp_path: Path) -> None:
    commits, longest = trials.writers(tmp_path / "data", commits=20)
    assert commits == 80
    assert longest < HANG


@pytest.mark.long
def test_killed_processes_lose_nothing_that_was_reported(tmp_path: Path) -> None:
    killed, acknowledged = trials.kills(tmp_path / "data", rounds=9)
    assert killed == 9
    assert acknowledged > 10


def test_a_full_disk(tmp_path: Path) -> None:
    assert trials.limited_file_size(tmp_path / "data") > 3
    try:
        with trials.small_disk() as disk:
            assert trials.full_disk(disk / "data") > 10
    except PermissionError:
        pytest.skip("only root may mount a small disk; the limit on file sizes was tried")


def test_damage_is_noticed(folder: Path) -> None:
    assert trials.damage(folder / "data", count=300) == 300
