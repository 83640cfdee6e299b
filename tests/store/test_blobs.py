"""Blobs as files."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
from pathlib import Path

import pytest

from tests.faults.disk import Disk, Killed, kill_before, using
from tests.store.samples import DAY, NOW
from ticketctl.errors import Damaged, NoSuchTicket, StoreFailed
from ticketctl.store.blobs import FileBlobs


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "data" / "blobs")


def test_bytes_lie_under_their_sum(blobs: FileBlobs) -> None:
    name = blobs.put(b"brev")
    assert name == hashlib.sha256(b"brev").hexdigest()
    assert (blobs.folder / name[:2] / name).read_bytes() == b"brev"


def test_many_at_once_keep_their_order_and_sync_each_folder_once(blobs: FileBlobs) -> None:
    datas = [f"brev {number}".encode() for number in range(400)]
    with using(Disk()) as disk:
        names = blobs.put_many([*datas, datas[0]])
    assert names == [hashlib.sha256(data).hexdigest() for data in [*datas, datas[0]]]
    assert list(blobs.all()) == sorted(set(names))
    folders = len(list(blobs.folder.iterdir()))
    above = 4  # data, blobs and tmp where each was made, and blobs once for all folders in it
    assert disk.calls.count("fsync") == len(datas) + folders + above
    assert not disk.unsynced
    assert not list((blobs.folder.parent / "tmp").iterdir())


def test_a_folder_that_a_dead_writer_made_is_made_durable(blobs: FileBlobs) -> None:
    name = hashlib.sha256(b"brev").hexdigest()
    (blobs.folder / name[:2]).mkdir(parents=True)
    with using(Disk()) as disk:
        disk.unsynced.add(str(blobs.folder))
        blobs.put(b"brev")
    assert not disk.unsynced


def test_what_is_put_together_is_durable_at_the_end(blobs: FileBlobs) -> None:
    with using(Disk()) as disk:
        with blobs.together():
            names = [blobs.put(f"brev {number}".encode()) for number in range(100)]
            assert not disk.calls
            assert blobs.has(names[7])
            assert blobs.get(names[7]) == b"brev 7"
        assert not disk.unsynced
    assert sorted(names) == list(blobs.all())
    assert blobs.get(blobs.put(b"ensamt brev")) == b"ensamt brev"


def test_the_same_bytes_are_written_once(blobs: FileBlobs) -> None:
    path = blobs.folder / blobs.put(b"brev")[:2] / blobs.put(b"brev")
    before = path.stat()
    os.utime(path, (0, 0))
    blobs.put(b"brev")
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime >= before.st_mtime, "it is in use again"


def test_which_are_old(blobs: FileBlobs) -> None:
    old, new = blobs.put(b"gammalt brev"), blobs.put(b"nytt brev")
    os.utime(blobs.folder / old[:2] / old, (NOW.timestamp(), NOW.timestamp()))
    assert set(blobs.written_before(NOW + DAY)) == {old}
    assert set(blobs.written_before(NOW)) == set()
    assert set(blobs.written_before(NOW + 10_000 * DAY)) == {old, new}


def test_a_blob_of_another_length_is_put_right(blobs: FileBlobs) -> None:
    name = blobs.put(b"brev")
    (blobs.folder / name[:2] / name).write_bytes(b"br")
    with pytest.raises(Damaged, match=f"{name} are damaged"):
        blobs.get(name)
    assert blobs.put(b"brev") == name
    assert blobs.get(name) == b"brev"


def test_a_writer_that_dies_leaves_whole_blobs_or_none(blobs: FileBlobs) -> None:
    datas = [f"brev {number}".encode() * 100 for number in range(5)]
    names = [hashlib.sha256(data).hexdigest() for data in datas]
    at = 0
    while True:
        at += 1
        try:
            with using(Disk(at, kill_before)):
                assert blobs.put_many(datas) == names
            break
        except Killed:
            for name, data in zip(names, datas, strict=True):
                if blobs.has(name):
                    assert blobs.get(name) == data
                blobs.delete(name)
        blobs = FileBlobs(blobs.folder)
    assert at > 20


@pytest.mark.parametrize("name", ["..", "../key", "A" * 64, "a" * 63, ""])
def test_a_name_that_is_no_sum_is_nowhere(blobs: FileBlobs, name: str) -> None:
    (blobs.folder.parent).mkdir()
    (blobs.folder.parent / "key").write_bytes(b"hemligt")
    assert not blobs.has(name)
    blobs.delete(name)
    with pytest.raises(NoSuchTicket):
        blobs.get(name)
    assert (blobs.folder.parent / "key").exists()


def test_a_link_is_not_followed(blobs: FileBlobs, tmp_path: Path) -> None:
    (tmp_path / "annans").write_bytes(b"brev")
    name = hashlib.sha256(b"brev").hexdigest()
    (blobs.folder / name[:2]).mkdir(parents=True)
    (blobs.folder / name[:2] / name).symlink_to(tmp_path / "annans")
    for use in (lambda: blobs.put(b"brev"), lambda: blobs.get(name), lambda: blobs.has(name)):
        with pytest.raises(StoreFailed):
            use()
    blobs.delete(name)
    assert (tmp_path / "annans").read_bytes() == b"brev"


@pytest.mark.parametrize("at", [1, 30, 60, 61, 75, 90])
def test_of_many_that_are_synced_side_by_side_none_has_a_name_if_one_fails(
    blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    sync, count = os.fsync, itertools.count(1)

    def failing(descriptor: int) -> None:
        if next(count) == at:
            raise OSError(errno.EIO, "disk on fire")
        sync(descriptor)

    blobs.put(b"the first one")
    monkeypatch.setattr(os, "fsync", failing)
    datas = [f"brev {number}".encode() for number in range(60)]
    with pytest.raises(StoreFailed, match="disk on fire"):
        blobs.put_many(datas)
    monkeypatch.undo()
    if at <= 60:
        assert list(blobs.all()) == [hashlib.sha256(b"the first one").hexdigest()]
    assert list((blobs.folder.parent / "tmp").iterdir()) == []
    assert [blobs.get(name) for name in blobs.put_many(datas)] == datas
