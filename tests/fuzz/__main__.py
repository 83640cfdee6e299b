"""`python -m tests.fuzz [FOLDER]`: damaged mails and bombs through the real intake.

    python -m tests.fuzz                                    mails of our own, damaged
    python -m tests.fuzz --mails 50000 ../shared/corpus     mails of a folder, damaged
    python -m tests.fuzz --print 1234 ../shared/corpus      the mail of that number, on standard output

Each mail must be in a ticket or in quarantine, once, after at most 2 s and with at most 256 MB; whatever breaks is told
with the number of the mail. Ends with 1 where anything did.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from tests.fuzz import mutate
from tests.fuzz.intake import Outcome

ONE_ARENA = {**os.environ, "MALLOC_ARENA_MAX": "1"}  # else each thread takes 64 MB of what a process may have


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bombs", type=int, default=5, metavar="FACTOR", help="so many times larger; 0: none")
    parser.add_argument("--print", type=int, dest="wanted", metavar="NUMBER")
    options = parser.parse_args()
    if options.wanted is not None:
        sys.stdout.buffer.write(mutate.damaged(mutate.seeds(options.folder), options.seed, options.wanted))
        return 0
    workers = os.cpu_count() or 1
    faults = 0
    if options.bombs:
        faults += _told("bombs and mails after them", outcomes(-options.bombs, 0, 1, 1, None))
    faults += _told("damaged mails", outcomes(options.seed, 0, options.mails, workers, options.folder))
    return 1 if faults else 0


def _told(what: str, found: Iterable[Outcome]) -> int:
    """Runs and prints; the number of faults."""
    begun, total = time.monotonic(), Outcome()
    for outcome in found:
        total.add(outcome)
    print(
        f"{total.mails:,} {what}: {total.tickets:,} tickets, {total.joined:,} joined one, {total.known:,} known, "
        f"{total.quarantined:,} quarantined; slowest {total.slowest:.2f} s ({total.slowest_name}), "
        f"peak {total.peak / 1e6:.0f} MB of memory, {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    for fault in total.faults[:50]:
        print(f"  {fault}", flush=True)
    return len(total.faults)


def outcomes(seed: int, start: int, end: int, workers: int, folder: Path | None) -> Iterator[Outcome]:
    """These mails in so many processes, each with its share; one that dies is a fault, and the others go on."""
    share = -(-(end - start) // workers)
    with ExitStack() as stack:
        running = []
        for first in range(start, end, share):
            said = stack.enter_context(tempfile.TemporaryFile("w+"))
            numbers = (seed, first, min(first + share, end))
            command = [
                sys.executable,
                "-m",
                "tests.fuzz.worker",
                *map(str, numbers),
                *([str(folder)] if folder else []),
            ]
            running.append((numbers, said, subprocess.Popen(command, stdout=said, env=ONE_ARENA)))
        for numbers, said, process in running:
            code = process.wait()
            said.seek(0)
            yield from (msgspec.json.decode(line, type=Outcome) for line in said)
            if code:
                yield Outcome(faults=[f"the process for the mails from {numbers[1]} died with {code}"])


if __name__ == "__main__":
    sys.exit(main())
