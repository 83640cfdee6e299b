"""Mails that an IMAP server lists and does not give, lists strangely, or gives in another form than most do."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests import mailbox_server as server
from tests.conftest import some_now
from tests.growth import HANG
from tests.mailbox_server import Mailbox
from tests.mails import simple

MAILS = {uid: simple(f"Ärende {uid}", message_id=f"{uid}@kund.example") for uid in (11, 12, 13, 14)}
WITHHELD = [
    server.skip,
    server.nil,
    server.empty,
    server.bare,
    server.no,
    server.bad,
    server.bye,
    server.hang_up,
    server.too_long,
    server.too_short,
    server.giant,
    server.flood,
]


@pytest.fixture
def shop(office):
    """`shop(mailbox)` makes it the source `support` of the office; its mail is of today."""
    running = []

    def serve(box, folders="[INBOX]", then="leave"):
        running.append(box)
        rules = office.folder / "rules.yaml"
        rules.write_text(
            rules.read_text()
            + f"sources: [{{name: support, imap: {{host: 127.0.0.1, port: {box.port}, security: none, user: asa, "
            f"password_command: echo hemligt-77, folders: {folders}, timeout: {HANG:.0f}, "
            f"deadline: {5 * HANG:.0f}, then: {then}}}}}]\n"
        )
        return Shop(office, box)

    yield serve
    for box in running:
        box.close()


class Shop:
    def __init__(self, office, box):
        self.office, self.box = office, box

    def fetch(self, code=0):
        self.office.now += timedelta(minutes=5)
        return self.office.run("fetch", user="system", code=code)

    def subjects(self):
        with self.office.store.reading() as desk:
            return [ticket.subject for ticket in desk.find()]

    def in_time(self, run, said):
        """What `run` says, with the shortest time to wait for a server in which a busy machine comes so far."""
        rules = self.office.folder / "rules.yaml"
        for seconds in (1, 4, 16):
            rules.write_text(re.sub(r"timeout: \d+", f"timeout: {seconds}", rules.read_text()))
            told = run()
            if said in told:
                break
        return told

    def aside(self):
        return [json.loads(line) for line in self.office.say("quarantine", "--json").splitlines()]


@pytest.mark.parametrize("way", some_now(WITHHELD, 3), ids=lambda way: way.__name__)
def test_the_others_come_in_and_the_one_is_told(shop, way):
    desk = shop(Mailbox(MAILS, {12: way}))
    said = "lists the mail with UID 12 in INBOX and does not give it"

    def fetch():
        return desk.fetch(8).output

    told = desk.in_time(fetch, said) if way is server.too_long else fetch()  # which sends no more
    assert desk.subjects() == ["Ärende 11", "Ärende 13", "Ärende 14"]
    assert said in told
    (entry,) = desk.aside()
    assert entry["uid"] == 12 and "does not give it" in entry["reason"]


@pytest.mark.parametrize("way", [server.skip, server.no, server.hang_up], ids=lambda way: way.__name__)
def test_it_is_asked_for_again_until_it_comes(shop, way):
    desk = shop(Mailbox(MAILS, {12: way}))
    desk.fetch(8)
    assert "gets a mail" in desk.fetch(8).output  # the administrators are told, once
    assert len(desk.aside()) == 1
    desk.box.answers.clear()
    desk.fetch()
    assert desk.aside() == []
    assert sorted(desk.subjects()) == ["Ärende 11", "Ärende 12", "Ärende 13", "Ärende 14"]
    desk.box.asked.clear()
    desk.fetch()
    assert desk.box.asked == []


def test_it_is_asked_for_again_until_it_is_gone(shop):
    desk = shop(Mailbox(MAILS, {12: server.nil}))
    desk.fetch(8)
    del desk.box.folders["INBOX"][12]
    assert "UID 12 is no longer on the server" in desk.fetch().output
    assert desk.aside() == []


def test_what_a_person_dropped_is_not_asked_for_again(shop):
    desk = shop(Mailbox(MAILS, {12: server.nil}))
    desk.fetch(8)
    (entry,) = desk.aside()
    assert "asks for it again" in desk.office.trouble("quarantine", "release", entry["id"], code=5)
    assert "nothing of it is here" in desk.office.say("quarantine", "show", entry["id"])
    desk.office.run("quarantine", "drop", entry["id"])
    desk.fetch()
    assert desk.office.run("doctor", "--offline", code=0)


def test_it_is_never_moved_or_deleted(shop):
    desk = shop(Mailbox(MAILS, {12: server.nil}, capabilities="IMAP4rev1 MOVE"), then="delete")
    desk.fetch(8)
    stored = [line for line in desk.box.heard.splitlines() if b"STORE" in line]
    assert stored and not any(b"12" in line.split()[3] for line in stored)


def test_other_folders_and_other_accounts_go_on(shop, office):
    more = {"Skickat": {1: simple("Annan mapp", message_id="f@kund.example")}}
    desk = shop(Mailbox(MAILS, dict.fromkeys(MAILS, server.hang_up), folders=more), folders="[INBOX, Skickat]")
    desk.fetch(8)
    assert desk.subjects() == ["Annan mapp"]
    assert {one["uid"] for one in desk.aside()} == {11, 12, 13, 14}


def test_several_among_many(shop):
    many = {uid: simple(f"Ärende {uid}", message_id=f"{uid}@kund.example") for uid in range(1, 41)}
    lost = {3: server.no, 4: server.nil, 20: server.hang_up, 40: server.bye}
    desk = shop(Mailbox(many, lost))
    desk.fetch(8)
    assert len(desk.subjects()) == 36
    assert {one["uid"] for one in desk.aside()} == {3, 4, 20, 40}


def test_a_server_that_gives_nothing_at_all_is_told_after_ten_and_loses_nothing(shop):
    many = {uid: simple(f"Ärende {uid}", message_id=f"{uid}@kund.example") for uid in range(1, 31)}
    desk = shop(Mailbox(many, dict.fromkeys(many, server.no)))
    assert "gives none of 10 mails" in desk.fetch(8).output
    assert len(desk.aside()) == 10
    desk.box.answers.clear()
    desk.fetch()
    assert len(desk.subjects()) == 30 and desk.aside() == []


def test_a_mail_in_quotes_is_a_mail(shop):
    raw = b'From: kim@kund.example\r\nSubject: "kort" \\ hej\r\n\r\n'
    desk = shop(Mailbox({12: b"From: kim@kund.example", 13: raw}, {12: server.quoted, 13: server.quoted}))
    desk.fetch()
    assert len(desk.subjects()) == 2


def test_a_mail_of_no_bytes_is_what_it_is(shop):
    desk = shop(Mailbox({11: MAILS[11], 12: b""}, {12: server.empty}))
    desk.fetch()
    assert "Ärende 11" in desk.subjects()


LISTS = {
    "no size": lambda uid, raw: f"(UID {uid} INTERNALDATE {server.DATE})",
    "size NIL": lambda uid, raw: f"(UID {uid} RFC822.SIZE NIL INTERNALDATE {server.DATE})",
    "a size of 40 digits": lambda uid, raw: f"(UID {uid} RFC822.SIZE {'9' * 40} INTERNALDATE {server.DATE})",
    "lower case": lambda uid, raw: f"(uid {uid} rfc822.size {len(raw)} internaldate {server.DATE})",
    "a date as literal": lambda uid, raw: (
        f"(UID {uid} INTERNALDATE {{26}}\r\n20-Nov-2026 09:00:00 +0000 RFC822.SIZE {len(raw)})"
    ),
    "a date as LITERAL+": lambda uid, raw: (
        f"(INTERNALDATE {{26+}}\r\n20-Nov-2026 09:00:00 +0000 UID {uid} RFC822.SIZE {len(raw)})"
    ),
    "date NIL": lambda uid, raw: f"(UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE NIL)",
    "UID last": lambda uid, raw: f"(RFC822.SIZE {len(raw)} INTERNALDATE {server.DATE} UID {uid})",
    "no UID": lambda uid, raw: f"(RFC822.SIZE {len(raw)})",
}


@pytest.mark.parametrize("how", some_now(sorted(LISTS), 2))
def test_mails_that_are_listed_strangely_come_in(shop, how):
    desk = shop(Mailbox(MAILS, lists=LISTS[how]))
    desk.fetch()
    assert len(desk.subjects()) == 4


@pytest.mark.parametrize("word", ["fetch", "Fetch"])
def test_answers_in_small_letters(shop, word):
    desk = shop(Mailbox(MAILS, fetch_word=word))
    desk.fetch()
    assert len(desk.subjects()) == 4


def test_literal_plus_in_answers(shop):
    def plus(uid, raw):
        return server.given(uid, raw).replace(b"}\r\n", b"+}\r\n", 1)

    desk = shop(Mailbox(MAILS, dict.fromkeys(MAILS, plus)))
    desk.fetch()
    assert len(desk.subjects()) == 4


def test_mails_that_none_can_be_listed_of_are_an_error_that_says_so(shop):
    desk = shop(Mailbox(MAILS, lists=LISTS["no UID"], search=False))
    assert "has 4 mails in INBOX and lists none of them" in desk.fetch(8).output


def test_a_search_that_is_answered_in_several_lines(shop):
    desk = shop(Mailbox(MAILS, lists=LISTS["no UID"], search="by lines"))
    desk.fetch()
    assert len(desk.subjects()) == 4


@pytest.mark.parametrize("uid", ["4294967295", "4294967296", "9" * 5_000, "0", "-1", "１２"])
def test_a_uid_that_can_not_be_hides_nothing(shop, uid):
    def lists(given, raw):
        return server.listed(given, raw).replace("UID 14", f"UID {uid}")

    box = Mailbox(MAILS, lists=lists, search=False)
    desk = shop(box)
    told = desk.fetch(8).output
    assert desk.subjects() == ["Ärende 11", "Ärende 12", "Ärende 13"]
    assert "1 mail in INBOX" in told and "Traceback" not in told
    box.lists = server.listed
    desk.fetch()
    assert len(desk.subjects()) == 4


FORGED = b"INBOX\r\nok    all is well  1 mail: 0 lost\n!!"
NAMES = {
    "no UTF-7": b'* LIST () "/" "&AOQ"\r\n* LIST () "/" "&&&-"\r\n* LIST () "/" "&2Bg-"\r\n',
    "bytes that are no text": b'* LIST () "/" "\xff\xfe\xe5"\r\n',
    "a line break": b'* LIST () "/" {%d}\r\n%s\r\n' % (len(FORGED), FORGED),
    "what steers a terminal": b'* LIST () "/" "Inkorg \x1b[8m\x1b]0;x\x07"\r\n',
    "very long": b'* LIST () "/" "' + b"x" * 5_000 + b'"\r\n',
    "many": b'* LIST () "/" "Mapp"\r\n' * 2_000,
    "endless": b'* LIST () "/" "Mapp"\r\n' * 100_000,
    "nothing that is a list": b"* LIST\r\n* LIST NIL\r\n",
}


@pytest.mark.parametrize("name", some_now(sorted(NAMES), 3))
def test_names_of_folders_forge_and_break_nothing(shop, name):
    """Told where `then: move` names a folder that is not there, and where a folder to be fetched is missing."""
    desk = shop(Mailbox(MAILS, texts={"LIST": NAMES[name] + b"%TAG% OK done\r\n"}), then="{move: Hanterat}")
    told = desk.office.run("doctor", code=8).stdout
    (line,) = [line for line in told.splitlines() if "BAD" in line]
    assert "source support" in line and len(line) < 15_000 and line.isprintable()
    assert "Traceback" not in told and not any(one.startswith("ok    all") for one in told.splitlines())
    rules = desk.office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("[INBOX]", "[Borta]"))
    failed = desk.fetch(8).output
    assert "Borta" in failed and len(failed.splitlines()) <= 2 and "Traceback" not in failed


@pytest.mark.parametrize("name", ["no UTF-7", "bytes that are no text", "a line break", "nothing that is a list"])
def test_an_odd_name_hides_no_other_folder(shop, name):
    there = (
        NAMES[name] + b'* LIST (\\HasNoChildren) "/" Hanterat\r\n* LIST () NIL "&AMU-tg&AOQ-rder"\r\n%TAG% OK done\r\n'
    )
    desk = shop(Mailbox(MAILS, texts={"LIST": there}), then="{move: Åtgärder}")
    assert "BAD" not in desk.office.say("doctor")
    rules = desk.office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("Åtgärder", "Borta"))
    told = desk.office.run("doctor", code=8).stdout
    (line,) = [line for line in told.splitlines() if "BAD" in line]
    assert "Hanterat, Åtgärder" in line


def test_a_list_of_brackets_takes_no_time(shop):
    desk = shop(
        Mailbox(MAILS, texts={"LIST": b"* LIST " + b"(" * 500_000 + b"\r\n%TAG% OK done\r\n"}), folders="[Borta]"
    )
    assert "has no folder 'Borta'" in desk.fetch(8).output


def test_a_folder_list_that_drips_ends_in_time(shop):
    box = Mailbox(MAILS, texts={"LIST": b"* LIST ("})  # and nothing more
    desk = shop(box, then="{move: Hanterat}")
    said = "too slow to list its folders"
    assert said in desk.in_time(lambda: desk.office.run("doctor", code=8).stdout, said)
