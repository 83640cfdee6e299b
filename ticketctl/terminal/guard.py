"""Asks before a command begins whether whoever called it may, and whether rules.yaml can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click

from ticketctl.terminal.shell import Shell
from ticketctl.usecases.permissions import WITHOUT_RULES, must_be, needed


def guarded(path: str, callback: Callable[..., Any]) -> Callable[..., Any]:
    """The command `path`, which first asks whether the actor may."""
    if hasattr(callback, "needs_role"):
        return callback

    @wraps(callback)
    def asked_first(*args: Any, **given: Any) -> Any:
        ctx = click.get_current_context()
        if isinstance(ctx.obj, Shell) and not _delivered(path, ctx.params):
            if path not in WITHOUT_RULES:
                _ = (
                    ctx.obj.session.config
                )  # what is wrong with rules.yaml is told by every command, whatever is on the desk
            must_be(ctx.obj.session, needed(path, _given(ctx)), path)
        return callback(*args, **given)

    asked_first.needs_role = path  # type: ignore[attr-defined]  # so that it is asked once
    return asked_first


def _given(ctx: click.Context) -> list[str]:
    """The options that are set, by every name that they have."""
    return [name for param in ctx.command.params if ctx.params.get(param.name or "") for name in param.opts]


def _delivered(path: str, params: Mapping[str, Any]) -> bool:
    """`fetch -` is the mail server's: what is refused there would bounce a customer's mail."""
    return path == "fetch" and "-" in params.get("names", ())
