"""`fetch`: every mail ends as exactly one of a new ticket, a message in a ticket, a quarantine entry."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from tests.mails import mails, simple
from ticketctl.channels.email.parse import mime as _understood
from ticketctl.domain.mail.mail_loops import loop_token
from ticketctl.domain.mail.message_ids import make_message_id
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import StoreFailed
from ticketctl.store import fs, locks
from ticketctl.store.tiny.store import TinyStore
from ticketctl.usecases.intake import file_message as _filing

DAY = timedelta(days=1)
BROKEN = b"\x00\x01\x02 no mail at all"


class Post:
    """A Maildir beside the desk, and what `fetch` makes of it."""

    def __init__(self, office, folder):
        self.office, self.folder, self.count = office, folder, 0
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True)

    def arrive(self, *raws, age=timedelta(0)):
        for raw in raws:
            self.count += 1
            path = self.folder / "new" / f"{self.count:06}.x"
            path.write_bytes(raw)
            at = (self.office.now - age).timestamp() - 1000 + self.count / 1000
            os.utime(path, (at, at))

    def fetch(self, *raws, **options):
        self.arrive(*raws)
        return self.office.say("fetch", f"maildir:{self.folder}", **options).strip()

    def tickets(self):
        return [json.loads(line) for line in self.office.say("export").splitlines()]


@pytest.fixture
def post(office, tmp_path):
    return Post(office, tmp_path / "post")


def token(office, number):
    from ticketctl.store.key import load_or_create_key

    return make_message_id(number, "1a", load_or_create_key(office.folder / "data"), "exempel.example")


def ours(office, number, **fields):
    """A reply of ours on the ticket, sent."""
    message_id = token(office, number)
    office.change(
        number,
        lambda one: one.write(
            Act("alice", office.now, "reply"),
            Message(
                key=one.next_key(),
                direction="out",
                kind="message",
                at=office.now,
                author="alice",
                sender=Person("support@exempel.example"),
                to=(one.requester,),
                message_id=message_id,
                text="Vi tittar på det.",
                delivery="sent",
                **fields,
            ),
        ),
    )
    return message_id


class TestTickets:
    def test_a_mail_becomes_a_ticket(self, office, post):
        raw = simple("SV: Trasig kanna", sender="Åsa Öberg <Asa@Kund.example>", Cc="Bo <bo@kund.example>")
        assert post.fetch(raw) == "1 mail: 1 new ticket (#1)"
        ticket = office.get(1)
        assert (ticket.subject, ticket.requester, ticket.status) == (
            "Trasig kanna",
            Person("asa@kund.example", "Åsa Öberg"),
            "new",
        )
        assert ticket.participants == (Person("bo@kund.example", "Bo"),)
        assert ticket.messages[0].text == "Hej! Kannan är trasig."
        assert office.store.blobs.get(ticket.messages[0].raw).startswith(b"From: ")

    def test_an_answer_joins_and_what_happened_is_told(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        assert post.fetch(simple("Re: Trasig kanna", "Hur går det?", In_Reply_To="<a@kund.example>")) == (
            "1 mail: 1 in tickets that were there"
        )
        assert [one.text for one in office.get(1).messages] == ["Hej! Kannan är trasig.", "Hur går det?"]
        assert office.get(1).messages[1].why == "answers a message of #1"

    def test_an_answer_to_our_mail_reopens_within_the_window(self, office, post):
        post.fetch(simple())
        message_id = ours(office, 1)
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        office.now += 3 * DAY
        post.fetch(simple("SV: Trasig kanna", "Den nya är också trasig!", In_Reply_To=f"<{message_id}>"))
        assert office.get(1).status == "open"
        assert [event.what for event in office.get(1).events][-2:] == ["received", "reopened"]

    def test_a_mere_thank_you_reopens_nothing(self, office, post):
        post.fetch(simple())
        message_id = ours(office, 1)
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        office.now += 3 * DAY
        post.fetch(simple("SV: Trasig kanna", "Tack så mycket!", In_Reply_To=f"<{message_id}>"))
        assert (office.get(1).status, len(office.get(1).messages)) == ("closed", 3)

    def test_after_the_window_a_new_ticket_follows(self, office, post):
        post.fetch(simple())
        message_id = ours(office, 1)
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        office.now += 30 * DAY
        post.fetch(simple("SV: Trasig kanna", "Nu är den trasig igen.", In_Reply_To=f"<{message_id}>"))
        assert [(one["number"], one["status"]) for one in post.tickets()] == [(1, "closed"), (2, "new")]
        assert post.tickets()[1]["links"] == [{"to": 1, "kind": "conversation"}]

    def test_a_stranger_gets_a_linked_ticket_with_both_ends(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        post.fetch(simple("Re: Trasig kanna", sender="carl@annan.example", In_Reply_To="<a@kund.example>"))
        assert [one["links"] for one in post.tickets()] == [
            [{"to": 2, "kind": "conversation"}],
            [{"to": 1, "kind": "conversation"}],
        ]

    def test_the_answer_before_the_question(self, office, post):
        post.fetch(simple("Re: Trasig kanna", message_id="b@kund.example", In_Reply_To="<a@kund.example>"))
        post.fetch(simple(message_id="a@kund.example"))
        assert [len(one["messages"]) for one in post.tickets()] == [2]

    def test_the_same_mail_is_known_by_its_content(self, office, post):
        """60 pairs: the same id and content by two ways, the same id with other content, twice the same without id."""
        expected = Counter()
        for case in range(20):
            for kind, count in ("same", 1), ("other", 2), ("none", 1):
                subject = f"{kind} {case}"
                extra = {} if kind == "none" else {"message_id": f"{kind}.{case}@kund.example"}
                first = simple(subject, f"Hej {case}", sender=f"{kind}{case}@kund.example", **extra)
                if kind == "none":
                    first = b"".join(one for one in first.splitlines(True) if not one.startswith(b"Message-ID"))
                again = b"Received: from mx%d.example; Fri, 20 Nov 2026 10:00:00 +0100\r\n" % case + first
                post.arrive(first, again.replace(b"Hej", b"Nej") if kind == "other" else again)
                expected[subject] = count
        post.fetch()
        found = Counter(message["subject"] for ticket in post.tickets() for message in ticket["messages"])
        assert found == expected

    def test_a_waiting_ticket_wakes(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        office.change(1, lambda one: one.wait(Act("alice", office.now), office.now + 5 * DAY))
        post.fetch(simple("Re: Trasig kanna", "Här är bilden.", In_Reply_To="<a@kund.example>"))
        assert office.get(1).status == "open"

    def test_mail_to_a_merged_ticket_follows(self, office, post):
        post.fetch(simple(message_id="a@kund.example"), simple("Samma sak", message_id="b@kund.example"))
        office.run("merge", "2", "--into", "1")
        post.fetch(simple("Re: Samma sak", "En sak till.", In_Reply_To="<b@kund.example>"))
        post.fetch(simple("[#2] Samma sak", "Och en till."))
        assert len(office.get(1).messages) == 4

    def test_an_agents_mail_is_a_note_that_moves_nothing(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        post.fetch(
            simple(
                "Re: Trasig kanna", "Jag ringde henne.", sender="alice@exempel.example", In_Reply_To="<a@kund.example>"
            )
        )
        note = office.get(1).messages[-1]
        assert (note.direction, note.kind, note.author, office.get(1).status) == ("internal", "note", "", "closed")

    def test_a_form_in_our_own_name(self, office, post):
        post.fetch(simple(sender="support@exempel.example", Reply_To="Åsa <asa@kund.example>"))
        assert (office.get(1).requester.address, office.get(1).messages[0].kind) == ("asa@kund.example", "message")

    def test_a_mail_from_nobody(self, office, post):
        post.fetch(b"Subject: Hej\r\n\r\nEtt ord.\r\n")
        assert (office.get(1).requester, office.get(1).subject) == (Person("", "unknown sender"), "Hej")

    def test_attachments_are_kept_under_their_hash(self, office, post):
        post.fetch(next(one.raw for one in mails(50) if b"bild.png" in one.raw))
        (attachment,) = office.get(1).messages[0].attachments
        assert attachment.name == "bild.png"
        assert len(office.store.blobs.get(attachment.sha256)) == attachment.size


class TestMachines:
    def test_an_automatic_answer_is_kept_and_reopens_nothing(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        post.fetch(
            simple(
                "Autosvar: Re: Trasig kanna",
                "Jag är på semester.",
                In_Reply_To="<a@kund.example>",
                Auto_Submitted="auto-replied",
            )
        )
        assert (office.get(1).status, office.get(1).messages[-1].kind) == ("closed", "automatic")

    def bounce(self, message_id):
        raw = next(one.raw for one in mails(200) if one.kind == "bounce").decode()
        start, rest = raw.split("Message-ID: <sent.")
        address = start.split("Final-Recipient: rfc822; ")[1].split("\r\n")[0]
        rest = rest.split("\r\n", 1)[1]
        return f"{start}Message-ID: <{message_id}>\r\n{rest}".replace(address, "asa@kund.example").encode()

    def test_our_mail_that_came_back_shows_on_its_ticket(self, office, post):
        post.fetch(simple())
        message_id = ours(office, 1)
        post.fetch(self.bounce(message_id))
        ticket = office.get(1)
        assert [one.kind for one in ticket.messages] == ["message", "message", "bounce"]
        assert ticket.messages[1].delivery == "bounced"

    @pytest.mark.parametrize("forge", [lambda one: one.replace("1.", "2.", 1), lambda one: "a@kund.example"])
    def test_a_forged_bounce_changes_nothing(self, office, post, forge):
        post.fetch(simple(message_id="a@kund.example"))
        message_id = ours(office, 1)
        before = office.get(1)
        post.fetch(self.bounce(forge(message_id)))
        assert office.get(1) == before
        assert office.get(2).messages[0].kind == "bounce"

    def test_our_own_mail_that_comes_back_is_no_news(self, office, post):
        post.fetch(simple())
        message_id = ours(office, 1)
        copy = simple("SV: Trasig kanna [#1]", sender="support@exempel.example", message_id=message_id)
        assert post.fetch(copy) == "1 mail: 1 seen before"

    def test_our_loop_token_makes_it_automatic(self, office, post):
        from ticketctl.store.key import load_or_create_key

        loop = loop_token(load_or_create_key(office.folder / "data"))
        post.fetch(simple(X_Ticketctl_Loop=loop), simple("Forged", X_Ticketctl_Loop="0" * 32))
        assert [office.get(number).messages[0].kind for number in (1, 2)] == ["automatic", "message"]


class TestTwice:
    def test_the_same_mail_in_two_mailboxes_is_one_message_with_both_noted(self, office, post, tmp_path):
        other = Post(office, tmp_path / "annan")
        raw = simple(message_id="a@kund.example")
        post.fetch(b"Received: from a by b\r\n" + raw)
        assert other.fetch(b"Delivered-To: info@exempel.example\r\n" + raw) == "1 mail: 1 seen before"
        (message,) = office.get(1).messages
        assert message.source == (f"maildir:{post.folder}", f"maildir:{other.folder}")

    def test_the_same_id_with_other_content_is_two(self, office, post):
        post.fetch(simple(message_id="a@x.example"), simple("Annat", "Något annat.", message_id="a@x.example"))
        assert [one.text for one in office.get(1).messages] == ["Hej! Kannan är trasig.", "Något annat."]

    def test_without_an_id_the_content_tells(self, office, post, tmp_path):
        other = Post(office, tmp_path / "annan")
        post.fetch(simple(), simple("Annat"))
        other.fetch(simple(), simple("Annat"))
        assert len(post.tickets()) == 2

    def test_what_was_purged_does_not_come_back(self, office, post, tmp_path):
        post.fetch(simple())
        with office.store.transaction() as desk:
            desk.delete(1)
        assert Post(office, tmp_path / "annan").fetch(simple()) == "1 mail: 1 seen before"
        assert post.tickets() == []

    def test_again_there_is_nothing(self, office, post):
        post.fetch(simple())
        before = (office.folder / "data" / "desk.json").read_bytes()
        assert post.fetch() == "no new mail"
        assert (office.folder / "data" / "desk.json").read_bytes() == before
        assert office.say("fetch", "-q", f"maildir:{post.folder}") == ""


class TestQuarantine:
    def listed(self, office):
        return [json.loads(line) for line in office.say("quarantine", "--json").splitlines()]

    def test_one_in_a_hundred_does_not_stop_the_others(self, office, post):
        good = [simple(f"Ärende {number}") for number in range(99)]
        assert post.fetch(*good[:50], BROKEN, *good[50:]) == (
            "100 mails: 99 new tickets (#1-#99), 1 in quarantine (`ticketctl quarantine`)"
        )
        (entry,) = self.listed(office)
        assert "no header" in entry["reason"]
        assert entry["source"] == f"maildir:{post.folder}"
        assert post.fetch() == "no new mail"

    def test_shown_as_it_came_and_safe(self, office, post):
        post.fetch(BROKEN + b"\x1b[31m")
        entry = self.listed(office)[0]
        assert f"{entry['id']}  Fri 2026-11-20 09:43  maildir:" in office.say("quarantine"), "local time"
        shown = office.say("quarantine", "show", entry["id"][:4])
        assert "Fri 2026-11-20 09:43" in shown
        assert "no mail at all" in shown
        assert "\x1b" not in shown

    def test_released_it_is_a_ticket_with_the_original_attached(self, office, post):
        post.fetch(BROKEN)
        entry = self.listed(office)[0]
        assert office.say("quarantine", "release", entry["id"]) == f"{entry['id']} is in #1 now\n"
        assert self.listed(office) == []
        (attachment,) = office.get(1).messages[0].attachments
        assert office.store.blobs.get(attachment.sha256) == BROKEN
        post.arrive(BROKEN)
        assert post.fetch() == "1 mail: 1 seen before"

    def test_dropped_it_stays_gone(self, office, post):
        post.fetch(BROKEN)
        office.run("quarantine", "drop", self.listed(office)[0]["id"])
        post.arrive(BROKEN)
        assert post.fetch() == "1 mail: 1 seen before"
        assert self.listed(office) == []

    def test_a_fault_of_ours_loses_no_mail(self, office, post, monkeypatch):
        understand = _understood.understand

        def breaking(raw, **options):
            if b"gift" in raw:
                raise RecursionError("too deep")
            return understand(raw, **options)

        monkeypatch.setattr(_understood, "understand", breaking)
        post.fetch(simple("gift", message_id="gift@x.example"), simple("frisk"))
        (entry,) = self.listed(office)
        assert (entry["message_id"], "RecursionError" in entry["reason"]) == ("gift@x.example", True)
        monkeypatch.undo()
        office.run("quarantine", "release", entry["id"])
        assert office.get(2).subject == "gift"

    def test_a_fault_while_filing_neither(self, office, post, monkeypatch):
        place = _filing.place

        def breaking(inbound, *rest):
            if inbound.subject == "gift":
                raise KeyError("gone")
            return place(inbound, *rest)

        monkeypatch.setattr(_filing, "place", breaking)
        assert post.fetch(simple("gift"), simple("frisk")).startswith("2 mails: 1 new ticket (#1), 1 in quarantine")

    def test_an_id_that_means_nothing_or_too_much(self, office, post):
        assert "nothing in quarantine has the id 'zz'" in office.trouble("quarantine", "show", "zz", code=4)
        post.fetch(BROKEN, BROKEN + b"2")
        assert "begins the ids of 2 entries" in office.trouble("quarantine", "drop", "", code=4)

    def test_a_viewer_changes_nothing(self, office, post):
        post.fetch(BROKEN)
        entry = self.listed(office)[0]
        office.trouble("quarantine", "drop", entry["id"], code=5, user="vera")
        office.trouble("quarantine", "release", entry["id"], code=5, user="vera")
        assert self.listed(office) == [entry]

    def test_nothing_there(self, office):
        assert office.say("quarantine", "list") == "nothing is in quarantine\n"


class TestRules:
    RULES = """
