"""One HTTP request at a time to a chat service: no redirect is followed, and no error holds an address or a secret."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from time import monotonic
from urllib.parse import urlsplit

import msgspec

from ticketctl.channels.secrets import run_command, token, variable_of
from ticketctl.channels.time_limit import within
from ticketctl.errors import ChannelFailed
from ticketctl.ports.plain_message import PlainFile

LARGEST = 64_000_000  # bytes of an answer
REMEMBERED = 60.0  # seconds


class NotReached(ChannelFailed):
    """Nothing was sent."""


class _NoConnection(Exception):
    """The text is why."""


class Answer(msgspec.Struct, frozen=True):
    status: int
    data: bytes

    @property
    def json(self) -> dict[str, object]:
        """An empty one where it is none."""
        try:
            found = msgspec.json.decode(self.data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return found if isinstance(found, dict) else {}


def ask(
    name: str,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 30.0,
) -> Answer:
    """For the source `name`. Raises NotReached where nothing was sent, ChannelFailed where no answer came in time, or
    too long a one."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    try:
        return within(seconds, lambda: _asked(method, url, body, headers or {}, seconds))
    except TimeoutError:
        reason = f"no answer within {seconds:g} s"
    except _NoConnection as error:
        reason = str(error)
        text = "{name}: {host} cannot be reached ({reason})"
        raise NotReached(text, code="chat_unreachable", name=name, host=host, reason=reason) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
    text = "{name}: {host} did not answer ({reason})"
    raise ChannelFailed(text, code="chat_no_answer", name=name, host=host, reason=reason) from None


def _asked(method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = (
        http.client.HTTPConnection(host, parts.port or 80, timeout=seconds)  # this computer alone: config/web.py
        if parts.scheme == "http"
        else http.client.HTTPSConnection(host, parts.port or 443, timeout=seconds, context=ssl.create_default_context())
    )
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        _connect(connection)
        connection.request(method, path or "/", body, {"User-Agent": "ticketctl", **headers})
        with connection.getresponse() as answer:
            data = answer.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise ValueError("too long")
            return Answer(answer.status, data)
    finally:
        connection.close()


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except ssl.SSLError as error:
        raise _NoConnection(str(error.reason or "TLS fails")) from None
    except OSError as error:
        raise _NoConnection(error.strerror or type(error).__name__) from None


def found_token(name: str, command: str, environ: Mapping[str, str]) -> str:
    """What `token_command` prints, else TICKETCTL_PASSWORD_<NAME>. Raises ChannelFailed."""
    if command:
        return token(name, command, environ)
    variable = variable_of(name)
    found = environ.get(variable, "").strip()
    if not found or not found.isprintable():
        text = "{name}: no access token; write `token_command:` into rules.yaml or set {variable}"
        raise ChannelFailed(text, code="no_token", name=name, variable=variable)
    return found


_SECRETS: dict[tuple[str, str], tuple[float, str]] = {}  # (name, command) → until when, and what it printed


def remembered_secret(name: str, key: str, command: str, environ: Mapping[str, str]) -> str:
    """What the command printed, in this process for a minute: a stranger's calls must not start a program each. Raises
    ChannelFailed."""
    until, secret = _SECRETS.get((name, command), (0.0, ""))
    if monotonic() >= until:
        secret = run_command(name, key, command, environ)
        _SECRETS[name, command] = (monotonic() + REMEMBERED, secret)
    return secret


def multipart(fields: Mapping[str, str], key: str, file: PlainFile, boundary: str) -> tuple[bytes, str]:
    """A form with one file (RFC 7578), and its Content-Type. `boundary` must not be in any of it."""
    name = file.name.replace("\\", "_").replace('"', "'").replace("\r", " ").replace("\n", " ") or "file"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    kind = file.type if file.type.isprintable() else "application/octet-stream"
    place = f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"; filename="{name}"\r\n'
    head = f"{place}Content-Type: {kind}\r\n\r\n"
    whole = b"".join([*parts, head.encode(), file.data, f"\r\n--{boundary}--\r\n".encode()])
    return whole, f"multipart/form-data; boundary={boundary}"


def pieces(text: str, longest: int) -> list[str]:
    """A text in pieces of at most so many UTF-16 units, cut at ends of paragraphs, lines or words."""
    found, rest = [], text
    while _units(rest) > longest:
        cut = longest
        while _units(rest[:cut]) > longest:
            cut -= max(1, (_units(rest[:cut]) - longest) // 2)
        end = next((at + len(sign) for sign in ("\n\n", "\n", " ") if (at := rest.rfind(sign, cut // 2, cut)) > 0), cut)
        found.append(rest[:end].rstrip())
        rest = rest[end:]
    return [*found, rest] if rest or not found else found


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
