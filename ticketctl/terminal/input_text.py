"""Where a text comes from: the command line, standard input, or the editor. Never asked for while the desk is
locked."""

from __future__ import annotations

import sys

import click

from ticketctl.errors import Refused, Usage
from ticketctl.terminal.numbers import input_is_taken
from ticketctl.terminal.shell import Shell

CUT = "# ---- lines from here on are left out ----"


def text_for(shell: Shell, given: str | None, about: str) -> str:
    """`given`; else standard input ("-", or when it is no terminal); else what is written in the editor, where
    `about` stands below as a reminder. Raises Refused where nothing was written, Usage where the ticket numbers came on
    standard input."""
    if given is not None and given != "-":
        text = given
    elif given == "-" or not sys.stdin.isatty():
        if input_is_taken():
            raise Usage("standard input holds the ticket numbers; give the text with --text", code="input_taken")
        text = sys.stdin.read()
    else:
        text = _edited(about)
    if not text.strip():
        raise Refused("no text was given, so nothing was changed", code="no_text")
    return text.strip("\n").rstrip()


def _edited(about: str) -> str:
    reminder = "".join(f"# {line}\n" for line in about.splitlines())
    written = click.edit(f"\n\n{CUT}\n{reminder}", extension=".txt")
    return "" if written is None else written.split(CUT)[0]


def password_for(question: str, again: str) -> str:
    """Asked for twice and not shown; or the first line of standard input, when it is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt(question, hide_input=True, confirmation_prompt=again, err=True))


def answers(shell: Shell) -> bool:
    """Whether somebody sits there who can be asked."""
    return shell.tty and sys.stdin.isatty() and not shell.json


def confirm(question: str, language: str, *, default: bool = False) -> bool:
    """A yes or a no, in that language."""
    if language != "sv":
        return click.confirm(question, default=default)
    while True:
        answer = click.prompt(f"{question} [{'J/n' if default else 'j/N'}]", default="", show_default=False)
        letter = answer.strip()[:1].lower()
        if letter in ("", "j", "y", "n"):
            return letter in ("j", "y") or (default and not letter)
