"""A language model of one's own that may suggest drafts: where it is, and whether texts may leave for it."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from ticketctl.domain.settings.hosts import is_private


class Assistant(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`url` is the base of an API of OpenAI's shape (`…/v1`). Without `allow_remote` only this computer and private
    addresses (RFC 1918, RFC 4193) are asked."""

    url: str = ""
    model: str = ""
    allow_remote: bool = False

    @property
    def place(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc


def fault(url: str, *, allow_remote: bool) -> str:
    """What is wrong with such an address, "" where nothing is; a host name is looked up only when it is asked."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in url
    if not host or not plain or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        return "is not an address such as http://127.0.0.1:11434/v1"
    if is_private(host) is False and not allow_remote:
        return "is not on this computer and not private; `allow_remote: true` lets masked texts leave for it"
    if is_private(host) is False and parts.scheme == "http":
        return "would be sent to in clear; write https://"
    return ""
