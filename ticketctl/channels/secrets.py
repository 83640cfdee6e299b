"""Passwords and tokens: from a command that prints one, else from the environment; never from rules.yaml.

The command is given to `sh -c`, as a user expects who writes `pass show support | head -1`; rules.yaml is as trusted
as the crontab that starts us. It inherits our environment but for the passwords in it, reads nothing, and has a minute.
What it prints never gets into a message, a log or an argument list.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from ticketctl.domain.settings.passwords import PREFIX, without_passwords
from ticketctl.errors import ChannelFailed

SECONDS = 60.0


def password(name: str, command: str, environ: Mapping[str, str]) -> str:
    """The password of source (or sink) `name`: what `command` prints first, else TICKETCTL_PASSWORD_<NAME>. Raises
    ChannelFailed with what to do."""
    if command:
        return run_command(name, "password_command", command, environ)
    variable = variable_of(name)
    found = environ.get(variable, "")
    if not found:
        raise ChannelFailed(
            "{name}: no password; write `password_command:` into rules.yaml or set {variable}",
            code="no_password",
            name=name,
            variable=variable,
        )
    if re.search(r"[\r\n\0]", found):  # it would end the command that it is sent in, and begin another
        raise ChannelFailed(
            "{name}: the password in {variable} contains a line end; set it without one",
            code="password_with_line_end",
            name=name,
            variable=variable,
        )
    return found


def token(name: str, command: str, environ: Mapping[str, str]) -> str:
    """The OAuth 2 access token that `command` prints; raises ChannelFailed."""
    return run_command(name, "token_command", command, environ)


def variable_of(name: str) -> str:
    """The environment variable that holds the password: "support" → TICKETCTL_PASSWORD_SUPPORT."""
    return PREFIX + re.sub(r"\W", "_", name.upper())


def run_command(name: str, key: str, command: str, environ: Mapping[str, str], seconds: float = SECONDS) -> str:
    """The first line of what the command prints; raises ChannelFailed that tells no more than key and exit code."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it may quote the secret
        env=without_passwords(environ),
        start_new_session=True,  # so that its children can be stopped with it
    )
    try:
        out, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ChannelFailed(
            "{name}: {key} did not end within {seconds:g} s; run it by hand to see why",
            code="secret_command_too_slow",
            name=name,
            key=key,
            seconds=seconds,
        ) from None
    finally:
        _stop(process)
    if process.returncode:
        raise ChannelFailed(
            "{name}: {key} failed (exit {status}); run it by hand to see why",
            code="secret_command_failed",
            name=name,
            key=key,
            status=process.returncode,
        )
    secret = out.decode("utf-8", "replace").partition("\n")[0].strip("\r")
    if not secret:
        raise ChannelFailed(
            "{name}: {key} printed nothing; it must print the secret on its first line",
            code="secret_command_empty",
            name=name,
            key=key,
        )
    return secret


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends what is left of it: also what it started and left behind."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()
