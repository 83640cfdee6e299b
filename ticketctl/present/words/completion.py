"""What `completion` says where there is no script."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "not_as_json": "the completion is a script for the shell, which cannot be had as JSON; leave --json out",
        "none": "this version of click has no completion for {name}",
    },
    "sv": {
        "not_as_json": "kompletteringen är ett skript för skalet och finns inte som JSON; utelämna --json",
        "none": "den här versionen av click har ingen komplettering för {name}",
    },
}
