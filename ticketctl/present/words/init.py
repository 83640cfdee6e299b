"""What `init` says."""

from __future__ import annotations

from pathlib import Path

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.upkeep.init import NewDesk

TEXTS: Texts = {
    "en": {
        "made": "{desk} is a desk now",
        "next": "Next: look at {rules} (your name and mailbox go there), then `ticketctl doctor`",
    },
}


def lines(done: NewDesk, language: str) -> list[str]:
    say = say_in(language, TEXTS)
    return [say("made", desk=done.desk), say("next", rules=Path(done.desk) / "rules.yaml")]
