"""The Sent folder of an account, for copies of what has left: each mail is there once, however often it is put there.

Which folder it is the server says (\\Sent, RFC 6154), unless it is named. A mail is looked for by its Message-ID before
it is appended: what a run that died has appended, or the provider put there itself, does not come twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import imap_tools
import msgspec

from ticketctl.channels.email.imap.answers import folder_name
from ticketctl.channels.email.imap.session import ImapSession
from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed

USUAL = ("Sent", "INBOX.Sent", "Sent Items", "Sent Messages", "Skickat", "Skickade objekt", "INBOX.Skickat")
SECONDS = 60  # for a whole session


class ImapSent(ImapSession):
    """`sent` is the folder's name, "" for the one that the server calls so."""

    AGAIN = "it is tried again when mail is next sent"

    def __init__(
        self,
        config: ImapSource,
        sent: str,
        *,
        environ: Mapping[str, str],
        folder: Path,
        account: Account | None = None,
    ) -> None:
        config = msgspec.structs.replace(
            config, deadline=min(config.deadline, SECONDS), timeout=min(config.timeout, SECONDS // 2)
        )
        super().__init__(config, environ=environ, folder=folder, account=account)
        self._sent = sent

    def keep(self, raw: bytes, message_id: str, at: datetime) -> bool:
        """Puts it there as read, dated `at`; False where it was there already. Raises ChannelFailed."""
        self._begin()
        if self._has(message_id, at):
            return False
        name = folder_name(self._folder_name())
        with self._trouble(f"put a copy into {name!r}"):
            self._mailbox().append(raw, name, dt=at, flag_set=[imap_tools.MailMessageFlags.SEEN])
        return True

    def check(self) -> str:
        self._begin()
        self._select(self._folder_name())
        return f"copies of replies are put into {self._folder_name()!r} of {self.name}"

    def _has(self, message_id: str, at: datetime) -> bool:
        self._selected = ""  # opened anew: what another connection appended is in it then
        self._select(self._folder_name())
        if not self._noted("EXISTS"):
            return False
        day = at - timedelta(days=2)  # the day is the server's, and of whichever zone
        named = imap_tools.A(date_gte=day.date(), header=imap_tools.H("Message-ID", f"<{message_id}>"))
        with self._trouble("look for a copy"):
            return bool(self._mailbox().uids(named, charset=None))

    def _folder_name(self) -> str:
        if not self._sent:
            self._sent = self._found()
        return self._sent

    def _found(self) -> str:
        folders = self._listed_folders()
        told = next((name for name, flags in folders if "\\sent" in flags.split()), "")
        names = {name for name, _ in folders}
        usual = next((name for name in USUAL if name in names), "")
        if not (told or usual):
            there = ", ".join(sorted(names)[:20])
            raise ChannelFailed(
                "{name}: no Sent folder was found; name it with `folder:`; there are: {there}",
                code="no_sent_folder",
                name=self.name,
                there=there,
            )
        return told or usual
