"""What somebody may have meant who typed a command that there is not: another name for one of ours, or a slip. What is
not near is not suggested."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from ticketctl.present.words import Texts, say_in

NEAR = 0.7
INSTEAD = {
    "take": ("next", "grab", "claim", "pick", "nästa", "ta"),
    "wait": ("snooze", "defer", "postpone", "pause", "sleep", "pending", "remind", "vänta"),
    "label": ("tag", "untag", "unlabel", "tags", "labels", "etikett"),
    "close": ("done", "resolve", "finish", "solve", "solved", "complete", "klar", "stäng"),
    "show": ("view", "open", "read", "cat", "get", "ticket", "visa"),
    "search": ("find", "grep", "query", "lookup", "sök", "hitta"),
    "list": ("ls", "tickets", "all", "queue", "filter", "lista"),
    "board": ("status", "dashboard", "overview", "state", "summary", "today"),
    "reply": ("answer", "respond", "write", "compose", "svara"),
    "note": ("comment", "annotate", "memo"),
    "fetch": ("receive", "pull", "sync", "poll", "mail"),
    "assign": ("give", "delegate", "owner", "reassign"),
    "handover": ("transfer", "pass"),
    "set": ("edit", "field", "update", "change", "modify", "rename", "subject"),
    "new": ("create", "add", "phone", "call", "ny"),
    "merge": ("join", "dedupe", "duplicate", "duplicates", "dup", "combine"),
    "spam": ("junk", "block", "ignore", "skräp"),
    "undo": ("revert", "rollback", "back", "ångra"),
    "report": ("stats", "statistics", "kpi", "metrics", "figures", "rapport"),
    "snippets": ("templates", "template", "canned", "macros", "macro"),
    "export": ("dump", "download"),
    "audit": ("log", "events", "logg"),
    "backup": ("save", "snapshot", "säkerhetskopiera"),
    "person": ("customer", "gdpr", "kund"),
    "priority": ("prio", "urgent", "prioritise", "prioritize"),
    "reopen": ("unclose",),
    "rules": ("config", "configure", "settings", "validate", "lint"),
    "doctor": ("check", "health", "verify", "repair", "fsck"),
    "away": ("vacation", "holiday", "absent", "semester"),
    "promise": ("deadline", "due"),
    "inbox": ("news", "notifications", "unread"),
}
# Where none of ours does the same: what is to be done, by its key in TEXTS.
ADVICE = {
    "delete": ("delete", "remove", "rm", "del", "trash", "radera", "ta-bort"),
    "erase": ("erase", "forget", "anonymise", "anonymize"),
    "history": ("history", "historik"),
    "schedule": ("schedule", "later"),
    "version": ("version",),
}
TEXTS: Texts = {
    "en": {
        "delete": (
            "no command deletes a ticket by hand: `ticketctl spam N` closes one as spam, and `ticketctl purge` deletes "
            "by the retention rules of rules.yaml"
        ),
        "erase": (
            "`ticketctl person erase ADDRESS` erases a person, and `ticketctl purge` deletes by the retention rules of "
            "rules.yaml"
        ),
        "history": (
            "`ticketctl show N --history` shows who changed what on a ticket, and `ticketctl audit show N` who read it"
        ),
        "schedule": "`ticketctl reply N --later WHEN` sends a reply later",
        "version": "`ticketctl --version`",
        "near": "did you mean `{name}`? ({help})",
        "none": "`ticketctl help` lists them",
    },
}


def hint(name: str, commands: Mapping[str, str]) -> str:
    """The end of the sentence "no command 'next'; …"."""
    say, word = say_in("en", TEXTS), name.lower()
    for key, advice_for in ADVICE.items():
        if word in advice_for:
            return say(key)
    found = next((ours for ours, others in INSTEAD.items() if word in others), None)
    found = found or next(iter(get_close_matches(word, commands, 1, NEAR)), None)
    if found is not None and found in commands:
        return say("near", name=found, help=f"{commands[found][0].lower()}{commands[found][1:].rstrip('.')}")
    return say("none")
