"""Who a visitor of the chat is: whoever has its token. The desk keeps the token as a hash only, in the conversation
that its messages refer to.

A token is 128 random bits and a short keyed hash of them with the name of the chat, so that a guess costs nothing to
refuse and a token of one chat opens no other. Nothing is stored until something is said.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256

import msgspec

from ticketctl.domain.chat.state import CHAT, Limits
from ticketctl.domain.config import ChatSource
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

NONCE, PROOF = 32, 16  # hex digits


class Visitor(msgspec.Struct, frozen=True):
    """`address` is theirs in the medium chat, `conversation` what their messages refer to."""

    address: str
    conversation: str


def new_token(session: Session, source: str) -> str:
    """For somebody who has none yet."""
    nonce = session.new_id()
    return nonce + _proof(session, source, nonce)


def visitor(session: Session, source: str, token: str) -> Visitor:
    """Raises NoSuchTicket for what is no token of that chat."""
    nonce, proof = token[:NONCE], token[NONCE:]
    if not token.isascii() or not hmac.compare_digest(proof, _proof(session, source, nonce)):
        raise NoSuchTicket("there is no such chat", code="no_such_chat")
    digest = sha256(token.encode()).hexdigest()
    return Visitor(f"@{digest[:16]}:{CHAT}", f"{digest[:32]}@{CHAT}.invalid")


def chat_source(session: Session, name: str) -> ChatSource:
    """Raises NoSuchTicket where rules.yaml has no chat of that name."""
    for one in session.config.web_sources:
        if isinstance(one, ChatSource) and one.name == name:
            return one
    raise NoSuchTicket("there is no chat {name}", code="no_chat_source", name=name)


def open_source(session: Session, name: str) -> ChatSource:
    """The same; raises Refused while it is switched off."""
    source = chat_source(session, name)
    if not source.open:
        raise Refused("the chat {name} is switched off", code="chat_off", name=name)
    return source


def limits(source: ChatSource) -> Limits:
    return Limits(
        idle=timedelta(minutes=source.idle),
        patience=timedelta(minutes=source.patience),
        return_within=timedelta(hours=source.return_within),
    )


def limits_of(session: Session, ticket: Ticket) -> Limits:
    """Those of the chat by which it came; the defaults where rules.yaml has that no more."""
    named = {one.name: one for one in session.config.web_sources if isinstance(one, ChatSource)}
    sources = (source for message in ticket.messages for source in message.source)
    return limits(next((named[one] for one in sources if one in named), ChatSource(name="")))


def ticket_of(desk: Desk, who: Visitor) -> Ticket | None:
    """The newest ticket of that conversation, or the one that it was merged into."""
    for number in sorted(desk.mentions(who.conversation), reverse=True):
        ticket = desk.get(number)
        seen = {number}
        while ticket.merged_into and ticket.merged_into not in seen:
            seen.add(ticket.merged_into)
            ticket = desk.get(ticket.merged_into)
        if any(one.sender.address == who.address for one in ticket.messages):
            return ticket
    return None


def _proof(session: Session, source: str, nonce: str) -> str:
    return hmac.digest(session.key, f"chat:{source}:{nonce}".encode(), "sha256").hex()[:PROOF]
