"""Notices to phones and team chats: numbers of tickets and names of sources, and nothing that a customer wrote or is
called, since they pass through somebody else's service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ticketctl.content.terminal import line
from ticketctl.content.words import known

MOST = 10  # tickets that are named
WORDS = {
    "sv": {
        "escalation": "Tidsgräns passerad eller nära: {what}",
        "high": "Nytt med hög prioritet: {what}",
        "chat": "Väntar i chatten: {what}",
        "source_down": "Hämtas inte: {what}",
        "source_up": "Hämtas igen: {what}",
        "weekly": "{what}",
        "more": "{what} och {count} till",
    },
    "en": {
        "escalation": "A deadline passed or is near: {what}",
        "high": "New with high priority: {what}",
        "chat": "Waiting in the chat: {what}",
        "source_down": "Not fetched: {what}",
        "source_up": "Fetched again: {what}",
        "weekly": "{what}",
        "more": "{what} and {count} more",
    },
}


def push(desk: str, happened: Mapping[str, Sequence[str]], language: str, site: str = "") -> tuple[str, str]:
    """(title, text): a line for each key of WORDS that `happened` has, with what; `site` below."""
    words = WORDS[known(language)]
    lines = [words[what].format(what=_named(things, words)) for what, things in happened.items() if things]
    return line(desk), "\n".join([*map(line, lines), *([site] if site else [])])


def _named(things: Sequence[str], words: Mapping[str, str]) -> str:
    shown = ", ".join(things[:MOST])
    return words["more"].format(what=shown, count=len(things) - MOST) if len(things) > MOST else shown
