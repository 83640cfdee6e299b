"""`ticketctl inbox`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.content.terminal import as_json, line, shortened, width
from ticketctl.content.times import age, local, zone
from ticketctl.domain.ticket.news import Look, News, news
from ticketctl.errors import Refused
from ticketctl.present.board import aside_told
from ticketctl.present.sentences import sentence
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import away, note_reading

SHOWN = 5


@click.command
@click.option("--peek", is_flag=True, help="Show it, and show it again next time.")
@click.pass_obj
def command(shell: Shell, peek: bool) -> None:
    """Show what changed on your tickets since you last looked.

    What customers wrote, and what colleagues, rules and escalation did, ticket by ticket; what you did yourself is
    left out. A ticket that was taken from you shows once more. So does what you `watch`, a note that names you
    (@alice), and the tickets of somebody away for whom you stand in. Each thing is shown once; --peek leaves it as new.
    Administrators are told of mails in quarantine until somebody has looked at them.

    \b
    Examples:
      ticketctl inbox
      ticketctl inbox --peek
    """
    if shell.session.actor == "system":
        raise Refused("system has no inbox; `ticketctl --as AGENT inbox` says whose")
    key = f"inbox {shell.session.actor}"
    with shell.session.store.transaction(keep=not peek) as desk:
        remembered = desk.recall(key)
        last = msgspec.json.decode(remembered, type=Look) if remembered else None
        covered = [name for name, stand_in in away(shell.session).items() if stand_in == shell.session.actor]
        found, look = news(shell.session.actor, desk.find(), last, shell.session.now, covered)
        desk.remember(key, msgspec.json.encode(look).decode())
        whole = [News(desk.get(one.ticket.number), one.events) for one in found]
        aside = (
            sum(one.looked_at is None for one in desk.quarantined())
            if shell.session.actor in _administrators(shell)
            else 0
        )
    if aside:
        shape: dict[str, object] = {"ticket": None, "subject": None, "events": [], "quarantine": aside}
        shell.say(as_json(shape) if shell.json else shortened(aside_told(aside), width()))
    for one in whole:
        note_reading(shell.session, "inbox", one.ticket.number)
        shell.say(as_json(_shape(one)) if shell.json else "\n".join(_lines(shell, one)))
    if not whole and not aside and not shell.json:
        since = f" since {local(last.at, zone(shell.session.config.timezone))}" if last else ""
        shell.say(f"Nothing new on your tickets{since}.")


def _administrators(shell: Shell) -> list[str]:
    """Their names; where nobody is one, of all who work here."""
    team = [agent for agent in shell.session.config.team if agent.role != "viewer"]
    return [agent.name for agent in team if agent.role == "admin"] or [agent.name for agent in team]


def _lines(shell: Shell, one: News) -> list[str]:
    ticket = one.ticket
    facts = [ticket.status, ticket.priority, f"{ticket.assignee or 'nobody'}’s"]
    lines = [f"#{ticket.number} {line(ticket.subject) or '(no subject)'} ({', '.join(facts)})"]
    if len(one.events) > SHOWN:
        lines.append(f"  … {len(one.events) - SHOWN} earlier: `ticketctl show {ticket.number} --history`")
    for event in one.events[-SHOWN:]:
        told = sentence(ticket, event, shell.session.actor, zone(shell.session.config.timezone))
        lines.append(shortened(f"  {age(event.at, shell.session.now):>4}  {told}", width()))
    return lines


def _shape(one: News) -> dict[str, object]:
    from ticketctl.present.json import instant

    events = [
        {
            "at": instant(event.at),
            "actor": event.actor,
            "what": event.what,
            "before": event.before or None,
            "after": event.after or None,
            "why": event.why or None,
        }
        for event in one.events
    ]
    return {"ticket": one.ticket.number, "subject": one.ticket.subject, "events": events}
