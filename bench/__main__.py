"""`python -m bench [startup] [audit] [fetch] [import] [similar] [answers] [replay] [reports] [--runs N]` prints
Markdown tables, with machine and date."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import date
from pathlib import Path

from bench import answers, audit, fetch, importing, replay, reports, similar, startup

PARTS = {
    "startup": startup.measure,
    "audit": audit.measure,
    "fetch": fetch.measure,
    "import": importing.measure,
    "similar": similar.measure,
    "answers": answers.measure,
    "replay": replay.measure,
    "reports": reports.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--runs", type=int, default=11, help="of each command (default: %(default)s)")
    parser.add_argument("--mails", type=Path, metavar="FOLDER", help="of .eml files for `fetch` to take")
    parser.add_argument("--tickets", type=Path, metavar="FILE", help="CSV (.gz) with texts and topics, for `similar`")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="JSON lines (.gz), for `answers`")
    options = parser.parse_args()
    given = {"fetch": options.mails, "similar": options.tickets, "answers": options.questions}
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(
        f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    for part in options.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="ticketctl-bench-") as work:
            print(f"\n{part}\n")
            extra = (given[part],) if given.get(part) else ()
            print("\n".join(PARTS[part](Path(work), options.runs, *extra)), flush=True)


if __name__ == "__main__":
    main()
