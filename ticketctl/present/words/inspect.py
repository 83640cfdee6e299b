"""What `inspect` says beside its account of a mail (present/account.py)."""

from __future__ import annotations

from ticketctl.content.terminal import line
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {"unreadable": "{file}\n  could not be understood: {reason}"},
}


def unreadable(file: str, reason: str, language: str) -> str:
    return say_in(language, TEXTS)("unreadable", file=line(file), reason=line(reason))
