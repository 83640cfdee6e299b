"""A language model is asked over HTTP; whatever it answers, the desk gets a text or a reason within the time limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chat_model import ChatModel, chat_model
from ticketctl.channels.assistant import ChatCompletions
from ticketctl.domain.settings.hosts import address_fault, is_private
from ticketctl.domain.settings.settings import Assistant
from ticketctl.errors import ChannelFailed
from ticketctl.ports.assistant import Prompt

PROMPT = Prompt("Write a draft.", "<question>\nHur?\n</question>")


@pytest.fixture
def model() -> Iterator[ChatModel]:
    with chat_model() as one:
        yield one


def asked(model: ChatModel, seconds: float = 20.0) -> str:
    return ChatCompletions(Assistant(url=model.url, model="tiny"), seconds=seconds).suggest(PROMPT)


def test_it_is_asked_in_the_shape_of_chat_completions_without_tools(model: ChatModel) -> None:
    model.plan = "<think>Hm, the customer wants …</think>\n\nUnder Mina sidor.\n"
    assert asked(model) == "Under Mina sidor."
    path, body = model.asked[0]
    assert path == "/v1/chat/completions"
    assert [(one["role"], one["content"]) for one in body["messages"]] == [
        ("system", PROMPT.instructions),
        ("user", PROMPT.text),
    ]
    assert (body["model"], body["stream"]) == ("tiny", False)
    assert not {"tools", "functions", "tool_choice"} & body.keys()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (429, "answered 429"),
        (500, "answered 500"),
        ("cut", "cannot be reached (IncompleteRead)"),
        ("html", "not in the format of chat completions"),
        ("huge", "more than 1 MB"),
        ("", "not in the format of chat completions"),
    ],
)
def test_what_is_no_answer_is_a_reason(model: ChatModel, plan: str | int, why: str) -> None:
    model.plan = plan
    with pytest.raises(ChannelFailed) as failed:
        asked(model)
    assert why in str(failed.value)
    assert "Hur?" not in str(failed.value)


def test_a_slow_one_is_given_up(model: ChatModel) -> None:
    model.plan = "slow"
    with pytest.raises(ChannelFailed, match=r"did not answer within 0\.2 s"):
        asked(model, seconds=0.2)


def test_one_that_is_not_there(model: ChatModel) -> None:
    gone = Assistant(url="http://127.0.0.1:1/v1", model="tiny")
    with pytest.raises(ChannelFailed, match=r"127\.0\.0\.1:1 cannot be reached"):
        ChatCompletions(gone).suggest(PROMPT)


def test_no_redirect_is_followed(model: ChatModel) -> None:
    with chat_model() as other:
        model.plan, model.elsewhere = "redirect", f"{other.url}/chat/completions"
        with pytest.raises(ChannelFailed, match="redirects to another address"):
            asked(model)
        assert other.asked == []


def test_a_name_that_leads_to_a_public_address_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the name server says at the moment of asking."""
    connected: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 443))])
    monkeypatch.setattr("socket.create_connection", lambda *args, **_k: connected.append(args))
    for url in ("https://model.example/v1", "http://model.example/v1"):
        with pytest.raises(ChannelFailed, match="not private: nothing was sent"):
            ChatCompletions(Assistant(url=url, model="tiny")).suggest(PROMPT)
    with pytest.raises(ChannelFailed, match="not be encrypted: nothing was sent"):
        ChatCompletions(Assistant(url="http://model.example/v1", model="tiny", allow_remote=True)).suggest(PROMPT)
    assert connected == []


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.8", True), ("192.168.1.5", True),
        ("fd00::5", True), ("8.8.8.8", False), ("169.254.169.254", False), ("0.0.0.0", False), ("2001:4860::1", False),
        ("::ffff:8.8.8.8", False), ("model.example", None),
    ],
)  # fmt: skip
def test_private_hosts(host: str, private: bool | None) -> None:
    assert is_private(host) is private


@pytest.mark.parametrize(
    ("url", "remote", "wrong"),
    [
        ("http://127.0.0.1:11434/v1", False, ""),
        ("http://192.168.1.5:1234/v1", False, ""),
        ("http://models.lan/v1", False, ""),  # looked up when it is asked
        ("https://8.8.8.8/v1", False, "allow_remote"),
        ("https://8.8.8.8/v1", True, ""),
        ("http://8.8.8.8/v1", True, "in clear"),
        ("ftp://127.0.0.1/v1", False, "is not an address"),
        ("http://user:secret@127.0.0.1/v1", False, "is not an address"),
        ("http://127.0.0.1/v1?key=1", False, "is not an address"),
        ("127.0.0.1:11434", False, "is not an address"),
    ],
)
def test_addresses_in_rules_yaml(url: str, remote: bool, wrong: str) -> None:
    found = address_fault(url, allow_remote=remote)
    assert (wrong in found) if wrong else found == ""
