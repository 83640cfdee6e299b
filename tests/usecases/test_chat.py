"""The chat on the team's own site, by its use cases: what is said is stored once, in one ticket, and read by nobody
else."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.conftest import NOW, ROOT, RULES, Office
from tests.growth import HANG
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.query import EVERYTHING
from ticketctl.errors import NoSuchTicket, Refused, Usage
from ticketctl.ports.plain_message import PlainFile
from ticketctl.usecases.automation.escalate import Escalate, escalate
from ticketctl.usecases.chat.end import ChatEnded, EndChat, end_chat
from ticketctl.usecases.chat.presence import Presence, VisitorSeen
from ticketctl.usecases.chat.rooms import FindChats, Room, find_chats
from ticketctl.usecases.chat.say import Say, Spoken, say
from ticketctl.usecases.chat.see import Chat, ReadFile, See, read_file, see
from ticketctl.usecases.chat.visitor import new_token, visitor
from ticketctl.usecases.reply.recipients import Addressing
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.results import Objected
from ticketctl.usecases.tickets.close import Close, close

CHAT_RULES = RULES + "sources:\n  - {name: shop, chat: {}}\n"


class Site:
    """The chat of an office; `token` is one visitor's."""

    def __init__(self, office: Office) -> None:
        (office.folder / "rules.yaml").write_text(CHAT_RULES, encoding="utf-8")
        self.office = office
        self.token = new_token(office.session(), "shop")
        self.client = 0

    def later(self, minutes: float) -> Site:
        self.office.now += timedelta(minutes=minutes)
        return self

    def says(self, text: str = "Hej!", **given: Any) -> Spoken:
        self.client += 1
        client = given.pop("client", f"client-{self.client:08d}")
        token = given.pop("token", self.token)
        return say(self.office.session(), Say(source="shop", token=token, client=client, text=text, **given))

    def sees(self, seen: str = "", token: str = "") -> Chat:
        return see(self.office.session(), See(source="shop", token=token or self.token, seen=seen))

    def ends(self) -> ChatEnded:
        return end_chat(self.office.session(), EndChat(source="shop", token=self.token))

    def answers(self, number: int = 1, text: str = "Vi ser på det.", user: str = "alice", **given: Any) -> Any:
        request = ReplyRequest(ticket=number, text=text, promise="none", check="off", **given)
        return reply(self.office.session(user), request).value

    def rooms(self) -> tuple[Room, ...]:
        return find_chats(self.office.session("alice"), FindChats())

    def numbers(self) -> list[int]:
        with self.office.store.reading() as desk:
            return [one.number for one in desk.find(EVERYTHING)]

    def here(self, number: int = 1, **seen: Any) -> Presence:
        """Their page is open."""
        presence, who = Presence(), visitor(self.office.session(), "shop", self.token)
        digest = who.conversation[:16]
        presence.visitor(self.office.session(), VisitorSeen(number, digest, self.office.now, **seen))
        return presence


@pytest.fixture
def site(office: Office) -> Site:
    return Site(office)


def shown(chat: Chat) -> list[tuple[str, str]]:
    return [(one.by, one.text) for one in chat.lines]


def test_a_visitor_writes_and_reads_what_is_answered(site):
    assert site.sees().life == "none"
    assert site.says("Trasig kanna").outcome == "first"
    ticket = site.office.get(1)
    assert (ticket.channel, ticket.requester.medium, ticket.messages[0].source) == ("chat", "chat", ("shop",))
    site.later(1).answers(text="Vilken kanna?")
    answer = site.office.get(1).messages[-1]
    assert (answer.delivery, answer.delivered_at) == ("sent", site.office.now), "delivered when stored"
    with site.office.store.reading() as desk:
        assert list(desk.outbox()) == []
    assert shown(site.sees()) == [("", "Trasig kanna"), ("alice", "Vilken kanna?")]
    seen = site.sees().cursor
    site.later(1).says("Den blå")
    fresh = site.sees(seen)
    assert not fresh.anew and [one.text for one in fresh.lines] == ["Den blå"]
    assert site.office.get(1).status == "open", "it woke the ticket"


