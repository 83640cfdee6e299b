"""`ticketctl snippets`: the reply templates of the desk, what they say, and what they would say on a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ticketctl.commands.options import complete_snippets, number
from ticketctl.content.terminal import styled
from ticketctl.domain.reply.snippet_usage import Usage
from ticketctl.errors import BadSnippet
from ticketctl.terminal.shell import Shell

if TYPE_CHECKING:
    from ticketctl.content.snippets import Rendered

LONGEST_EXAMPLE = 30


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, show, try and check the reply templates.

    Alone it lists them: in which languages each one is, how often it was sent in the last 90 days and in all, by people
    and by rules, and when it was last. They are files, snippets/LANGUAGE/NAME.j2, which you write yourself.

    \b
    Examples:
      ticketctl snippets
      ticketctl snippets show losning
      ticketctl snippets try mer-information 17
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(Shell))


@command.command()
@click.argument("name", shell_complete=complete_snippets)
@click.option("--language", default="", metavar="LANGUAGE", help="Only in that language, such as sv.")
@click.pass_obj
def show(shell: Shell, name: str, language: str) -> None:
    """Print a snippet as it is written, with the values that it uses.

    \b
    Example:
      ticketctl snippets show losning --language sv
    """
    folder = shell.session.folder / "snippets"
    found = [_shown(shell, name, one) for one in _languages(shell, name, language)]
    if shell.json:
        from ticketctl.content.terminal import as_json

        return shell.say(as_json({"name": name, "languages": found}))
    for one in found:
        shell.say(styled(f"{folder.name}/{one['language']}/{name}.j2", bold=True))
        shell.say(one["text"].rstrip("\n") + "\n")
    shell.say("\n".join(_values_told({value["name"]: value for one in found for value in one["values"]})))
    return None


@command.command("try")
@click.argument("name", shell_complete=complete_snippets)
@number
@click.option("--language", default="", metavar="LANGUAGE", help="In that language; else the customer's.")
@click.option("--automatic", is_flag=True, help="As a rule would send it: without a word of the sender's.")
@click.pass_obj
def try_(shell: Shell, name: str, number: int, language: str, automatic: bool) -> None:
    """Show what would leave, with a ticket's values; nothing is sent or changed.

    What stands in it and is to be filled in by hand is told on standard error.

    \b
    Example:
      ticketctl snippets try mer-information 17 --language en
    """
    from ticketctl.usecases.people import note_reading
    from ticketctl.usecases.reply.snippets import rendered

    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    note_reading(shell.session, "snippets try", number)
    agent = None if automatic else shell.session.config.agent(shell.session.actor)
    answer = rendered(shell.session, ticket, name, agent, language=language, automatic=automatic)
    if shell.json:
        from ticketctl.content.terminal import as_json

        return shell.say(as_json(_answer_shape(answer)))
    shell.say(f"{styled('Subject:', bold=True)} {answer.subject}\n\n{answer.body.rstrip()}")
    if language and answer.language != language:
        shell.warn(f"{name} is not there in {language!r}; this is {answer.language!r}")
    return _tell_places(shell, answer)


@command.command()
@click.pass_obj
def values(shell: Shell) -> None:
    """List every value that a snippet may use, with an example.

    \b
    Example:
      ticketctl snippets values
    """
    from ticketctl.content.snippet_values import VARIABLES

    every = {name: value for name in VARIABLES for value in [_value(shell, name, shell.session.config.language)]}
    if shell.json:
        from ticketctl.content.terminal import as_json

        return shell.say(as_json(list(every.values())))
    return shell.say("\n".join(_values_told(every)))


@command.command()
@click.pass_obj
def check(shell: Shell) -> None:
    """Render every snippet in every language for made-up tickets, and show what is wrong.

    `rules check` does it too. Faults end with exit code 2. Warnings tell of a snippet that a language lacks, whose
    customers are then answered in the desk's language, of one that a rule sends with a place left to fill in, and of
    values that may be empty in the middle of a sentence.

    \b
    Example:
      ticketctl snippets check
    """
    from ticketctl.present.words.rules import snippets_fine
    from ticketctl.terminal.output import print_checked
    from ticketctl.usecases.rules.check import check_snippets

    checked = check_snippets(shell.session)
    print_checked(shell, checked, snippets_fine(checked, shell.language))


# --- the list ---


def _list(shell: Shell) -> None:
    from ticketctl.content.snippets import names
    from ticketctl.domain.reply.snippet_usage import usage

    there = names(shell.session.folder / "snippets")
    with shell.session.store.reading() as desk:
        used = usage(desk.find(archive=True), shell.session.now)
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json([_use_shape(name, languages, used.get(name, Usage())) for name, languages in there.items()]))
    elif there:
        shell.say("\n".join(_table(shell, there, used)))
    else:
        shell.say("no snippets yet; they are files, snippets/LANGUAGE/NAME.j2")


def _table(shell: Shell, there: dict[str, tuple[str, ...]], used: dict[str, Usage]) -> Iterator[str]:
    from ticketctl.content.terminal import line, width
    from ticketctl.content.times import local, zone
    from ticketctl.present.tables import Column, table

    where = zone(shell.session.config.timezone)
    every = sorted({language for languages in there.values() for language in languages})
    heads = [
        Column("snippet", least=12),
        *(Column(language) for language in every),
        Column("90 days", right=True),
        Column("in all", right=True),
        Column("last used"),
    ]
    rows = []
    for name, languages in there.items():
        use = used.get(name, Usage())
        marks = [one if one in languages else "–" for one in every]
        last = local(use.last_at, where) if use.last_at else "never"
        rows.append([line(name), *marks, str(use.lately), str(use.ever), last])
    title, *lines = table(heads, rows, width())
    yield styled(title, dim=True)
    yield from lines
    gone = {name: use for name, use in used.items() if name not in there}
    if gone:
        yield f"no longer there: {', '.join(f'{line(name)} ({use.ever})' for name, use in sorted(gone.items()))}"


def _use_shape(name: str, languages: tuple[str, ...], use: Usage) -> dict[str, Any]:
    from ticketctl.present.json import instant

    return {
        "name": name,
        "languages": list(languages),
        "last_90_days": use.lately,
        "in_all": use.ever,
        "last_used_at": instant(use.last_at),
    }


# --- one snippet ---


def _languages(shell: Shell, name: str, language: str) -> list[str]:
    """Those that have it, the desk's own first; raises BadSnippet where none has, or not `language`."""
    from ticketctl.content.snippets import instead, names

    folder = shell.session.folder / "snippets"
    there = names(folder).get(name, ())
    if not there:
        raise BadSnippet(f"no snippet {name!r} in {folder}{instead(name, folder)}")
    if language and language not in there:
        raise BadSnippet(f"{name} is not there in {language!r}; it is in: {', '.join(there)}")
    return [language] if language else sorted(there, key=lambda one: (one != shell.session.config.language, one))


