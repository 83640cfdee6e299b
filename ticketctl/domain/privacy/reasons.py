"""Why somebody reads what customers wrote: when a reason is asked for, and that it names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ticketctl.errors import Usage

# Kinds of reading, each with the actions of the audit log that it covers: their first word.
READINGS = ("show", "attachments", "export", "quarantine", "drafts", "inbox", "explain", "triage", "reply", "person")
LONGEST = 200  # characters
_ADDRESS = re.compile(r"\S@\S|\b(?:https?|www)\b")
_DATE = re.compile(r"\b20[2-9]\d-\d\d-\d\d\b")
_NUMBER = re.compile(r"\d(?:[ ./+-]?\d){4,}")  # of five digits and more: telephone, order, identity number


def must_be_impersonal(reason: str, names: Iterable[str] = ()) -> None:
    """The audit log outlives whom it is about. Raises Usage where the reason holds an address, a long number, or a word
    of one of these names, written with a capital as names are."""
    if len(reason) > LONGEST or "\n" in reason:
        raise Usage("a reason is one line of at most {most} characters", code="reason_too_long", most=LONGEST)
    if _ADDRESS.search(reason) or _NUMBER.search(_DATE.sub("", reason)):
        raise Usage(
            "the reason contains an address or a number; the audit log keeps it for long, so leave it out",
            code="reason_names_somebody",
        )
    words = set(re.findall(r"\w+", reason))
    if any(len(word) > 2 and word[:1].isupper() and word in words for name in names for word in name.split()):
        raise Usage(
            "the reason contains a name; the audit log keeps it for long, so leave it out",
            code="reason_holds_a_name",
        )
