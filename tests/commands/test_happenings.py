"""Rules on what people do themselves (a reply, a closing, a reopening), and what rules of mail may do besides: tell
people, link, mask. Nothing here goes round in circles."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.commands.test_escalate import outbox
from tests.conftest import RULES, Office
from ticketctl.domain.ticket.ticket import Act

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OWN = """\
rules:
  - id: promised
    events: [agent_reply]
    when: {body: {any_word: [återkommer, get back to you]}, sender: {domain: kund.example}}
    then: [{label: vip}, {wait: 2d}]
    why: vi har lovat något
  - id: thanks
    events: [closed]
    when: {channel: email, labels: {none_of: [reklamation]}}
    then: [{reply: {snippet: stangt, automatic: true}}, {note: Avslutat.}, {close: {}}]
  - id: once-more
    events: [reopened]
    then: [{set: {priority: high}}, {notify: owner}, {close: {}}]
    why: kunden är inte nöjd
"""
MAIL = """\
rules:
  - id: tell
    events: [created, customer_message]
    when: {text: {any_word: [brådskande, urgent]}}
    then: [{notify: team}, {notify: chef@example.org}]
    why: det brådskar
  - id: same-person
    events: [created]
    then: [{link: own_open}]
  - id: known-outage
    events: [created]
    when: {subject: {contains: driftstopp}}
    then: [{link: 1}, {mask: [payment_card, personnummer]}]
