"""Logging in to the pages: passwords, sessions, guesses, codes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.conftest import PASSWORD

pyotp = pytest.importorskip("pyotp", reason="needs the extra [web]")


def tries(client, user: str, password: str, **more):
    return client.post("/login", data={"user": user, "password": password}, **more)


def test_nobody_comes_in_without_a_password(site):
    for path in ("/board", "/tickets", "/tickets/1", "/account", "/figures"):
        answered = site.client.get(path)
        assert (answered.status_code, answered.headers["Location"]) == (
            303,
            f"/login?next=%2F{path[1:].replace('/', '%2F')}",
        )
    assert tries(site.client, "alice", PASSWORD).status_code == 403
    site.log_in("alice")
    assert tries(site.client, "alice", "fel fel fel fel").status_code == 403
    assert tries(site.client, "nobody", PASSWORD).status_code == 403
    wrong = [tries(site.client, user, "fel fel fel fel").text for user in ("alice", "nobody")]
    assert wrong[0].replace("alice", "nobody") == wrong[1], "whether there is such a user is told to nobody"


def test_a_log_in_leads_to_the_page_that_was_asked_for_and_to_no_other_site(site):
    site.log_in("alice")
    for asked, there in (("/tickets?owner=me", "/tickets?owner=me"), ("https://evil.example/", "/board"),
                         ("//evil.example", "/board"), ("/\\evil.example", "/board")):  # fmt: skip
        answered = site.app.test_client().post("/login", data={"user": "alice", "password": PASSWORD, "next": asked})
        assert (answered.status_code, answered.headers["Location"]) == (303, there)


def test_cookies_are_for_this_host_and_no_script(site):
    site.log_in("alice")
    plain = tries(site.app.test_client(), "alice", PASSWORD).headers.getlist("Set-Cookie")
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in plain)
    over_tls = tries(site.app.test_client(), "alice", PASSWORD, base_url="https://localhost")
    session = next(one for one in over_tls.headers.getlist("Set-Cookie") if "session" in one)
    assert session.startswith("__Host-session=") and "Secure" in session and "Path=/" in session


def test_the_session_is_another_after_the_log_in_and_is_stored_hashed(site):
    site.log_in("alice")
    client = site.app.test_client()
    client.set_cookie("session", "planted")
    tries(client, "alice", PASSWORD)
    token = client.get_cookie("session").value
    assert token != "planted" and token not in (site.office.folder / "data" / "desk.json").read_text()
    tries(client, "alice", PASSWORD)
    assert client.get_cookie("session").value != token
    client.set_cookie("session", token)
    assert client.get("/board").status_code == 303, "the one before is over"


@pytest.mark.parametrize(("away", "status"), [({"hours": 11}, 200), ({"hours": 13}, 303), ({"days": 15}, 303)])
def test_a_session_ends_by_itself(site, away, status):
    browser = site.log_in("alice")
    site.office.now += timedelta(**away)
    assert browser.get("/board").status_code == status


def test_a_session_ends_after_fourteen_days_however_busy(site):
    browser = site.log_in("alice")
    for _ in range(14 * 3):
        assert browser.get("/board").status_code == 200
        site.office.now += timedelta(hours=8)
    site.office.now += timedelta(minutes=1)
    assert browser.get("/board").status_code == 303


def test_a_page_that_is_left_open_keeps_nobody_logged_in(site):
    browser = site.log_in("bo")
    for _ in range(3):
        site.office.now += timedelta(hours=5)
        polled = browser.get("/board/live", headers={"X-Requested-With": "poll"})
    assert polled.status_code == 401 and browser.get("/board").status_code == 303


def test_sessions_are_listed_and_revoked(site):
    office = site.office
    here, there = site.log_in("bo"), site.log_in("bo")
    shown = here.get("/account", headers={"Accept-Language": "en"}).text
    assert shown.count("Log out there") == 1 and shown.count("this browser") == 1
    assert here.post("/account/sessions", id=re.search(r'name="id" value="(\w{12})"', shown)[1]).status_code == 303
    assert (here.get("/board").status_code, there.get("/board").status_code) == (200, 303)
    assert "a browser" in office.say("user", "sessions", "bo")
    office.trouble("user", "sessions", "alice", code=5, user="bo")
    assert office.say("user", "logout", "bo") == "1 ended\n"
    assert here.get("/board").status_code == 303


def test_who_leaves_the_team_is_out(site):
    browser = site.log_in("bo")
    path = site.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("  - {name: bo, email: bo@exempel.example}\n", ""))
    assert browser.get("/board").status_code == 303
    assert tries(site.app.test_client(), "bo", PASSWORD).status_code == 403


def test_a_form_of_another_session_changes_nothing(site):
    site.office.make()
    alice, bo = site.log_in("alice"), site.log_in("bo")
    for token in ("", "0" * 64, bo.token()):
        answered = alice.client.post("/tickets/1/assign", data={"csrf": token, "to": "bo"})
        assert answered.status_code == 403
    assert site.office.get(1).assignee == ""
    assert alice.post("/tickets/1/assign", to="bo").status_code == 303


def test_what_was_typed_before_a_session_was_over_is_shown(site):
    site.office.make()
    browser = site.log_in("alice")
    token = browser.token()
    site.office.now += timedelta(hours=13)
    answered = browser.client.post("/tickets/1/reply", data={"csrf": token, "text": "Den <kom> i går."})
    assert answered.status_code == 401 and "Den &lt;kom&gt; i går." in answered.text


@pytest.mark.parametrize("guesses", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_many_guesses_are_a_few(site, monkeypatch, guesses):
    """From everywhere at once; the desk is asked so often, and a password is looked at some tens of times."""
    office, looked = site.office, []
    known = site.log_in("alice")
    from ticketctl.store.credentials import WebCredentials

    fits = WebCredentials.fits
    monkeypatch.setattr(WebCredentials, "fits", lambda *given: looked.append(1) or fits(*given))
    client = site.app.test_client()
    codes = []
    for guess in range(guesses):
        where = {"REMOTE_ADDR": f"10.0.{guess // 250}.{guess % 250}"}
        codes.append(tries(client, "alice", f"gissning {guess:06}", environ_base=where).status_code)
        office.now += timedelta(seconds=1)
    assert len(looked) < 20 * guesses / 1_000 and codes.count(429) > guesses * 0.98
    assert tries(site.app.test_client(), "alice", PASSWORD).status_code == 429, "a browser that nobody knows waits too"
    known.client.delete_cookie("session")
    assert tries(known.client, "alice", PASSWORD).status_code == 303, "the rightful one comes in, where she has been"
    office.now += timedelta(minutes=16)
    assert tries(site.app.test_client(), "alice", PASSWORD).status_code == 303, "and elsewhere after a while"


def test_guesses_are_remembered_by_a_new_server(site):
    site.log_in("alice")
    for _ in range(6):
        tries(site.app.test_client(), "alice", "fel fel fel fel")
    from ticketctl.web.site import create_site

    answered = tries(create_site(site._open).test_client(), "alice", PASSWORD, headers={"Accept-Language": "en"})
    assert answered.status_code == 429 and "try again in" in answered.text
    assert int(answered.headers["Retry-After"]) <= 3


def test_many_names_from_one_address_are_throttled_and_none_is_stored(site):
    codes = [tries(site.client, f"nobody{at}", "x").status_code for at in range(40)]
    assert codes.count(403) <= 22 and codes[-1] == 429
    assert not any("nobody" in key for key in site.office.store.facts("guess "))


def turn_on(site, browser) -> tuple[str, list[str]]:
    offered = browser.get("/account/code").text
    assert "<svg" in offered, "a picture for the telephone's camera"
    stored = re.search(r'name="secret" value="([0-9a-f:]+)"', offered)[1]
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', offered)[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(site.office.now)
    shown = browser.post("/account/code", secret=stored, code=code, password=PASSWORD).text
    return secret, re.findall(r"<code>([0-9a-f-]{23})</code>", shown)


def test_a_code_is_asked_for_and_counts_once(site):
    secret, recovery = turn_on(site, site.log_in("bo"))
    assert len(set(recovery)) == 10
    assert not any(one.replace("-", "") in (site.office.folder / "data" / "desk.json").read_text() for one in recovery)
    site.office.now += timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(site.office.now)
    first, second = site.app.test_client(), site.app.test_client()
    for client in (first, second):
        asked = tries(client, "bo", PASSWORD)
        assert asked.status_code == 200 and client.get("/board").status_code == 303, "half way is not in"
    assert first.post("/login", data={"code": "000000"}).status_code == 403
    assert first.post("/login", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert first.get("/board").status_code == 200
    assert second.post("/login", data={"code": code}).status_code == 403, "a code counts once"
    assert second.post("/login", data={"code": recovery[0].upper()}).status_code == 303
    third = site.app.test_client()
    tries(third, "bo", PASSWORD)
    assert third.post("/login", data={"code": recovery[0]}).status_code == 403, "and so does this"


def test_the_secret_of_an_app_is_not_stored(site):
    """desk.json, or a backup of it, gives nobody the codes; with `audit_key:` not even all of data/ does."""
    office = site.office
    secret, _ = turn_on(site, site.log_in("bo"))
    data = office.folder / "data"
    files = [one.read_bytes() for one in data.rglob("*") if one.is_file()]
    assert not any(secret.encode() in one for one in files)
    outside = office.folder.parent / "key-of-the-desk"
    site.rules(f"privacy: {{audit_key: {outside}}}\n")
    office.now += timedelta(minutes=2)
    client = site.app.test_client()
    tries(client, "bo", PASSWORD)
    assert client.post("/login", data={"code": pyotp.TOTP(secret).at(office.now)}).status_code == 303, "as before"
    other, _ = turn_on(site, site.log_in("alice"))
    outside.rename(outside.with_name("away"))
    office.now += timedelta(minutes=2)
    client = site.app.test_client()
    tries(client, "alice", PASSWORD)
    assert client.post("/login", data={"code": pyotp.TOTP(other).at(office.now)}).status_code == 403


def test_a_secret_of_ones_own_is_not_taken(site):
    browser, own = site.log_in("bo"), pyotp.random_base32()
    code = pyotp.TOTP(own).at(site.office.now)
    assert browser.post("/account/code", secret=own, code=code, password=PASSWORD).status_code == 409


def test_codes_are_throttled_too(site):
    turn_on(site, site.log_in("bo"))
    client = site.app.test_client()
    tries(client, "bo", PASSWORD)
    codes = [client.post("/login", data={"code": f"{at:06}"}).status_code for at in range(30)]
    assert codes[-1] == 429 and codes.count(403) < 10


def test_the_shell_turns_a_lost_code_off(site):
    turn_on(site, site.log_in("bo"))
    said = site.office.say("user", "password", "bo", "--without-code", stdin="fyra röda båtar\n")
    assert "logged out everywhere" in said
    assert tries(site.app.test_client(), "bo", "fyra röda båtar").status_code == 303


def test_another_password_ends_the_sessions_elsewhere(site):
    here, there = site.log_in("bo"), site.log_in("bo")
    wrong = here.post("/account/password", old="nej nej nej nej", new="fyra röda båtar", again="fyra röda båtar")
    assert wrong.status_code == 409
    assert here.post("/account/password", old=PASSWORD, new="kort", again="kort").status_code == 422
    assert here.post("/account/password", old=PASSWORD, new="fyra röda båtar", again="fem").status_code == 422
    changed = here.post("/account/password", old=PASSWORD, new="fyra röda båtar", again="fyra röda båtar")
    assert changed.status_code == 303
    assert (here.get("/board").status_code, there.get("/board").status_code) == (200, 303)


def test_users_at_the_shell(office):
    assert "nobody can log in" in office.say("user", "list")
    assert office.trouble("user", "add", "bo", code=2, stdin="kort\n").startswith("ticketctl: a password has 12 to 256")
    assert office.say("user", "add", "bo", stdin=f"{PASSWORD}\n") == "bo can log in\n"
    office.trouble("user", "add", "bo", code=5, stdin=f"{PASSWORD}\n")
    office.trouble("user", "add", "vera", code=5, stdin=f"{PASSWORD}\n", user="bo")
    office.trouble("user", "password", "alice", code=5, stdin=f"{PASSWORD}\n", user="bo")
    assert office.say("user", "list").startswith("bo (agent), since Fri 2026-11-20 10:00, without a code")
    assert office.say("user", "remove", "bo") == "bo cannot log in any more\n"
    assert "user add" in office.say("audit", "show")
