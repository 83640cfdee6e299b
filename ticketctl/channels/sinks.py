"""Which way mail leaves: `outgoing:` of rules.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ticketctl.channels.base import SentFolder, Sink
from ticketctl.domain.config import Config, ImapSource, MaildirOut, SmtpOut
from ticketctl.errors import Usage


def open_sent(config: Config, *, folder: Path, environ: Mapping[str, str]) -> SentFolder:
    """The folder that copies of replies go to, not yet connected; raises Usage where rules.yaml names none."""
    sent = config.outgoing.sent if config.outgoing else None
    source = next((one for one in config.sources if sent and one.name == sent.source), None)
    if sent is None or not isinstance(source, ImapSource):
        raise Usage("rules.yaml has no `outgoing: {sent: SOURCE}` with an imap source")
    from ticketctl.channels.imap_sent import ImapSent

    return ImapSent(source, sent.folder, folder=folder, environ=environ)


def open_sink(config: Config, *, folder: Path, environ: Mapping[str, str]) -> Sink:
    """The sink, not yet connected. `folder` is the desk's, where relative paths start. Raises Usage without one."""
    if config.outgoing is None:
        raise Usage("rules.yaml has no `outgoing:`; `outgoing: {maildir: data/sent, from: …}` is the simplest")
    match config.outgoing.sink:
        case SmtpOut() as smtp:
            from ticketctl.channels.smtp import SmtpSink

            return SmtpSink(smtp, folder=folder, environ=environ)
        case MaildirOut() as maildir:
            from ticketctl.channels.maildir_out import MaildirSink

            return MaildirSink(folder / Path(maildir.path).expanduser())
