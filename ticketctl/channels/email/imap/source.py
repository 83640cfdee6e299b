"""An IMAP account: new mail by UID, never by UNSEEN (a person who opens a mail must not hide it from us).

A run goes like this for each folder: EXAMINE, or SELECT where mails are to be flagged or moved; UIDs above the cursor
with their sizes; the raw bytes with BODY.PEEK[] in batches; and after the commit, `acknowledge` flags or moves exactly
the mails that were committed, or deletes them. Only those are ever expunged: other clients' deletions are theirs.

Connecting and logging in is in `session.py`, listing and reading in `reader.py`. Which calls are imap-tools' own and
which are not, and why, is listed at `Box` in `client.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby

import msgspec

from ticketctl.channels.email.imap.answers import BATCH, UNSIZED, Listed, batches, flag, folder_name
from ticketctl.channels.email.imap.reader import ImapReader, Outcome
from ticketctl.channels.email.imap.session import NoFolder
from ticketctl.channels.limits import MAIL, header_of
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import UNKNOWN, Fetched, Listener, Place, Undecided, holds_old_mail

AGAIN_WITHIN = 60.0  # seconds for a mail that was not given before: it must not take the time of the others


class Imap(ImapReader):
    """A Source (see base.py) for an `imap:` of rules.yaml."""

    waits = True

    def mailboxes(self) -> Sequence[str]:
        return [self._key(folder) for folder in self._config.folders]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        self._begin()
        failures: list[str] = []
        for folder in self._config.folders:
            try:
                yield from self._new(folder, places.get(self._key(folder), Place(0, 0)), failures)
            except NoFolder as failure:  # the others are fetched all the same
                failures.append(str(failure))
        for folder in self._config.folders:
            yield from self._asked_again(folder, places.get(self._key(folder), Place(0, 0)), failures)
        if failures:
            raise NoFolder("{reasons}", code="folders_failed", reasons="; ".join(failures))

    def _new(self, folder: str, place: Place, failures: list[str]) -> Iterator[Fetched]:
        """What lies above the cursor; what the server does not give is added to `failures`."""
        self._connect()  # again, where the folder before broke it
        validity = self._select(folder)
        same = place.validity == validity
        listed = self._listed(folder, place.uid if same else 0, failures)
        if found := place.undecided(self._key(folder), (mail.arrived_at for mail in listed)):
            self.undecided.append(found)
            return
        until = place.until if same else _old(listed) if place.since or place.validity else 0
        runs = _runs(listed, place, until)
        self.expected += sum(len(run) for passed, run in runs if not passed)
        withheld: list[Outcome] = []
        for passed, run in runs:
            if passed:
                yield self._passed(folder, validity, until, run)
                continue
            for batch in batches(run):
                if time.monotonic() > self._reads_until:
                    return  # a long first fetch: what came is committed, the rest comes with the next run
                for outcome in self._outcomes(folder, validity, batch):
                    if outcome.why:
                        withheld.append(outcome)
                    if outcome.raw is None and not outcome.why:  # deleted meanwhile by another client
                        self.expected -= 1
                    else:
                        yield self._fetched(folder, validity, outcome, until=until)
        if withheld:
            failures.append(self._withheld_text(folder, withheld))

    def _asked_again(self, folder: str, place: Place, failures: list[str]) -> Iterator[Fetched]:
        """What was not given before: it comes, is gone, or is reported once more. A folder that was made anew brings
        all its mails anyway."""
        if not place.withheld or time.monotonic() > self._reads_until:
            return
        self._connect()
        with suppress(NoFolder):  # reported already
            validity = self._select(folder)
            there = self._still_there(place.withheld) if place.validity == validity else {}
            withheld: list[Outcome] = []
            for uid in place.withheld:
                mail = there.get(uid, Listed(uid, UNSIZED, UNKNOWN))
                outcome = Outcome(mail)
                if uid in there:
                    (outcome,) = self._outcomes(folder, validity, [mail], seconds=AGAIN_WITHIN)
                if outcome.why:
                    withheld.append(outcome)
                else:
                    yield self._fetched(folder, place.validity, outcome, again=True)
            if withheld:
                failures.append(self._withheld_text(folder, withheld))

    def _withheld_text(self, folder: str, withheld: Sequence[Outcome]) -> str:
        uids = ", ".join(str(one.mail.uid) for one in withheld[:10]) + (" …" if len(withheld) > 10 else "")
        mails, them = ("mail", "it") if len(withheld) == 1 else ("mails", "them")
        return (
            f"{self.name}: {self._config.host} lists the {mails} with UID {uids} in {folder} and does not give {them} "
            f"({withheld[0].why}); listed in the quarantine, and asked for again at each fetch"
        )

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
                        raise ChannelFailed(
                            "{name}: the time is up; the next fetch does the rest", code="time_is_up", name=self.name
                        )
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
            idle = self._mailbox().idle
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

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        self._begin()
        found = []
        for folder in self._config.folders:
            if self._key(folder) in mailboxes:
                self._select(folder)
                arrivals = [mail.arrived_at for mail in self._listed(folder, 0, [])]
                found.append(holds_old_mail(self._key(folder), arrivals, before))
        return [one for one in found if one]

    # --- the account ---

    def _check_target(self) -> None:
        """Raises ChannelFailed where mails are to be moved to a folder that is not there: fetched they would stay."""
        then = self._config.then
        if then.action == "move" and then.argument not in (there := self._folders()):
            raise ChannelFailed(
                "{name}: {host} has no folder {folder!r} to move fetched mails to; there are: {there}",
                code="no_folder_to_move_to",
                name=self.name,
                host=self._config.host,
                folder=then.argument,
                there=", ".join(there[:20]),
            )

    # --- mails ---

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

    def _fetched(self, folder: str, validity: int, outcome: Outcome, *, until: int = 0, again: bool = False) -> Fetched:
        mail, raw = outcome.mail, outcome.raw or b""
        oversize = mail.size > MAIL
        return Fetched(
            mailbox=self._key(folder),
            raw=header_of(raw) if oversize else raw,
            arrived_at=mail.arrived_at,
            validity=validity,
            uid=mail.uid,
            oversize=oversize,
            size=max(mail.size, 0) or len(raw),
            until=until,
            again=again,
            withheld=outcome.why,
            gone=again and outcome.raw is None,
        )

    def _settle(self, uids: str) -> None:
        """What others have marked as deleted stays: never a bare EXPUNGE, and no CLOSE."""
        then = self._config.then
        if then.action == "flag":
            name = flag(then.argument)
            with self._trouble("set a flag"):
                self._mailbox().flag(uids, name, True)
            return
        able = self._capabilities()
        if then.action == "move":
            folder = folder_name(then.argument)
            if not able & {"MOVE", "UIDPLUS"}:
                raise ChannelFailed(
                    "{name}: {host} cannot move mails safely (neither MOVE, RFC 6851, nor UIDPLUS, RFC 4315); "
                    "use `then: {{flag: …}}` or `then: leave`",
                    code="no_safe_move",
                    name=self.name,
                    host=self._config.host,
                )
            with self._trouble(f"move mails to {then.argument!r}"):
                self._mailbox().move(uids, folder)
            return
        with self._trouble("delete mails"):
            self._mailbox().delete(uids)


def _old(mails: Sequence[Listed]) -> int:
    """Up to which UID a mailbox that is read from its beginning is old mail: as far as it goes now."""
    return mails[-1].uid if mails else 0


def _runs(mails: Sequence[Listed], place: Place, until: int) -> list[tuple[bool, list[Listed]]]:
    """In order, those that an import passes over and those that it takes in."""
    runs = groupby(mails, lambda one: one.uid <= until and place.passes(one.arrived_at))
    return [(passed, list(run)) for passed, run in runs]
