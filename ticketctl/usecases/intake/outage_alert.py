"""When a source fails twice in a row the administrators get a mail, once, and another when it works again.

One failure alone is a server that was restarted. The mail goes through the outbox like any other; where nothing can
be sent either, it waits there, and what `fetch` prints, `doctor` and the missing heartbeat show the trouble.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ticketctl.content.outage import Down
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

SILENT_AFTER = timedelta(hours=24)
NOTIFY_AFTER = 2  # polls that failed, one after the other


class _Outage(msgspec.Struct, frozen=True, omit_defaults=True):
    since: datetime
    polls: int = 0
    notified: bool = msgspec.field(default=False, name="told")


def note_poll(session: Session, desk: Desk, source: str, error: str) -> str:
    """Remembers how a poll of the source ended ("" is well), and queues a notice where it is time. Returns a line that
    says so, or why there is none; "" where it is not time. Sources of the command line are whoever's who typed them."""
    if source not in {one.name for one in session.config.fetched}:
        return ""
    key = f"outage {source}"
    before = desk.recall(key)
    outage = msgspec.json.decode(before, type=_Outage) if before else _Outage(session.now)
    if not error:
        desk.remember(key, "")
        return _notify(session, desk, source, outage, "")[1] if outage.notified else ""
    outage = msgspec.structs.replace(outage, polls=outage.polls + 1)
    line = ""
    if outage.polls >= NOTIFY_AFTER and not outage.notified:
        queued, line = _notify(session, desk, source, outage, error)
        outage = msgspec.structs.replace(outage, notified=queued)
    desk.remember(key, msgspec.json.encode(outage).decode())
    return line


def mailboxes_down(session: Session, desk: Desk) -> list[Down]:
    """The sources of rules.yaml whose last poll failed, and those that nobody has polled for a day."""
    found = []
    for source in session.config.fetched:
        run, known = desk.run(f"fetch {source.name}"), desk.recall(f"outage {source.name}")
        if run is None:
            continue
        if run.detail:
            failing = msgspec.json.decode(known, type=_Outage).since if known else run.at
            found.append(Down(source.name, failing if run.ok_at else None, run.detail))
        elif run.at < session.now - SILENT_AFTER:
            found.append(Down(source.name, run.at, ""))
    return found


def administrators(session: Session) -> list[str]:
    """Their addresses; where nobody is one, of all who work here."""
    team = [agent for agent in session.config.team if agent.role != "viewer"]
    return [agent.email for agent in team if agent.role == "admin"] or [agent.email for agent in team]


def _notify(session: Session, desk: Desk, source: str, outage: _Outage, error: str) -> tuple[bool, str]:
    """Whether a notice is queued, and a line about it. Nothing that is wrong with the notice may keep mail from being
    fetched."""
    from ticketctl.content.outage import down, up
    from ticketctl.usecases.outgoing.push import remember_push
    from ticketctl.usecases.outgoing.queue import queue_notice

    pushed = remember_push(session, desk, "source_down" if error else "source_up", source)
    to = administrators(session)
    if session.config.outgoing is None or not to:
        return pushed, ""
    config, since = session.config, outage.since
    subject, body = down(config, source, since, error) if error else up(config, source, since, session.now)
    try:
        queue_notice(session, desk, to, subject, body, "notification")
    except TicketctlError as failure:
        return pushed, f"{source}: nobody could be notified: {failure}"
    how = "fails again and again" if error else "works again"
    return True, f"{source}: {how}; {', '.join(to)} gets a mail"
