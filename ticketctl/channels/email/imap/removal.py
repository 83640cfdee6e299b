"""Finds mails by their Message-IDs in the folders of an account, and deletes them: those of a person who is erased.

Looked at are the folders that are fetched, the one that fetched mails are moved to, and the Sent folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

import imap_tools

from ticketctl.channels.email.imap.answers import folder_name
from ticketctl.channels.email.imap.sent_folder import ImapSent
from ticketctl.channels.email.imap.session import NoFolder
from ticketctl.errors import ChannelFailed

_TOGETHER = 20  # ids in one search


class ImapRemoval(ImapSent):
    AGAIN = "run it again"

    def find(self, message_ids: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Folder → UIDs; raises ChannelFailed."""
        self._begin()
        ids = [one for one in dict.fromkeys(message_ids) if one.isascii() and one.isprintable() and '"' not in one]
        found = {}
        for folder in dict.fromkeys(self._all_folders()):
            with suppress(NoFolder):
                self._selected = ""
                self._select(folder)
                uids = {uid for start in range(0, len(ids), _TOGETHER) for uid in self._uids(ids[start:][:_TOGETHER])}
                if uids:
                    found[folder] = tuple(sorted(uids))
        return found

    def remove(self, message_ids: Collection[str]) -> int:
        """Deletes them and nothing else; how many. Raises ChannelFailed."""
        found = self.find(message_ids)
        if found and "UIDPLUS" not in self._capabilities():
            raise ChannelFailed(
                "{name}: {host} cannot delete single mails (no UIDPLUS, RFC 4315); delete these in a mail program: "
                "{where}",
                code="no_safe_delete",
                name=self.name,
                host=self._config.host,
                where="; ".join(f"{folder} UID {', '.join(map(str, uids))}" for folder, uids in found.items()),
            )
        for folder, uids in found.items():
            with self._trouble(f"delete mails in {folder!r}"):
                self._mailbox().folder.set(folder_name(folder), False)
                self._selected = ""
                self._mailbox().delete(",".join(map(str, uids)))
        return sum(map(len, found.values()))

    def _all_folders(self) -> Iterator[str]:
        yield from self._config.folders
        if self._config.then.action == "move":
            yield self._config.then.argument
        with suppress(ChannelFailed):
            yield self._folder_name()

    def _uids(self, message_ids: Sequence[str]) -> Iterator[int]:
        if not message_ids or not self._noted("EXISTS"):
            return
        headers = [imap_tools.A(header=imap_tools.H("Message-ID", f"<{one}>")) for one in message_ids]
        asked = headers[0] if len(headers) == 1 else imap_tools.OR(*headers)
        with self._trouble("look for mails"):
            yield from map(int, self._mailbox().uids(asked, charset=None))
