"""`reply`: what reaches the customer, what the ticket says afterwards, and that no word that was written gets lost."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import strict
from pathlib import Path

import pytest

from tests.conftest import ROOT, Office
from tests.growth import HANG
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

BO = Person("bo@exempel.example", "bo")


def sent(office: Office) -> list[EmailMessage]:
    """The mails that left, oldest first."""
    found = []
    for path in (office.folder / "data" / "sent" / "new").glob("*"):
        message = message_from_bytes(path.read_bytes(), policy=strict)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return sorted(found, key=lambda message: str(message["Date"]))


def wrote(office: Office, number: int, text: str, **fields: object) -> None:
    """The customer, or a colleague, writes on the ticket."""

    def decide(ticket: Ticket) -> Ticket:
        given = {"direction": "in", "kind": "message", "sender": ticket.requester, "at": office.now, **fields}
        act = Act(str(given.get("author", "")) or "system", office.now, "")
        new = Message(key=ticket.next_key(), text=text, **given)
        return ticket.receive(act, new) if new.direction == "in" else ticket.write(act, new)

    office.change(number, decide)


def test_a_reply_reaches_the_customer_and_the_ticket_waits(office: Office) -> None:
    office.make(17, subject="Var är min beställning?")
    told = office.say("reply", 17, "--text", "Hej Åsa!\n\nDen kommer i morgon.", "--send")
    assert told == "#17: reply sent to åsa@kund.example; waits until Fri 2026-11-27 10:00; it is yours now\n"
    (mail,) = sent(office)
    assert mail["Subject"] == "SV: Var är min beställning?"
    assert mail["To"] == "Åsa Öberg <åsa@kund.example>"
    assert mail["From"] == "Exempel support <support@exempel.example>"
    assert (mail["In-Reply-To"], mail["References"]) == ("<17@kund.example>", "<17@kund.example>")
    assert mail.get_content() == "Hej Åsa!\n\nDen kommer i morgon.\n"
    assert "Auto-Submitted" not in mail
    ticket = office.get(17)
    assert (ticket.status, ticket.assignee) == ("waiting", "alice")
    assert ticket.wake_at == office.now + timedelta(days=7)
    reply = ticket.messages[-1]
    assert (reply.delivery, reply.author, reply.delivered_at) == ("sent", "alice", office.now)
    assert f"<{reply.message_id}>" == mail["Message-ID"]
    assert office.say("send", "--list") == "the outbox is empty\n"


def test_the_second_reply_refers_to_the_whole_conversation(office: Office) -> None:
    office.make(17)
    office.run("reply", 17, "--text", "Vilken adress?", "--send")
    first = office.get(17).messages[-1].message_id
    wrote(office, 17, "Storgatan 1", message_id="svar@kund.example", references=("17@kund.example", first))
    office.now += timedelta(hours=1)
    office.run("reply", 17, "--text", "Tack!", "--send")
    mail = sent(office)[-1]
    assert mail["In-Reply-To"] == "<svar@kund.example>"
    assert mail["References"].split() == ["<17@kund.example>", f"<{first}>", "<svar@kund.example>"]


def test_an_english_customer_is_answered_with_re(office: Office) -> None:
    office.make(17, subject="Re: SV: Where is my order? [#17]", language="en")
    office.run("reply", 17, "--text", "On its way.", "--send")
    assert sent(office)[0]["Subject"] == "Re: Where is my order?"


def test_without_a_terminal_it_leaves_at_once_too(office: Office) -> None:
    office.make(17)
    assert "reply sent to åsa@kund.example" in office.say("reply", 17, "--text", "Hej")
    assert len(sent(office)) == 1
    assert office.get(17).messages[-1].delivery == "sent"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--wait", "5d"], "2026-11-27T09:00:00+00:00"),
        (["--wait", "calendar 2d"], "2026-11-22T09:00:00+00:00"),
        (["--until", "2026-12-01"], "2026-12-01T07:00:00+00:00"),
        (["--wait", "i morgon 9"], "2026-11-21T08:00:00+00:00"),
        (["--until", "next week"], "2026-11-23T07:00:00+00:00"),
    ],
)
def test_wait_says_when_it_comes_back(office: Office, words: list[str], expected: str) -> None:
    office.make(17)
    office.run("reply", 17, "--text", "Hej", *words)
    assert office.get(17).wake_at == datetime.fromisoformat(expected)


def test_stay_open_and_close(office: Office) -> None:
    office.make(17)
    assert "; stays open" in office.say("reply", 17, "--text", "Hej", "--stay-open")
    assert office.get(17).status == "open"
    told = office.trouble("reply", 17, "--text", "Klart", "--close", code=5)
    assert "category" in told
    assert len(office.get(17).messages) == 2
    office.run("set", 17, "category=faktura")
    office.run("reply", 17, "--text", "Klart", "--close", "--cause", "leverans", "--lesson", "Säg frakttiden.")
    ticket = office.get(17)
    assert (ticket.status, ticket.cause, ticket.lesson) == ("closed", "leverans", "Säg frakttiden.")


@pytest.mark.parametrize(
    "words",
    [["--send", "--draft"], ["--wait", "5d", "--stay-open"], ["--wait", "soon"], ["--cause", "leverans"],
     ["--close", "--cause", "okänd"], ["--snippet", "mottaget"], ["--cc", "<>"], ["--attach", "/nonexistent"]],
)  # fmt: skip
def test_what_does_not_fit_together_changes_nothing(office: Office, words: list[str]) -> None:
    before = office.make(17)
    office.run("reply", 17, "--text", "Hej", *words, code=2)
    assert office.get(17) == before


def test_copies_and_attachments(office: Office, tmp_path: Path) -> None:
    office.make(17, participants=(Person("bror@kund.example", "Brodern"), Person("support@exempel.example")))
    file = tmp_path / "kvitto åäö.pdf"
    file.write_bytes(b"%PDF" + bytes(range(256)))
    office.run("reply", 17, "--text", "Hej", "--to-all", "--cc", "Eva <eva@bücher.example>", "--attach", file, "--send")
    (mail,) = sent(office)
    assert [one.addr_spec for one in mail["Cc"].addresses] == ["eva@xn--bcher-kva.example", "bror@kund.example"]
    (part,) = mail.iter_attachments()
    assert (part.get_filename(), part.get_payload(decode=True)) == ("kvitto åäö.pdf", file.read_bytes())
    (attachment,) = office.get(17).messages[-1].attachments
    assert office.store.blobs.get(attachment.sha256) == file.read_bytes()


def test_a_text_that_speaks_of_an_attachment_needs_one(office: Office, tmp_path: Path) -> None:
    office.make(17)
    before = office.get(17)
    trouble = office.trouble("reply", 17, "--text", "Hej! Jag bifogar kvittot.", code=5)
    assert "“bifogar”" in trouble and "--no-attachment" in trouble
    assert (office.get(17), sent(office)) == (before, [])
    office.run("reply", 17, "--text", "Hej! Jag bifogar kvittot.", "--no-attachment")
    file = tmp_path / "kvitto.txt"
    file.write_text("100 kr", encoding="utf-8")
    office.run("reply", 17, "--text", "Please find attached the receipt.", "--attach", file)
    assert len(sent(office)) == 2
    office.run("reply", 17, "--text", "Hej", "--attach", file, "--no-attachment", code=2)


def test_what_came_on_standard_input_is_kept(office: Office) -> None:
    office.make(17)
    office.run("reply", 17, "--text", "-", stdin="Kvittot är bifogat.\n", code=5)
    assert sent(office) == []
    assert "nothing is attached" in office.trouble("reply", 17, "--send", code=5), "the draft is looked at too"
    office.run("reply", 17, "--send", "--no-attachment")
    assert [one.get_content() for one in sent(office)] == ["Kvittot är bifogat.\n"]


def test_a_participant_who_asked_last_is_answered_too(office: Office) -> None:
    brother = Person("bror@kund.example", "Brodern")
    office.make(17, participants=(brother, Person("granne@kund.example")))
    wrote(office, 17, "Hur går det?", sender=brother)
    assert "åsa@kund.example, bror@kund.example" in office.say("reply", 17, "--text", "Bra", "--send")
    wrote(office, 17, "Hej, jag är en främling", sender=Person("okand@annan.example"))
    assert "sent to åsa@kund.example;" in office.say("reply", 17, "--text", "Bra", "--send")


def test_a_snippet_answers_in_the_customers_language(office: Office) -> None:
    office.make(17, language="sv")
    office.run("reply", 17, "--snippet", "mer-information", "--send")
    text = sent(office)[0].get_content()
    assert "Åsa" in text
    assert text == office.get(17).messages[-1].text.rstrip() + "\n"


def test_who_cannot_be_answered(office: Office) -> None:
    office.make(1, requester=Person("", "070-123 45 67"))
    assert "no mail address" in office.trouble("reply", 1, "--text", "Hej", code=5)
    office.make(2)
    office.run("close", 2, "--set", "category=faktura")
    assert "`ticketctl reopen 2`" in office.trouble("reply", 2, "--text", "Hej", code=5)
    office.make(3)
    office.make(4)
    office.run("merge", 3, "--into", 4)
    assert "merged into #4; reply there" in office.trouble("reply", 3, "--text", "Hej", code=5)
    office.make(5)
    assert "your text was" not in office.trouble("reply", 5, "--text", "Hej", user="vera", code=5)
    office.run("reply", 5, stdin="  \n", code=5)
    office.run("reply", 99, "--text", "Hej", code=4)
    assert sent(office) == []


def test_json_has_the_ticket_and_the_message(office: Office) -> None:
    office.make(17)
    answer = json.loads(office.say("reply", 17, "--text", "Hej", "--send", "--json"))
    assert (answer["number"], answer["status"]) == (17, "waiting")
    assert (answer["message"]["delivery"], answer["message"]["text"]) == ("sent", "Hej")


# --- drafts ---


def test_a_draft_is_kept_and_sent_later(office: Office) -> None:
    office.make(17)
    assert "draft kept; it is yours now" in office.say("reply", 17, "--draft", "--text", "Utkast")
    ticket = office.get(17)
    assert (ticket.messages[-1].delivery, ticket.status) == ("draft", "open")
    office.run("send")
    assert sent(office) == []
    assert "yours" not in office.say("reply", 17, "--send")
    assert [mail.get_content() for mail in sent(office)] == ["Utkast\n"]
    assert [message.delivery for message in office.get(17).messages] == ["", "sent"]


def test_a_draft_older_than_the_customers_last_words_is_not_sent_unread(office: Office) -> None:
    office.make(17)
    office.run("reply", 17, "--draft", "--text", "Vi skickar en ny.")
    wrote(office, 17, "Glöm det, jag hittade den!")
    assert "Åsa" in office.trouble("reply", 17, "--send", code=5)
    assert sent(office) == []
    assert [one.text for one in office.get(17).messages if one.delivery == "draft"] == ["Vi skickar en ny."]


def test_a_draft_keeps_who_gets_copies_and_when_the_ticket_comes_back(office: Office) -> None:
    office.make(17, participants=(Person("bror@kund.example", "Brodern"),))
    office.run("reply", 17, "--draft", "--text", "Utkast", "--cc", "eva@kund.example", "--to-all", "--wait", "5d")
    assert "eva@kund.example, Brodern <bror@kund.example>" in office.say("show", 17)
    office.run("reply", 17, "--draft", stdin="")  # written again as it is: nothing is forgotten
    office.run("reply", 17, "--send", "--cc", "ny@kund.example")
    (mail,) = sent(office)
    assert [one.addr_spec for one in mail["Cc"].addresses] == [
        "eva@kund.example", "bror@kund.example", "ny@kund.example"
    ]  # fmt: skip
    assert office.get(17).wake_at == datetime.fromisoformat("2026-11-27T09:00:00+00:00")


@pytest.mark.parametrize(
    ("drafted", "now", "wakes"),
    [("--stay-open", [], None), ("--stay-open", ["--wait", "calendar 2d"], 2), ("--wait=5d", ["--stay-open"], None)],
)
def test_what_is_said_when_a_draft_is_sent_counts_more(
    office: Office, drafted: str, now: list[str], wakes: int | None
) -> None:
    office.make(17)
    office.run("reply", 17, "--draft", "--text", "Utkast", drafted)
    office.run("reply", 17, "--send", *now)
    assert office.get(17).wake_at == (wakes and office.now + timedelta(days=wakes))


# --- several tickets ---


def test_each_of_several_is_answered_and_one_refused_does_not_stop_the_others(office: Office) -> None:
    for number in (1, 2, 3):
        office.make(number, requester=Person(f"kund{number}@kund.example"))
    office.run("close", 2, "--set", "category=faktura")
    told = office.run("reply", "2-3", 9, "#1", "--text", "Det är lagat nu.", code=5)
    assert [line.split(";")[0] for line in told.stdout.splitlines()] == [
        "#3: reply sent to kund3@kund.example",
        "#1: reply sent to kund1@kund.example",
    ]
    assert "#2 is closed" in told.stderr and "#9" in told.stderr
    assert sorted(mail["To"] for mail in sent(office)) == ["kund1@kund.example", "kund3@kund.example"]
    assert office.get(2).messages[-1].direction == "in"


def test_several_from_standard_input_and_with_a_snippet(office: Office) -> None:
    for number, language in ((1, "sv"), (2, "en")):
        office.make(number, language=language)
    office.run("reply", "-", "--snippet", "mer-information", "--queue", stdin="1\n2\n")
    first, second = (office.get(number).messages[-1] for number in (1, 2))
    assert (first.delivery, second.delivery) == ("queued", "queued")
    assert "Åsa" in first.text and first.text != second.text
    office.run("reply", "1-2", "--text", "-", stdin="Ur en fil.")
    assert [office.get(number).messages[-1].text for number in (1, 2)] == ["Ur en fil.", "Ur en fil."]


@pytest.mark.parametrize(
    ("words", "stdin"), [(["1-2"], "Hej"), (["1-2", "--send"], ""), (["-", "--text", "-"], "1 2"), (["-"], "1")]
)
def test_several_need_a_text_that_is_not_asked_for(office: Office, words: list[str], stdin: str) -> None:
    before = [office.make(number) for number in (1, 2)]
    office.run("reply", *words, stdin=stdin, code=2)
    assert [office.get(number) for number in (1, 2)] == before


# --- on a terminal, in an editor ---


class Terminal:
    """`ticketctl` on a real terminal; its editor is a shell script that gets the file as $1."""

    def __init__(self, office: Office, tmp_path: Path, script: str, *args: object) -> None:
        editor = tmp_path / "redigerare"
        editor.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        editor.chmod(0o755)
        env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT), "VISUAL": f"'{editor}'", "NO_COLOR": "1"}
        self.master, slave = os.openpty()
        command = [sys.executable, "-m", "ticketctl", *map(str, args)]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        self.output = ""

    def until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + HANG
        while not done():
            assert time.monotonic() < end, self.output
            if select.select([self.master], [], [], 0.02)[0]:
                try:
                    self.output += os.read(self.master, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
                except OSError:  # the other end is closed
                    break

    def answer(self, prompt: str, words: str) -> None:
        self.until(lambda: prompt in self.output)
        os.write(self.master, words.encode() + b"\n")

    def end(self, code: int = 0) -> str:
        self.until(lambda: False)
        os.close(self.master)
        assert self.process.wait(HANG) == code, self.output
        return self.output

    def kill(self) -> None:
        """With its editor, which would wait for ever."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(HANG)


