"""Runs the corpus scorer and fails where a family falls below its floor (floors.json; floors only rise).

    python tests/corpus/floors.py FOLDER            # FOLDER holds score.py and the corpora
    python tests/corpus/floors.py FOLDER --raise    # raises floors.json to what was reached

"threads" cannot reach 100: one thread of a corpus is three, which an address holds together that was taken for an id.

The corpora are other people's mail and stay where they are: nothing of them is in this repository.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")
MINUTES = 30


def reached(folder: Path) -> dict[str, float]:
    """Family → share of all its checks passed, and "FAMILY mean" → mean of its figures' rates, both in percent."""
    ticketctl = shutil.which("ticketctl", path=str(Path(sys.executable).parent))
    if ticketctl is None:
        sys.exit("ticketctl is not installed beside this Python; `make test` installs it")
    score_py = [sys.executable, str(folder / "score.py"), "--json"]
    command = [*score_py, "--cmd", f"{ticketctl} inspect", "--desk-cmd", ticketctl]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=60 * MINUTES, check=True)
    score = json.loads(done.stdout)
    figures = {family: 100 * one["rate"] for family, one in score["families"].items()}
    figures |= {f"{family} mean": 100 * one["mean"] for family, one in score["families"].items()}
    for soft in ("no_loss", "no_leak"):
        ours = [one for one in score["figures"] if one["figure"].endswith(f".{soft}")]
        figures[f"quotes {soft}"] = 100 * sum(one["passed"] for one in ours) / max(1, sum(one["total"] for one in ours))
    figures["answered"] = 100 * (1 - score["unanswered"] / score["files"])
    return figures


def main() -> int:
    folder, floors = Path(sys.argv[1]), json.loads(FLOORS.read_text())
    figures = reached(folder)
    below = [name for name, floor in floors.items() if figures.get(name, 0.0) < floor]
    for name in sorted({*figures, *floors}):
        mark = "  BELOW ITS FLOOR" if name in below else ""
        print(f"{name:24} {figures.get(name, 0.0):7.2f} %   floor {floors.get(name, 0.0):7.2f} %{mark}")
    if "--raise" in sys.argv:
        raised = {name: max(floors.get(name, 0.0), math.floor(10 * value) / 10) for name, value in figures.items()}
        FLOORS.write_text(json.dumps(raised, indent=1, sort_keys=True) + "\n")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
