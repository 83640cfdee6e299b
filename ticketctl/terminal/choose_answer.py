"""Choosing a past answer to begin a reply with, and a draft that a language model suggests."""

from __future__ import annotations

import click

from ticketctl.content.terminal import as_json, line, safe, width
from ticketctl.content.times import zone
from ticketctl.content.words import percent
from ticketctl.present.json import past_answer_json, suggestion_json
from ticketctl.present.past_answers import answer_lines
from ticketctl.present.thread import ThreadLayout
from ticketctl.present.words import say_in
from ticketctl.present.words.errors import error_line
from ticketctl.present.words.past_answers import TEXTS
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.styles import styled_lines
from ticketctl.usecases.reply.past_answers import AskPast, PastAnswers, past_answers
from ticketctl.usecases.reply.without_persons import begun_with


def choose_answer(shell: Shell, number: int) -> str | None:
    """The text to begin with, without what tells of another person; None where none was chosen, or nobody can be
    asked."""
    say, found = say_in(shell.language, TEXTS), past_answers(shell.session, AskPast(ticket=number))
    print_past_answers(shell, found)
    if not answers(shell):
        if found.answers and not shell.json:
            shell.warn(say("nothing_filled_in"))
        return None
    while found.answers:
        word = click.prompt(say("which"), default="", show_default=False).strip()
        if not word:
            return None
        if word.isdecimal() and 1 <= int(word) <= len(found.answers):
            return begun_with(shell.session, found.answers[int(word) - 1])
        shell.warn(say("none_of_them", word=word))
    return None


def print_past_answers(shell: Shell, found: PastAnswers) -> None:
    if shell.json:
        listed = [past_answer_json(one) for one in found.answers]
        return shell.say(as_json({"ticket": found.ticket.number, "answers": listed}))
    where = zone(shell.session.config.timezone)
    layout = ThreadLayout(now=shell.session.now, zone=where, width=width(), language=shell.language)
    return shell.say(styled_lines(answer_lines(found.answers, layout)))


def print_suggestion(shell: Shell, number: int) -> None:
    """A draft is kept, and whose words it is made of is said. Nothing is sent."""
    from ticketctl.usecases.reply.suggest_draft import SuggestDraft, suggest_draft

    say, made = say_in(shell.language, TEXTS), suggest_draft(shell.session, SuggestDraft(ticket=number))
    if made.trouble is not None:
        shell.warn(say("not_used", why=error_line(made.trouble, shell.language)))
    if shell.json:
        return shell.say(as_json(suggestion_json(made)))
    named = ", ".join(f"#{one.ticket}" for one in made.sources)
    key = {"model": "suggested", "past": "suggested_past", "nobody": "nobody"}[made.by]
    shell.say(say(key, number=number, model=line(made.model), tickets=named))
    for one in made.sources:
        shell.say(say("source", ticket=one.ticket, likeness=percent(one.likeness, shell.language)))
    if made.text:
        shell.say("")
        shell.say(safe(made.text))
    return None