def typed(text: str) -> str:
    """A script that writes the text at the top of the file."""
    return f'printf \'%s\\n\' \'{text}\' | cat - "$1" > "$1.ny"; cat "$1.ny" > "$1"; rm "$1.ny"'


def test_the_editor_shows_the_conversation_and_sends_what_stands_above_the_line(office: Office, tmp_path: Path) -> None:
    office.make(17, text="Hej!\nVar är den?\x1b[2J")
    wrote(office, 17, "Intern: hon är arg.", direction="internal", kind="note", author="bo", sender=BO)
    seen = tmp_path / "visat"
    script = f"cp \"$1\" '{seen}'; {typed('# Rubrik' + chr(10) + 'Den är på väg.')}"
    told = Terminal(office, tmp_path, script, "reply", 17).end()
    assert "#17: reply sent to åsa@kund.example" in told
    assert sent(office)[0].get_content() == "# Rubrik\nDen är på väg.\n"
    shown = seen.read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in shown.split("\n") if line)
    assert "#   Var är den?^[[2J" in shown
    assert shown.index("Var är den?") < shown.index("Intern: hon är arg.")  # the customer's latest message first
    assert not list((office.folder / "data" / "drafts").iterdir())


@pytest.mark.parametrize(("word", "code", "mails"), [("y", 0, 1), ("n", 5, 0)])
def test_a_forgotten_attachment_is_asked_about(
    office: Office, tmp_path: Path, word: str, code: int, mails: int
) -> None:
    office.make(17)
    terminal = Terminal(office, tmp_path, typed("Se bilagan"), "reply", 17)
    terminal.answer("The text says “Se bilagan”, but nothing is attached. Send it all the same?", word)
    told = terminal.end(code)
    assert len(sent(office)) == mails
    assert mails or "your text is kept as a draft on #17" in told


