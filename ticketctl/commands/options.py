"""Options and arguments that several commands share, and how they turn words into values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import replace

from ticketctl.terminal import LANGUAGES
from ticketctl.terminal.numbers import numbers_on_input, parse_numbers, remember_revision
from ticketctl.terminal.numbers import wanted_revision as wanted_revision
from ticketctl.terminal.shell import Shell

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ticketctl.domain.ticket.ticket import Ticket

    Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

PRESENT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])


class Number(click.ParamType[int]):
    """One ticket number."""

    name = "ticket"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        numbers = parse_numbers([value])
        if len(numbers) != 1:
            raise click.BadParameter(f"{value!r}: one ticket is wanted here, not a range")
        return numbers[0]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_numbers(ctx, param, incomplete)


def _numbers(ctx: click.Context, param: click.Parameter, words: tuple[str, ...], *, there: bool = False) -> list[int]:
    if words == ("-",):
        words = tuple(numbers_on_input())
        if not words and param.required:
            raise click.BadParameter("no ticket number on standard input")
    return parse_numbers(words, there=there)


def numbers(function: F) -> F:
    """Argument `numbers: list[int]`: 17, #17, 17-20, several, or - for standard input."""
    return _numbers_argument(True)(function)


def numbers_there(function: F) -> F:
    """The same, and the numbers that imported tickets had in the system that they came from."""
    return click.argument(
        "numbers",
        nargs=-1,
        required=True,
        metavar="TICKET...",
        callback=lambda ctx, param, words: _numbers(ctx, param, words, there=True),
        shell_complete=complete_numbers,
    )(function)


def optional_numbers(function: F) -> F:
    """The same, for commands that mean all (or the new ones) where none is given."""
    return _numbers_argument(False)(function)


def closed_numbers(function: F) -> F:
    """The same, for a command that is about closed tickets: those are offered."""
    return _numbers_argument(True, complete_closed)(function)


def merged_numbers(function: F) -> F:
    """The same, for a command that is about tickets that were merged away: those are offered."""
    return _numbers_argument(True, complete_merged)(function)


def numbers_before(following: Completion) -> Callable[[F], F]:
    """The same, where another argument follows: click cannot tell where the numbers end, so that both are offered."""
    return _numbers_argument(True, numbers_or(following))


def _numbers_argument(required: bool, complete: Completion | None = None) -> Callable[[F], F]:
    return click.argument(
        "numbers",
        nargs=-1,
        required=required,
        callback=_numbers,
        metavar="TICKET..." if required else "[TICKET]...",
        shell_complete=complete or complete_numbers,
    )


def number(function: F) -> F:
    """Argument `number: int`: one ticket."""
    return click.argument("number", type=Number(), metavar="TICKET")(function)


def message_key(function: F) -> F:
    """Argument `message: str`: a message of the ticket before it, as `show` names it."""
    return click.argument("message", metavar="MESSAGE", shell_complete=complete_messages)(function)


def dry_run(function: F) -> F:
    return click.option("--dry-run", is_flag=True, help="Show what would happen; change nothing.")(function)


def clock_is_right(function: F) -> F:
    """The option by which a person says that the clock is right."""
    text = "The clock is right, though this computer was off for long."
    return click.option("--clock-is-right", "sure", is_flag=True, help=text)(function)


def base_revision(function: F) -> F:
    """Option --base-revision, which `wanted_revision` knows afterwards."""
    return click.option(
        "--base-revision",
        type=int,
        metavar="N",
        expose_value=False,
        callback=remember_revision,
        help="Refuse where the ticket is not at revision N any more.",
    )(function)


def add_globals(command: click.Command) -> click.Command:
    """The global options are understood behind the command's name too (`ticketctl list --json`), unless it has its own.
    They are shown once, in `ticketctl --help`, but --json, which is shown by every command."""
    taken = {name for param in command.params for name in param.opts}
    for names, flag, field in (
        (["--json"], True, "json"),
        (["--desk"], False, "desk"),
        (["--as"], False, "user"),
        (["--language"], False, "wanted_language"),
        (["--reason"], False, "reason"),
        (["-v", "--verbose"], True, "verbose"),
    ):
        if not taken & set(names):
            command.params.append(_global(names, flag, field))
    return command


def _global(names: list[str], flag: bool, field: str) -> click.Option:
    shown = {"help": "Answer as JSON."} if field == "json" else {"hidden": True}
    return click.Option(
        [*names, f"_{field}"],
        is_flag=flag,
        type=click.Choice(LANGUAGES) if field == "wanted_language" else None,
        expose_value=False,
        is_eager=True,
        callback=_set(field),
        shell_complete=complete_agents if field == "user" else None,
        **shown,
    )


