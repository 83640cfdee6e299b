"""What `backup` and `restore` say."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Objection
from ticketctl.usecases.upkeep.backup import BackedUp
from ticketctl.usecases.upkeep.restore import Restored

TEXTS: Texts = {
    "en": {
        "made": "{file}: {tickets:,} tickets, {archived:,} archived, {blobs:,} stored mails and files, {size}",
        "removed": "deleted {count} older: {names}",
        "restored": "{desk}: {tickets:,} tickets, {archived:,} archived, as of {made:%Y-%m-%d %H:%M} UTC",
        "next": "Nothing is fetched or sent yet. Check the desk, then run `ticketctl --desk {desk} doctor --resume`",
        "erasures_unknown": "It is not known who was erased since this backup was made ({folder} is missing). Restore?",
    },
    "sv": {
        "made": "{file}: {tickets:,} ärenden, {archived:,} arkiverade, {blobs:,} sparade mejl och filer, {size}",
        "removed": "{count} äldre togs bort: {names}",
        "restored": "{desk}: {tickets:,} ärenden, {archived:,} arkiverade, från {made:%Y-%m-%d %H:%M} UTC",
        "next": "Inget hämtas eller skickas än. Kontrollera ärendena, kör sedan `ticketctl --desk {desk} doctor "
        "--resume`",
        "erasures_unknown": "Det är okänt vilka som har raderats sedan kopian gjordes ({folder} saknas). Återställa?",
    },
}
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def backup_lines(done: BackedUp, language: str) -> list[str]:
    say, found = say_in(language, TEXTS), done.manifest
    counts = {"tickets": found.tickets, "archived": found.archived, "blobs": found.blobs}
    lines = [say("made", file=done.file, size=_size(found.size), **counts)]
    if done.removed:
        lines.append(say("removed", count=len(done.removed), names=", ".join(done.removed[:3])))
    return lines


def backup_json(done: BackedUp) -> dict[str, object]:
    found = done.manifest
    return {
        "file": done.file,
        "made_at": found.made_at.isoformat(),
        "tickets": found.tickets,
        "archived": found.archived,
        "blobs": found.blobs,
        "bytes": found.size,
        "removed": list(done.removed),
    }


def restored_lines(done: Restored, language: str) -> list[str]:
    say, found = say_in(language, TEXTS), done.manifest
    counts = {"tickets": found.tickets, "archived": found.archived}
    return [say("restored", desk=done.desk, made=found.made_at, **counts), say("next", desk=done.desk)]


def restored_json(done: Restored) -> dict[str, object]:
    found = done.manifest
    return {
        "desk": done.desk,
        "made_at": found.made_at.isoformat(),
        "tickets": found.tickets,
        "archived": found.archived,
    }


def question(objection: Objection, language: str) -> str:
    return say_in(language, TEXTS)(objection.code, **objection.facts)


def _size(count: int) -> str:
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"
