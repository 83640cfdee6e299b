"""`ticketctl away`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_agents
from ticketctl.content.terminal import as_json
from ticketctl.domain.settings.absences import OPEN_END
from ticketctl.domain.settings.settings import Away
from ticketctl.errors import Usage
from ticketctl.present.words import away as words
from ticketctl.present.words import say_in
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.absences import SetAway, coming, set_away, today


@click.command
@click.argument("name", required=False, metavar="[AGENT", shell_complete=complete_agents)
@click.argument("days", nargs=-1, metavar="[FROM [TO]]]")
@click.option("--deputy", metavar="AGENT", help="The deputy.", shell_complete=complete_agents)
@click.option("--back", is_flag=True, help="They are back.")
@click.pass_obj
def command(shell: Shell, name: str | None, days: tuple[str, ...], deputy: str | None, back: bool) -> None:
    """Say who is away, until when, and who their deputy is.

    AGENT is a name of `team:`, or `me`. FROM and TO are days (2026-12-24, 24 december, tomorrow, fredag nästa
    vecka), both included, with `to` or `till` between them if you like. Without them it is from today until
    further notice; a later call replaces an earlier one. With only one colleague you need not name the deputy.
    While somebody is away, nobody gives them tickets, and the deputy gets their notices (see `away` in
    docs/rules.md). Absences in rules.yaml count as well. Without AGENT it shows who is away, or will be.

    \b
    Example:
      ticketctl away bo
      ticketctl away me tomorrow 2026-12-01 --deputy alice
      ticketctl away bo 21 december till 6 januari
      ticketctl away bo --back
    """
    say = say_in(shell.language, words.TEXTS)
    if name is None:
        if deputy or back:
            raise Usage(say("who"))
        return _show(shell)
    if back and (days or deputy):
        raise Usage(say("back_alone"))
    done = set_away(shell.session, SetAway(agent=name, days=" ".join(days), deputy=deputy, back=back))
    if shell.json:
        return shell.say(as_json(_shape(done.agent, done.away)))
    if done.away is None:
        return shell.say(say("here", agent=done.agent))
    shell.say(words.away_line(done.agent, done.away, today(shell.session), shell.language))
    if done.open_tickets:
        shell.say(words.left_line(done.agent, done.away, done.open_tickets, shell.language))
    return None


def _show(shell: Shell) -> None:
    """Who is away today or later, in the order of the team and of time."""
    found, now = coming(shell.session), today(shell.session)
    for name, away in found:
        line = words.away_line(name, away, now, shell.language)
        shell.say(as_json(_shape(name, away)) if shell.json else line)
    if not found and not shell.json:
        shell.say(say_in(shell.language, words.TEXTS)("nobody"))


def _shape(name: str, away: Away | None) -> dict[str, object]:
    if away is None:
        return {"agent": name, "away": False}
    end = None if away.end == OPEN_END else f"{away.end}"
    return {"agent": name, "away": True, "from": f"{away.start}", "to": end, "deputy": away.deputy or None}
