"""Where secrets may be sent: over TLS, or not over a wire at all."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself, so that nothing goes over a wire."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_safe(url: str) -> bool:
    """Whether it is an https:// address, or an http:// one of this machine; with no user or password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_private(host: str) -> bool | None:
    """Whether the host is this machine or has a private address (RFC 1918, RFC 4193); None for a name that only a
    look-up tells."""
    try:
        address = ip_address(host)
    except ValueError:
        return True if host.lower() == "localhost" else None
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or (
        address.is_private and not (address.is_link_local or address.is_unspecified or address.is_reserved)
    )


def address_fault(url: str, *, allow_remote: bool) -> str:
    """What is wrong with the address of an assistant; "" where nothing is. Host names are not looked up."""
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
