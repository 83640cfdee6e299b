"""`python -m tests.hostile`: reads every hostile text at 250 KB, 500 KB and 1 MB, and prints the slowest.

Ends with 1 where one takes more than LIMIT at 1 MB, or grows faster than with its size. `--size BYTES` is another
largest size, `--limit SECONDS` another limit.
"""

from __future__ import annotations

import argparse
import sys

from tests.hostile.reading import Case, cases, seconds

LIMIT = 1.0  # seconds of processor time for a megabyte
RATIO = 3.0  # of the time for twice the size; 2 is linear, and small times tremble
NOTICEABLE = 0.1  # seconds; below that a ratio says nothing
SHOWN = 12


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--limit", type=float, default=LIMIT)
    options = parser.parse_args()
    measured = {case: [seconds(case, options.size // part) for part in (4, 2, 1)] for case in cases()}
    slow = [case for case, times in measured.items() if is_bad(case, times, options.size, options.limit)]
    print(
        f"{len(measured)} texts; seconds of processor time at a quarter, half and the whole of {options.size:,} bytes"
    )
    worst = sorted(measured, key=lambda case: -measured[case][2])
    for case in dict.fromkeys((*worst[:SHOWN], *slow)):
        told = " ".join(f"{time:6.3f}" for time in measured[case])
        print(f"  {case.kind:6} {case.name:36} {told}{'  TOO SLOW' if case in slow else ''}")
    return 1 if slow else 0


def is_bad(case: Case, times: list[float], size: int, limit: float) -> bool:
    """Whether it is too slow or not linear, also when measured once more: the machine has other things to do."""
    if not _breaks(times, limit):
        return False
    again = [min(seconds(case, size // part), before) for part, before in zip((4, 2, 1), times, strict=True)]
    return _breaks(again, limit)


def _breaks(times: list[float], limit: float) -> bool:
    _, half, whole = times
    return whole > limit or (whole >= NOTICEABLE and whole > RATIO * half)


if __name__ == "__main__":
    sys.exit(main())
