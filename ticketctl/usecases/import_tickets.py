"""Tickets from a file: of our own `export`, or of another system. Nobody is answered, told or escalated.

All numbers are looked at before anything is stored. Of our own export every ticket keeps its number, or nothing is
imported; a ticket of another system gets a new number where its own is taken or is none, and keeps the old one to be
found by. What came in before, by system and number there, is passed over: a second run adds what is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ticketctl.domain.ticket.importing import ELSEWHERE, PATH, ForeignTicket, Place, Team, foreign, is_own, linked, own
from ticketctl.domain.ticket.message import Attachment, Message
from ticketctl.domain.ticket.ticket import IMPORTED, Act, Status, Ticket
from ticketctl.errors import BadImport, Refused, Usage
from ticketctl.ports.store import RENUMBERED, Desk
from ticketctl.usecases.intake.masking import typed, without_sensitive_file
from ticketctl.usecases.session import Session

BATCH = 500  # tickets in a commit
_LONGEST = 9  # digits of a number of ours


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """`tickets` are read twice. `files` is a folder with the bytes of attachments, each under its sha256 or under the
    path that its shape names. `people`: name or address there → agent here."""

    tickets: Callable[[], Iterable[Place]]
    files: Path | None = None
    people: Mapping[str, str] = {}


class Imported(msgspec.Struct, kw_only=True):
    """What came in, or would. `known` were here before. `renumbered`: number there → number here, where they differ.
    `nobody`: names of owners there whom nobody here is. `missing`: files that were not there. `unknown_sender`: tickets
    of which nobody says who asked."""

    tickets: int = 0
    known: int = 0
    statuses: Counter[Status] = msgspec.field(default_factory=Counter)
    years: Counter[int] = msgspec.field(default_factory=Counter)
    owners: Counter[str] = msgspec.field(default_factory=Counter)
    nobody: Counter[str] = msgspec.field(default_factory=Counter)
    renumbered: dict[str, int] = {}
    missing: list[str] = []
    unknown_sender: list[str] = []


class _Head(NamedTuple):
    """What tells a ticket of the file from the others, and whether it came in before."""

    there: str
    system: str  # "" of our own export
    began: datetime | None  # of our own export: the same number that began at the same instant is the same ticket

    @property
    def number(self) -> int:
        """As it would be here; 0 where it can be no number of ours."""
        return int(self.there) if self.there.isdecimal() and len(self.there) <= _LONGEST else 0

    @property
    def origin(self) -> str:
        return f"{self.system} {self.there}" if self.system else ""


def import_tickets(session: Session, request: Import, *, keep: bool = True) -> Imported:
    """`keep=False` says what would come in. Raises BadImport, which names the lines, Refused, NotAllowed."""
    session.must("import", keep=keep)
    heads = _heads(request.tickets())
    with session.store.reading() as desk:
        numbers, known = _numbers(desk, heads)
    done = Imported(known=len(known))
    done.renumbered = {there: here for there, here in numbers.items() if there != str(here) and there not in known}
    team = Team([agent.name for agent in session.config.team], request.people)
    act = session.act("import")
    fresh = (shape for _, shape in request.tickets() if str(shape["number"]) not in known)
    while batch := list(islice(fresh, BATCH)):
        with session.store.transaction(keep=keep) as desk, session.store.blobs.together(keep=keep):
            files = _Files(session, request.files, keep=keep)
            for shape in batch:
                ticket = files.stored(_ticket(shape, numbers, team, act))
                _count(done, shape, ticket)
                if keep:
                    desk.take_in(ticket, act)
            if done.renumbered:
                desk.remember(RENUMBERED, "yes")
            done.missing += files.missing
    if keep and done.tickets:
        session.store.archive(session.now - timedelta(days=session.config.archive_after_days))
    return done


def _heads(places: Iterable[Place]) -> list[_Head]:
    """Raises BadImport with all that is wrong, before anything is stored."""
    faults: list[str] = []
    heads: dict[str, _Head] = {}
    for place, shape in places:
        try:
            head = _head(shape)
        except (msgspec.ValidationError, KeyError) as error:
            faults.append(f"{place}: {error if isinstance(error, msgspec.ValidationError) else 'there is no number'}")
            continue
        if head.there in heads:
            faults.append(f"{place}: there is a second ticket {head.there}")
        heads[head.there] = head
    if faults:
        raise BadImport(faults)
    if not heads:
        raise Usage("there is no ticket of that shape in these files; nothing was imported", code="no_tickets_in_files")
    return list(heads.values())


def _head(shape: Mapping[str, Any]) -> _Head:
    if is_own(shape):
        return _Head(str(shape["number"]), "", own(shape).own_start)
    found = msgspec.convert(shape, ForeignTicket)
    return _Head(str(found.number), found.system or ELSEWHERE, None)


def _numbers(desk: Desk, heads: Sequence[_Head]) -> tuple[dict[str, int], set[str]]:
    """Number there → number here; and those that are here already. Raises Refused where a ticket of our own export
    would need another number."""
    taken: dict[int, datetime] = {}
    before: dict[str, int] = {}
    for ticket in desk.find(archive=True):
        taken[ticket.number] = ticket.own_start
        if ticket.events and ticket.events[0].what == IMPORTED:
            before[ticket.events[0].before] = ticket.number
    following = count(max([*taken, desk.last_number, *(one.number for one in heads)], default=0) + 1)
    numbers: dict[str, int] = {}
    used: set[int] = set()
    known = {one.there for one in heads if one.origin in before or (one.began and taken.get(one.number) == one.began)}
    clash = [one.number for one in heads if one.began and one.number in taken and one.there not in known]
    if clash:
        raise Refused(
            "{count} numbers are taken by other tickets here (#{first} is one); tickets of another desk are imported "
            "into a desk that has none of its numbers; nothing was imported",
            code="numbers_taken",
            count=len(clash),
            first=clash[0],
        )
    for one in heads:
        number = before.get(one.origin, one.number)
        if one.there not in known and (not number or number in taken or number in used):
            number = next(following)
        used.add(number)
        numbers[one.there] = number
    return numbers, known


def _ticket(shape: Mapping[str, Any], numbers: Mapping[str, int], team: Team, act: Act) -> Ticket:
    if is_own(shape):
        return own(shape)
    found = msgspec.convert(shape, ForeignTicket)
    return linked(foreign(found, numbers[str(found.number)], team, act), found, numbers)


def _count(done: Imported, shape: Mapping[str, Any], ticket: Ticket) -> None:
    done.tickets += 1
    done.statuses[ticket.status] += 1
    done.years[ticket.opened_at.year] += 1
    done.owners[ticket.assignee] += 1
    owner = str(shape.get("assignee") or "")
    if owner and not ticket.assignee:
        done.nobody[owner] += 1
    if not ticket.requester.address and not is_own(shape):
        done.unknown_sender.append(str(shape["number"]))


class _Files:
    """The bytes of attachments and original mails, from a folder into the store, masked as on arrival; what is not
    there is no more than named in the ticket."""

    def __init__(self, session: Session, folder: Path | None, *, keep: bool) -> None:
        self._session, self._folder, self._keep = session, folder, keep
        self._blobs, self._masks = session.store.blobs, bool(session.config.privacy.mask)
        self.missing: list[str] = []

    def stored(self, ticket: Ticket) -> Ticket:
        messages = tuple(self._message(ticket.number, one) for one in ticket.messages)
        subject = typed(self._session, ticket.subject)
        return msgspec.structs.replace(ticket, messages=messages, subject=subject)

    def _message(self, number: int, one: Message) -> Message:
        subject, text, whole = (typed(self._session, words) for words in (one.subject, one.text, one.whole))
        attachments = tuple(self._attachment(number, file) for file in one.attachments)
        raw = one.raw if one.raw and not self._masks and self._has(one.raw) else ""
        return msgspec.structs.replace(one, attachments=attachments, raw=raw, subject=subject, text=text, whole=whole)

    def _attachment(self, number: int, file: Attachment) -> Attachment:
        if file.sha256.startswith(PATH) or (file.sha256 and self._masks):
            data = self._read(file.sha256.removeprefix(PATH))
            if data is not None:
                data = without_sensitive_file(self._session, file, data)
                name = self._blobs.put(data) if self._keep else sha256(data).hexdigest()
                return msgspec.structs.replace(file, sha256=name, size=len(data))
        elif file.sha256 and self._has(file.sha256):
            return file
        self.missing.append(f"#{number} {file.name}")
        return msgspec.structs.replace(file, sha256="")

    def _has(self, name: str) -> bool:
        """Whether the store has the bytes, or they lie in the folder and are as they should be."""
        if self._blobs.has(name):
            return True
        data = self._read(name)
        if data is None or sha256(data).hexdigest() != name:
            return False
        if self._keep:
            self._blobs.put(data)
        return True

    def _read(self, path: str) -> bytes | None:
        """A file of the folder; nothing outside of it, whatever the path says."""
        folder = self._folder.resolve() if self._folder else None
        found = (folder / path).resolve() if folder else None
        if found is None or folder not in found.parents or not found.is_file():
            return None
        return found.read_bytes()
