"""How often the right past answer is found: fails below the floors.

    python -m tests.corpus.answers FILE.jsonl.gz

The questions are other people's and stay where they are.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.answers import by_index, rates, read

RECALL, RANK = 0.80, 0.74  # reached: .808 and .749


def main() -> int:
    rows = read(Path(sys.argv[1]))
    recall, rank = rates(rows, by_index(rows))
    below = recall < RECALL or rank < RANK
    said = f"past answers: recall@3 {recall:.3f} (floor {RECALL}), MRR {rank:.3f} (floor {RANK})"
    print(said + ("  BELOW ITS FLOOR" if below else ""))
    return int(below)


if __name__ == "__main__":
    sys.exit(main())
