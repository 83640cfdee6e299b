"""By what a desk knows its own automatic mail when it comes back: a header with a keyed value (RFC 3834, section 2)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

HEADER = "X-Ticketctl-Loop"


def loop_token(key: bytes) -> str:
    """The same for all mail of a desk; `key` is the desk's secret."""
    return hmac.digest(key, b"loop", "sha256")[:16].hex()


def is_ours(headers: Mapping[str, tuple[str, ...]], key: bytes) -> bool:
    """Whether a mail is an automatic one of this desk, or copied its headers (names of `headers` lower-case)."""
    ours = loop_token(key).encode()
    return any(hmac.compare_digest(value.strip().encode(), ours) for value in headers.get(HEADER.lower(), ()))
