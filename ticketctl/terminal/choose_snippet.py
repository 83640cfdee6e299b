"""Choosing a snippet from a list, by its number or the beginning of its name: what people use most comes first, what
rules send by themselves last."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ticketctl.content.terminal import line, shortened, width
from ticketctl.domain.reply.snippet_usage import Usage, usage
from ticketctl.domain.rules.actions import Reply
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import BadSnippet
from ticketctl.errors import Usage as BadUsage
from ticketctl.present.words import say_in
from ticketctl.present.words.writing import TEXTS
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell


def choose(shell: Shell, ticket: Ticket) -> str:
    """The name of the chosen one, "" for none. Raises Usage where nobody can be asked."""
    say = say_in(shell.language, TEXTS)
    if not answers(shell):
        raise BadUsage(say("nobody_asked"))
    names = _by_use(shell)
    if not names:
        raise BadUsage(say("no_snippets"))
    wide = max(map(len, names))
    for number, name in enumerate(names, 1):
        shell.say(shortened(f"{number:3}  {name:{wide}}  {_subject(shell, ticket, name)}", width()))
    while True:
        word = click.prompt(say("which"), default="", show_default=False)
        found = meant(word.strip(), names)
        if len(found) == 1 or not word.strip():
            return found[0] if word.strip() else ""
        shell.warn(say("could_be" if found else "none_of_them", word=word, names=", ".join(found)))


def meant(word: str, names: Sequence[str]) -> list[str]:
    """The names that a number, a name or its beginning can mean."""
    if word.isdecimal():
        return [names[int(word) - 1]] if 1 <= int(word) <= len(names) else []
    return [word] if word in names else [name for name in names if name.startswith(word)]


def _by_use(shell: Shell) -> list[str]:
    from ticketctl.content.snippets import names

    with shell.session.store.reading() as desk:
        used = usage(desk.find(), shell.session.now, by_rules=False)
    actions = [one for rule in shell.session.config.rules for one in rule.then]
    by_rules = {one.snippet for one in actions if isinstance(one, Reply) and one.automatic}

    def rank(name: str) -> tuple[bool, int, str]:
        return name in by_rules, -used.get(name, Usage()).lately, name

    return sorted(names(shell.session.folder / "snippets"), key=rank)


def _subject(shell: Shell, ticket: Ticket, name: str) -> str:
    """What it is about, or what is wrong with it."""
    from ticketctl.usecases.reply.snippets import rendered

    try:
        return line(rendered(shell.session, ticket, name, shell.session.config.agent(shell.session.actor)).subject)
    except BadSnippet as error:
        return line(str(error).replace(f"{shell.session.folder}/", ""))
