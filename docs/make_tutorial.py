"""Plays the story of docs/tutorial.md and prints what its commands say into it: `python -m docs.make_tutorial`.

The table at its end is left alone: that is what should happen, not what did.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.e2e.fortnight import PAGE, play


def main() -> None:
    os.environ["COLUMNS"] = "100"
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        story, lines = play(Path(folder) / "norrsken", page)
        PAGE.write_text("\n".join(lines), encoding="utf-8")
        sys.stdout.writelines(f"{one}\n" for one in story.happened())


if __name__ == "__main__":
    main()
