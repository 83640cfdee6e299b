"""Why a rule fired or did not: each condition with what it expects and what there was."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import line, shortened, width
from ticketctl.domain.rules.conditions import Verdict
from ticketctl.domain.rules.rules import Trace
from ticketctl.domain.ticket.ticket import RuleRun

OUTCOME = {
    "stopped": "an earlier rule stops before it",
    "not met": "not met",
    "left alone": "left alone: it waits for a day that was named, or on a promise of ours",
}


def verdict_lines(verdict: Verdict, indent: int) -> Iterator[str]:
    """The condition and, deeper, its parts, each cut to the terminal's width."""
    mark = "yes" if verdict.held else "no "
    there = f": {line(verdict.actual)}" if verdict.actual else ""
    asked = f"{verdict.what} {shortened(line(verdict.expected), 50)}".rstrip()
    yield shortened(f"{' ' * indent}{mark} {asked}{there}", width())
    for part in verdict.parts:
        yield from verdict_lines(part, indent + 4)


def trace_lines(trace: Trace, indent: int = 2) -> Iterator[str]:
    """Every rule that the event concerns, with what became of it."""
    for one in trace.rules:
        if one.outcome == "other event":
            continue
        yield f"{' ' * indent}{one.rule.id} (rules.yaml:{one.rule.line}): {OUTCOME.get(one.outcome, one.outcome)}"
        if one.verdict is not None:
            yield from verdict_lines(one.verdict, indent + 2)


def run_lines(run: RuleRun, when: str, indent: int = 2) -> Iterator[str]:
    """What the rules decided at an event, as the ticket remembers it; `when` is its time, in words."""
    yield f"{' ' * indent}{when}  {run.event} {run.message}".rstrip()
    for one in run.rules:
        yield f"{' ' * (indent + 2)}{line(one.rule)}: {OUTCOME.get(one.outcome, one.outcome)}"
        for reason in one.reasons:
            there = f": {line(reason.actual)}" if reason.actual else ""
            asked = f"{reason.what} {line(reason.expected)}".rstrip()
            yield shortened(f"{' ' * (indent + 4)}{'yes' if reason.held else 'no '} {asked}{there}", width())
    yield from (shortened(f"{' ' * (indent + 2)}{line(sentence)}", width()) for sentence in run.kept)
