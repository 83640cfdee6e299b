"""Writing to a customer in the editor: what stands below the scissors line is for the writer's eyes.

The text is kept in a file of the desk until the command has done with it: an editor, a terminal or a machine that dies
takes no words along.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

import msgspec

from ticketctl.channels.secrets import without_passwords
from ticketctl.errors import Refused, Usage
from ticketctl.store import fs
from ticketctl.terminal.shell import Shell

SCISSORS = "# ------------------------ >8 ------------------------"
EDITORS = ("sensible-editor", "editor", "nano", "vim", "vi")


class Written(msgspec.Struct, frozen=True):
    """`seconds` is how long the writer took: by so much it is later than when the command began. `file` holds the text
    as long as it is not stored; None where it did not come from an editor."""

    text: str
    seconds: float = 0
    file: Path | None = None


def write(shell: Shell, prefill: str, about: Iterable[str], name: str) -> Written:
    """What is written above the scissors line. Raises Usage without an editor, Refused where it failed or nothing was
    written."""
    editor = _editor(shell)
    below = [SCISSORS, *(f"# {line}".rstrip() for line in about)]
    drafts = shell.session.folder / "data" / "drafts"
    for folder in (drafts.parent, drafts):
        fs.make_folder(folder)
    file = drafts / f"{name}-{shell.session.new_id()[:12]}.txt"
    fs.write_new(file, "\n".join([prefill.rstrip("\n"), "", *below, ""]).encode())
    start = monotonic()
    try:
        failed = _edited(editor, file, shell)
    except (KeyboardInterrupt, SystemExit):
        shell.warn(f"what you wrote is in {file}")
        raise
    seconds = monotonic() - start
    text = written_part((fs.read(file) or b"").decode("utf-8", "replace"), below)
    if failed and text not in ("", prefill.strip()):
        raise Refused(f"{failed}; nothing was sent, and what you wrote is in {file}")
    if failed or not text:
        fs.discard(file)
        raise Refused(f"{failed or 'nothing was written'}; nothing was sent")
    return Written(text, seconds, file)


def discard(written: Written) -> None:
    """Its text is stored elsewhere."""
    if written.file:
        fs.discard(written.file)


def written_part(text: str, below: Iterable[str]) -> str:
    """Without the scissors line and all below it. Where that line was deleted, without the lines that stood there: a
    note of ours must not reach the customer by a slip of the finger."""
    lines = text.replace("\r\n", "\n").split("\n")
    cut = next((at for at, line in enumerate(lines) if line.strip() == SCISSORS), None)
    if cut is None:
        ours = frozenset(below)
        lines = [line for line in lines if line.rstrip() not in ours]
    return "\n".join(line.rstrip() for line in lines[:cut]).strip("\n").rstrip()


def _editor(shell: Shell) -> list[str]:
    named = shell.environ.get("VISUAL") or shell.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise Usage(f"$VISUAL or $EDITOR cannot be read: {error}") from None
    found = next(filter(shutil.which, EDITORS), None)
    if not words and not found:
        raise Usage("no editor was found; set $EDITOR, or give the text with --text")
    return words or [str(found)]


def _edited(editor: list[str], file: Path, shell: Shell) -> str:
    """What went wrong, or ""."""
    try:
        environ = without_passwords(shell.environ)
        code = subprocess.run([*editor, str(file)], env=environ, check=False).returncode
    except OSError as error:
        return f"the editor {editor[0]!r} could not be started: {error.strerror}"
    return f"the editor ended with {code}" if code else ""
