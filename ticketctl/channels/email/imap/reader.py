"""Lists and reads the mails of a folder, from a server that may list what it does not give.

Exchange is known for it: a mail that can't be rendered is answered with NO, with nothing, or by hanging up, and takes
along all that were asked for with it. So what does not come is asked for in halves, until the one is alone; that one is
reported, and the others come in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

import msgspec

from ticketctl.channels.email.imap.answers import LAST_UID, UNSIZED, Listed, listing, literals, number
from ticketctl.channels.email.imap.session import ImapSession, TooSlow
from ticketctl.channels.limits import HEADER, MAIL
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import UNKNOWN

LINE = 300  # bytes in which a server lists a mail, at most
IN_A_ROW = 10  # mails that were not given, one after the other: then it is the server that fails and not a mail
LEAST = 5.0  # seconds that a batch has in any case


class Outcome(msgspec.Struct, frozen=True):
    """What came of asking for a mail: its bytes; or `why` it was not given; or neither, because it is gone."""

    mail: Listed
    raw: bytes | None = None
    why: str = ""


class ImapReader(ImapSession):
    _refusals = 0

    # --- which mails there are ---

    def _listed(self, folder: str, after: int, failures: list[str]) -> list[Listed]:
        """All mails above that UID, in order. `n:*` also gives the last mail where n is too high (RFC 3501). Where some
        lines can't be read, or are missing, SEARCH gives the UIDs; what it does not give either is one of `failures`.
        Raises ChannelFailed where there are mails and none can be listed."""
        exists = self._noted("EXISTS")
        if not exists:
            return []
        wanted = f"{after + 1}:*"
        lines = self._uid("list its mails", "FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)", size=exists * LINE)
        found, unread = listing(lines)
        if unread or (after == 0 and len(found) < exists):
            more = [uid for uid in self._searched(wanted, exists) if uid not in found]
            found |= {uid: Listed(uid, UNSIZED, UNKNOWN) for uid in more}
            where, without = f"{self.name}: {self._config.host}", "without a UID that can be (RFC 3501: 32 bits)"
            if not found:
                raise ChannelFailed(
                    "{where} has {mails} in {folder} and lists none of them: each comes {without}",
                    code="no_mail_listed",
                    where=where,
                    mails=counted(exists),
                    folder=folder,
                    without=without,
                )
            if lost := max(0, unread - len(more)):
                failures.append(f"{where} lists {counted(lost)} in {folder} {without}; the others are fetched")
        return [found[uid] for uid in sorted(found) if uid > after]

    def _searched(self, wanted: str, exists: int) -> list[int]:
        """Nothing where it can't say."""
        with suppress(ChannelFailed):
            with self._trouble("look for mails"):
                words = self._mailbox(exists * LINE).uids(f"UID {wanted}", charset=None)
            return [uid for one in words if (uid := number(one.encode())) and uid <= LAST_UID]
        return []

    # --- their bytes ---

    def _outcomes(
        self, folder: str, validity: int, batch: Sequence[Listed], *, seconds: float = 0
    ) -> Iterator[Outcome]:
        """One for each mail, in order. `seconds` is a limit for one that is asked for alone. Raises ChannelFailed where
        the time is up, or the server can't be used at all."""
        try:
            given = self._given(folder, validity, batch, seconds)
        except _Withheld as failure:
            self._time_left(failure)
            if len(batch) == 1:
                yield self._refused(folder, batch[0], failure.why)
                return
            size = 1 if failure.slow else (len(batch) + 1) // 2  # halves take too long where each is waited for
            for start in range(0, len(batch), size):
                yield from self._outcomes(folder, validity, batch[start : start + size])
            return
        lacking = [one.uid for one in batch if one.uid not in given]
        there = self._still_there(lacking) if lacking else {}
        for one in batch:
            if one.uid in given:
                self._refusals = 0
                yield Outcome(one, given[one.uid])
            elif one.uid not in there:
                yield Outcome(one)
            elif len(batch) == 1:
                yield self._refused(folder, one, "it answers OK, and nothing else")
            else:
                yield from self._outcomes(folder, validity, [one])

    def _given(self, folder: str, validity: int, batch: Sequence[Listed], seconds: float) -> dict[int, bytes]:
        """What an answer holds. Raises _Withheld where there is no answer, or one that is no use."""
        self._connect()
        if self._select(folder) != validity:  # `acknowledge` may have opened another folder, or connected again
            raise ChannelFailed(
                "{name}: {folder} was replaced meanwhile; the next fetch looks at it anew",
                code="folder_replaced",
                name=self.name,
                folder=folder,
            )
        oversize = batch[0].size > MAIL
        part = f"BODY.PEEK[HEADER]<0.{HEADER}>" if oversize else "BODY.PEEK[]"
        size = HEADER if oversize else sum(MAIL if one.size == UNSIZED else one.size for one in batch)
        limit = max(LEAST, (self._reads_until - time.monotonic()) / 2)
        uids = ",".join(str(one.uid) for one in batch)
        try:
            answer = self._uid(
                "fetch mails",
                "FETCH",
                uids,
                f"(UID {part})",
                size=2 * size,
                seconds=min(limit, seconds) if seconds else limit,
            )
        except ChannelFailed as failure:
            raise _Withheld(str(failure).removeprefix(f"{self.name}: "), isinstance(failure, TooSlow)) from None
        bodies = dict(literals(answer))
        return {one.uid: raw for one in batch if (raw := bodies.get(one.uid)) or (raw == b"" and one.size == 0)}

    def _still_there(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Those of them that the server lists still: the others were deleted meanwhile. All where it can't say."""
        with suppress(ChannelFailed):
            wanted = ",".join(map(str, uids))
            lines = self._uid("look for mails", "FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)")
            return listing(lines)[0]
        return {uid: Listed(uid, UNSIZED, UNKNOWN) for uid in uids}

    def _refused(self, folder: str, mail: Listed, why: str) -> Outcome:
        """Raises ChannelFailed where it is the last of too many."""
        self._refusals += 1
        if self._refusals > IN_A_ROW:
            raise ChannelFailed(
                "{name}: {host} gives none of {count} mails in {folder}, one after the other ({why}); "
                "the next fetch goes on after them",
                code="mails_withheld",
                name=self.name,
                host=self._config.host,
                count=IN_A_ROW,
                folder=folder,
                why=why,
            )
        return Outcome(mail, why=why)

    def _time_left(self, failure: _Withheld) -> None:
        if time.monotonic() > self._reads_until:
            raise TooSlow("{name}: {why}", code="too_slow_for_a_mail", name=self.name, why=failure.why)


def counted(mails: int) -> str:
    return "1 mail" if mails == 1 else f"{mails:,} mails"


class _Withheld(Exception):
    def __init__(self, why: str, slow: bool) -> None:
        super().__init__(why)
        self.why = why
        self.slow = slow