def _shown(shell: Shell, name: str, language: str) -> dict[str, Any]:
    from ticketctl.content.snippet_grammar import read
    from ticketctl.content.snippets import used

    folder = shell.session.folder / "snippets"
    values = [_value(shell, value, language) for value in used(folder, name, language, shell.session.config)]
    return {"language": language, "text": read(folder / language / f"{name}.j2"), "values": values}


def _value(shell: Shell, name: str, language: str) -> dict[str, str]:
    """A value with an example, from a made-up ticket, and what it means."""
    from ticketctl.content.snippet_values import meaning, sample

    return {"name": name, "example": sample(shell.session.config, name, language), "meaning": meaning(name)}


def _values_told(values: dict[str, dict[str, str]]) -> Iterator[str]:
    """Value, example and meaning, side by side; a long meaning goes on below itself."""
    from textwrap import wrap

    from ticketctl.content.terminal import columns, line, shortened, width

    if not values:
        yield "it uses no values"
        return
    names = max(len(name) for name in values)
    examples = {name: shortened(line(one["example"]), LONGEST_EXAMPLE) or "–" for name, one in values.items()}
    wide = max(map(columns, examples.values()))
    room = max(24, width() - names - wide - 4)
    yield styled(f"{'value':{names}}  such as", dim=True)
    for name, one in values.items():
        first, *more = wrap(one["meaning"], room)
        yield f"{name:{names}}  {examples[name]}{' ' * (wide - columns(examples[name]))}  {first}"
        yield from (" " * (names + wide + 4) + rest for rest in more)


def _answer_shape(answer: Rendered) -> dict[str, Any]:
    from ticketctl.domain.reply.check import unfilled

    return {
        "language": answer.language,
        "subject": answer.subject,
        "body": answer.body,
        "to_fill_in": [place.found for place in unfilled(answer.body)],
    }


def _tell_places(shell: Shell, answer: Rendered) -> None:
    from ticketctl.domain.reply.check import unfilled

    for place in unfilled(answer.body):
        shell.warn(f"to be filled in, line {place.line} of the text: {place.found}")
