"""Telegram by polling, against a server of ours that follows the Bot API's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.conftest import Office
from tests.telegram_server import TOKEN, Telegram, telegram
from ticketctl.channels.chats.telegram import TelegramBot
from ticketctl.domain.config import TelegramSource
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.channels import Place


@pytest.fixture
def server() -> Iterator[Telegram]:
    with telegram() as server:
        yield server


class Desk:
    def __init__(self, office: Office, server: Telegram) -> None:
        self.office = office
        self.now = office.now = datetime.fromtimestamp(1_795_160_100, UTC)
        rules = office.folder / "rules.yaml"
        rules.write_text(
            f"{rules.read_text()}sources:\n  - {{name: bot, telegram: {{server: '{server.address}', "
            f"token_command: 'echo {TOKEN}'}}}}\n",
            encoding="utf-8",
        )

    def fetch(self, code: int = 0) -> str:
        return self.office.run("fetch", code=code).output

    def tickets(self) -> list[Ticket]:
        with self.office.store.reading() as desk:
            return sorted(desk.find(archive=True, texts=True), key=lambda one: one.number)

    def texts(self) -> list[str]:
        return [one.text for ticket in self.tickets() for one in ticket.messages if one.direction == "in"]


@pytest.fixture
def desk(office: Office, server: Telegram) -> Desk:
    return Desk(office, server)


def test_a_chat_is_a_conversation_and_the_answer_comes_back_into_it(desk: Desk, server: Telegram) -> None:
    server.says("/start")
    first = server.says("Hej! Lampan lyser inte.")
    desk.fetch()
    (ticket,) = desk.tickets()
    assert (ticket.channel, ticket.requester.address, ticket.requester.name) == ("telegram", "@7:telegram", "Åsa Öberg")
    desk.office.run("reply", 1, "--text", "Sitter den i?", "--no-check")
    desk.office.run("send")
    (said,) = server.sent
    assert (said["chat_id"], said["text"], said["reply_parameters"]["message_id"]) == (70, "Sitter den i?", first)
    server.says("Ja, men den är mörk.")
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [(one.direction, one.text) for one in ticket.messages] == [
        ("in", "Hej! Lampan lyser inte."), ("out", "Sitter den i?"), ("in", "Ja, men den är mörk."),
    ]  # fmt: skip
    assert ticket.messages[1].delivery == "sent"


def test_a_new_matter_is_a_new_ticket_and_so_is_another_person(desk: Desk, server: Telegram) -> None:
    server.says("Ett")
    server.says("/new Två")
    server.says("Tre", user=8, chat=-500)
    server.says("Fyra", user=7, chat=-500)
    desk.fetch()
    assert [[one.text for one in ticket.messages] for ticket in desk.tickets()] == [["Ett"], ["Två"], ["Tre"], ["Fyra"]]


STEPS = (
    "channels.chats.telegram.TelegramBot._said",
    "usecases.intake.fetch_run.parse_fetched",
    "usecases.intake.file_message.MessageFiler.file",
    "usecases.intake.file_message.MessageFiler.save",
    "usecases.intake.fetch_run.note_progress",
    "usecases.intake.after_commit.AfterCommit.note",
    "usecases.intake.fetch_run._note_run",
)


@pytest.mark.parametrize("step", STEPS)
def test_telegram_forgets_only_what_is_committed(
    desk: Desk, server: Telegram, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed before the commit, the same comes again; after it, nothing does."""
    for number in range(50):
        server.says(f"Rad {number}")
    with monkeypatch.context() as broken:
        broken.setattr(f"ticketctl.{step}", _die)
        assert desk.office.invoke("fetch").exit_code != 0
    assert len(desk.texts()) == (50 if step == STEPS[-1] else 0) and len(server.updates) == 50
    desk.fetch()
    assert desk.texts() == [f"Rad {number}" for number in range(50)]
    desk.fetch()
    assert server.updates == [] and len(desk.texts()) == 50


def _die(*_given: Any) -> None:
    raise KeyboardInterrupt


def test_two_programs_that_read_one_bot_are_told_of(desk: Desk, server: Telegram) -> None:
    server.says("Hej")
    server.polled_twice = True
    told = desk.fetch(code=8)
    assert "another program reads this bot's messages" in told and TOKEN not in told
    assert len([one for one in server.http.requests if one.path.endswith("getUpdates")]) == 1
    server.polled_twice = False
    desk.fetch()
    assert desk.texts() == ["Hej"]


