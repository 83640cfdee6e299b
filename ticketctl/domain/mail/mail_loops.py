"""Mail loops: by what a desk knows its own automatic mail when it comes back, a header with a keyed value (RFC 3834,
section 2), and how it notices an answering machine that says nothing of itself."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from ticketctl.domain.mail.mail_providers import root_mailbox
from ticketctl.domain.ticket.ticket import Ticket

HEADER = "X-Ticketctl-Loop"


def loop_token(key: bytes) -> str:
    """The same for all mail of a desk; `key` is the desk's secret."""
    return hmac.digest(key, b"loop", "sha256")[:16].hex()


def is_ours(headers: Mapping[str, tuple[str, ...]], key: bytes) -> bool:
    """Whether a mail is an automatic one of this desk, or copied its headers (names of `headers` lower-case)."""
    ours = loop_token(key).encode()
    return any(hmac.compare_digest(value.strip().encode(), ours) for value in headers.get(HEADER.lower(), ()))


# --- loops without any header: told by how often ---

DAY = timedelta(hours=24)
ECHO = 2  # tickets within a day that each came right after a mail of ours to that address
QUICK = timedelta(hours=1)
SKEW = timedelta(minutes=5)  # between our clock and the mail server's
_NOTICE = re.compile(r"notice\.[0-9a-f]{32}@")


def root_address(address: str) -> str:
    """The mailbox behind an address, in one spelling: what stands after a "+" is the owner's to choose, and a
    responder's too."""
    return root_mailbox(address)


def echoing(
    tickets: Iterable[Ticket], told: Mapping[str, Collection[datetime]], now: datetime
) -> dict[str, tuple[int, ...]]:
    """The addresses of ours that opened several tickets within the last day, each right after a mail of ours to them,
    with these tickets' numbers: a machine there may answer without saying that it is one. `told` is when automatic mail
    went to which address. Customers are not among them: one who opens many tickets, such as a form, is no echo."""
    opened: dict[str, list[int]] = {}
    for ticket in tickets:
        address = root_address(ticket.requester.address)
        quick = any(at - SKEW <= ticket.opened_at < at + QUICK for at in told.get(address, ()))
        if quick and now - ticket.opened_at < DAY and not (ticket.merged_into or ticket.spam):
            opened.setdefault(address, []).append(ticket.number)
    return {address: tuple(numbers) for address, numbers in opened.items() if len(numbers) >= ECHO}


def is_echo(ticket: Ticket, echoing: Collection[str]) -> bool:
    """Whether a notice about this ticket might only call forth the next one: it began as an answer to a notice of ours,
    or came from one of the addresses `echoing`."""
    first = ticket.messages[0] if ticket.messages else None
    answers_notice = first is not None and any(_NOTICE.match(one) for one in first.references)
    return answers_notice or root_address(ticket.requester.address) in echoing