def test_a_deleted_line_sends_no_internal_note(office: Office, tmp_path: Path) -> None:
    office.make(17)
    wrote(office, 17, "Intern: hon är arg.", direction="internal", kind="note", author="bo", sender=BO)
    Terminal(office, tmp_path, f"{typed('Hej Åsa')}; sed -i '/>8/d' \"$1\"", "reply", 17).end()
    assert sent(office)[0].get_content() == "Hej Åsa\n"


@pytest.mark.parametrize("script", ["true", "false", ': > "$1"', 'rm "$1"'])
def test_nothing_written_is_nothing_sent(office: Office, tmp_path: Path, script: str) -> None:
    before = office.make(17)
    assert "nothing was sent" in Terminal(office, tmp_path, script, "reply", 17).end(5)
    assert office.get(17) == before
    assert not list((office.folder / "data" / "drafts").iterdir())


def test_an_editor_that_fails_keeps_what_was_written(office: Office, tmp_path: Path) -> None:
    before = office.make(17)
    Terminal(office, tmp_path, f"{typed('Långt svar')}; exit 3", "reply", 17).end(5)
    assert office.get(17) == before
    (file,) = (office.folder / "data" / "drafts").iterdir()
    assert file.read_text(encoding="utf-8").startswith("Långt svar")
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("fields", "who"),
    [({}, "Åsa Öberg"), ({"direction": "out", "author": "bo", "sender": BO, "delivery": "queued"}, "bo")],
)
@pytest.mark.parametrize("go_on", [True, False])
def test_what_came_while_writing_is_shown_and_asked_about(
    office: Office, tmp_path: Path, fields: dict[str, object], who: str, go_on: bool
) -> None:
    office.make(17)
    here, go = tmp_path / "here", tmp_path / "go"
    script = f"touch '{here}'; while [ ! -e '{go}' ]; do sleep 0.02; done; {typed('Mitt svar')}"
    terminal = Terminal(office, tmp_path, script, "reply", 17)
    terminal.until(here.exists)
    wrote(office, 17, "Glöm det!", **fields)
    go.touch()
    terminal.answer("keep it as a draft (d)?", "s" if go_on else "d")
    told = terminal.end(0 if go_on else 5)
    assert "Glöm det!" in told
    assert who in told
    assert [mail.get_content() for mail in sent(office)] == (["Mitt svar\n"] if go_on else [])
    if not go_on:
        assert "kept as a draft" in told
        assert [one.text for one in office.get(17).messages if one.delivery == "draft"] == ["Mitt svar"]


