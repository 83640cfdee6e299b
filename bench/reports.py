"""What a report takes: a week with an empty and with a full archive, and a year out of the full one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.timing import CLEAN, interleaved

ACTIVE, ARCHIVED = 300, 100_000


def measure(work: Path, runs: int) -> list[str]:
    """Rows of a Markdown table: processor time and peak memory of each."""
    ticketctl = str(Path(sys.executable).with_name("ticketctl"))
    commands = {"import click": [sys.executable, "-c", "import click"]}
    for archived in (0, ARCHIVED):
        folder = work / f"desk-{archived}"
        subprocess.run([ticketctl, "init", folder], check=True, env=CLEAN, stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, "-m", "bench.desks", folder, str(ACTIVE), str(archived)], check=True)
        here = [ticketctl, "--desk", str(folder), "--as", "system", "report"]
        commands[f"report --week, {archived:,} archived"] = [*here, "--week"]
    last = str(datetime.now(UTC).year - 1)
    commands[f"report --year, {ARCHIVED:,} archived"] = [*here, "--year", last]
    commands["the same, --over month"] = [*here, "--year", last, "--over", "month"]
    commands["the same, --explain first_response"] = [*here, "--year", last, "--explain", "first_response"]
    timed = interleaved(commands, runs)
    rows = ["| command | processor | wall | peak |", "|---|---|---|---|"]
    return rows + [
        f"| `{name}` | {one.cpu:.2f} s | {one.wall:.2f} s | {one.megabytes:.0f} MB |" for name, one in timed.items()
    ]
