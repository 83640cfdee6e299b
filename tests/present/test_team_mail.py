"""Mail to the team: complete in each language, and without a command in it."""

from __future__ import annotations

import re

import pytest

from ticketctl.content import escalation, outage

TABLES = {"escalation": escalation.WORDS, "outage": outage.WORDS}


@pytest.mark.parametrize("name", TABLES)
def test_each_language_says_all_of_it(name: str) -> None:
    table = TABLES[name]
    for language, words in table.items():
        assert set(words) == set(table["en"]), language
        for key, text in words.items():
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", table["en"][key])), key
            assert "ticketctl" not in text.lower()


def test_what_happened_is_said_in_one_language() -> None:
    from datetime import UTC, datetime

    from ticketctl.domain.ticket.ticket import Event

    def event(what: str) -> Event:
        return Event(at=datetime(2026, 11, 20, tzinfo=UTC), actor="bo", why="", what=what, before="", after="")

    events = [event("replied"), event("field color"), event("something new")]
    assert escalation.watched("sv", events) == (
        "du bevakar ärendet; nytt: ett svar (bo), ett fält ändrat (bo), ändrat (bo)"
    )
    assert escalation.watched("en", events[:1]) == "you watch this ticket; new: replied (bo)"
