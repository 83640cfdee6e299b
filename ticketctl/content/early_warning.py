"""What is said of something that comes unusually often: on the board, in the weekly mail, and in a mail of its own."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.content.terminal import line
from ticketctl.content.words import known
from ticketctl.domain.reports.measure import EarlyWarning

WORDS = {
    "en": {
        "cause": "Cause {value}",
        "label": "Label {value}",
        "category": "Category {value}",
        "pattern": "Pattern P{value}",
        "warning": "{thing}: {count} tickets in {days} days, usually {low}–{high}, since {since} ({tickets})",
        "new": "Something new: {count} tickets from {customers} customers in 7 days that resemble no known pattern "
        "({tickets})",
        "and": " and {count} more",
        "subject": "[{desk}] Unusually many: {what}",
        "head": "Unusually many tickets:",
        "foot": "You get no more mail about these until they have been in their usual range for two weeks.",
    },
    "sv": {
        "cause": "Orsak {value}",
        "label": "Etikett {value}",
        "category": "Kategori {value}",
        "pattern": "Mönster P{value}",
        "warning": "{thing}: {count} ärenden på {days} dagar, vanligt {low}–{high}, sedan {since} ({tickets})",
        "new": "Något nytt: {count} ärenden från {customers} kunder på 7 dagar som inte liknar något känt mönster "
        "({tickets})",
        "and": " och {count} till",
        "subject": "[{desk}] Ovanligt många: {what}",
        "head": "Ovanligt många ärenden:",
        "foot": "Inga fler mejl skickas om dem förrän de har varit på sin vanliga nivå i två veckor.",
    },
}


def warning_line(one: EarlyWarning, language: str) -> str:
    """ "Label vip: 14 tickets in 7 days, usually 3–8, since 2026-11-16 (#31, #35, #36)" """
    words, thing = WORDS[known(language)], one.thing
    tickets = ", ".join(f"#{number}" for number in one.tickets)
    if thing.kind == "new":
        return words["new"].format(count=one.count, customers=one.customers, tickets=tickets)
    return words["warning"].format(
        thing=words[thing.kind].format(value=line(thing.value)),
        count=one.count,
        days=one.days,
        low=one.low,
        high=one.high,
        since=one.since,
        tickets=tickets,
    )


def mail(found: Sequence[EarlyWarning], *, desk: str, language: str) -> tuple[str, str]:
    """Subject and text; it names no command, as all mail to the team."""
    words = WORDS[known(language)]
    first = found[0].thing
    what = f"#{first.value}" if first.kind == "new" else words[first.kind].format(value=line(first.value))
    more = words["and"].format(count=len(found) - 1) if len(found) > 1 else ""
    lines = [words["head"], "", *(f"- {warning_line(one, language)}" for one in found), "", words["foot"]]
    return words["subject"].format(desk=desk, what=f"{what}{more}"), "\n".join(lines) + "\n"