def test_an_edit_is_the_same_message(desk: Desk, server: Telegram) -> None:
    number = server.says("Lampan lsyer inte.")
    desk.fetch()
    server.edits(number, "Lampan lyser inte.")
    server.edits(number, "Annans ord.", user=8)
    desk.fetch()
    (ticket,) = desk.tickets()[:1]
    assert [one.text for one in ticket.messages] == ["Lampan lyser inte."]


def test_other_bots_are_not_answered(desk: Desk, server: Telegram) -> None:
    server.says("Jag är en bot", **{"from": {"id": 9, "is_bot": True, "first_name": "Bot"}})
    desk.fetch()
    assert desk.tickets() == []
    desk.fetch()
    assert server.updates == []


@pytest.mark.parametrize("batches", [(10,), (4, 6), (3, 3, 4)])
def test_an_album_is_one_message(desk: Desk, server: Telegram, batches: tuple[int, ...]) -> None:
    """Its pictures come in several calls: who reads waits a moment for the rest, and has committed nothing before."""
    names = iter(range(10))
    now = 1_795_160_000

    def more(count: int) -> None:
        for _ in range(count):
            number = next(names)
            caption = {"caption": "Så ser den ut"} if number == 0 else {}
            photo = server.photo(f"p{number}", bytes([number]) * 10)
            server.says(photo=photo, media_group_id="a1", date=now, **caption)

    left = list(batches[1:])
    more(batches[0])
    server.says("Mitt emellan", user=8, chat=80, date=now)
    source = TelegramSource(name="bot", server=server.address)
    bot = TelegramBot(
        source, environ={"TICKETCTL_PASSWORD_BOT": TOKEN}, clock=lambda: now + 0.5,
        pause=lambda _seconds: more(left.pop(0)) if left else None,
    )  # fmt: skip
    server.says(photo=server.photo("last", b"x"), media_group_id="b2", user=9, chat=90, date=now)
    list(bot.fetch({}))  # killed before the commit
    found = [one for one in bot.fetch({}) if not one.mark]
    app = desk.office.session("alice").app
    taken = replace(desk.office.session("alice"), app=replace(app, open_source=lambda _app, _name: _Given(found)))
    from ticketctl.usecases.intake.fetch_run import take_in
    from ticketctl.usecases.intake.import_progress import Span
    from ticketctl.usecases.intake.result import FetchResult

    take_in(
        taken, [taken.source("bot")], [FetchResult(source="bot")], span=Span(), progress=lambda _count, _expected: None
    )
    album = next(one for one in desk.tickets() if one.messages[0].text == "Så ser den ut")
    assert len(album.messages[0].attachments) == 10


class _Given:
    """A source of what was read."""

    name, expected, waits, undecided, settles = "bot", 0, False, (), ""

    def __init__(self, found: list[Any]) -> None:
        self._found = found

    def mailboxes(self) -> list[str]:
        return ["bot"]

    def old_mail(self, *_given: object) -> list[Any]:
        return []

    def fetch(self, _places: dict[str, Place]) -> Iterator[Any]:
        yield from self._found

    def acknowledge(self, _messages: object) -> None: ...
    def close(self) -> None: ...


def test_no_place_is_behind_an_album_that_is_not_whole(server: Telegram) -> None:
    now = 1_795_160_000
    server.says(photo=server.photo("a", b"a"), media_group_id="a1", date=now)
    server.says("Mitt emellan", user=8, chat=80, date=now)
    server.says(photo=server.photo("b", b"b"), media_group_id="a1", date=now)
    source = TelegramSource(name="bot", server=server.address)
    bot = TelegramBot(source, environ={"TICKETCTL_PASSWORD_BOT": TOKEN}, clock=lambda: now + 60.0)
    assert [one.uid for one in bot.fetch({})] == [1000, 1003]


