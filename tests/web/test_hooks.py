"""Other systems push messages: signed webhooks and Mattermost's outgoing webhook, against their public documentation.
Nothing is written by a call that is not proven, whatever is wrong with it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import Office
from tests.http_server import Recorder, Request, recording

pytestmark = pytest.mark.extra("web")

SECRET, OLD = b"k" * 32, b"o" * 32
TOKEN, BOT = "kanaritokenhook", "kanaritokenbot"


@pytest.fixture
def far() -> Iterator[Recorder]:
    """The other system's server."""
    with recording() as recorder:
        yield recorder


class Shop:
    """A desk with one webhook source, and the other system that calls it."""

    def __init__(self, site: Any, far: Recorder) -> None:
        self.site, self.office, self.far = site, site.office, far
        secrets = self.office.folder.parent / "secrets"
        secrets.mkdir()
        for name, key in (("new", SECRET), ("old", OLD)):
            (secrets / name).write_text(f"whsec_{b64encode(key).decode()}\n")
        site.rules(
            f"sources:\n  - {{name: kassan, webhook: {{secret_command: 'cat {secrets}/new', "
            f"old_secret_command: 'cat {secrets}/old', reply_to: 'http://127.0.0.1:{far.port}/svar'}}}}\n"
        )

    def call(self, call: str, said: Any, *, key: bytes = SECRET, age: float = 0, **headers: str) -> Any:
        from ticketctl.channels.chats.signed import signature

        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        sent = str(int(self.office.now.timestamp() - age))
        signed = {
            "webhook-id": call, "webhook-timestamp": sent, "Content-Type": "application/json",
            "webhook-signature": f"v1,{signature(key, call, sent, body)}",
        }  # fmt: skip
        return self.site.client.post("/hook/kassan", data=body, headers={**signed, **headers})

    def tickets(self) -> list[Any]:
        return tickets(self.office)


def tickets(office: Office) -> list[Any]:
    with office.store.reading() as desk:
        return sorted(desk.find(archive=True, texts=True), key=lambda one: one.number)


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"conversation": "order 4711", "from": {"id": "kund 7", "name": "Åsa Öberg"}, "text": text, **more}


@pytest.fixture
def shop(site: Any, far: Recorder) -> Shop:
    return Shop(site, far)


def test_a_message_comes_in_and_the_answer_goes_out_signed(shop: Shop) -> None:
    from ticketctl.channels.chats.signed import signature

    assert shop.call("msg_1", said("Var är min order?")).get_json() == {"ticket": 1, "again": False}
    (ticket,) = shop.tickets()
    assert (ticket.channel, ticket.requester.name) == ("webhook", "Åsa Öberg")
    shop.office.run("reply", 1, "--text", "På väg.", "--no-check")
    (answer,) = shop.far.requests
    body = json.loads(answer.body)
    assert (body["conversation"], body["text"], body["to"], body["answers"], body["bot"]) == (
        "order 4711", "På väg.", "kund 7", "msg_1", True,
    )  # fmt: skip
    call, sent = answer.headers["webhook-id"], answer.headers["webhook-timestamp"]
    assert answer.headers["webhook-signature"] == f"v1,{signature(SECRET, call, sent, answer.body)}"
    shop.call("msg_2", said("Tack!"))
    assert [one.text for one in shop.tickets()[0].messages] == ["Var är min order?", "På väg.", "Tack!"]


def test_files_come_in_and_go_out(shop: Shop) -> None:
    file = {"name": "kvitto.pdf", "type": "application/pdf", "data": b64encode(b"%PDF-1.4").decode()}
    shop.call("msg_1", said("", files=[file]))
    (kept,) = shop.tickets()[0].messages[0].attachments
    assert (kept.name, kept.size) == ("kvitto.pdf", 8)
    path = shop.office.folder / "svar.txt"
    path.write_text("Hej")
    shop.office.run("reply", 1, "--text", "Se filen", "--attach", path, "--no-check")
    (sent,) = json.loads(shop.far.requests[0].body)["files"]
    assert (sent["name"], sent["data"]) == ("svar.txt", b64encode(b"Hej").decode())


def test_a_captured_call_does_nothing_again(shop: Shop) -> None:
    """After a second, six minutes and a day; also as another's message, or with another text."""
    for age in (0, 1):
        assert shop.call("msg_1", said("Hej"), age=age).status_code == 200
    assert shop.call("msg_1", said("Hej")).get_json() == {"ticket": 1, "again": True}
    for age in (6 * 60, 86_400):
        assert shop.call("msg_9", said("Hej igen"), age=age).status_code == 401
    assert shop.call("msg_9", said("Från framtiden"), age=-120).status_code == 401
    shop.office.now += timedelta(days=1)
    shop.call("msg_1", said("Annat"))
    assert [one.text for ticket in shop.tickets() for one in ticket.messages] == ["Hej"]