def test_a_ticket_closed_while_writing_keeps_the_text_as_a_draft(office: Office, tmp_path: Path) -> None:
    office.make(17)
    here, go = tmp_path / "here", tmp_path / "go"
    script = f"touch '{here}'; while [ ! -e '{go}' ]; do sleep 0.02; done; {typed('Mitt svar')}"
    terminal = Terminal(office, tmp_path, script, "reply", 17, "--cc", "eva@kund.example", "--wait", "5d")
    terminal.until(here.exists)
    office.change(17, lambda ticket: ticket.close(Act("bo", office.now, "")))
    go.touch()
    assert "kept as a draft" in terminal.end(5)
    (draft,) = [one for one in office.get(17).messages if one.delivery == "draft"]
    assert (draft.text, [one.address for one in draft.cc], draft.wait) == ("Mitt svar", ["eva@kund.example"], "5d")


def test_a_draft_opens_in_the_editor_and_is_replaced(office: Office, tmp_path: Path) -> None:
    office.make(17)
    office.run("reply", 17, "--draft", "--text", "Utkast")
    Terminal(office, tmp_path, typed("Hej!"), "reply", 17, "--draft").end()
    assert [one.text for one in office.get(17).messages if one.delivery == "draft"] == ["Hej!\nUtkast"]
    Terminal(office, tmp_path, "true", "reply", 17).end()
    assert [mail.get_content() for mail in sent(office)] == ["Hej!\nUtkast\n"]


def test_when_the_store_refuses_the_text_stays_in_its_file(office: Office, tmp_path: Path) -> None:
    office.make(17)
    data = office.folder / "data"
    script = f"{typed('Dyrbara ord')}; echo skräp > '{data}/desk.json'"
    told = Terminal(office, tmp_path, script, "reply", 17).end(6)
    (file,) = (data / "drafts").iterdir()
    assert file.name in told.replace("\n", "")
    assert file.read_text(encoding="utf-8").startswith("Dyrbara ord")
