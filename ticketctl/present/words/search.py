"""What `search` says beside `list`."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {"for_what": "search for what? `ticketctl search faktura öberg`"},
    "sv": {"for_what": "vad ska sökas? `ticketctl search faktura öberg`"},
}