rules:
  - id: outage
    events: [created, customer_message]
    when: {all: [{text: {any_word: [driftstopp]}}, {machine: false}]}
    then: [{set: {priority: high}}, {label: drift}]
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""

    @pytest.fixture
    def post(self, office, tmp_path):
        path = office.folder / "rules.yaml"
        path.write_text(path.read_text(encoding="utf-8") + self.RULES, encoding="utf-8")
        return Post(office, tmp_path / "post")

    def outbox(self, office):
        with office.store.reading() as desk:
            return [(item.kind, item.recipients) for item in desk.outbox()]

    def test_run_on_new_tickets_and_on_what_customers_add(self, office, post):
        post.fetch(simple("Driftstopp!", message_id="a@x.example"), simple("Fråga", message_id="b@x.example"))
        post.fetch(simple("Re: Fråga", "Nu är det driftstopp.", In_Reply_To="<b@x.example>"))
        tickets = [office.get(1), office.get(2)]
        assert [(ticket.priority, ticket.labels) for ticket in tickets] == [("high", ("drift",))] * 2

    def test_an_address_is_acknowledged_once_a_day(self, office, post):
        post.fetch(simple(), simple("Annat"), simple(sender="bo@kund.example"))
        assert sorted(self.outbox(office)) == [
            ("acknowledgement", ("asa@kund.example",)),
            ("acknowledgement", ("bo@kund.example",)),
        ]

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"List_Id": "<x.example>"},
            {"Return_Path": "<>"},
            {"sender": "support@exempel.example"},
            {"sender": "noreply@x.example"},
        ],
    )
    def test_machines_and_ourselves_are_not(self, office, post, headers):
        post.fetch(simple(**headers))
        assert self.outbox(office) == []
        assert len(post.tickets()) == 1

    def test_a_trial_run_leaves_none_behind(self, office, post):
        post.arrive(simple())
        assert "1 new ticket" in office.say("fetch", "--dry-run", f"maildir:{post.folder}")
        assert self.outbox(office) == []
        assert not list((office.folder / "data").glob("blobs/??/*"))

    def test_mail_of_last_year_is_not(self, office, post):
        post.arrive(simple(), age=300 * DAY)
        post.fetch()
        assert self.outbox(office) == []

    def test_a_broken_snippet_keeps_no_mail_out(self, office, post):
        for path in (office.folder / "snippets").glob("*/mottaget.j2"):
            path.write_text("Subject: {{ nonsense.x }}\n\n{{ nonsense.y }}\n", encoding="utf-8")
        post.arrive(simple())
        result = office.run("fetch", f"maildir:{post.folder}")
        assert "1 new ticket" in result.stdout
        assert "rule acknowledge on #1: " in result.stderr


