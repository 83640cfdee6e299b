"""What changed on somebody's tickets since they last looked."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.ticket.news import Look, News, news
from ticketctl.errors import NextStep, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import away
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session
from ticketctl.usecases.shown import shown
from ticketctl.usecases.views.board import unseen_in_quarantine


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """`news` by ticket; `since` is when they last looked (None: never). `quarantined` counts mails in quarantine that
    nobody has looked at; for administrators."""

    news: tuple[News, ...]
    since: datetime | None
    quarantined: int = 0


def inbox(session: Session, *, keep: bool = True) -> Inbox:
    """What is shown is old the next time; with `keep=False` it stays new. Raises Refused for cron, which has none."""
    session.must("inbox", keep=keep)
    if session.actor == "system":
        step = NextStep("inbox", then="shows an agent’s", given={"as": "AGENT"})
        raise Refused("system has no inbox", code="system_has_no_inbox", next_step=step)
    key = f"inbox {session.actor}"
    with (
        session.store.transaction() if keep else session.store.reading() as desk
    ):  # who only peeks keeps nobody waiting
        remembered = desk.recall(key)
        last = msgspec.json.decode(remembered, type=Look) if remembered else None
        covered = [name for name, stand_in in away(session).items() if stand_in == session.actor]
        found, look = news(session.actor, desk.find(), last, session.now, covered)
        if keep:
            desk.remember(key, msgspec.json.encode(look).decode())
        whole = tuple(News(shown(session, desk.get(one.ticket.number)), one.events) for one in found)
        quarantined = _quarantined(session, desk)
    if whole:
        note_reading(session, "inbox", *(one.ticket for one in whole))
    return Inbox(news=whole, since=last.at if last else None, quarantined=quarantined)


def _quarantined(session: Session, desk: Desk) -> int:
    """For administrators; where nobody is one, for all who work here."""
    team = [agent for agent in session.config.team if agent.role != "viewer"]
    administrators = [agent.name for agent in team if agent.role == "admin"] or [agent.name for agent in team]
    return unseen_in_quarantine(desk) if session.actor in administrators else 0
