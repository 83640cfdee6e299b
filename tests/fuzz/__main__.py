"""`python -m tests.fuzz [FOLDER]`: damaged mails and bombs through the real intake.

    python -m tests.fuzz                                    mails of our own, damaged
    python -m tests.fuzz --mails 50000 ../shared/corpus     mails of a folder, damaged
    python -m tests.fuzz --print 1234 ../shared/corpus      the mail of that number, on standard output

Each mail must be in a ticket or in quarantine, once, after at most 2 s and with at most 256 MB; whatever breaks is told
with the number of the mail. Ends with 1 where anything did.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tests.fuzz import mutate
from tests.fuzz.intake import Outcome
from tests.fuzz.worker import begin, chunk

CHUNK = 500  # mails into one desk


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
    faults = _told("bombs and mails after them", [(-options.bombs, 0, 0)], 1) if options.bombs else 0
    starts = range(0, options.mails, CHUNK)
    chunks = [(options.seed, start, min(start + CHUNK, options.mails)) for start in starts]
    faults += _told("damaged mails", chunks, os.cpu_count() or 1, options.folder)
    return 1 if faults else 0


def _told(what: str, chunks: list[tuple[int, int, int]], workers: int, folder: Path | None = None) -> int:
    """Runs and prints; the number of faults."""
    begun, total = time.monotonic(), Outcome()
    for outcome in outcomes(chunks, workers, folder):
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


def outcomes(chunks: list[tuple[int, int, int]], workers: int, folder: Path | None) -> Iterator[Outcome]:
    """Each chunk in one of so many processes; one that dies is a fault of its chunk, and the others go on."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=begin, initargs=(folder,)) as pool:
        running = [(one, pool.submit(chunk, *one)) for one in chunks]
        for one, future in running:
            try:
                yield future.result()
            except BrokenProcessPool:
                yield Outcome(faults=[f"a process died at or before the mails {one[1]} to {one[2]}"])
                return


if __name__ == "__main__":
    sys.exit(main())
