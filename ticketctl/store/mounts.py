"""Which file systems cannot be trusted with a desk."""

from __future__ import annotations

import os
from pathlib import Path

_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2",
     "orangefs", "davfs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.s3fs", "fuse.davfs2", "fuse.cephfs")
)  # fmt: skip


def network_kind(folder: Path, mounts: str = "/proc/self/mountinfo") -> str | None:
    """The type of the network file system that holds `folder`, where locks and fsync cannot be trusted; None if local
    or not known."""
    try:
        lines = Path(mounts).read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(folder)
    best, kind = "", None
    for line in lines:
        left, _, right = line.partition(" - ")
        point = left.split(" ")[4].encode().decode("unicode_escape")
        if (real + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
            best, kind = point, right.split(" ")[0]
    return kind if kind in _NETWORK else None
