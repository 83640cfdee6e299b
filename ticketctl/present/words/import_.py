"""What `import` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ticketctl.content.terminal import line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.import_tickets import Imported

SHOWN = 10
TEXTS: Texts = {
    "en": {
        "came": "{count:,} tickets imported, {known:,} were here already",
        "would": "{count:,} tickets would be imported, {known:,} are here already",
        "statuses": "status: {counts}",
        "years": "opened: {counts}",
        "owners": "owner: {counts}",
        "unassigned": "unassigned",
        "nobody": "owners whom nobody here is, so their tickets are unassigned: {counts}; --person NAME=AGENT says who",
        "renumbered": "{count:,} have another number here: {some}",
        "number": "{there} is #{here}",
        "missing": "{count:,} files are missing and only named in the ticket: {some}",
        "unknown_sender": "{count:,} tickets name no customer's address: {some}",
        "more": ", …",
    },
    "sv": {
        "came": "{count:,} ärenden importerades, {known:,} fanns redan",
        "would": "{count:,} ärenden skulle importeras, {known:,} finns redan",
        "statuses": "status: {counts}",
        "years": "öppnade: {counts}",
        "owners": "ansvarig: {counts}",
        "unassigned": "utan ansvarig",
        "nobody": "ansvariga som ingen här är, så deras ärenden saknar ansvarig: {counts}; --person NAMN=HANDLÄGGARE "
        "säger vem",
        "renumbered": "{count:,} har ett annat nummer här: {some}",
        "number": "{there} är #{here}",
        "missing": "{count:,} filer saknas och nämns bara i ärendet: {some}",
        "unknown_sender": "{count:,} ärenden nämner ingen kundadress: {some}",
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
        yield say("statuses", counts=counted(done.statuses))
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
