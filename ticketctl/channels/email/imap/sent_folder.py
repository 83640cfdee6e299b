"""The Sent folder of an account, for copies of what has left: each mail is there once, however often it is put there.

Which folder it is the server says (\\Sent, RFC 6154), unless it is named. A mail is looked for by its Message-ID before
it is appended: what a run that died has appended, or the provider put there itself, does not come twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from ticketctl.channels.email.imap.answers import quoted
from ticketctl.channels.email.imap.session import ImapSession
from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed

USUAL = ("Sent", "INBOX.Sent", "Sent Items", "Sent Messages", "Skickat", "Skickade objekt", "INBOX.Skickat")
SECONDS = 60  # for a whole session
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
        with self._trouble(f"put a copy into {self._folder_name()!r}"):
            self._client().allow(0)
            status, data = self._client().append(quoted(self._folder_name()), "(\\Seen)", at, raw)
        if status != "OK":
            told = self._redactor.told(b" ".join(one for one in data if isinstance(one, bytes)))
            raise ChannelFailed(
                "{name}: {folder!r} takes no copy: {told}",
                code="no_copy_taken",
                name=self.name,
                folder=self._folder_name(),
                told=told,
            )
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
        since = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        found = self._uid("look for a copy", "SEARCH", "SINCE", since, "HEADER", "Message-ID", f'"<{message_id}>"')
        return any(isinstance(one, bytes) and one.split() for one in found)

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
