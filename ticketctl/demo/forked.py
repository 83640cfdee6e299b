"""A command of ticketctl in a process of its own that starts at once: forked from this one, where all is loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from runpy import run_module

COMMONLY_NEEDED = ("dateutil.parser", "email.policy", "jinja2", "tabulate", "tinydb", "yaml", "re2", "imap_tools")


def preload(modules: Iterable[str]) -> None:
    """Loads the modules of commands, and what most of them need, so that their processes do not have to."""
    for name in modules:
        import_module(name)
    for name in COMMONLY_NEEDED:
        with suppress(ImportError):
            import_module(name)


def run_forked(args: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Runs `ticketctl ARGS` with that environment and nothing on standard input: exit code, and what it printed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _become(args, environment, writing)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as pipe:  # noqa: PTH123 - a descriptor, not a path
        printed = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), printed


def _become(args: Sequence[str], environment: Mapping[str, str], output: int) -> None:
    """In the child: never returns."""
    import sys

    code = 1
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["ticketctl", *args]
        run_module("ticketctl", run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
