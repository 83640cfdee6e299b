"""`python -m tests.faults [--long]`: the store under faults, one line for each kind, with how often and how long."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults import trials
from tests.faults.test_faults import MEMORY


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--long", action="store_true", help="large counts: some minutes")
    long = parser.parse_args().long
    for lasting in (False, True):
        for name in trials.OPERATIONS:
            _tell(
                f"fault at every file operation of {name}{', lasting' if lasting else ''}",
                partial(trials.every_operation, name, lasting=lasting),
                memory=True,
            )
    _tell("damaged bytes", lambda folder: trials.damage(folder / "data", count=4000 if long else 400), memory=True)
    commits, rounds = (250, 500) if long else (25, 12)
    _tell("commits of 4 processes, longest s", lambda folder: trials.writers(folder / "data", commits=commits))
    _tell("killed processes, steps reported", lambda folder: trials.kills(folder / "data", rounds=rounds))
    _tell("killed commands", lambda folder: _killed_commands(500 if long else 40))
    _tell("two agents at once, commands", lambda folder: _two_agents(60 if long else 8))
    _tell("commits until files may not grow", lambda folder: trials.limited_file_size(folder / "data"))
    try:
        with trials.small_disk() as disk:
            _tell("commits until the disk is full", lambda folder: trials.full_disk(disk / "data"))
    except PermissionError:
        print("a full disk: not tried, only root may mount a small one")


def _killed_commands(count: int) -> int:
    """Whole commands of the command line: the end-to-end test, with as many kills as asked for."""
    return _end_to_end("test_killed_commands", "TICKETCTL_TEST_COMMAND_KILLS", count)


def _two_agents(count: int) -> int:
    """Two agents and their customers, each with so many commands, at the same time."""
    return _end_to_end("test_two_agents", "TICKETCTL_TEST_AGENT_COMMANDS", count)


def _end_to_end(test: str, variable: str, count: int) -> int:
    words = ["-m", "pytest", "-q", "--timeout=1800", f"tests/e2e/{test}.py"]
    subprocess.run(
        [sys.executable, *words], env={**os.environ, variable: str(count)}, check=True, stdout=subprocess.DEVNULL
    )
    return count


def _tell(what: str, trial: Callable[[Path], object], *, memory: bool = False) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY if memory and MEMORY.is_dir() else None) as folder:
        count = trial(Path(folder))
    print(f"{what}: {count} ({time.monotonic() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
