"""Mail as a medium: how its messages are read and written. Each run imports only what it uses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import get_args

from ticketctl.channels.limits import MAIL, header_of
from ticketctl.domain.ticket.message import Inbound
from ticketctl.ports.channels_draft import Draft
from ticketctl.ports.medium import Rewritten, Skill


class Mail:
    name = "email"
    can: frozenset[Skill] = frozenset(get_args(Skill)) - {"here"}
    largest = MAIL

    def parse(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        from ticketctl.channels.email.parse import lists as transport
        from ticketctl.channels.email.parse import mime

        return mime.understand(transport.as_sent(raw, lists), arrived_at=arrived_at)

    def parse_head(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        from ticketctl.channels.email.parse import lists as transport
        from ticketctl.channels.email.parse import mime

        head = header_of(raw) if len(raw) > MAIL else raw
        return mime.header_only(transport.as_sent(head, lists), arrived_at=arrived_at)

    def parse_text(self, raw: bytes, *, html: bool) -> Inbound:
        from ticketctl.channels.email.charsets.decode import decode
        from ticketctl.channels.email.parse import mime

        return mime.understand_text(decode(raw), html=html)

    def markup(self, raw: bytes) -> str:
        from ticketctl.channels.email.parse import bodies, mime_tree

        return bodies.markup(mime_tree.parse(raw))

    def rewrite(self, raw: bytes, change: Callable[[str], str]) -> bytes:
        from ticketctl.channels.email.rewrite.mail import rewrite

        return rewrite(raw, change)

    def rewrite_file(self, name: str, kind: str, payload: bytes, change: Callable[[str], str]) -> Rewritten:
        from ticketctl.channels.email.rewrite.mail import rewrite_file

        return rewrite_file(name, kind, payload, change)

    def texts(self, data: bytes) -> Iterator[str]:
        from ticketctl.channels.email.rewrite.readable import texts

        return texts(data)

    def seal(self, masked: bytes, original: bytes, recipients: Sequence[str]) -> bytes:
        from ticketctl.channels.email.rewrite.sealed import seal

        return seal(masked, original, recipients)

    def unseal(self, kept: bytes, identity: str) -> bytes | None:
        from ticketctl.channels.email.rewrite.sealed import unseal

        return unseal(kept, identity)

    def freeze(self, draft: Draft) -> bytes:
        from ticketctl.channels.email.compose.compose import compose

        return compose(draft)

    def redate(self, raw: bytes, date: datetime) -> bytes:
        from ticketctl.channels.email.compose.compose import redated

        return redated(raw, date)

    def address(self, address: str) -> str:
        from ticketctl.channels.email.compose.header_encoding import wire_address

        return wire_address(address)

    def file_name(self, name: str) -> str:
        from ticketctl.channels.email.compose.header_encoding import file_name

        return file_name(name)
