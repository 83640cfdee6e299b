"""The notice that Exchange gives over IMAP and POP in place of a mail which it can't convert.

The customer's mail stays in the mailbox, readable in Outlook only; the notice is all that a mail program is ever given
of it. It has no sender's address, and names the mail in a few lines of `Label: "value"`.
"""

from __future__ import annotations

import re

import msgspec

from ticketctl.domain.ticket.message import Forwarded, Person

SERVER = "microsoft exchange server"  # the same in all languages of the server
_PROTOCOL = re.compile(r"\b(?:IMAP4?|POP3?)\b[^\n]{0,200}?\d\s*$")
_QUOTED = re.compile(
    r'^[ \t]{0,8}[^:"\n]{2,40}:[ \t]{0,8}"([^"\n]{0,400})"[ \t]*(?:\("([^"\s]{1,200}@[^"\s]{1,200})"\))?', re.M
)
_DATED = re.compile(r"^[ \t]{0,8}[^:\"\n]{2,40}:[ \t]{0,8}(\d[^\n]{5,60})$", re.M)


class Notice(msgspec.Struct, frozen=True):
    """What could not be given, and a sentence about it."""

    about: Forwarded
    sentence: str


def read(text: str, subject: str, sender: Person | None) -> Notice | None:
    """What a notice of this kind is about; None where the mail is no such notice."""
    if sender is None or "@" in sender.address:
        return None
    if sender.name.casefold() != SERVER and _PROTOCOL.search(subject) is None:
        return None
    fields = list(_QUOTED.finditer(text[:10_000]))
    author = next((Person(address=match[2].lower(), name=match[1]) for match in fields if match[2]), None)
    if author is None:
        return None
    matter = next((match[1] for match in fields if not match[2]), "")
    sent = _DATED.search(text[:10_000])
    about = Forwarded(sender=author, subject=matter, date=sent[1].strip() if sent else "", text="")
    return Notice(about, f'Exchange could not give a mail of {author.address}, "{matter}": it waits in Outlook')
