"""What a process of the fuzzer does: it may have so much memory, and takes one chunk of mails after the other into a
desk of their own. With a negative seed these are all bombs, so many times larger."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.fuzz import mutate
from tests.fuzz.bombs import bombs
from tests.fuzz.intake import Outcome, limit_memory, taken_in

CHUNK = 500  # mails into one desk


def main() -> None:
    """`python -m tests.fuzz.worker SEED START END [FOLDER]`: an `Outcome` as JSON for each chunk, one a line."""
    seed, start, end = map(int, sys.argv[1:4])
    seeds = mutate.seeds(Path(sys.argv[4]) if len(sys.argv) > 4 else None)
    limit_memory()
    logging.disable()
    for first in range(start, end, CHUNK):
        last = min(first + CHUNK, end)
        mails = bombs_and_mails(-seed) if seed < 0 else _damaged(seeds, seed, first, last)
        try:
            outcome = taken_in(mails)
        except Exception as error:
            outcome = Outcome(faults=[f"mails {first} to {last}: {type(error).__name__}: {error}"])
        print(msgspec.json.encode(outcome).decode(), flush=True)


def _damaged(seeds: Sequence[bytes], seed: int, start: int, end: int) -> Iterator[tuple[str, bytes]]:
    return ((f"mail {index}", mutate.damaged(seeds, seed, index)) for index in range(start, end))


def bombs_and_mails(factor: int) -> Iterator[tuple[str, bytes]]:
    """After each bomb a mail as any other, which must get through."""
    for number, (name, raw) in enumerate(bombs(factor)):
        yield name, raw
        yield f"the mail after {name}", b"From: k%d@kund.example\nSubject: x\n\nHej nummer %d!\n" % (number, number)


if __name__ == "__main__":
    main()
