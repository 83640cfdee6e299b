"""`person erase --server` on a real Dovecot: the desk's own copies of the person's mails go, nobody else's."""

from __future__ import annotations

import re

import pytest

from tests.conftest import RULES, Office
from tests.mails import simple
from tests.servers import PASSWORD, Dovecot, dovecot

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot

ANNA, BO = "Anna Öberg <anna@kund.example>", "Bo Ek <bo@granne.example>"


class Account:
    """A desk that fetches from an account of its own, with copies of replies in its Sent folder."""

    def __init__(self, office: Office, server: Dovecot, user: str, then: str) -> None:
        self.office, self.server, self.user = office, server, user
        source = f"host: 127.0.0.1, port: {server.port}, security: none, user: {user}, then: {then}"
        text = RULES.replace("undo: 0s", "undo: 0s, sent: support")
        text += f"sources:\n  - {{name: support, imap: {{{source}}}}}\n"
        (office.folder / "rules.yaml").write_text(text, encoding="utf-8")
        server.deliver(user, [], "Klart")
        server.deliver(user, [], "Skickat-&APY-")

    def subjects(self, folder: str) -> list[str]:
        with self.server.client(self.user, f'"{folder}"') as client:
            found = client.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        return [one[1].decode().strip().removeprefix("Subject: ") for one in found if isinstance(one, tuple)]


@pytest.fixture
def account(
    office: Office, dovecot: Dovecot, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Account:
    monkeypatch.setenv("TICKETCTL_PASSWORD_SUPPORT", PASSWORD)
    name = re.sub(r"\W+", "-", request.node.name).lower()[-40:]
    return Account(office, dovecot, name, getattr(request, "param", "leave"))


@pytest.mark.parametrize(("account", "folder"), [("leave", "INBOX"), ("{move: Klart}", "Klart")], indirect=["account"])
def test_the_persons_mails_go_from_every_folder_of_the_desk(account: Account, folder: str) -> None:
    office = account.office
    account.server.deliver(
        account.user,
        [
            simple("Annas fråga", sender=ANNA, message_id="a1@kund.example"),
            simple("Bos fråga", sender=BO, message_id="b1@granne.example"),
            simple("Annas andra", sender=ANNA, message_id="a2@kund.example"),
        ],
    )
    office.run("fetch", user="system")
    for number in (1, 2, 3):
        office.run("reply", number, "--text", "Hej!", "--no-check")
    assert len(account.subjects("Skickat-&APY-")) == 3
    assert sorted(account.subjects(folder)) == ["Annas andra", "Annas fråga", "Bos fråga"]
    plan = office.say("person", "erase", "anna@kund.example", "--dry-run", "--server")
    assert re.search(rf"support/{folder}: UID \d+, \d+\n", plan)
    assert len(account.subjects(folder)) == 3  # a plan deletes nothing
    told = office.say("person", "erase", "anna@kund.example", "--yes", "--server")
    assert "mails deleted on the mail server: 4" in told
    assert account.subjects(folder) == ["Bos fråga"]
    assert len(account.subjects("Skickat-&APY-")) == 1


def test_without_the_option_nothing_is_touched_and_the_certificate_says_so(account: Account) -> None:
    office = account.office
    account.server.deliver(account.user, [simple("Annas", sender=ANNA, message_id="a1@kund.example")])
    office.run("fetch", user="system")
    told = office.say("person", "erase", "anna@kund.example", "--yes")
    assert account.subjects("INBOX") == ["Annas"]
    assert "mails in our mailboxes on the mail server: 1" in told and "anna@kund" not in told


def test_a_server_that_is_down_is_told_and_the_rest_is_erased(account: Account) -> None:
    office = account.office
    account.server.deliver(account.user, [simple("Annas", sender=ANNA, message_id="a1@kund.example")])
    office.run("fetch", user="system")
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(f"port: {account.server.port}", "port: 1"), "utf-8")
    ended = office.run("person", "erase", "anna@kund.example", "--yes", "--server")
    assert "support" in ended.stderr and "not" in ended.stderr
    assert office.get(1).messages[0].text == ""
