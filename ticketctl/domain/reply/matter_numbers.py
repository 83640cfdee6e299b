"""Order, invoice, receipt and booking numbers by which a customer names a matter."""

from __future__ import annotations

import re

from ticketctl.domain.reply.similarity import LONGEST, asked
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket

_CALLED = (
    r"\b(?:order\w*|beställning\w*|bestallning\w*|faktura\w*|invoices?|receipts?|kvitto\w*|bokning\w*|bookings?|köp\w*"
    r"|purchase|ocr|leverans\w*|delivery|paket\w*|parcel|rma|retur\w*|returns?|case|ärende\w*)"
)
_NUMBER = re.compile(_CALLED + r"[\s:#.]{0,3}(?:(?:nr|no|nummer|number|id)\b[\s:#.]{0,3})?([a-z]{0,4}-?\d{4,14})\b")
_PLAIN = re.compile(r"[a-z]{0,4}-?\d{4,14}")


def matter_numbers(ticket: Ticket) -> frozenset[str]:
    """Those that stand in its subject, in what was asked or forwarded, and in its fields, folded."""
    first = next((one for one in ticket.messages if one.direction == "in"), None)
    passed_on = first.whole[:LONGEST] if first else ""  # a forwarded question stands below what is newly written
    text = fold(f"{ticket.subject}\n{asked(ticket)[:LONGEST]}\n{passed_on}")
    fields = (fold(value) for value in ticket.fields.values())
    return frozenset(_NUMBER.findall(text)) | frozenset(one for one in fields if _PLAIN.fullmatch(one))
