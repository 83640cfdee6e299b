"""`python -m tests.faults.die_at NTH ARGUMENT...`: ticketctl, killed (SIGKILL) when it comes to the NTH file operation
of the store, with all of its process group. Which one it is does not depend on how fast the machine is; a run that
needs fewer ends as always."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.faults.disk import Disk, put_in
from ticketctl import cli


def die(disk: Disk, name: str, real: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    put_in(Disk(int(sys.argv[1]), die))
    sys.argv[1:] = sys.argv[2:]
    cli.main()
