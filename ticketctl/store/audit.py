"""Who did or saw what, when and why: `data/audit.jsonl`, which only grows.

Each line's `mac` is a keyed hash (HMAC-SHA256) of the line before and of this one, so that a line changed, taken out or
put in shows. Every commit writes the last line's number and mac into the desk file, so that a cut tail shows too. No
personal data: tickets by number, persons as `pseudonym`s, so that erasing a person leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from ticketctl.domain.ticket.ticket import Event
from ticketctl.errors import Damaged
from ticketctl.ports.store import DELETED, Finding, Head
from ticketctl.store import fs, locks
from ticketctl.store.tiny.documents import DAMAGED, Decoder, decode, encode
from ticketctl.store.tiny.file_format import Tables
from ticketctl.store.tiny.migrations import open_desk

_TAIL = 65_536  # bytes, more than the longest line
ANEW = "audit log begun anew"
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


class Record(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`number` counts from 1. `action` is the command (`show`, `close` …), `ticket` 0 where it is about none. A change
    has the `generation` of the desk file that it was to be in (ahead.py)."""

    number: int
    at: datetime
    actor: str
    action: str
    ticket: int = 0
    why: str = ""
    generation: int = 0
    mac: str = ""


_RECORD = Decoder(Record)
_HEAD = Decoder(Head)


class AuditLog:
    """`folder` is the desk's `data/`, `key` its secret."""

    def __init__(self, folder: Path, key: bytes, *, lock_seconds: float = 30) -> None:
        self.path = folder / "audit.jsonl"
        self._key = key
        self._lock_seconds = lock_seconds

    def record(self, *, at: datetime, actor: str, action: str, ticket: int = 0, why: str = "") -> Record:
        """Durable when it returns; raises Busy and StoreFailed."""
        return self._append([Record(number=0, at=at, actor=actor, action=action, ticket=ticket, why=why)])[0]

    def record_events(self, happened: Iterable[tuple[int, Event]], generation: int) -> None:
        """What the commit of that generation is about to change, by ticket number. It is written before the commit, so
        that no change can be without its record; a commit that then fails leaves one of a change that was tried."""
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
                )
                for number, event in happened
            ]
        )

    def _append(self, records: Sequence[Record]) -> list[Record]:
        """Numbered, signed, without addresses."""
        fs.make_folder(self.path.parent)
        with locks.appending(self.path, self._lock_seconds) as log:
            tail = log.tail(_TAIL)
            whole = tail.rfind(b"\n") + 1
            if whole < len(tail):
                log.cut(log.size - (len(tail) - whole))  # half a line: its writer died, and never reported it as done
            last = _last(tail[:whole])
            signed = []
            for record in records:
                why = _ADDRESS.sub(lambda found: self.pseudonym(found[0]), record.why[:1000])
                record = msgspec.structs.replace(record, number=last.number + 1, why=why)
                signed.append(msgspec.structs.replace(record, mac=self._mac(last.mac, record)))
                last = Head(signed[-1].number, signed[-1].mac)
            log.append(b"".join(encode(record) + b"\n" for record in signed))
        return signed

    def head(self) -> Head:
        """The last record; number 0 where there is none."""
        return _last(fs.read_tail(self.path, _TAIL))

    def pseudonym(self, address: str) -> str:
        """Stands for a person: always the same one, and nobody without the key can tell whose."""
        return hmac.digest(self._key, b"person:" + address.encode(), hashlib.sha256).hex()[:16]

    def verify(self) -> Finding:
        """Whether the log is as it was written, and reaches at least as far as the desk file remembers."""
        try:
            count = self._checked(self._anchor())
        except Damaged as error:
            facts = {"why": error}
            return Finding(
                subject="audit.jsonl", state="error", code="trouble", facts=facts, next_step="compare_with_backup"
            )
        return Finding(subject="audit.jsonl", state="ok", code="records", facts={"records": count})

    def recover(self, at: datetime, actor: str) -> list[Finding]:
        """Sets a log that does not verify aside, whole, and begins a new one that says so and names the last record the
        desk remembers: monitoring can be green again, and what happened stays to be looked into."""
        finding = self.verify()
        if finding.state == "ok":
            return []
        aside = self.path.with_name(f"{self.path.name}{DAMAGED}{at:%Y%m%dT%H%M%S}")
        anchor = self._anchor()
        if fs.status(self.path) is not None:
            fs.rename(self.path, aside)
            fs.sync_folder(self.path.parent)
        self.record(at=at, actor=actor, action=ANEW, why=f"after {anchor.number} {anchor.mac}: {finding.facts['why']}")
        facts = {"why": finding.facts["why"], "name": aside.name}
        return [Finding(subject="audit.jsonl", state="warning", code="audit_begun_anew", facts=facts)]

    def _anchor(self) -> Head:
        data = fs.read(self.path.with_name("desk.json"))
        return Head() if data is None else anchor(open_desk(data, "desk.json").tables)

    def _checked(self, anchor: Head) -> int:
        last = Head()
        anchored = anchor == last
        for number, record in enumerate(self.records(), 1):
            unsigned = msgspec.structs.replace(record, mac="")
            if record.number != number or not hmac.compare_digest(record.mac, self._mac(last.mac, unsigned)):
                raise Damaged(
                    "audit.jsonl:{number}: this line or the one before was changed, taken out or put in",
                    code="audit_changed",
                    number=number,
                )
            last = Head(record.number, record.mac)
            begun = number == 1 and record.action == ANEW and anchor.mac in record.why
            anchored = anchored or begun or last == anchor
        if not anchored:
            raise Damaged(
                "audit.jsonl ends at record {number}, but the desk remembers record {anchor}",
                code="audit_cut_off",
                number=last.number,
                anchor=anchor.number,
            )
        return last.number

    def records(self) -> Iterator[Record]:
        """All, oldest first; raises Damaged at a line that is no record. Half a line at the end was never reported."""
        for number, line in enumerate(_lines(fs.read(self.path) or b""), 1):
            yield _decoded(line, f"audit.jsonl:{number}")

    def _mac(self, before: str, record: Record) -> str:
        return hmac.digest(self._key, before.encode() + encode(record), hashlib.sha256).hex()


