"""Past answers to a like question, for reading: ticket, likeness, age, shared words, and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ticketctl.content.terminal import folded, line, safe
from ticketctl.content.times import age
from ticketctl.content.words import percent
from ticketctl.present.thread import Line, ThreadLayout
from ticketctl.present.words import say_in
from ticketctl.present.words.past_answers import TEXTS

if TYPE_CHECKING:
    from ticketctl.domain.reply.answers import PastAnswer

INDENT = "     "
MOST_LINES = 12  # of one answer; the ticket has the rest


def answer_lines(answers: Sequence[PastAnswer], layout: ThreadLayout) -> Iterator[Line]:
    """Numbered, the most alike first; a line that says so where there are none."""
    say = say_in(layout.language, TEXTS)
    if not answers:
        yield Line(say("none"))
        return
    yield Line(say("title"), "head")
    for number, one in enumerate(answers, 1):
        facts = [f"#{one.ticket}", percent(one.likeness, layout.language), age(one.at, layout.now, layout.language)]
        facts.append(line(", ".join(one.words)) or say("no_words"))
        yield from _wrapped(" · ".join(facts), layout.width, first=f"{number:3}  ", kind="head")
        if one.also:
            yield from _wrapped(say("also", tickets=", ".join(f"#{other}" for other in one.also)), layout.width)
        rows = [row for part in safe(one.text).splitlines() for row in folded(part, layout.width, INDENT)]
        for row in rows[:MOST_LINES]:
            yield Line(row)
        if len(rows) > MOST_LINES:
            yield from _wrapped(say("more", count=len(rows) - MOST_LINES, number=one.ticket), layout.width, kind="dim")


def _wrapped(text: str, width: int, *, first: str = INDENT, kind: str = "") -> Iterator[Line]:
    for row in folded(text, width, INDENT, first):
        yield Line(row, kind)
