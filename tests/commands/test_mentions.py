"""Notes that name a colleague, and tickets that are watched: in the inbox, and in one mail a run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.commands.test_escalate import outbox
from tests.conftest import RULES, Office
from ticketctl.domain.ticket.mentions import mentions
from ticketctl.domain.ticket.ticket import Act

TEAM = ["alice", "bo", "Åsa-Lena"]
AWAY = ("bo@exempel.example}", "bo@exempel.example, away: [{from: 2026-11-20, to: 2026-11-23, deputy: alice}]}")


@pytest.fixture
def desk(office: Office) -> Office:
    rules = RULES.partition("targets:")[0]  # no promises run out here
    (office.folder / "rules.yaml").write_text(rules, "utf-8")
    office.make(1, assignee="alice", status="open")
    return office


@pytest.mark.parametrize(
    ("text", "agents", "unknown"),
    [
        ("@bo, kan du titta?", ["bo"], []),
        ("Fråga @BO. Eller @alice!", ["bo", "alice"], []),
        ("(@bo) @bo", ["bo"], []),
        ("@åsa-lena ser på det", ["Åsa-Lena"], []),
        ("@team", TEAM, []),
        ("skriv till bo@example.se eller x@bo.example", [], []),
        ("@bob", [], ["bob"]),
        ("@ bo @", [], []),
        ("https://social.example/@bo", [], []),
    ],
)
def test_whom_a_text_names(text: str, agents: list[str], unknown: list[str]) -> None:
    found = mentions(text, TEAM)
    assert (list(found.agents), list(found.unknown)) == (agents, unknown)


def test_a_note_that_names_somebody_is_in_their_inbox_once(desk: Office) -> None:
    assert "(bo will see it)" in desk.say("note", 1, "@bo, kan du titta?")
    desk.say("note", 1, "Utan namn.")
    told = desk.say("inbox", user="bo")
    assert "alice named you in a note: “@bo, kan du titta?”" in told and "Utan namn" not in told
    assert "Nothing new" in desk.say("inbox", user="bo")
    assert "mentioned" not in desk.say("inbox", user="alice")
    desk.say("note", 1, "@bo igen")
    assert "@bo igen" in desk.say("inbox", user="bo")


def test_it_comes_by_mail_with_the_next_escalate_one_mail_for_all(desk: Office) -> None:
    desk.make(2)
    desk.say("note", 1, 2, "@bo och @alice: samma fel")
    desk.say("note", 1, "@bo en gång till")
    assert desk.say("escalate", "--dry-run").startswith("would: #1: notify bo, who was named in a note or watches it\n")
    desk.say("escalate")
    ((recipients, subject, text),) = outbox(desk)
    assert recipients == ("bo@exempel.example",)
    assert subject == "[Exempel AB] 2 ärenden behöver dig: #1, #2"
    assert "alice nämner dig: ”@bo en gång till”" in text and text.count("samma fel") == 2
    desk.say("escalate")
    assert len(outbox(desk)) == 1


def test_who_is_away_has_a_stand_in_who_is_told(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(*AWAY), "utf-8")
    desk.make(2)
    desk.say("note", 2, "@bo, kan du titta?", user="vera", code=5)  # a viewer writes no notes
    assert "(bo, alice will see it)" in desk.say("note", 2, "@bo, kan du titta?", user="system")
    assert "@bo, kan du titta?" in desk.say("inbox")
    desk.say("escalate")
    assert [recipients for recipients, _, _ in outbox(desk)] == [("alice@exempel.example",)]


def test_a_name_that_nobody_has_is_told_and_the_note_kept(desk: Office) -> None:
    done = desk.run("note", 1, "@alcie, titta")
    assert "nobody in team: is called @alcie; did you mean 'alice'?; nobody was notified" in done.stderr
    assert desk.get(1).messages[-1].text == "@alcie, titta"


def test_what_was_merged_or_purged_meanwhile(desk: Office) -> None:
    desk.make(2)
    desk.make(3)
    desk.say("note", 2, 3, "@bo, titta")
    desk.say("merge", 2, "--into", 1)
    with desk.store.transaction() as unit:
        unit.delete(3)
    desk.say("escalate")
    ((_, subject, text),) = outbox(desk)
    assert "#1" in subject and "@bo, titta" in text


def test_what_is_watched_is_in_the_inbox_from_then_on(desk: Office) -> None:
    desk.say("label", 1, "vip")
    assert desk.say("watch", 1, user="bo") == "#1 is watched by bo\n"
    assert "Watched by bo" in desk.say("show", 1)
    assert "Nothing new" in desk.say("inbox", user="bo")
    desk.say("label", 1, "drift")
    assert "alice added the label drift" in desk.say("inbox", user="bo")
    assert desk.say("unwatch", 1, user="bo") == "#1 is no longer watched by bo\n"
    desk.say("inbox", user="bo")
    desk.say("label", 1, "reklamation")
    assert "Nothing new" in desk.say("inbox", user="bo")
    assert "watched" not in desk.say("inbox", user="alice")


def test_a_viewer_may_watch_and_cron_may_not(desk: Office) -> None:
    desk.say("watch", 1, user="vera")
    assert "system has no inbox" in desk.trouble("watch", 1, user="system", code=5)
    desk.trouble("watch", 9, code=4)


def test_watching_by_mail(desk: Office) -> None:
    desk.say("watch", 1, "--mail", user="bo")
    desk.say("escalate")
    assert outbox(desk) == []
    desk.now += timedelta(hours=1)
    desk.change(1, lambda ticket: ticket.label(Act("alice", desk.now), "vip"))
    desk.say("escalate")
    ((recipients, _, text),) = outbox(desk)
    assert recipients == ("bo@exempel.example",) and "du bevakar ärendet; nytt: ny etikett (alice)" in text
    desk.say("escalate")
    desk.say("unwatch", 1, user="bo")
    desk.say("label", 1, "drift")
    desk.say("escalate")
    assert len(outbox(desk)) == 1


def test_a_merge_takes_the_watchers_along(desk: Office) -> None:
    desk.make(2)
    desk.say("watch", 2, "--mail", user="bo")
    desk.say("merge", 2, "--into", 1)
    assert desk.get(1).watchers == ("bo",)
    desk.say("escalate")
    desk.say("label", 1, "vip")
    desk.say("escalate")
    assert any("#1" in text and "ny etikett (alice)" in text for _, _, text in outbox(desk))


def test_without_outgoing_mail_there_is_the_inbox(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    kept = [line for line in rules.read_text("utf-8").splitlines() if not line.startswith("outgoing")]
    rules.write_text("\n".join(kept) + "\n", "utf-8")
    desk.say("note", 1, "@bo, titta")
    desk.trouble("watch", 1, "--mail", code=2)
    assert desk.say("escalate") == "Nothing is due.\n"
    assert "@bo, titta" in desk.say("inbox", user="bo")
