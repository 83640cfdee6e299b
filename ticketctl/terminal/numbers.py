"""Ticket numbers as they are typed, and what the running command was told beside them: that they are on standard input,
and the revision that its caller has seen."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

import click

from ticketctl.errors import Usage

_RANGE = r"#?(\d{1,9})(?:-#?(\d{1,9}))?,?"
LONGEST_RANGE = 10_000
_INPUT = "ticketctl: numbers on standard input"
_REVISION = "ticketctl.revision"


def parse_numbers(words: Iterable[str], *, there: bool = False) -> list[int]:
    """ "17", "#17", "17-20" → [17, …] in the order given, each once; raises click.BadParameter. `there`: also a longer
    number, of another system."""
    found: dict[int, None] = {}
    for word in words:
        if there and re.fullmatch(r"#?\d{10,24}", word):
            found[int(word.removeprefix("#"))] = None
            continue
        match = re.fullmatch(_RANGE, word)
        if match is None:
            raise click.BadParameter(f"{word!r} is not a ticket number; write 17, #17 or 17-20")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= LONGEST_RANGE:
            raise click.BadParameter(f"{word!r} is not a range of at most {LONGEST_RANGE:,} tickets, lowest first")
        found.update(dict.fromkeys(range(first, last + 1)))
    return list(found)


def numbers_on_input() -> list[str]:
    """The words on standard input, where `-` stood for the tickets; `input_is_taken` knows of it afterwards."""
    click.get_current_context().meta[_INPUT] = True
    return sys.stdin.read().split()


def input_is_taken() -> bool:
    """Whether standard input held the ticket numbers, so that no text can come from there."""
    return _INPUT in click.get_current_context().meta


def remember_revision(ctx: click.Context, param: click.Parameter, value: int | None) -> None:
    """The callback of --base-revision."""
    ctx.meta[_REVISION] = value


def wanted_revision() -> int | None:
    """What --base-revision of the running command says; None where it was not given."""
    wanted: int | None = click.get_current_context().meta.get(_REVISION)
    return wanted


def must_be_one(numbers: Sequence[int]) -> None:
    """Raises Usage where a revision is given for several tickets."""
    if len(numbers) > 1 and wanted_revision() is not None:
        raise Usage("--base-revision is for one ticket", code="revision_of_several")
