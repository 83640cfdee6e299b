"""Whole-process timing by wait4, interleaved so that a drifting machine hits every command alike; medians."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Settings such as PYTHONDONTWRITEBYTECODE would measure compilation at every start.
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TICKETCTL"))}


@dataclass(frozen=True)
class Timed:
    """Medians over `runs`: wall and CPU seconds; the peak of the largest process in MB."""

    wall: float
    cpu: float
    megabytes: float
    runs: int


def once(command: Sequence[str], **environment: str) -> tuple[float, float, float]:
    """(wall s, CPU s, peak MB) of one run; raises CalledProcessError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**CLEAN, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def interleaved(commands: Mapping[str, Sequence[str]], runs: int = 11, **environment: str) -> dict[str, Timed]:
    """One uncounted run each, then `runs` rounds of all in turn."""
    for command in commands.values():
        once(command, **environment)
    rounds: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            rounds[name].append(once(command, **environment))
    return {name: _summary(rows) for name, rows in rounds.items()}


def _summary(rows: Sequence[tuple[float, float, float]]) -> Timed:
    walls, cpus, peaks = zip(*rows, strict=True)
    return Timed(statistics.median(walls), statistics.median(cpus), max(peaks), len(rows))
