"""What of a person lies where the desk does not keep it: on mail servers, in other people's mailboxes, in files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from ticketctl.domain.config import Config
from ticketctl.domain.ticket.message import Message
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Removal
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.exports import exports_of
from ticketctl.usecases.privacy.trace import Traces, numbers_in
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session


class Notice(msgspec.Struct, frozen=True):
    """A mail to somebody of the team about the person's tickets."""

    to: tuple[str, ...]
    at: datetime


class Recipient(msgspec.Struct, frozen=True):
    """Somebody who got mail of ours about the person: they are to be informed of an erasure or a correction (GDPR, Art.
    19). `address` is as the messages name it; "" where a door has none, which `channel` then names."""

    address: str
    channel: str
    tickets: tuple[int, ...]


class Asked(msgspec.Struct, frozen=True):
    """A language model, with its host, that got texts of the person's tickets, without what tells of a person."""

    model: str
    at: datetime


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """`mailboxes`: folder of a source → Message-IDs of mails that came from there. `sent` → Message-IDs of replies, of
    which `sent_folder` has copies where it is named. `notices` went to the team. `forwarded` is how many others mail of
    these tickets went to, `recipients` who they are. `assistant`: which language models were asked. `webhooks`: which
    receivers get the texts of tickets, as "name (host)". `named_in` are lines of rules.yaml, snippets and the FAQ;
    `exports` are files. `on_server`, where the servers were asked: "source/folder" → UIDs that are there now."""

    mailboxes: Mapping[str, tuple[str, ...]] = {}
    sent: tuple[str, ...] = ()
    sent_folder: str = ""
    notices: tuple[Notice, ...] = ()
    forwarded: int = 0
    recipients: tuple[Recipient, ...] = ()
    assistant: tuple[Asked, ...] = ()
    webhooks: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    on_server: Mapping[str, tuple[int, ...]] = {}

    @property
    def anonymous(self) -> Elsewhere:
        """Without ids: how many, and where."""
        return msgspec.structs.replace(
            self,
            mailboxes={name: ("",) * len(ids) for name, ids in self.mailboxes.items()},
            sent=("",) * len(self.sent),
            exports=(),
            recipients=(),
            notices=tuple(Notice((), one.at) for one in self.notices),
        )


def elsewhere(session: Session, desk: Desk, plan: Traces) -> Elsewhere:
    mailboxes: dict[str, list[str]] = {}
    sent: list[str] = []
    got: dict[tuple[str, str], set[int]] = {}
    own = {number for number, found in plan.tickets.items() if found != "mentioned"}
    for number in plan.tickets:
        for one in desk.get(number).messages:
            if not (number in own or one.raw in plan.blobs):
                continue
            if one.message_id:
                for mailbox in one.source if one.source != ("-",) else ():
                    mailboxes.setdefault(mailbox, []).append(one.message_id)
            if one.direction == "out" and one.delivery in ("sent", "uncertain", "bounced"):
                if one.message_id:
                    sent.append(one.message_id)
                for address in _others(plan, one):
                    got.setdefault((address, one.channel), set()).add(number)
    return Elsewhere(
        mailboxes={name: tuple(ids) for name, ids in sorted(mailboxes.items())},
        sent=tuple(sent),
        sent_folder=_sent_folder(session),
        notices=tuple(_notices(session, desk, own)),
        forwarded=len(got),
        recipients=tuple(Recipient(*who, tuple(sorted(numbers))) for who, numbers in sorted(got.items())),
        assistant=tuple(_asked(session, own)),
        webhooks=text_receivers(session.config) if own else (),
        named_in=plan.named_in,
        exports=tuple(exports_of(session, desk, plan.erasure.who)),
    )


def _others(plan: Traces, message: Message) -> Iterator[str]:
    """Whom else it went to: a webhook has no address."""
    people = [one for one in (*message.to, *message.cc, *message.bcc) if one.address]
    if not people and message.channel == "webhook":
        yield ""
    for one in people:
        if not plan.erasure.who.means(one) and one.address not in plan.erasure.ours:
            yield one.address


def _asked(session: Session, numbers: set[int]) -> Iterator[Asked]:
    """From the audit log: `suggest_draft` notes the model and its host before it asks."""
    for record in session.audit.records():
        if record.action == "reply suggestion" and not record.generation and record.ticket in numbers:
            yield Asked(record.why.partition(", from ")[0], record.at)


def text_receivers(config: Config) -> tuple[str, ...]:
    """The webhooks that get what customers write, with their hosts. Which events they took is not kept."""
    return tuple(f"{one.name} ({urlsplit(one.url).hostname})" for one in config.webhooks if one.texts)


def _sent_folder(session: Session) -> str:
    outgoing = session.config.outgoing
    if outgoing is None or outgoing.sent is None:
        return ""
    return f"{outgoing.sent.source}/{outgoing.sent.folder or 'Sent'}"


def _notices(session: Session, desk: Desk, numbers: set[int]) -> Iterator[Notice]:
    for item in desk.outbox():
        told = item.kind in ("notification", "report") and item.state in ("sent", "uncertain")
        if told and numbers & numbers_in(session, item.raw):
            yield Notice(item.recipients, item.ended_at or item.queued_at)


def asked_servers(session: Session, outside: Elsewhere) -> Elsewhere:
    """With the UIDs of the person's mails in the desk's own mailboxes. A server that cannot be reached is remarked."""
    found: dict[str, tuple[int, ...]] = {}
    for name, removal in _servers(session, outside):
        try:
            found |= {f"{name}/{folder}": uids for folder, uids in removal.find(_ids(outside)).items()}
        except ChannelFailed as error:
            session.remark(Remark("server_not_asked", facts={"source": name, "error": error}))
        finally:
            removal.close()
    return msgspec.structs.replace(outside, on_server=found)


def remove_on_servers(session: Session, outside: Elsewhere) -> int:
    """Deletes the person's mails in the desk's own mailboxes: in the folders that are fetched, that fetched mails are
    moved to, and the Sent folder; how many. A server that cannot be reached is remarked."""
    removed = 0
    for name, removal in _servers(session, outside):
        try:
            removed += removal.remove(_ids(outside))
        except ChannelFailed as error:
            session.remark(Remark("server_not_asked", facts={"source": name, "error": error}))
        finally:
            removal.close()
    return removed


def _ids(outside: Elsewhere) -> list[str]:
    return [*(one for ids in outside.mailboxes.values() for one in ids), *outside.sent]


def _servers(session: Session, outside: Elsewhere) -> Iterator[tuple[str, Removal]]:
    for config in session.config.sources if _ids(outside) else ():
        removal = session.app.open_removal(session.app, config.name)
        if removal is not None:
            yield config.name, removal
