"""`login`: by code and by browser, what is kept of it, how it is renewed, and how its end is told; against a server of
tokens on loopback and Dovecot's own OAUTHBEARER and XOAUTH2."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ROOT, some_now
from tests.growth import HANG
from tests.issuer import CLIENT, Issuer, issuing
from tests.mails import simple
from tests.servers import free_port, running
from ticketctl.channels.email.oauth import login as flows
from ticketctl.domain.settings.oauth import OAuth, endpoints

pytestmark = [pytest.mark.dovecot, pytest.mark.extra("oauth")]
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def server():
    with running(free_port()) as server:
        yield server


class Customer:
    """A desk whose source `support` logs in by OAuth: at `issuer` for tokens, at a real Dovecot with them."""

    def __init__(self, office, server, issuer):
        self.office, self.server, self.issuer = office, server, issuer
        self.rules = (office.folder / "rules.yaml").read_text(encoding="utf-8").replace("\nsources: []", "")
        self.configure()
        issuer.clock = lambda: office.now

    def configure(self, more="", **oauth):
        given = {"issuer": self.issuer.url, "client_id": CLIENT, **oauth}
        given = {key: value for key, value in given.items() if value is not None}
        imap = {"host": "127.0.0.1", "port": self.server.port, "security": "none", "user": self.issuer.user}
        source = json.dumps({**imap, "oauth": given})
        text = f"{self.rules}\nsources: [{{name: support, imap: {source}}}]\n{more}"
        (self.office.folder / "rules.yaml").write_text(text, encoding="utf-8")

    def log_in(self, *options, **more):
        return self.office.say("login", "support", *options, **more)

    def files(self):
        return sorted((self.office.folder / "data" / "tokens").glob("*.json"))

    def kept(self):
        (file,) = self.files()
        return json.loads(file.read_text())

    def arrive(self, *subjects):
        self.server.deliver(self.issuer.user, [simple(subject) for subject in subjects])

    def fetch(self, **more):
        return self.office.run("fetch", **more)


@pytest.fixture
def desk(office, server, request):
    name = re.sub(r"\W", "-", request.node.name).lower()[-40:]
    with issuing(Issuer(f"{name}@exempel.example"), server.issuer_port) as issuer:
        yield Customer(office, server, issuer)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    """The issuer of these tests lets itself be asked at once."""
    monkeypatch.setattr(flows, "QUICKEST", 0.0)


# --- by code ---


def test_by_code_and_then_mail_is_fetched(desk):
    desk.arrive("Hej")
    desk.issuer.plan["/token"] = [(400, {"error": "authorization_pending"})] * 2
    told = desk.log_in()
    assert f"{desk.issuer.url}/log-in" in told and "KAFF-EBÖN" in told
    assert f"Logged in as {desk.issuer.user} on 127.0.0.1: INBOX 1" in told
    assert desk.fetch().stdout == "1 mail: 1 new ticket (#1)\n"
    assert desk.issuer.count("/token") == 3, "the token that was got at login serves"


def test_what_is_kept_is_private_and_told_nowhere(desk):
    told = desk.log_in("-v")
    data = desk.office.folder / "data"
    kept = desk.kept()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (data / "tokens").iterdir()]
    assert set(modes) == {0o600} and stat.S_IMODE((data / "tokens").stat().st_mode) == 0o700
    desk.issuer.end()
    told += desk.fetch(code=8).output + desk.office.run("doctor", code=8).output + desk.office.say("login", "--status")
    told += "".join(path.read_text() for path in (data / "audit.jsonl", data / "desk.json", data / ".rules.cache")
                    if path.suffix == ".jsonl" or path.suffix == ".json")  # fmt: skip
    assert kept["access_token"] not in told and kept["refresh_token"] not in told
    assert kept["access_token"].encode() not in (data / ".rules.cache").read_bytes()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"error": "access_denied"}, "the log-in was declined in the browser; nothing was changed"),
        ({"error": "expired_token"}, "the code expired before it was typed; `ticketctl login support` gives a new"),
        ({"error": "unauthorized_client", "error_description": "Not in this tenant."}, "Not in this tenant. (unauthor"),
        ({"access_token": "a\nb", "token_type": "Bearer"}, "no access token that can be used"),
        ({"access_token": "abc", "token_type": "mac"}, "no bearer token"),
        ({"access_token": "abc", "token_type": "Bearer", "scope": "openid"}, "does not allow imap"),
    ],
    ids=["denied", "expired", "declined", "token", "type", "scope"],
)
def test_what_goes_wrong_with_a_code_is_one_line(desk, answer, told):
    desk.configure(scopes=["imap", "offline_access"])
    desk.issuer.plan["/token"] = [(400 if "error" in answer else 200, answer)]
    assert told in desk.office.trouble("login", "support", code=8)
    assert desk.files() == []


def test_a_server_that_wants_it_slower_is_asked_more_slowly(desk, monkeypatch):
    waited = []
    monkeypatch.setattr(flows, "time", SimpleNamespace(sleep=waited.append, monotonic=time.monotonic))
    desk.issuer.plan["/token"] = [
        (400, {"error": "slow_down"}),
        (400, {"error": "authorization_pending"}),
        (400, {"error": "slow_down"}),
    ]
    desk.log_in()
    assert waited == [0.0, 5.0, 5.0, 10.0]


def test_a_network_that_fails_meanwhile_is_told_once_and_tried_again(desk, monkeypatch):
    monkeypatch.setattr(flows, "time", SimpleNamespace(sleep=lambda seconds: None, monotonic=time.monotonic))
    desk.issuer.plan["/token"] = ["hang up", "hang up", (502, {"html": "<h1>Bad Gateway</h1>"})]
    told = desk.log_in()
    assert told.count("still trying") == 1 and "Logged in as" in told


def test_a_code_that_nobody_types_runs_out(desk):
    desk.issuer.plan["/device"] = [(200, {"device_code": "d", "user_code": "u", "verification_uri": "http://x",
                                          "expires_in": 0, "interval": 0})]  # fmt: skip
    assert "expired before it was typed" in desk.office.trouble("login", "support", code=8)


# --- by browser ---


@contextmanager
def logging_in(desk, *options):
    """`login --browser` in a process of its own, and the address that it shows."""
    env = {**os.environ, **desk.office.environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "ticketctl", "login", "support", "--browser", *options]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=env, text=True, **pipes)
    killer = threading.Timer(HANG, process.kill)
    killer.start()
    try:
        stream = process.stderr if "--json" in options else process.stdout
        yield process, next(line.strip() for line in stream if "redirect_uri=" in line)
    finally:
        killer.cancel()
        process.kill()
        process.communicate()


def ended(process):
    out, err = process.communicate(timeout=HANG)
    return process.returncode, out, err


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def sent_to(url):
    """Where a browser is sent to, that goes no further."""
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_Stay).open(url)
    return answer.value.headers["Location"]


def test_by_browser(desk):
    with logging_in(desk) as (process, url):
        query = parse_qs(urlsplit(url).query)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", query["redirect_uri"][0])
        assert query["code_challenge_method"] == ["S256"] and query["login_hint"] == [desk.issuer.user]
        with urllib.request.urlopen(url) as page:
            assert b"close this page" in page.read()
        code, out, err = ended(process)
    assert (code, err) == (0, "") and "Logged in as" in out.splitlines()[-1]


def test_what_does_not_carry_our_state_is_somebody_elses(desk):
    with logging_in(desk) as (process, url):
        ours = sent_to(url)
        forged = [
            re.sub("state=[^&]+", "state=x", ours),
            re.sub("&iss=[^&]+", "&iss=https%3A%2F%2Fevil.example", ours),
            ours.replace("?", "/favicon.ico?", 1),
            ours.partition("?")[0],
        ]
        for address in forged:
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(address)
        assert process.poll() is None and desk.issuer.count("/token") == 0
        with urllib.request.urlopen(ours):
            assert ended(process)[0] == 0


def test_over_ssh_the_address_is_pasted(desk):
    with logging_in(desk, "--json") as (process, url):
        process.stdin.write("https://example.com/fel\n")
        process.stdin.flush()
        assert any("paste the whole of it" in line for line in process.stderr)
        code, out, _ = ended_with(process, sent_to(url) + "\n")
    assert code == 0
    told = json.loads(out)
    assert (told["source"], told["user"], told["renewable"]) == ("support", desk.issuer.user, True)


def ended_with(process, text):
    out, err = process.communicate(text, timeout=HANG)
    return process.returncode, out, err


def test_declined_in_the_browser(desk):
    with logging_in(desk) as (process, url):
        given = parse_qs(urlsplit(url).query)
        answer = f"{given['redirect_uri'][0]}?error=access_denied&state={given['state'][0]}"
        with urllib.request.urlopen(answer):
            code, _, err = ended(process)
    assert code == 8 and "was declined in the browser; nothing was changed" in err and desk.files() == []


def test_a_client_with_a_secret(desk):
    desk.issuer.secret = "hemligt+/="
    assert "invalid_client" in desk.office.trouble("login", "support", code=8)
    desk.configure(client_secret_command="echo 'hemligt+/='")
    desk.log_in()
    desk.issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    desk.log_in()
    assert "hemligt" not in (desk.files()[0]).read_text()


# --- the metadata of an issuer ---


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"issuer": "https://annan.example"}, "calls itself 'https://annan.example'; write that as `issuer:`"),
        ({"token_endpoint": None}, "names no token_endpoint"),
        ({"token_endpoint": "http://exempel.example/token"}, "token_endpoint is not an https:// address"),
        ({"device_authorization_endpoint": None, "authorization_endpoint": None}, "no log-in by browser"),
    ],
    ids=["another", "no token", "clear text", "no way"],
)
def test_an_issuer_that_is_not_to_be_trusted(desk, metadata, told):
    desk.issuer.metadata = metadata
    assert told in desk.office.trouble("login", "support", code=8)
    assert desk.issuer.count("/token") == 0


def test_a_page_where_metadata_is_looked_for(desk):
    desk.issuer.plan["/.well-known/openid-configuration"] = [(200, {"html": "<h1>Logga in på hotellets nät</h1>"})]
    assert "its answer is not JSON: is that the address of the issuer?" in desk.office.trouble("login", code=8)


def test_an_issuer_that_is_not_there(desk):
    desk.configure(issuer=f"http://127.0.0.1:{free_port()}")
    assert "cannot be reached" in desk.office.trouble("login", "support", code=8)


def test_no_redirect_is_followed_with_a_secret(desk):
    desk.log_in()
    desk.office.now += 2 * HOUR
    desk.issuer.plan["/token"] = [f"{desk.issuer.url}/elsewhere"]
    desk.fetch(code=8)
    assert desk.issuer.count("/elsewhere") == 0


# --- renewing ---


def test_it_is_renewed_ahead_of_its_end_and_kept_before_it_is_used(desk):
    desk.log_in()
    first = desk.kept()
    desk.office.now += timedelta(minutes=50)
    desk.fetch()
    assert desk.kept() == first
    desk.office.now += timedelta(minutes=7)  # it holds for 3 minutes more
    desk.fetch()
    second = desk.kept()
    assert second["refresh_token"] != first["refresh_token"] and second["access_token"] != first["access_token"]
    assert second["logged_in_at"] == first["logged_in_at"]


def test_a_month_of_fetching(desk):
    desk.log_in()
    for _ in range(30):
        desk.office.now += timedelta(days=1)
        desk.fetch()
    assert desk.issuer.count("/token", grant_type="refresh_token") == 30


def test_a_server_that_keeps_its_refresh_token(desk):
    desk.issuer.rotates = False
    desk.log_in()
    first = desk.kept()["refresh_token"]
    for _ in range(2):
        desk.office.now += 2 * HOUR
        desk.fetch()
    assert desk.kept()["refresh_token"] == first


def test_a_token_that_was_taken_back_early_is_renewed_once(desk):
    desk.log_in()
    desk.arrive("Hej")
    desk.issuer.revoke()
    assert "1 new ticket" in desk.fetch().stdout
    assert desk.issuer.count("/token", grant_type="refresh_token") == 1


def test_a_refusal_after_it_was_renewed_is_told(desk):
    desk.log_in()
    desk.issuer.tokens = Forgetful()
    told = desk.fetch(code=8).stderr
    assert (
        "refused the token of" in told
        and "(invalid_token); log in again as " in told
        and "`ticketctl login support`" in told
    )
    assert desk.issuer.count("/token", grant_type="refresh_token") == 1


class Forgetful(dict):
    def __setitem__(self, key, value):
        pass


def test_five_runs_at_once_renew_once(desk):
    desk.log_in()
    desk.office.now += 2 * HOUR
    env = {**os.environ, **desk.office.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "ticketctl", "doctor"]
    processes = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(5)]
    assert [process.wait(60) for process in processes] == [0] * 5
    assert desk.issuer.count("/token", grant_type="refresh_token") == 1


def test_while_the_server_of_tokens_is_away_the_old_one_serves_to_its_end(desk):
    desk.log_in()
    desk.office.now += timedelta(minutes=57)
    desk.issuer.plan["/token"] = [(503, {"error": "temporarily_unavailable"})]
    desk.fetch()
    desk.office.now += timedelta(minutes=10)
    desk.issuer.plan["/token"] = [(503, {"html": "<h1>away</h1>"})]
    assert "answered 503; the next try may go better" in desk.fetch(code=8).stderr
    desk.fetch()


def test_a_disk_that_takes_nothing_costs_no_login(desk, monkeypatch):
    from ticketctl.errors import StoreFailed
    from ticketctl.store.tokens import Tokens

    desk.log_in()
    before = desk.kept()
    desk.office.now += 2 * HOUR

    def full(self, account, content):
        raise StoreFailed("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Tokens, "write", full)
        assert "no space left" in desk.fetch(code=8).stderr
    assert desk.issuer.count("/token", grant_type="refresh_token") == 0 and desk.kept() == before
    desk.fetch()


def test_what_cannot_be_kept_is_not_used(desk, monkeypatch):
    """Also where the old token would do for some minutes more: the new one is lost, and that must be told."""
    from ticketctl.errors import StoreFailed
    from ticketctl.store.tokens import Tokens

    desk.log_in()
    desk.office.now += timedelta(minutes=57)
    write, calls, asked = Tokens.write, [], len(desk.issuer.asked_with())

    def fails_the_second_time(self, account, content):
        calls.append(content)
        if len(calls) == 2:
            raise StoreFailed("no space left")
        write(self, account, content)

    monkeypatch.setattr(Tokens, "write", fails_the_second_time)
    assert "no space left" in desk.fetch(code=8).stderr
    assert len(calls) == 2 and len(desk.issuer.asked_with()) == asked


def test_ctrl_c_while_it_is_renewed_loses_nothing(desk):
    desk.log_in()
    desk.office.now += 2 * HOUR
    env = {**os.environ, **desk.office.environment(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "ticketctl", "fetch"], env=env, stderr=subprocess.DEVNULL)

    def interrupt(endpoint):
        if endpoint == "/token":
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)  # or it would come only after the answer

    desk.issuer.arrives = interrupt
    assert process.wait(HANG) == 130
    while not desk.issuer.count("/token", grant_type="refresh_token"):
        time.sleep(0.02)
    assert desk.kept()["refresh_token"] in desk.issuer.refreshes
    desk.issuer.arrives = lambda endpoint: None
    desk.fetch()


def test_a_login_that_was_killed_while_it_wrote_leaves_no_secret(desk):
    desk.log_in()
    (file,) = desk.files()
    left = file.with_name(f".{file.name}.99999.tmp")
    left.write_text("refresh-hemlig")
    desk.office.now += 2 * HOUR
    desk.fetch()
    assert not left.exists()


@pytest.mark.parametrize("content", ["", "{}", "åäö", '{"user": 1}'])
def test_a_login_that_cannot_be_read(desk, content):
    desk.log_in()
    desk.files()[0].write_text(content)
    assert "cannot be read: log in again; `ticketctl login support`" in desk.fetch(code=8).stderr
    desk.log_in()
    desk.fetch()


def test_a_login_that_others_may_read_is_not_used(desk):
    desk.log_in()
    desk.files()[0].chmod(0o640)
    assert "open to others on this machine" in desk.fetch(code=8).stderr


# --- its end ---


def test_the_end_of_a_login_is_told_and_a_new_one_mends_it(desk):
    desk.log_in()
    desk.issuer.end()
    desk.office.now += 2 * HOUR
    told = desk.fetch(code=8).stderr
    assert (
        told.count("\n") == 1 and "The login is over. (invalid_grant): log in again; `ticketctl login support`" in told
    )
    found = [json.loads(line) for line in desk.office.run("doctor", "--offline", "--json", code=8).stdout.splitlines()]
    assert {one["subject"]: one["state"] for one in found}["fetch support"] == "error"
    desk.log_in()
    desk.fetch()
    desk.office.run("doctor")


def test_a_server_that_repeats_a_token_is_not_quoted(desk):
    desk.log_in()
    token = desk.kept()["refresh_token"]
    desk.office.now += 2 * HOUR
    answer = {"error": "invalid_grant", "error_description": f"Token {token} is not known."}
    desk.issuer.plan["/token"] = [(400, answer)]
    told = desk.fetch(code=8).stderr
    assert "says: Token *** is not known. (invalid_grant): log in again" in told and token not in told


def test_before_the_first_login(desk):
    assert "nobody has logged in yet; `ticketctl login support`" in desk.fetch(code=8).stderr
    assert "nobody has logged in yet" in desk.office.say("login", "--status")


def test_another_account_than_the_mailbox(desk):
    """The person was logged in to the provider as somebody else."""
    mine, desk.issuer.user = desk.issuer.user, "privat@exempel.example"
    told = desk.office.trouble("login", "support", code=8)
    assert f"is kept, but does not work yet: support: 127.0.0.1 refused the token of {mine}" in told


def test_a_person_opens_a_shared_mailbox(desk):
    mailbox, desk.issuer.user = desk.issuer.user, "alice@exempel.example"
    desk.issuer.opens = {"alice@exempel.example": mailbox}
    desk.server.deliver(mailbox, [simple("Hej")])
    rules = desk.office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace('"client_id"', '"login": "alice@exempel.example", "client_id"'))
    told = desk.log_in()
    assert "log in as alice@exempel.example, and type" in told and f"Logged in as {mailbox} on" in told
    assert "1 new ticket" in desk.fetch().stdout


def test_status_and_logout(desk):
    desk.log_in()
    desk.office.now += timedelta(minutes=10, seconds=30)
    told = desk.office.say("login", "--status")
    assert (
        f"support: logged in 10m ago as {desk.issuer.user}; its token is 10m old, valid for 49m, and is renewed" in told
    )
    assert json.loads(desk.office.say("--json", "login", "--status"))["expires_at"].startswith("2026-11-20T10:00")
    assert "is forgotten here" in desk.office.say("login", "support", "--logout")
    assert desk.files() == [] and "nobody was logged in" in desk.office.say("login", "support", "--logout")


def findings(desk, *options, code=0):
    lines = desk.office.run("doctor", "--json", *options, code=code).stdout.splitlines()
    return {found["subject"]: found for found in map(json.loads, lines)}


def test_doctor_tells_of_the_login(desk):
    found = findings(desk, "--offline", code=8)["login support"]
    assert (found["state"], found["next_step"]) == ("error", "ticketctl login support")
    desk.log_in()
    desk.office.now += timedelta(hours=1, seconds=30)
    found = findings(desk, "--offline")["login support"]
    assert (
        found["state"] == "ok"
        and "its token is 1h old, expired 0m ago, and is renewed automatically" in found["detail"]
    )
    findings(desk)  # connects, and so renews it
    assert "its token is 0m old, valid for 1h" in findings(desk, "--offline")["login support"]["detail"]
    desk.issuer.end()
    desk.office.now += HOUR
    assert "(invalid_grant): log in again" in findings(desk, code=8)["source support"]["detail"]


def test_a_login_that_cannot_be_renewed_is_told_before_its_end(desk):
    desk.issuer.plan["/token"] = [(200, {"access_token": "kort", "token_type": "bearer", "expires_in": "600"})]
    desk.issuer.tokens["kort"] = desk.issuer.user
    assert "there is no refresh token, so this login soon ends" in desk.office.run("login").stderr
    assert findings(desk, "--offline")["login support"]["state"] == "warning"
    desk.office.now += HOUR
    assert findings(desk, "--offline", code=8)["login support"]["state"] == "error"
    assert "can't be renewed: log in again; `ticketctl login support`" in desk.fetch(code=8).stderr


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["suport"], 2, "did you mean 'support'?"),
        (["--status", "support"], 2, "--status goes alone"),
        (["support", "--logout", "--device"], 2, "either --logout"),
    ],
)
def test_what_makes_no_sense(desk, args, code, told):
    assert told in desk.office.trouble("login", *args, code=code)


def test_a_viewer_does_not_log_in(desk):
    desk.office.run("login", "support", user="vera", code=5)


def test_a_desk_without_oauth(office):
    assert "has `oauth:`; docs/mail.md says how" in office.trouble("login", code=2)


def test_without_the_extra(desk, tmp_path):
    """Authlib that cannot be imported: one line that names the extra, and other mailboxes are fetched."""
    (tmp_path / "authlib.py").write_text("raise ImportError")
    env = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = desk.office.process("login", "support", env=env)
    assert done.returncode == 9 and "pip install 'ticketctl[oauth]'" in done.stderr
    desk.log_in()
    desk.office.now += 2 * HOUR
    done = desk.office.process("fetch", env=env)
    assert done.returncode == 8 and "pip install 'ticketctl[oauth]'" in done.stderr


def test_a_first_login_leaves_the_desk_well(starter, server):
    with issuing(Issuer(), server.issuer_port) as issuer:
        Customer(starter, server, issuer).log_in(user="alice")
        starter.run("doctor", "--offline", user="alice")
        starter.say("list", user="alice")


# --- providers that cannot be tried here: what they are asked, as their documentation says ---


def test_what_google_is_asked(desk):
    desk.configure(issuer=None, provider="google", client_secret_command="echo hemligt")
    with logging_in(desk) as (_, url):
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://accounts.google.com/o/oauth2/v2/auth"
    assert query["scope"] == "https://mail.google.com/" and "hemligt" not in url
    assert (query["access_type"], query["prompt"]) == ("offline", "consent")


def test_what_microsoft_is_asked(desk):
    desk.configure(issuer=None, provider="microsoft", tenant="exempel.example")
    with logging_in(desk) as (_, url):
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    assert parts.netloc + parts.path == "login.microsoftonline.com/exempel.example/oauth2/v2.0/authorize"
    assert re.fullmatch(r"http://localhost:\d+", query["redirect_uri"])
    scopes = ("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send")
    assert query["scope"].split() == [*scopes, "offline_access"]


def test_where_microsoft_is_asked():
    at = endpoints(OAuth(client_id="x", provider="microsoft", tenant="exempel.example"))
    base = "https://login.microsoftonline.com/exempel.example/oauth2/v2.0"
    assert (at.device, at.token) == (f"{base}/devicecode", f"{base}/token")


# --- mechanisms ---


def test_a_server_that_knows_xoauth2_alone(office, monkeypatch):
    with running(free_port(), "xoauth2") as server, issuing(Issuer(), server.issuer_port) as issuer:
        desk = Customer(office, server, issuer)
        desk.arrive("Hej")
        desk.log_in()
        assert "1 new ticket" in desk.fetch().stdout
        log = (server.folder / "run" / "log").read_text()
        assert "method=XOAUTH2" in log and "OAUTHBEARER" not in log


def test_oauthbearer_goes_first(desk):
    desk.log_in()
    assert f"user=<{desk.issuer.user}>, method=OAUTHBEARER" in (desk.server.folder / "run" / "log").read_text()
    shutil.rmtree(desk.office.folder / "data" / "tokens")
    desk.configure()
    text = (desk.office.folder / "rules.yaml").read_text()
    _, granted = desk.issuer.grant(desk.issuer.user)
    command = json.dumps(f"echo {granted['access_token']}")
    text = re.sub(r'"oauth": \{[^}]*\}', f'"token_command": {command}', text)
    (desk.office.folder / "rules.yaml").write_text(text)
    desk.fetch()  # `token_command` stays


# --- the Sent folder ---


def test_a_copy_goes_into_the_sent_folder_with_the_same_login_renewed_if_need_be(desk):
    rules = desk.office.folder / "rules.yaml"
    desk.log_in()
    rules.write_text(rules.read_text().replace("outgoing: {", "outgoing: {sent: {source: support, folder: Ut}, "))
    desk.server.deliver(desk.issuer.user, [], "Ut")
    desk.office.make(1)
    desk.office.run("reply", 1, "--text", "Hej!")
    desk.office.now += 2 * HOUR  # its token has run out
    desk.office.run("reply", 1, "--text", "Hallå!")
    copies = [path for path in (desk.server.mail / desk.issuer.user / ".Ut" / "cur").iterdir() if path.is_file()]
    assert len(copies) == 2
    assert desk.issuer.count("/token", grant_type="refresh_token") == 1
    assert desk.office.run("login", "--status").stdout.count("support") >= 1


# --- an issuer whose answers make no sense ---

NONSENSE = {
    "expires_in is a list": {"expires_in": [1]},
    "expires_in is endless": {"expires_in": float("inf")},
    "no bearer token": {"token_type": "mac"},
    "no access token": {"access_token": None},
    "an access token that is a list": {"access_token": ["a"]},
    "a scope that is a number": {"scope": 7},
    "an error beside it": {"error": "temporarily_unavailable"},
    "an error that is a list": {"error": [["x"]], "error_description": {"a": "\x1b[8m"}},
}


@pytest.mark.parametrize("name", some_now(sorted(NONSENSE), 3))
def test_a_new_refresh_token_is_kept_whatever_else_the_answer_says(desk, name):
    desk.log_in()
    before = desk.kept()["refresh_token"]
    desk.office.now += 2 * HOUR
    fresh = "refresh-" + "b" * 22
    desk.issuer.refreshes[fresh] = desk.issuer.user
    desk.issuer.refreshes.pop(before)
    answer = {"access_token": "access-1", "token_type": "Bearer", "refresh_token": fresh, **NONSENSE[name]}
    desk.issuer.plan["/token"] = [(200, answer)]
    told = desk.office.invoke("fetch")
    assert told.exit_code in (0, 8) and "Traceback" not in told.output and told.output.count("\x1b") == 0
    assert desk.kept()["refresh_token"] not in (before, "")
    desk.fetch()  # the next one renews with it


BROKEN = {
    "nested": '{"access_token": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "endless": '{"access_token": "' + "a" * 3_000_000 + '"}',
    "a number of 5,000 digits": '{"expires_in": ' + "9" * 5_000 + "}",
    "a list": "[1, 2]",
    "no JSON": "<html>",
    "not UTF-8": "\udcff\udcfe{",
}


@pytest.mark.parametrize("name", some_now(sorted(BROKEN), 3))
def test_an_answer_that_breaks_a_reader_is_that_sources_failure(desk, name):
    desk.log_in()
    desk.office.now += 2 * HOUR
    rules = desk.office.folder / "rules.yaml"
    (desk.office.folder / "other" / "new").mkdir(parents=True)
    for part in ("cur", "tmp"):
        (desk.office.folder / "other" / part).mkdir()
    (desk.office.folder / "other" / "new" / "1.x").write_bytes(simple("Hej"))
    rules.write_text(rules.read_text().replace("sources: [", "sources: [{name: other, maildir: other}, "))
    desk.issuer.plan["/token"] = [(200, {"html": BROKEN[name]})] * 3
    told = desk.fetch(code=8)
    assert desk.office.get(1).subject == "Hej"
    assert "support: 127.0.0.1" in told.stderr and "Traceback" not in told.output and len(told.stderr) < 1_000
    assert "BAD" in desk.office.run("doctor", code=8).output


def test_a_code_is_asked_about_once_a_second_at_most(desk, monkeypatch):
    monkeypatch.setattr(flows, "QUICKEST", 1.0)
    slept = []
    monkeypatch.setattr(flows, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    desk.issuer.plan["/token"] = [(400, {"error": "authorization_pending"})] * 2
    desk.log_in()
    assert slept[:3] == [1.0, 1.0, 1.0]
