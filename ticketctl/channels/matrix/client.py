"""The client-server API of one Matrix account, over HTTP: one request at a time, no redirect followed. The access token
travels in a header and to the homeserver alone; no error holds it, or an address."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from ticketctl.channels.redaction import Redactor
from ticketctl.channels.secrets import token, variable_of
from ticketctl.channels.time_limit import within
from ticketctl.domain.config import MatrixSource
from ticketctl.errors import ChannelFailed

LARGEST = 64_000_000  # bytes of an answer
WAIT = 5.0  # seconds after a 429 that does not say how long
V3 = "/_matrix/client/v3"
Json = dict[str, Any]


class MatrixError(ChannelFailed):
    """The server's refusal: `status` 403, `errcode` "M_FORBIDDEN"; status 0 where it could not be reached."""

    status = 0
    errcode = ""

    def of(self, status: int, errcode: str) -> MatrixError:
        self.status, self.errcode = status, errcode
        return self

    @property
    def final(self) -> bool:
        """Whether asking again would bring the same."""
        return 400 <= self.status < 500 and self.status not in (401, 408, 429)


class Client:
    def __init__(self, config: MatrixSource, *, environ: Mapping[str, str], folder: Path) -> None:
        self.config = config
        self._environ = environ
        self._folder = folder
        self._token = ""
        self._redactor = Redactor()
        self._connection: http.client.HTTPConnection | None = None
        self._ends_at = 0.0
        self._checked = False

    def begin(self, seconds: float = 0.0) -> None:
        """Starts the deadline of what follows, with a token of the right user. Raises ChannelFailed."""
        self._ends_at = time.monotonic() + (seconds or self.config.deadline)
        if not self._token:
            self._token = self._found_token()
            self._redactor.add(self._token)
        if not self._checked:
            user = str(self.get("/account/whoami").get("user_id", ""))
            if user != self.config.user:
                text = "{name}: the access token is of {found}, not of {user}; give the token of that user"
                raise MatrixError(
                    text, code="matrix_other_user", name=self.config.name, found=user or "nobody", user=self.config.user
                )
            self._checked = True

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @property
    def left(self) -> float:
        return self._ends_at - time.monotonic()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return _shape(self.ask("GET", V3 + path + (f"?{urlencode(query)}" if query else "")))

    def maybe(self, path: str) -> Json | None:
        """None where there is no such thing, or it is not for us to see."""
        try:
            return self.get(path)
        except MatrixError as error:
            if error.status in (403, 404):
                return None
            raise

    def put(self, path: str, body: Json) -> Json:
        return _shape(self.ask("PUT", V3 + path, msgspec.json.encode(body)))

    def post(self, path: str, body: Json) -> Json:
        return _shape(self.ask("POST", V3 + path, msgspec.json.encode(body)))

    def limit(self) -> int:
        """Bytes of a file that the server takes, 0 where it does not say."""
        found = _shape(self.ask("GET", "/_matrix/client/v1/media/config")).get("m.upload.size")
        return found if isinstance(found, int) else 0

    def upload(self, path: str, data: bytes, kind: str) -> str:
        return str(_shape(self.ask("POST", path, data, kind)).get("content_uri", ""))

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json", largest: int = LARGEST
    ) -> bytes:
        """The bytes of the answer. Waits where the server asks for that and there is time. Raises MatrixError."""
        while True:
            status, said, data = self._sent(method, path, body, kind, largest)
            if 200 <= status < 300:
                return data
            refusal = _refusal(data)
            pause = _pause(said, refusal) if status == 429 else 0.0
            if not pause or pause >= self.left:
                raise self._refused(status, refusal)
            time.sleep(pause)

    def _refused(self, status: int, refusal: Json) -> MatrixError:
        name, host, errcode = self.config.name, self._host, str(refusal.get("errcode", ""))[:60]
        if status == 401 or errcode == "M_UNKNOWN_TOKEN":
            self._token, self._checked = "", False
            text = "{name}: {host} does not accept the access token; log the user in anew and store its token"
            return MatrixError(text, code="matrix_token", name=name, host=host).of(status, errcode)
        if 300 <= status < 400:
            text = "{name}: {host} sends elsewhere, which is not followed"
            return MatrixError(text, code="matrix_redirects", name=name, host=host).of(status, errcode)
        why = self._redactor.told(refusal.get("error", "")) or "no reason given"
        text = "{name}: {host} answered with {answer} ({why})"
        answer = errcode or str(status)
        error = MatrixError(text, code="matrix_refused", name=name, host=host, answer=answer, why=why)
        return error.of(status, errcode)

    def _sent(
        self, method: str, path: str, body: bytes | None, kind: str, largest: int
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        seconds = max(0.1, self.left)
        try:
            return within(seconds, lambda: self._once_more(method, path, body, kind, largest))
        except TooLarge:
            raise
        except TimeoutError:
            reason = f"no answer within {seconds:.0f} s"
        except ssl.SSLError as error:
            reason = self._redactor.told(error.reason or "TLS fails")
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = self._redactor.told(getattr(error, "strerror", None) or type(error).__name__)
        except BaseException:
            self._connection = None  # a thread is still at it
            raise
        self._connection = None
        text = "{name}: {host} cannot be reached ({reason})"
        raise MatrixError(text, code="matrix_unreachable", name=self.config.name, host=self._host, reason=reason)

    def _once_more(
        self, method: str, path: str, body: bytes | None, kind: str, largest: int
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """On the connection that is there; a server may have closed it meanwhile. Every request may be repeated."""
        if self._connection is not None:
            try:
                return self._exchange(self._connection, method, path, body, kind, largest)
            except (http.client.HTTPException, OSError):
                self.close()
        self._connection = self._connected()
        return self._exchange(self._connection, method, path, body, kind, largest)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        kind: str,
        largest: int,
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        headers = {"Authorization": f"Bearer {self._token}", "User-Agent": "ticketctl", "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = kind
        prefix = urlsplit(self.config.server).path.rstrip("/")
        connection.request(method, prefix + path, body, headers)
        with connection.getresponse() as answer:
            data = answer.read(largest + 1)
            if len(data) > largest:
                self.close()
                raise TooLarge(largest)
            return answer.status, answer.headers, data

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.config.server)
        host, timeout = parts.hostname or "", self.config.timeout + 30.0  # a sync waits for 30 s
        if parts.scheme == "http":  # this computer alone: config/web.py
            return http.client.HTTPConnection(host, parts.port or 80, timeout=timeout)
        ca_file = str(self._folder / Path(self.config.ca_file).expanduser()) if self.config.ca_file else None
        context = ssl.create_default_context(cafile=ca_file)
        return http.client.HTTPSConnection(host, parts.port or 443, timeout=timeout, context=context)

    @property
    def _host(self) -> str:
        return urlsplit(self.config.server).netloc

    def _found_token(self) -> str:
        name = self.config.name
        if self.config.token_command:
            return token(name, self.config.token_command, self._environ)
        variable = variable_of(name)
        found = self._environ.get(variable, "").strip()
        if not found or not found.isprintable():
            text = "{name}: no access token; write `token_command:` into rules.yaml or set {variable}"
            raise ChannelFailed(text, code="no_token", name=name, variable=variable)
        return found


class TooLarge(ValueError):
    """An answer of more bytes than were wanted."""


def quoted(identifier: str) -> str:
    """A room or event id as part of a path."""
    return quote(identifier, safe="")


def _shape(data: bytes) -> Json:
    found = msgspec.json.decode(data) if data else {}
    return found if isinstance(found, dict) else {}


def _refusal(data: bytes) -> Json:
    try:
        return _shape(data[:100_000])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _pause(headers: http.client.HTTPMessage, refusal: Json) -> float:
    """Seconds; `retry_after_ms` is older than the header, and finer."""
    given = refusal.get("retry_after_ms")
    if isinstance(given, int) and 0 <= given < 3_600_000:
        return given / 1000 + 0.05
    header = headers.get("Retry-After", "")
    return float(header) + 0.05 if header.isdigit() else WAIT
