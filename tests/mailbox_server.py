"""A small IMAP server that is good but for what a test wants: some mails it does not give, or lists strangely."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tests.servers import Scripted

DATE = '"20-Nov-2026 09:00:00 +0000"'


class HungUp(OSError):
    pass


def skip(uid: int, raw: bytes) -> bytes:
    return b""


def nil(uid: int, raw: bytes) -> bytes:
    return f"* {uid} FETCH (UID {uid} BODY[] NIL)\r\n".encode()


def empty(uid: int, raw: bytes) -> bytes:
    return f'* {uid} FETCH (UID {uid} BODY[] "")\r\n'.encode()


def bare(uid: int, raw: bytes) -> bytes:
    return f"* {uid} FETCH (UID {uid})\r\n".encode()


def quoted(uid: int, raw: bytes) -> bytes:
    text = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\r\n", b"\n")
    return f'* {uid} FETCH (BODY[] "'.encode() + text.replace(b"\n", b" ") + f'" UID {uid})\r\n'.encode()


def no(uid: int, raw: bytes) -> bytes:
    return b"!NO [SERVERBUG] message cannot be rendered"


def bad(uid: int, raw: bytes) -> bytes:
    return b"!BAD internal error"


def bye(uid: int, raw: bytes) -> bytes:
    return b"!BYE"


def hang_up(uid: int, raw: bytes) -> bytes:
    raise HungUp


def too_long(uid: int, raw: bytes) -> bytes:
    """A literal that says it is longer than it is, after which nothing comes."""
    return f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw) + 50_000}}}\r\n".encode() + raw + b")\r\n"


def too_short(uid: int, raw: bytes) -> bytes:
    return f"* {uid} FETCH (UID {uid} BODY[] {{3}}\r\n".encode() + raw + b")\r\n"


def giant(uid: int, raw: bytes) -> bytes:
    """A hundred times what was announced."""
    return f"* {uid} FETCH (UID {uid} BODY[] {{30000000}}\r\n".encode() + b"x" * 30_000_000 + b")\r\n"


def flood(uid: int, raw: bytes) -> bytes:
    """Lines that nobody asked for."""
    return b"* OK still here\r\n" * 200_000


def given(uid: int, raw: bytes) -> bytes:
    return f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"


Answer = Callable[[int, bytes], bytes]


def listed(uid: int, raw: bytes) -> str:
    return f"(UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE {DATE})"


class Mailbox:
    """`mails` are its mails by UID; `answers` what it answers for some of them, `lists` how it lists one. `search` is
    whether it knows SEARCH, "by lines": it answers with a line for each mail; `texts` are what it answers to a
    command instead, with %TAG%, and %LOGIN% for what the client said to log in."""

    def __init__(
        self,
        mails: Mapping[int, bytes],
        answers: Mapping[int, Answer] | None = None,
        *,
        lists: Callable[[int, bytes], str] = listed,
        fetch_word: str = "FETCH",
        search: bool | str = True,
        texts: Mapping[str, bytes] | None = None,
        folders: Mapping[str, Mapping[int, bytes]] | None = None,
        capabilities: str = "IMAP4rev1",
        validity: int = 5,
    ) -> None:
        self.folders = {"INBOX": dict(mails), **{name: dict(there) for name, there in (folders or {}).items()}}
        self.answers = dict(answers or {})
        self.lists, self.fetch_word, self.search, self.texts = lists, fetch_word, search, dict(texts or {})
        self.capabilities, self.validity = capabilities, validity
        self.logins = 0
        self.login = b""  # the line that a client logged in with
        self.asked: list[str] = []  # UIDs of each FETCH of bodies
        self._server = Scripted(self._script)
        self.port = self._server.port

    @property
    def heard(self) -> bytes:
        return b"".join(self._server.heard)

    def close(self) -> None:
        self._server.close()

    def _script(self, send: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        send(b"* OK ready\r\n")
        folder: Mapping[int, bytes] = {}
        while line := hear():
            tag, command, *rest = line.decode().split(None, 2)
            command = command.upper()
            if command == "AUTHENTICATE":
                send(b"+ \r\n")
                self.login = hear().strip()
            elif command == "LOGIN":
                self.login = line.strip()
            if command in self.texts:
                send(self.texts[command].replace(b"%TAG%", tag.encode()).replace(b"%LOGIN%", self.login))
                continue
            untagged, end = "", "OK done"
            if command == "CAPABILITY":
                untagged = f"* CAPABILITY {self.capabilities}\r\n"
            elif command in ("LOGIN", "AUTHENTICATE"):
                self.logins += 1
            elif command == "LIST":
                untagged = "".join(f'* LIST (\\HasNoChildren) "/" "{name}"\r\n' for name in self.folders)
            elif command in ("EXAMINE", "SELECT"):
                name = rest[0].strip().strip('"')
                if name in self.folders:
                    folder = self.folders[name]
                    untagged = f"* {len(folder)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n"
                else:
                    end = "NO no such folder"
            elif command == "UID":
                end = self._uid(send, rest[0], folder)
            send(f"{untagged}{tag} {end}\r\n".encode())
            if command == "LOGOUT":
                return

    def _uid(self, send: Callable[[bytes], None], what: str, folder: Mapping[int, bytes]) -> str:
        if what.startswith("SEARCH"):
            lines = [[uid] for uid in folder] if self.search == "by lines" else [list(folder)]
            send(b"".join(f"* SEARCH {' '.join(map(str, one))}\r\n".encode() for one in lines) if self.search else b"")
            return "OK done" if self.search else "BAD unknown"
        wanted = _wanted(what.split()[1], folder)
        if "BODY" not in what:
            for place, uid in enumerate(wanted, 1):
                send(f"* {place} {self.fetch_word} {self.lists(uid, folder[uid])}\r\n".encode())
            return "OK done"
        self.asked.append(what.split()[1])
        for uid in wanted:
            answer = self.answers.get(uid, given)(uid, folder[uid])
            if answer == b"!BYE":
                send(b"* BYE going away\r\n")
                raise HungUp
            if answer.startswith(b"!"):
                return answer[1:].decode()
            if self.fetch_word != "FETCH":
                answer = answer.replace(b"FETCH", self.fetch_word.encode(), 1)
            send(answer)
        return "OK done"


def _wanted(numbers: str, folder: Mapping[int, bytes]) -> list[int]:
    if match := re.fullmatch(r"(\d+):\*", numbers):
        above = [uid for uid in folder if uid >= int(match[1])]
        return above or list(folder)[-1:]
    return [int(one) for one in numbers.split(",") if int(one) in folder]
