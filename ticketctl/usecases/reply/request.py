"""What the command line asks of a reply, whether it goes together, and what a draft adds to it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.scheduling import STAY_OPEN
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.channels_draft import File
from ticketctl.usecases.outgoing.schedule import when_it_leaves
from ticketctl.usecases.reply.check import Manner
from ticketctl.usecases.reply.recipients import Addressing, of_draft
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.wait import DEFAULT_WAIT, wake_time


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    number: int
    text: str | None = None
    snippet: str = ""
    at_once: bool = False
    edit: bool = False
    as_draft: bool = False
    until: str = ""
    stay_open: bool = False
    close: bool = False
    cause: str = ""
    lesson: str = ""
    asked: Addressing = Addressing()
    files: tuple[File, ...] = ()
    unattended: bool = False  # several at once: no editor
    no_attachment: bool = False
    promise: str = ""
    promised_at: datetime | None = None  # what the reply promises, once it is written
    later: str = ""
    queue: bool = False
    check: Manner = ""
    seen: int | None = None  # the revision that the writer has before them
    on_input: bool = False  # the text came on standard input and is nowhere else: what is refused is kept as a draft


def wake_at_end(session: Session, wishes: Wishes) -> datetime | None:
    """Reckoned from when the reply leaves."""
    start = when_it_leaves(session, wishes.later)
    return None if wishes.stay_open or wishes.close else wake_time(start, wishes.until or DEFAULT_WAIT)


def with_wishes_of(session: Session, draft: Message | None, ticket: Ticket, wishes: Wishes) -> Wishes:
    """What was asked for when the draft was written, where the command line does not say otherwise now."""
    if draft is None:
        return wishes
    files = tuple(
        File(name=one.name, data=session.store.blobs.get(one.sha256), type=one.type) for one in draft.attachments
    )
    asked = of_draft(draft, ticket, wishes.asked)
    wishes = msgspec.structs.replace(wishes, asked=asked, files=(*files, *wishes.files))
    if wishes.until or wishes.stay_open or wishes.close or not draft.wait:
        return wishes
    if draft.wait == STAY_OPEN:
        return msgspec.structs.replace(wishes, stay_open=True)
    return msgspec.structs.replace(wishes, until=draft.wait)


def must_go_together(wishes: Wishes) -> None:
    """Raises Usage for options that exclude each other."""
    for one, other, both in (
        ("--text", "--snippet", wishes.text is not None and wishes.snippet),
        ("--send", "--draft", wishes.at_once and wishes.as_draft),
        ("--send", "--edit", wishes.at_once and wishes.edit),
        ("--queue", "--draft", wishes.queue and wishes.as_draft),
        ("--later", "--draft", wishes.later and wishes.as_draft),
        ("--later", "--queue", wishes.later and wishes.queue),
        ("--wait", "--stay-open", wishes.until and wishes.stay_open),
        ("--wait", "--close", wishes.until and wishes.close),
        ("--draft", "--close", wishes.as_draft and wishes.close),
        ("--draft", "--attach", wishes.as_draft and wishes.files),
        ("--attach", "--no-attachment", wishes.files and wishes.no_attachment),
    ):
        if both:
            raise Usage(f"{one} and {other} do not go together")
    if (wishes.cause or wishes.lesson) and not wishes.close:
        raise Usage("--cause and --lesson are for --close")
