"""Whether every mail that lies on the server is here, known by its content; changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.times import local
from ticketctl.domain.mail.message_ids import ticket_of
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Fetched, Place
from ticketctl.ports.store import Desk
from ticketctl.usecases.intake.import_progress import place_of
from ticketctl.usecases.intake.parse import ParsedMail, parse_fetched
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


def compare(session: Session, name: str, *, progress: Callable[[int, int], None]) -> Comparison:
    """Reads all mails of the source, as slow as a first fetch is, and looks each up by its content."""
    session.must("reconcile")
    source = session.source(name)
    found = Comparison(source=source.name)
    try:
        with session.store.reading() as desk:
            places = {mailbox: place_of(desk, mailbox) or Place(0, 0) for mailbox in source.mailboxes()}
            for fetched in source.fetch({}):
                if fetched.bare:
                    continue
                found.compared += 1
                if fetched.withheld:
                    continue  # said when the source has come to its end
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
    parsed, _ = parse_fetched(session.medium_of(fetched.medium), fetched, session.config.lists)
    if _is_here(session, desk, parsed):
        return
    passed = place.validity == fetched.validity and fetched.uid <= place.uid
    if place.passes(fetched.arrived_at):
        found.older += 1
    elif not passed and session.now - fetched.arrived_at < GRACE:
        found.lately += 1
    else:
        found.differences.append(_difference(session, parsed, "missing" if passed else "waiting"))


def _is_here(session: Session, desk: Desk, parsed: ParsedMail) -> bool:
    """In a ticket, in quarantine, purged; or a copy of our own mail, of which we keep one."""
    if desk.find_content(parsed.content) is not None:
        return True
    message_id = parsed.inbound.message_id if parsed.inbound else ""
    return ticket_of(message_id, session.key) is not None and desk.find_message(message_id) is not None


def _difference(session: Session, parsed: ParsedMail, state: Literal["missing", "waiting"]) -> Difference:
    fetched, inbound = parsed.fetched, parsed.inbound
    return Difference(
        mailbox=fetched.mailbox,
        uid=fetched.uid,
        state=state,
        arrived_at=fetched.arrived_at.isoformat(),
        when=local(fetched.arrived_at, ZoneInfo(session.config.timezone)),
        sender=str(inbound.author or "") if inbound else "",
        subject=inbound.subject if inbound else "",
        message_id=parsed.message_id or (inbound.message_id if inbound else ""),
    )
