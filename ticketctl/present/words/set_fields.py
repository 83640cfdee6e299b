"""What `set` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "set": "{name}: {value}",
        "changed": "{name}: {value} (was {before})",
        "removed": "{name} removed (was {before})",
        "subject": "subject: {value}",
        "already": "has that already",
    },
    "sv": {
        "set": "{name}: {value}",
        "changed": "{name}: {value} (förut {before})",
        "removed": "{name} borttaget (förut {before})",
        "subject": "ämne: {value}",
        "already": "har det redan",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say, before, after = say_in(language, TEXTS), done.value.before, done.value.after
    names = [name for name in {**before.fields, **after.fields} if before.fields.get(name) != after.fields.get(name)]
    parts = [_field(say, name, before.fields.get(name, ""), after.fields.get(name, "")) for name in names]
    parts += [say("subject", value=one_line(after.subject))] if before.subject != after.subject else []
    return f"#{done.number} {', '.join(parts) or say('already')}"


def _field(say: Say, name: str, before: str, after: str) -> str:
    key = "removed" if not after else "changed" if before else "set"
    return say(key, name=name, value=after, before=before)