def test_the_shell_answers_a_chat_and_a_reply_later_goes_out_then(site):
    site.says("Trasig kanna")
    said = site.office.say("reply", 1, "--text", "Vilken kanna?", "--send")
    assert "the reply is in the chat" in said and "@" not in said
    site.office.say("reply", 1, "--text", "Nu är den lagad.", "--later", "2h", "--promise", "none")
    assert [one.text for one in site.sees().lines] == ["Trasig kanna", "Vilken kanna?"]
    site.later(121)
    site.office.say("send")
    assert site.sees().lines[-1].text == "Nu är den lagad."


def test_fifty_first_messages_at_once_are_one_ticket(site):
    said: list[Spoken] = []
    again: list[Spoken] = []

    def send(number: int) -> None:
        client = f"tab-{number % 2}-{number:08d}"
        said.append(site.says(f"nummer {number}", client=client))
        again.append(site.says(f"nummer {number}", client=client))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.numbers() == [1]
    assert sorted(one.text for one in site.office.get(1).messages) == sorted(f"nummer {one}" for one in range(50))
    assert {one.number for one in (*said, *again)} == {1}
    assert not any(one.again for one in said) and all(one.again for one in again)


def test_a_message_whose_answer_was_lost_is_once_and_keeps_its_number(site):
    first = site.says("Hej", client="0123456789")
    tries = [site.says("Hej", client="0123456789") for _ in range(5)]
    assert {(one.number, one.key, one.again) for one in tries} == {(first.number, first.key, True)}
    assert len(site.office.get(1).messages) == 1


KILLED = """
import os, sys
from tests.faults.die_at import die
from tests.faults.disk import Disk, put_in
from ticketctl.usecases.chat.say import Say, say
from ticketctl.wiring import build_session
desk, token, client, nth = sys.argv[1:]
session = build_session(desk=desk, user="system", via="chat")
put_in(Disk(int(nth), die))
say(session, Say(source="shop", token=token, client=client, text=client))
"""


