"""`python -m tests.faults.stop_at POINT NTH BATCH ARGUMENT...`: ticketctl, killed (SIGKILL) when it comes to a point
of a commit for the NTH time; BATCH mails make a batch."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from ticketctl import cli
from ticketctl.channels.email.imap import answers as imap_answers
from ticketctl.channels.email.imap.source import Imap
from ticketctl.store import fs
from ticketctl.store.blobs import FileBlobs
from ticketctl.store.tiny.store import TinyStore
from ticketctl.usecases.intake import fetch_run as _intake
from ticketctl.usecases.intake.after_commit import AfterCommit

POINTS: dict[str, tuple[Any, str, str]] = {
    "before the blobs": (FileBlobs, "put_many", "before"),
    "between two blobs": (fs, "write_new", "before"),
    "after the blobs": (FileBlobs, "put_many", "after"),
    "before the commit": (TinyStore, "_commit", "before"),
    "before the new desk file has its name": (fs, "rename", "before"),
    "after the commit": (TinyStore, "_commit", "after"),
    "before the mailbox is touched": (Imap, "acknowledge", "before"),
    "after the mailbox was touched": (Imap, "acknowledge", "after"),
    "before that is noted": (AfterCommit, "forget", "before"),
}


def kill_at(point: str, nth: int) -> None:
    owner, name, when = POINTS[point]
    original, left = getattr(owner, name), [nth]

    def come() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        if when == "before":
            come()
        result = original(*arguments, **options)
        if when == "after":
            come()
        return result

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    kill_at(sys.argv[1], int(sys.argv[2]))
    imap_answers.BATCH = _intake.BATCH = int(sys.argv[3])
    sys.argv[1:] = sys.argv[4:]
    cli.main()
