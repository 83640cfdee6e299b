"""How the lines that `present` makes look on a terminal, by what they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

STYLES: dict[str, Callable[[str], str]] = {
    "": str,
    "title": partial(click.style, bold=True),
    "head": partial(click.style, bold=True),
    "note": partial(click.style, fg="yellow"),
    "draft": partial(click.style, fg="cyan"),
    "warning": partial(click.style, fg="red"),
    "dim": partial(click.style, dim=True),
}
