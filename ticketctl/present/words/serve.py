"""What `serve` prints: where the pages are, and what is missing for them to be of use."""

from __future__ import annotations

from ticketctl.domain.config import ChatSource, Config, FormSource
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "serving": "Serving {address}; Ctrl-C stops it",
        "listening": "Serving {address} (listening on {at}); Ctrl-C stops it",
        "form": "  form {name}: {url}",
        "chat": "  chat {name}: {url}",
        "no_door": "  no form and no chat: add one to `sources:` of rules.yaml (docs/web.md)",
        "team": "  team: {url}",
        "nobody": "  team: nobody can log in yet; `ticketctl user add NAME` gives a password",
    },
    "sv": {
        "serving": "Visar {address}; Ctrl-C avslutar",
        "listening": "Visar {address} (lyssnar på {at}); Ctrl-C avslutar",
        "form": "  formulär {name}: {url}",
        "chat": "  chatt {name}: {url}",
        "no_door": "  varken formulär eller chatt: lägg till i `sources:` i rules.yaml (docs/web.md)",
        "team": "  teamet: {url}",
        "nobody": "  teamet: ingen kan logga in än; `ticketctl user add NAMN` ger ett lösenord",
    },
}


def lines(config: Config, at: str, accounts: int, language: str) -> list[str]:
    """Forms and chats that are open; `at` is where it listens ("127.0.0.1:8080"), `accounts` how many of the team
    can log in."""
    say = say_in(language, TEXTS)
    address = (config.web.address or f"http://{at}").rstrip("/")
    doors = []
    for one in config.web_sources:
        kind = "form" if isinstance(one, FormSource) else "chat" if isinstance(one, ChatSource) else ""
        if kind and one.open:
            doors.append(say(kind, name=one.name, url=f"{address}/{kind}/{one.name}"))
    return [
        say("listening" if config.web.address else "serving", address=f"{address}/", at=f"http://{at}"),
        *(doors or [say("no_door")]),
        say("team", url=f"{address}/login") if accounts else say("nobody"),
    ]
