"""A conversation over real servers: Dovecot in, aiosmtpd out, TLS on both, each command a process of its own."""

from __future__ import annotations

import json
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.conftest import Office
from tests.mails import simple
from tests.servers import PASSWORD, Dovecot, dovecot
from tests.smtp_server import PASSWORD as SMTP_PASSWORD
from tests.smtp_server import USER, Authority, Mailbox, serving

__all__ = ["dovecot"]
pytestmark = [pytest.mark.dovecot, pytest.mark.filterwarnings("ignore:Requiring AUTH")]
SECRETS = {"TICKETCTL_PASSWORD_SUPPORT": PASSWORD, "TICKETCTL_PASSWORD_OUTGOING": SMTP_PASSWORD}


def settle(office: Office, server: Dovecot, user: str, smtp_port: int, authority: Path) -> None:
    """A desk whose mail comes and goes over verified TLS."""
    rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
    smtp = f"smtp: {{host: localhost, port: {smtp_port}, security: tls, user: {USER}, ca_file: {authority}}}"
    imap = f"imap: {{host: localhost, port: {server.tls_port}, user: {user}, ca_file: {server.ca_file}}}"
    rules = rules.replace("maildir: data/sent", smtp) + f"sources: [{{name: support, {imap}}}]\n"
    (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")


def strict(raw: bytes) -> EmailMessage:
    """As a parser reads it that minds every defect."""
    message = BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    for name in message.keys():  # noqa: SIM118 - a header may come twice
        assert not message[name].defects, name
    return message


def say(office: Office, *args: object) -> str:
    done = office.process(*args, env=SECRETS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(office: Office) -> list[dict[str, object]]:
    return [json.loads(row) for row in say(office, "export").splitlines()]


def answer(raw: bytes, message_id: str) -> bytes:
    """What a mail program makes of "reply": our words quoted, our ids referred to."""
    ours = strict(raw)
    references = f"{ours['References']} {ours['Message-ID']}"
    question = "Tack, det löste sig nästan. Hur gör jag med den gamla?"
    text = f"{question}\r\n\r\nDen fre 20 nov. 2026 skrev Exempel support:\r\n> Hej Åsa"
    return simple(
        f"Sv: {ours['Subject']}",
        text,
        message_id=message_id,
        in_reply_to=str(ours["Message-ID"]),
        references=re.sub(r"\s+", " ", references),
    )


def test_from_the_customers_mail_to_their_answer(office: Office, dovecot: Dovecot, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with serving(tls=authority.server(), auth=True) as (port, mailbox):
        settle(office, dovecot, "samtal", port, authority.file)
        dovecot.deliver("samtal", [simple("Trasig kånna", message_id="fraga@kund.example")])
        assert say(office, "fetch").startswith("1 mail: 1 new ticket")
        assert "reply sent to asa@kund.example" in say(office, "reply", 1, "--text", "Hej Åsa! Vi skickar en ny.")
        sent = sent_mail(mailbox)
        assert (sent["In-Reply-To"], sent["References"]) == ("<fraga@kund.example>", "<fraga@kund.example>")
        assert sent["Subject"] == "SV: Trasig kånna"
        assert sent.get_content().strip() == "Hej Åsa! Vi skickar en ny."
        assert sent["From"] == "Exempel support <support@exempel.example>"
        assert sent["Auto-Submitted"] is None

        dovecot.deliver("samtal", [answer(mailbox.bodies[-1], "svar@kund.example")])
        assert say(office, "fetch").startswith("1 mail: 1 in tickets that were there")
        [ticket] = exported(office)
        assert [one["message_id"] for one in ticket["messages"]][::2] == ["fraga@kund.example", "svar@kund.example"]
        assert ticket["status"] == "open"  # the answer woke it
        assert "answers our mail" in say(office, "show", 1, "--why")

        say(office, "set", 1, "category=support")
        say(office, "reply", 1, "--text", "Släng den.", "--close", "--cause", "leverans")
        last = sent_mail(mailbox)
        assert last["In-Reply-To"] == "<svar@kund.example>"
        first = strict(mailbox.bodies[0])["Message-ID"]
        assert last["References"].split() == ["<fraga@kund.example>", first, "<svar@kund.example>"]


def sent_mail(mailbox: Mailbox) -> EmailMessage:
    return strict(mailbox.bodies[-1])


def test_a_long_thread_keeps_its_references_as_plain_ids(office: Office, dovecot: Dovecot, tmp_path: Path) -> None:
    """Python's own generator turns long References into encoded words, which breaks threading in Outlook."""
    authority = Authority(tmp_path)
    long = " ".join(f"<del-{number}-{'x' * 60}@kund.example>" for number in range(20))
    with serving(tls=authority.server(), auth=True) as (port, mailbox):
        settle(office, dovecot, "trad", port, authority.file)
        dovecot.deliver("trad", [simple("Lång tråd", message_id="sista@kund.example", references=long)])
        say(office, "fetch")
        say(office, "reply", 1, "--text", "Hej")
        raw = mailbox.bodies[-1]
        assert b"=?" not in raw.split(b"Subject:")[0]
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert strict(raw)["References"].split()[-1] == "<sista@kund.example>"


def test_a_wrong_password_is_one_clear_line_and_the_other_mailbox_goes_on(
    office: Office, dovecot: Dovecot, tmp_path: Path
) -> None:
    rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
    imap = f"imap: {{host: localhost, port: {dovecot.tls_port}, user: fel, ca_file: {dovecot.ca_file}}}"
    rules += f"sources: [{{name: support, {imap}}}, {{name: spool, maildir: {tmp_path}/spool}}]\n"
    (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
    for part in ("new", "cur", "tmp"):
        (tmp_path / "spool" / part).mkdir(parents=True)
    (tmp_path / "spool" / "new" / "1.a").write_bytes(simple("Hej", message_id="a@kund.example"))
    done = office.process("fetch", env={"TICKETCTL_PASSWORD_SUPPORT": "inte-rätt-lösen"})
    assert done.returncode == 8
    assert "1 new ticket" in done.stdout
    [line] = [line for line in done.stderr.splitlines() if "support" in line]
    assert "password" in line.lower() or "log in" in line.lower()
    assert "inte-rätt-lösen" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
