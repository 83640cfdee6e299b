"""What the readers of exports share."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


def text_of(body: object, *, html: bool) -> str:
    """A body as text."""
    if not isinstance(body, str):
        return ""
    if not html:
        return body.replace("\r\n", "\n").strip()
    from ticketctl.channels.email.parse.html import to_text

    return to_text(body).strip()


def instant(value: object, zone: str = "UTC") -> str | None:
    """RFC 3339 in UTC of what an API or a database prints; None where there is none. `zone` is that of a time without
    one."""
    if not isinstance(value, str) or not value.strip() or value.startswith("0000-00-00"):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return value  # what is no time is named where it stands
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone))
    return found.astimezone(UTC).isoformat()


def person(value: object, name: str = "") -> Json | None:
    """ "Åsa <asa@kund.example>", or an address, or a name; None where there is nobody."""
    if not isinstance(value, str) or not value.strip():
        return {"address": "", "name": name} if name else None
    found = getaddresses([value])
    written, address = found[0] if found else ("", value)
    if "@" not in address:
        return {"address": "", "name": value.strip()}
    return {"address": address.lower(), "name": written or name}


def persons(value: object) -> list[Json]:
    """Of a header line, or of a list."""
    lines = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    pairs = getaddresses([line for line in lines if isinstance(line, str)])
    return [{"address": address.lower(), "name": name} for name, address in pairs if "@" in address]
