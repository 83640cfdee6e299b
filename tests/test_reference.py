"""The documentation tells the truth: help for everybody, examples that work, and a page that is up to date."""

from __future__ import annotations

import io
import re
import shlex
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import click
import pytest

from ticketctl.cli import HELP, cli

PAGE = Path(__file__).parent.parent / "docs" / "make_reference.py"


def maker():
    spec = spec_from_file_location("make_reference", PAGE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_reference = maker()


def commands():
    """(words, command) of every command, and of those in groups."""
    root = click.Context(cli, info_name="ticketctl")
    waiting = [((name,), cli.get_command(root, name)) for name in HELP]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        if isinstance(command, click.Group):
            waiting += [((*words, name), child) for name, child in command.commands.items()]


EVERY = sorted(commands(), key=lambda pair: pair[0])
NAMES = [" ".join(words) for words, _ in EVERY]


def examples(command):
    lines = make_reference.split_help(command)[1].splitlines()
    return [line for line in lines if line.startswith("ticketctl ")]


def test_the_page_is_up_to_date():
    told = "run `python -m docs.make_reference`"
    assert make_reference.FILE.read_text(encoding="utf-8") == make_reference.reference(), told


def test_the_values_of_snippets_are_up_to_date():
    page = make_reference.SNIPPETS.read_text(encoding="utf-8")
    assert page == make_reference.with_values(page), "run `python -m docs.make_reference`"


@pytest.mark.parametrize(("words", "command"), EVERY, ids=NAMES)
def test_each_command_says_what_it_does(words, command):
    text, example = make_reference.split_help(command)
    first, _, rest = text.partition("\n\n")
    assert first.endswith(".") and len(first) < 110 and "\n" not in first
    if len(words) == 1:
        assert rest or isinstance(command, click.Group), "a longer text"
        assert example or isinstance(command, click.Group), "an example"


@pytest.mark.parametrize(("words", "command"), EVERY, ids=NAMES)
def test_each_option_is_explained(words, command):
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    assert [option.name for option in options if not option.help] == []


def typed(line):
    """The words behind `ticketctl`, without what the shell does with its output."""
    return shlex.split(re.split(r" [|<>] ", line)[0])[1:]


@pytest.mark.parametrize(("words", "command"), EVERY, ids=NAMES)
def test_each_example_is_a_valid_command_line(words, command, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("17"))
    for line in examples(command):
        arguments = typed(line)
        ctx = click.Context(cli, info_name="ticketctl")
        while arguments and arguments[0].startswith("-"):
            arguments = arguments[2 if arguments[0] in ("--desk", "--as") else 1 :]
        found: click.Command = cli
        while isinstance(found, click.Group) and arguments:
            name = arguments.pop(0)
            found = found.get_command(ctx, name)
            assert found is not None, line
            ctx = click.Context(found, info_name=name, parent=ctx)
        found.parse_args(ctx, arguments)  # raises UsageError where it is not


WORKING = [
    "assign",
    "board",
    "close",
    "doctor",
    "label",
    "link",
    "list",
    "merge",
    "new",
    "note",
    "priority",
    "reopen",
    "set",
    "show",
    "unmerge",
    "wait",
    "cron show",
    "escalate",
    "export",
    "init",
    "purge",
    "report",
    "rules",
    "rules check",
    "rules replay",
    "rules test",
    "snippets",
    "snippets check",
    "snippets show",
    "snippets try",
    "snippets values",
    "spam",
]


@pytest.mark.parametrize("name", WORKING)
def test_the_examples_work_on_the_desk_of_init(starter, name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for number in range(17, 25):
        starter.make(number)
    before = {"reopen": ["close", 17], "unmerge": ["merge", 18, "--into", 17]}
    if name in before:
        starter.run(*before[name])
    lines = examples(dict(zip(NAMES, (command for _, command in EVERY), strict=True))[name])
    assert lines
    for line in lines:
        starter.run(*typed(line))
