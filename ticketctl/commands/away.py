"""`ticketctl away`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import complete_agents
from ticketctl.content.terminal import as_json
from ticketctl.domain.deadlines.date_words import span
from ticketctl.domain.settings.absences import OPEN_END, current
from ticketctl.domain.settings.settings import Agent, Away
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.errors import Refused, Usage
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.absences import FACT, coming, today, told
from ticketctl.usecases.people import act, agent_named


@click.command
@click.argument("name", required=False, metavar="[AGENT", shell_complete=complete_agents)
@click.argument("days", nargs=-1, metavar="[FROM [TO]]]")
@click.option("--deputy", metavar="AGENT", help="Who stands in.", shell_complete=complete_agents)
@click.option("--back", is_flag=True, help="They are here again.")
@click.pass_obj
def command(shell: Shell, name: str | None, days: tuple[str, ...], deputy: str | None, back: bool) -> None:
    """Say who is away, until when, and who stands in.

    AGENT is a name of `team:`, or `me`. FROM and TO are days (2026-12-24, 24 december, tomorrow, fredag nästa vecka),
    both included, with `to` or `till` between them if you like: from today and until further notice where they are
    left out; a later call takes the place of an earlier one. Who stands in
    need not be named where there is only one other. While they are away nobody gives them tickets, and who stands in
    is told what would have been told them: docs/rules.md, at `away`. What rules.yaml says there counts as well.
    Without AGENT it shows who is away, or will be, to viewers too.

    \b
    Example:
      ticketctl away bo
      ticketctl away me tomorrow 2026-12-01 --deputy alice
      ticketctl away bo 21 december till 6 januari
      ticketctl away bo --back
    """
    if name is None:
        if deputy or back:
            raise Usage("who? Write the name, or me: `ticketctl away bo`")
        _show(shell)
        return
    acting = act(shell.session, "away")
    agent = agent_named(shell.session, name)
    found = None if back else _absence(shell, agent, days, deputy)
    if back:
        _must_be_told(shell, agent, " ".join(days) or deputy)
    with shell.session.store.transaction() as desk:
        desk.remember(f"{FACT}{agent.name}", msgspec.json.encode(found).decode() if found else "")
        left = sum(1 for _ in desk.find(Query(statuses=ACTIVE.statuses, assignee=agent.name)))
    shell.session.audit.record(
        at=shell.session.now, actor=acting.actor, action="away", why=f"{agent.name}{' back' if back else ''}"
    )
    if shell.json:
        shell.say(as_json(_shape(agent.name, found)))
        return
    shell.say(f"{agent.name} {told(shell.session, found)}" if found else f"{agent.name} is here again")
    if found and left:
        whom = found.deputy or "AGENT"
        tickets = "1 ticket that is not closed stays" if left == 1 else f"{left} tickets that are not closed stay"
        shell.say(f"{tickets} theirs; `ticketctl handover {agent.name} {whom}` hands over")


def _absence(shell: Shell, agent: Agent, words: tuple[str, ...], deputy: str | None) -> Away:
    """Raises Usage, Refused."""
    first, last = (
        span(" ".join(words), shell.session.now, shell.session.config.hours) if words else (today(shell.session), None)
    )
    last = last or OPEN_END
    if last < first:
        raise Usage(f"{last} is before {first}")
    return Away(first, last, _deputy(shell, agent, deputy))


def _deputy(shell: Shell, agent: Agent, word: str | None) -> str:
    others = [one for one in shell.session.config.team if one.role != "viewer" and one.name != agent.name]
    if word is None:
        return others[0].name if len(others) == 1 else ""
    found = agent_named(shell.session, word)
    if found == agent:
        raise Refused(f"{agent.name} cannot stand in for themselves")
    if found.role == "viewer":
        raise Refused(f"{found.name} is a viewer and cannot be given tickets; `role: agent` in team: would allow it")
    return found.name


def _must_be_told(shell: Shell, agent: Agent, more: str | None) -> None:
    if more:
        raise Usage("--back takes nothing beside the name")
    if agent.name in shell.session.absences:
        return
    if current(agent, today(shell.session)):
        raise Refused(f"rules.yaml says that {agent.name} is away; change `away:` there")
    raise Refused(f"{agent.name} is not away")


# --- saying it ---


def _show(shell: Shell) -> None:
    """Who is away today or later, in the order of the team and of time."""
    found = coming(shell.session)
    for name, away in found:
        shell.say(as_json(_shape(name, away)) if shell.json else f"{name} {told(shell.session, away)}")
    if not found and not shell.json:
        shell.say("Nobody is away.")


def _shape(name: str, away: Away | None) -> dict[str, object]:
    if away is None:
        return {"agent": name, "away": False}
    end = None if away.end == OPEN_END else f"{away.end}"
    return {"agent": name, "away": True, "from": f"{away.start}", "to": end, "deputy": away.deputy or None}
