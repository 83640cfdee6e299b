"""What `undo` says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import local
from ticketctl.present.undone import now_true
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words import unmerge as unmerge_words
from ticketctl.present.words.errors import error_line
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.undo import OldCommand, Undone

TEXTS: Texts = {
    "en": {
        "merged_back": "#{number} undone: #{place} is merged back, with {message}",
        "moved_back": "#{number} undone: {message} is back from #{place}, as {there}",
        "but": "; but {kept}",
        "away": "; {agent} is away, {stand_in} stands in",
        "away_alone": "; {agent} is away, and nobody stands in",
        "old": "#{number}: your `{name}` was {at}",
        "nameless": "the last command",
        "take_back": "{commands}. Take it back?",
        "no": "nothing was changed",
    },
}


def line(done: Done[Undone], language: str, *, zone: tzinfo) -> str:
    say, undone = say_in(language, TEXTS), done.value
    if undone.unmerged is not None:
        return unmerge_words.line(Done(done.number, undone.unmerged), language)
    if undone.moved is not None:
        moved = undone.moved
        key = "moved_back" if moved.key else "merged_back"
        return say(key, number=done.number, place=moved.place, message=moved.message, there=moved.key)
    said = now_true(undone.before, undone.after, zone)
    if undone.kept:
        kept = [error_line(one, language).removeprefix(f"#{done.number}: ") for one in undone.kept]
        said += say("but", kept=safe_line("; ".join(kept)))
    if undone.stand_in is not None:
        said += say("away" if undone.stand_in else "away_alone", agent=undone.after.assignee, stand_in=undone.stand_in)
    return said


def old_line(old: Sequence[OldCommand], language: str, zone: tzinfo) -> str:
    say = say_in(language, TEXTS)
    named = [(one, safe_line(one.name) or say("nameless")) for one in old]
    return "; ".join(say("old", number=one.number, name=name, at=local(one.at, zone)) for one, name in named)
