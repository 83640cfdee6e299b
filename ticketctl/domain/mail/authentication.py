"""Whether our own mail server found that a mail is from whom it says (RFC 8601, Authentication-Results).

From is a claim. The header may be forged too: only the topmost one is read, and only if it names our own server, which
puts its own above all that came with the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)\b(.*)", re.S)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.auth)\s*=\s*\"?([^\s;\"]+)")


def is_authentic(headers: Mapping[str, tuple[str, ...]], authserv_id: str, address: str) -> bool:
    """Whether the server `authserv_id` vouches for `address` in From: DMARC passed, or DKIM or SPF for its domain, or
    the sender had logged in there as that user. Names of `headers` and the address are lower case."""
    for value in headers.get("authentication-results", ())[:1]:
        name, _, results = _COMMENT.sub(" ", value).lower().partition(";")
        if name.split()[:1] == [authserv_id]:
            return any(_vouches(method, found, address) for method, found in _passed(results))
    return False


def _passed(results: str) -> Iterator[tuple[str, dict[str, str]]]:
    for result in results.split(";"):
        match = _METHOD.fullmatch(result.strip())
        if match and match[2] == "pass":
            yield match[1], dict(_PROPERTY.findall(match[3]))


def _vouches(method: str, found: Mapping[str, str], address: str) -> bool:
    local, _, domain = address.partition("@")
    match method:
        case "dmarc":
            return _domain(found.get("header.from", "")) == domain
        case "dkim":
            return _domain(found.get("header.d") or found.get("header.i", "")) == domain
        case "spf":
            return _domain(found.get("smtp.mailfrom", "")) == domain
        case "auth":
            return found.get("smtp.auth") in (local, address)
    return False


def _domain(named: str) -> str:
    """Of an address or a domain alone. Only the very same counts: who shares a parent domain may be a stranger."""
    return named.rpartition("@")[2]
