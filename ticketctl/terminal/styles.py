"""How the lines that `present` makes look on a terminal, by what they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ticketctl.content.terminal import styled

STYLES: dict[str, Callable[[str], str]] = {
    "": str,
    "title": partial(styled, bold=True),
    "head": partial(styled, bold=True),
    "note": partial(styled, fg="yellow"),
    "draft": partial(styled, fg="cyan"),
    "warning": partial(styled, fg="red"),
    "dim": partial(styled, dim=True),
}
