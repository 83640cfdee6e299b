"""Passwords of mailboxes in the environment: which variables hold them, and what programs that we start are handed."""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "TICKETCTL_PASSWORD_"


def without_passwords(environ: Mapping[str, str]) -> dict[str, str]:
    """What a program that we start is handed."""
    return {key: value for key, value in environ.items() if not key.startswith(PREFIX)}