class TestCommand:
    def test_dry_run_changes_nothing(self, office, post):
        post.arrive(simple(), BROKEN)
        told = office.say("fetch", "--dry-run", f"maildir:{post.folder}")
        assert told.startswith("would: 2 mails: 1 new ticket (#1)")
        assert post.tickets() == []
        data = office.folder / "data"
        assert not list(data.glob("blobs/??/*"))
        assert not (data / "desk.json").exists()
        assert post.fetch().startswith("2 mails: 1 new ticket (#1)")
        post.arrive(simple("Till", message_id="till@kund.example"))
        before = (data / "desk.json").read_bytes(), contents(post.folder)
        assert office.say("fetch", "--dry-run", f"maildir:{post.folder}") == "would: 1 mail: 1 new ticket (#2)\n"
        assert ((data / "desk.json").read_bytes(), contents(post.folder)) == before

    def test_a_dry_run_of_many_tells_what_the_real_run_does(self, office, post):
        raws = [simple(f"Fråga {at}", message_id=f"{at}@kund.example") for at in range(240)]
        answers = [simple(f"Re: Fråga {at}", "Svar.", In_Reply_To=f"<{at}@kund.example>") for at in (0, 1)]
        post.arrive(*raws, *answers, *raws[:8])  # across batches: an answer to, and a copy of, what came in the first
        told = office.say("fetch", "--dry-run", f"maildir:{post.folder}")
        assert told == "would: 250 mails: 240 new tickets (#1-#240), 2 in tickets that were there, 8 seen before\n"
        assert told == f"would: {post.fetch()}\n"

    def test_standard_input(self, office):
        assert office.process("fetch", "-", input=simple().decode()).stdout == "1 mail: 1 new ticket (#1)\n"
        assert office.get(1).messages[0].at == office.now

    def test_nothing_on_standard_input(self, office):
        done = office.process("fetch", "-", input="")
        assert (done.returncode, "standard input was empty" in done.stderr) == (8, True)

    def test_a_failing_source_does_not_stop_the_others(self, office, post):
        post.arrive(simple())
        result = office.run("fetch", "maildir:/nonexistent", f"maildir:{post.folder}", code=8)
        assert result.stdout == "1 mail: 1 new ticket (#1)\n"
        assert "/nonexistent" in result.stderr
        with office.store.reading() as desk:
            runs = {run.name: run for run in desk.runs()}
        assert runs["fetch maildir:/nonexistent"].ok_at is None
        assert runs[f"fetch maildir:{post.folder}"].ok_at == office.now

    def test_a_source_that_failed_is_not_said_to_be_empty(self, office):
        result = office.run("fetch", "maildir:/nonexistent", code=8)
        assert result.stdout == "" and "/nonexistent" in result.stderr

    def test_a_source_that_works_again_is_noted(self, office, post):
        office.run("fetch", "maildir:" + str(post.folder) + "2", code=8)
        post.folder.rename(str(post.folder) + "2")
        office.run("fetch", "maildir:" + str(post.folder) + "2")
        with office.store.reading() as desk:
            (run,) = desk.runs()
        assert (run.ok_at, run.detail) == (office.now, "")

    def test_while_another_fetch_runs(self, office, post):
        post.arrive(simple())
        with locks.locked(office.folder / "data" / "fetch.lock", 0):
            result = office.run("fetch", f"maildir:{post.folder}")
            assert "another fetch of this desk is running" in result.stderr
            assert office.run("fetch", "-q", f"maildir:{post.folder}").output == ""
            assert post.tickets() == []

    def test_standard_input_waits_for_another_fetch_or_purge_to_end(self, office, post, monkeypatch):
        with ThreadPoolExecutor() as pool:
            with locks.locked(office.folder / "data" / "fetch.lock", 0):
                delivery = pool.submit(office.process, "fetch", "-", input=simple("rör").decode())
                assert wait([delivery], timeout=1).not_done
                assert post.tickets() == []
                monkeypatch.setattr("ticketctl.usecases.intake.fetch.PATIENCE", 0.05)
                assert "try again" in office.trouble("fetch", "-", code=75, stdin=simple().decode())
            assert delivery.result().stdout == "1 mail: 1 new ticket (#1)\n"

    def test_no_sources(self, office):
        assert "maildir:PATH" in office.trouble("fetch", code=2)
        assert office.run("fetch", "-q").output == "", "cron mails whatever is said"

    def test_json(self, office, post):
        post.arrive(simple(), BROKEN)
        told = json.loads(office.say("fetch", "--json", f"maildir:{post.folder}"))
        assert len(told.pop("quarantined")) == 1
        assert told == {
            "source": f"maildir:{post.folder}",
            "new": [1],
            "joined": [],
            "known": 0,
            "skipped": 0,
            "closed": 0,
            "error": None,
            "trouble": [],
        }

    def test_a_mail_above_the_limit_comes_as_its_header(self, office, post, monkeypatch):
        monkeypatch.setattr("ticketctl.channels.email.maildir.MAIL", 1000)
        post.fetch(simple("Stor bilaga", "x" * 5000))
        (message,) = office.get(1).messages
        assert office.get(1).subject == "Stor bilaga"
        assert message.flagged.startswith("only the header was fetched: the mail has 5,")

    def test_many_mails_are_few_commits(self, office, post, monkeypatch):
        commits = []
        replace = fs.replace

        def counting(path, *rest, **options):
            commits.append(path.name)
            replace(path, *rest, **options)

        monkeypatch.setattr(fs, "replace", counting)
        post.fetch(*(one.raw for one in mails(350)))
        assert commits.count("desk.json") <= 6

    def test_a_mail_from_the_future_arrives_now(self, office, post):
        post.arrive(simple(), age=-400 * DAY)
        post.fetch()
        assert office.get(1).opened_at == office.now

    def test_a_mail_that_came_before_we_closed_is_noted_after_that(self, office, post):
        post.fetch(simple(message_id="a@kund.example"))
        office.change(1, lambda one: one.close(Act("alice", office.now)))
        post.fetch(simple("Re: Trasig kanna", "Vänta!", In_Reply_To="<a@kund.example>"))
        ticket = office.get(1)
        assert ticket.status == "open"
        assert [event.at for event in ticket.events] == sorted(event.at for event in ticket.events)


