"""Which way mail leaves: `outgoing:` of rules.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ticketctl.channels.oauth import OpenAccount, nobody
from ticketctl.domain.config import OUTGOING, Config, ImapSource, MaildirOut, SmtpOut
from ticketctl.errors import Usage
from ticketctl.ports.channels import SentFolder, Sink


def open_sent(
    config: Config, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount = nobody
) -> SentFolder:
    """The folder that copies of replies go to, not yet connected; raises Usage where rules.yaml names none."""
    sent = config.outgoing.sent if config.outgoing else None
    source = next((one for one in config.sources if sent and one.name == sent.source), None)
    if sent is None or not isinstance(source, ImapSource):
        raise Usage("rules.yaml has no `outgoing: {sent: SOURCE}` with an imap source")
    from ticketctl.channels.imap_sent import ImapSent

    account = accounts(source.name) if source.oauth else None
    return ImapSent(source, sent.folder, folder=folder, environ=environ, account=account)


def open_sink(config: Config, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount = nobody) -> Sink:
    """The sink, not yet connected. `folder` is the desk's, where relative paths start; `accounts` gives its log-in.
    Raises Usage without one."""
    if config.outgoing is None:
        raise Usage("rules.yaml has no `outgoing:`; `outgoing: {maildir: data/sent, from: …}` is the simplest")
    match config.outgoing.sink:
        case SmtpOut() as smtp:
            from email.utils import parseaddr

            from ticketctl.channels.smtp import SmtpSink

            own = parseaddr(config.outgoing.sender)[1]
            account = accounts(OUTGOING) if smtp.oauth else None
            return SmtpSink(smtp, folder=folder, environ=environ, own=own, account=account)
        case MaildirOut() as maildir:
            from ticketctl.channels.maildir_out import MaildirSink

            return MaildirSink(folder / Path(maildir.path).expanduser())
