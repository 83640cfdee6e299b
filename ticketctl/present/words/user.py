"""What `user` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from ticketctl.content.terminal import line
from ticketctl.content.times import local, short
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.users.accounts import User
from ticketctl.usecases.users.sessions import Place

TEXTS: Texts = {
    "en": {
        "password": "Password of {name} (at least 12 characters)",
        "again": "Once more",
        "added": "{name} can log in",
        "changed": "{name} has another password, and is logged out everywhere",
        "removed": "{name} cannot log in any more",
        "nobody": "nobody can log in; `ticketctl user add NAME` gives an agent a password",
        "user": "{name} ({role}), since {since}, {second}, logged in at {sessions}",
        "left_team": "{name}, not in team: of rules.yaml any more",
        "one_place": "1 place",
        "places": "{count} places",
        "second": "with a code",
        "no_second": "without a code",
        "nowhere": "{name} is logged in nowhere",
        "session": "{id}  {browser}, since {since}, last seen {seen}",
        "some_browser": "a browser",
        "ended": "{count} ended",
    },
    "sv": {
        "password": "Lösenord för {name} (minst 12 tecken)",
        "again": "En gång till",
        "added": "{name} kan logga in",
        "changed": "{name} har ett nytt lösenord och är utloggad överallt",
        "removed": "{name} kan inte logga in längre",
        "nobody": "ingen kan logga in; `ticketctl user add NAMN` ger en kollega ett lösenord",
        "user": "{name} ({role}), sedan {since}, {second}, inloggad på {sessions}",
        "left_team": "{name}, finns inte längre i team: i rules.yaml",
        "one_place": "1 ställe",
        "places": "{count} ställen",
        "second": "med kod",
        "no_second": "utan kod",
        "nowhere": "{name} är inte inloggad någonstans",
        "session": "{id}  {browser}, sedan {since}, senast sedd {seen}",
        "some_browser": "en webbläsare",
        "ended": "{count} avslutade",
    },
}


def user_lines(found: Sequence[User], where: tzinfo, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found:
        yield say("nobody")
    for one in found:
        if not one.of_team:
            yield say("left_team", name=line(one.name))
            continue
        places = say("one_place") if one.sessions == 1 else say("places", count=one.sessions)
        yield say(
            "user",
            name=one.name,
            role=one.role,
            since=local(one.since, where, language),
            second=say("second" if one.second_step else "no_second"),
            sessions=places,
        )


def session_lines(found: Sequence[Place], name: str, now: datetime, where: tzinfo, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found:
        yield say("nowhere", name=line(name))
    for one in found:
        since, seen = (short(at, now, where, language) for at in (one.session.since, one.session.seen))
        browser = line(browser_name(one.session.browser)) or say("some_browser")
        yield say("session", id=one.id, browser=browser, since=since, seen=seen)


def browser_name(agent: str) -> str:
    """ "Firefox, Windows" of what a browser calls itself."""
    programs = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )  # fmt: skip
    found = [next((name for word, name in table if word in agent), "") for table in (programs, systems)]
    return ", ".join(filter(None, found))


def user_json(one: User) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "since": one.since.isoformat(),
        "second_step": one.second_step,
        "sessions": one.sessions,
        "in_team": one.of_team,
    }


def session_json(one: Place) -> dict[str, Any]:
    found = one.session
    return {
        "id": one.id,
        "browser": found.browser,
        "since": found.since.isoformat(),
        "seen": found.seen.isoformat(),
    }
