"""Aligned columns.

`drawn` is tabulate's, for tables that are printed whole. `table` is for the commands that must start fast, and for what
customers wrote: `import tabulate` takes 22 ms beside 31 ms for click, a third of what `list` may take in all (median of
12 processes); it does not fit a table to the terminal, and counts 中 and 👍 as one column unless wcwidth is there.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import msgspec

from ticketctl.content.terminal import columns, shortened

GAP = "  "
TAIL = "\t"  # in a cell: what follows keeps its place when the cell is cut, as long as it takes no more than half


class Column(msgspec.Struct, frozen=True):
    """`right` aligns figures. `least` > 0 lets the column shrink down to so many terminal columns when room is short.
    The columns of a table shrink together, the widest first; one of `weight` 2 stays twice as wide as the others."""

    title: str
    right: bool = False
    least: int = 0
    weight: int = 1


def table(heads: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """A line of titles, then a line a row, each at most `room` columns wide as long as the columns may shrink so far.
    Cells are safe lines (`terminal.line`), with a TAIL or without; a column that is empty in every row is left out."""
    kept = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    drawn = [_column(heads[at], [row[at] for row in rows]) for at in kept]
    widths = _shrunk([max(sizes) for _, sizes in drawn], [heads[at] for at in kept], room)
    padded = [
        _padded(cells, sizes, width, right=heads[at].right)
        for at, (cells, sizes), width in zip(kept, drawn, widths, strict=True)
    ]
    return [GAP.join(cells).rstrip() for cells in zip(*padded, strict=True)] or [""]


def drawn(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Container[int] = ()) -> list[str]:
    """A line of titles, then a line a row; the columns numbered in `right` are figures. Cells are safe lines."""
    from tabulate import tabulate

    aligned = ["right" if at in right else "left" for at in range(len(heads))]
    return tabulate(rows, heads, tablefmt="plain", colalign=aligned, disable_numparse=True).splitlines()


def _column(head: Column, cells: list[str]) -> tuple[list[str], list[int]]:
    """Title and cells, and how wide each is."""
    whole = [head.title, *cells]
    return whole, [columns(cell.replace(TAIL, GAP)) for cell in whole]


def _shrunk(widths: list[int], heads: Sequence[Column], room: int) -> list[int]:
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    for _ in range(over):
        able = [at for at, head in enumerate(heads) if head.least and widths[at] > head.least]
        if not able:
            break
        widths[max(able, key=lambda at: widths[at] / heads[at].weight)] -= 1
    return widths


def _padded(cells: list[str], sizes: list[int], width: int, *, right: bool) -> list[str]:
    padded = []
    for cell, size in zip(cells, sizes, strict=True):
        if size > width:
            cell = _cut(cell, width)
            size = columns(cell)
        cell = cell.replace(TAIL, GAP)
        blank = " " * (width - size)
        padded.append(blank + cell if right else cell + blank)
    return padded


def _cut(cell: str, width: int) -> str:
    head, _, tail = cell.partition(TAIL)
    room = width - columns(tail) - len(GAP)
    if not tail or room < width // 2:
        return shortened(cell.replace(TAIL, GAP), width)
    return f"{shortened(head, room)}{GAP}{tail}"
