"""`privacy check`, `privacy record`, `privacy breach`: thirteen rows with evidence from the desk, drafts filled from
rules.yaml and the log, in both languages."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Attachment, Person

GOOD = """\
privacy:
  mask: [payment_card, personnummer]
  responsible: Lampor AB
  contact: data@lampor.se
  breach_contact: alice
  audit_keep: 12 months
  processors: [{name: Brevhuset, does: e-post, country: SE, contract: true}]
  tested: {restore: 2026-10-01, erasure: 2026-10-02}
  retention: [{when: {status: closed, closed_for: 24 months}, then: anonymise}, {raw_mail: 90 days}]
"""
THEN = "then: [{label: vip}, {promise: calendar 30d}]"
CLOCK = f"rules: [{{id: begaran, events: [created], when: {{text: {{any_word: [gdpr]}}}}, {THEN}}}]\n"


def rows(office: Office, rules: str, *more: str) -> dict[int, dict]:
    (office.folder / "rules.yaml").write_text(rules, "utf-8")
    answered = office.say("--json", "privacy", "check", *(more or ("--offline",)))
    return {one["row"]: one for one in json.loads(answered)}


def test_there_are_thirteen_rows_and_what_to_do_where_it_is_not_well(office: Office) -> None:
    found = rows(office, RULES)
    assert list(found) == list(range(1, 14))
    for one in found.values():
        assert one["evidence"] and bool(one["to_do"]) == (one["answer"] != "yes")
    assert {number for number, one in found.items() if one["answer"] == "yes"} == {7}  # which every desk can do


def test_what_the_desk_has_is_yes(office: Office) -> None:
    found = rows(office, RULES + GOOD + CLOCK)
    yes = {number for number, one in found.items() if one["answer"] == "yes"}
    assert {1, 3, 6, 10, 11, 12, 13} <= yes
    assert "Lampor AB" in found[1]["evidence"][0] and "begaran" in found[6]["evidence"][0]
    assert found[4]["answer"] == "unknown"  # what notes say only a person can judge


@pytest.mark.parametrize(
    ("row", "take_out", "said"),
    [
        (1, "  responsible: Lampor AB\n", "not in rules.yaml: responsible"),
        (3, "  mask: [payment_card, personnummer]\n", "nothing is masked"),
        (6, CLOCK, "no rule recognises requests"),
        (10, "  audit_keep: 12 months\n", "never deleted"),
        (11, "  breach_contact: alice\n", "no contact for breaches"),
        (12, ", contract: true", "no contract noted: Brevhuset"),
        (13, "restore: 2026-10-01, ", "no restore was tested"),
    ],
)
def test_what_it_lacks_is_no(office: Office, row: int, take_out: str, said: str) -> None:
    whole = RULES + GOOD + CLOCK
    assert take_out in whole
    found = rows(office, whole.replace(take_out, ""))[row]
    assert found["answer"] == "no" and said in " ".join(found["evidence"])


def test_tickets_past_their_time_are_counted_and_those_that_are_held_apart(office: Office) -> None:
    for _ in range(3):
        office.make(fields={"category": "support"})
    for number in (1, 2):
        office.run("close", number, "--cause", "leverans")
    office.run("hold", 2, 3, "--reason", "tvist")  # 3 is open: nothing of it is past its time
    office.now += timedelta(days=3 * 365)
    (evidence,) = [one for one in rows(office, RULES + GOOD)[9]["evidence"] if "purged now" in one]
    assert evidence == "tickets to be purged now: 1; kept past their time by a legal hold or a restriction: 1"


def test_a_restore_is_not_tried_in_the_future(office: Office) -> None:
    assert rows(office, RULES + GOOD.replace("2026-10-01", "2096-10-01"))[13]["answer"] == "no"


def test_a_tried_restore_grows_old(office: Office) -> None:
    assert rows(office, RULES + GOOD.replace("2026-10-01", "2025-10-01"))[13]["answer"] == "no"


def maildir(folder: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    letter = "From: k@kund.example\nDate: Mon, 02 Mar 2026 10:00:00 +0100\nSubject: x\n\nHej\n"
    path = folder / "new" / "1772442000.1.x"
    path.write_text(letter, "utf-8")
    os.utime(path, (1772442000, 1772442000))


@pytest.mark.parametrize(
    ("then", "answer", "said"), [("leave", "no", "stays in the mailbox"), ("delete", "no", "deleted")]
)
def test_what_happens_to_mail_on_the_server_and_the_oldest_there(
    office: Office, then: str, answer: str, said: str
) -> None:
    maildir(office.folder / "spool")
    source = f"sources: [{{name: spool, maildir: {office.folder / 'spool'}, then: {then}}}]\n"
    found = rows_online(office, RULES + source + GOOD)
    evidence = " ".join(found[2]["evidence"])
    assert found[2]["answer"] == answer and said in evidence and "mails older than 30 days on the server: 1" in evidence
    offline = rows(office, RULES + source + GOOD)[2]
    assert "not asked" in " ".join(offline["evidence"])


def rows_online(office: Office, rules: str) -> dict[int, dict]:
    (office.folder / "rules.yaml").write_text(rules, "utf-8")
    return {one["row"]: one for one in json.loads(office.say("--json", "privacy", "check"))}


def test_a_late_request_is_told_with_its_number(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + CLOCK, "utf-8")
    office.run("fetch", "-", stdin="From: k@kund.example\nTo: s@exempel.example\nSubject: gdpr\n\nHej, gdpr\n")
    office.now += timedelta(days=31)
    found = rows(office, RULES + GOOD + CLOCK)[6]
    assert found["answer"] == "no" and "overdue: #1" in found["evidence"]


@pytest.mark.parametrize(
    ("language", "said", "never"),
    [("sv", "ingen juridisk rådgivning", ("legal advice", "to do", "yes")), ("en", "not legal advice", ("juridisk",))],
)
def test_both_languages_say_that_it_is_no_legal_advice(office: Office, language: str, said: str, never: tuple) -> None:
    (office.folder / "rules.yaml").write_text(RULES + GOOD + CLOCK, "utf-8")
    for words in (("check", "--offline"), ("record",), ("breach",)):
        told = " ".join(office.say("--language", language, "privacy", *words).split())
        assert said in told and not [one for one in never if f" {one} " in told], told


def test_the_record_has_what_article_30_asks(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + GOOD, "utf-8")
    told = " ".join(office.say("privacy", "record").split())
    for said in (
        "Lampor AB. Contact: data@lampor.se", "legitimate interests", "Brevhuset: e-post; SE; contract in place",
        "closed tickets: anonymised after 24 months", "original mail: deleted after 90 days", "payment_card",
        "order_number", "which is kept for 12 months",
    ):  # fmt: skip
        assert said in told
    assert "[" in told  # what only a person can say


def test_the_breach_is_filled_from_the_log(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + GOOD, "utf-8")
    file = Attachment(name="a.txt", type="text/plain", size=3, sha256="0" * 64)
    for number in (1, 2, 3):
        office.make(number, requester=Person(f"k{number}@kund.example"), attachments=(file,))
    office.now += timedelta(days=2)
    office.run("show", 1)
    office.run("show", 2, user="bo")
    found = json.loads(office.say("--json", "privacy", "breach", "--from", office.now.date().isoformat()))
    assert (found["tickets"], found["persons"], found["files"]) == ([1, 2], 2, 2)
    assert found["agents"] == {"alice": 1, "bo": 1} and found["log_is_whole"]
    assert found["report_by"][:10] == (office.now + timedelta(hours=72)).date().isoformat()
    told = office.say("privacy", "breach", "--ticket", 3)
    assert "#3" in told and "kund.example" not in told


def test_bad_times_and_roles(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + GOOD, "utf-8")
    assert "is no time" in office.trouble("privacy", "breach", "--from", "igår", code=2)
    reversed_ = ("--from", "2026-11-20", "--to", "2026-11-01")
    assert "before it began" in office.trouble("privacy", "breach", *reversed_, code=2)
    assert "#99" in office.trouble("privacy", "breach", "--ticket", 99, code=4)
    office.run("privacy", "check", "--offline", user="vera")
    office.run("privacy", "breach", user="bo", code=5)


def test_who_else_got_mail_is_counted(office: Office) -> None:
    """GDPR, Art. 19: whoever got the data is to be informed."""
    office.run("new", "Lampa", "-f", "anna@kund.example")
    office.run("reply", 1, "--text", "Hej", "--no-check", "--cc", "bo@granne.example")
    office.run("send")
    said = rows(office, RULES)[7]["evidence"]
    assert any("mail of a ticket: 1;" in one for one in said)