class TestCommitThenAcknowledge:
    """The mailbox is touched only once the mail is safe."""

    @pytest.fixture(params=["{flag: seen}", "{move: Klart}"])
    def folder(self, office, post, request):
        rules = office.folder / "rules.yaml"
        sources = f"sources:\n  - {{name: post, maildir: {post.folder}, then: {request.param}}}\n"
        rules.write_text(rules.read_text("utf-8") + sources, "utf-8")
        post.arrive(simple("ett"), simple("två", message_id="b@kund.example"))
        return post.folder

    @pytest.mark.parametrize("there", ["a new desk", "a desk in use"])
    def test_a_commit_that_fails_leaves_the_mailbox_as_it_was(self, office, folder, monkeypatch, there):
        if there == "a desk in use":
            office.make()
        before = contents(folder)
        replace = fs.replace

        def full(path, *rest, **options):
            if path.name == "desk.json":
                raise StoreFailed(f"{path}: {os.strerror(errno.ENOSPC)}; the old state stands")
            replace(path, *rest, **options)

        with monkeypatch.context() as patch:
            patch.setattr(fs, "replace", full)
            assert "No space left" in office.trouble("fetch", code=10)
        assert contents(folder) == before
        assert office.say("fetch").startswith("2 mails: 2 new tickets")
        assert contents(folder) != before

    def test_a_locked_desk_does_too(self, office, folder, monkeypatch):
        before = contents(folder)
        monkeypatch.setattr(
            TinyStore.__init__, "__kwdefaults__", {**TinyStore.__init__.__kwdefaults__, "lock_seconds": 0.05}
        )
        with locks.locked(office.folder / "data" / "desk.lock", 0):
            told = office.trouble("fetch", "-q", code=7)
        assert "desk.lock" in told and "another fetch" not in told, "trouble with the store is not a fetch that runs"
        assert contents(folder) == before


