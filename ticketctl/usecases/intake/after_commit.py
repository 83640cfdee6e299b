"""What is still to be done on the server after a commit: mails to be flagged, moved or deleted (`then:`).

It is remembered in the same commit that takes the mails in, and forgotten once it is done; so the next fetch does what
this one could not, because it was killed in between or because the folder was missing. Doing it twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from ticketctl.ports.channels import UNKNOWN, Fetched, Source
from ticketctl.ports.store import Desk, Store

TOGETHER = 500  # mails that are handed to a source at once


class Run(msgspec.Struct, frozen=True, array_like=True):
    """Mails with consecutive UIDs, or one with its handle."""

    validity: int
    first: int
    last: int
    handle: str = ""


Waiting = dict[str, list[Run]]


class AfterCommit:
    """Of one run over one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stored: Waiting = {}
        self._waiting: Waiting = {}

    def load(self, desk: Desk) -> None:
        """What earlier runs left undone; nothing where `then:` asks for nothing any more."""
        self._stored = {mailbox: _recalled(desk, mailbox) for mailbox in self._source.mailboxes()}
        self._waiting = {mailbox: list(runs) for mailbox, runs in self._stored.items() if self._source.settles}

    def note(self, desk: Desk, mails: Iterable[Fetched]) -> None:
        """In the commit that takes these mails in."""
        if self._source.settles:
            for mail in mails:
                _add(self._waiting.setdefault(mail.mailbox, []), mail)
        self._remember(desk)

    @property
    def count(self) -> int:
        """Mails that wait."""
        return sum(run.last - run.first + 1 for runs in self._waiting.values() for run in runs)

    def pieces(self) -> Iterator[list[Fetched]]:
        """The mails that wait, without their bytes, those of one mailbox and validity at a time."""
        for mailbox, runs in sorted(self._waiting.items()):
            for _, same in groupby(list(runs), lambda run: run.validity):
                mails = [mail for run in same for mail in _mails(mailbox, run)]
                yield from (mails[start : start + TOGETHER] for start in range(0, len(mails), TOGETHER))

    def done(self, mails: Sequence[Fetched]) -> None:
        """These need nothing more: a piece, in the order in which it was given."""
        gone = {(mail.validity, mail.uid, mail.handle) for mail in mails}
        kept: list[Run] = []
        for run in self._waiting[mails[0].mailbox]:
            for mail in _mails(mails[0].mailbox, run):
                if (mail.validity, mail.uid, mail.handle) not in gone:
                    _add(kept, mail)
        self._waiting[mails[0].mailbox] = kept

    def forget(self, store: Store) -> None:
        """What is done, where the desk does not know it yet."""
        if _filled(self._waiting) != _filled(self._stored):
            with store.transaction() as desk:
                self._remember(desk)

    def _remember(self, desk: Desk) -> None:
        for mailbox in {*self._waiting, *_filled(self._stored)}:
            runs = self._waiting.get(mailbox)
            desk.remember(f"afterwards {mailbox}", msgspec.json.encode(runs).decode() if runs else "")
        self._stored = {mailbox: list(runs) for mailbox, runs in self._waiting.items()}


def _recalled(desk: Desk, mailbox: str) -> list[Run]:
    text = desk.recall(f"afterwards {mailbox}")
    return msgspec.json.decode(text, type=list[Run]) if text else []


def _add(runs: list[Run], mail: Fetched) -> None:
    last = runs[-1] if runs else None
    if last and not (mail.handle or last.handle) and (last.validity, last.last) == (mail.validity, mail.uid - 1):
        runs[-1] = Run(last.validity, last.first, mail.uid)
    else:
        runs.append(Run(mail.validity, mail.uid, mail.uid, mail.handle))


def _mails(mailbox: str, run: Run) -> Iterator[Fetched]:
    for uid in range(run.first, run.last + 1):
        yield Fetched(mailbox=mailbox, raw=b"", arrived_at=UNKNOWN, validity=run.validity, uid=uid, handle=run.handle)


def _filled(waiting: Waiting) -> Waiting:
    """Without mailboxes where nothing waits."""
    return {mailbox: runs for mailbox, runs in waiting.items() if runs}
