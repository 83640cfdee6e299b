"""Why a rule fired or did not: each condition with what it expects and what there was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

import msgspec

from ticketctl.content.terminal import line, shortened
from ticketctl.content.times import local
from ticketctl.domain.rules.conditions import Verdict
from ticketctl.domain.rules.rules import RuleTrace, Trace
from ticketctl.domain.ticket.ticket import Reason, RuleRun
from ticketctl.present.words import Say, say_in, spoken
from ticketctl.present.words.explain import TEXTS
from ticketctl.usecases.views.explain import Explained


class TraceLayout(msgspec.Struct, frozen=True):
    """`width` in terminal columns: longer lines are cut."""

    width: int
    zone: tzinfo
    language: str = "en"

    @property
    def say(self) -> Say:
        return say_in(self.language, TEXTS)

    @property
    def spoken(self) -> str:
        return spoken(self.language, TEXTS)


def explained_lines(explained: Explained, layout: TraceLayout) -> Iterator[str]:
    """Why each message is in the ticket, what its rules decided then, and what they find now."""
    ticket, trace, say = explained.ticket, explained.trace, layout.say
    yield f"#{ticket.number}  {line(ticket.subject)}"
    yield f"\n{say('messages')}"
    for message in ticket.messages:
        at = local(message.at, layout.zone, layout.spoken)
        yield f"  {message.key:4} {at}  {line(message.why or message.kind)}"
    if ticket.rule_runs:
        yield f"\n{say('decided')}"
        for run in ticket.rule_runs:
            yield from _run_lines(run, layout)
    head = say("rules" if trace.message else "rules_of_ticket", event=trace.event, message=trace.message)
    yield f"\n{head}"
    concerned = [one for one in trace.rules if one.outcome != "other event"]
    for one in concerned:
        times = [local(run.at, layout.zone, layout.spoken) for run in ticket.fired if run.rule == one.rule.id]
        yield f"  {_rule(one, _outcome_now(one, times, say), say)}"
        if one.verdict is not None:
            yield from _verdict_lines(one.verdict, 4, layout.width, say)
    if not concerned:
        yield f"  {say('no_rules')}"


def trace_lines(trace: Trace, indent: int = 2, *, width: int = 100) -> Iterator[str]:
    """Every rule that the event concerns, with what became of it, in English."""
    say = say_in("en", TEXTS)
    for one in trace.rules:
        if one.outcome != "other event":
            yield f"{' ' * indent}{_rule(one, say(f'outcome_{one.outcome}'), say)}"
            if one.verdict is not None:
                yield from _verdict_lines(one.verdict, indent + 2, width, say)


def _rule(one: RuleTrace, outcome: str, say: Say) -> str:
    return say("rule", rule=one.rule.id, line=one.rule.line, outcome=outcome)


def _outcome_now(one: RuleTrace, times: Sequence[str], say: Say) -> str:
    """What became of a rule, or would: one fires once, and `times` are when."""
    if times:
        return say("fired", times=", ".join(times))
    return say("would_fire" if one.outcome == "fired" else f"outcome_{one.outcome}")


def _verdict_lines(verdict: Verdict, indent: int, width: int, say: Say) -> Iterator[str]:
    """The condition and, deeper, its parts."""
    expected = shortened(line(verdict.expected), 50)
    yield shortened(" " * indent + _condition(verdict.held, verdict.what, expected, verdict.actual, say), width)
    for part in verdict.parts:
        yield from _verdict_lines(part, indent + 4, width, say)


def _condition(held: bool, what: str, expected: str, actual: str, say: Say) -> str:
    """ "yes text any_word ligger nere: “ligger nere” found" """
    there = f": {line(actual)}" if actual else ""
    condition = f"{what} {expected}".rstrip()
    return f"{say('yes' if held else 'no')} {condition}{there}"


def _run_lines(run: RuleRun, layout: TraceLayout) -> Iterator[str]:
    """What the rules decided at an event, as the ticket remembers it."""
    say = layout.say
    yield f"  {local(run.at, layout.zone, layout.spoken)}  {run.event} {run.message}".rstrip()
    for one in run.rules:
        outcome = say(f"outcome_{one.outcome}") if f"outcome_{one.outcome}" in TEXTS["en"] else line(one.outcome)
        yield f"    {line(one.rule)}: {outcome}"
        for reason in one.reasons:
            yield shortened(f"      {_reason(reason, say)}", layout.width)
    yield from (shortened(f"    {line(sentence)}", layout.width) for sentence in run.kept)


def _reason(one: Reason, say: Say) -> str:
    return _condition(one.held, one.what, line(one.expected), one.actual, say)
