"""Finds a person everywhere the desk keeps something: tickets, bytes, outbox, quarantine, copies, texts, facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from ticketctl.domain.privacy.erasing import Erasure, Role, plain, role, shared_names
from ticketctl.domain.privacy.person import Identity, folded, named, people_of
from ticketctl.domain.privacy.retention import kept_words
from ticketctl.domain.ticket.message import Attachment
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Damaged, NextStep, NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.exports import PREFIX as EXPORT
from ticketctl.usecases.privacy.profiles import PREFIX, ours, profiles, whole_identity
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.sent_files import numbers_in_text, ticket_of_text


class HeldFile(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment of somebody else that names the person."""

    ticket: int
    message: str
    file: Attachment


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person is. `tickets` says as what; `revisions` of every ticket that was looked at, with the bytes that
    name them in `blobs`. `held` are tickets with a legal hold. `outbox`, `quarantine` are ids, `texts` names of files
    that an editor left, `facts` keys, `named_in` lines of rules.yaml, snippets and the FAQ, "rules.yaml:12"."""

    erasure: Erasure
    tickets: Mapping[int, Role] = {}
    held: Mapping[int, str] = {}
    held_roles: Mapping[int, Role] = {}
    revisions: Mapping[int, int] = {}
    blobs: frozenset[str] = frozenset()
    files: tuple[HeldFile, ...] = ()
    outbox: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(
            self.tickets or self.held or self.files or self.outbox or self.quarantine or self.texts or self.facts
        )


def must_be_kept(plan: Traces) -> None:
    """Raises Refused where nothing is kept of the person."""
    if not plan.anything:
        raise nothing_kept()


def nothing_kept() -> Refused:
    return Refused(
        "nothing is stored about that person", code="nothing_kept", next_step=NextStep("search", then="looks for words")
    )


class Looking:
    """Compiled once for all that is looked through. Without `files` no stored bytes are read."""

    def __init__(self, erasure: Erasure, session: Session, *, files: bool = True) -> None:
        self.erasure, self.replacer, self._session, self._files = erasure, erasure.replacer, session, files
        self._blobs: dict[str, bool] = {}
        self._hints = list(_hints(erasure.who))

    def role(self, ticket: Ticket) -> Role | None:
        text = msgspec.json.encode(ticket).decode().casefold()
        return role(ticket, self.erasure, self.replacer) if any(one in text for one in self._hints) else None

    def names(self, data: bytes) -> bool:
        """Whether the bytes, as far as they can be read, name the person."""
        return any(self.in_text(text) for text in self._session.medium.texts(data))

    def in_blob(self, blob: str) -> bool:
        """Whether the stored bytes of that name do; each is read once."""
        if blob not in self._blobs:
            self._blobs[blob] = False
            if blob and self._files:
                with suppress(NoSuchTicket, Damaged):  # gone, or damaged: doctor says so
                    self._blobs[blob] = self.names(self._session.store.blobs.get(blob))
        return self._blobs[blob]

    def in_text(self, text: str) -> bool:
        low = text.casefold()
        return any(one in low for one in self._hints) and self.replacer.finds(text)


def _hints(who: Identity) -> Iterator[str]:
    """Words of which one is in every text that names the person: cheap to look for."""
    for address in who.addresses:
        local, _, domain = address.rpartition("@")
        yield from ("gmail.com", "googlemail.com") if domain == "gmail.com" else (local,)
    for name in who.full_names:
        yield max(folded(name).replace(",", " ").split(), key=len)
    yield from who.callers


def erasure_of(session: Session, desk: Desk, who: Identity, *, before: datetime | None = None) -> Erasure:
    """The whole identity, with names from every ticket, archived ones too."""
    who = whole_identity(desk, who)
    own_names = {session.config.name, *(agent.name for agent in session.config.team)}
    given: dict[str, str] = {}
    for ticket in desk.find(archive=True):
        who = named(who, [ticket], own_names)
        given.update({one.address: one.name for one in people_of(ticket) if one.address and one.name})
    return Erasure(
        who=who,
        kept=kept_words(session.config.fields, session.config.labels, session.config.causes),
        ours=ours(session),
        stands_in=f"erased {session.new_id()[:6]}",
        shared=shared_names(who, given),
        before=before,
    )


def trace(session: Session, desk: Desk, erasure: Erasure, *, files: bool = True) -> Traces:
    """Everything; reads each stored text once, and with `files` each stored mail and file."""
    looking = Looking(erasure, session, files=files)
    found = _in_tickets(desk, looking)
    return msgspec.structs.replace(
        found,
        outbox=tuple(_outbox(session, desk, looking, found.tickets)),
        quarantine=tuple(one.id for one in desk.quarantined() if one.raw and looking.in_blob(one.raw)),
        texts=tuple(_left_texts(session, looking, found.tickets)),
        facts=tuple(_facts(desk, looking, found.tickets)),
        named_in=tuple(_lines(session, looking)),
    )


def _in_tickets(desk: Desk, looking: Looking) -> Traces:
    tickets: dict[int, Role] = {}
    held: dict[int, str] = {}
    roles: dict[int, Role] = {}
    revisions: dict[int, int] = {}
    blobs: set[str] = set()
    files: list[HeldFile] = []
    said: list[str] = []
    for ticket in desk.find(archive=True, texts=True):
        revisions[ticket.number] = ticket.revision
        found, named_in, of_others = in_ticket(looking, ticket)
        blobs |= named_in
        if found in ("only", "requester", "participant"):
            said += [f"{one.text}\n{one.whole}" for one in ticket.messages if looking.erasure.who.means(one.sender)]
        if ticket.legal_hold and (found or named_in):
            held[ticket.number], roles[ticket.number] = ticket.legal_hold, found or "mentioned"
            continue
        if found or any(one.raw in named_in for one in ticket.messages if one.raw):
            tickets[ticket.number] = found or "mentioned"
        files += of_others
    return Traces(
        erasure=msgspec.structs.replace(looking.erasure, said=plain("\n".join(said))),
        tickets=tickets,
        held=held,
        held_roles=roles,
        revisions=revisions,
        blobs=frozenset(blobs),
        files=tuple(files),
    )


def in_ticket(looking: Looking, ticket: Ticket) -> tuple[Role | None, set[str], list[HeldFile]]:
    """What the person is in the ticket, which of its bytes name them, and which of these are files of others."""
    before = looking.erasure.before
    if before is not None and ticket.opened_at > before:
        return None, set(), []
    found = looking.role(ticket)
    if found == "only":
        return found, set(), []
    blobs, files = set(), []
    for one in ticket.messages:
        if one.raw and looking.in_blob(one.raw):
            blobs.add(one.raw)
        own = looking.erasure.who.means(one.sender)
        for file in one.attachments:
            if not own and looking.in_blob(file.sha256):
                blobs.add(file.sha256)
                files.append(HeldFile(ticket=ticket.number, message=one.key, file=file))
    return found, blobs, files


def _outbox(session: Session, desk: Desk, looking: Looking, tickets: Mapping[int, Role]) -> Iterator[str]:
    """What is to the person, about their own tickets, or names them."""
    own = {number for number, found in tickets.items() if found != "mentioned"}
    for item in desk.outbox():
        to = any(map(looking.erasure.who.owns, item.recipients))
        words = looking.in_text(f"{item.subject}\n{item.error}")
        notice = item.kind in ("notification", "report") and bool(own & numbers_in(session, item.raw))
        if to or words or notice or tickets.get(item.ticket) == "only" or looking.in_blob(item.raw):
            yield item.id


def numbers_in(session: Session, blob: str) -> set[int]:
    """The tickets that a mail to the team names."""
    try:
        data = session.store.blobs.get(blob)
    except (NoSuchTicket, Damaged):
        return set()
    return set[int]().union(*map(numbers_in_text, session.medium.texts(data)))


def _left_texts(session: Session, looking: Looking, tickets: Mapping[int, Role]) -> Iterator[str]:
    folder = session.app.texts_folder
    for name in session.host.names(folder):
        own = tickets.get(ticket_of_text(name), "mentioned") != "mentioned"
        if own or looking.names(session.host.read(folder / name) or b"") or looking.in_text(name):
            yield name


def _facts(desk: Desk, looking: Looking, tickets: Mapping[int, Role]) -> Iterator[str]:
    """Small facts whose key or value names the person, or that wait about their own tickets."""
    for key, profile in profiles(desk):
        if profile.is_of(looking.erasure.who):
            yield key
    for key, value in desk.facts(""):
        first, _, rest = key.partition(" ")
        number = rest.split(" ")[0]
        own = first == "notice" and number.isdecimal() and tickets.get(int(number)) == "only"
        if not key.startswith((PREFIX, EXPORT)) and (own or looking.in_text(f"{key}\n{value}")):
            yield key


def _lines(session: Session, looking: Looking) -> Iterator[str]:
    """Lines of rules.yaml, of snippets and of the FAQ that name the person: the team's to change (registry.BESIDE)."""
    places = [("rules.yaml", session.folder / "rules.yaml")]
    snippets = session.folder / "snippets"
    for language in session.host.names(snippets):
        names = session.host.names(snippets / language) if "." not in language else []
        places += [(f"snippets/{language}/{name}", snippets / language / name) for name in names]
    faq = session.folder / "docs" / "faq"
    places += [(f"docs/faq/{name}", faq / name) for name in session.host.names(faq) if name.endswith(".md")]
    for shown, path in places:
        text = (session.host.read(path) or b"").decode("utf-8", "replace")
        yield from (f"{shown}:{at}" for at, line in enumerate(text.splitlines(), 1) if looking.in_text(line))
