"""Who did or saw what, when and why: `data/audit.jsonl`, which only grows.

The lines are chained with a key (lines.py), and the last one is remembered: by every commit in the desk file, by every
record in `audit.head` (sealed.py), and in each mailed report. No personal data: tickets by number, persons as
pseudonyms, so that erasing a person leaves the chain whole. What a writer that died left of a line is kept aside, and a
record says so.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from ticketctl.domain.ticket.ticket import Event
from ticketctl.errors import Damaged
from ticketctl.ports import audit
from ticketctl.ports.audit import Entry, Head, Record, Verified
from ticketctl.ports.store import Finding
from ticketctl.store import fs, locks
from ticketctl.store.audit import sealed
from ticketctl.store.audit.checking import Mark, check
from ticketctl.store.audit.lines import (
    NAME,
    TAIL,
    anchor,
    decoded,
    head_of,
    highest_ticket,
    holds,
    key_id,
    last_record,
    lines,
    signed,
)
from ticketctl.store.tiny.documents import DAMAGED
from ticketctl.store.tiny.migrations import open_desk

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_WHY, _ABOUT, _SHOWN = 1000, 200, 4000  # characters, pseudonyms, characters


class AuditLog:
    """`folder` is the desk's `data/`. `key` signs; `own` is the desk's own key, where that is another: it signed what
    was written before. `head` is where the file of the head lies. `reason` stands in records of changes."""

    def __init__(
        self, folder: Path, key: bytes, *, own: bytes = b"", head: Path | None = None, reason: str = "",
        lock_seconds: float = 30,
    ) -> None:  # fmt: skip
        self.path = folder / NAME
        self._keys = [key, own] if own and own != key else [key]
        self._head = head or folder / sealed.NAME
        self._own_head = folder / sealed.NAME
        self._reason = reason
        self._lock_seconds = lock_seconds

    # --- writing ---

    def record(self, *, at: datetime, actor: str, action: str, ticket: int = 0, why: str = "") -> Record:
        """Durable when it returns; raises Busy, Damaged and StoreFailed."""
        return self._append([Record(number=0, at=at, actor=actor, action=action, ticket=ticket, why=why)])[-1]

    def note(self, *entries: Entry, seconds: float = 30) -> None:
        """The same for several; waits `seconds` for another run."""
        self._append([record for entry in entries for record in self._records_of(entry)], seconds)

    def record_events(self, happened: Iterable[tuple[int, Event]], generation: int) -> None:
        """What the commit of that generation is about to change, by ticket number. It is written before the commit, so
        that no change can be without its record; `record_outcome` says afterwards what became of it."""
        self._append(
            [
                Record(
                    number=0,
                    at=event.at,
                    actor=event.actor,
                    action=event.what,
                    ticket=number,
                    why=event.why,
                    generation=generation,
                    reason=self._reason,
                )
                for number, event in happened
            ]
        )

    def record_outcome(self, at: datetime, generation: int, *, stored: bool) -> None:
        """That the commit of that generation was made, or failed."""
        action = audit.STORED if stored else audit.NOT_STORED
        self._append([Record(number=0, at=at, actor="system", action=action, generation=generation)])

    def _records_of(self, entry: Entry) -> Iterator[Record]:
        about = tuple(sorted({self.pseudonym(address) for address in entry.about if address}))
        for shown in _in_parts(entry.shown):
            yield Record(
                number=0,
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                ticket=entry.ticket,
                why=entry.why,
                reason=entry.reason[:_WHY],
                about=about[:_ABOUT],
                shown=shown,
                via=entry.via,
            )

    def _append(self, records: Sequence[Record], seconds: float | None = None) -> list[Record]:
        """Numbered, signed, without addresses; those of the log itself that had to go before are among them."""
        fs.make_folder(self.path.parent)
        with locks.appending(self.path, self._lock_seconds if seconds is None else seconds) as log:
            tail, repairs = self._whole_tail(log, records[0].at)
            last = last_record(tail)
            remembered = self._remembered(last)
            fits = remembered is not None and self._fits(remembered.head, head_of(last), tail)
            pending, key = self._preceded(records, last, remembered)
            data, done = self._chained([*repairs, *pending] if last else [*pending, *repairs], head_of(last), key)
            log.append(data)
            if fits:
                sealed.write(self._head, Head(done[-1].number, done[-1].mac), self._keys[0])
        return done

    def _whole_tail(self, log: locks.Appender, at: datetime) -> tuple[bytes, list[Record]]:
        """The end of the log without half a line, which is kept aside; with it the record that says so."""
        tail = log.tail(TAIL)
        whole = tail.rfind(b"\n") + 1
        half = tail[whole:]
        if not half:
            return tail, []
        digest = hashlib.sha256(half).hexdigest()
        aside = self.path.with_name(f"{NAME}{DAMAGED}{digest[:16]}")
        if fs.status(aside) is None:
            fs.replace(aside, half)
        log.cut(log.size - len(half))
        why = f"half a line of {len(half)} bytes, which a run that died had left, kept as {aside.name}: sha256 {digest}"
        return tail[:whole], [Record(number=0, at=at, actor="system", action=audit.REPAIRED, why=why)]

    def _remembered(self, last: Record | None) -> sealed.Sealed | None:
        """What the file of the head says; made where a log has none yet. None where it is gone or was changed: then it
        is not written any more, so that this goes on showing."""
        try:
            found = self._sealed()
        except Damaged:
            return None
        if found is None and (last is None or last.version == 1):
            sealed.write(self._head, Head(), self._keys[0])
            return sealed.Sealed(Head(), key_id(self._keys[-1 if last else 0]))
        return found

    def _sealed(self) -> sealed.Sealed | None:
        found = sealed.read(self._head, *self._keys)
        if found is None and self._head != self._own_head:  # the key was changed just now
            found = sealed.read(self._own_head, *self._keys)
        return found

    def _fits(self, remembered: Head, last: Head, tail: bytes) -> bool:
        """Whether the log still has the record that the file of the head remembers; the file may lag behind."""
        return remembered == last or not remembered.number or holds(remembered, tail, self.path)

    def _preceded(
        self, records: Sequence[Record], last: Record | None, remembered: sealed.Sealed | None
    ) -> tuple[list[Record], bytes]:
        """The records behind the one that begins a log, or that changes its key; and the key that signs the first."""
        key, at = self._keys[0], records[0].at
        if last is None:
            return [Record(number=0, at=at, actor="system", action=audit.BEGUN, key=key_id(key)), *records], key
        if remembered is None or remembered.key == key_id(key):
            return list(records), key
        change = Record(number=0, at=at, actor="system", action=audit.KEY_CHANGED, key=key_id(key))
        return [change, *records], self._keys[-1]

    def _chained(self, records: Sequence[Record], last: Head, key: bytes) -> tuple[bytes, list[Record]]:
        written, done = [], []
        for record in records:
            why = _ADDRESS.sub(lambda found: self.pseudonym(found[0]), record.why[:_WHY])
            numbered = replace(record, version=audit.VERSION, number=last.number + 1, why=why)
            line, last = signed(numbered, last.mac, key)
            written.append(line + b"\n")
            done.append(replace(numbered, mac=last.mac))
            if record.action == audit.KEY_CHANGED:
                key = self._keys[0]
        return b"".join(written), done

    # --- reading ---

    def head(self) -> Head:
        """The last record; number 0 where there is none."""
        return head_of(last_record(fs.read_tail(self.path, TAIL)))

    def pseudonym(self, address: str) -> str:
        """Stands for a person: always the same one, and nobody without the key can tell whose."""
        return _pseudonym(address, self._keys[0])

    def pseudonyms(self, address: str) -> frozenset[str]:
        return frozenset(_pseudonym(address, key) for key in self._keys)

    def records(self) -> Iterator[Record]:
        """All, oldest first; raises Damaged at a line that is no record. Half a line at the end was never reported."""
        for number, line in enumerate(lines(fs.read(self.path) or b""), 1):
            record = decoded(line, f"{NAME}:{number}")
            if record.action != audit.PRUNED:
                yield record

    # --- verifying ---

    def check(self, anchors: Iterable[Head] = ()) -> Verified:
        """Raises Damaged. What remembers is read first: the log may be longer then, never shorter."""
        marks = [Mark("the desk", self._anchor()), *(Mark("the anchor", one) for one in anchors)]
        head = self._sealed()
        data = fs.read(self.path) or b""
        if head is not None:
            marks.append(Mark(self._head.name, head.head))
        elif b'{"version":' in data:
            raise Damaged("{name} is missing", code="audit_head_missing", name=self._head.name)
        found = check(data, self._keys, marks)
        if not data.endswith(b"\n") and data:
            raise Damaged(
                "audit.jsonl ends in half a line: a run was killed as it wrote it. The next record repairs that, and "
                "says so",
                code="audit_half_a_line",
            )
        return found

    def verify(self) -> Finding:
        """`check` as a finding."""
        try:
            found = self.check()
        except Damaged as error:
            state: Literal["warning", "error"] = "warning" if error.code == "audit_half_a_line" else "error"
            facts = {"why": error}
            return Finding(subject=NAME, state=state, code="trouble", facts=facts, next_step="compare_with_backup")
        return Finding(subject=NAME, state="ok", code="records", facts={"records": found.records})

    def _anchor(self) -> Head:
        data = fs.read(self.path.with_name("desk.json"))
        return Head() if data is None else anchor(open_desk(data, "desk.json").tables)

    # --- deleting, beginning anew ---

    def prune(self, is_old: Callable[[datetime], bool], now: datetime, actor: str) -> int:
        """Deletes the first records, as far as they are too old, but never the last one; raises Damaged where the log
        does not verify. A record says so first; what is left begins with a line that vouches for the rest, so that the
        chain stays verifiable. If it is cut off, the next run does it."""
        self.check()
        found = _older(list(self.records()), is_old, now)
        if not found:
            return 0
        why = f"records {found[0].number} to {found[-1].number}"
        self._append([Record(number=0, at=now, actor=actor, action=audit.PRUNE, why=why)])
        with locks.appending(self.path, self._lock_seconds):
            data = fs.read(self.path) or b""
            kept = [line for line in lines(data) if decoded(line, NAME).number > found[-1].number]
            first = Record(
                version=audit.VERSION,
                number=found[-1].number,
                at=now,
                actor=actor,
                action=audit.PRUNED,
                ticket=highest_ticket(self.path.parent),
                key=self._key_after(found[-1].number),
                last=found[-1].mac,
            )
            line, _ = signed(first, "", self._keys[0])
            fs.replace(self.path, b"".join(one + b"\n" for one in (line, *kept)))
        return len(found)

    def _key_after(self, number: int) -> str:
        """The id of the key that signs what follows that record."""
        changes = [one for one in self.records() if one.action == audit.KEY_CHANGED and one.number > number]
        return key_id(self._keys[-1 if changes else 0])

    def recover(self, at: datetime, actor: str) -> list[Finding]:
        """Sets a log that does not verify aside, whole, and begins a new one that says so and names the last record the
        desk remembers: monitoring can be green again, and what happened stays to be looked into."""
        finding = self.verify()
        if finding.state != "error":
            return []
        aside = self.path.with_name(f"{self.path.name}{DAMAGED}{at:%Y%m%dT%H%M%S}")
        remembered = self._anchor()
        why = f"after {remembered.number} {remembered.mac}: {finding.facts['why']}"
        if fs.status(self.path) is not None:
            fs.rename(self.path, aside)
        fs.unlink(self._head)
        fs.sync_folder(self.path.parent)
        sealed.write(self._head, Head(), self._keys[0])
        self._begin_anew(Record(number=0, at=at, actor=actor, action=audit.BEGUN_ANEW, why=why))
        facts = {"why": finding.facts["why"], "name": aside.name}
        return [Finding(subject=NAME, state="warning", code="audit_begun_anew", facts=facts)]

    def _begin_anew(self, record: Record) -> None:
        with locks.appending(self.path, self._lock_seconds) as log:
            data, done = self._chained([replace(record, key=key_id(self._keys[0]))], Head(), self._keys[0])
            log.append(data)
            sealed.write(self._head, Head(done[-1].number, done[-1].mac), self._keys[0])


def _pseudonym(address: str, key: bytes) -> str:
    return hmac.digest(key, b"person:" + address.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:16]


def _in_parts(numbers: Sequence[int]) -> Iterator[str]:
    """As "1-3 7", in pieces that fit into a record; one empty piece where there are none."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    piece = ""
    for first, last in runs:
        word = str(first) if first == last else f"{first}-{last}"
        if len(piece) + len(word) >= _SHOWN:
            yield piece
            piece = ""
        piece = f"{piece} {word}" if piece else word
    yield piece


def _older(records: Sequence[Record], is_old: Callable[[datetime], bool], now: datetime) -> list[Record]:
    """The first ones that are older, in their order: a clock that was wrong for a while makes none too old or too
    young. Times after `now` tell nothing, and none is earlier than one before it. The last record always stays."""
    found: list[Record] = []
    latest: datetime | None = None
    for record in records[:-1]:
        if record.at <= now:
            latest = max(latest or record.at, record.at)
        if latest is not None and not is_old(latest):
            break
        found.append(record)
    return found if latest is not None else []