def anchor(tables: Tables) -> Head:
    """The last record that a desk file remembers."""
    raw = tables.get("audit", {}).get("head")
    return decode(_HEAD, raw) if raw else Head()


def advanced(folder: Path, old: Head) -> Head:
    """The log's last record; `old` again where the log no longer holds that one, so that a cut never goes under."""
    path = folder / "audit.jsonl"
    tail = fs.read_tail(path, _TAIL)
    held = old.mac.encode()
    return _last(tail) if held in tail or held in (fs.read(path) or b"") else old


def highest_ticket(folder: Path) -> int:
    """The highest ticket number that any readable line of the log is about, 0 where there is none."""
    highest = 0
    for line in _lines(fs.read(folder / "audit.jsonl") or b""):
        with suppress(msgspec.MsgspecError):
            highest = max(highest, _RECORD.decode(line).ticket)
    return highest


def tickets(folder: Path) -> set[int]:
    """The ticket numbers that readable lines of the log are about, without those that a rule deleted."""
    known: set[int] = set()
    for line in _lines(fs.read(folder / "audit.jsonl") or b""):
        with suppress(msgspec.MsgspecError):
            record = _RECORD.decode(line)
            (known.discard if record.action == DELETED else known.add)(record.ticket)
    return known - {0}


def _last(tail: bytes) -> Head:
    lines = _lines(tail)
    if not lines:
        return Head()
    record = _decoded(lines[-1], "the last line of audit.jsonl")
    return Head(record.number, record.mac)


def _lines(data: bytes) -> list[bytes]:
    return data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]


def _decoded(line: bytes, where: str) -> Record:
    try:
        return _RECORD.decode(line)
    except msgspec.MsgspecError as error:
        raise Damaged(
            "{where} is not a record; compare it with a backup", code="audit_not_a_record", where=where
        ) from error
