"""File operations at their edges."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from tests.faults.disk import Disk, refuse, using, write_short
from ticketctl.errors import StoreFailed
from ticketctl.store import fs, temporary_files
from ticketctl.store.tiny.filesystems import network_kind

MOUNTS = r"""
25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 25 0:40 / /srv rw - nfs4 server:/srv rw
41 40 8:2 / /srv/local rw - xfs /dev/sdb1 rw
42 25 0:42 / /mnt/min\040disk rw - cifs //nas/disk rw
43 25 0:43 / /mnt/sshfs rw - fuse.sshfs host:/ rw
""".lstrip()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/desk/data", None), ("/srv", "nfs4"), ("/srv/desk/data", "nfs4"), ("/srvx/data", None),
        ("/srv/local/desk", None), ("/mnt/min disk/desk", "cifs"), ("/mnt/sshfs/x", "fuse.sshfs"),
    ],
)  # fmt: skip
def test_which_file_system_holds_a_folder(folder: str, kind: str | None, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert network_kind(Path(folder), str(mounts)) == kind


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("fuse.gvfsd-fuse", True), ("fuse.rclone", True), ("fuse.google-drive-ocamlfuse", True), ("fuse", True),
        ("fuse.onedriver", True), ("vboxsf", True), ("virtiofs", True), ("9p", True), ("fuse.vmhgfs-fuse", True),
        ("prl_fs", True), ("drvfs", True), ("fuseblk", False), ("btrfs", False), ("overlay", False), ("zfs", False),
        ("tmpfs", False), ("apfs", False),
    ],
)  # fmt: skip
def test_what_a_virtual_file_system_is_taken_for(kind: str, refused: bool, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"25 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 25 0:40 / /delad/Åsas\\040mapp rw - {kind} x rw\n")
    assert network_kind(Path("/delad/Åsas mapp/desk/data"), str(mounts)) == (kind if refused else None)


def test_where_the_system_does_not_tell_it_is_taken_for_local(tmp_path: Path) -> None:
    assert network_kind(tmp_path, str(tmp_path / "missing")) is None


def test_a_missing_folder_or_file_is_told_apart_from_trouble(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert fs.read(missing) is None
    assert fs.read_tail(missing, 10) == b""
    assert fs.map_file(missing) is None
    assert fs.status(missing) is None
    assert fs.signatures(missing, ".json") == {}
    assert fs.names(missing) == []
    assert not fs.folder_is_there(missing)
    assert not fs.unlink(missing)
    assert not fs.keep(missing, tmp_path / "kept")
    with pytest.raises(StoreFailed, match="missing/file: No such file"):
        fs.write_new(missing / "file", b"")


def test_an_empty_file_and_a_large_one(tmp_path: Path) -> None:
    fs.write_new(tmp_path / "empty", b"")
    assert fs.read(tmp_path / "empty") == b""
    found = fs.map_file(tmp_path / "empty")
    assert found is not None
    assert found[0] == b""
    large = os.urandom(3_000_000)
    fs.write_new(tmp_path / "large", large)
    assert fs.read(tmp_path / "large") == large
    assert fs.read_tail(tmp_path / "large", 5) == large[-5:]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"gammalt")
    with pytest.raises(StoreFailed, match="File exists"):
        fs.write_new(tmp_path / "there", b"nytt")
    assert (tmp_path / "there").read_bytes() == b"gammalt"
    assert not fs.link(tmp_path / "there", tmp_path / "there")


def test_a_disk_that_takes_a_few_bytes_at_a_time(tmp_path: Path) -> None:
    with using(Disk(1, write_short, lasting=True)):
        fs.write_new(tmp_path / "file", b"0123456789" * 10)
    assert (tmp_path / "file").read_bytes() == b"0123456789" * 10


def test_a_disk_that_takes_none(tmp_path: Path) -> None:
    with using(Disk(3, lambda disk, name, real, arguments: 0)), pytest.raises(StoreFailed, match="No space left"):
        fs.write_new(tmp_path / "file", b"0123456789")
    assert not (tmp_path / "file").exists()


def test_a_full_disk_names_the_desk_and_not_a_file_that_nobody_knows(tmp_path: Path) -> None:
    data = tmp_path / "kontoret" / "data"
    data.mkdir(parents=True)
    told = rf"^{tmp_path}/kontoret: No space left on device; the old state stands: free some space, then try again$"
    with using(Disk(3, refuse(errno.ENOSPC))), pytest.raises(StoreFailed, match=told):
        fs.write_new(data / ".desk.json.17.tmp", b"0123456789")


def test_a_failed_sync_is_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"gammalt")
    with using(Disk()) as counting:
        fs.replace(tmp_path / "trial", b"nytt")
    at = counting.calls.index("fsync") + 1
    with using(Disk(at, refuse(5))) as disk, pytest.raises(StoreFailed, match=r"Input/output error"):
        fs.replace(tmp_path / "file", b"nytt")
    assert disk.calls.count("fsync") == 1
    assert (tmp_path / "file").read_bytes() == b"gammalt"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "trial"]


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for use in (fs.read, fs.map_file, fs.status):
        with pytest.raises(StoreFailed, match="not a plain file"):
            use(tmp_path / "folder")
    assert fs.names(tmp_path / "missing" / "deeper") == []


def test_two_that_make_a_folder_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    def beaten(disk: Disk, name: str, real: object, arguments: tuple[object, ...]) -> None:
        folder.mkdir(mode=0o700)
        raise FileExistsError

    with using(Disk(2, beaten)) as disk:
        fs.make_folder(folder)
    assert disk.calls[1] == "mkdir"
    assert folder.is_dir()


def test_sweeping_leaves_what_is_no_temporary_file(tmp_path: Path) -> None:
    for name in ("a.tmp", "b.json", ".syncthing.desk.json.tmp", ".desk.json.17.tmp"):
        (tmp_path / name).write_bytes(b"")
    temporary_files.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"a.tmp", "b.json", ".syncthing.desk.json.tmp"}


def test_where_no_more_threads_may_be_started_all_is_synced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under `ulimit -u` or `-v`."""
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(descriptor), real(descriptor))[1])

    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    files = {tmp_path / f"{number}": f"{number}".encode() for number in range(20)}
    fs.write_all_new(files)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert len(synced) == 20