@pytest.mark.parametrize("age", [-50, 0, 240])
def test_a_clock_that_is_a_little_wrong_works(shop: Shop, age: float) -> None:
    assert shop.call("msg_1", said("Hej"), age=age).status_code == 200


def test_while_a_secret_is_changed_both_count(shop: Shop) -> None:
    assert shop.call("msg_1", said("Ny"), key=SECRET).status_code == 200
    assert shop.call("msg_2", said("Gammal"), key=OLD).status_code == 200
    assert shop.call("msg_3", said("Fel"), key=b"x" * 32).status_code == 401


def test_every_unproven_call_gets_the_same_answer_and_writes_nothing(shop: Shop) -> None:
    good = said("Hej")
    before = (shop.office.folder / "data" / "desk.json").exists()
    answers = [
        shop.call("msg_1", good, key=b"x" * 32),
        shop.call("msg_1", good, age=1000),
        shop.call("msg_1", good, **{"webhook-signature": ""}),
        shop.call("msg_1", good, **{"webhook-signature": "v1,"}),
        shop.call("msg_1", good, **{"webhook-signature": "v2,abc"}),
        shop.call("msg_1", good, **{"webhook-signature": "v1," + "å"}),
        shop.call("msg_1", good, **{"webhook-timestamp": "nu"}),
        shop.call("msg_1", good, **{"webhook-timestamp": "-1"}),
        shop.call("msg_1", good, **{"webhook-timestamp": "1" * 40}),
        shop.call("msg_1", good, **{"webhook-timestamp": "٣"}),
        shop.call("msg_1", good, **{"webhook-id": ""}),
        shop.call("msg_1", good, **{"webhook-id": "msg_2"}),
        shop.call("x" * 1000, good),
        shop.call("msg_1", b"not json", key=b"x" * 32),
        shop.call("msg_1", b"", key=b"x" * 32),
        shop.site.client.post("/hook/kassan", data=b"{}"),
        shop.site.client.post("/hook/annan", data=b"{}"),
        shop.site.client.post("/hook/support", json=good),
        shop.site.client.post("/hook/..%2f", data=b"{}"),
        shop.site.client.post("/hook/kassan", data={"token": ""}),
    ]
    assert {one.status_code for one in answers[:-2]} == {401} and answers[-1].status_code == 401
    assert len({one.get_data() for one in answers if one.status_code == 401}) == 1
    assert shop.tickets() == [] and (shop.office.folder / "data" / "desk.json").exists() == before


def test_no_secret_is_a_shut_door(site: Any) -> None:
    """A command that fails, prints nothing, or too little."""
    site.rules(
        "sources:\n  - {name: a, webhook: {secret_command: 'false'}}\n"
        "  - {name: b, webhook: {secret_command: 'true'}}\n  - {name: c, webhook: {secret_command: 'echo kort'}}\n"
        "  - {name: d, mattermost: {server: 'http://127.0.0.1:9', user: bot, hook_command: 'true'}}\n"
    )
    from ticketctl.channels.chats.signed import signature

    sent = str(int(site.office.now.timestamp()))
    for name in "abcd":
        headers = {
            "webhook-id": "x", "webhook-timestamp": sent,
            "webhook-signature": f"v1,{signature(b'', 'x', sent, b'{}')} v1,{signature(b'kort', 'x', sent, b'{}')}",
        }  # fmt: skip
        assert site.client.post(f"/hook/{name}", data=b"{}", headers=headers).status_code == 401
    assert tickets(site.office) == []
    site.rules("  - {name: e, webhook: {reply_to: 'https://x.example'}}\n")
    assert "secret_command" in site.office.trouble("rules", "check", code=2)


def test_a_proven_call_that_is_no_message_is_told_so(shop: Shop) -> None:
    for body in (b"not json", b"[]", b'{"conversation": 1}'):
        assert shop.call("msg_1", body).status_code == 422
    assert shop.call("msg_1", {"conversation": "c", "text": "Hej"}).status_code == 422
    assert shop.tickets() == []


def test_wired_to_itself_it_says_nothing_twice(shop: Shop) -> None:
    """What we send comes in by our own door: a program wrote it."""
    shop.call("msg_1", said("Hej"))

    def echo(asked: Request) -> tuple[int, bytes]:
        for _ in range(50):
            answered = shop.site.client.post("/hook/kassan", data=asked.body, headers=asked.headers)
        return answered.status_code, b""

    shop.office.now = shop.office.now.now(shop.office.now.tzinfo)
    shop.far.answer = echo
    shop.office.run("reply", 1, "--text", "Svar", "--no-check")
    assert len(shop.far.requests) == 1
    assert [one.text for ticket in shop.tickets() for one in ticket.messages] == ["Hej", "Svar"]


def test_a_receiver_that_is_down_gets_the_answer_later_with_the_same_id(shop: Shop) -> None:
    shop.call("msg_1", said("Hej"))
    shop.far.answer = lambda _asked: (503, b"")
    shop.office.invoke("reply", 1, "--text", "Svar", "--no-check")
    shop.office.now += timedelta(minutes=10)
    shop.far.answer = lambda _asked: (204, b"")
    shop.office.run("send")
    first, second = shop.far.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    assert shop.tickets()[0].messages[-1].delivery == "sent"


