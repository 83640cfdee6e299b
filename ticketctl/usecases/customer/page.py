"""The page of a ticket, for whoever has its link: what they may see, and what they may do: answer, close, rate."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from ticketctl.domain.ticket.customer_view import BY_LINK, CustomerView
from ticketctl.domain.ticket.message import Attachment
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.plain_message import PlainFile, PlainMessage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.customer.form import LONGEST, MEGABYTE, FaultCode, NotFilledIn
from ticketctl.usecases.customer.links import issue, link_for, open_link
from ticketctl.usecases.intake.masking import typed
from ticketctl.usecases.intake.receive import Receive, Received, receive
from ticketctl.usecases.outgoing.schedule import hold_back
from ticketctl.usecases.session import Session

SOURCE = "page"
FILES, MEGABYTES = 5, 10
RATINGS = range(1, 6)
RATING_TEXT = 2_000


class AnswerByLink(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the same for the same answer."""

    token: str
    id: str
    text: str
    files: tuple[PlainFile, ...] = ()


class Answered(msgspec.Struct, frozen=True):
    """`link` is the page of the ticket that it is in now: another one where the first is closed for long."""

    received: Received
    link: str


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    rating: int
    text: str = ""


class Download(msgspec.Struct, frozen=True):
    file: Attachment
    data: bytes


def page(session: Session, token: str) -> CustomerView:
    """Raises NoSuchTicket for a link that opens nothing."""
    session.must("page")
    with session.store.reading() as desk:
        return open_link(session, desk, token).view


def file_of(session: Session, token: str, key: str, place: int) -> Download:
    """The file at that place (from 0) of a message that the holder of the link may see. Raises NoSuchTicket."""
    said = next((one for one in page(session, token).said if one.key == key), None)
    if said is None or not 0 <= place < len(said.files):
        raise NoSuchTicket("there is no such file", code="no_file")
    file = said.files[place]
    return Download(file, session.store.blobs.get(file.sha256))


def answer(session: Session, request: AnswerByLink, *, keep: bool = True) -> Answered:
    """Adds what the customer wrote to the ticket, marked as written by the link. Raises NoSuchTicket, NotFilledIn, and
    what `receive` raises."""
    session.must("page answer", keep=keep)
    if faults := _faults(request):
        raise NotFilledIn(faults)
    view = page(session, request.token)
    message = PlainMessage(
        id=request.id,
        sender=view.person,
        text=request.text,
        subject=view.subject,
        at=session.now,
        files=request.files,
        claimed=True,
    )
    asked = Receive(
        source=SOURCE, channel="form", message=message, ticket=view.number, why="written by the link", flagged=BY_LINK
    )
    received = receive(session, asked, keep=keep)
    if not received.ticket or received.ticket == view.number:
        return Answered(received, "")
    with session.store.transaction(keep=keep) as desk:  # a new ticket of the same person, whose link they have
        ticket = desk.get(received.ticket)
        after = issue(session, desk, ticket, [ticket.requester], _act(session, "written by the link"))
        if after is not ticket:
            desk.save(after)
        return Answered(received, link_for(session, ticket, desk))


def close_by_link(session: Session, token: str, *, keep: bool = True) -> CustomerView:
    """Closes the ticket, as solved; what is closed already stays so. Raises NoSuchTicket."""
    session.must("page close", keep=keep)

    def decide(desk: Desk, ticket: Ticket) -> Ticket:
        if ticket.closed:
            return ticket
        act = _act(session, "closed by the link")
        return happened(session, desk, hold_back(desk, ticket.close(act), act), "closed").ticket

    return _changed(session, token, decide, keep=keep)


def rate(session: Session, request: Rate, *, keep: bool = True) -> CustomerView:
    """Keeps what the customer thinks of a matter that is over; a later rating replaces it. Raises NoSuchTicket; Refused
    where it is not over, or is no rating from 1 to 5."""
    session.must("page rate", keep=keep)
    if request.rating not in RATINGS:
        raise Refused("a rating is from 1 to 5", code="no_rating")
    text = typed(session, request.text.strip()[:RATING_TEXT])

    def decide(_desk: Desk, ticket: Ticket) -> Ticket:
        if not ticket.closed:
            raise Refused("#{number} is not closed yet", code="not_over", number=ticket.number)
        return ticket.rate(_act(session, "rated by the link"), request.rating, text)

    return _changed(session, request.token, decide, keep=keep)


def _changed(session: Session, token: str, decide: Callable[[Desk, Ticket], Ticket], *, keep: bool) -> CustomerView:
    with session.store.transaction(keep=keep) as desk:
        opened = open_link(session, desk, token)
        if opened.ticket.requester.address != opened.view.person.address:
            raise Refused("#{number} is another customer's too", code="not_only_theirs", number=opened.ticket.number)
        after = decide(desk, opened.ticket)
        if after is not opened.ticket:
            desk.save(after)
            tell(session, desk)
        return open_link(session, desk, token).view


def _act(session: Session, why: str) -> Act:
    return Act("system", session.now, why)


def _faults(request: AnswerByLink) -> dict[str, FaultCode]:
    found: dict[str, FaultCode] = {}
    if not request.text.strip() and not request.files:
        found["text"] = "missing"
    elif len(request.text) > LONGEST:
        found["text"] = "too_long"
    if len(request.files) > FILES:
        found["files"] = "too_many"
    elif sum(len(one.data) for one in request.files) > MEGABYTES * MEGABYTE:
        found["files"] = "too_large"
    return found


_IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)


def image_type(data: bytes) -> str:
    """What kind of picture the bytes are by their beginning, whatever name and type they came with; "" for none that a
    page may show. SVG is none: it can hold a program."""
    return next((kind for beginning, kind in _IMAGES if beginning.match(data)), "")
