"""The JSON shapes of `patterns --json`, for other programs. Keys may be added; those that are here stay."""

from __future__ import annotations

from datetime import timedelta

from ticketctl.domain.patterns.pattern import Pattern
from ticketctl.present.json import Json
from ticketctl.usecases.patterns.change import Renamed
from ticketctl.usecases.patterns.faq import FaqDrafted
from ticketctl.usecases.patterns.overview import PatternShown, Proposal, Row


def row_json(row: Row, proposals: tuple[Proposal, ...] = ()) -> Json:
    """`name` is never empty, and no two patterns have the same. `weeks` are the last 13, the running one last."""
    return {
        "id": f"P{row.id}",
        "name": row.name or f"P{row.id}",
        "count": row.count,
        "tickets": list(row.tickets),
        "new": row.new,
        "trend": row.trend,
        "weeks": list(row.weeks),
        "causes": dict(row.causes),
        "median_business_minutes": _minutes(row.business.median),
        "closed": row.business.n,
        "reopened": {"part": row.reopened.part, "whole": row.reopened.whole},
        "one_sender": row.one_sender,
        "hidden": row.hidden,
        "alike": [
            {"id": f"P{one.other if one.one == row.id else one.one}", "likeness": one.likeness}
            for one in proposals
            if row.id in (one.one, one.other)
        ],
    }


def shown_json(found: PatternShown) -> Json:
    examples = [{"ticket": one.ticket, "text": one.text} for one in found.examples]
    return {**row_json(found.row, found.proposals), "examples": examples}


def renamed_json(done: Renamed) -> list[Json]:
    return [_pattern_json(one) for one in done.patterns]


def _pattern_json(one: Pattern) -> Json:
    return {
        "id": f"P{one.key}",
        "name": one.name or f"P{one.key}",
        "count": one.size,
        "tickets": list(one.tickets),
        "hidden": one.hidden,
        "merged_into": f"P{one.into}" if one.into else None,
    }


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds() / 60)


def faq_json(done: FaqDrafted) -> Json:
    """`answer` and `snippet` are null where no answer has proved itself."""
    faq = done.faq
    return {
        "id": faq.id,
        "question": faq.question,
        "wordings": list(faq.wordings),
        "answer": faq.answer or None,
        "proven": faq.proven,
        "tickets": list(faq.tickets),
        "language": faq.language,
        "file": done.file,
        "snippet": done.snippet or None,
    }
