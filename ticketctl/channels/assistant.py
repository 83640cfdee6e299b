"""A language model over HTTP, in the shape of OpenAI's chat completions (Ollama, llama.cpp, LM Studio and others have
it): one question, one answer, no tools, no stream. Nothing is sent to an address that rules.yaml does not allow,
whatever the name server says, and no redirect is followed."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from urllib.parse import urlsplit

import msgspec

from ticketctl.channels.time_limit import within
from ticketctl.domain.settings.hosts import is_private
from ticketctl.domain.settings.settings import Assistant
from ticketctl.errors import ChannelFailed
from ticketctl.ports.assistant import Prompt

SECONDS = 20.0  # for all of it
LARGEST = 1_000_000  # bytes of an answer
LONGEST = 8_000  # characters of a draft
WORDS = 700  # tokens that are asked for
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)  # models that reason write that first


class _Said(msgspec.Struct):
    content: str = ""


class _Choice(msgspec.Struct):
    message: _Said


class _Answer(msgspec.Struct):
    choices: list[_Choice]


class ChatCompletions:
    def __init__(self, config: Assistant, *, seconds: float = SECONDS) -> None:
        self.model = config.model
        self.place = config.place
        self._config = config
        self._seconds = seconds

    def suggest(self, prompt: Prompt) -> str:
        """Raises ChannelFailed, which names the host and nothing of what was asked."""
        host = self.place
        try:
            status, data = within(self._seconds, lambda: self._ask(_body(self.model, prompt)))
        except TimeoutError:
            raise ChannelFailed(
                "{host} did not answer within {seconds:g} s", code="http_too_slow", host=host, seconds=self._seconds
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ChannelFailed(
                "{host} cannot be reached ({reason})", code="http_unreachable", host=host, reason=_reason(error)
            ) from None
        if 300 <= status < 400:
            raise ChannelFailed(
                "{host} redirects to another address; redirects are not followed", code="assistant_redirects", host=host
            )
        if status != 200:
            raise ChannelFailed("{host} answered {status}", code="http_status", host=host, status=status)
        return self._text(data)

    def _text(self, data: bytes) -> str:
        if len(data) > LARGEST:
            raise ChannelFailed(
                "{host} answered with more than {size} MB", code="assistant_too_long", host=self.place, size=1
            )
        try:
            choices = msgspec.json.decode(data, type=_Answer).choices
        except (msgspec.DecodeError, UnicodeDecodeError):
            choices = []
        text = _THOUGHT.sub("", choices[0].message.content).strip() if choices else ""
        if not text:
            raise ChannelFailed(
                "{host} answered, but not in the format of chat completions", code="assistant_no_text", host=self.place
            )
        return text[:LONGEST]

    def _ask(self, body: bytes) -> tuple[int, bytes]:
        """The status and the first LARGEST bytes and one of the answer."""
        parts = urlsplit(self._config.url)
        host = parts.hostname or ""
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        connection = http.client.HTTPConnection(host, port, timeout=self._seconds)
        connection.sock = self._connected(host, port, tls)
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "ticketctl"}
            connection.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body, headers)
            with connection.getresponse() as answer:
                if not 200 <= answer.status < 300:
                    return answer.status, b""
                data = answer.read(LARGEST + 1)
                if answer.length and len(data) <= LARGEST:
                    raise http.client.IncompleteRead(b"", answer.length)
                return answer.status, data
        finally:
            connection.close()

    def _connected(self, host: str, port: int, tls: bool) -> socket.socket:
        """To an address that was looked at: a name may lead to another one the next moment."""
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        if not is_private(address):
            if not self._config.allow_remote:
                raise ChannelFailed(
                    "{host} is not on this computer and not private: nothing was sent",
                    code="assistant_remote",
                    host=host,
                )
            if not tls:
                raise ChannelFailed(
                    "the connection to {host} would not be encrypted: nothing was sent",
                    code="assistant_in_clear",
                    host=host,
                )
        found = socket.create_connection((address, port), timeout=self._seconds)
        return ssl.create_default_context().wrap_socket(found, server_hostname=host) if tls else found


def _body(model: str, prompt: Prompt) -> bytes:
    messages = [{"role": "system", "content": prompt.instructions}, {"role": "user", "content": prompt.text}]
    shape = {"model": model, "messages": messages, "stream": False, "temperature": 0.2, "max_tokens": WORDS}
    return msgspec.json.encode(shape)


def _reason(error: object) -> str:
    told = getattr(error, "strerror", None) or type(error).__name__
    return " ".join(str(told).split())[:100]
