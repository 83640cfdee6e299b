"""`fetch` from an IMAP mailbox as it grows old: the first import, whether all of it is here,
what is done on the server afterwards, and watching it."""

from __future__ import annotations

import imaplib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest

from tests.growth import HANG
from tests.mails import simple
from tests.servers import PASSWORD, dovecot
from ticketctl.channels.email.imap import answers as imap_answers
from ticketctl.channels.email.imap.source import Imap
from ticketctl.usecases.intake import fetch_run as _intake
from ticketctl.usecases.intake import watch as _watch

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot
DAY = timedelta(days=1)
ACKNOWLEDGE = """
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""


class Mailbox:
    """A desk with one IMAP source, `support`, of an account of its own."""

    def __init__(self, office, server, user):
        self.office, self.server, self.user, self.count = office, server, user, 0
        self.rules = (office.folder / "rules.yaml").read_text(encoding="utf-8") + ACKNOWLEDGE
        self.configure()

    def configure(self, **more):
        source = {"host": "127.0.0.1", "port": self.server.port, "security": "none", "user": self.user, **more}
        sources = f"\nsources: [{{name: support, imap: {json.dumps(source)}}}]\n"
        (self.office.folder / "rules.yaml").write_text(self.rules + sources, encoding="utf-8")

    def arrive(self, *subjects, age=timedelta(hours=1), folder="INBOX", **headers):
        """Mails with these subjects, which the server says came `age` ago."""
        with self.client() as client:
            for subject in subjects:
                self.count += 1
                sender = headers.pop("sender", f"kund{self.count}@kund.example")
                raw = simple(subject, sender=sender, message_id=f"{self.count}@x.example", **headers)
                at = imaplib.Time2Internaldate(self.office.now - age)
                assert client.append(folder, None, at, raw)[0] == "OK"

    def client(self, folder="INBOX"):
        return self.server.client(self.user, folder)

    def fetch(self, *options, **more):
        return self.office.say("fetch", *options, **more).strip()

    def subjects(self):
        return [json.loads(line)["subject"] for line in self.office.say("export").splitlines()]

    def acknowledged(self):
        with self.office.store.reading() as desk:
            return sorted(address for item in desk.outbox() for address in item.recipients)


@pytest.fixture
def box(office, dovecot, request, monkeypatch):
    monkeypatch.setenv("TICKETCTL_PASSWORD_SUPPORT", PASSWORD)
    office.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    return Mailbox(office, dovecot, "box-" + re.sub(r"\W", "-", request.node.name).lower()[-40:])


class TestSince:
    def test_what_is_older_is_left_out_and_nothing_is_acknowledged(self, box):
        box.arrive("uråldrig", age=400 * DAY)
        box.arrive("förra veckan", age=7 * DAY)
        box.arrive("gammal, men flyttad hit sist", age=100 * DAY)
        box.arrive("nyss")
        box.arrive("äldst", "äldre", age=500 * DAY)
        assert box.fetch("--since", "2026-11-01") == "2 mails: 2 new tickets (#1-#2); 4 older mails left out"
        assert box.subjects() == ["förra veckan", "nyss"]
        assert box.acknowledged() == []
        assert box.fetch() == "no new mail"

    def test_the_team_is_told_of_what_is_open_alone(self, box):
        box.rules = box.rules.replace("[{reply: {snippet: mottaget, automatic: true}}]", "[{notify: team}]")
        box.configure()
        box.arrive("i somras", age=100 * DAY)
        box.arrive("förra veckan", age=7 * DAY)
        box.fetch("--since", "2026-01-01")
        with box.office.store.reading() as desk:
            told = [item.subject for item in desk.outbox()]
        assert told and all("#2" in subject and "#1" not in subject for subject in told)

    def test_after_it_mail_is_acknowledged_as_ever(self, box):
        box.arrive("nyss")
        box.fetch("--since", "2026-11-01")
        box.arrive("ny")
        box.arrive("gammal, lagd hit av en kollega", age=100 * DAY)
        assert box.fetch() == "2 mails: 2 new tickets (#2-#3)"
        assert box.acknowledged() == ["kund2@kund.example"]

    def test_what_has_rested_comes_in_closed_and_leaves_the_desk(self, box):
        box.arrive("för länge sedan", age=200 * DAY)
        box.arrive("i somras", age=100 * DAY)
        box.arrive("förra veckan", age=7 * DAY)
        box.arrive("SV: för länge sedan", age=60 * DAY, sender="kund1@kund.example", In_Reply_To="<1@x.example>")
        said = box.fetch("--since", "2026-01-01")
        assert said == (
            "4 mails: 3 new tickets (#1-#3), 1 in tickets that were there; "
            "2 tickets closed, where nothing has happened lately"
        )
        first = box.office.get(1)
        assert [message.subject for message in first.messages] == ["för länge sedan", "SV: för länge sedan"]
        assert (first.status, first.resolution) == ("closed", "imported")
        assert first.closed_at == box.office.now - 60 * DAY, "as long ago as the last that happened in it"
        assert first.events[-1].why == "imported; nothing in it since 2026-09-21"
        assert "förra veckan" in box.office.say("list")
        assert "i somras" not in (box.office.folder / "data" / "desk.json").read_text(encoding="utf-8")
        box.arrive("Re: i somras", sender="kund2@kund.example", In_Reply_To="<2@x.example>")
        box.fetch()
        assert box.office.get(4).links[0].to == 2, "closed long ago: a new ticket, linked"

    def test_from_which_day_on_they_stay_open_can_be_said(self, box):
        box.arrive("i somras", age=100 * DAY)
        box.arrive("i september", age=70 * DAY)
        box.fetch("--since", "2026-01-01", "--closed-before", "2026-09-01")
        assert [box.office.get(number).status for number in (1, 2)] == ["closed", "new"]
        assert "goes with --since" in box.office.trouble("fetch", "--closed-before", "2026-09-01", code=2)

    def test_what_came_in_closed_is_in_no_figure(self, box):
        box.arrive("i somras", age=100 * DAY)
        box.fetch("--since", "2026-01-01")
        report = json.loads(box.office.say("report", "--from", "2026-08-01", "--to", "2026-08-31", "--json"))
        assert (report["flow"]["arrivals"], report["flow"]["closes"]) == (0, 0)

    def test_on_a_terminal_a_bar_tells_how_far_it_is(self, box):
        box.arrive(*map(str, range(30)))
        main, terminal = os.openpty()
        env = {**os.environ, **box.office.environment(), "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
        command = [sys.executable, "-m", "ticketctl", "fetch", "--since", "2026-01-01"]
        running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=terminal, text=True)
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # the other end was closed
            while data := os.read(main, 4096):
                shown += data
        os.close(main)
        assert running.communicate(timeout=HANG)[0].startswith("30 mails: 30 new tickets")
        assert b"support" in shown and b"30/30" in shown, shown

    def test_an_empty_mailbox_is_imported_at_once(self, box):
        assert box.fetch("--since", "2026-11-01") == "no new mail"
        box.arrive("ny")
        box.fetch()
        assert box.acknowledged() == ["kund1@kund.example"]

    def test_interrupted_it_goes_on_with_the_next_fetch(self, box, monkeypatch):
        monkeypatch.setattr(imap_answers, "BATCH", 2)
        monkeypatch.setattr(_intake, "BATCH", 2)
        monkeypatch.setattr(_intake, "IMPORTED", 0)
        box.arrive("uråldrig", age=400 * DAY)
        box.arrive("ett", "två", "tre")
        box.arrive("urgammal", age=300 * DAY)
        box.arrive("fyra", "fem")
        file = _intake.MessageFiler.file

        def stopping(self, parsed):
            if parsed.inbound.subject == "tre":
                raise KeyboardInterrupt
            file(self, parsed)

        monkeypatch.setattr(_intake.MessageFiler, "file", stopping)
        told = box.office.run("fetch", "--since", "2026-11-01", code=1)
        assert told.stdout == "1 mail: 1 new ticket (#1); 1 older mail left out\n", "what is in"
        assert "interrupted; what is in stays, and `ticketctl fetch` goes on from there" in told.stderr
        first = box.subjects()
        assert 0 < len(first) < 3
        monkeypatch.setattr(_intake.MessageFiler, "file", file)
        box.arrive("sex, efter att vi började")
        box.fetch()
        assert box.subjects() == ["ett", "två", "tre", "fyra", "fem", "sex, efter att vi började"]
        assert box.acknowledged() == ["kund8@kund.example"]
        assert box.fetch() == "no new mail"

    def test_a_mailbox_that_was_fetched_before(self, box):
        box.arrive("ett")
        box.fetch()
        result = box.office.run("fetch", "--since", "2026-11-19")
        assert "was fetched before: from when to read counts only the first time" in result.stderr
        box.arrive("två", age=3 * DAY)
        assert box.fetch() == "1 mail: 1 new ticket (#2)"

    def test_a_dry_run_begins_nothing(self, box):
        box.arrive("gammal", age=100 * DAY)
        box.arrive("ett")
        assert box.fetch("--since", "2026-11-01", "--dry-run") == (
            "would: 1 mail: 1 new ticket (#1); 1 older mail left out"
        )
        assert "there is old mail" in box.office.run("fetch", code=8).stderr
        assert box.fetch("--since", "all").startswith("2 mails: 2 new tickets (#1-#2)")

    def test_renumbered_by_the_server_old_mail_stays_out(self, box):
        box.arrive("gammal", age=100 * DAY)
        box.arrive("ett")
        box.fetch("--since", "2026-11-01")
        with box.office.store.transaction() as desk:
            (mailbox,) = [key.removeprefix("import ") for key, _ in desk.facts("import ")]
            cursor = desk.cursor(mailbox)
            desk.set_cursor(mailbox, type(cursor)(cursor.validity + 1, cursor.uid))
        box.arrive("två")
        assert box.fetch() == "2 mails: 1 new ticket (#2), 1 seen before; 1 older mail left out"
        assert box.acknowledged() == []

    @pytest.mark.parametrize("kind", ["maildir", "mbox"])
    def test_files_too(self, box, tmp_path, kind):
        ages = {"gammal": 100, "ett": 3, "två": 0}
        where = tmp_path / "post"
        if kind == "maildir":
            for part in ("new", "cur", "tmp"):
                (where / part).mkdir(parents=True)
            for number, (subject, age) in enumerate(ages.items()):
                path = where / "new" / str(number)
                path.write_bytes(simple(subject))
                at = (box.office.now - (age + 0.1) * DAY).timestamp()
                os.utime(path, (at, at))
        else:
            lines = [
                f"From x@y.example {box.office.now - (age + 0.1) * DAY:%a %b %d %H:%M:%S %Y}\n".encode()
                + simple(subject).replace(b"\r\n", b"\n")
                + b"\n"
                for subject, age in ages.items()
            ]
            where.write_bytes(b"".join(lines))
        name = f"{kind}:{where}"
        assert box.fetch(name, "--since", "2026-11-01") == "2 mails: 2 new tickets (#1-#2); 1 older mail left out"
        assert box.subjects() == ["ett", "två"]
        assert (box.acknowledged(), box.fetch(name)) == ([], "no new mail")


class TestReconcile:
    def test_all_is_here_however_it_came_to_lie(self, box):
        box.arrive("ett", "två", age=5 * DAY)
        box.arrive("tre", age=5 * DAY)
        box.fetch("--since", "all")
        box.office.run("merge", 2, "--into", 1)
        with box.office.store.transaction() as desk:
            desk.delete(3)
        before = (box.office.folder / "data" / "desk.json").read_bytes()
        assert box.fetch("--reconcile") == "support: 3 mails on the server, nothing missing here"
        assert box.fetch("--reconcile", "-q") == ""
        assert (box.office.folder / "data" / "desk.json").read_bytes() == before

    def test_what_is_missing_and_what_waits(self, box):
        box.arrive("ett", "borttappad \x1b[31mröd", age=5 * DAY)
        box.fetch("--since", "all")
        with box.office.store.transaction() as desk:
            desk.delete(2, tombstones=False)  # as if it had been lost
        box.arrive("glömd", age=2 * DAY)
        box.arrive("nyss", age=timedelta(minutes=5))
        result = box.office.run("fetch", "--reconcile", code=8)
        first, missing, waiting = result.stdout.splitlines()
        assert first == ("support: of 4 mails on the server 2 are not here; 1 came lately and wait for the next fetch")
        assert "INBOX UID 2  Sun 2026-11-15 10:00  kund2@kund.example: borttappad" in missing
        assert missing.endswith("(missing)") and "\x1b" not in missing
        assert "kund3@kund.example: glömd" in waiting and waiting.endswith("(waiting)")
        found = json.loads(box.office.run("fetch", "--reconcile", "--json", code=8).stdout)
        assert (found["source"], found["compared"], found["lately"], found["error"]) == ("support", 4, 1, None)
        assert [(one["uid"], one["state"], one["message_id"]) for one in found["differences"]] == [
            (2, "missing", "2@x.example"),
            (3, "waiting", "3@x.example"),
        ]
        assert box.subjects() == ["ett"], "it only tells"

    def test_what_an_import_left_out_is_no_difference(self, box):
        box.arrive("gammal", age=100 * DAY)
        box.arrive("ett")
        box.fetch("--since", "2026-11-01")
        assert box.fetch("--reconcile") == (
            "support: 2 mails on the server, nothing missing here; 1 older ones left out by --since"
        )

    def test_a_server_that_cannot_be_asked_is_no_good_news(self, box):
        box.configure(port=1)
        result = box.office.run("fetch", "--reconcile", code=8)
        assert result.stdout == "" and "support: 127.0.0.1:1: could not connect" in result.stderr

    @pytest.mark.parametrize("other", [["--since", "2026-11-01"], ["--dry-run"], ["-"]])
    def test_it_goes_alone(self, box, other):
        box.office.run("fetch", "--reconcile", *other, code=2)


class TestAfterwards:
    """`then:` is done in the end, whatever came between the commit and it."""

    def lying(self, box, folder):
        with box.client(folder) as client:
            return len(client.uid("SEARCH", None, "ALL")[1][0].split())

    def facts(self, box):
        with box.office.store.reading() as desk:
            return list(desk.facts("afterwards "))

    @pytest.fixture
    def moving(self, box):
        box.configure(then={"move": "Hanterat"})
        return box

    def folder(self, box):
        with box.client() as client:
            client.create("Hanterat")

    def test_a_folder_that_was_missing(self, moving, monkeypatch):
        monkeypatch.setattr(_intake, "BATCH", 2)
        moving.arrive("ett", "två", "tre", "fyra", "fem")
        result = moving.office.run("fetch", code=8)
        assert "5 new tickets" in result.stdout, "mail comes in all the same"
        assert "Hanterat" in result.stderr
        assert "(5 mails fetched and still to be moved)" in result.stderr
        moving.arrive("sex")
        moving.office.run("fetch", code=8)
        assert "(6 mails fetched and still to be moved)" in moving.office.trouble("fetch", code=8), "no new mail, too"
        self.folder(moving)
        assert moving.fetch() == "no new mail"
        assert (self.lying(moving, "INBOX"), self.lying(moving, "Hanterat")) == (0, 6)
        assert self.facts(moving) == []

    def test_killed_between_the_commit_and_the_move(self, moving, monkeypatch):
        self.folder(moving)
        moving.arrive("ett", "två")

        def killed(self, mails):
            raise KeyboardInterrupt

        monkeypatch.setattr(Imap, "acknowledge", killed)
        moving.office.run("fetch", code=1)
        monkeypatch.undo()
        monkeypatch.setenv("TICKETCTL_PASSWORD_SUPPORT", PASSWORD)
        assert (moving.subjects(), self.lying(moving, "Hanterat")) == (["ett", "två"], 0)
        moving.arrive("en kollegas, som ligger kvar")
        with moving.office.store.transaction() as desk:  # as if it had been passed over
            (mailbox,) = [key.removeprefix("afterwards ") for key, _ in desk.facts("afterwards ")]
            desk.set_cursor(mailbox, type(desk.cursor(mailbox))(desk.cursor(mailbox).validity, 3))
        assert moving.fetch() == "no new mail"
        assert (self.lying(moving, "INBOX"), self.lying(moving, "Hanterat")) == (1, 2), "ours alone"
        assert self.facts(moving) == []

    def test_what_is_done_at_once_is_not_remembered(self, moving):
        self.folder(moving)
        moving.arrive("ett")
        moving.fetch()
        assert (self.lying(moving, "Hanterat"), self.facts(moving)) == (1, [])

    def test_deleted_once_it_is_here(self, box):
        box.configure(then="delete")
        box.arrive("ett", "två")
        with box.client() as client:
            client.append("INBOX", "(\\Deleted)", imaplib.Time2Internaldate(box.office.now), b"Subject: x\r\n\r\nx")
            client.uid("STORE", "1", "+FLAGS", "(\\Flagged)")
        box.fetch()
        assert (self.lying(box, "INBOX"), len(box.subjects())) == (0, 3)

    def test_what_is_wished_no_more(self, moving):
        moving.arrive("ett")
        moving.office.run("fetch", code=8)
        moving.configure()
        assert (moving.fetch(), self.facts(moving)) == ("no new mail", [])
        assert self.lying(moving, "INBOX") == 1

    def test_a_dry_run_leaves_it_undone(self, moving):
        moving.arrive("ett")
        moving.office.run("fetch", code=8)
        self.folder(moving)
        moving.fetch("--dry-run")
        assert (self.lying(moving, "INBOX"), len(self.facts(moving))) == (1, 1)


class TestSeveral:
    """Folders and accounts in one run."""

    def test_a_folder_that_is_not_there_stops_no_other(self, box):
        box.arrive("ett")
        box.configure(folders=["Borta", "INBOX"])
        result = box.office.run("fetch", code=8)
        assert "no folder 'Borta'" in result.stderr
        assert box.subjects() == ["ett"]

    def test_the_same_mail_in_two_folders_and_two_accounts_is_one_message(self, box):
        other = Mailbox(box.office, box.server, f"{box.user}-b")
        raw = simple("till båda", message_id="b@x.example")
        for user, folder in ((box.user, "INBOX"), (box.user, "Order"), (other.user, "INBOX")):
            with box.server.client(user) as client:
                client.create("Order")
                client.append(folder, None, None, b"Received: from a by " + user.encode() + b"\r\n" + raw)
        imap = {"host": "127.0.0.1", "port": box.server.port, "security": "none"}
        sources = [
            {"name": "support", "imap": {**imap, "user": box.user, "folders": ["INBOX", "Order"]}},
            {"name": "info", "imap": {**imap, "user": other.user, "password_command": f"echo {PASSWORD}"}},
        ]
        (box.office.folder / "rules.yaml").write_text(
            f"{box.rules}\nsources: {json.dumps(sources)}\n", encoding="utf-8"
        )
        assert box.fetch() == "3 mails: 1 new ticket (#1), 2 seen before"
        (message,) = [one for one in box.office.get(1).messages if one.direction == "in"]
        at = f"127.0.0.1:{box.server.port}"
        assert set(message.source) == {f"{box.user}@{at}/INBOX", f"{box.user}@{at}/Order", f"{other.user}@{at}/INBOX"}
        assert box.fetch() == "no new mail"


class Proxy:
    """Between us and the server; `cut` breaks all connections there are."""

    def __init__(self, port):
        self._port, self._open = port, []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with suppress(OSError):
            while True:
                ours, _ = self._server.accept()
                theirs = socket.create_connection(("127.0.0.1", self._port))
                self._open += [ours, theirs]
                for one, other in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one, other):
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)

    def cut(self):
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self):
        self._server.close()


class TestWatch:
    def seen(self, box, subject):
        """Whether it becomes a ticket, long before a look from time to time would find it."""
        ends = time.monotonic() + HANG / 2
        while time.monotonic() < ends:
            with box.office.store.reading() as desk:
                if any(ticket.subject == subject for ticket in desk.find()):
                    return True
            time.sleep(0.05)
        return False

    def during(self, box, story, *names):
        """What a watch says while `story` goes on in another thread, which in the end presses Ctrl-C."""
        found = []

        def told():
            try:
                found.append(story())
            finally:
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

        thread = threading.Thread(target=told, daemon=True)
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background a shell has it ignored
        try:
            thread.start()
            result = box.office.run("fetch", "--watch", *names)
        finally:
            signal.signal(signal.SIGINT, before)
        thread.join(HANG)
        assert found == [True], result.output
        return result

    @pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
    def test_new_mail_comes_at_once_and_the_end_is_clean(self, box, end):
        box.arrive("lag där")
        env = {**os.environ, **box.office.environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "ticketctl", "fetch", "--watch"]
        watch = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert watch.stdout
        try:
            assert watch.stdout.readline() == "1 mail: 1 new ticket (#1)\n"
            box.arrive("kom sedan")
            assert self.seen(box, "kom sedan"), "long before the next minute"
            assert watch.stdout.readline() == "1 mail: 1 new ticket (#2)\n"
            watch.send_signal(end)
            said, trouble = watch.communicate(timeout=HANG)
        finally:
            watch.kill()
        assert (watch.returncode, said, trouble) == (0, "", "ticketctl: stopped watching\n")

    def test_a_broken_connection_is_made_anew(self, box, monkeypatch):
        monkeypatch.setattr(_watch, "PAUSES", (0.2, 1.0))
        proxy = Proxy(box.server.port)
        box.configure(port=proxy.port)

        def story():
            box.arrive("ett")
            first = self.seen(box, "ett")
            proxy.cut()
            box.arrive("två")
            return first and self.seen(box, "två")

        result = self.during(box, story)
        proxy.close()
        assert "could not listen for new mail" in result.stderr
        assert result.stderr.count("could not listen") == 1

    def test_every_folder_is_listened_to(self, box):
        with box.client() as client:
            client.create("Order")
        box.configure(folders=["INBOX", "Order"])

        def story():
            box.arrive("ett")
            first = self.seen(box, "ett")
            box.arrive("en order", folder="Order")
            return first and self.seen(box, "en order")

        self.during(box, story)

    def test_what_cannot_tell_is_looked_at_from_time_to_time(self, box, monkeypatch, tmp_path):
        monkeypatch.setattr(_watch, "EVERY", 0.3)
        where = tmp_path / "post"
        for part in ("new", "cur", "tmp"):
            (where / part).mkdir(parents=True)

        def story():
            time.sleep(0.5)
            (where / "new" / "1").write_bytes(simple("kom sedan"))
            return self.seen(box, "kom sedan")

        self.during(box, story, f"maildir:{where}")

    def test_a_server_without_idle_too(self, box, monkeypatch):
        monkeypatch.setattr(_watch, "EVERY", 0.3)
        monkeypatch.setattr(Imap, "_capabilities", lambda self: {"IMAP4REV1"})

        def story():
            time.sleep(0.5)
            box.arrive("kom sedan")
            return self.seen(box, "kom sedan")

        self.during(box, story)

    def test_trouble_does_not_end_it(self, box, monkeypatch):
        monkeypatch.setattr(_watch, "EVERY", 0.3)
        rules = box.office.folder / "rules.yaml"
        monkeypatch.setattr(_watch, "LISTENED_EVERY", 0.3)
        once, rounds = _watch._round, SimpleQueue()
        monkeypatch.setattr(_watch, "_round", lambda *given: (once(*given), rounds.put(1))[0])
        good = rules.read_text(encoding="utf-8")

        def story():
            box.arrive("ett")
            first = self.seen(box, "ett")
            rules.write_text(good + "\nnonsens: 1\n", encoding="utf-8")
            for _ in range(2 + rounds.qsize()):  # of those that have begun already one may not have seen it
                rounds.get(timeout=HANG)
            rules.write_text(good, encoding="utf-8")
            box.arrive("två")
            return first and self.seen(box, "två")

        assert "nonsens" in self.during(box, story).stderr

    @pytest.mark.parametrize("other", [["--dry-run"], ["-"], ["--reconcile"], ["--since", "2026-11-01"]])
    def test_what_does_not_go_with_it(self, box, other):
        box.office.run("fetch", "--watch", *other, code=2)
