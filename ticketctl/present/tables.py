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
    The columns of a table shrink together, the widest first; one of `weight` 2 stays twice as wide as the others. Where
    that is not enough, columns with an `optional` are left out, the highest first."""

    title: str
    right: bool = False
    least: int = 0
    weight: int = 1
    optional: int = 0


_Sized = tuple[Column, list[str], list[int]]  # with its cells, and how wide each is


def table(heads: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """A line of titles, then a line a row, each at most `room` columns wide as long as the columns may shrink so far.
    Cells are safe lines (`terminal.line`), with a TAIL or without; a column that is empty in every row is left out."""
    filled = (at for at in range(len(heads)) if any(row[at] for row in rows))
    kept = _fitting([(heads[at], *_column(heads[at], [row[at] for row in rows])) for at in filled], room)
    widths = _shrunk([max(sizes) for _, _, sizes in kept], [head for head, _, _ in kept], room)
    padded = [
        _padded(cells, sizes, width, right=head.right) for (head, cells, sizes), width in zip(kept, widths, strict=True)
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


def _fitting(columns: list[_Sized], room: int) -> list[_Sized]:
    """Those that there is room for when each is as narrow as it may be."""
    while sum(_narrowest(one) for one in columns) + len(GAP) * (len(columns) - 1) > room:
        last = max(columns, key=lambda one: one[0].optional)
        if not last[0].optional:
            break
        columns = [one for one in columns if one is not last]
    return columns


def _narrowest(column: _Sized) -> int:
    head, _, sizes = column
    return min(head.least, max(sizes)) if head.least else max(sizes)


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
