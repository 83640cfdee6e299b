"""Writes docs/reference.md from the commands themselves, and the values in docs/snippets.md from the code: `python -m
docs.make_reference`. A test keeps both true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from ticketctl.cli import COMMANDS, cli
from ticketctl.config import load
from ticketctl.content.snippet_values import VARIABLES, sample
from ticketctl.errors import classes
from ticketctl.usecases.permissions import USE_CASES

FILE = Path(__file__).with_name("reference.md")
SNIPPETS = Path(__file__).with_name("snippets.md")
INTRODUCTION = """\
# Reference

Every command of ticketctl, generated from the commands (`python -m docs.make_reference`).

`TICKET` is a number as `17` or `#17`; `TICKET...` is several of them, ranges as `17-20`, or `-` for standard input.
The global options are understood before and behind a command's name. Answers go to standard output, trouble to standard
error.
"""


def reference() -> str:
    """The whole page."""
    root = click.Context(cli, info_name="ticketctl")
    parts = [INTRODUCTION, "## Global options\n", _options(root), "## Exit codes\n", _exit_codes()]
    for heading, names in COMMANDS.items():
        parts.append(f"## {heading}\n")
        for name in names:
            command = cli.get_command(root, name)
            if command is not None:
                parts += _sections(command, click.Context(command, info_name=name, parent=root))
    return "\n".join(parts)


def _sections(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """A command, and below it the commands of a group."""
    yield f"### {ctx.command_path}\n"
    pieces = " ".join(command.collect_usage_pieces(ctx))
    yield f"```\n{ctx.command_path} {pieces}\n```\n"
    text, example = split_help(command)
    yield f"{text}\n"
    yield _role(ctx.command_path.partition(" ")[2])
    yield _options(ctx)
    if example:
        yield f"```sh\n{example}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            if child is not None:
                yield from _sections(child, click.Context(child, info_name=name, parent=ctx))


# Commands whose use case has another name, and options with which a command is another use case. What is no use case
# of the table, and each dry run, is for everybody.
NAMED = {
    "outbox list": "outbox",
    "outbox release": "release",
    "outbox cancel": "take_back",
    "quarantine list": "quarantine",
    "patterns list": "patterns",
}
WITH = {
    ("fetch", "--dry-run"): "",
    ("fetch", "--reconcile"): "reconcile",
    ("send", "--list"): "outbox",
    ("triage", "--dry-run"): "",
    ("triage", "--suggest"): "suggest_triage",
    ("merge", "--suggest"): "suggest_merges",
    ("escalate", "--dry-run"): "",
    ("purge", "--dry-run"): "",
    ("report", "--email"): "mail_report",
    ("drafts", "--drop"): "drop_draft",
    ("login", "--status"): "logins",
    ("doctor", "--recover"): "recover",
    ("doctor", "--resume"): "resume",
}


def role_of(path: str, option: str = "") -> str:
    """The role that a command, as it is typed, needs, or that it needs with an option of WITH."""
    use_case = WITH[path, option] if option else NAMED.get(path, path)
    return USE_CASES.get(use_case, "viewer")


def _role(path: str) -> str:
    """Whom it is for, where that is not everybody, and with which options that is another."""
    needs = role_of(path)
    others = [f"with `{option}` for {_for(role_of(path, option))}" for name, option in WITH if name == path]
    if needs == "viewer" and not others:
        return ""
    return f"For {'; '.join([_for(needs), *others])}.\n"


def _for(role: str) -> str:
    return {"viewer": "everybody", "agent": "agents and admins", "admin": "admins"}[role]


def split_help(command: click.Command) -> tuple[str, str]:
    """The text of a command's help, and its examples, a line each."""
    text, *example = re.split(r"\x08\nExamples?:\n", cleandoc(command.help or ""), maxsplit=1)
    examples = [line.strip() for line in "".join(example).strip().splitlines()]
    return _paragraphs(text.replace("\b\n", "")), "\n".join(examples)


def _paragraphs(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.strip().splitlines()))


def _options(ctx: click.Context) -> str:
    records = [
        record
        for param in ctx.command.get_params(ctx)
        if isinstance(param, click.Option)
        if "--help" not in param.opts and (record := param.get_help_record(ctx))
    ]
    return "".join(f"- `{name}`: {told}\n" for name, told in records)


def _exit_codes() -> str:
    rows = [(0, "done"), *((kind.exit_code, kind.meaning) for kind in classes())]
    return "| code | meaning |\n|---|---|\n" + "".join(f"| {code} | {meaning} |\n" for code, meaning in rows)


def with_values(page: str) -> str:
    """docs/snippets.md with the table of all values that a snippet may use."""
    config = load(Path(__file__).parent.parent / "rules.yaml")
    rows = [f"| `{name}` | {sample(config, name, 'sv') or ' '} | {told} |\n" for name, told in VARIABLES.items()]
    table = "| value | such as | |\n|---|---|---|\n" + "".join(rows)
    return re.sub(
        r"(<!-- values:.*?-->\n).*?(<!-- end of values -->)", lambda m: f"{m[1]}{table}{m[2]}", page, flags=re.S
    )


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
    SNIPPETS.write_text(with_values(SNIPPETS.read_text(encoding="utf-8")), encoding="utf-8")
