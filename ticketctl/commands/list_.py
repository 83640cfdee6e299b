"""`ticketctl list`"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time

import click
from msgspec import structs

from ticketctl.commands.options import complete_agents, complete_fields, complete_labels
from ticketctl.content.terminal import as_json, height, line, shortened, styled, width
from ticketctl.content.times import age, ahead, zone
from ticketctl.domain.deadlines.work_order import Standing
from ticketctl.domain.ticket.query import Query, fold
from ticketctl.domain.ticket.ticket import PRIORITIES, STATUSES, Priority, Status, Ticket
from ticketctl.errors import Usage
from ticketctl.present.tables import TAIL, Column, table
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.reply.presence import writers
from ticketctl.usecases.views.next_due import in_order

COLUMNS = (
    Column("#", right=True),
    Column("prio"),
    Column("status"),
    Column("due", right=True),
    Column("owner", least=6),
    Column("requester", least=10),
    Column("subject", least=16, weight=2),
    Column("age", right=True),
)
ROUND_IT = 4  # lines of a screen that are not tickets: title, what is left out, two prompts
ACTIVE: tuple[Status, ...] = ("new", "open", "waiting")


@click.command
@click.option("--mine", is_flag=True, help="Only those that are yours.")
@click.option("--unassigned", is_flag=True, help="Only those that nobody owns.")
@click.option("--owner", metavar="AGENT", shell_complete=complete_agents, help="Only those of an agent.")
@click.option("--overdue", is_flag=True, help="Only those past a deadline.")
@click.option("--waiting", is_flag=True, help="Only those that wait for the customer.")
@click.option("--status", multiple=True, type=click.Choice(STATUSES), help="Of that status; may be repeated.")
@click.option("--priority", multiple=True, type=click.Choice(PRIORITIES), help="Of that priority; may be repeated.")
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option(
    "--field",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=complete_fields,
    help="Only with that field; all, if repeated.",
)
@click.option("--from", "requester", default="", metavar="TEXT", help="Only of a requester: name, address, or part.")
@click.option("--search", default="", metavar="WORDS", help="Only with all these words, anywhere in it.")
@click.option("--after", default="", metavar="DAY", help="Only what began on that day or later.")
@click.option("--before", default="", metavar="DAY", help="Only what began before that day.")
@click.option("--all", "everything", is_flag=True, help="Closed and archived ones too.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@click.pass_obj
def command(
    shell: Shell,
    mine: bool,
    unassigned: bool,
    owner: str | None,
    overdue: bool,
    waiting: bool,
    status: tuple[Status, ...],
    priority: tuple[Priority, ...],
    label: tuple[str, ...],
    field: tuple[str, ...],
    requester: str,
    search: str,
    after: str,
    before: str,
    everything: bool,
    limit: int | None,
) -> None:
    """List tickets, what to do next first.

    Overdue ones come first, then what is due soonest, then by priority; what waits for us stands before what waits
    for the customer, older before newer. A due time with a p behind it was promised in a reply. Closed tickets are left
    out unless --all or --status closed asks for them; `ticketctl search WORDS` looks among all.

    --search looks for all its words in number, subject, texts and notes, people, fields, labels, cause, lesson and
    file names. å matches å and, where nothing else does, a; a telephone number is found in any spelling. --after and
    --before take a day (2026-11-01, november, måndag, förra veckan), that looks back.

    On a terminal as many are shown as fit on the screen, with a count of the others; --limit shows more.

    With --json one ticket a line, in the shape of `export` without messages and events, and with due_at, overdue and
    promised_at.

    \b
    Examples:
      ticketctl list --mine --overdue
      ticketctl list --search "faktura öberg" --all
    """
    if waiting and status:
        raise Usage("--waiting is --status waiting; give one of them")
    if sum((mine, unassigned, owner is not None)) > 1:
        raise Usage("give one of --mine, --unassigned and --owner")
    query = Query(
        statuses=frozenset(("waiting",) if waiting else status or (STATUSES if everything else ACTIVE)),
        assignee=shell.session.actor if mine else "" if unassigned else _owner(shell, owner),
        priorities=frozenset(priority) or None,
        labels=_labels(shell, label),
        fields=_fields(shell, field),
        search=search,
        opened_from=_midnight(shell, after),
        opened_to=_midnight(shell, before),
    )
    with shell.session.store.reading() as desk:
        found = in_order(shell.session, _by(requester, desk.find(query, archive=everything)))
        if search and not found:  # å matches å; where nothing else does, a too
            loose = structs.replace(query, loose=True)
            found = in_order(shell.session, _by(requester, desk.find(loose, archive=everything)))
    found = [one for one in found if one.overdue or not overdue]
    where = ("any" if everything else "open") if search else ""
    _say(shell, found[: limit or _screen(shell)], found, asked=query != _PLAIN or overdue, searched=where)


_PLAIN = Query(statuses=frozenset(ACTIVE))


def _midnight(shell: Shell, words: str) -> datetime | None:
    """When that day begins; None where none is named. Raises Usage."""
    if not words:
        return None
    from ticketctl.domain.deadlines.date_words import past_day

    found = past_day(words, shell.session.now, shell.session.config.hours)
    return datetime.combine(found, time(), zone(shell.session.config.timezone))


def _owner(shell: Shell, word: str | None) -> str | None:
    """An agent's name; without `team:` in rules.yaml any word is one."""
    if word is None or not shell.session.config.team:
        return word
    from ticketctl.usecases.people import agent_named

    return agent_named(shell.session, word).name


