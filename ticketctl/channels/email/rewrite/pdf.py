"""The text of a PDF, read by pypdf (extra `[pdf]`) in a process of its own: a file of a few kilobytes can cost a
reader seconds and memory without end, and it must not be this process's."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

WAIT = 60  # seconds by the clock, for a busy machine; the process itself has ten of processor time


class Unreadable(ValueError):
    """It is damaged, locked with a password, or took too long."""


def installed() -> bool:
    return importlib.util.find_spec("pypdf") is not None


def text_of(payload: bytes) -> str:
    """Its text; raises Unreadable."""
    command = [sys.executable, "-I", "-m", "ticketctl.channels.email.rewrite.pdf_reader"]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}  # no password of a mailbox goes in there
    try:
        done = subprocess.run(command, input=payload, capture_output=True, timeout=WAIT, env=environment, check=False)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Unreadable("it took too long") from error
    if done.returncode:
        raise Unreadable("it is damaged, locked with a password, or too large")
    return done.stdout.decode("utf-8", "replace")
