"""Choosing a past answer to begin a reply with."""

from __future__ import annotations

import click

from ticketctl.content.terminal import as_json, width
from ticketctl.content.times import zone
from ticketctl.present.json import past_answer_json
from ticketctl.present.past_answers import answer_lines
from ticketctl.present.thread import ThreadLayout
from ticketctl.present.words import say_in
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
