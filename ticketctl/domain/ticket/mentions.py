"""Colleagues named in a note: "@bo, kan du titta?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

MENTIONED = "mentioned"  # an event: `before` is the note's key, `after` the agent
EVERYBODY = "team"
_NAMED = re.compile(r"(?<![\w.@/+-])@(\w[\w.-]{0,60})")


class Mentions(msgspec.Struct, frozen=True):
    """Agents as they are written in rules.yaml, each once, and words behind an @ that are nobody's name."""

    agents: tuple[str, ...]
    unknown: tuple[str, ...]


def mentions(text: str, team: Iterable[str]) -> Mentions:
    """Whom the text names, whatever the case; `@team` names all. An address (bo@example.se) names nobody."""
    names = list(team)
    folded = {name.casefold(): [name] for name in names} | {EVERYBODY: names}
    agents: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for word in _NAMED.findall(text):
        meant = folded.get(word.casefold()) or folded.get(word.rstrip(".-").casefold())
        agents.update(dict.fromkeys(meant or ()))
        unknown.update({} if meant else {word.rstrip(".-"): None})
    return Mentions(tuple(agents), tuple(unknown))
