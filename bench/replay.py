"""How long `rules replay` and `rules check` take on a desk of 10,000 tickets of the last 90 days,
8,000 of them in the archive, with the starter's rules; each has three messages of 1.7 KB."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from bench.desks import NOW, ticket
from bench.timing import CLEAN, once
from ticketctl.store.tiny.store import TinyStore

CLOSED, OPEN = 8_000, 2_000
COMMANDS = (("rules", "replay", "--since", "90d"), ("rules", "check"))


def measure(work: Path, runs: int) -> list[str]:
    """Rows of a Markdown table: medians over at most five of `runs`."""
    ticketctl = [sys.executable, "-m", "ticketctl"]  # as it is here, not as it is installed
    folder = work / "desk"
    subprocess.run([*ticketctl, "init", folder], check=True, env=CLEAN, stdout=subprocess.DEVNULL)
    _fill(folder)
    lines = [f"{CLOSED + OPEN:,} tickets", "", "| command | wall | CPU |", "|---|---|---|"]
    for command in COMMANDS:
        timed = sorted(once([*ticketctl, "--desk", str(folder), *command]) for _ in range(min(runs, 5)))
        wall, cpu, _ = timed[len(timed) // 2]
        lines.append(f"| `{' '.join(command)}` | {wall:.1f} s | {cpu:.1f} s |")
    return lines


def _fill(folder: Path) -> None:
    """Opened one after the other from 89 days ago on; the first 8,000 were closed two days later."""
    store = TinyStore(folder / "data")
    start, step = NOW - timedelta(days=89), timedelta(days=88) / (CLOSED + OPEN)
    with store.transaction() as desk:
        for place in range(CLOSED + OPEN):
            opened = start + place * step
            closed = opened + timedelta(days=2) if place < CLOSED else None
            desk.save(ticket(desk.new_number(), opened, closed))
    store.archive(NOW)
