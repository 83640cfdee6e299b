"""Merging and its way back as people meet it: mail that comes meanwhile, closed and merged tickets, the figures."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_fetch import Post
from tests.conftest import RULES, Office
from tests.mails import simple

HOUR = timedelta(hours=1)


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    """#1 and #2 are one person's mails about the same thing, #3 is another's."""
    post = Post(office, tmp_path / "post")
    post.fetch(simple(message_id="a@kund.example"))
    office.now += HOUR
    post.fetch(simple("Samma sak", "Har ni sett mitt mejl?", message_id="b@kund.example"))
    post.fetch(simple("Något annat", "Hej!", sender="eva@annan.example", message_id="c@annan.example"))
    office.now += HOUR
    return post


def figures(office: Office) -> dict[str, Any]:
    told = json.loads(office.say("report", "--week", "2026-W47", "--json"))
    return {key: value for key, value in told.items() if key not in ("made_at", "audit")}


def stands(office: Office, *numbers: int) -> list[object]:
    """All but the history, which only grows."""
    return [
        {name: getattr(office.get(number), name) for name in office.get(number).__struct_fields__}
        | {"events": (), "revision": 0}
        for number in numbers
    ]


def test_figures_are_those_of_one_matter_and_then_again_as_before(office: Office, post: Post) -> None:
    stood, late = stands(office, 1, 2, 3), office.now + 2 * HOUR
    office.now, now = late, office.now
    before = figures(office)
    office.now = now
    office.run("merge", 2, 3, "--into", 1)
    office.now = late
    merged = figures(office)
    assert (before["backlog"]["total"], merged["backlog"]["total"]) == (3, 1)
    assert (before["unanswered"]["count"], merged["unanswered"]["count"]) == (3, 1)
    office.now = late - HOUR
    office.run("unmerge", 3)
    office.run("unmerge", 2)
    office.now = late
    assert figures(office) == before
    assert stands(office, 1, 2, 3) == stood


def test_messages_are_in_order_of_time_and_both_are_linked(office: Office, post: Post) -> None:
    office.run("merge", 1, "--into", 2)
    target = office.get(2)
    assert [one.key for one in target.messages] == ["1.m1", "m1"]
    assert target.opened_at == office.get(1).opened_at
    assert [(link.to, link.kind) for link in target.links] == [(1, "merged")]
    assert [(link.to, link.kind) for link in office.get(1).links] == [(2, "merged")]


def test_mail_that_came_meanwhile_stays_and_is_told(office: Office, post: Post) -> None:
    office.run("merge", 2, "--into", 1)
    post.fetch(simple("Re: Samma sak", "En sak till.", In_Reply_To="<b@kund.example>"))
    post.fetch(simple("Re: Trasig kanna", "Och kannan?", In_Reply_To="<a@kund.example>"))
    told = office.say("unmerge", 2)
    assert "; m3, which answers it, stays there: `ticketctl move 1 m3 2`" in told
    assert [one.key for one in office.get(1).messages] == ["m1", "m3", "m4"]
    office.run("move", 1, "m3", 2)
    assert [one.text for one in office.get(2).messages] == ["Har ni sett mitt mejl?", "En sak till."]
    post.fetch(simple("Re: Samma sak", "Hallå?", In_Reply_To="<b@kund.example>"))
    post.fetch(simple("[#2] Samma sak", "Hör av er!"))
    assert len(office.get(2).messages) == 4


def test_a_closed_one_and_a_merged_one(office: Office, post: Post) -> None:
    office.run("close", 2, "--cause", "leverans", "--set", "category=support")
    office.run("merge", 2, "--into", 3)
    office.run("merge", 3, "--into", 1)
    post.fetch(simple("Re: Samma sak", "Och jag då?", In_Reply_To="<b@kund.example>"))
    assert len(office.get(1).messages) == 4
    assert "`ticketctl unmerge 3` first" in office.trouble("unmerge", 2, code=5)
    office.run("unmerge", 3)
    assert "closed as before" in office.say("unmerge", 2)
    two = office.get(2)
    assert (two.status, two.resolution, two.cause, len(two.messages)) == ("closed", "solved", "leverans", 1)


def test_a_merge_is_no_closing_to_the_rules(office: Office, post: Post) -> None:
    rules = "rules: [{id: bye, events: [closed, reopened], then: [{label: vip}]}]\n"
    (office.folder / "rules.yaml").write_text(RULES + rules, "utf-8")
    office.run("merge", 2, "--into", 1)
    office.run("unmerge", 2)
    assert [office.get(number).fired for number in (1, 2)] == [(), ()]
