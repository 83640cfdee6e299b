"""What `help` says where there is nothing to show."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "no_command": "no command {word!r}",
        "no_second": "`{command}` has no command {word!r} of its own",
    },
    "sv": {
        "no_command": "det finns inget kommando {word!r}",
        "no_second": "`{command}` har inget eget kommando {word!r}",
    },
}
