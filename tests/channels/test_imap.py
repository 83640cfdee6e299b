"""The IMAP source against a real Dovecot."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.growth import HANG
from tests.mails import simple
from tests.servers import PASSWORD, dovecot
from ticketctl.channels.email.imap import answers as imap_answers
from ticketctl.channels.email.imap import source as imap
from ticketctl.channels.email.imap.source import Imap
from ticketctl.domain.config import ImapSource, Then
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Place

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot


@pytest.fixture
def account(dovecot, tmp_path, request):
    """An account of its own for the test: `account.source(…)`, `account.deliver(…)`, `account.client()`."""
    return Account(dovecot, re.sub(r"\W", "-", request.node.name).lower()[:40], tmp_path)


class Account:
    def __init__(self, server, user, folder):
        self.server, self.user, self.folder = server, user, folder

    def source(self, password=PASSWORD, **fields):
        config = {
            "name": "support",
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": "none",
            "user": self.user,
            **fields,
        }
        return Imap(ImapSource(**config), environ={"TICKETCTL_PASSWORD_SUPPORT": password}, folder=self.folder)

    def deliver(self, *mails, folder="INBOX"):
        self.server.deliver(self.user, mails, folder)

    def client(self, folder="INBOX"):
        return self.server.client(self.user, folder)

    def fetch(self, places=None, **fields):
        source = self.source(**fields)
        try:
            return list(source.fetch(places or {}))
        finally:
            source.close()

    def flags(self, folder="INBOX"):
        with self.client(folder) as client:
            return [line.decode() for line in client.uid("FETCH", "1:*", "(FLAGS)")[1] if line]


def after(fetched):
    last = fetched[-1]
    return {last.mailbox: Place(last.validity, last.uid)}


def test_mails_come_whole_and_in_order(account):
    mails = [simple(f"Ärende {number}", message_id=f"{number}@x.example") for number in range(1, 6)]
    account.deliver(*mails)
    fetched = account.fetch()
    assert [one.raw for one in fetched] == mails
    assert [one.uid for one in fetched] == [1, 2, 3, 4, 5]
    assert {one.mailbox for one in fetched} == {f"{account.user}@127.0.0.1:{account.server.port}/INBOX"}


def test_bytes_that_are_no_text_stay_what_they_are(account):
    head = b"From: a@x.example\r\nSubject: r\xe5tt\r\nContent-Type: text/plain; charset=latin1\r\n\r\n"
    raw = head + b"\x80\xff\xe5 \x01\r\n"
    account.deliver(raw)
    assert account.fetch()[0].raw == raw


def test_nothing_is_marked_or_moved(account):
    account.deliver(simple())
    account.fetch()
    assert "\\Seen" not in account.flags()[0]


def test_only_what_is_after_the_cursor(account):
    account.deliver(simple("ett"), simple("två"))
    first = account.fetch()
    assert account.fetch(after(first)) == []
    account.deliver(simple("tre"))
    assert [b"tre" in one.raw for one in account.fetch(after(first))] == [True]


def test_a_mail_that_a_person_has_read_comes_all_the_same(account):
    account.deliver(simple())
    with account.client() as client:
        client.uid("STORE", "1", "+FLAGS", "(\\Seen)")
    assert len(account.fetch()) == 1


def test_an_empty_mailbox_is_empty(account):
    account.deliver()
    assert account.fetch() == []


def test_a_new_uidvalidity_brings_everything_again(account):
    account.deliver(simple("ett"), simple("två"))
    places = {one.mailbox: Place(one.validity - 1, 99) for one in account.fetch()}
    assert len(account.fetch(places)) == 2


def test_more_than_a_batch(account, monkeypatch):
    monkeypatch.setattr(imap_answers, "BATCH", 4)
    mails = [simple(f"nummer {number}") for number in range(11)]
    account.deliver(*mails)
    assert [one.raw for one in account.fetch()] == mails


def test_arrival_is_when_the_server_got_it(account):
    account.deliver(simple(Date="Mon, 1 Jan 1990 00:00:00 +0000"))
    with account.client() as client:
        client.append("INBOX", None, '"05-Nov-2026 23:30:00 +0100"', simple("sen"))
    assert account.fetch()[-1].arrived_at == datetime(2026, 11, 5, 22, 30, tzinfo=UTC)


def test_of_a_mail_that_is_too_large_comes_the_header(account, monkeypatch):
    monkeypatch.setattr(imap, "MAIL", 5_000)
    monkeypatch.setattr(imap_answers, "MAIL", 5_000)
    large = simple("stor", "x" * 9_000)
    account.deliver(simple("liten"), large, simple("liten igen"))
    fetched = account.fetch()
    assert [one.oversize for one in fetched] == [False, True, False]
    assert fetched[1].raw == large.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert fetched[1].size == len(large)


def test_several_folders_each_with_its_cursor(account):
    account.deliver(simple("in"))
    account.deliver(simple("skräp"), folder="Skr&AOQ-p")
    fetched = account.fetch(folders=("INBOX", "Skräp"))
    assert [one.mailbox.rpartition("/")[2] for one in fetched] == ["INBOX", "Skräp"]


def test_a_mail_deleted_meanwhile_is_passed_over(account, monkeypatch):
    account.deliver(simple("ett"), simple("två"), simple("tre"))
    monkeypatch.setattr(imap_answers, "BATCH", 1)
    source = account.source()
    coming = source.fetch({})
    first = next(coming)
    with account.client() as client:
        client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        client.expunge()
    assert [one.uid for one in (first, *coming)] == [1, 3]
    assert source.expected == 2
    source.close()


def test_a_first_fetch_that_takes_too_long_ends_between_batches(account, monkeypatch):
    account.deliver(simple("ett"), simple("två"), simple("tre"))
    monkeypatch.setattr(imap_answers, "BATCH", 1)
    source = account.source(deadline=HANG)
    coming = source.fetch({})
    first = next(coming)
    monkeypatch.setattr(imap, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + 2 * HANG))
    assert list(coming) == []
    assert (first.uid, source.expected) == (1, 3)
    source.close()


class TestAfterwards:
    """`then:` in rules.yaml: what happens on the server after the commit."""

    def settle(self, account, then, chosen):
        source = account.source(then=then)
        fetched = list(source.fetch({}))
        source.acknowledge([fetched[at] for at in chosen])
        source.close()

    def test_a_flag_on_ours_alone(self, account):
        account.deliver(simple("ett"), simple("två"))
        self.settle(account, Then("flag", "seen"), [1])
        assert ["\\Seen" in line for line in account.flags()] == [False, True]

    def test_a_flag_and_nothing_expunged(self, account):
        account.deliver(simple("ett"), simple("annans"))
        with account.client() as client:
            client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        self.settle(account, Then("flag", "seen"), [0])
        assert ["\\Deleted" in line for line in account.flags()] == [False, True]

    def test_deleted_and_nothing_else_expunged(self, account):
        account.deliver(simple("ett"), simple("annans"), simple("tre"))
        with account.client() as client:
            client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        self.settle(account, Then("delete", ""), [0])
        assert ["\\Deleted" in line for line in account.flags()] == [True, False]

    def test_a_word_of_ones_own(self, account):
        account.deliver(simple())
        self.settle(account, Then("flag", "ticketctl"), [0])
        assert "ticketctl" in account.flags()[0]

    def test_moved_and_nothing_else_expunged(self, account):
        account.deliver(simple("ett"), simple("annans"), simple("tre"))
        with account.client() as client:
            client.create("Hanterat")
            client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        self.settle(account, Then("move", "Hanterat"), [0, 2])
        assert len(account.flags("Hanterat")) == 2
        assert ["\\Deleted" in line for line in account.flags()] == [True]

    def test_a_folder_that_is_not_there_is_told(self, account):
        account.deliver(simple())
        with pytest.raises(ChannelFailed, match="Borta"):
            self.settle(account, Then("move", "Borta"), [0])
        assert len(account.flags()) == 1

    def test_between_batches_of_two_folders(self, account):
        account.deliver(simple("ett"), simple("två"))
        account.deliver(simple("tre"), folder="Andra")
        source = account.source(folders=("INBOX", "Andra"), then=Then("flag", "seen"))
        coming = source.fetch({})
        first = [next(coming), next(coming), next(coming)]
        source.acknowledge(first)
        assert list(coming) == []
        source.close()
        assert all("\\Seen" in line for line in (*account.flags(), *account.flags("Andra")))

    def test_line_ends_in_names_are_no_commands(self, account):
        account.deliver(simple())
        for then in (Then("move", "A\r\nX LOGOUT"), Then("flag", "seen)\r\nX LOGOUT")):
            with pytest.raises(ChannelFailed, match="is not a"):
                self.settle(account, then, [0])


class TestConnection:
    def test_tls(self, account):
        account.deliver(simple())
        ca_file = str(account.server.ca_file)
        fetched = account.fetch(security="tls", host="localhost", port=account.server.tls_port, ca_file=ca_file)
        assert len(fetched) == 1

    def test_starttls(self, account):
        account.deliver(simple())
        ca_file = str(account.server.ca_file)
        assert len(account.fetch(security="starttls", host="localhost", ca_file=ca_file)) == 1

    def test_ca_file_relative_to_the_desk(self, account):
        account.deliver()
        shutil.copy(account.server.ca_file, account.folder / "ca.pem")
        account.fetch(security="starttls", host="localhost", ca_file="ca.pem")

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_that_nobody_vouches_for(self, account, security):
        port = account.server.tls_port if security == "tls" else account.server.port
        with pytest.raises(ChannelFailed, match=r"support: localhost:\d+: its certificate is not to be .*ca_file"):
            account.fetch(security=security, host="localhost", port=port)

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_for_another_host(self, account, security):
        port = account.server.tls_port if security == "tls" else account.server.port
        with pytest.raises(ChannelFailed, match="not to be trusted"):
            account.fetch(security=security, host="127.0.0.1", port=port, ca_file=str(account.server.ca_file))

    def test_tls_with_a_port_that_speaks_none(self, account):
        with pytest.raises(ChannelFailed, match="does not speak TLS on that port: see `security:`"):
            account.fetch(security="tls", host="localhost", port=account.server.port)

    def test_a_wrong_password_is_told_but_not_repeated(self, account):
        with pytest.raises(ChannelFailed, match=r"support: 127\.0\.0\.1 refused the password of") as failure:
            account.fetch(password="hemligt-ord")
        assert "hemligt" not in "".join(map(str, (failure.value, failure.value.__cause__)))

    def test_the_password_comes_from_a_command(self, account):
        account.deliver(simple())
        assert len(account.fetch(password="", password_command=f"printf '%s\\nmer' '{PASSWORD}'")) == 1

    def test_a_folder_that_is_not_there(self, account):
        account.deliver(folder="Kundtjänst".replace("ä", "&AOQ-"))
        account.deliver()
        with pytest.raises(ChannelFailed, match=r"no folder 'Kundtjanst'.*there are: .*Kundtjänst"):
            account.fetch(folders=("Kundtjanst",))

    def test_an_authority_that_is_not_there(self, account):
        with pytest.raises(ChannelFailed, match=r"support: ca_file: there is no .*borta\.pem"):
            account.fetch(security="tls", host="localhost", ca_file="borta.pem")

    def test_check_says_what_is_there(self, account):
        account.deliver(simple(), simple("två"))
        source = account.source()
        assert source.check() == f"{account.user} on 127.0.0.1: INBOX 2"
        source.close()

    def test_check_misses_the_folder_to_move_to(self, account):
        account.deliver(simple())
        source = account.source(then=Then("move", "Åtgärdat"))
        with pytest.raises(ChannelFailed, match=r"no folder 'Åtgärdat' to move fetched mails to; there are: INBOX"):
            source.check()
        source.close()
        account.deliver(folder="Åtgärdat".replace("Å", "&AMU-").replace("ä", "&AOQ-"))
        source = account.source(then=Then("move", "Åtgärdat"))
        assert "INBOX 1" in source.check()
        source.close()
