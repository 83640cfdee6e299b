"""What `serve` prints."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {"serving": "serving {address} (listening on {at}); Ctrl-C stops it"},
    "sv": {"serving": "visar {address} (lyssnar på {at}); Ctrl-C avslutar"},
}
