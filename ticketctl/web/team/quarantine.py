"""Messages that were set aside: the list, one as it came, and what becomes of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import local, zone
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Quarantined
from ticketctl.present.words.web_quarantine import TEXTS
from ticketctl.usecases.intake.quarantine import Drop, Release, drop, look, quarantined, release
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import may, mine

pages = Blueprint("quarantine", __name__)
MOST = 200_000  # characters of a message that are shown


@pages.get("/quarantine")
@door("agent", needs="quarantine")
def page() -> str:
    return _drawn()


@pages.get("/quarantine/<aside>")
@door("agent", needs="quarantine show")
def one(aside: str) -> str:
    """That it was looked at is noted."""
    found = look(mine(), aside)
    return render_template(
        "agent/set_aside.html",
        say=speak(TEXTS),
        here="quarantine",
        one=_entry(found.item),
        text=safe(found.text[:MOST]),
        size=f"{len(found.raw):,}".replace(",", " "),
        cut=len(found.text) > MOST,
        **_may(),
    )


@pages.post("/quarantine/<aside>/release")
@door("agent", needs="quarantine release")
def let_in(aside: str) -> ResponseReturnValue:
    try:
        done = release(mine(), Release(id=aside))
    except TicketctlError as error:
        return _drawn(sentence(error, language())), status_of(error)
    if not done.ticket:
        return redirect(url_for(".page", done="known"), 303)
    return redirect(url_for("ticket.page", number=done.ticket, done="let_in"), 303)


@pages.post("/quarantine/<aside>/drop")
@door("agent", needs="quarantine drop")
def delete(aside: str) -> ResponseReturnValue:
    """Only with the box ticked: it cannot be undone."""
    if request.form.get("sure") != "on":
        return _drawn(speak(TEXTS)("not_sure")), 422
    try:
        drop(mine(), Drop(id=aside))
    except TicketctlError as error:
        return _drawn(sentence(error, language())), status_of(error)
    return redirect(url_for(".page", done="dropped"), 303)


def _drawn(wrong: str = "") -> str:
    return render_template(
        "agent/quarantine.html",
        say=speak(TEXTS),
        here="quarantine",
        entries=[_entry(one) for one in quarantined(mine())],
        wrong=wrong,
        done=request.args.get("done", ""),
        **_may(),
    )


def _entry(item: Quarantined) -> dict[str, Any]:
    where = zone(mine().config.timezone)
    return {
        "id": item.id,
        "at": local(item.at, where, language()),
        "source": line(item.source),
        "reason": line(item.reason),
        "new": item.looked_at is None,
        "withheld": item.withheld,
    }


def _may() -> dict[str, bool]:
    return {"may_release": may("quarantine release"), "may_drop": may("quarantine drop")}
