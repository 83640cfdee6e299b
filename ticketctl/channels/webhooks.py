"""Sends webhooks as Standard Webhooks 1.0 says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

Where they go is rules.yaml's to say, but not where a name leads: it is looked up once, every address that it has must
be a public one or in `allow:`, and the connection is made to the first of these very addresses that can be reached, so
that a name which changes between look-up and connection changes nothing. Redirects are not followed. What the receiver
answers is read no further than its status.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import math
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from ticketctl.channels.secrets import run_command, variable_of
from ticketctl.channels.time_limit import within
from ticketctl.domain.config import Webhook
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Receipt, SendFailed

SECONDS = 10.0  # for all of it, the look-up of the name included
LONGEST_WAIT = 24 * 3600  # seconds of Retry-After that are believed
_NAT64 = ip_network("64:ff9b::/96")


class WebhookSink:
    """A receiver that failed as a whole is not tried again by this sink."""

    name = "hook"

    def __init__(self, hooks: Sequence[Webhook], *, environ: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._hooks = {one.name: one for one in hooks}
        self._environ, self._clock = environ, clock

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        """`raw` is an id, a line end and the body. Raises SendFailed."""
        (name,) = recipients
        hook = self._hooks.get(name)
        if hook is None:
            raise SendFailed("{name} is not in rules.yaml any more", permanent=True, code="webhook_gone", name=name)
        key, _, body = raw.partition(b"\n")
        headers = signed(key.decode("ascii"), body, self._secrets(hook), self._clock())
        status, wait = self._posted(hook, body, headers)
        if 200 <= status < 300:
            return Receipt()
        raise SendFailed(
            "{name}: the receiver answered {status}",
            permanent=status == 410,
            code="webhook_status",
            name=name,
            status=status,
            everything=status >= 500 or status in (401, 403, 404, 408, 410, 429) or 300 <= status < 400,
            wait=wait,
        )

    def check(self) -> str:
        """Whether each has a secret; nothing is sent."""
        for hook in self._hooks.values():
            self._secrets(hook)
        return ", ".join(self._hooks)

    def close(self) -> None:
        """There is nothing to close."""

    def _posted(self, hook: Webhook, body: bytes, headers: Mapping[str, str]) -> tuple[int, float]:
        try:
            return within(SECONDS, lambda: _post(hook, body, headers))
        except TimeoutError:
            text = "{name}: the receiver did not answer within {seconds:g} s"
            raise SendFailed(text, code="webhook_slow", name=hook.name, seconds=SECONDS, everything=True) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            text = "{name}: the receiver cannot be reached ({reason})"
            raise SendFailed(text, code="webhook_unreachable", name=hook.name, reason=reason, everything=True) from None

    def _secrets(self, hook: Webhook) -> list[bytes]:
        """One, or two while one takes the place of the other. Raises SendFailed."""
        try:
            printed = (
                run_command(hook.name, "secret_command", hook.secret_command, self._environ)
                if hook.secret_command
                else self._environ.get(variable_of(hook.name), "")
            )
        except ChannelFailed as error:
            raise SendFailed("{reason}", code="webhook_no_secret_now", reason=error, everything=True) from None
        found = [secret for word in printed.split()[:2] if (secret := secret_of(word))]
        if not found:
            text = "{name}: no secret; write `secret_command:` into rules.yaml or set {variable}"
            variable = variable_of(hook.name)
            raise SendFailed(text, code="webhook_no_secret", name=hook.name, variable=variable, everything=True)
        return found


def secret_of(word: str) -> bytes:
    """`whsec_` and Base64, or any other word as it is."""
    if word.startswith("whsec_"):
        try:
            return base64.b64decode(word.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return word.encode()


def signed(key: str, body: bytes, secrets: Sequence[bytes], at: datetime) -> dict[str, str]:
    """The headers, with a signature for each secret."""
    seconds = int(at.timestamp())
    content = f"{key}.{seconds}.".encode() + body
    marks = (base64.b64encode(hmac.digest(one, content, hashlib.sha256)).decode() for one in secrets)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
        "Content-Type": "application/json",
        "User-Agent": "ticketctl",
    }


def is_allowed(address: str, allowed: Sequence[str]) -> bool:
    """Whether a connection may be made to that IP address: a public one, or one in the networks `allowed`."""
    found = _meant(ip_address(address.partition("%")[0]))
    if any(found in ip_network(one) for one in allowed):
        return True
    return found.is_global and not (found.is_multicast or getattr(found, "is_site_local", False))


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address within an IPv6 one (RFC 4291, 3056, 4380, 6052) is that IPv4 address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def _post(hook: Webhook, body: bytes, headers: Mapping[str, str]) -> tuple[int, float]:
    parts = urlsplit(hook.url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_allowed(one, hook.allow) for one in addresses):
        raise PermissionError(0, "its address is private; `allow:` would let it be used")
    connection = _Pinned(host, port, addresses, secure=secure)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, _seconds(answer.headers.get("Retry-After", ""))
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """To those addresses and no others, whatever the name means by now; over TLS the certificate must be the name's."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, secure: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = 443 if secure else 80  # it is left out of the header Host
        self._addresses, self._secure = addresses, secure

    def connect(self) -> None:
        self.sock = self._connected()
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def _connected(self) -> socket.socket:
        failed: OSError | None = None
        each = SECONDS / 2 if len(self._addresses) > 1 else SECONDS  # so that there is time for another
        for address in self._addresses:
            try:
                return socket.create_connection((address, self.port), each)
            except OSError as error:
                failed = failed or error
        raise failed or OSError("no address")


def _seconds(retry_after: str) -> float:
    """Of a number of seconds; a date is passed over."""
    given = float(retry_after) if re.fullmatch(r"[0-9]{1,9}", retry_after.strip()) else 0.0
    return math.floor(min(given, LONGEST_WAIT))
