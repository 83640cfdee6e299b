"""Which source a name means: one of rules.yaml, `maildir:PATH`, `mbox:PATH`, or `-` for standard input."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from ticketctl.channels.oauth import OpenAccount, nobody
from ticketctl.domain.config import Config, ImapSource, MaildirSource, MboxSource, PipeSource, SourceConfig
from ticketctl.errors import Usage
from ticketctl.ports.channels import Source


def open_source(
    config: Config, name: str, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount = nobody
) -> Source:
    """The source, not yet connected. `folder` is the desk's; relative paths of rules.yaml start there, those of the
    command line where the user is. `accounts` gives its log-in. Raises Usage for a name that means nothing."""
    kind, _, path = name.partition(":")
    if name == "-":
        return _opened(PipeSource(), folder, environ, accounts)
    if kind == "maildir" and path:
        return _opened(
            MaildirSource(name=name, path=str(Path(path).expanduser().absolute())), folder, environ, accounts
        )
    if kind == "mbox" and path:
        return _opened(MboxSource(name=name, path=str(Path(path).expanduser().absolute())), folder, environ, accounts)
    for source in config.sources:
        if source.name == name:
            return _opened(source, folder, environ, accounts)
    raise Usage(f"no source {name!r} in rules.yaml{_meant(name, config)}")


def _opened(source: SourceConfig, folder: Path, environ: Mapping[str, str], accounts: OpenAccount) -> Source:
    match source:
        case ImapSource():
            from ticketctl.channels.imap import Imap

            return Imap(source, environ=environ, folder=folder, account=accounts(source.name))
        case MaildirSource():
            from ticketctl.channels.maildir import Maildir

            path = folder / Path(source.path).expanduser()
            return Maildir(source.name, path, source.then, notes=folder / "data" / "maildirs")
        case MboxSource():
            from ticketctl.channels.mbox import Mbox

            return Mbox(source.name, folder / Path(source.path).expanduser())
        case PipeSource():
            from ticketctl.channels.pipe import Pipe

            return Pipe(source.name)


def _meant(name: str, config: Config) -> str:
    names = [source.name for source in config.sources]
    close = get_close_matches(name, names, 1, 0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    there = f"there are: {', '.join(names)}; " if names else ""
    return f" ({there}maildir:PATH, mbox:PATH and - need none)"
