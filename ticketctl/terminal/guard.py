"""Asks before a command begins whether whoever called it may, and whether rules.yaml can be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

import click

from ticketctl.domain.settings.settings import Role
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.permissions import must_be

# By the command as it is typed; cli.COMMANDS has them all.
NEEDS: dict[str, Role] = {
    "board": "viewer",
    "inbox": "viewer",
    "list": "viewer",
    "search": "viewer",
    "show": "viewer",
    "fetch": "agent",
    "send": "agent",
    "outbox": "viewer",
    "outbox list": "viewer",
    "outbox release": "agent",
    "outbox cancel": "agent",
    "quarantine": "viewer",
    "quarantine list": "viewer",
    "quarantine show": "viewer",
    "quarantine release": "agent",
    "quarantine drop": "admin",
    "inspect": "viewer",
    "new": "agent",
    "triage": "agent",
    "explain": "viewer",
    "take": "agent",
    "assign": "agent",
    "handover": "agent",
    "away": "viewer",
    "reply": "agent",
    "requester": "agent",
    "note": "agent",
    "drafts": "viewer",
    "promise": "agent",
    "watch": "viewer",
    "unwatch": "viewer",
    "wait": "agent",
    "close": "agent",
    "reopen": "agent",
    "merge": "agent",
    "unmerge": "agent",
    "move": "agent",
    "split": "agent",
    "link": "agent",
    "label": "agent",
    "set": "agent",
    "priority": "agent",
    "spam": "agent",
    "undo": "agent",
    "escalate": "agent",
    "report": "viewer",
    "purge": "admin",
    "export": "viewer",
    "init": "viewer",
    "rules": "viewer",
    "rules check": "viewer",
    "rules test": "viewer",
    "rules replay": "viewer",
    "snippets": "viewer",
    "snippets show": "viewer",
    "snippets try": "viewer",
    "snippets values": "viewer",
    "snippets check": "viewer",
    "login": "admin",
    "doctor": "viewer",
    "cron": "viewer",
    "cron show": "viewer",
    "cron install": "admin",
    "cron remove": "admin",
    "completion": "viewer",
    "help": "viewer",
    "demo": "viewer",
}
# Options (as they are typed) with which a command needs another role: to look is free, to change is not.
WITH: dict[tuple[str, str], Role] = {
    ("fetch", "--dry-run"): "viewer",
    ("fetch", "--reconcile"): "viewer",
    ("send", "--list"): "viewer",
    ("triage", "--dry-run"): "viewer",
    ("triage", "--suggest"): "viewer",
    ("merge", "--suggest"): "viewer",
    ("escalate", "--dry-run"): "viewer",
    ("purge", "--dry-run"): "viewer",
    ("report", "--email"): "agent",
    ("drafts", "--drop"): "agent",
    ("doctor", "--recover"): "admin",
}
# Those that need no desk, or tell what is wrong with rules.yaml in their own way.
WITHOUT_RULES = frozenset({"completion", "demo", "doctor", "help", "init", "inspect", "rules check"})


def needed(path: str, options: Collection[str]) -> Role:
    """The role that the command needs with these options; the first that is listed decides."""
    asked = (role for (name, option), role in WITH.items() if name == path and option in options)
    return next(asked, NEEDS.get(path, "agent"))


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
