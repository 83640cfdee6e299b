"""Sending with a login by OAuth, to a real SMTP server that takes OAUTHBEARER or only XOAUTH2."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.issuer import CLIENT, Issuer, issuing
from tests.smtp_server import USER, Mailbox, Modern, serving

pytestmark = [
    pytest.mark.extra("oauth"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH"),  # aiosmtpd minds what we test
]


class Customer:
    """A desk that sends as USER, through `port`, with tokens of `issuer`."""

    def __init__(self, office, issuer, port):
        self.office, self.issuer = office, issuer
        rules = office.folder / "rules.yaml"
        smtp = {"host": "127.0.0.1", "port": port, "security": "none", "user": USER}
        oauth = {"issuer": issuer.url, "client_id": CLIENT}
        sink = f"outgoing: {{from: 'Oss <{USER}>', smtp: {json.dumps({**smtp, 'oauth': oauth})}}}"
        lines = [line for line in rules.read_text().splitlines() if not line.startswith("outgoing:")]
        rules.write_text("\n".join([*lines, sink, ""]))
        office.make(1)

    def reply(self, code=0):
        return self.office.run("reply", 1, "--text", "Hej!", code=code).stderr


@pytest.fixture(params=[Mailbox, Modern], ids=["XOAUTH2", "OAUTHBEARER"])
def desk(office, request):
    mailbox = request.param()
    with issuing(Issuer(USER)) as issuer, serving(auth=True, mailbox=mailbox) as (port, _):
        mailbox.tokens = issuer.tokens
        desk = Customer(office, issuer, port)
        desk.mailbox = mailbox
        yield desk
    assert mailbox.wrong == []


def test_a_reply_leaves_with_a_token(desk):
    assert f"Logged in as {USER}, smtp 127.0.0.1: reached" in desk.office.say("login")
    desk.reply()
    desk.office.run("send", "-q")
    assert len(desk.mailbox.mails) == 1


def test_a_token_that_was_taken_back_early_is_renewed_once(desk):
    desk.office.run("login", "outgoing")
    desk.issuer.revoke()
    desk.reply()
    desk.office.run("send", "-q")
    assert len(desk.mailbox.mails) == 1
    assert desk.issuer.count("/token", grant_type="refresh_token") == 1


def test_the_end_of_the_login_keeps_the_mail_until_the_next(desk):
    desk.office.run("login", "outgoing")
    kept = next((desk.office.folder / "data" / "tokens").glob("*.json")).read_text()
    desk.issuer.end()
    told = desk.reply(code=8)
    assert "(invalid_grant): log in again" in told
    assert desk.mailbox.mails == []
    tokens = json.loads(kept)
    assert tokens["access_token"] not in told and tokens["refresh_token"] not in told
    desk.office.run("login", "outgoing")
    desk.office.now += timedelta(hours=1)
    desk.office.run("send", "-q")
    assert len(desk.mailbox.mails) == 1


def test_a_mailbox_and_outgoing_of_the_same_account_share_a_login(desk):
    rules = desk.office.folder / "rules.yaml"
    oauth = {"issuer": desk.issuer.url, "client_id": CLIENT}
    imap = {"host": "127.0.0.1", "port": 1, "security": "none", "user": USER, "oauth": oauth}
    rules.write_text(rules.read_text() + f"sources: [{{name: support, imap: {json.dumps(imap)}}}]\n")
    desk.office.run("login", "support", code=8)  # nothing listens there; the login is kept all the same
    assert "outgoing: logged in 0m ago" in desk.office.say("login", "--status")
    desk.reply()
    desk.office.run("send", "-q")
    assert len(desk.mailbox.mails) == 1
