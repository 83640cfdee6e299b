"""What `import` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ticketctl.content.terminal import line
from ticketctl.content.words import STATUS, known
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.import_tickets import Imported

SHOWN = 10
TEXTS: Texts = {
    "en": {
        "came": "imported tickets: {count:,}; here already: {known:,}",
        "would": "tickets to import: {count:,}; here already: {known:,}",
        "statuses": "status: {counts}",
        "years": "opened: {counts}",
        "owners": "owner: {counts}",
        "unassigned": "unassigned",
        "nobody": "owners who are not agents here (their tickets are unassigned): {counts}; "
        "--person NAME=AGENT says who they are",
        "renumbered": "another number here: {count:,} ({some})",
        "number": "{there} is #{here}",
        "missing": "missing files, only named on the ticket: {count:,} ({some})",
        "unknown_sender": "without a customer's address: {count:,} ({some})",
        "more": ", …",
    },
    "sv": {
        "came": "importerade ärenden: {count:,}; fanns redan: {known:,}",
        "would": "ärenden att importera: {count:,}; finns redan: {known:,}",
        "statuses": "status: {counts}",
        "years": "öppnade: {counts}",
        "owners": "ansvarig: {counts}",
        "unassigned": "utan ansvarig",
        "nobody": "ansvariga som inte är handläggare här (deras ärenden saknar ansvarig): {counts}; "
        "--person NAMN=HANDLÄGGARE säger vilka de är",
        "renumbered": "annat nummer här: {count:,} ({some})",
        "number": "{there} är #{here}",
        "missing": "saknade filer, bara nämnda i ärendet: {count:,} ({some})",
        "unknown_sender": "utan kundadress: {count:,} ({some})",
        "more": ", …",
    },
}


def import_lines(done: Imported, language: str, *, dry_run: bool) -> Iterator[str]:
    say = say_in(language, TEXTS)
    yield say("would" if dry_run else "came", count=done.tickets, known=done.known)

    def counted(counts: Counter[str]) -> str:
        found = [f"{line(name) or say('unassigned')} {count:,}" for name, count in sorted(counts.items())]
        return _some(found, say("more"))

    if done.tickets:
        words = STATUS[known(language)]
        yield say("statuses", counts=counted(Counter({words[one]: count for one, count in done.statuses.items()})))
        yield say("years", counts=counted(Counter({str(year): count for year, count in done.years.items()})))
        yield say("owners", counts=counted(done.owners))
    if done.nobody:
        yield say("nobody", counts=counted(done.nobody))
    if done.renumbered:
        numbers = [say("number", there=line(there), here=here) for there, here in done.renumbered.items()]
        yield say("renumbered", count=len(numbers), some=_some(numbers, say("more")))
    if done.missing:
        yield say("missing", count=len(done.missing), some=_some(list(map(line, done.missing)), say("more")))
    if done.unknown_sender:
        names = list(map(line, done.unknown_sender))
        yield say("unknown_sender", count=len(names), some=_some(names, say("more")))


def _some(names: list[str], more: str) -> str:
    return ", ".join(names[:SHOWN]) + (more if len(names) > SHOWN else "")


def import_json(done: Imported, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "tickets": done.tickets,
        "known": done.known,
        "statuses": dict(done.statuses),
        "years": {str(year): count for year, count in done.years.items()},
        "owners": dict(done.owners),
        "nobody": dict(done.nobody),
        "renumbered": done.renumbered,
        "missing": done.missing,
        "unknown_sender": done.unknown_sender,
    }
