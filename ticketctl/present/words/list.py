"""What `list` and `search` say."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.terms import figure

TEXTS: Texts = {
    "en": {
        # columns
        "prio": "prio",
        "status": "status",
        "due": "due",
        "owner": "owner",
        "requester": "requester",
        "subject": "subject",
        "age": "age",
        "promised": "{due} p",
        "wakes": "wakes {when}",
        "awake": "awake",
        "writing": "{agent} is writing: {subject}",
        # what is left out
        "more": "… and {count} more of {whole}{overdue}",
        "how": "`list --limit {whole}` shows all; `--mine`, `--overdue`, `--search` fewer",
        "hidden_overdue": ", {count} of them overdue",
        "overdue_above": "; all {count} overdue are above",
        "one_overdue_above": "; the one that is overdue is above",
        # nothing found
        "nothing_with_words": "No ticket has all of these words, closed and archived ones among them. "
        "Fewer words find more.",
        "nothing_open_with_words": "No open ticket has all of these words. "
        "`ticketctl search WORDS` looks at closed and archived ones too.",
        "nothing_like_that": "No ticket is like that. `ticketctl list --all` shows closed and archived ones too.",
        "nothing_at_all": "No ticket is like that, closed and archived ones among them.",
        "nothing_open": "Nothing is open. `ticketctl fetch` looks for new mail, `list --all` shows closed tickets too.",
        # what the command line cannot mean
        "waiting_and_status": "--waiting is --status waiting; give one of them",
        "one_owner": "give one of --mine, --unassigned and --owner",
        "field": "--field {word!r}: write NAME=VALUE, as in --field category=betalning",
    },
    "sv": {
        "prio": "prio",
        "status": "status",
        "due": "frist",
        "owner": "ansvarig",
        "requester": "kund",
        "subject": "ämne",
        "age": "ålder",
        "promised": "lovat {due}",
        "wakes": "väcks {when}",
        "awake": "väckt",
        "writing": "{agent} skriver: {subject}",
        "more": "… och {count} till av {whole}{overdue}",
        "how": "`list --limit {whole}` visar alla; `--mine`, `--overdue`, `--search` färre",
        "hidden_overdue": ", {count} av dem försenade",
        "overdue_above": "; alla {count} försenade står ovan",
        "one_overdue_above": "; det försenade står ovan",
        "nothing_with_words": "Inget ärende har alla de orden, inte heller bland stängda och arkiverade. "
        "Färre ord hittar fler.",
        "nothing_open_with_words": "Inget öppet ärende har alla de orden. "
        "`ticketctl search ORD` söker även bland stängda och arkiverade.",
        "nothing_like_that": "Inget sådant ärende. `ticketctl list --all` visar även stängda och arkiverade.",
        "nothing_at_all": "Inget sådant ärende, inte heller bland stängda och arkiverade.",
        "nothing_open": "Inget är öppet. `ticketctl fetch` hämtar ny post, `list --all` visar även stängda ärenden.",
        "waiting_and_status": "--waiting är detsamma som --status waiting; ange en av dem",
        "one_owner": "ange bara en av --mine, --unassigned och --owner",
        "field": "--field {word!r}: skriv NAMN=VÄRDE, till exempel --field category=betalning",
    },
}


def more_lines(shown: int, whole: int, late: int, hidden: int, language: str) -> tuple[str, str]:
    """What is not shown, and how to see it; `hidden` of the `late` tickets are not shown."""
    say = say_in(language, TEXTS)
    overdue = ""
    if hidden:
        overdue = say("hidden_overdue", count=figure(hidden, language))
    elif late:
        overdue = say("one_overdue_above" if late == 1 else "overdue_above", count=figure(late, language))
    return say("more", count=whole - shown, whole=whole, overdue=overdue), say("how", whole=whole)


def nothing_line(language: str, *, narrowed: bool, searched: bool, everything: bool) -> str:
    """Why the list is empty, and where else to look."""
    key = "nothing_open"
    if searched:
        key = "nothing_with_words" if everything else "nothing_open_with_words"
    elif narrowed:
        key = "nothing_at_all" if everything else "nothing_like_that"
    return say_in(language, TEXTS)(key)
