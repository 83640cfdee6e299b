"""Ticket numbers and other words on one command line, as `set`, `label` and `note` take them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from ticketctl.commands.options import numbers_on_input, parse_numbers

_NUMBER = re.compile(r"#?\d+(-#?\d+)?,?")


def numbers_and_words(words: Sequence[str]) -> tuple[list[int], list[str]]:
    """The ticket numbers among `words` (`-` reads them from standard input) and the others, in order; raises
    click.BadParameter without a number."""
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    others = [word for word in words if not _NUMBER.fullmatch(word) and word != "-"]
    if "-" in words:
        numbers += numbers_on_input()
    return _parsed(numbers), others


def numbers_and_text(words: Sequence[str]) -> tuple[list[int], str | None]:
    """The tickets, and the last word as the text unless it looks like a ticket too, so that `note 13 14` never writes
    "14". A `-` before the text, or alone, reads the numbers from standard input; raises click.BadParameter."""
    alone = len(words) == 1 and words[0] == "-"
    has_text = not alone and not _NUMBER.fullmatch(words[-1])
    numbers = list(words[:-1] if has_text else words)
    if "-" in numbers:
        numbers = [word for word in numbers if word != "-"] + numbers_on_input()
    return _parsed(numbers), words[-1] if has_text else None


def _parsed(numbers: list[str]) -> list[int]:
    if not numbers:
        raise click.BadParameter("which ticket? Write its number first: 17, #17 or 17-20")
    return parse_numbers(numbers)