# --- Mattermost ---


class Team:
    """A Mattermost of ours with one channel: what its outgoing webhook says, and what is posted there."""

    def __init__(self, site: Any, far: Recorder) -> None:
        self.site, self.office, self.far = site, site.office, far
        self.posts: list[dict[str, Any]] = []
        self.roots = {"post1": "", "post2": "post1"}
        far.answer = self.answer
        site.rules(
            f"sources:\n  - {{name: chatten, mattermost: {{server: 'http://127.0.0.1:{far.port}', user: kundbot, "
            f"hook_command: 'echo {TOKEN}', token_command: 'echo {BOT}', bots: [annan-bot]}}}}\n"
        )

    def answer(self, asked: Request) -> tuple[int, bytes]:
        if asked.headers.get("authorization") != f"Bearer {BOT}":
            return 401, b'{"message": "no"}'
        if asked.method == "GET" and asked.path.startswith("/api/v4/posts/"):
            post = asked.path.rpartition("/")[2]
            return (
                (200, json.dumps({"id": post, "root_id": self.roots[post]}).encode())
                if post in self.roots
                else (404, b"{}")
            )
        if asked.path == "/api/v4/files":
            return 201, b'{"file_infos": [{"id": "file1"}]}'
        self.posts.append(json.loads(asked.body))
        return 201, b"{}"

    def call(self, text: str, *, post: str = "post1", user: str = "asa", as_json: bool = True, **more: str) -> Any:
        now = self.office.now.timestamp()
        given = {
            "token": TOKEN, "team_id": "t1", "channel_id": "kanal1",
            "channel_name": "kunder", "user_id": f"id{user.replace('-', '')}",
            "user_name": user, "post_id": post, "text": text, "trigger_word": "", "file_ids": "", **more,
        }  # fmt: skip
        if as_json:
            return self.site.client.post("/hook/chatten", json={**given, "timestamp": int(now * 1000), **more})
        form = urlencode({**given, "timestamp": str(int(now)), **more})
        kind = "application/x-www-form-urlencoded"
        return self.site.client.post("/hook/chatten", data=form, content_type=kind)


@pytest.fixture
def team(site: Any, far: Recorder) -> Team:
    return Team(site, far)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_post_comes_in_and_the_answer_goes_into_its_thread(team: Team, as_json: bool) -> None:
    answer = team.call("hjälp: Lampan lyser inte.", post="post2", as_json=as_json, trigger_word="hjälp")
    assert answer.get_json() == {"ticket": 1, "again": False}
    (ticket,) = tickets(team.office)
    assert (ticket.channel, ticket.requester.address) == ("mattermost", "@idasa:mattermost")
    assert ticket.messages[0].text == "Lampan lyser inte."
    team.office.run("reply", 1, "--text", "Sitter den i?", "--no-check")
    (post,) = team.posts
    assert (post["channel_id"], post["message"], post["root_id"]) == ("kanal1", "Sitter den i?", "post1")
    team.call("Ja.", post="post3", as_json=as_json)
    assert len(tickets(team.office)) == 1
    assert team.call("Ja.", post="post3", as_json=as_json).get_json() == {"ticket": 1, "again": True}


def test_a_wrong_token_an_old_call_and_a_bots_post_do_nothing(team: Team) -> None:
    assert team.call("Hej", token="fel").status_code == 401
    assert team.call("Hej", token="").status_code == 401
    assert team.call("Hej", timestamp="1").status_code == 401
    assert team.call("Hej", timestamp="").status_code == 401
    for _ in range(1000):
        assert team.call("Sitter den i?", user="kundbot").get_json() == {}
    assert team.call("Hej", user="annan-bot").get_json() == {}
    assert team.call("Hej", channel_id="../x").status_code == 422
    assert tickets(team.office) == []


def test_a_file_is_posted_and_one_that_came_is_said(team: Team) -> None:
    team.call("Se bilden", file_ids="f1")
    (ticket,) = tickets(team.office)
    assert ticket.messages[0].nature == ("has files that are only in Mattermost",)
    path = team.office.folder / "svar.txt"
    path.write_text("Hej")
    team.office.run("reply", 1, "--text", "Se filen", "--attach", path, "--no-check")
    assert team.posts[0]["file_ids"] == ["file1"]


def test_no_token_is_shown_or_kept(team: Team) -> None:
    team.call("Hej")
    team.far.answer = lambda _asked: (500, json.dumps({"message": f"no {BOT}"}).encode())
    told = team.office.invoke("reply", 1, "--text", "Svar", "--no-check").output + team.office.say("outbox")
    kept = b"".join(one.read_bytes() for one in (team.office.folder / "data").rglob("*.json*") if one.is_file())
    assert BOT not in told and BOT.encode() not in kept and TOKEN.encode() not in kept