def _set(field: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value and isinstance(ctx.obj, Shell):
            ctx.obj = ctx.find_root().obj = replace(ctx.obj, **{field: value})  # the root says what went wrong
        elif value and ctx.resilient_parsing:  # shell completion, which builds its App later, from these
            ctx.find_root().params[field] = value

    return callback


# --- completion: quiet when there is no desk ---


def completing(function: Callable[[Shell], Iterable[tuple[str, str]]]) -> Callable[..., list[CompletionItem]]:
    """A completion from (value, what it is): those that begin as typed, each value once."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from ticketctl.errors import TicketctlError

        try:
            pairs = dict(function(ctx.find_root().command.shell(ctx)))  # type: ignore[attr-defined] # cli.LazyGroup
        except (TicketctlError, OSError):
            return []
        typed = incomplete.lstrip("#")  # "#17" is ticket 17
        return [CompletionItem(value, help=what) for value, what in pairs.items() if value.startswith(typed)]

    return complete


def numbers_or(following: Completion) -> Completion:
    """Where a ticket's number or another word may stand."""
    return lambda *asked: complete_numbers(*asked) + following(*asked)


@completing
def complete_numbers(shell: Shell) -> Iterable[tuple[str, str]]:
    from ticketctl.domain.ticket.query import ACTIVE

    with shell.session.store.reading() as desk:
        return [(str(ticket.number), ticket.subject) for ticket in desk.find(ACTIVE)]


def complete_messages(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    def messages(shell: Shell) -> Iterable[tuple[str, str]]:
        with shell.session.store.reading() as desk:
            ticket = desk.get(ctx.params["number"])
        return [(one.key, f"{one.at:%Y-%m-%d} {one.sender}") for one in ticket.messages]

    return completing(messages)(ctx, param, incomplete)


@completing
def complete_closed(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(str(ticket.number), ticket.subject) for ticket in _closed(shell) if not ticket.merged_into]


@completing
def complete_merged(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(str(ticket.number), ticket.subject) for ticket in _closed(shell) if ticket.merged_into]


def _closed(shell: Shell) -> list[Ticket]:
    """Those closed lately: what is in the archive is not searched while somebody waits for Tab."""
    from ticketctl.domain.ticket.query import Query

    with shell.session.store.reading() as desk:
        return list(desk.find(Query(statuses=frozenset({"closed"}))))


@completing
def complete_agents(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(agent.name, agent.email) for agent in shell.session.config.team]


@completing
def complete_labels(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(label, "") for label in shell.session.config.labels]


def complete_signed_labels(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Labels behind the sign that was typed: +vip, -vip, vip."""
    from click.shell_completion import CompletionItem

    sign = incomplete[:1] if incomplete[:1] in ("+", "-") else ""
    found = complete_labels(ctx, param, incomplete.removeprefix(sign))
    return [CompletionItem(f"{sign}{item.value}") for item in found]


@completing
def complete_causes(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(cause, "") for cause in shell.session.config.causes]


@completing
def complete_fields(shell: Shell) -> Iterable[tuple[str, str]]:
    return [
        (f"{spec.name}={value}", "") for spec in shell.session.config.fields.values() for value in spec.values or ("",)
    ]


@completing
def complete_sources(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(source.name, "") for source in shell.session.config.sources]


@completing
def complete_logins(shell: Shell) -> Iterable[tuple[str, str]]:
    return [(name, user) for name, (_, user) in shell.session.config.logins().items()]


@completing
def complete_snippets(shell: Shell) -> Iterable[tuple[str, str]]:
    languages: dict[str, list[str]] = {}
    for file in sorted((shell.session.folder / "snippets").glob("*/*.j2")):
        if not file.stem.startswith("_"):
            languages.setdefault(file.stem, []).append(file.parent.name)
    return [(name, ", ".join(found)) for name, found in sorted(languages.items())]


def csv_option(text: str) -> Callable[[F], F]:
    """--csv (for a spreadsheet of the desk's language) and --csv=plain."""
    kinds = click.Choice(["excel", "plain"])
    return click.option("--csv", is_flag=False, flag_value="excel", type=kinds, help=text)


def given_together(exclude: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The options of this call that exclude each other, as they are typed without dashes; `exclude` has the names of
    their parameters."""
    context = click.get_current_context()
    typed = {one.name: one.opts[0].lstrip("-") for one in context.command.params}
    given = {name for name, value in context.params.items() if value not in (None, "", (), False)}
    for one, others in exclude.items():
        yield from ((typed[one], typed[other]) for other in others if {one, other} <= given)