def _labels(shell: Shell, words: tuple[str, ...]) -> frozenset[str]:
    if not words:
        return frozenset()
    from ticketctl.usecases.fields import checked_labels

    return frozenset(checked_labels(shell.session.config, words))


def _fields(shell: Shell, words: Iterable[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise Usage(f"--field {name!r}: write NAME=VALUE, as in --field category=betalning")
    if pairs:
        from ticketctl.usecases.fields import field_named

        return {field_named(shell.session.config, name).name: value for name, _, value in pairs}
    return {}


def _by(requester: str, tickets: Iterable[Ticket]) -> Iterator[Ticket]:
    wanted = fold(requester)
    return (one for one in tickets if not wanted or wanted in fold(f"{one.requester.name} {one.requester.address}"))


def _screen(shell: Shell) -> int | None:
    """How many fit on the screen, so that the most urgent do not leave it; None where it is not a person who reads."""
    return max(10, height() - ROUND_IT) if shell.tty and not shell.json else None


def _say(shell: Shell, found: list[Standing], whole: list[Standing], *, asked: bool, searched: str = "") -> None:
    left_out = len(whole) - len(found)
    if shell.json and found:
        shell.say("\n".join(as_json(_shape(one)) for one in found))
    elif shell.json:
        return
    elif not found:
        shell.say(_nothing(asked, searched))
    else:
        writing = {one.number: f"{line(one.agent)} is writing: " for one in writers(shell.session)}
        title, *lines = table(COLUMNS, [_row(one, writing.get(one.ticket.number, "")) for one in found], width())
        coloured = [_coloured(one, text) for one, text in zip(found, lines, strict=True)]
        shell.say("\n".join([styled(title, dim=True), *coloured]))
        if left_out:
            shell.say(shortened(_more(left_out, found, whole), width()))


def _more(left_out: int, found: list[Standing], whole: list[Standing]) -> str:
    """What is not shown, and how to see it."""
    late, hidden = sum(one.overdue for one in whole), sum(one.overdue for one in whole[len(found) :])
    overdue = f", {hidden} of them overdue" if hidden else f"; all {late} overdue are above" if late else ""
    how = f"`list --limit {len(whole)}`, or `--mine`, `--overdue`, `--search`"
    return f"… and {left_out} more of {len(whole)}{overdue}: {how}"


def _nothing(asked: bool, searched: str) -> str:
    """`searched` is "any" where closed tickets were looked at too, "open" where not, "" without a search."""
    if searched == "any":
        return "No ticket has all of these words, closed and archived ones among them. Fewer words find more."
    if searched:
        return "No open ticket has all of these words. `ticketctl search WORDS` looks at closed and archived ones too."
    if asked:
        return "No ticket is like that. `ticketctl list --all` shows closed and archived ones too."
    return "Nothing is open. `ticketctl fetch` looks for new mail, `list --all` shows closed tickets too."


def _shape(one: Standing) -> dict[str, object]:
    from ticketctl.present.json import instant, ticket_json

    return {
        **ticket_json(one.ticket, False),
        "due_at": instant(one.due),
        "overdue": one.overdue,
        "promised_at": instant(one.promised),
    }


def _row(one: Standing, writing: str) -> list[str]:
    ticket = one.ticket
    labels = f"{TAIL}[{', '.join(map(line, ticket.labels))}]" if ticket.labels else ""
    requester = ticket.requester.name or ticket.requester.address or "–"
    return [
        str(ticket.number),
        ticket.priority,
        status_of(ticket),
        due_of(one),
        line(ticket.assignee) or "–",
        line(requester),
        writing + (line(ticket.subject) or "(no subject)") + labels,
        age(one.began, one.now),
    ]


def status_of(ticket: Ticket) -> str:
    if ticket.merged_into:
        return f"in #{ticket.merged_into}"
    return "spam" if ticket.spam else ticket.status


def due_of(one: Standing) -> str:
    """When the next deadline is ("p": we promised it in a reply), else when a waiting ticket comes back."""
    wake = one.ticket.wake_at
    if one.due and not one.ticket.closed:
        return ahead(one.due, one.now) + " p" * (one.due == one.promised)
    if one.ticket.status != "waiting" or wake is None:
        return ""
    return f"wakes {ahead(wake, one.now)}" if wake > one.now else "awake"


def _coloured(one: Standing, text: str) -> str:
    if one.overdue:
        return styled(text, fg="red")
    if one.ticket.closed or one.asleep:
        return styled(text, dim=True)
    return styled(text, bold=one.ticket.status == "new" or one.ticket.priority == "high")
