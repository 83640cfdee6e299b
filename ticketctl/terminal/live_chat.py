"""`chat` at a terminal: what visitors write appears above the line that is being typed, several chats at once."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from msgspec.structs import replace

from ticketctl.content.terminal import columns, safe, shortened, width
from ticketctl.content.times import zone
from ticketctl.domain.chat.view import visible
from ticketctl.errors import TicketctlError, Usage
from ticketctl.present.words import say_in
from ticketctl.present.words.chat import TEXTS, name_of, room_line, said_lines
from ticketctl.present.words.errors import error_line
from ticketctl.present.words.objections import objection_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.chat.presence import Presence
from ticketctl.usecases.chat.rooms import FindChats, Room, find_chats
from ticketctl.usecases.reply.recipients import Addressing
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.start import start
from ticketctl.usecases.results import Failed, Objected
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.close import Close, close
from ticketctl.usecases.tickets.note import WriteNote, write_note

POLL = 2.0  # seconds
TYPED = 4.0  # since the last key: somebody who types
BELL = "\a"


def talk(shell: Shell) -> None:
    """Until /quit, Ctrl-D or Ctrl-C."""
    Desk(shell, Line()).run()


class Line:
    """The line that is typed, below all that appears."""

    def __init__(self) -> None:
        self.prompt = self.text = ""
        self.typed_at = 0.0
        self._waiting = b""

    @contextmanager
    def open(self) -> Iterator[None]:
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor)
        try:
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
            self._write("\r\x1b[K\n")

    def show(self, *lines: str) -> None:
        """Above the line."""
        self._write("\r\x1b[K" + "".join(f"{one}\n" for one in lines))
        self.draw()

    def draw(self) -> None:
        room = max(10, width() - columns(self.prompt) - 1)
        tail = self.text
        while columns(tail) > room:
            tail = tail[1:]
        self._write(f"\r\x1b[K{self.prompt}{safe(tail)}")

    def wait(self, seconds: float) -> str | None:
        """The line with its end, once Enter ends it; "" where time is over, None for the end of all input."""
        until = time.monotonic() + seconds
        if self._waiting and (entered := self._typed(b"")) is not None:  # several lines came at once
            return entered or None
        while (left := until - time.monotonic()) > 0:
            if not select.select([sys.stdin], [], [], left)[0]:
                return ""
            data = os.read(sys.stdin.fileno(), 1024)
            if not data:
                return None
            if (entered := self._typed(data)) is not None:
                return entered or None
        return ""

    def _typed(self, data: bytes) -> str | None:
        """A line that is complete, None where none is; "" for Ctrl-D on an empty line."""
        self._waiting += data
        try:
            keys, self._waiting = self._waiting.decode(), b""
        except UnicodeDecodeError:  # half a letter
            return None
        for at, key in enumerate(keys):
            if key in "\r\n":
                entered, self.text = self.text, ""
                self._waiting = keys[at + 1 :].encode()
                self.typed_at = 0.0
                return f"{entered}\n"
            if key == "\x04" and not self.text:
                return ""
            if key in "\x7f\b":
                self.text = self.text[:-1]
            elif key == "\x15":
                self.text = ""
            elif key.isprintable():
                self.text += key
                self.typed_at = time.monotonic()
        self.draw()
        return None

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


class Desk:
    """Who is in the chats, which of them is answered, and what each has said so far."""

    def __init__(self, shell: Shell, line: Line) -> None:
        self._shell, self._line = shell, line
        self._say = say_in(shell.language, TEXTS)
        self._zone = zone(shell.session.config.timezone)
        self._began, self._first = time.monotonic(), shell.session.now
        self._rooms: dict[int, Room] = {}
        self._seen: dict[int, set[str]] = {}
        self._number = 0
        self._held: ReplyRequest | None = None

    def run(self) -> None:
        presence = Presence()
        try:
            with self._line.open():
                self._line.show(*self._say("help").split("\n"))
                while True:
                    self._look(presence)
                    entered = self._line.wait(POLL)
                    if entered is None or (entered.strip() == "/quit"):
                        return
                    if entered:
                        self._do(entered.rstrip("\n"))
        except KeyboardInterrupt:
            return
        finally:
            presence.close()

    @property
    def _session(self) -> Session:
        return self._shell.session.reopened(self._first + timedelta(seconds=time.monotonic() - self._began))

    # --- what is new ---

    def _look(self, presence: Presence) -> None:
        session = self._session
        types = time.monotonic() - self._line.typed_at < TYPED
        try:
            presence.agent(session, typing=self._number if types and not self._line.text.startswith("/") else 0)
            rooms = {one.number: one for one in find_chats(session, FindChats(also=frozenset(self._rooms)))}
        except TicketctlError as error:
            self._line.show(error_line(error, self._shell.language))
            return
        lines: list[str] = []
        for room in rooms.values():
            lines += self._news(room)
        self._rooms = {number: one for number, one in rooms.items() if one.life == "live" or one.waits_since}
        if self._number not in self._rooms:
            self._number = next(iter(self._rooms), 0)
        self._prompt()
        if lines:
            self._line.show(*lines)
        else:
            self._line.draw()

    def _news(self, room: Room) -> list[str]:
        before, seen = self._rooms.get(room.number), self._seen.setdefault(room.number, set())
        messages = visible(room.ticket, room.ticket.requester.address)
        fresh = [one for one in messages if one.key not in seen]
        seen.update(one.key for one in room.ticket.messages)
        lines = []
        if before is None:
            lines.append(self._say("new", number=room.number, name=name_of(room), subject=safe(room.ticket.subject)))
        elif before.life == "live" != room.life:
            lines.append(self._say("over", number=room.number, name=name_of(room)))
        elif before.here != room.here:
            lines.append(self._say("came" if room.here else "went", number=room.number, name=name_of(room)))
        lines += said_lines(room, fresh, self._shell.language, self._zone)
        if lines and (before is None or any(one.direction == "in" for one in fresh)):
            lines[0] = BELL + lines[0]
        return lines

    def _prompt(self) -> None:
        room = self._rooms.get(self._number)
        if room is None:
            self._line.prompt = self._say("idle")
            return
        others = sum(one.waits_since is not None for one in self._rooms.values() if one is not room)
        prompt = self._say("now", number=room.number, name=name_of(room)) + (self._say("types") if room.types else "")
        self._line.prompt = shortened(prompt + (self._say("others", count=others) if others else ""), 60) + "> "

    # --- what is typed ---

    def _do(self, entered: str) -> None:
        word, _, rest = entered.strip().partition(" ")
        try:
            self._carry_out(word, rest.strip(), entered.strip())
        except Objected as objected:
            lines = [objection_line(one, self._shell.language) for one in objected.objections]
            self._line.show(*lines, self._say("again"))
        except TicketctlError as error:
            self._held = None
            self._line.show(error_line(error, self._shell.language))

    def _carry_out(self, word: str, rest: str, entered: str) -> None:
        if not entered:
            if self._held:
                self._send(self._held)
            return
        self._held = None
        commands: dict[str, Callable[[str], None]] = {
            "/help": lambda _rest: self._line.show(*self._say("help").split("\n")),
            "/list": lambda _rest: self._list(),
            "/note": self._note,
            "/mail": lambda text: self._send(self._request(text, Addressing(via="mail"))),
            "/end": self._end,
        }
        if word in commands:
            commands[word](rest)
        elif word.startswith("/") and word[1:].lstrip("#").isdigit():
            self._go(int(word[1:].lstrip("#")))
        elif word.startswith("/") and len(word) > 1:
            self._snippet(word[1:])
        else:
            self._send(self._request(entered, Addressing()))

    def _go(self, number: int) -> None:
        if number not in self._rooms:
            raise Usage(self._say("no_such_room", number=number))
        self._number = number
        self._prompt()
        self._line.draw()

    def _list(self) -> None:
        rows = [room_line(one, self._shell.language, self._session.now) for one in self._rooms.values()]
        self._line.show(*(rows or [self._say("nobody")]))

    def _chosen(self) -> int:
        if not self._number:
            raise Usage(self._say("no_room"))
        return self._number

    def _request(self, text: str, asked: Addressing) -> ReplyRequest:
        number = self._chosen()
        if not text:
            raise Usage(self._say("no_text"))
        return ReplyRequest(ticket=number, text=text, seen=frozenset(self._seen[number]), asked=asked, promise="auto")

    def _send(self, request: ReplyRequest) -> None:
        try:
            done = reply(self._session, request)
        except Objected as objected:
            codes = request.accept | {one.code for one in objected.objections}
            self._held = replace(request, accept=codes)
            raise
        self._held = None
        sent = done.value.after.messages[-1]
        self._seen[request.ticket].update(one.key for one in done.value.after.messages)
        if sent.channel == "email":
            to = ", ".join(one.address for one in sent.to)
            self._line.show(self._say("mailed", number=request.ticket, address=to))
        else:
            room = self._rooms[request.ticket]
            self._line.show(*said_lines(room, [sent], self._shell.language, self._zone))

    def _snippet(self, name: str) -> None:
        number = self._chosen()
        asked = ReplyRequest(ticket=number, snippet=name, promise="auto", accept=frozenset({"someone_writing"}))
        request = start(self._session, asked).request
        self._held = replace(request, seen=frozenset(self._seen[number]))
        self._line.show(*self._say("draft", text=safe(request.text)).split("\n"))

    def _note(self, text: str) -> None:
        request = self._request(text, Addressing())
        write_note(self._session, WriteNote(tickets=(request.ticket,), text=text))
        self._line.show(self._say("noted", number=request.ticket))

    def _end(self, rest: str) -> None:
        number = self._chosen()
        words = rest.split()
        fields = dict(one.split("=", 1) for one in words if "=" in one)
        cause = " ".join(one for one in words if "=" not in one)
        for one in close(self._session, Close(tickets=(number,), cause=cause, fields=fields)):
            if isinstance(one, Failed):
                raise one.error
        self._rooms.pop(number, None)
        self._number = next(iter(self._rooms), 0)
        self._prompt()
        self._line.show(self._say("closed", number=number))
