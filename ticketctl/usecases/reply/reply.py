"""What a reply does to its ticket, and what may stand in its way. The text is never lost: what cannot be queued is kept
as a draft, or at least in its file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import click
import msgspec

from ticketctl.content.terminal import safe
from ticketctl.domain.deadlines.promises import promise
from ticketctl.domain.reply.several_requesters import waits
from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.text.attachment_words import speaks_of_attachment
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.scheduling import CLOSE, STAY_OPEN, aside, scheduled, together
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import AlreadyClosed, Interrupted, Refused, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.store import fs
from ticketctl.terminal import editor_reminder as _thread
from ticketctl.terminal.editor import Written
from ticketctl.usecases.automation.ticket_events import Happened, happened, tell
from ticketctl.usecases.outgoing.queue import queue_reply, with_draft
from ticketctl.usecases.outgoing.schedule import leaving_time, window
from ticketctl.usecases.people import act, away
from ticketctl.usecases.reply.recipients import Letter, drafted, is_aside, letters, taking_part
from ticketctl.usecases.reply.reply_each import texts
from ticketctl.usecases.reply.request import Wishes, wake_at_end
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import must_be_as_seen
from ticketctl.usecases.tickets.close import must_be_complete
from ticketctl.usecases.tickets.wait import DEFAULT_WAIT, names_day

FROM_SNIPPET = "reply with snippet "


class Changed(Refused):
    """Somebody wrote on the ticket since the writer saw it."""

    def __init__(self, number: int, messages: Sequence[Message]) -> None:
        who = ", ".join(dict.fromkeys(one.author or str(one.sender) for one in messages))
        super().__init__(f"#{number}: {who} wrote meanwhile; `ticketctl show {number}`, then reply again")
        self.messages = messages


class EditAgain(Exception):
    """Somebody wrote meanwhile, and the writer wants to go on writing."""


def must_take_replies(session: Session, ticket: Ticket, wishes: Wishes) -> None:
    """Raises Refused: merged away, closed, nobody to write to, or not to be closed yet."""
    if ticket.merged_into:
        raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}; reply there")
    if ticket.closed:
        raise AlreadyClosed(f"#{ticket.number} is closed; `ticketctl reopen {ticket.number}` first")
    letters(session, ticket, wishes.asked)
    if wishes.close:
        must_be_complete(session, ticket)


def must_have_attachment(session: Session, wishes: Wishes, text: str) -> None:
    """Asks where the text speaks of an attachment and there is none; raises Refused where nobody says that it is
    meant so."""
    if wishes.files or wishes.no_attachment or wishes.as_draft:
        return
    phrase = speaks_of_attachment(text)
    if not phrase:
        return
    told = f"the text says “{phrase}”, but nothing is attached"
    if not session.out.asks:
        raise Refused(f"{told}; nothing was sent: `--attach FILE` attaches something, `--no-attachment` means it so")
    if not click.confirm(safe(f"{told[0].upper()}{told[1:]}. Send it all the same?")):
        raise Refused("nothing was sent; `--attach FILE` attaches something")


def replied(session: Session, seen: Ticket, wishes: Wishes, text: str, draft: Message | None) -> Ticket:
    """The ticket with the reply, committed; asks before writing past something new. A draft that is sent unread is as
    old as its last change."""
    keys = [message.key for message in seen.messages]
    if draft is not None and not session.out.asks:
        keys = keys[: keys.index(draft.key) + 1]
    known = set(keys)
    while True:
        try:
            with session.store.transaction() as desk:
                after = desk.save(_changed(session, desk, desk.get(wishes.number), known, wishes, text, draft))
                tell(session, desk)
                return after
        except Changed as changed:
            if not session.out.asks:
                raise
            for line in _thread.told(session, changed.messages):
                session.out.say(line)
            choice = click.prompt(
                "\nThis came meanwhile. Send yours as it is (s), edit it (e), or keep it as a draft (d)?",
                type=click.Choice(["s", "e", "d"]),
                show_choices=False,
                prompt_suffix=" ",
            )
            if choice == "d":
                raise
            if choice == "e":
                raise EditAgain from None
            known.update(message.key for message in changed.messages)


def _changed(
    session: Session, desk: Desk, ticket: Ticket, known: set[str], wishes: Wishes, text: str, draft: Message | None
) -> Ticket:
    """The ticket with the reply, or with the draft; `known` are the keys of what the writer has seen."""
    acting = act(session, _why(wishes, draft))
    must_take_replies(session, ticket, wishes)
    must_be_as_seen(ticket, wishes.seen)
    fresh = [one for one in ticket.messages if one.key not in known and _matters(session, one)]
    if fresh and not wishes.as_draft:
        raise Changed(ticket.number, fresh)
    if not ticket.assignee and session.config.agent(session.actor) and session.actor not in away(session):
        ticket = ticket.assign(acting, session.actor)
    if wishes.as_draft:
        return _drafted(session, ticket, wishes, text, acting, draft)
    if draft is not None and any(one.key == draft.key for one in ticket.messages):
        ticket = ticket.redraft(acting, None, draft.key)
    return _queued(session, desk, ticket, wishes, text, acting)


def _queued(session: Session, desk: Desk, ticket: Ticket, wishes: Wishes, text: str, acting: Act) -> Ticket:
    """The ticket with the reply in the outbox, a mail to each requester, and with what the reply does to it."""
    leaves_at = leaving_time(session, wishes.later)
    seen, keys, asides = ticket, list[str](), list[bool]()
    for letter, own_text in texts(session, seen, wishes.asked, text, snippet_of(acting.why)):
        ticket = _with_letter(session, desk, ticket, letter, own_text, wishes, acting, leaves_at)
        keys.append(ticket.messages[-1].key)
        ticket = together(ticket, keys)
        asides.append(ticket.messages[-1].aside)
    if all(asides) or waits(ticket, [ticket.message(key) for key in keys]):
        wishes = _still_open(wishes)
    reply, wake_at = ticket.message(keys[0]), wake_at_end(session, wishes)
    if wishes.promised_at is not None:
        ticket = promise(ticket, acting, wishes.promised_at)
        if ticket.status == "waiting" and not wishes.until:
            ticket = ticket.wake(acting)
    if leaves_at is not None:
        return _scheduled(ticket, keys, wishes, leaves_at, acting)
    if wishes.close:
        ticket = ticket.close(acting, cause=wishes.cause, lesson=wishes.lesson)
    elif wake_at:
        ticket = ticket.wait(acting, wake_at, named=bool(wishes.until) and names_day(session, wishes.until))
    ticket = _with_rules(session, happened(session, desk, ticket, "agent_reply", reply))
    return _with_rules(session, happened(session, desk, ticket, "closed")) if wishes.close else ticket


def _with_rules(session: Session, outcome: Happened) -> Ticket:
    for remark in outcome.remarks:
        session.out.warn(remark.facts["text"])
    return outcome.ticket


def _with_letter(
    session: Session,
    desk: Desk,
    ticket: Ticket,
    letter: Letter,
    text: str,
    wishes: Wishes,
    acting: Act,
    leaves_at: datetime | None,
) -> Ticket:
    written = letter.written
    ticket = taking_part(session, ticket, acting, written)
    ticket = queue_reply(
        session,
        desk,
        ticket,
        text,
        act=acting,
        party=letter.party,
        to=written.to,
        cc=written.cc,
        bcc=written.bcc,
        reply_to=written.reply_to,
        files=wishes.files,
        not_before=leaves_at or _window_end(session, wishes),
        scheduled=leaves_at is not None,
    )
    return aside(ticket, ticket.messages[-1].key) if is_aside(letter.party, written) else ticket


def _still_open(wishes: Wishes) -> Wishes:
    """A question to somebody else does not make the ticket wait for the customer, nor an answer to one of several who
    wait for us, unless that is asked for."""
    asked_for = wishes.until or wishes.close
    return wishes if asked_for else msgspec.structs.replace(wishes, stay_open=True)


def _window_end(session: Session, wishes: Wishes) -> datetime | None:
    length = window(session)
    return session.now + length if length and not wishes.queue else None


def _scheduled(ticket: Ticket, keys: Sequence[str], wishes: Wishes, leaves_at: datetime, acting: Act) -> Ticket:
    """What the reply does to its ticket it does when the first of its mails leaves; what was learnt is noted now."""
    wait = CLOSE if wishes.close else STAY_OPEN if wishes.stay_open else wishes.until or DEFAULT_WAIT
    for key in keys:
        ticket = scheduled(acting, ticket, key, leaves_at, wait if key == keys[0] else "")
    return ticket.explain(acting, cause=wishes.cause, lesson=wishes.lesson)


def _why(wishes: Wishes, draft: Message | None) -> str:
    """Which snippet answered a ticket is what `triage --suggest` learns from; a draft remembers its own."""
    name = wishes.snippet or (snippet_of(draft.why) if draft is not None else "")
    return f"{FROM_SNIPPET}{name}" if name else "reply"


def _matters(session: Session, message: Message) -> bool:
    """Whether a writer wants to know of it: a customer's message, a colleague's reply, note or draft."""
    return message.from_customer or (message.kind != "automatic" and message.author not in ("", session.actor))


def _drafted(session: Session, ticket: Ticket, wishes: Wishes, text: str, acting: Act, draft: Message | None) -> Ticket:
    """The ticket with the text as a draft, which keeps who gets copies and when the ticket comes back."""
    wait = STAY_OPEN if wishes.stay_open else wishes.until
    kept = drafted(session, ticket, wishes.asked)
    return with_draft(session, ticket, text, acting, draft, to=kept.to, cc=kept.cc, bcc=kept.bcc, wait=wait)


@contextmanager
def kept_on_failure(session: Session, wishes: Wishes, written: Written, draft: Message | None) -> Iterator[None]:
    """What was written is kept as a draft when it cannot be queued, or at least in its file, and that is said."""
    try:
        yield
    except (TicketctlError, OSError, click.Abort, KeyboardInterrupt) as trouble:
        session.out.warn(_kept(session, wishes, written, draft))
        if isinstance(trouble, click.Abort | KeyboardInterrupt):
            raise Interrupted("stopped") from trouble
        raise


def _kept(session: Session, wishes: Wishes, written: Written, draft: Message | None) -> str:
    """Where the text is now."""
    try:
        number, told = _keep(session, wishes, written.text, draft)
    except (TicketctlError, OSError):
        return f"your text is in {written.file}" if written.file else f"your text was:\n{written.text}"
    if written.file:
        fs.discard(written.file)
    return told.format(number=number)


def _keep(session: Session, wishes: Wishes, text: str, draft: Message | None) -> tuple[int, str]:
    with session.store.transaction() as desk:
        ticket = desk.get(wishes.number)
        while ticket.merged_into:
            ticket, draft = desk.get(ticket.merged_into), None
        if any(one.text == text and one.at == session.now and one.is_reply for one in ticket.messages):
            return ticket.number, "the reply on #{number} was queued before that"
        desk.save(_drafted(session, ticket, wishes, text, act(session, "reply that was not sent"), draft))
    return ticket.number, "your text is kept as a draft on #{number}; `ticketctl reply {number}` goes on with it"
