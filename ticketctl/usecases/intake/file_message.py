"""Each mail to its place, in one transaction: a ticket of its own, a ticket that is there, or quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from ticketctl.domain.mail.auto_mail import written_by_person
from ticketctl.domain.mail.filing import Arrival, join, kind_of, link_back, open_ticket, passed_on_by_agent, seen_again
from ticketctl.domain.mail.mail_loops import is_ours
from ticketctl.domain.mail.message_ids import ticket_of
from ticketctl.domain.mail.threading import (
    Placement,
    Policy,
    answers_automatic,
    is_own,
    place,
    placed_in,
    with_known_ids,
)
from ticketctl.domain.mail.writers import is_persons, writer_of
from ticketctl.domain.privacy.retention import blobs_of
from ticketctl.domain.rules.rules import EventName
from ticketctl.domain.text import language
from ticketctl.domain.ticket.message import Forwarded, Inbound, door
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, TicketctlError, Usage
from ticketctl.ports.channels import Fetched
from ticketctl.ports.medium import Unreadable
from ticketctl.ports.store import Desk, Quarantined
from ticketctl.usecases.automation import notifications as _notices
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.run_rules import ANSWERED_WITHIN, Occasion, run_rules, takes_turns
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.intake.bounce import record_bounce
from ticketctl.usecases.intake.conversation_cache import ConversationCache
from ticketctl.usecases.intake.masking import masked
from ticketctl.usecases.intake.parse import ParsedMail
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.outgoing.push import remember_new
from ticketctl.usecases.outgoing.schedule import hold_back
from ticketctl.usecases.people import load as workload
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.restore import answered_before


class MessageFiler:
    """One transaction: each mail to its place."""

    def __init__(
        self,
        session: Session,
        desk: Desk,
        policy: Policy,
        result: FetchResult,
        quiet: Mapping[str, datetime | None] = MappingProxyType({}),
    ) -> None:
        self._quiet = quiet
        self._imported: dict[int, datetime] = {}
        self._answered_before = answered_before(desk)
        self._app = session
        self._desk = desk
        self._policy = policy
        self._result = result
        self._known = ConversationCache(desk)
        self._senders = Senders(desk)
        self.removed: list[str] = []  # blobs that a writer took away: to be deleted after the commit
        self._load = workload(session, desk.find() if takes_turns(session.config.rules) else ())

    def file(self, parsed: ParsedMail) -> None:
        """A mail that breaks here, too, is set aside whole: it must not stop those behind it, nor come again."""
        try:
            self._file(parsed)
        except TicketctlError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept, with the reason
            self._set_aside(parsed, f"could not be filed: {type(error).__name__}: {error}")

    def save(self) -> None:
        """Tickets that an import brought, and in which nothing happened lately, are over."""
        for number, before in self._imported.items():
            ticket = self._known.ticket(number)
            if ticket and not ticket.closed and (last := ticket.events[-1].at) < before:
                act = Act("system", last, f"imported; nothing in it since {last:%Y-%m-%d}")
                self._known.put(ticket.close(act, resolution="imported"))
                self._result.closed += 1
        self._known.save()

    def _file(self, parsed: ParsedMail) -> None:
        if parsed.fetched.again:
            self._came(parsed.fetched)
        if parsed.fetched.gone:
            return
        holder = self._known.content(parsed.content)
        if holder is None and parsed.inbound is not None:
            holder = self._known.imported(parsed.inbound, parsed.fetched.arrived_at)
        if holder is not None:
            self._seen_again(holder, parsed)
        elif parsed.inbound is None:
            self._set_aside(parsed, parsed.reason)
        elif self._is_copy_of_ours(parsed.inbound):
            self._result.known += 1
        elif parsed.inbound.edits or parsed.inbound.redacts:
            self._revise(parsed, parsed.inbound)
        else:
            self._place(parsed, parsed.inbound)

    def _revise(self, parsed: ParsedMail, inbound: Inbound) -> None:
        """An edit by the same writer, or a removal, which their server allowed, of a message that is here. An edit of
        one that is not is a message; what anybody else edits changes nothing."""
        from ticketctl.domain.changes.revise import edited, message_of, redacted  # few messages are changed

        target = inbound.edits or inbound.redacts
        holder = self._known.holder(target)
        numbers = [holder] if holder else sorted(self._known.mentions(inbound.conversation))
        tickets = [one for number in numbers if (one := self._known.ticket(number))]
        ticket, message = next(((one, found) for one in tickets if (found := message_of(one, target))), (None, None))
        if ticket is None or message is None:
            if inbound.edits:
                self._place(parsed, inbound)
            return
        self._result.known += 1
        act = Act("system", parsed.fetched.arrived_at, "its writer")
        if inbound.redacts:
            after = redacted(ticket, act, message, target)
            self.removed += sorted(blobs_of(ticket) - blobs_of(after))
            self._forget(ticket, after, message.text)
        elif inbound.sender is not None and inbound.sender.address == message.sender.address:
            after = edited(ticket, act, message, masked(inbound, self._app.config.privacy.mask))
        else:
            return
        if after is not ticket:
            self._known.put(after)

    def _forget(self, before: Ticket, after: Ticket, text: str) -> None:
        """What else knows the words that are gone: patterns, and notices that did not leave yet."""
        from ticketctl.usecases.patterns.forget import forget

        if before is after:
            return
        forget(self._app, self._desk, [(before, after)])
        self._desk.leave_no_copy()
        for item in list(self._desk.outbox()):
            if item.kind == "notification" and item.pending and self._says(item.raw, text):
                self._desk.drop_outbound(item.id)
                self.removed.append(item.raw)

    def _says(self, raw: str, text: str) -> bool:
        line = next((one.strip() for one in text.splitlines() if one.strip()), "")
        said = self._app.medium.texts(self._app.store.blobs.get(raw))
        return len(line) > 3 and any(line[:40] in one for one in said)

    def _came(self, fetched: Fetched) -> None:
        """The server gives what it did not give before, or has it no more."""
        for item in list(self._desk.quarantined()):
            if (item.withheld, item.source, item.uid) == (True, fetched.mailbox, fetched.uid):
                self._desk.drop_quarantined(item.id)
        if fetched.gone:
            gone = f"{fetched.mailbox}: the mail with UID {fetched.uid} is no longer on the server"
            self._result.trouble.append(gone)

    def _seen_again(self, number: int, parsed: ParsedMail) -> None:
        self._result.known += 1
        ticket = self._known.ticket(number) if number else None
        if ticket is None or ticket.closed:
            return
        noted = seen_again(ticket, parsed.content, parsed.fetched.mailbox)
        if noted is not ticket:
            self._known.put(noted)

    def _is_copy_of_ours(self, inbound: Inbound) -> bool:
        """Our own mail, come back by Bcc or a shared mailbox: the ticket has it already."""
        return (
            inbound.sender is not None
            and inbound.sender.address in self._policy.own
            and ticket_of(inbound.message_id, self._policy.key) is not None
            and self._known.holder(inbound.message_id) is not None
        )

    def _place(self, parsed: ParsedMail, inbound: Inbound) -> None:
        fetched = parsed.fetched
        if is_persons(inbound, self._policy) and inbound.machine != "bounce":
            inbound = written_by_person(inbound)
        if is_ours(inbound.headers, self._app.key):
            inbound = msgspec.structs.replace(inbound, machine=inbound.machine or "notification", may_answer=False)
        if fetched.imported or (self._answered_before and fetched.arrived_at <= self._answered_before):
            inbound = msgspec.structs.replace(inbound, may_answer=False)
        inbound = with_known_ids(inbound, self._known, self._policy)
        if answers_automatic(inbound, self._known, self._policy):
            inbound = msgspec.structs.replace(inbound, may_answer=False)
        if self._policy.is_from_team(inbound):
            inbound = _with_attached_forward(self._app, inbound)
        note = f"only the header was fetched: the mail has {fetched.size:,} bytes" if fetched.oversize else ""
        shown = masked(inbound, self._app.config.privacy.mask)
        late = fetched.arrived_at < self._app.now and not fetched.imported  # old mail came before anything was written
        arrival = Arrival(
            inbound=shown,
            at=fetched.arrived_at,
            fetched_at=self._app.now if late else None,
            source=fetched.mailbox,
            raw=parsed.raw,
            note=note,
            channel=door(fetched.medium),
        )
        placement = self._placement(parsed, inbound, arrival.at)
        if placement.number is None:
            number = self._open(arrival, placement, parsed.spam)
            opened = self._known.ticket(number)
            if opened is not None and not (fetched.imported or opened.spam):
                remember_new(self._app, self._desk, opened)
        else:
            number = placement.number
            self._join(number, arrival, placement)
        before = self._quiet.get(fetched.mailbox)
        if fetched.imported and before:
            self._imported[number] = before

    def _placement(self, parsed: ParsedMail, inbound: Inbound, at: datetime) -> Placement:
        if parsed.into:
            placement = placed_in(parsed.into, parsed.why, inbound, self._known, self._policy, at)
            return msgspec.structs.replace(placement, flagged=parsed.flagged)
        if parsed.spam:
            return Placement(number=None, why=parsed.spam)
        policy = self._policy
        if parsed.fetched.imported:  # a conversation of long ago is one ticket, however long it rested
            policy = msgspec.structs.replace(policy, reopen_window=timedelta.max)
        return place(inbound, self._known, policy, at)

    def _open(self, arrival: Arrival, placement: Placement, spam: str) -> int:
        number = self._desk.new_number()
        ticket = open_ticket(number, arrival, placement, self._policy)
        if not ticket.language:
            ticket = msgspec.structs.replace(ticket, language=self._language(ticket, arrival.inbound))
        if passed_on_by_agent(arrival.inbound, placement, self._policy) and not self._policy.authserv_id:
            unproven = msgspec.structs.replace(arrival.inbound, may_answer=False)  # nor may a forger make us write
            arrival = msgspec.structs.replace(arrival, inbound=unproven)
        ticket = self._with_fields(ticket, arrival.inbound)
        if spam:
            ticket = ticket.mark_spam(Act("system", ticket.events[-1].at, spam))
        else:
            ticket = self._ruled(ticket, "created", arrival)
        self._known.put(ticket)
        self._senders.add(ticket)
        for other in placement.links:
            linked = self._known.ticket(other)
            if linked is not None and not linked.closed:
                self._known.put(link_back(linked, number, arrival.at))
        self._result.new.append(number)
        return number

    def _with_fields(self, ticket: Ticket, inbound: Inbound) -> Ticket:
        """With the values that came with it, where rules.yaml allows them and the ticket has none."""
        act = Act("system", ticket.events[-1].at, "came with the message")
        for name, value in inbound.fields.items():
            try:
                fields = checked_fields(self._app.config, [f"{name}={value}"])
            except Usage as error:
                self._result.trouble.append(f"#{ticket.number}: {error}")
                continue
            if value and name not in ticket.fields:
                ticket = ticket.set_field(act, name, fields[name])
        return ticket

    def _language(self, ticket: Ticket, inbound: Inbound) -> str:
        """In which language to answer a text that is too short to tell: the subject says, or their mail program, or
        what they wrote before; "" is the desk's language. The subject of a form is not the customer's."""
        writer = writer_of(inbound, self._policy)
        own = writer is not None and writer.person == ticket.requester
        subject = "" if writer is None or writer.claimed else ticket.subject
        guessed = language.guess(f"{subject}\n{ticket.messages[0].text}")
        if guessed is None and own:
            guessed = language.named(next(iter(inbound.headers.get("content-language", ())), ""))
        return guessed or self._senders.language_of(ticket.requester.address, archive=inbound.may_answer)

    def _join(self, number: int, arrival: Arrival, placement: Placement) -> None:
        before = self._known.ticket(number)
        if before is None:
            raise NoSuchTicket("#{number} is gone", code="ticket_gone", number=number)
        ticket = join(before, arrival, placement, self._policy)
        kind = kind_of(arrival.inbound, placement, self._policy)
        if kind == "message" and not ticket.spam:
            ticket = self._with_fields(ticket, arrival.inbound)
            ticket = hold_back(self._desk, ticket, Act("system", ticket.events[-1].at, "somebody wrote in between"))
            reopened = before.closed and not ticket.closed
            ticket = self._ruled(ticket, "customer_message", arrival)
            if reopened and not ticket.closed:
                ticket = self._ruled(ticket, "reopened", arrival)
        elif arrival.inbound.bounce is not None:
            ticket = self._bounced(ticket, arrival.inbound)
        self._known.put(ticket)
        self._result.joined.append(number)

    def _ruled(self, ticket: Ticket, event: EventName, arrival: Arrival) -> Ticket:
        if not self._app.config.rules:
            return ticket
        fresh = self._app.now - arrival.at <= ANSWERED_WITHIN
        own = is_own(arrival.inbound, self._policy)
        asked = Occasion(
            event=event,
            act=Act("system", ticket.events[-1].at),
            message=next(one for one in reversed(ticket.messages) if one.kind != "note"),
            headers=arrival.inbound.headers,
            may_answer=fresh and arrival.inbound.may_answer and not own,
        )
        ruled = run_rules(self._app, self._desk, ticket, asked, self._load, senders=self._senders, others=self._known)
        if not own and not self._came_back(arrival.inbound):
            _notices.remember(self._app, self._desk, ruled.ticket, ruled.notify)
        self._load = ruled.load
        self._result.trouble += (*ruled.failed, *ruled.kept)
        self._result.kept += len(ruled.kept)
        return ruled.ticket

    def _came_back(self, inbound: Inbound) -> bool:
        """A notice of ours, or what a server returns for one (RFC 5321, 4.5.5: from the null path): it would bring the
        next notice."""
        returned = any(path.strip() == "<>" for path in inbound.headers.get("return-path", ()))
        return returned or is_ours(inbound.headers, self._app.key)

    def _bounced(self, ticket: Ticket, inbound: Inbound) -> Ticket:
        """Our mail that came back is shown as not delivered."""
        bounce = inbound.bounce
        act = Act("system", ticket.events[-1].at, "a bounce")
        ours = {bounce.message_id or "", *inbound.in_reply_to, *inbound.references} if bounce else set[str]()
        for message_id in sorted(ours):
            if bounce and ticket_of(message_id, self._policy.key) is not None:
                ticket = record_bounce(self._app.medium, ticket, message_id, bounce, act)
        return ticket

    def _set_aside(self, parsed: ParsedMail, reason: str) -> None:
        item = Quarantined(
            id=self._app.new_id()[:12],
            at=parsed.fetched.arrived_at,
            reason=reason,
            source=parsed.fetched.mailbox,
            raw=parsed.raw,
            content=parsed.content,
            message_id=parsed.message_id,
            validity=parsed.fetched.validity if not parsed.raw else 0,
            uid=parsed.fetched.uid if not parsed.raw else 0,
            medium=parsed.fetched.medium,
        )
        self._desk.quarantine(item)
        self._result.quarantined.append(item.id)


def policy(session: Session) -> Policy:
    """Who we are, for the questions where a message belongs and who may add to what."""
    own = own_addresses(session)
    return Policy(
        key=session.key,
        own=own,
        team=frozenset(agent.email.lower() for agent in session.config.team),
        reopen_window=timedelta(days=session.config.reopen_window_days),
        timezone=session.config.timezone,
        authserv_id=session.config.authserv_id,
        forms=frozenset(session.config.forms),
        linked=_linked(session),
    )


def _linked(session: Session) -> dict[str, frozenset[str]]:
    """Each address that is one person's with others → all of them."""
    facts = session.app.store.facts("person ")
    if not facts:
        return {}
    from ticketctl.domain.privacy.profile import Profile

    known = (msgspec.json.decode(text, type=Profile) for text in facts.values())
    several = (frozenset(one.addresses) for one in known if len(one.addresses) > 1)
    return {address: addresses for addresses in several for address in addresses}


def _with_attached_forward(session: Session, inbound: Inbound) -> Inbound:
    """With the one mail that it encloses ("forward as attachment", message/rfc822) as what it forwards, where nothing
    is forwarded inline. Its bytes are in the
    blobs already; in a dry run, or where it cannot be read, it stays an attachment and nothing more."""
    mails = [one for one in inbound.attachments if one.type == "message/rfc822" or one.name.lower().endswith(".eml")]
    if inbound.forwarded is not None or len(mails) != 1 or not session.store.blobs.has(mails[0].sha256):
        return inbound
    try:
        inner = session.medium.parse(session.store.blobs.get(mails[0].sha256))
    except Unreadable:
        return inbound
    forwarded = Forwarded(
        sender=inner.reply_to[0] if inner.sender is None and inner.reply_to else inner.sender,
        subject=inner.subject,
        date=inner.headers.get("date", ("",))[0],
        text=inner.text,
        references=(*inner.references, *inner.in_reply_to, inner.message_id),
    )
    return msgspec.structs.replace(inbound, forwarded=forwarded)
