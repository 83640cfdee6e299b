"""What is still to be done on the server after a commit: mails to be flagged or moved (`then:`).

It is remembered in the same commit that takes the mails in, and forgotten once it is done; so the next fetch does what
this one could not, because it was killed in between or because the folder was missing. Doing it twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ticketctl.channels.base import UNKNOWN, Fetched, Source
from ticketctl.errors import ChannelFailed
from ticketctl.store.base import Desk, Store


class Run(msgspec.Struct, frozen=True, array_like=True):
    """Mails with consecutive UIDs, or one with its handle."""

    validity: int
    first: int
    last: int
    handle: str = ""


Waiting = dict[str, list[Run]]


class Afterwards:
    """Of one run over one source. A server that refuses once is not asked again in this run; `failure` says why."""

    def __init__(self, source: Source) -> None:
        self.failure = ""
        self._source = source
        self._stored: Waiting = {}
        self._earlier: Waiting = {}
        self._now: Waiting = {}

    def load(self, desk: Desk) -> None:
        """What earlier runs left undone; nothing where `then:` asks for nothing any more."""
        self._stored = {mailbox: _recalled(desk, mailbox) for mailbox in self._source.mailboxes()}
        self._earlier = dict(self._stored) if self._source.settles else {}

    def note(self, desk: Desk, mails: Iterable[Fetched]) -> None:
        """In the commit that takes these mails in."""
        if self._source.settles:
            self._now = _runs(mails)
        self._remember(desk)

    def settle(self, mails: list[Fetched]) -> None:
        """After that commit."""
        if self.failure or not self._done(mails):
            self._earlier = _joined(self._earlier, self._now)
        self._now = {}

    def settle_earlier(self) -> None:
        """At the end of a run: what earlier runs left undone."""
        for mailbox, runs in sorted(self._earlier.items()):
            for validity in sorted({run.validity for run in runs}):
                mails = [one for run in runs if run.validity == validity for one in _mails(mailbox, run)]
                if self.failure or not self._done(mails):
                    return
        self._earlier = {}

    def forget(self, store: Store) -> None:
        """What is done, where the desk does not know it yet."""
        if _joined(self._earlier) != _joined(self._stored):
            with store.transaction() as desk:
                self._remember(desk)

    def _done(self, mails: list[Fetched]) -> bool:
        try:
            self._source.acknowledge(mails)
        except ChannelFailed as failure:
            self.failure = str(failure)
        return not self.failure

    def _remember(self, desk: Desk) -> None:
        waiting = _joined(self._earlier, self._now)
        for mailbox in {*waiting, *_joined(self._stored)}:
            runs = waiting.get(mailbox)
            desk.remember(f"afterwards {mailbox}", msgspec.json.encode(runs).decode() if runs else "")
        self._stored = waiting


def _recalled(desk: Desk, mailbox: str) -> list[Run]:
    text = desk.recall(f"afterwards {mailbox}")
    return msgspec.json.decode(text, type=list[Run]) if text else []


def _runs(mails: Iterable[Fetched]) -> Waiting:
    found: Waiting = {}
    for mail in mails:
        runs = found.setdefault(mail.mailbox, [])
        last = runs[-1] if runs else None
        if last and not mail.handle and (last.validity, last.last) == (mail.validity, mail.uid - 1):
            runs[-1] = Run(last.validity, last.first, mail.uid)
        else:
            runs.append(Run(mail.validity, mail.uid, mail.uid, mail.handle))
    return found


def _mails(mailbox: str, run: Run) -> Iterator[Fetched]:
    for uid in range(run.first, run.last + 1):
        yield Fetched(mailbox=mailbox, raw=b"", arrived_at=UNKNOWN, validity=run.validity, uid=uid, handle=run.handle)


def _joined(*parts: Waiting) -> Waiting:
    """One after the other, without mailboxes where nothing waits."""
    mailboxes = dict.fromkeys(mailbox for part in parts for mailbox, runs in part.items() if runs)
    return {mailbox: [run for part in parts for run in part.get(mailbox, [])] for mailbox in mailboxes}
