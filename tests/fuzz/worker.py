"""What a process of the fuzzer does: it may have so much memory, and takes one chunk of mails after the other into a
desk of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fuzz import mutate
from tests.fuzz.bombs import bombs
from tests.fuzz.intake import Outcome, limit_memory, taken_in

_seeds: list[bytes] = []


def begin(folder: Path | None) -> None:
    _seeds[:] = mutate.seeds(folder)
    limit_memory()


def chunk(seed: int, start: int, end: int) -> Outcome:
    """The mails from `start` to before `end`; with a negative seed all bombs, so many times larger."""
    mails = bombs_and_mails(-seed) if seed < 0 else _damaged(seed, start, end)
    try:
        return taken_in(mails)
    except Exception as error:
        return Outcome(faults=[f"mails {start} to {end}: {type(error).__name__}: {error}"])


def _damaged(seed: int, start: int, end: int) -> Iterator[tuple[str, bytes]]:
    return ((f"mail {index}", mutate.damaged(_seeds, seed, index)) for index in range(start, end))


def bombs_and_mails(factor: int) -> Iterator[tuple[str, bytes]]:
    """After each bomb a mail as any other, which must get through."""
    for number, (name, raw) in enumerate(bombs(factor)):
        yield name, raw
        yield f"the mail after {name}", b"From: k%d@kund.example\nSubject: x\n\nHej nummer %d!\n" % (number, number)
