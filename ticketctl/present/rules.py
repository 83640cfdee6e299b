"""`rules test` and `rules replay` as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ticketctl.content.terminal import counted, line, width
from ticketctl.present.tables import Column, drawn, table
from ticketctl.present.trace import trace_lines
from ticketctl.present.words import say_in
from ticketctl.present.words.rules import TEXTS
from ticketctl.usecases.rules.replay import Compared
from ticketctl.usecases.rules.test import Tested

SHOWN = 20


def test_lines(results: Sequence[Tested], language: str) -> Iterator[str]:
    """A table of all tests, then each that failed with the trace of its rules."""
    say = say_in(language, TEXTS)
    if not results:
        yield say("no_tests")
        return
    rows = [
        [say("fail" if one.wrong else "pass"), line(one.test.name), line("; ".join(map(str, one.wrong)))]
        for one in results
    ]
    yield from table((Column(""), Column("", least=20), Column("", least=20, weight=2)), rows, width())[1:]
    for one in results:
        if one.wrong:
            yield f"\n{line(one.test.name)} (rules.yaml:{one.test.line})"
            yield from (f"  {line(str(wrong))}" for wrong in one.wrong)
            yield f"  {say('trace', event=one.trace.event)}"
            yield from trace_lines(one.trace, 4, width=width())
    if not any(one.wrong for one in results):
        yield say("passed_one") if len(results) == 1 else say("passed", count=len(results))


def test_json(one: Tested) -> dict[str, object]:
    return {
        "test": one.test.name,
        "line": one.test.line,
        "passed": not one.wrong,
        "differences": [msgspec.to_builtins(wrong) for wrong in one.wrong],
        "fired": [rule.id for rule in one.trace.fired],
        "rules": [
            {
                "rule": trace.rule.id,
                "line": trace.rule.line,
                "outcome": trace.outcome,
                "conditions": msgspec.to_builtins(trace.verdict),
            }
            for trace in one.trace.rules
        ],
    }


def replay_lines(found: Compared, language: str) -> Iterator[str]:
    """How many agree, by field; how often each rule would fire and did; and the first tickets that differ."""
    say = say_in(language, TEXTS)
    yield say("replayed", tickets=counted(found.tickets, "ticket"))
    if found.fields:
        heads = [say(key) for key in ("what", "same", "other", "rules_alone", "done_alone")]
        rows = [[line(what), *(str(count or "–") for count in kinds.values())] for what, kinds in found.fields.items()]
        yield from ("", *drawn(heads, rows, right=(1, 2, 3, 4)))
    if found.rules:
        rows = [[name, str(one.would), str(one.did)] for name, one in found.rules.items()]
        yield from ("", *drawn([say("rule"), say("would_fire"), say("fired")], rows, right=(1, 2)))
    differing = [one for one in found.differences if one.kind != "done alone"]
    if differing:
        cells = [[f"#{one.ticket}", line(one.what), line(one.would), line(one.was) or "–"] for one in differing[:SHOWN]]
        columns = (
            Column("#", right=True),
            Column(say("what")),
            Column(say("would_be"), least=10),
            Column(say("is"), least=10),
        )
        yield from ("", *table(columns, cells, width()))
    if len(differing) > SHOWN:
        yield say("more", count=len(differing) - SHOWN)


def replay_json(found: Compared) -> dict[str, object]:
    return {
        "tickets": found.tickets,
        "fields": {
            what: {kind.replace(" ", "_"): count for kind, count in kinds.items()}
            for what, kinds in found.fields.items()
        },
        "rules": {name: msgspec.to_builtins(one) for name, one in found.rules.items()},
        "differences": [
            {"ticket": one.ticket, "what": one.what, "would": one.would, "was": one.was, "kind": one.kind}
            for one in found.differences
        ],
    }
