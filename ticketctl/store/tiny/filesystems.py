"""Which file systems cannot be trusted with a desk."""

from __future__ import annotations

import os
import re
from pathlib import Path

_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "gpfs", "beegfs", "ocfs2",
     "gfs2", "orangefs", "davfs", "pvfs2", "acfs",
     # folders of another computer, seen from within a virtual machine, container or WSL
     "9p", "virtiofs", "vboxsf", "vboxfs", "vmhgfs", "hgfs", "prl_fs", "drvfs")
)  # fmt: skip


_OCTAL = rb"\\([0-3][0-7]{2})"  # how a blank in the name of a mount point is written


def _is_network(kind: str) -> bool:
    """FUSE too: a program of its own answers there (sshfs, rclone, gvfs, drive clients), and few of them know locks. A
    local disk behind FUSE is `fuseblk`."""
    return kind in _NETWORK or kind == "fuse" or kind.startswith("fuse.")


def network_kind(folder: Path, mounts: str = "/proc/self/mountinfo") -> str | None:
    """The type of the network or virtual file system that holds `folder`, where locks and fsync cannot be trusted; None
    if local or not known."""
    try:
        lines = Path(mounts).read_bytes().splitlines()
    except OSError:
        return None
    real = os.path.realpath(os.fsencode(folder))
    best, kind = b"", ""
    for line in lines:
        left, _, right = line.partition(b" - ")
        point = re.sub(_OCTAL, lambda found: bytes([int(found[1], 8)]), left.split(b" ")[4])
        if (real + b"/").startswith(point.rstrip(b"/") + b"/") and len(point) >= len(best):
            best, kind = point, right.split(b" ")[0].decode("ascii", "replace")
    return kind if _is_network(kind) else None
