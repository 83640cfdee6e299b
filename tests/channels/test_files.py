"""Sources that are files: Maildir, mbox, standard input; and which one a name means."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.mails import simple
from ticketctl.channels import limits
from ticketctl.channels.email import maildir, mbox
from ticketctl.channels.email.maildir import Maildir
from ticketctl.channels.email.mbox import Mbox
from ticketctl.channels.email.pipe import Pipe
from ticketctl.channels.registry import open_source
from ticketctl.domain.config import Config, ImapSource, MaildirSource, Then
from ticketctl.errors import ChannelFailed, Usage
from ticketctl.ports.channels import UNKNOWN, Place


def after(fetched):
    last = fetched[-1]
    return {last.mailbox: Place(last.validity, last.uid)}


class TestMaildir:
    @pytest.fixture
    def box(self, tmp_path):
        for part in ("new", "cur", "tmp"):
            (tmp_path / "box" / part).mkdir(parents=True)
        (tmp_path / "data").mkdir()
        return tmp_path / "box"

    def source(self, box, then=None):
        return Maildir("spool", box, then or Then(), notes=box.parent / "data" / "maildirs")

    def put(self, box, name, raw, at=1_800_000_000):
        path = box / name
        path.write_bytes(raw)
        os.utime(path, (at, at))
        return path

    def test_new_and_cur_oldest_first(self, box):
        self.put(box, "new/2.x", simple("två"), 1_800_000_200)
        self.put(box, "cur/1.x:2,S", simple("ett"), 1_800_000_100)
        fetched = list(self.source(box).fetch({}))
        assert [one.raw for one in fetched] == [simple("ett"), simple("två")]
        assert fetched[0].arrived_at == datetime.fromtimestamp(1_800_000_100, UTC)

    def test_a_mail_is_brought_once_whatever_becomes_of_its_file(self, box):
        path = self.put(box, "new/1.x", simple("ett"))
        places = after(list(self.source(box).fetch({})))
        path.rename(box / "cur" / "1.x:2,RS")
        self.put(box, "new/2.x", simple("två"), at=1_000_000_000)
        assert [one.raw for one in self.source(box).fetch(places)] == [simple("två")]

    def test_what_was_not_committed_comes_again(self, box):
        for number in range(3):
            self.put(box, f"new/{number}.x", simple(str(number)))
        first = list(self.source(box).fetch({}))
        assert [one.uid for one in self.source(box).fetch(after(first[:1]))] == [2, 3]

    def test_a_lost_or_torn_list_costs_a_second_look_and_no_mail(self, box):
        self.put(box, "new/1.x", simple())
        places = after(list(self.source(box).fetch({})))
        notes = next((box.parent / "data" / "maildirs").iterdir())
        for damage in (lambda: notes.unlink(), lambda: notes.write_bytes(notes.read_bytes()[:-3])):
            damage()
            assert len(list(self.source(box).fetch(places))) == 1
            assert len(list(self.source(box).fetch(places))) == 1

    def test_a_list_of_what_is_long_gone_starts_anew(self, box, monkeypatch):
        monkeypatch.setattr(maildir, "STALE", 5)
        for number in range(10):
            self.put(box, f"new/{number}.x", simple(str(number)))
        list(self.source(box).fetch({}))
        for number in range(9):
            (box / f"new/{number}.x").unlink()
        assert [one.uid for one in self.source(box).fetch({})] == [1]

    def test_a_file_that_moves_while_it_is_read_is_followed(self, box):
        self.put(box, "new/1.x", simple("ett"), 1_800_000_000)
        path = self.put(box, "new/2.x", simple("två"), 1_800_000_001)
        coming = self.source(box).fetch({})
        next(coming)
        path.rename(box / "cur" / "2.x:2,S")
        assert [one.raw for one in coming] == [simple("två")]

    def test_a_file_that_goes_and_comes_back_is_not_lost(self, box):
        self.put(box, "new/1.x", simple("ett"), 1_800_000_000)
        path = self.put(box, "new/2.x", simple("två"), 1_800_000_001)
        self.put(box, "new/3.x", simple("tre"), 1_800_000_002)
        coming = self.source(box).fetch({})
        first = next(coming)
        path.rename(box.parent / "elsewhere")
        fetched = [first, *coming]
        (box.parent / "elsewhere").rename(path)
        assert simple("två") in [one.raw for one in self.source(box).fetch(after(fetched))]

    def test_links_and_folders_are_no_mails(self, box):
        (box / "new" / "folder").mkdir()
        (box / "new" / "link").symlink_to("/etc/passwd")
        self.put(box, "new/.hidden", simple())
        assert list(self.source(box).fetch({})) == []

    def test_of_a_mail_that_is_too_large_comes_the_header(self, box, monkeypatch):
        monkeypatch.setattr(maildir, "MAIL", 1000)
        self.put(box, "new/1.x", simple("stor", "x" * 5000))
        (found,) = self.source(box).fetch({})
        assert (found.oversize, found.size) == (True, len(simple("stor", "x" * 5000)))
        assert found.raw.endswith(b"\r\n\r\n")

    @pytest.mark.parametrize(
        ("then", "expected"),
        [
            (Then(), "new/1.x"),
            (Then("flag", "seen"), "cur/1.x:2,S"),
            (Then("move", "Hanterat"), ".Hanterat/cur/1.x:2,"),
        ],
    )
    def test_what_happens_afterwards(self, box, then, expected):
        self.put(box, "new/1.x", simple())
        source = self.source(box, then)
        source.acknowledge(list(source.fetch({})))
        assert (box / expected).read_bytes() == simple()

    def test_deleted_it_is_gone_and_one_that_is_gone_is_left_alone(self, box):
        self.put(box, "new/1.x", simple())
        self.put(box, "cur/2.x:2,S", simple("annans"))
        source = self.source(box, Then("delete"))
        fetched = [one for one in source.fetch({}) if one.handle.endswith("1.x")]
        source.acknowledge(fetched)
        source.acknowledge(fetched)
        assert [path.name for path in box.rglob("*") if path.is_file()] == ["2.x:2,S"]

    def test_a_flag_keeps_those_that_are_there(self, box):
        self.put(box, "cur/1.x:2,FR", simple())
        source = self.source(box, Then("flag", "seen"))
        source.acknowledge(list(source.fetch({})))
        assert (box / "cur" / "1.x:2,FRS").exists()

    def test_what_is_no_maildir(self, tmp_path):
        with pytest.raises(ChannelFailed, match=r"spool: .*a Maildir is a folder that holds new/, cur/ and tmp/"):
            list(self.source(tmp_path / "nowhere").fetch({}))

    def test_check(self, box):
        self.put(box, "new/1.x", simple())
        assert self.source(box).check() == f"1 mails in {box}"


class TestMbox:
    def write(self, path, *mails, how="wb"):
        with path.open(how) as stream:
            for raw in mails:
                stream.write(b"From asa@kund.example Fri Nov 20 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n")

    def read(self, path, places=None):
        return list(Mbox("arkiv", path).fetch(places or {}))

    def subjects(self, fetched):
        return [one.raw.decode().split("Subject: ")[1].split("\n")[0] for one in fetched]

    def test_mail_after_mail(self, tmp_path):
        path = tmp_path / "mbox"
        self.write(path, simple("ett"), simple("två"), simple("tre"))
        fetched = self.read(path)
        assert self.subjects(fetched) == ["ett", "två", "tre"]
        assert fetched[0].arrived_at == datetime(2026, 11, 20, 9, tzinfo=UTC)

    def test_quoted_from_lines_in_both_dialects(self, tmp_path):
        path = tmp_path / "mbox"
        self.write(path, simple(text="\n>From here on\n>>From there\nFrom no separator: text\n> From a quote"))
        (found,) = self.read(path)
        body = found.raw.decode().split("\n\n", 1)[1]
        assert body.strip() == "From here on\n>From there\nFrom no separator: text\n> From a quote"

    def test_only_what_was_appended(self, tmp_path):
        path = tmp_path / "mbox"
        self.write(path, simple("ett"), simple("två"))
        places = after(self.read(path))
        assert self.read(path, places) == []
        self.write(path, simple("tre"), how="ab")
        assert self.subjects(self.read(path, places)) == ["tre"]

    def test_each_mail_has_a_place_of_its_own(self, tmp_path):
        path = tmp_path / "mbox"
        self.write(path, simple("ett"), simple("två"), simple("tre"))
        for at, fetched in enumerate(self.read(path), 1):
            assert self.subjects(self.read(path, after([fetched]))) == ["ett", "två", "tre"][at:]

    @pytest.mark.parametrize("left", [["två", "tre"], ["ett", "tre"], ["ett", "tvÅ", "tre"], []])
    def test_a_file_that_was_changed_is_read_again(self, tmp_path, left):
        path = tmp_path / "mbox"
        self.write(path, simple("ett"), simple("två"), simple("tre"))
        places = after(self.read(path))
        self.write(path, *map(simple, left), simple("ny"))
        assert self.subjects(self.read(path, places)) == [*left, "ny"]

    def test_of_a_mail_that_is_too_large_comes_the_header(self, tmp_path, monkeypatch):
        monkeypatch.setattr(mbox, "MAIL", 1000)
        path = tmp_path / "mbox"
        self.write(path, simple("ett"), simple("stor", "rad\n" * 2000), simple("tre"))
        fetched = self.read(path)
        assert self.subjects(fetched) == ["ett", "stor", "tre"]
        assert [one.oversize for one in fetched] == [False, True, False]
        assert len(fetched[1].raw) < 300 < 8000 < fetched[1].size

    def test_an_empty_file_is_an_empty_mailbox(self, tmp_path):
        (tmp_path / "mbox").write_bytes(b"")
        assert self.read(tmp_path / "mbox") == []

    def test_another_file_is_refused(self, tmp_path):
        (tmp_path / "mbox").write_bytes(b"PK\x03\x04 not mail")
        with pytest.raises(ChannelFailed, match=r"is not an mbox.*name a file"):
            self.read(tmp_path / "mbox")
        with pytest.raises(ChannelFailed, match=r"arkiv: .*No such file.*check the path"):
            self.read(tmp_path / "none")

    def test_a_delivery_in_progress_is_waited_for(self, tmp_path, monkeypatch):
        monkeypatch.setattr(mbox, "LOCK_SECONDS", 0.2)
        path = tmp_path / "mbox"
        self.write(path, simple())
        script = (
            "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); "
            "print(1, flush=True); sys.stdin.read()"
        )
        command = [sys.executable, "-c", script, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            other.stdout.readline()
            with pytest.raises(ChannelFailed, match="locked by another program"):
                self.read(path)
            other.kill()
        assert len(self.read(path)) == 1


class TestPipe:
    def test_one_message(self):
        (found,) = Pipe(stream=io.BytesIO(simple())).fetch({})
        assert (found.raw, found.arrived_at, found.uid) == (simple(), UNKNOWN, 0)

    @pytest.mark.parametrize("nothing", [b"", b"\r\n \n"])
    def test_nothing_is_no_message(self, nothing):
        with pytest.raises(ChannelFailed, match="standard input was empty"):
            list(Pipe(stream=io.BytesIO(nothing)).fetch({}))

    def test_of_a_mail_that_is_too_large_the_header_is_kept_and_all_is_read(self, monkeypatch):
        monkeypatch.setattr("ticketctl.channels.email.pipe.MAIL", 1000)
        stream = io.BytesIO(simple("stor", "x" * 5000))
        (found,) = Pipe(stream=stream).fetch({})
        assert (found.oversize, found.size) == (True, len(simple("stor", "x" * 5000)))
        assert stream.read() == b""


def test_a_header_without_end_is_cut():
    assert len(limits.header_of(b"X-Long: " + b"x" * 10**6)) == limits.HEADER


class TestNames:
    config = Config(
        sources=(ImapSource(name="support", host="imap.example", user="a"), MaildirSource(name="spool", path="mail/in"))
    )

    def open(self, name, tmp_path):
        return open_source(self.config, name, folder=tmp_path, environ={})

    def test_names_and_paths(self, tmp_path):
        assert self.open("support", tmp_path).mailboxes() == ["a@imap.example/INBOX"]
        assert self.open("spool", tmp_path).mailboxes() == [f"maildir:{tmp_path}/mail/in"]
        assert self.open("maildir:/var/mail/x", tmp_path).mailboxes() == ["maildir:/var/mail/x"]
        assert self.open("mbox:/var/mail/x", tmp_path).mailboxes() == ["mbox:/var/mail/x"]
        assert self.open("-", tmp_path).mailboxes() == ["-"]

    def test_a_path_of_the_command_line_starts_where_the_user_is(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert self.open("maildir:in", tmp_path / "desk").mailboxes() == [f"maildir:{tmp_path}/in"]

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("suport", "no source 'suport' in rules.yaml; did you mean 'support'?"),
            ("xyz", "there are: support, spool"),
            ("maildir:", "no source 'maildir:'"),
        ],
    )
    def test_a_name_that_means_nothing(self, tmp_path, name, told):
        with pytest.raises(Usage) as trouble:
            self.open(name, tmp_path)
        assert told in str(trouble.value)
