"""Where mail comes from and which way it is sent, opened. A source is named as in rules.yaml, or it is `maildir:PATH`,
`mbox:PATH`, or `-` for standard input; the sink is `outgoing:` of rules.yaml."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from ticketctl.channels.email.oauth.oauth import OpenAccount, nobody
from ticketctl.domain.config import (
    OUTGOING,
    Config,
    ImapSource,
    MaildirOut,
    MaildirSource,
    MatrixSource,
    MattermostSource,
    MboxSource,
    PipeSource,
    SmtpOut,
    SourceConfig,
    TelegramSource,
    WebhookSource,
    WebSource,
)
from ticketctl.errors import ChannelFailed, NextStep, Usage
from ticketctl.ports.channels import Removal, SentCopy, SentFolder, Sink, Source
from ticketctl.ports.hooks import Hook, NotVerified


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
        if source.name == name and not isinstance(source, WebSource):
            return _opened(source, folder, environ, accounts)
    if any(source.name == name for source in config.sources):
        step = NextStep("serve", then="takes in what is written there")
        raise Usage("{name} is a web page; nothing is fetched from it", code="source_is_web", name=name, next_step=step)
    raise Usage("no source {name!r} in rules.yaml{meant}", code="no_source", name=name, meant=_meant(name, config))


def open_sent(
    config: Config, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount = nobody
) -> SentFolder:
    """The folder that copies of replies go to, not yet connected; raises Usage where rules.yaml names none."""
    sent = config.outgoing.sent if config.outgoing else None
    source = next((one for one in config.sources if sent and one.name == sent.source), None)
    if sent is None or not isinstance(source, ImapSource):
        raise Usage("rules.yaml has no `outgoing: {sent: SOURCE}` with an imap source", code="no_sent_source")
    from ticketctl.channels.email.imap.sent_folder import ImapSent

    account = accounts(source.name) if source.oauth else None
    return ImapSent(source, sent.folder, folder=folder, environ=environ, account=account)


def open_sink(config: Config, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount = nobody) -> Sink:
    """The sink, not yet connected. `folder` is the desk's, where relative paths start; `accounts` gives its log-in.
    Raises Usage without one."""
    if config.outgoing is None:
        raise Usage(
            "rules.yaml has no `outgoing:`; `outgoing: {maildir: data/sent, from: …}` is the simplest",
            code="no_outgoing",
        )
    match config.outgoing.sink:
        case SmtpOut() as smtp:
            from email.utils import parseaddr

            from ticketctl.channels.email.smtp.sink import SmtpSink

            own = parseaddr(config.outgoing.sender)[1]
            account = accounts(OUTGOING) if smtp.oauth else None
            return SmtpSink(smtp, folder=folder, environ=environ, own=own, account=account)
        case MaildirOut() as maildir:
            from ticketctl.channels.email.maildir_out import MaildirSink

            path = folder / Path(maildir.path).expanduser()
            return MaildirSink(path, own=_is_in(path, folder / "data"))


def open_room_sink(config: Config, medium: str, *, folder: Path, environ: Mapping[str, str]) -> Sink:
    """What sends into rooms, not yet connected; raises Usage where rules.yaml has no source of that medium."""
    matrix = [source for source in config.sources if isinstance(source, MatrixSource)]
    if medium == "matrix" and matrix:
        from ticketctl.channels.matrix.sink import MatrixSink

        return MatrixSink(matrix, environ=environ, folder=folder)
    telegram = [source for source in config.sources if isinstance(source, TelegramSource)]
    if medium == "telegram" and telegram:
        from ticketctl.channels.chats.telegram_sink import TelegramSink

        return TelegramSink(telegram, environ=environ)
    mattermost = [source for source in config.sources if isinstance(source, MattermostSource)]
    if medium == "mattermost" and mattermost:
        from ticketctl.channels.chats.mattermost import MattermostSink

        return MattermostSink(mattermost, environ=environ)
    webhooks = [source for source in config.sources if isinstance(source, WebhookSource)]
    if medium == "webhook" and webhooks:
        from ticketctl.channels.chats.signed import SignedSink

        return SignedSink(webhooks, environ=environ)
    raise Usage("nothing here sends messages of the medium {medium}", code="no_such_medium", medium=medium)


def open_hook(config: Config, name: str, *, environ: Mapping[str, str]) -> Hook:
    """Raises NotVerified where rules.yaml has no source of that name that is called."""
    match next((source for source in config.sources if source.name == name), None):
        case MattermostSource() as mattermost:
            from ticketctl.channels.chats.mattermost import MattermostHook

            return MattermostHook(mattermost, environ=environ)
        case WebhookSource() as webhook:
            from ticketctl.channels.chats.signed import SignedHook

            return SignedHook(webhook, environ=environ)
    raise NotVerified("no source of that name is called by others", code="no_such_hook")


def open_removal(
    config: Config, name: str, *, folder: Path, environ: Mapping[str, str], accounts: OpenAccount
) -> Removal | None:
    """For the mails of a person who is erased; None where the source is no server."""
    found = next((one for one in config.sources if one.name == name), None)
    if not isinstance(found, ImapSource):
        return None
    from ticketctl.channels.email.imap.removal import ImapRemoval

    sent = config.outgoing.sent if config.outgoing else None
    named = sent.folder if sent and sent.source == name else ""
    return ImapRemoval(found, named, environ=environ, folder=folder, account=accounts(name))


def open_copies(config: Config, *, folder: Path, own: Path) -> Iterator[SentCopy]:
    """The copies of sent mail in `own`, the desk's data folder: a Maildir elsewhere belongs to somebody else. Raises
    ChannelFailed where it is a link: what lies behind that is not deleted, and must not seem to be."""
    if config.outgoing and isinstance(config.outgoing.sink, MaildirOut):
        kept = folder / Path(config.outgoing.sink.path).expanduser()
        if _is_in(kept, own):
            from ticketctl.channels.email.maildir_out import sent_files

            try:
                yield from sent_files(kept)
            except OSError as error:
                raise ChannelFailed(
                    "{path}: {reason}",
                    code="maildir_fails",
                    path=error.filename or kept,
                    reason=error.strerror or error,
                ) from error


def _is_in(path: Path, folder: Path) -> bool:
    """As it is written: links are not followed."""
    return Path(os.path.abspath(path)).is_relative_to(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links


def _opened(source: SourceConfig, folder: Path, environ: Mapping[str, str], accounts: OpenAccount) -> Source:
    match source:
        case ImapSource():
            from ticketctl.channels.email.imap.source import Imap

            return Imap(source, environ=environ, folder=folder, account=accounts(source.name))
        case MaildirSource():
            from ticketctl.channels.email.maildir import Maildir

            path = folder / Path(source.path).expanduser()
            return Maildir(source.name, path, source.then, notes=folder / "data" / "maildirs")
        case MboxSource():
            from ticketctl.channels.email.mbox import Mbox

            return Mbox(source.name, folder / Path(source.path).expanduser())
        case PipeSource():
            from ticketctl.channels.email.pipe import Pipe

            return Pipe(source.name)
        case MatrixSource():
            from ticketctl.channels.matrix.source import MatrixRooms

            return MatrixRooms(source, environ=environ, folder=folder)
        case TelegramSource():
            from ticketctl.channels.chats.telegram import TelegramBot

            return TelegramBot(source, environ=environ)
        case _:
            raise AssertionError(source)  # the callers left the web's sources out


def _meant(name: str, config: Config) -> str:
    names = [source.name for source in config.fetched]
    close = get_close_matches(name, names, 1, 0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    there = f"there are: {', '.join(names)}; " if names else ""
    return f" ({there}maildir:PATH, mbox:PATH and - need none)"