sources: [{name: spool, maildir: post}]
"""


def desk_with(office: Office, rules: str) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + rules, "utf-8")
    return office


@pytest.fixture
def desk(office: Office) -> Office:
    desk_with(office, OWN)
    office.make(1, assignee="bo", fields={"category": "support"})
    return office


def reply(desk: Office, *more: object, user: str = "bo", text: str = "Vi återkommer på fredag.") -> str:
    return desk.say("reply", 1, "--text", text, "--queue", *more, user=user)


def whats(desk: Office, number: int = 1) -> list[str]:
    return [event.what for event in desk.get(number).events]


def kinds(desk: Office) -> list[str]:
    with desk.store.reading() as rows:
        return [item.kind for item in rows.outbox()]


def test_a_rule_on_our_own_reply(desk: Office) -> None:
    said = reply(desk)
    assert "reply queued for åsa@kund.example; waits until Tue 2026-11-24" in said
    ticket = desk.get(1)
    assert ticket.labels == ("vip",)
    assert ticket.events[-1].why == "rule promised"
    assert [one.occasion for one in ticket.fired] == ["agent_reply m2"]


def test_a_draft_is_no_reply_and_another_text_does_not_hold(desk: Office) -> None:
    desk.say("reply", 1, "--text", "Vi återkommer.", "--draft", user="bo")
    assert desk.get(1).labels == ()
    reply(desk, text="Klart!")
    assert desk.get(1).labels == ()


def test_closing_answers_once_and_no_rule_follows_from_a_rule(desk: Office) -> None:
    desk.say("close", 1, "--cause", "leverans", user="bo")
    ticket = desk.get(1)
    assert ticket.closed
    assert kinds(desk) == ["automatic"]
    assert [one.rule for one in ticket.fired] == ["thanks"]
    assert whats(desk).count("closed") == 1
    desk.say("reopen", 1, user="bo")  # its rule closes it again, which is no event
    assert [one.rule for one in desk.get(1).fired] == ["thanks", "once-more"]
    assert desk.get(1).closed
    assert kinds(desk) == ["automatic"]  # nobody is told of what they did themselves


def test_who_had_an_automatic_answer_today_gets_no_second_and_that_is_said(desk: Office) -> None:
    desk.make(2, fields={"category": "support"})
    desk.run("close", 1, "--cause", "leverans")
    told = desk.run("close", 2, "--cause", "leverans").stderr
    assert "rule thanks on #2: stangt is not sent: the requester takes no automatic answer, or had one today" in told
    assert kinds(desk) == ["automatic"]


def test_a_reply_that_closes_is_both(desk: Office) -> None:
    reply(desk, "--close", "--cause", "leverans", text="We will get back to you.")
    assert [one.rule for one in desk.get(1).fired] == ["promised", "thanks"]
    assert sorted(kinds(desk)) == ["automatic", "reply"]


def test_the_owner_hears_that_a_colleague_reopened_it(desk: Office) -> None:
    desk.say("close", 1, "--cause", "leverans", user="bo")
    desk.say("reopen", 1, user="alice")
    notices = [mail for mail in outbox(desk) if mail[0] == ("bo@exempel.example",)]
    assert len(notices) == 1
    assert "once-more: kunden är inte nöjd" in notices[0][2]


def test_several_at_once_are_one_mail(desk: Office) -> None:
    for number in (2, 3):
        desk.make(number, assignee="bo", fields={"category": "support"})
    desk.say("close", "1-3", "--cause", "leverans", user="alice")
    desk.now += 2 * DAY
    desk.say("reopen", "1-3", user="alice")
    notices = [mail for mail in outbox(desk) if mail[0] == ("bo@exempel.example",)]
    assert len(notices) == 1
    assert "3 ärenden behöver dig: #1, #2, #3" in notices[0][1]


def test_a_dry_run_leaves_nothing(desk: Office) -> None:
    desk.say("close", 1, "--cause", "leverans", "--dry-run", user="bo")
    assert not desk.get(1).closed
    assert kinds(desk) == []
    assert not list((desk.folder / "data" / "blobs").glob("*/*"))


def test_spam_undo_and_machines_are_left_alone(desk: Office) -> None:
    desk.make(2)
    desk.say("spam", 2)
    assert desk.get(2).fired == ()
    desk.say("close", 1, "--cause", "leverans", user="bo")
    fired = desk.get(1).fired
    desk.say("undo", 1, user="bo")
    assert desk.get(1).status != "closed"
    assert desk.get(1).fired == fired


def test_a_broken_snippet_stops_nobody_from_closing(desk: Office) -> None:
    for language in ("sv", "en"):
        (desk.folder / "snippets" / language / "stangt.j2").write_text("Subject: Klart\n{{ nix }}\n", "utf-8")
    result = desk.run("close", 1, "--cause", "leverans", user="bo")
    assert "rule thanks on #1" in result.stderr
    assert desk.get(1).closed


def test_the_customers_mail_reopens(desk: Office) -> None:
    delivered(desk, message_id="<a1@kund.example>")
    desk.say("fetch", "maildir:post")
    desk.say("close", 2, "--cause", "leverans", "--set", "category=support", user="bo")
    desk.now += HOUR
    delivered(desk, subject="Re: Fråga", text="Nej, det blev inte bra alls!", answers="<a1@kund.example>")
    desk.say("fetch", "maildir:post")
    ticket = desk.get(2)
    assert [one.rule for one in ticket.fired] == ["thanks", "once-more"]
    assert ticket.priority == "high"
    assert whats(desk, 2).count("reopened") == 1


# --- mail that comes in ---


def delivered(
    office: Office,
    *,
    subject: str = "Fråga",
    text: str = "Hur gör jag?",
    sender: str = "Åsa <asa@kund.example>",
    message_id: str = "",
    answers: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    folder = office.folder / "post" / "new"
    folder.mkdir(parents=True, exist_ok=True)
    (office.folder / "post" / "cur").mkdir(exist_ok=True)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@exempel.example", subject
    if message_id:
        mail["Message-ID"] = message_id
    if answers:
        mail["In-Reply-To"] = answers
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    (folder / f"{len(list(folder.iterdir())) + 1}.{office.now.timestamp():.0f}").write_bytes(mail.as_bytes())


@pytest.fixture
def mailed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(office.folder)
    return desk_with(office, MAIL)


@pytest.fixture(autouse=True)
def _here(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.folder)


def test_a_fetch_tells_each_person_once(mailed: Office) -> None:
    for number in range(3):
        delivered(mailed, subject=f"Brådskande {number}")
    mailed.say("fetch")
    mails = outbox(mailed)
    assert [mail[0] for mail in mails] == [
        ("alice@exempel.example",),
        ("bo@exempel.example",),
        ("chef@example.org",),
    ]
    assert "3 ärenden behöver dig" in mails[0][1] and "tell: det brådskar" in mails[0][2]
    mailed.say("fetch")
    mailed.say("escalate")
    assert len(outbox(mailed)) == 3


def test_what_a_killed_fetch_did_not_tell_escalate_tells(mailed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_app: object) -> None:
        raise KeyboardInterrupt

    delivered(mailed, subject="Brådskande")
    monkeypatch.setattr("ticketctl.usecases.intake.fetch.tell_waiting", killed)
    mailed.run("fetch", code=1)
    assert outbox(mailed) == []
    mailed.say("escalate")
    assert len(outbox(mailed)) == 3
    mailed.say("escalate")
    assert len(outbox(mailed)) == 3


def test_what_comes_back_for_a_notice_tells_nobody(mailed: Office) -> None:
    delivered(mailed, subject="Brådskande")
    mailed.say("fetch")
    with mailed.store.reading() as desk:
        notice = mailed.store.blobs.get(next(iter(desk.outbox())).raw)
    (mailed.folder / "post" / "new" / "back").write_bytes(notice)  # forwarded to us again by an alias
    delivered(mailed, subject="Autosvar: brådskande", headers={"Auto-Submitted": "auto-replied"})
    delivered(mailed, subject="brådskande", sender="MAILER-DAEMON@example.org", headers={"Return-Path": "<>"})
    mailed.say("fetch")
    print([(m.machine, m.kind, m.sender) for n in (1, 2, 3, 4) for m in mailed.get(n).messages])
    assert len(outbox(mailed)) == 3


def test_links_with_the_requesters_other_tickets_of_the_same_batch_too(mailed: Office) -> None:
    mailed.make(1)
    delivered(mailed, subject="Första")
    delivered(mailed, subject="Andra")
    delivered(mailed, subject="En annan", sender="eva@annan.example")
    mailed.say("fetch")
    links = {number: sorted(link.to for link in mailed.get(number).links) for number in (2, 3, 4)}
    assert links == {2: [3], 3: [2], 4: []} or links == {2: [4], 3: [], 4: [2]} or links == {2: [], 3: [4], 4: [3]}


def test_links_with_a_known_ticket_and_masks(mailed: Office) -> None:
    mailed.make(1)
    delivered(mailed, subject="driftstopp 4111 1111 1111 1111", text="Mitt nummer är 811218-9876.")
    mailed.say("fetch")
    ticket = mailed.get(2)
    assert [link.to for link in ticket.links] == [1]
    assert [link.to for link in mailed.get(1).links] == [2]
    assert "4111 1111" not in ticket.subject and ticket.subject.endswith("1111")
    assert "811218" not in ticket.messages[0].text
    row = (mailed.folder / "data" / "desk.json").read_text("utf-8")
    assert "811218" not in row and "4111 1111" not in row
    assert "masked" in whats(mailed, 2)
    mailed.say("triage", 2)
    assert whats(mailed, 2).count("masked") == 1


def test_a_link_with_nothing_is_told_and_the_mail_is_in(mailed: Office) -> None:
    with mailed.store.transaction() as desk:
        desk.new_number()
    delivered(mailed, subject="driftstopp")
    result = mailed.run("fetch")
    assert "rule known-outage on #2: there is no ticket #1 to link with" in result.stderr
    assert mailed.get(2).subject == "driftstopp"


# --- traces ---


def test_explain_remembers_what_was_decided_and_why(mailed: Office) -> None:
    mailed.make(1)
    delivered(mailed, subject="Urgent: driftstopp")
    mailed.say("fetch")
    (mailed.folder / "rules.yaml").write_text(RULES, "utf-8")  # the rules of that time are gone
    said = mailed.say("explain", 2)
    assert "tell: fired" in said
    assert "yes text any_word brådskande, urgent: “urgent” found" in said
    shape = json.loads(mailed.say("explain", 2, "--json"))["decided"]
    assert [one["rule"] for one in shape[0]["rules"]] == ["tell", "same-person", "known-outage"]
    assert shape[0]["event"] == "created" and shape[0]["message"] == "m1"


def test_a_long_ticket_remembers_the_first_run_and_the_latest(office: Office) -> None:
    desk_with(office, OWN)
    office.make(1, fields={"category": "support"})
    for _ in range(12):
        office.now += DAY
        office.say("reply", 1, "--text", "Vi återkommer.", "--queue")
    runs = office.get(1).rule_runs
    assert len(runs) == 10
    assert runs[0].message == "m2" and runs[-1].message == "m13"


def test_what_is_anonymised_or_moved_away_remembers_nothing(mailed: Office) -> None:
    delivered(mailed, subject="Urgent", text="hemligheten", message_id="<x1@kund.example>")
    mailed.say("fetch")
    delivered(mailed, subject="Re: Urgent", text="urgent hemligheten igen", answers="<x1@kund.example>")
    mailed.say("fetch")
    assert [run.message for run in mailed.get(1).rule_runs] == ["m1", "m2"]
    mailed.say("split", 1, "m2")
    assert [run.message for run in mailed.get(1).rule_runs] == ["m1"]
    from ticketctl.domain.privacy.retention import Kept, anonymised

    assert anonymised(mailed.get(1), Act("system", mailed.now), Kept()).rule_runs == ()


def test_the_events_can_be_tested(office: Office) -> None:
    tests = """\
tests:
  - name: vi lovar
    given: {event: agent_reply, from: anna@kund.example, text: Vi återkommer i morgon.}
    expect: {labels: [vip], status: waiting, fired: [promised]}
  - name: den som är nöjd tackas
    given: {event: closed, from: anna@kund.example}
    expect: {status: closed, fired: [thanks], replies: [stangt]}
  - name: ägaren hör av den som inte är det
    given: {event: reopened}
    expect: {priority: high, status: closed, notified: [owner], fired: [once-more]}
  - name: fel
    given: {event: reopened}
    expect: {notified: [team]}
"""
    desk_with(office, OWN + tests)
    result = office.run("rules", "test", code=1)
    assert [one.split()[0] for one in result.stdout.splitlines()[:4]] == ["pass", "pass", "pass", "FAIL"]
    assert "notified: expected team, got owner" in result.stdout


def test_a_draft_on_what_is_closed_is_refused(office: Office) -> None:
    desk_with(office, "rules: [{id: a, events: [closed], then: [{reply: stangt}]}]\n")
    assert "a draft on a closed ticket cannot be sent" in office.trouble("rules", "check", code=2)
