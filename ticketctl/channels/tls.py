"""What a TLS handshake that failed means to whoever wrote rules.yaml."""

from __future__ import annotations

import ssl

# What OpenSSL, by version, makes of a plain greeting where a handshake was expected.
_PLAIN = frozenset({"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})


def speaks_plain(error: BaseException) -> str:
    """What to say where the server answered a handshake in plain text; "" for any other error."""
    plain = isinstance(error, ssl.SSLError) and error.reason in _PLAIN
    return "the server does not speak TLS on that port: see `security:` in rules.yaml" if plain else ""
