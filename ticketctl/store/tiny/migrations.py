"""Old formats of the desk file, lifted to the present one when they are opened; the next commit writes what came out,
and with it the name of each step that has run (table `migrations`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from ticketctl.errors import Damaged
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.documents import FULL, decode, encode
from ticketctl.store.tiny.file_format import Content, Rows

_FLAT = b'{"tickets": {'


def open_desk(data: bytes, name: str, before: Mapping[str, Rows] = MappingProxyType({})) -> Content:
    """The rows of a desk file of this format or an older one; raises Damaged, naming it as `name`. `before` as for
    `file_format.parse`."""
    return _from_flat(data, name) if data.startswith(_FLAT) else file_format.parse(data, name, before)


def _from_flat(data: bytes, name: str) -> Content:
    """Format 0: what TinyDB's own JSONStorage writes for one table of tickets, without checksum or counters."""
    try:
        tables = msgspec.json.decode(data, type=dict[str, dict[str, dict[str, Any]]])
    except msgspec.DecodeError as error:
        raise Damaged(
            "{name} (format 0) cannot be read: {reason}; put it back from a backup",
            code="old_format_unreadable",
            name=name,
            reason=error,
        ) from error
    if tables.keys() != {"tickets"}:
        raise Damaged(
            "{name} (format 0) holds more than tickets: {tables}; put it back from a backup",
            code="old_format_unknown_tables",
            name=name,
            tables=", ".join(tables),
        )
    tickets: Rows = {}
    for document in tables["tickets"].values():
        ticket = decode(FULL, encode(document))
        tickets[str(ticket.number)] = encode(ticket)
    highest = max(map(int, tickets), default=0)
    return Content(
        {
            "tickets": tickets,
            "counters": {"number": encode({"value": highest})},
            "migrations": {"flat-desk": encode({"from": 0, "to": file_format.FORMAT})},
        },
        size=len(data),
    )
