"""All that is held of a person in a ZIP file: a page to read, JSON, files. Written ticket by ticket."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from ticketctl.content import person_page as page
from ticketctl.content.privacy_values import in_words, privacy_words
from ticketctl.content.times import zone
from ticketctl.domain.privacy.erasing import Role
from ticketctl.domain.privacy.person import Identity, Replacer, canonical, people_of
from ticketctl.domain.settings.settings import RetentionRule
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Damaged, NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.exports import exports_folder, note_export
from ticketctl.usecases.privacy.profiles import must_be_a_customer
from ticketctl.usecases.privacy.show import PersonFile, person_file
from ticketctl.usecases.privacy.trace import Traces, erasure_of, must_be_kept, trace
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

_MAIL = re.compile(r"[\w.+-]+@[^\W_](?:[\w-]|\.(?=\w))*")


class ExportPerson(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is where the file goes, None for data/exports. `others`: with other customers' names and addresses.
    `language` is of the pages, "" for that of the person's latest ticket."""

    person: str
    path: Path | None = None
    others: bool = False
    language: str = ""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    tickets: int
    files: int


def export_person(session: Session, request: ExportPerson, *, keep: bool = True) -> Exported:
    """Raises Refused where nothing is kept of the person; StoreFailed where the file cannot be written, or is there
    already; Usage, NotAllowed. `keep=False` writes nothing."""
    session.must("person export", keep=keep)
    who = must_be_a_customer(session, request.person)
    with session.app.store.reading() as desk:
        plan = trace(session, desk, erasure_of(session, desk, who), files=False)
        must_be_kept(plan)
        found = person_file(session, desk, plan)
        path = _path(session, request, keep=keep)
        if not keep:
            return Exported(path=path, tickets=len(found.tickets), files=sum(one.files for one in found.tickets))
        note_reading(session, "person export", *(one.number for one in found.tickets), about=found.addresses)
        with session.host.open_new(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            files = _write(session, desk, archive, plan, found, request)
    with session.store.transaction() as desk:
        note_export(session, desk, path.absolute(), plan.erasure.who)
    return Exported(path=path, tickets=len(found.tickets), files=files)


def _path(session: Session, request: ExportPerson, *, keep: bool) -> Path:
    if request.path is not None:
        return request.path
    folder = exports_folder(session)
    if keep:
        session.host.make_folder(folder)
    return folder / f"{session.now:%Y-%m-%d}-{session.new_id()[:8]}.zip"


def _write(
    session: Session, desk: Desk, archive: zipfile.ZipFile, plan: Traces, found: PersonFile, request: ExportPerson
) -> int:
    """How many files of theirs are in it."""
    where = zone(session.config.timezone)
    language, rows, files, channels = request.language or session.config.language, [], 0, dict[str, None]()
    for one in found.tickets:
        ticket = desk.get(one.number)
        language = request.language or (ticket.language if ticket.language in page.WORDS else language)
        channels[ticket.channel] = None
        view = _View(session, ticket, plan, request.others)
        row = page.Row(
            number=ticket.number,
            subject=view.text(ticket.subject),
            status=ticket.status,
            role=one.role,
            opened_at=ticket.opened_at,
        )
        rows.append(row)
        said = list(view.messages(one.role))
        files += _put_files(session, archive, [file for _, _, attached in said for file in attached])
        shown = [page_of for _, page_of, _ in said]
        archive.writestr(f"tickets/{ticket.number}.html", page.ticket_page(row, shown, language, where))
        archive.writestr(f"tickets/{ticket.number}.json", _json(view, row, [one for one, _, _ in said]))
    over = _overview(session, found, tuple(channels), language)
    archive.writestr("index.html", "".join(page.overview(over, rows, language, where)))
    archive.writestr("person.json", msgspec.json.format(msgspec.json.encode(over), indent=2))
    return files


def _put_files(session: Session, archive: zipfile.ZipFile, files: Sequence[tuple[str, Attachment]]) -> int:
    count = 0
    for path, file in files:
        try:
            archive.writestr(path, session.store.blobs.get(file.sha256))
            count += 1
        except (NoSuchTicket, Damaged):  # doctor says so
            archive.writestr(f"{path}.missing.txt", "not there any more\n")
    return count


def _json(view: _View, row: page.Row, messages: Sequence[Message]) -> bytes:
    ticket = view.ticket
    shape = {
        "number": ticket.number,
        "subject": row.subject,
        "status": ticket.status,
        "opened_at": ticket.opened_at,
        "closed_at": ticket.closed_at,
        "channel": ticket.channel,
        "role": row.role,
        "fields": {name: view.text(value) for name, value in ticket.fields.items()} if view.own else {},
        "labels": [view.text(label) for label in ticket.labels] if view.own else [],
        "messages": [view.json(one) for one in messages],
    }
    return msgspec.json.format(msgspec.json.encode(shape), indent=2)


class _View:
    """A ticket as the person may see it: other customers are replaced."""

    def __init__(self, session: Session, ticket: Ticket, plan: Traces, others: bool) -> None:
        self.ticket, self._who, self._session, self._all = ticket, plan.erasure.who, session, others
        self._ours = plan.erasure.ours
        self.own = self._who.means(ticket.requester)
        self._replacer = plan.erasure.replacer
        self._hidden = [] if others else list(self._others())

    def _others(self) -> Iterator[Replacer]:
        names: dict[str, set[str]] = {}
        for one in people_of(self.ticket):
            if one.address and not self._who.means(one) and one.address not in self._ours:
                names.setdefault(canonical(one.address), set()).add(one.name)
        other = page.word("sv" if self.ticket.language == "sv" else "en", "other")
        for address, given in names.items():
            known = Identity(addresses=frozenset({address}), names=tuple(sorted(given - {""}, key=len, reverse=True)))
            yield Replacer(known, other, other)

    def text(self, text: str) -> str:
        for one in self._hidden:
            text = one.replaced(text, near=True)
        return text if self._all else _MAIL.sub(self._address, text)

    def _address(self, found: re.Match[str]) -> str:
        address = canonical(found[0])
        return found[0] if self._who.owns(address) or address in self._ours else page.word("en", "other")

    def person(self, person: Person) -> Person:
        if self._who.means(person) or self._all or canonical(person.address) in self._ours or not person.address:
            return person
        return Person("", page.word("en", "other"))

    def messages(self, role: Role) -> Iterator[tuple[Message, page.Said, list[tuple[str, Attachment]]]]:
        """What they wrote and got; on their own ticket also notes; where they are only mentioned, the lines that do."""
        for one in self.ticket.messages:
            wrote = self._who.means(one.sender)
            got = any(map(self._who.means, (*one.to, *one.cc, *one.bcc)))
            note = self.own and (one.direction == "internal" or one.kind in ("automatic", "bounce"))
            text = one.whole or one.text
            if role == "mentioned":
                text = "\n".join(line for line in text.splitlines() if self._replacer.finds(line))
                if not text:
                    continue
            elif not (wrote or got or note):
                continue
            files = [
                (f"files/{self.ticket.number}-{one.key}-{at}-{self._session.medium.file_name(file.name)}", file)
                for at, file in enumerate(one.attachments if wrote or got else (), 1)
            ]
            whose = "you" if wrote else "we" if one.direction == "out" else "note" if note else "other"
            said = page.Said(
                at=one.at,
                whose=whose,
                subject=self.text(one.subject),
                text=self.text(text),
                files=tuple((file.name, path) for path, file in files),
            )
            yield msgspec.structs.replace(one, text=text, whole=""), said, files

    def json(self, one: Message) -> dict[str, object]:
        return {
            "key": one.key,
            "at": one.at,
            "from": self.person(one.sender) if one.direction == "in" else page.word("en", "staff"),
            "to": [self.person(to) for to in one.to],
            "cc": [self.person(to) for to in one.cc],
            "subject": self.text(one.subject),
            "text": self.text(one.text),
            "files": [file.name for file in one.attachments],
        }


def _overview(session: Session, found: PersonFile, channels: Sequence[str], language: str) -> page.Overview:
    privacy = session.config.privacy
    return page.Overview(
        desk=session.config.name,
        at=session.now,
        addresses=found.addresses,
        names=found.names,
        facts=[(note.at, note.text) for note in found.profile.notes],
        restricted_at=found.profile.restricted_at,
        channels=channels,
        rules=[page.Rule(_about(one), one.then, in_words(one.age, language)) for one in privacy.retention],
        raw=in_words(privacy.raw_mail, language) if privacy.raw_mail else "",
        told=privacy_words(session.config, language),
        forwarded=found.elsewhere.forwarded,
        readings=[(one.at, one.what, one.why) for one in found.readings],
    )


def _about(rule: RetentionRule) -> str:
    return ", ".join(filter(None, (rule.label, *rule.fields.values())))