@pytest.mark.long
def test_after_a_kill_at_any_step_a_message_comes_once(site):
    """The server is killed while it stores; the page tries again with the same id."""
    died, nth = 0, 0
    while died == nth:
        nth += 1
        client = f"kill-{nth:08d}"
        command = [sys.executable, "-c", KILLED, str(site.office.folder), site.token, client, str(nth)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TICKETCTL_NOW": NOW.isoformat()}
        ended = subprocess.run(command, env=env, start_new_session=True, timeout=HANG, check=False)
        died += ended.returncode == -signal.SIGKILL
        assert site.says(client, client=client).number == 1
    assert died > 10, "and one that ran to its end"
    assert [one.text for one in site.office.get(1).messages] == [f"kill-{one:08d}" for one in range(1, nth + 1)]


def test_who_comes_back_within_a_day_goes_on_and_later_begins_another(site):
    site.says("Hej")
    site.later(1).answers()
    close(site.office.session("alice"), Close(tickets=(1,), cause="leverans", fields={"category": "faktura"}))
    assert site.sees().life == "ended"
    assert site.later(23 * 60).says("En sak till").outcome == "reopened"
    assert not site.office.get(1).closed
    site.later(1).answers()
    close(site.office.session("alice"), Close(tickets=(1,)))
    assert site.later(25 * 60).sees().life == "over"
    another = site.says("Något annat")
    assert (another.number, another.outcome) == (2, "new")
    assert [one.text for one in site.sees().lines] == ["Något annat"]
    assert site.office.get(1).closed, "nothing was reopened"


@pytest.mark.long
def test_the_desk_decides_at_the_moment_of_sending(site):
    """The widget may think what it likes: closed at 100 random moments, the outcome is the configured one."""
    dice = random.Random(1)
    for _ in range(100):
        said = site.says()
        now = site.office.get(said.number)
        site.later(1).answers(said.number)
        close(site.office.session("alice"), Close(tickets=(said.number,), fields={"category": "faktura"}))
        gap = dice.choice([0.1, 30, 1439, 1441, 3000])
        told = site.later(gap).sees().life
        after = site.says()
        assert (told, after.outcome) == (("ended", "reopened") if gap <= 1440 else ("over", "new"))
        assert site.office.get(now.number).closed == (gap > 1440)
        site.later(1).answers(after.number)


def test_what_is_written_after_the_end_is_kept_and_waits_for_us(site):
    site.says("Hej")
    site.later(1).answers()
    for number in range(20):
        assert site.later(1).ends().number == 1
        assert site.later(1).says(f"förresten {number}").number == 1
        assert site.rooms()[0].waits_since == site.office.now and site.sees().life == "live"
        site.later(1).answers()
    assert sum(one.text.startswith("förresten") for one in site.office.get(1).messages) == 20


def test_a_visitor_ends_what_is_answered_and_we_still_owe_what_is_not(site):
    site.says("Hej")
    assert site.ends() == ChatEnded(1, closed=False)
    assert site.rooms()[0].ended and site.rooms()[0].waits_since
    site.later(1).answers()
    site.office.say("set", 1, "category=faktura")
    site.says("Tack så mycket, det var allt jag undrade över idag, nu förstår jag!")
    site.later(1).answers()
    assert site.ends() == ChatEnded(1, closed=True)
    assert (site.office.get(1).resolution, site.sees().life) == ("solved", "ended")


def test_silence_of_the_visitor_ends_a_chat_and_ours_never(site):
    site.office.make(0)
    said = site.says("Hej")
    site.office.say("set", said.number, "category=faktura")
    session = lambda: site.office.session()  # noqa: E731 - at the moment
    assert escalate(site.later(300).office.session(), Escalate()).chats == ()
    site.answers(said.number)
    assert escalate(site.later(29).office.session(), Escalate()).chats == ()
    assert escalate(site.later(1).office.session(), Escalate()).chats == (said.number,)
    assert site.office.get(said.number).resolution == "no_answer"
    assert escalate(session(), Escalate()).chats == (), "once"


# --- who reads what ---


def test_a_visitor_reads_nothing_of_anybody_else(site):
    tokens = [new_token(site.office.session(), "shop") for _ in range(20)]
    for at, token in enumerate(tokens):
        site.says(f"hemligt {at}", token=token)
    for at, token in enumerate(tokens):
        assert [one.text for one in site.sees(token=token).lines] == [f"hemligt {at}"]


@pytest.mark.parametrize("token", ["", "x", "0" * 48, "0" * 32, "å" * 48])
def test_what_is_no_token_opens_nothing(site, token):
    for call in (site.says, site.sees):
        with pytest.raises(NoSuchTicket):
            call(token=token) if call == site.says or token else site.sees("", "y")
    other = site.token[:-1] + ("0" if site.token[-1] != "0" else "1")
    with pytest.raises(NoSuchTicket):
        site.sees(token=other)


def test_what_is_internal_never_reaches_the_visitor(site):
    site.says("Hej")
    office = site.office
    office.say("note", 1, "KANARIE i en anteckning")
    office.say("reply", 1, "--text", "KANARIE som utkast", "--draft")
    office.say("reply", 1, "--text", "KANARIE senare", "--later", "5h", "--promise", "none")
    office.say("reply", 1, "--text", "KANARIE till grossisten", "--to", "g@annan.example", "--send")
    site.later(1).answers(text="svar")
    assert [one.text for one in site.sees().lines] == ["Hej", "svar"]
    site.says("mejla mig", email="asa@kund.example")
    site.later(1).answers(text="per mejl", asked=Addressing(via="mail"))
    assert "KANARIE" not in office.get(1).messages[-1].whole


def test_a_claimed_address_joins_nobody_and_is_marked(site):
    site.office.make(0, requester=Person("asa@kund.example", "Åsa"))
    for _ in range(30):
        token = new_token(site.office.session(), "shop")
        said = site.says("Det är Åsa", token=token, name="Åsa", email="asa@kund.example")
        ticket = site.office.get(said.number)
        assert said.number != 1 and ticket.requester.address.endswith(":chat")
        assert not ticket.takes_part("asa@kund.example") and not ticket.links
        assert [one.text for one in site.sees(token=token).lines] == ["Det är Åsa"]
        assert "nothing proves whose it is" in " ".join(ticket.messages[0].nature)
    assert "nothing proves whose it is" in site.office.say("show", 2)


def test_files_go_both_ways_and_only_to_their_visitor(site):
    site.says("", files=(PlainFile(name="kanna.png", data=b"PNG1"),))
    from ticketctl.ports.channels_draft import File

    site.later(1).answers(files=(File(name="faktura.pdf", data=b"PDF1", type="application/pdf"),))
    lines = site.sees().lines
    assert [one.files for one in lines] == [(("kanna.png", 4),), (("faktura.pdf", 4),)]
    session, wanted = site.office.session(), ReadFile(source="shop", token=site.token, key=lines[1].key, place=0)
    assert read_file(session, wanted) == ("faktura.pdf", b"PDF1")
    for wrong in ({"place": 1}, {"place": -1}, {"key": "m9"}, {"token": new_token(session, "shop")}):
        with pytest.raises(NoSuchTicket):
            read_file(session, replace(wanted, **wrong))


# --- who has left ---


def test_what_a_visitor_has_read_stays_read_when_they_write(site):
    site.says()
    presence = site.here(read="m2")
    digest = visitor(site.office.session(), "shop", site.token).conversation[:16]
    presence.visitor(site.office.session(), VisitorSeen(1, digest, site.office.now))
    assert [one.read for one in site.rooms()] == ["m2"]
    presence.close()


def test_who_has_left_is_answered_by_mail_with_what_was_said(site):
    site.says("Trasig kanna", name="Åsa", email="Asa@Kund.example")
    presence = site.here()
    site.later(1).answers(text="Vilken?")
    assert site.office.get(1).messages[-1].channel == "chat", "their page is open"
    site.says("Den blå")
    presence.close()
    site.later(1).answers(text="En ny är på väg.")
    mail = site.office.get(1).messages[-1]
    assert (mail.channel, [one.address for one in mail.to], mail.delivery) == ("email", ["asa@kund.example"], "queued")
    for said in ("> 10:00 Du: Trasig kanna", "> 10:01 Alice: Vilken?", "> 10:01 Du: Den blå"):
        assert said in mail.whole
    assert site.office.say("send") and shown(site.sees())[-1] == ("alice", "En ny är på väg.")
    raw = next((site.office.folder / "data/sent").rglob("*:2,S"), None) or next(
        one for one in (site.office.folder / "data/sent").rglob("*") if one.is_file()
    )
    written = raw.read_text()
    assert "In-Reply-To" not in written and ".invalid" not in written, "nothing of the chat is in its header"


def test_an_answer_to_that_mail_lands_in_the_ticket(site):
    site.says("Trasig kanna", email="asa@kund.example")
    site.later(1).answers(text="En ny är på väg.")
    mail = site.office.get(1).messages[-1]
    site.later(60)
    raw = (
        f"From: Asa <asa@kund.example>\nTo: support@exempel.example\nSubject: {mail.subject}\nMessage-ID: <1@kund>\n"
        f"In-Reply-To: <{mail.message_id}>\n\nTack, den kom fram.\n"
    )
    site.office.say("fetch", "-", stdin=raw)
    assert site.numbers() == [1] and site.office.get(1).messages[-1].text == "Tack, den kom fram."
    assert "Tack" not in str(site.sees().lines), "who typed the address is perhaps not who answers from it"


def test_who_named_no_address_reads_it_when_they_come_back(site):
    site.says("Trasig kanna")
    site.later(1).answers(text="Vilken?")
    assert site.office.get(1).messages[-1].channel == "chat"
    assert "named no mail address" in site.office.trouble("reply", 1, "--text", "Hej", "--via", "mail", code=5)
    assert site.later(60).sees().lines[-1].text == "Vilken?"


def test_an_answer_against_an_older_state_is_objected_to(site):
    site.says("Trasig kanna")
    seen = frozenset({"m1"})
    site.says("Nej, den är hel!")
    with pytest.raises(Objected) as objected:
        site.answers(seen=seen)
    assert [one.code for one in objected.value.objections] == ["wrote_meanwhile"]


# --- who is there ---


def test_somebody_is_there_as_long_as_they_look(site):
    assert site.sees().desk == "nobody"
    presence = Presence()
    presence.agent(site.office.session("alice"))
    assert site.sees().desk == "there"
    assert site.later(1.1).sees().desk == "nobody", "a minute after the last look"
    presence.agent(site.office.session("alice"))
    assert site.sees().desk == "there"
    presence.close()
    assert site.sees().desk == "nobody", "the process ended"
    assert (site.later(12 * 60).sees().desk, site.sees().opens_at.isoformat()[:10]) == ("shut", "2026-11-23")


def test_typing_is_of_one_conversation_and_expires(site):
    site.says("Hej")
    other = new_token(site.office.session(), "shop")
    site.says("Hej", token=other)
    presence = Presence()
    presence.agent(site.office.session("alice"), typing=1)
    assert site.sees().typing == ("alice",) and site.sees(token=other).typing == ()
    site.office.now += timedelta(seconds=7)
    assert site.sees().typing == ()
    page = site.here(typed_at=site.office.now, read="m1")
    assert [(one.number, one.types, one.here, one.read) for one in site.rooms()] == [
        (1, True, True, "m1"),
        (2, False, False, ""),
    ]
    page.close()
    presence.close()


def test_who_waits_for_long_is_told(site):
    site.says("Hej")
    assert not site.later(2.9).sees().longer
    assert site.later(0.2).sees().longer


# --- what is refused ---


def test_what_is_missing_or_too_much_is_refused_and_nothing_is_kept(site):
    for given, error in [
        ({"text": "  "}, Usage),
        ({"text": "x" * 10_001}, Usage),
        ({"client": "kort"}, Usage),
        ({"email": "ingen adress"}, Usage),
        ({"files": tuple(PlainFile(name="a", data=b"a") for _ in range(6))}, Usage),
        ({"files": (PlainFile(name="a", data=b"a" * 10_000_001),)}, Refused),
    ]:
        with pytest.raises(error):
            site.says(**given)
    rules = site.office.folder / "rules.yaml"
    rules.write_text(CHAT_RULES.replace("chat: {}", "chat: {ask: [name, email]}"), encoding="utf-8")
    with pytest.raises(Usage, match="asks for name, email"):
        site.says()
    site.says(name="Åsa", email="asa@kund.example")
    site.says("och mer")
    assert site.office.get(1).messages[1].sender.name == "Åsa", "asked once"
    rules.write_text(CHAT_RULES.replace("chat: {}", "chat: {open: false}"), encoding="utf-8")
    with pytest.raises(Refused, match="switched off"):
        site.says()
    assert site.numbers() == [1]


def test_rules_run_with_the_channel_chat(site):
    rules = (
        "rules:\n  - id: greet\n    events: [created]\n    when: {channel: chat}\n"
        "    then: [{reply: {snippet: mottaget, automatic: true}}, {set: {priority: high}}]\n"
    )
    (site.office.folder / "rules.yaml").write_text(CHAT_RULES + rules, encoding="utf-8")
    site.says("Hej, min kanna är trasig och jag vill ha en ny")
    ticket = site.office.get(1)
    assert ticket.priority == "high" and [one.by for one in site.sees().lines] == ["", "automatic"]
    assert site.sees().waits_since == NOW, "a greeting is no answer"


def test_how_fast_chats_are_answered_is_a_row_of_its_own_in_seconds(site):
    site.office.make(1, age=timedelta(hours=2))
    said = site.says("Hej")
    site.later(0.75).answers(said.number)
    site.answers(1)
    site.office.say("send")
    day = ("report", "--from", "2026-11-20", "--to", "2026-11-20")
    found = json.loads(site.office.say("--json", *day))
    found = found.get("figures", found)
    assert found["first_response_chat"]["calendar"] == {"n": 1, "median_seconds": 45, "p90_seconds": 45, "few": True}
    assert found["first_response"]["calendar"]["n"] == 1, "the mail alone"
    rows = site.office.say("--language", "en", *day)
    assert ("45 s" in rows and "First response, chat" in rows) or "Första svar, chatt" in rows
