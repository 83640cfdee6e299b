"""A message that came by a door of `serve` (a form, the page of a ticket, a chat), filed as a fetched mail is: masked,
given to the rules, answered by them, set aside where it breaks. It is durable when `receive` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from ticketctl.domain.ticket.message import MAIL, Channel
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError
from ticketctl.ports.channels import Fetched
from ticketctl.ports.plain_message import PlainMessage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.notifications import tell_waiting
from ticketctl.usecases.intake.file_message import MessageFiler, policy
from ticketctl.usecases.intake.parse import ParsedMail, parse_fetched
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.session import Session


class Receive(msgspec.Struct, frozen=True, kw_only=True):
    """`source` is its name in rules.yaml, `channel` the door, which is also the medium that reads the message. The same
    `message.id` again, by the same channel, is the same message, whatever else is in it. `ticket` is where it belongs
    whatever it says (0: its conversation or nothing decides), `why` how that is known ("written by the link"),
    `flagged` what a person is to look at twice. `spam`: why it is taken for spam ("": it is not); it becomes a ticket
    of its own, marked so, that no rule sees."""

    source: str
    channel: Channel
    message: PlainMessage
    ticket: int = 0
    why: str = ""
    flagged: str = ""
    spam: str = ""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """`ticket` is where it is now, 0 where it was set aside; `key` its key there. `opened`: that is a ticket of its
    own. `again`: it had come before. `trouble` are sentences on rules and fields that did not work."""

    ticket: int
    key: str = ""
    opened: bool = False
    again: bool = False
    quarantined: str = ""
    trouble: tuple[str, ...] = ()


def receive(session: Session, request: Receive, *, keep: bool = True) -> Received:
    """In one commit. Raises Refused for a channel that is no medium of messages, NoSuchTicket where `ticket` is gone,
    Busy, StoreFailed; then nothing was kept, and the same request may come again."""
    (received,) = receive_all(session, [request], keep=keep)
    if isinstance(received, TicketctlError):
        raise received
    return received


def receive_all(
    session: Session, requests: Sequence[Receive], *, keep: bool = True
) -> tuple[Received | NoSuchTicket, ...]:
    """The same for several in one commit, which costs little more than one: a form in the rush takes them together. One
    whose `ticket` is gone stops no other."""
    session.must("receive", keep=keep)
    parsed, blobs = [], []
    for request in requests:
        one, files = _parsed(session, request)
        parsed.append(one)
        blobs += files
    with session.store.transaction(keep=keep) as desk:
        if keep:
            session.store.blobs.put_many(blobs)  # under the lock, so that no purge takes them for unnamed
        results = [FetchResult(source=request.source) for request in requests]
        found = tuple(_filed(session, desk, one, result) for one, result in zip(parsed, results, strict=True))
    if keep and any(result.fresh for result in results):
        with suppress(TicketctlError):  # it is in; the next run tells the team
            tell_waiting(session)
    return found


def _parsed(session: Session, request: Receive) -> tuple[ParsedMail, list[bytes]]:
    if request.channel in (MAIL, "phone", "visit", "system"):
        text = "messages do not come in by the channel {channel}"
        raise Refused(text, code="no_messages_by_channel", channel=request.channel)
    raw = msgspec.json.encode(request.message)
    fetched = Fetched(mailbox=request.source, raw=raw, arrived_at=session.now, size=len(raw), medium=request.channel)
    parsed, blobs = parse_fetched(session.medium_of(request.channel), fetched, (), session.config.privacy)
    return msgspec.structs.replace(
        parsed, into=request.ticket, why=request.why, flagged=request.flagged, spam=request.spam
    ), blobs


def _filed(session: Session, desk: Desk, parsed: ParsedMail, result: FetchResult) -> Received | NoSuchTicket:
    if parsed.into:
        try:
            desk.get(parsed.into)  # what was written for a ticket that is gone must not open another
        except NoSuchTicket as error:
            return error
    filer = MessageFiler(session, desk, policy(session), result)
    filer.file(parsed)
    filer.save()
    return _found(desk, parsed.content, result)


class TakeHook(msgspec.Struct, frozen=True, kw_only=True):
    """A call of another system: `source` is its name in rules.yaml, `headers` have names in lower case."""

    source: str
    headers: Mapping[str, str]
    body: bytes


def take_hook(session: Session, request: TakeHook, *, keep: bool = True) -> Received | None:
    """Verified by its adapter, and received; None where nothing was to be taken in. Raises NotVerified, also where
    there is no such source; Usage for what is no message; and what `receive` does."""
    hook = session.app.open_hook(session.app, request.source)
    message = hook.read(request.headers, request.body, session.now)
    if message is None:
        return None
    return receive(session, Receive(source=request.source, channel=hook.medium, message=message), keep=keep)


def _found(desk: Desk, content: str, result: FetchResult) -> Received:
    number = desk.find_content(content) or 0
    ticket = desk.get(number) if number else None
    key = next((one.key for one in ticket.messages if one.content == content), "") if ticket else ""
    return Received(
        ticket=number,
        key=key,
        opened=number in result.new,
        again=not result.fresh,
        quarantined=next(iter(result.quarantined), ""),
        trouble=tuple(result.trouble),
    )
