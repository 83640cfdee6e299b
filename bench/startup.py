"""How long a command takes from Enter to prompt, as a multiple of `python -c 'import click'` in the same run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.timing import CLEAN, interleaved

SIZES = ((300, 0), (2_000, 0), (2_000, 100_000))


def measure(work: Path, runs: int) -> list[str]:
    """Rows of a Markdown table; one column per size of desk (active, archived tickets)."""
    ticketctl = str(Path(sys.executable).with_name("ticketctl"))
    table: dict[str, list[str]] = {}
    for active, archived in SIZES:
        folder = work / f"desk-{active}-{archived}"
        subprocess.run([ticketctl, "init", folder], check=True, env=CLEAN, stdout=subprocess.DEVNULL)
        # in a process of its own: what this one has ever held would count as the peak of all that it starts
        subprocess.run([sys.executable, "-m", "bench.desks", folder, str(active), str(archived)], check=True)
        number = str(archived + active // 2)
        here = [ticketctl, "--desk", str(folder), "--as", "system"]
        timed = interleaved(
            {
                "import click": [sys.executable, "-c", "import click"],
                "--help": [ticketctl, "--help"],
                "list": [*here, "list"],
                "show": [*here, "show", number],
                "board": [*here, "board"],
                "list --search": [*here, "list", "--search", "felmeddelande"],
                "note": [*here, "note", number, "Ringde kunden."],
                "assign": [*here, "assign", number, "least_loaded"],
                "show, archived": [*here, "show", str(archived // 2 or number)],
            },
            runs,
        )
        unit = timed["import click"].wall
        for name, one in timed.items():
            cell = f"{one.wall * 1000:.0f} ms · {one.wall / unit:.1f} × · {one.megabytes:.0f} MB"
            table.setdefault(name, []).append(cell)
    heads = [f"{active:,} active, {archived:,} archived" for active, archived in SIZES]
    rows = ["| command | " + " | ".join(heads) + " |", "|---" * (1 + len(heads)) + "|"]
    return rows + [f"| `{name}` | " + " | ".join(cells) + " |" for name, cells in table.items()]