def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(desk: Desk, server: Telegram) -> None:
    server.says("Före flytten", chat=-500)
    desk.fetch()
    server.migrated = {-500: -100777}
    server.says(chat=-500, migrate_to_chat_id=-100777)
    desk.office.run("reply", 1, "--text", "Svar", "--no-check")
    server.says("Efter flytten", chat=-100777)
    desk.office.run("send")
    assert [(one["chat_id"], one["text"]) for one in server.sent] == [(-100777, "Svar")]
    desk.fetch()
    (ticket,) = desk.tickets()
    assert [one.text for one in ticket.messages] == ["Före flytten", "Svar", "Efter flytten"]
    server.says("Senare", chat=-100777)
    desk.fetch()
    assert len(desk.tickets()) == 1


def test_a_flood_limit_waits_and_a_blocked_bot_is_told_of(desk: Desk, server: Telegram) -> None:
    server.says("Hej")
    desk.fetch()
    server.refuse = [(429, {"retry_after": 30})]
    for text in ("Ett", "Två"):
        desk.office.invoke("reply", 1, "--text", text, "--no-check")
    assert [one["text"] for one in server.sent] == ["Två"]  # a later run is not held up by the chat of an earlier one
    desk.office.now += timedelta(minutes=10)
    desk.office.run("send")
    assert [one["text"] for one in server.sent] == ["Två", "Ett"]
    server.refuse = [(403, {})]
    desk.office.invoke("reply", 1, "--text", "Tre", "--no-check")
    told = desk.office.invoke("send").output
    assert TOKEN not in told
    assert desk.tickets()[0].messages[-1].delivery == "failed"


def test_files_go_both_ways(desk: Desk, server: Telegram) -> None:
    server.files["doc"] = b"%PDF-1.4"
    server.says(document={"file_id": "doc", "file_name": "kvitto.pdf", "mime_type": "application/pdf", "file_size": 8})
    server.says(document={"file_id": "x", "file_name": "film.mp4", "file_size": 30_000_000})
    desk.fetch()
    (ticket,) = desk.tickets()
    (kept,) = ticket.messages[0].attachments
    assert (kept.name, kept.type, kept.size) == ("kvitto.pdf", "application/pdf", 8)
    assert "too large" in " ".join(ticket.messages[1].nature)
    answer = desk.office.folder / "svar.txt"
    answer.write_text("Så här", encoding="utf-8")
    desk.office.run("reply", 1, "--text", "Se filen", "--attach", answer, "--no-check")
    desk.office.run("send")
    assert server.sent[0]["text"] == "Se filen"
    assert b'filename="svar.txt"' in server.sent[1]["document"] and "Så här".encode() in server.sent[1]["document"]


def test_a_long_answer_goes_in_pieces_in_order(desk: Desk, server: Telegram) -> None:
    server.says("Hej")
    desk.fetch()
    text = "\n".join(f"Rad {number} med några ord till och 😀" for number in range(300))
    desk.office.run("reply", 1, "--text", text, "--no-check")
    desk.office.run("send")
    assert max(len(one["text"].encode("utf-16-le")) // 2 for one in server.sent) <= 4096
    assert "\n".join(one["text"] for one in server.sent) == text


def test_nothing_is_left_of_who_is_erased(desk: Desk, server: Telegram) -> None:
    server.says("Hej, jag heter Åsa Öberg", user=777, chat=70777)
    desk.fetch()
    desk.office.run("reply", 1, "--text", "Svar", "--no-check")
    desk.office.run("person", "erase", "@777:telegram", "--files", "keep", "--yes")
    kept = [one.read_bytes() for one in desk.office.folder.rglob("*") if one.is_file()]
    assert not [data for data in kept for word in ("@777", "70777", "Åsa") if word.encode() in data]


def test_the_token_is_nowhere(desk: Desk, server: Telegram) -> None:
    server.says("Hej")
    desk.fetch()
    server.refuse = [(500, {"description": TOKEN})] * 3
    desk.office.invoke("reply", 1, "--text", "Svar", "--no-check")
    told = [desk.office.invoke("send").output, desk.office.invoke("doctor").output, desk.office.say("outbox")]
    server.http.answer = lambda asked: (401, asked.path.encode())
    told.append(desk.fetch(code=8))
    rules = desk.office.folder / "rules.yaml"
    kept = [one.read_bytes() for one in desk.office.folder.rglob("*") if one.is_file() and one.suffix != ".yaml"]
    assert TOKEN in rules.read_text() and not [one for one in told if TOKEN in one]
    assert not [one for one in kept if b"kanariatoken" in one and b"token_command" not in one]
