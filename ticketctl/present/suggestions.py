"""What ticketctl suggests and does not do, as tables and as JSON: likely duplicates, and what similar tickets had."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.content.terminal import line
from ticketctl.present.tables import Column, table
from ticketctl.usecases.tickets.merge import LikelyDuplicate

DUPLICATES = (
    Column("score", right=True),
    Column("merge", right=True),
    Column("into", right=True),
    Column("same", least=10),
    Column("subject", least=12, weight=2),
    Column("shared words", least=12, weight=2),
)


def duplicates_table(found: Sequence[LikelyDuplicate], width: int) -> list[str]:
    return table(DUPLICATES, [_row(one) for one in found], width)


def _row(one: LikelyDuplicate) -> list[str]:
    return [
        f"{one.pair.score:.2f}",
        f"#{one.pair.merge}",
        f"#{one.pair.keep}",
        ", ".join(one.pair.same),
        line(one.subject) or "(no subject)",
        line(", ".join(one.pair.words)),
    ]


def duplicate_json(one: LikelyDuplicate) -> dict[str, object]:
    return {
        "merge": one.pair.merge,
        "into": one.pair.keep,
        "score": one.pair.score,
        "same": list(one.pair.same),
        "words": list(one.pair.words),
    }
