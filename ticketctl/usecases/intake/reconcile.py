"""`fetch --reconcile`: whether every mail that lies on the server is here, told by its content; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.domain.mail.message_ids import ticket_of
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Fetched, Place, Source
from ticketctl.ports.store import Desk
from ticketctl.usecases.intake.import_progress import place_of
from ticketctl.usecases.intake.parse import Ready, understood
from ticketctl.usecases.session import Session

GRACE = timedelta(hours=1)  # a mail that came since waits for the next fetch: no difference yet


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A mail on the server that is not here: "missing" where the cursor is past it, "waiting" where it should long have
    been fetched."""

    mailbox: str
    uid: int
    state: Literal["missing", "waiting"]
    arrived_at: str
    when: str
    sender: str
    subject: str
    message_id: str


class Comparison(msgspec.Struct):
    """Of one source: mails looked at, those of them that an import left out, those that came lately and wait."""

    source: str
    compared: int = 0
    older: int = 0
    lately: int = 0
    differences: list[Difference] = []
    error: str = ""

    @property
    def equal(self) -> bool:
        return not self.differences and not self.error


def compare(session: Session, source: Source, *, progress: Callable[[int, int], None]) -> Comparison:
    """Reads all mails of the source, as slow as a first fetch is, and looks each up by its content."""
    found = Comparison(source=source.name)
    try:
        with session.store.reading() as desk:
            places = {mailbox: place_of(desk, mailbox) or Place(0, 0) for mailbox in source.mailboxes()}
            for fetched in source.fetch({}):
                found.compared += 1
                if fetched.withheld:
                    continue  # told when the source has come to its end
                _look_up(session, desk, fetched, places[fetched.mailbox], found)
                progress(found.compared, source.expected)
        if found.compared < source.expected:
            rest = source.expected - found.compared
            found.error = f"{source.name}: {rest:,} mails were not compared in time; raise `deadline:` of the source"
    except ChannelFailed as failure:
        found.error = str(failure)
    finally:
        source.close()
    return found


def _look_up(session: Session, desk: Desk, fetched: Fetched, place: Place, found: Comparison) -> None:
    ready, _ = understood(session.medium, fetched, session.config.lists)
    if _is_here(session, desk, ready):
        return
    passed = place.validity == fetched.validity and fetched.uid <= place.uid
    if place.passes(fetched.arrived_at):
        found.older += 1
    elif not passed and session.now - fetched.arrived_at < GRACE:
        found.lately += 1
    else:
        found.differences.append(_difference(session, ready, "missing" if passed else "waiting"))


def _is_here(session: Session, desk: Desk, ready: Ready) -> bool:
    """In a ticket, in quarantine, purged; or a copy of our own mail, of which we keep one."""
    if desk.find_content(ready.content) is not None:
        return True
    message_id = ready.inbound.message_id if ready.inbound else ""
    return ticket_of(message_id, session.key) is not None and desk.find_message(message_id) is not None


def _difference(session: Session, ready: Ready, state: Literal["missing", "waiting"]) -> Difference:
    fetched, inbound = ready.fetched, ready.inbound
    return Difference(
        mailbox=fetched.mailbox,
        uid=fetched.uid,
        state=state,
        arrived_at=fetched.arrived_at.isoformat(),
        when=local(fetched.arrived_at, ZoneInfo(session.config.timezone)),
        sender=str(inbound.author or "") if inbound else "",
        subject=inbound.subject if inbound else "",
        message_id=ready.message_id or (inbound.message_id if inbound else ""),
    )


def told(found: Comparison) -> Iterator[str]:
    """What a person reads: one line, and one for each difference."""
    notes = [
        f"{found.older:,} older ones left out by --since" if found.older else "",
        f"{found.lately:,} came lately and wait for the next fetch" if found.lately else "",
    ]
    rest = "".join(f"; {note}" for note in notes if note)
    if not found.differences:
        yield f"{found.source}: {found.compared:,} mails on the server, nothing missing here{rest}"
        return
    yield f"{found.source}: of {found.compared:,} mails on the server {len(found.differences):,} are not here{rest}"
    for one in found.differences:
        what = line(f"{one.sender}: {one.subject}")
        yield f"  {line(one.mailbox)} UID {one.uid}  {one.when}  {what}  ({one.state})"


def as_shape(found: Comparison) -> dict[str, Any]:
    shape = {**msgspec.structs.asdict(found), "error": found.error or None}
    differences = [msgspec.structs.asdict(one) for one in found.differences]
    for one in differences:
        del one["when"]
    return {**shape, "differences": differences}
