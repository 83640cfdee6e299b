"""An IMAP account: new mail by UID, never by UNSEEN (a person who opens a mail must not hide it from us).

A run goes like this for each folder: EXAMINE, or SELECT where mails are to be flagged or moved; UIDs above the cursor
with their sizes; the raw bytes with BODY.PEEK[] in batches; and after the commit, `acknowledge` flags or moves exactly
the mails that were committed, or deletes them. Only those are ever expunged: other clients' deletions are theirs.

The `fetch` of imap-tools decodes (and drops bytes it cannot), takes an empty list of UIDs for all mails, and its `flag`
and `move` may expunge; so those commands go to `client.uid`. Connecting and logging in is in `imap_session.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import imap_tools
import imap_tools.idle
import msgspec

from ticketctl.channels.base import Fetched, Listener, Place
from ticketctl.channels.imap_answers import BATCH, Listed, batches, flag, listed, literals, quoted
from ticketctl.channels.imap_session import ImapSession, NoFolder
from ticketctl.channels.limits import HEADER, MAIL, header_of
from ticketctl.errors import ChannelFailed


class Imap(ImapSession):
    """A Source (see base.py) for an `imap:` of rules.yaml."""

    waits = True

    def mailboxes(self) -> Sequence[str]:
        return [self._key(folder) for folder in self._config.folders]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        self._begin()
        missing: list[str] = []
        for folder in self._config.folders:
            try:
                validity = self._select(folder)
            except NoFolder as failure:  # the others are fetched all the same
                missing.append(str(failure))
                continue
            place = places.get(self._key(folder), Place(0, 0))
            same = place.validity == validity
            listed = self._listed(place.uid if same else 0)
            until = place.until if same else _old(listed) if place.since or place.validity else 0
            runs = _runs(listed, place, until)
            self.expected += sum(len(run) for passed, run in runs if not passed)
            for passed, run in runs:
                if passed:
                    yield self._passed(folder, validity, until, run)
                    continue
                for batch in batches(run):
                    if time.monotonic() > self._reads_until:
                        return  # a long first fetch: what came is committed, the rest comes with the next run
                    yield from self._fetched(folder, validity, until, batch)
        if missing:
            raise NoFolder("; ".join(missing))

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        then = self._config.then
        if then.action == "leave":
            return
        self._connect()
        for folder in self._config.folders:
            uids = [message.uid for message in messages if message.mailbox == self._key(folder)]
            validities = {message.validity for message in messages if message.mailbox == self._key(folder)}
            if uids and validities == {self._select(folder)}:
                for start in range(0, len(uids), BATCH):
                    if time.monotonic() > self._ends_at:
                        raise ChannelFailed(f"{self.name}: the time is up; the next fetch does the rest")
                    self._settle(",".join(map(str, uids[start : start + BATCH])))

    def listeners(self) -> Sequence[Listener]:
        """One for each folder: a connection hears of one folder only."""
        configs = [msgspec.structs.replace(self._config, folders=(folder,)) for folder in self._config.folders]
        return [Imap(one, environ=self._environ, folder=self._folder, account=self._account) for one in configs]

    def listen(self, seconds: float, begun: Callable[[], None]) -> bool:
        """IDLE (RFC 2177). What the server says is not looked at: that it spoke, or that the time is over, is reason
        enough to fetch."""
        self._begin()
        if "IDLE" not in self._capabilities():
            self.close()
            return False
        self._select(self._config.folders[0])
        self._ends_at = time.monotonic() + seconds + self._config.deadline
        with self._trouble("listen for new mail"):
            idle = self._idle()
            idle.start()  # type: ignore[no-untyped-call] # imap-tools gives it no types
            begun()
            idle.poll(seconds)
            idle.stop()  # type: ignore[no-untyped-call]  # the same
        return True

    def check(self) -> str:
        self._begin()
        counts = []
        for folder in self._config.folders:
            self._select(folder)
            counts.append(f"{folder} {self._noted('EXISTS')}")
        self._check_target()
        return f"{self._config.user} on {self._config.host}: {', '.join(counts)}"

    # --- the account ---

    def _check_target(self) -> None:
        """Raises ChannelFailed where mails are to be moved to a folder that is not there: fetched they would stay."""
        then, box = self._config.then, self._box
        if then.action == "move" and box is not None and not box.folder.exists(then.argument):
            raise ChannelFailed(
                f"{self.name}: {self._config.host} has no folder {then.argument!r} to move fetched mails to; "
                f"there are: {', '.join(self._folders())}"
            )

    # --- mails ---

    def _listed(self, after: int) -> list[Listed]:
        """All mails above that UID, in order. `n:*` also gives the last mail where n is too high (RFC 3501)."""
        if not self._noted("EXISTS"):
            return []
        lines = self._uid("list its mails", "FETCH", f"{after + 1}:*", "(UID RFC822.SIZE INTERNALDATE)")
        found = {one.uid: one for line in lines if isinstance(line, bytes) and (one := listed(line))}
        return [found[uid] for uid in sorted(found) if uid > after]

    def _passed(self, folder: str, validity: int, until: int, run: Sequence[Listed]) -> Fetched:
        """Mails that an import leaves out: the cursor goes past them."""
        last = run[-1]
        return Fetched(
            mailbox=self._key(folder),
            raw=b"",
            arrived_at=last.arrived_at,
            validity=validity,
            uid=last.uid,
            until=until,
            skipped=len(run),
        )

    def _fetched(self, folder: str, validity: int, until: int, batch: Sequence[Listed]) -> Iterator[Fetched]:
        if self._select(folder) != validity:  # `acknowledge` may have opened another folder, or connected again
            raise ChannelFailed(f"{self.name}: {folder} was replaced meanwhile; the next fetch looks at it anew")
        oversize = batch[0].size > MAIL
        part = f"BODY.PEEK[HEADER]<0.{HEADER}>" if oversize else "BODY.PEEK[]"
        uids = ",".join(str(one.uid) for one in batch)
        parts = self._uid("fetch mails", "FETCH", uids, f"(UID {part})")
        bodies = dict(literals(parts))
        self._must_be_gone(folder, [one.uid for one in batch if one.uid not in bodies])
        for one in batch:
            raw = bodies.pop(one.uid, None)
            if raw is None:  # deleted meanwhile by another client
                self.expected -= 1
                continue
            yield Fetched(
                mailbox=self._key(folder),
                raw=header_of(raw) if oversize else raw,
                arrived_at=one.arrived_at,
                validity=validity,
                uid=one.uid,
                oversize=oversize,
                size=one.size,
                until=until,
            )

    def _must_be_gone(self, folder: str, uids: Sequence[int]) -> None:
        """A mail that the server listed and did not give was deleted meanwhile; or the cursor must not go past it."""
        if not uids:
            return
        lines = self._uid("look for mails", "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        there = [one.uid for line in lines if isinstance(line, bytes) and (one := listed(line))]
        if there:
            raise ChannelFailed(
                f"{self.name}: {self._config.host} lists the mail with UID {there[0]} in {folder} and does not "
                "give it; if it stays so, move that mail to another folder"
            )

    def _settle(self, uids: str) -> None:
        """What others have marked as deleted stays: never a bare EXPUNGE, and no CLOSE."""
        then = self._config.then
        if then.action == "flag":
            self._uid("set a flag", "STORE", uids, "+FLAGS.SILENT", f"({flag(then.argument)})")
            return
        able = self._capabilities()
        if then.action == "move":
            what, folder = f"move mails to {then.argument!r}", quoted(then.argument)
            if "MOVE" in able:
                self._uid(what, "MOVE", uids, folder)
                return
            if "UIDPLUS" not in able:
                raise ChannelFailed(
                    f"{self.name}: {self._config.host} cannot move mails safely (neither MOVE, RFC 6851, nor UIDPLUS, "
                    "RFC 4315); use `then: {flag: …}` or `then: leave`"
                )
            self._uid(what, "COPY", uids, folder)
        self._uid("mark mails as deleted", "STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
        if "UIDPLUS" in able:
            self._uid("delete mails", "EXPUNGE", uids)

    def _idle(self) -> imap_tools.idle.IdleManager:
        self._client()
        assert self._box is not None
        return self._box.idle


def _old(mails: Sequence[Listed]) -> int:
    """Up to which UID a mailbox that is read from its beginning is old mail: as far as it goes now."""
    return mails[-1].uid if mails else 0


def _runs(mails: Sequence[Listed], place: Place, until: int) -> list[tuple[bool, list[Listed]]]:
    """In order, those that an import passes over and those that it takes in."""
    runs = groupby(mails, lambda one: one.uid <= until and place.passes(one.arrived_at))
    return [(passed, list(run)) for passed, run in runs]
