"""The desk's secret."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ticketctl.errors import Damaged, StoreFailed
from ticketctl.store.key import load_or_create_key


def test_a_key_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    key = load_or_create_key(folder)
    assert len(key) == 32
    assert load_or_create_key(folder) == key
    assert load_or_create_key(tmp_path / "annan") != key
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert not list((folder / "tmp").iterdir())


def test_many_that_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    for round_number in range(10):
        folder = tmp_path / str(round_number)
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, folder=folder: load_or_create_key(folder), range(8)))
        assert keys == {(folder / "key").read_bytes()}


def test_a_key_of_another_length_is_damage(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"kort")
    with pytest.raises(Damaged, match="not a key of 32 bytes"):
        load_or_create_key(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    load_or_create_key(tmp_path)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(StoreFailed, match="may be read by others"):
        load_or_create_key(tmp_path)
