"""A server that repeats what we said to it: our password is in nothing that ticketctl prints or keeps."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import b2a_qp
from urllib.parse import quote

import pytest

from tests.conftest import some_now
from tests.mailbox_server import Mailbox
from tests.mails import simple
from ticketctl.channels.redaction import Redactor
from ticketctl.domain.text.one_line import TEXT

MAILS = {1: simple("Hej", message_id="1@kund.example")}
PLAIN = "kanariefagel-77"
PASSWORDS = {"plain": PLAIN, "quoted": 'kana"rie\\fågel 77', "a word of the protocol": "OK", "short": "k9"}
TEXTS = {
    "LOGIN": b"* BYE rejected: %LOGIN%\r\n",
    "LOGIN refused": b"%TAG% NO rejected: %LOGIN%\r\n",
    "LOGIN not understood": b"%TAG% BAD rejected: %LOGIN%\r\n",
    "LOGIN rubbish": b"rejected %LOGIN%\r\n",
    "EXAMINE": b"%TAG% NO rejected: %LOGIN%\r\n",
    "EXAMINE and hang up": b"* BYE rejected: %LOGIN%\r\n",
    "UID": b"%TAG% NO rejected: %LOGIN%\r\n",
    "UID not understood": b"%TAG% BAD rejected: %LOGIN%\r\n",
    "UID and hang up": b"* BYE rejected: %LOGIN%\r\n",
    "UID listed": b"* 1 FETCH (UID %LOGIN%)\r\n%TAG% OK done\r\n",
}


def kept(folder):
    """(name, bytes) of everything on the desk but rules.yaml, where the test's password command stands."""
    return [
        (path.name, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("rules.yaml", ".rules.cache", "secret")
    ]


def spellings(secret, user="asa"):
    bearer = f"user={user}\x01auth=Bearer {secret}\x01\x01"
    coded = [secret, f"\0{user}\0{secret}", f"{user}\0{user}\0{secret}", bearer, f"x{secret}", f"xx{secret}yy"]
    return [secret.encode(), secret.replace("\\", "\\\\").replace('"', '\\"').encode()] + [
        b64encode(one.encode()) for one in coded
    ]


class Desk:
    def __init__(self, office, port, key="password_command", secret=PLAIN, capabilities=""):
        self.office, self.secret = office, secret
        (office.folder / "secret").write_text(secret)
        rules = office.folder / "rules.yaml"
        rules.write_text(
            rules.read_text() + f"sources: [{{name: support, imap: {{host: 127.0.0.1, port: {port}, security: none, "
            f"user: asa, {key}: cat {office.folder}/secret, timeout: 2, deadline: 20}}}}]\n"
        )

    def seen(self):
        """All that four fetches, doctor and the notices to the administrators print and keep, decoded too."""
        runs = [self.office.invoke("fetch", user="system") for _ in range(4)]
        runs += [self.office.invoke(*words) for words in (["doctor"], ["doctor", "--json"], ["send"], ["board"])]
        assert not any(isinstance(one.exception, Exception) for one in runs)
        assert runs[0].exit_code == 8
        texts = [one.output.encode() for one in runs] + [raw for _, raw in kept(self.office.folder)]
        return texts + [decoded for text in texts for decoded in _decoded(text)]


def _decoded(text):
    for word in text.split():
        try:
            yield b64decode(word, validate=True)
        except ValueError:
            continue


@pytest.fixture
def start(office):
    boxes = []

    def begin(texts, **fields):
        capabilities = fields.pop("capabilities", "IMAP4rev1")
        boxes.append(Mailbox(MAILS, fields.pop("answers", None), texts=texts, capabilities=capabilities))
        return Desk(office, boxes[-1].port, **fields)

    yield begin
    for box in boxes:
        box.close()


@pytest.mark.parametrize("point", some_now(sorted(TEXTS), 6))
def test_the_line_that_logged_us_in(start, point):
    desk = start({point.split()[0]: TEXTS[point]})
    for text in desk.seen():
        assert not any(one in text for one in spellings(PLAIN))


@pytest.mark.parametrize("name", ["quoted", "a word of the protocol", "short"])
def test_passwords_of_all_kinds(start, name):
    secret = PASSWORDS[name]
    desk = start({"EXAMINE": b"%TAG% NO rejected: <%LOGIN%>\r\n"}, secret=secret)
    for text in desk.seen():
        assert b'asa "' + spellings(secret)[1] not in text


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("command", ["EXAMINE", "UID"])
def test_a_token(start, mechanism, command):
    capabilities = f"IMAP4rev1 AUTH={mechanism}"
    desk = start({command: b"%TAG% NO rejected: %LOGIN%\r\n"}, key="token_command", capabilities=capabilities)
    for text in desk.seen():
        assert not any(one in text for one in spellings(PLAIN))


def test_a_mail_that_is_not_given_with_our_password_as_the_reason(start):
    desk = start({}, answers={1: lambda uid, raw: b"!NO asa " + PLAIN.encode()})
    for text in desk.seen():
        assert PLAIN.encode() not in text


@pytest.mark.parametrize("capability", ["LOGINDISABLED", "LOGINDISABLED AUTH=PLAIN", "logindisabled auth=cram-md5"])
def test_a_server_that_forbids_login_is_heeded(office, capability):
    box = Mailbox(MAILS, capabilities=f"IMAP4rev1 {capability}")
    plain = "AUTH=PLAIN" in capability
    desk = Desk(office, box.port)
    told = desk.office.run("fetch", code=0 if plain else 8).output
    box.close()
    assert b" LOGIN " not in box.heard
    assert (b"AUTHENTICATE PLAIN" in box.heard) == plain
    assert plain or "LOGINDISABLED" in told


class TestRedactor:
    def test_all_spellings(self):
        secret = 'kana"rie\\fågel 77&'
        redactor = Redactor(secret)
        wire = [one for one in spellings(secret) if b"\n" not in one]
        wire += [json.dumps(secret).encode(), repr(secret).encode(), repr(secret.encode()).encode()]
        for one in wire:
            told = redactor.told(b"NO wrong " + one + b" here")
            assert "***" in told and "NO wrong" in told and "fågel" not in told
            assert "***" in redactor.line(b"NO wrong " + one).decode()

    def test_a_text_is_one_short_line_without_controls(self):
        told = Redactor().told(b"first\r\nsecond \x1b[8m\xff\x00" + b"x" * 10_000)
        assert told.startswith("first second [8m") and len(told) == TEXT and told.isprintable()

    def test_a_secret_at_the_place_where_a_text_is_cut(self):
        assert PLAIN[:4] not in Redactor(PLAIN).told("y" * (TEXT - 5) + PLAIN)

    def test_a_megabyte_of_base64_takes_no_time_to_speak_of(self):
        assert Redactor(PLAIN).line(b"A" * 1_000_000) == b"A" * 1_000_000


LONG = "ya29." + "".join(f"{chr(65 + at * 7 % 26)}{chr(97 + at * 11 % 26)}{at % 10}" for at in range(100))
REWRITTEN = {
    "in capitals": lambda secret: secret.upper().encode(),
    "in Latin-1": lambda secret: secret.encode("latin-1"),
    "for a URL, in lower case": lambda secret: quote(secret, safe="").lower().encode(),
    "in hexadecimal": lambda secret: secret.encode().hex().encode(),
    "quoted-printable": lambda secret: b2a_qp(secret.encode()),
    "in modified UTF-7": lambda secret: secret.replace("&", "&-").encode(),
    "in lines": lambda secret: b"\r\n ".join(_cut(secret.encode(), 5)),
    "AUTH PLAIN in lines": lambda secret: b"\n".join(_cut(b64encode(f"\0asa\0{secret}".encode()), 11)),
}


def _cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("secret", ["kanariefågel-77", "r&d=1+1?3", LONG])
@pytest.mark.parametrize("how", REWRITTEN)
def test_a_secret_that_is_written_otherwise(secret, how):
    told = Redactor(secret).told(b"rejected: " + REWRITTEN[how](secret) + b" (sorry)")
    assert told in ("rejected: *** (sorry)", "rejected: ***(sorry)"), told


@pytest.mark.parametrize("sent", [LONG, b64encode(f"\0asa\0{LONG}".encode()).decode()])
def test_a_piece_of_a_long_secret(sent):
    assert Redactor(LONG).told(f"rejected: {sent[:80]}…") == "rejected: ***"


def test_texts_that_look_alike_stay():
    told = "550 5.7.1 <eva.andersson@kund.example>: see https://post.example/why?id=kanariefagel.77.aaaaaaaaaaaaa"
    assert Redactor(LONG, PLAIN).told(told) == told
