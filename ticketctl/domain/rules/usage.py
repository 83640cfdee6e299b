"""What the tickets of a year made use of."""

from __future__ import annotations

import msgspec

MANY = 100  # tickets of a year: so many show what nobody uses


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the tickets of a year had: how many there are, their labels, the values of each field, and the snippets that
    answered them."""

    tickets: int = 0
    labels: frozenset[str] = frozenset()
    values: frozenset[tuple[str, str]] = frozenset()
    snippets: frozenset[str] = frozenset()
