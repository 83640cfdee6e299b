"""An office with a mailbox in front of it, and the jobs of cron."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from tests.conftest import Office

HOUR = timedelta(hours=1)


class Desk(Office):
    """An office with a mailbox; what cron does."""

    def arrive(self, raw: bytes) -> None:
        folder = self.folder / "in" / "new"
        for part in ("new", "cur", "tmp"):
            (self.folder / "in" / part).mkdir(parents=True, exist_ok=True)
        path = folder / f"{len(list(folder.iterdir())):03}.x"
        path.write_bytes(raw)
        self.utime(path)
        self.run("fetch", f"maildir:{self.folder / 'in'}")

    def utime(self, path: Path) -> None:
        os.utime(path, (self.now.timestamp(),) * 2)

    def notified(self) -> int:
        """How many notices have been written in all."""
        self.run("escalate", "-q")
        self.run("send", "-q")
        sent = [path.read_bytes() for path in (self.folder / "data" / "sent" / "new").glob("*")]
        return sum(b"Auto-Submitted: auto-generated" in raw for raw in sent)