def contents(folder):
    """All files of a mailbox, by name with flags."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_brings_the_archive_too(office, post):
    post.fetch(simple("ett"), simple("två"))
    office.change(1, lambda one: one.close(Act("alice", office.now)))
    office.store.archive(office.now + DAY)
    assert [one["subject"] for one in post.tickets()] == ["ett", "två"]
    wanted = {"key", "message_id", "direction", "kind", "from", "at", "text", "attachments"}
    assert wanted <= set(post.tickets()[0]["messages"][0])


def test_spam(office, post):
    post.fetch(simple("Billiga klockor"))
    assert office.say("spam", "1") == "#1 closed as spam: Billiga klockor\n"
    assert (office.get(1).spam, office.get(1).resolution) == (True, "spam")
    assert office.say("spam", "1") == "#1 is marked as spam already\n"


def test_a_delivered_mail_that_cannot_be_taken_in_is_kept_by_the_mail_server(office):
    """75 is EX_TEMPFAIL: a pipe in an alias that ends with anything else but 0 bounces the mail to the customer."""
    rules = office.folder / "rules.yaml"
    right = rules.read_text(encoding="utf-8")
    rules.write_text(right + "rulez: []\n", encoding="utf-8")
    assert "rulez" in office.trouble("fetch", "-", code=75, stdin=simple().decode())
    rules.write_text(right, encoding="utf-8")
    office.make(1)
    (office.folder / "data" / "desk.json").write_bytes(b"{}\n")
    assert "doctor --recover" in office.trouble("fetch", "-", code=75, stdin=simple().decode())
