"""Writing to a customer in the editor: what is below the scissors line is for the writer's eyes.

The text is kept in a file of the desk until the command has done with it: an editor, a terminal or a machine that dies
takes no words along.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import msgspec

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import local, zone
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.settings.passwords import without_passwords
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.present.words import say_in
from ticketctl.present.words import writing as words
from ticketctl.terminal.shell import Shell

SCISSORS = "# ------------------------ >8 ------------------------"
MOST_MESSAGES = 12
MOST_LINES = 120
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
    say, host = say_in(shell.language, words.TEXTS), shell.session.host
    editor = _editor(shell)
    below = [SCISSORS, *(f"# {one}".rstrip() for one in about)]
    drafts = shell.session.app.texts_folder
    for folder in (drafts.parent, drafts):
        host.make_folder(folder)
    file = drafts / f"{name}-{shell.session.new_id()[:12]}.txt"
    host.write_new(file, "\n".join([prefill.rstrip("\n"), "", *below, ""]).encode())
    start = monotonic()
    try:
        failed = _edited(editor, file, shell)
    except (KeyboardInterrupt, SystemExit):
        shell.warn(say("in_file", file=file))
        raise
    seconds = monotonic() - start
    text = written_part((host.read(file) or b"").decode("utf-8", "replace"), below)
    if failed and text not in ("", prefill.strip()):
        raise Refused(say("failed_in", failed=failed, file=file))
    written = Written(text, seconds, file)
    if failed or not text:
        discard(written)
        raise Refused(say("failed", failed=failed) if failed else say("empty"))
    return written


def discard(written: Written) -> None:
    """Its text is stored elsewhere. Where it cannot be deleted, it stays."""
    if written.file:
        with suppress(OSError):
            written.file.unlink()


def written_part(text: str, below: Iterable[str]) -> str:
    """Without the scissors line and all below it. Where that line was deleted, without the lines that stood there: a
    note of ours must not reach the customer by a slip of the finger."""
    lines = text.replace("\r\n", "\n").split("\n")
    cut = next((at for at, line in enumerate(lines) if line.strip() == SCISSORS), None)
    if cut is None:
        ours = frozenset(below)
        lines = [line for line in lines if line.rstrip() not in ours]
    return "\n".join(line.rstrip() for line in lines[:cut]).strip("\n").rstrip()


def reminder(shell: Shell, ticket: Ticket, to: Iterable[str], below: str = "") -> Iterator[str]:
    """What is being answered, for below the scissors line: what the customer asked last, then the others, newest
    first."""
    say = say_in(shell.language, words.TEXTS)
    yield say("above")
    yield say("nothing")
    yield ""
    yield from to
    yield words.about_line(ticket, shell.language)
    said = [message for message in ticket.messages if message.delivery != "draft"]
    asked = next((message for message in reversed(said) if message.from_customer), None)
    texts = shown_texts(said)
    if asked:
        yield from conversation(shell, [asked], texts)
        yield ""
    if below:
        yield say("added")
        yield from (f"  {line(one)}" for one in below.split("\n"))
    yield from conversation(shell, [message for message in said[-MOST_MESSAGES:] if message is not asked], texts)
    if len(said) > MOST_MESSAGES:
        yield ""
        yield say("older", count=len(said) - MOST_MESSAGES, number=ticket.number)


def conversation(shell: Shell, messages: Sequence[Message], texts: Mapping[str, str] | None = None) -> Iterator[str]:
    """These messages as plain lines, the newest first, all controls made visible; `texts` by key are what is shown of
    them, where that is more than was newly written."""
    say, where = say_in(shell.language, words.TEXTS), zone(shell.session.config.timezone)
    for message in reversed(messages):
        lines = safe((texts or {}).get(message.key, message.text)).splitlines()
        when = local(message.at, where, shell.language)
        yield ""
        if message.kind == "automatic" and message.direction == "out":
            yield line(say("automatic", when=when))
            continue
        yield line(say("wrote", who=words.writer_of(message, shell.language), when=when))
        yield from (f"  {one}".rstrip() for one in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield say("more", count=len(lines) - MOST_LINES)


def _editor(shell: Shell) -> list[str]:
    say = say_in(shell.language, words.TEXTS)
    named = shell.environ.get("VISUAL") or shell.environ.get("EDITOR") or ""
    try:
        named_words = shlex.split(named)
    except ValueError as error:
        raise Usage(say("unreadable", error=error)) from None
    found = next(filter(shutil.which, EDITORS), None)
    if not named_words and not found:
        raise Usage(say("no_editor"))
    return named_words or [str(found)]


def _edited(editor: list[str], file: Path, shell: Shell) -> str:
    """What went wrong, or ""."""
    say = say_in(shell.language, words.TEXTS)
    try:
        environ = without_passwords(shell.environ)
        code = subprocess.run([*editor, str(file)], env=environ, check=False).returncode
    except OSError as error:
        return say("not_started", editor=editor[0], error=error.strerror)
    return say("ended", code=code) if code else ""
