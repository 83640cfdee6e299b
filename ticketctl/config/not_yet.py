"""What RULES.md describes and this version does not carry out: refused with a clear message, never ignored.

Place → key → what it means. When a part is built, its line here goes away.
"""

from __future__ import annotations

NOT_YET: dict[str, dict[str, str]] = {
    "": {"store": "another store than the data folder"},
    "team": {"away": "absence and deputies"},
    "sources": {"form": "the web form", "matrix": "the Matrix chat"},
    "hours": {"holidays": "public holidays"},
    "escalation": {"owner_away": "absence and deputies"},
    "escalation action": {"reply": "replies by escalation", "label": "labels by escalation"},
    "rule": {"at_most": "a bound on firings in a run"},
    "event": {
        "agent_reply": "rules on our own replies",
        "closed": "rules on closing",
        "reopened": "rules on reopening",
        "sweep": "rules that run with each cron run",
    },
    "once": {"per_wait": "once for each time of waiting"},
    "condition": {
        "since_our_reply": "time since our reply",
        "since_customer_message": "time since the customer wrote",
        "since_created": "time since the ticket came",
        "hours": "opening hours as a condition",
    },
    "sender": {"known": "whether the sender wrote before", "first_contact": "whether the sender wrote before"},
    "action": {
        "notify": "notifications by rules; `escalation:` has them",
        "link": "links by rules",
        "mask": "masking by rules; `privacy: mask` has it",
    },
    "assign": {"deputy": "absence and deputies"},
}
