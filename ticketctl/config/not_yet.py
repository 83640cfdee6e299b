"""What RULES.md describes and this version does not carry out: refused with a clear message, never ignored.

Place → key → what it means. When a part is built, its line here goes away.
"""

from __future__ import annotations

NOT_YET: dict[str, dict[str, str]] = {
    "": {"store": "another store than the data folder"},
    "sources": {"form": "the web form", "matrix": "the Matrix chat"},
}
