"""What RULES.md describes and this version does not carry out: refused with a clear message, never ignored.

Place → key → what it means. When a part is built, its line here goes away.
"""

from __future__ import annotations

NOT_YET: dict[str, dict[str, str]] = {
    "": {"store": "another store than the data folder"},
    "sources": {"form": "the web form", "matrix": "the Matrix chat"},
    "escalation action": {"reply": "replies by escalation", "label": "labels by escalation"},
    "event": {
        "agent_reply": "rules on our own replies",
        "closed": "rules on closing",
        "reopened": "rules on reopening",
    },
    "action": {
        "link": "links by rules",
        "mask": "masking by rules; `privacy: mask` has it",
    },
}
