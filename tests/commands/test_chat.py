"""`chat`: who waits, and a live terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.conftest import RULES, Office
from tests.growth import HANG
from ticketctl.usecases.chat.presence import Presence, VisitorSeen, agents
from ticketctl.usecases.chat.say import Say, say
from ticketctl.usecases.chat.visitor import new_token, visitor


class Visitor:
    def __init__(self, office: Office, name: str) -> None:
        self.office, self.name, self.count = office, name, 0
        self.token = new_token(office.session(), "shop")

    def says(self, text: str, **more: str) -> int:
        self.count += 1
        client = f"client-{self.count:08d}"
        request = Say(source="shop", token=self.token, client=client, text=text, name=self.name, **more)
        return say(self.office.session(), request).number


class Terminal:
    """`ticketctl chat` on a terminal of its own."""

    def __init__(self, office: Office) -> None:
        self.main, there = pty.openpty()
        env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
        self.running = subprocess.Popen(
            [sys.executable, "-m", "ticketctl", "chat"], stdin=there, stdout=there, stderr=there, env=env
        )
        os.close(there)
        self.shown = ""

    def types(self, text: str) -> None:
        os.write(self.main, f"{text}\n".encode())

    def until(self, pattern: str) -> str:
        """All that appeared until that did."""
        data = b""
        while not re.search(pattern, self.shown):
            if not select.select([self.main], [], [], HANG)[0]:
                break
            try:
                data += os.read(self.main, 4096)
            except OSError:
                break
            self.shown += data.decode("utf-8", "ignore")
            data = b""
        match = re.search(pattern, self.shown)
        assert match, f"{pattern} never came: {self.shown}"
        before, self.shown = self.shown[: match.end()], self.shown[match.end() :]
        return before

    def ends(self) -> None:
        self.types("/quit")
        assert self.running.wait(HANG) == 0
        os.close(self.main)


@pytest.fixture
def desk(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + "sources:\n  - {name: shop, chat: {}}\n", encoding="utf-8")
    return office


@pytest.fixture
def terminal(desk: Office) -> Iterator[Terminal]:
    opened = Terminal(desk)
    opened.until("/quit ends")
    yield opened
    opened.running.kill()
    opened.running.wait()


def test_who_waits_how_long(desk):
    assert desk.say("chat") == "Nobody is in the chat.\n"
    Visitor(desk, "Åsa").says("Trasig kanna", email="asa@kund.example")
    desk.now += timedelta(seconds=65)
    bo = Visitor(desk, "Bo")
    bo.says("Hej")
    presence, who = Presence(), visitor(desk.session(), "shop", bo.token)
    presence.visitor(desk.session(), VisitorSeen(2, who.conversation[:16], desk.now))
    desk.now += timedelta(seconds=60)
    assert desk.say("chat", "--list") == (
        "#1 Åsa: waits 2:05, has left; gets mail, address not proven\n#2 Bo: waits 1:00, page open\n"
    )
    presence.close()
    (first, _) = json.loads(desk.say("--json", "chat"))
    assert (first["ticket"], first["mail"], first["here"]) == (1, "asa@kund.example", False)
    assert desk.say("--language", "sv", "chat").startswith("#1 Åsa: har väntat 2:05")


def test_several_visitors_are_answered_live(desk, terminal):
    åsa, bo = Visitor(desk, "Åsa"), Visitor(desk, "Bo")
    åsa.says("Trasig kanna")
    assert "\a" in terminal.until("#1 10:00 Åsa: Trasig kanna")
    assert [one.agent for one in agents(desk.session())] == ["alice"], "visitors see that somebody is there"
    terminal.types("Vilken kanna är det?")
    terminal.until("#1 10:00 alice: Vilken kanna är det\\?")
    assert desk.get(1).messages[-1].delivery == "sent" and desk.get(1).assignee == "alice"
    bo.says("Finns den i rött?")
    terminal.until("#2 10:00 Bo: Finns den i rött\\?")
    terminal.types("/2")
    terminal.until("#2 Bo")
    terminal.types("Ja, i två storlekar.")
    terminal.until("#2 10:00 alice: Ja")
    assert [one.text for one in desk.get(2).messages] == ["Finns den i rött?", "Ja, i två storlekar."]
    terminal.types("/note ringer grossisten")
    terminal.until("#2: noted")
    terminal.types("/end leverans")
    terminal.until("#2 is not closed: it needs category")
    terminal.types("/end leverans category=faktura")
    terminal.until("#2 is closed")
    assert (desk.get(2).cause, desk.get(2).closed, desk.get(1).closed) == ("leverans", True, False)
    terminal.ends()
    assert agents(desk.session()) == []


def test_a_snippet_is_shown_before_it_is_sent(desk, terminal):
    Visitor(desk, "Åsa").says("Trasig kanna, vad gör jag nu när den är trasig?")
    terminal.until("#1 10:00 Åsa")
    terminal.types("/mottaget")
    terminal.until("Enter sends this")
    assert len(desk.get(1).messages) == 1
    terminal.types("")
    terminal.until("#1 10:00 alice: ")
    assert "mottaget" in desk.get(1).events[-2].why or any("mottaget" in one.why for one in desk.get(1).messages)
    terminal.types("/finnsinte")
    terminal.until("finnsinte")
    terminal.ends()


def test_what_was_written_meanwhile_is_seen_before_the_answer_goes(desk):
    """A message that came since the last look stops the answer; Enter sends it all the same."""
    from ticketctl.terminal import live_chat

    åsa = Visitor(desk, "Åsa")
    åsa.says("Trasig kanna")
    shown: list[str] = []

    class Typed(live_chat.Line):
        def show(self, *lines: str) -> None:
            shown.extend(lines)

        def draw(self) -> None: ...

    talk, presence = live_chat.Desk(desk.shell("alice"), Typed()), Presence()
    talk._look(presence)
    åsa.says("Nej, den är hel!")
    talk._do("Vi skickar en ny.")
    assert "wrote" in shown[-2] and len(desk.get(1).messages) == 2
    talk._look(presence)
    talk._do("")
    assert desk.get(1).messages[-1].text == "Vi skickar en ny."
    presence.close()


def test_who_has_left_gets_mail(desk, terminal):
    Visitor(desk, "Åsa").says("Trasig kanna", email="asa@kund.example")
    terminal.until("#1 10:00 Åsa")
    terminal.types("En ny är på väg.")
    terminal.until("#1: by mail to asa@kund.example")
    terminal.ends()
