"""The likely duplicates of a ticket, each with a button that merges."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from ticketctl.content.terminal import line
from ticketctl.present.words.web_ticket import TEXTS
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.usecases.tickets.merge import LikelyDuplicate, suggest_merges
from ticketctl.web.doors import door
from ticketctl.web.language import speak
from ticketctl.web.team.guard import may, mine

pages = Blueprint("duplicates", __name__)


@pages.get("/tickets/<ticket:number>/duplicates")
@door("agent", needs="suggest_merges")
def page(number: int) -> str:
    found = suggest_merges(mine(), (number,))
    return render_template(
        "agent/duplicates.html",
        say=speak(TEXTS),
        here="ticket",
        number=number,
        found=[_likely(one, number) for one in found],
        may_merge=may("merge"),
    )


def _likely(one: LikelyDuplicate, number: int) -> dict[str, Any]:
    pair = one.pair
    other = pair.merge if pair.keep == number else pair.keep
    return {
        "other": other,
        "keep": pair.keep,
        "merge": pair.merge,
        "subject": line(stored_ticket(mine(), other).subject),
        "score": f"{pair.score:.0%}".replace("%", " %"),
        "words": ", ".join(map(line, pair.words)),
    }
