"""Ticket numbers and other words on one command line, as `set` and `label` take them."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import click

from ticketctl.commands.options import parse_numbers

_NUMBER = re.compile(r"#?\d+(-#?\d+)?,?")


def numbers_and_words(words: Sequence[str]) -> tuple[list[int], list[str]]:
    """The ticket numbers among `words` (`-` reads them from standard input) and the others, in order; raises
    click.BadParameter without a number."""
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    others = [word for word in words if not _NUMBER.fullmatch(word) and word != "-"]
    if "-" in words:
        numbers += sys.stdin.read().split()
    if not numbers:
        raise click.BadParameter("which ticket? Write its number first: 17, #17 or 17-20")
    return parse_numbers(numbers), others
