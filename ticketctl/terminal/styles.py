"""How the lines that `present` makes look on a terminal, by what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from ticketctl.content.terminal import styled

if TYPE_CHECKING:
    from ticketctl.present.thread import Line

STYLES: dict[str, Callable[[str], str]] = {
    "": str,
    "title": partial(styled, bold=True),
    "head": partial(styled, bold=True),
    "note": partial(styled, fg="yellow"),
    "draft": partial(styled, fg="cyan"),
    "warning": partial(styled, fg="red"),
    "dim": partial(styled, dim=True),
}


def styled_lines(lines: Iterable[Line]) -> str:
    return "\n".join(STYLES[one.kind](one.text) for one in lines)
