"""Everything that ticketctl stores and that can hold a person: each field of what is stored, each collection of the
desk, each kind of file; and what show, export, erase, rectify and masking do with it.

Whoever adds a field, a fact or a file writes it down here: tests/test_registry.py fails where one is missing. Erasure
and rectification walk along FIELDS (rewriting.py), so a field that is listed here is treated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal[
    "plain", "agent", "person", "address", "words", "said", "label", "message_id", "content", "blob", "pseudonym",
    "stems", "part",
]  # fmt: skip


class Treatment(msgspec.Struct, frozen=True):
    """What is done with it, in a sentence each. `masked`: numbers are masked in it on arrival."""

    holds: str
    show: str
    erase: str
    rectify: str
    masked: bool = False


KINDS: Mapping[Kind, Treatment] = {
    "plain": Treatment("a number, a time, a word of the program or of rules.yaml", "with its ticket", "stays", "stays"),
    "agent": Treatment(
        "a name of the team", "left out: a customer does not see who did it", "stays: the log must show who acted",
        "stays",
    ),
    "person": Treatment(
        "a customer's address and name", "shown; other customers' are replaced",
        "replaced by an address that nobody has", "replaced",
    ),
    "address": Treatment(
        "a mail address", "shown; other customers' are replaced", "replaced by an address that nobody has", "replaced"
    ),
    "words": Treatment(
        "free text about a ticket", "shown with its ticket",
        "removed where the ticket is the person's, else full name and address are replaced",
        "full name and address are replaced", masked=True,
    ),
    "said": Treatment(
        "what somebody said in a message", "shown where the person wrote or got it, or it is about them",
        "removed where the person wrote or got it, else full name and address are replaced",
        "stays as it was said", masked=True,
    ),
    "label": Treatment(
        "words that rules.yaml lists, or that somebody made up", "shown with the ticket",
        "those that rules.yaml does not list are removed where the ticket is the person's, else names are replaced",
        "full name and address are replaced",
    ),
    "message_id": Treatment(
        "the id that a mail program gave a mail, perhaps with a name of the computer", "shown with the message",
        "removed where the mail is the person's", "stays",
    ),
    "content": Treatment(
        "a hash by which the same mail is known again", "left out: it says nothing",
        "stays, so that the mail does not come back", "stays",
    ),
    "blob": Treatment(
        "the name of stored bytes: a mail or a file", "the file is in the export",
        "removed where it is the person's; the bytes go when nothing names them", "stays as it came",
    ),
    "pseudonym": Treatment(
        "a keyed hash of an address", "used to find what is to be shown", "removed where it can be; it names nobody",
        "stays until it is forgotten",
    ),
    "stems": Treatment(
        "keyed hashes of stems of words, each with a sum over the tickets that have it", "left out: it says nothing",
        "those of the person's tickets are taken out of the sums", "stays",
    ),
    "part": Treatment("a struct that is listed itself", "as listed", "as listed", "as listed"),
}  # fmt: skip

FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "Ticket": {
        "number": "plain",
        "subject": "words",
        "requester": "person",
        "opened_at": "plain",
        "status": "plain",
        "priority": "plain",
        "assignee": "agent",
        "labels": "label",
        "fields": "label",
        "participants": "person",
        "watchers": "agent",
        "channel": "plain",
        "language": "plain",
        "closed_at": "plain",
        "wake_at": "plain",
        "cause": "label",
        "lesson": "words",
        "resolution": "plain",
        "spam": "plain",
        "test": "plain",
        "merged_into": "plain",
        "merged": "part",
        "links": "part",
        "messages": "part",
        "events": "part",
        "fired": "part",
        "rule_runs": "part",
        "legal_hold": "words",
        "rating": "plain",
        "rating_text": "words",
        "revision": "plain",
    },
    "Message": {
        "key": "plain",
        "direction": "plain",
        "kind": "plain",
        "at": "plain",
        "sender": "person",
        "message_id": "message_id",
        "content": "content",
        "author": "agent",
        "to": "person",
        "cc": "person",
        "bcc": "person",
        "reply_to": "person",
        "subject": "said",
        "text": "said",
        "whole": "said",
        "references": "message_id",
        "attachments": "part",
        "raw": "blob",
        "source": "plain",
        "machine": "plain",
        "language": "plain",
        "why": "words",
        "flagged": "words",
        "delivery": "plain",
        "delivered_at": "plain",
        "wait": "plain",
        "leaves_at": "plain",
        "aside": "plain",
        "together": "plain",
        "nature": "words",
        "fetched_at": "plain",
        "channel": "plain",
        "versions": "part",
    },
    "Version": {"id": "message_id", "at": "plain", "text": "said"},
    "Person": {"address": "address", "name": "words", "medium": "plain"},
    "Attachment": {"name": "said", "type": "plain", "size": "plain", "sha256": "blob", "inline": "plain"},
    "Merged": {
        "prefix": "plain",
        "requester": "person",
        "opened_at": "plain",
        "subject": "words",
        "language": "plain",
        "channel": "plain",
        "participants": "person",
        "events": "part",
    },
    "Event": {
        "at": "plain",
        "actor": "agent",
        "what": "plain",
        "before": "words",
        "after": "words",
        "why": "words",
        "named": "plain",
    },
    "Link": {"to": "plain", "kind": "plain"},
    "Fired": {"rule": "plain", "occasion": "plain", "at": "plain"},
    "RuleRun": {"event": "plain", "at": "plain", "message": "plain", "rules": "part", "kept": "words"},
    "Asked": {"rule": "plain", "outcome": "plain", "reasons": "part"},
    "Reason": {"what": "plain", "held": "plain", "expected": "words", "actual": "words"},
    "Outbound": {
        "id": "plain",
        "kind": "plain",
        "message_id": "message_id",
        "raw": "blob",
        "sender": "address",
        "recipients": "address",
        "queued_at": "plain",
        "subject": "words",
        "ticket": "plain",
        "message": "plain",
        "state": "plain",
        "next_at": "plain",
        "leaves_at": "plain",
        "attempts": "plain",
        "error": "words",
        "ended_at": "plain",
        "accepted": "address",
        "refused": "address",
        "resent": "plain",
        "medium": "plain",
    },
    "Quarantined": {
        "id": "plain",
        "at": "plain",
        "reason": "words",
        "source": "plain",
        "raw": "blob",
        "content": "content",
        "message_id": "message_id",
        "looked_at": "plain",
        "validity": "plain",
        "uid": "plain",
        "medium": "plain",
    },
    "Run": {"name": "plain", "at": "plain", "ok_at": "plain", "detail": "words"},
    "after_commit.Run": {"validity": "plain", "first": "plain", "last": "plain", "handle": "plain"},
    "Cursor": {"validity": "plain", "uid": "plain", "token": "plain"},
    "Record": {
        "version": "plain",
        "number": "plain",
        "at": "plain",
        "actor": "agent",
        "action": "plain",
        "ticket": "plain",
        "why": "words",
        "generation": "plain",
        "reason": "words",
        "about": "pseudonym",
        "shown": "plain",
        "via": "plain",
        "key": "plain",
        "last": "plain",
        "mac": "plain",
    },
    # what facts hold (FACTS)
    "Copy": {"raw": "blob", "at": "plain", "tries": "plain", "next_at": "plain", "error": "words"},
    "_Remembered": {"address": "agent", "ticket": "plain", "why": "words"},
    "_Outage": {"since": "plain", "polls": "plain", "notified": "plain"},
    "PersonNote": {"at": "plain", "by": "agent", "text": "words"},
    "Profile": {
        "addresses": "address",
        "names": "words",
        "callers": "words",
        "notes": "part",
        "restricted_at": "plain",
        "restricted_by": "agent",
    },
    "ExportMade": {"path": "words", "at": "plain", "persons": "pseudonym"},
    "ErasureRecord": {"id": "plain", "at": "plain", "until": "plain", "persons": "pseudonym"},
    "EarlyWarning": {
        "thing": "part",
        "count": "plain",
        "low": "plain",
        "high": "plain",
        "days": "plain",
        "since": "plain",
        "fired": "plain",
        "tickets": "plain",
        "customers": "plain",
        "calm": "plain",
    },
    "_Link": {"ticket": "plain", "who": "pseudonym", "until": "plain"},
    "Look": {"at": "plain", "seen": "plain", "named": "plain"},
    "Import": {"since": "plain", "validity": "plain", "until": "plain", "done": "plain", "closed_before": "plain"},
    "ApiKey": {
        "name": "plain",
        "sha256": "plain",
        "agent": "agent",
        "scopes": "plain",
        "made_at": "plain",
        "made_by": "agent",
        "expires_at": "plain",
        "used_at": "plain",
    },
    "HookState": {
        "since": "plain",
        "tries": "plain",
        "next_at": "plain",
        "paused_at": "plain",
        "missed": "plain",
    },
    "Given": {"request": "plain", "at": "plain", "status": "plain", "ticket": "plain", "revision": "plain"},
    "Account": {
        "password": "plain",
        "since": "plain",
        "secret": "plain",
        "step": "plain",
        "recovery": "plain",
        "keys": "plain",
    },
    "WebSession": {"user": "agent", "since": "plain", "seen": "plain", "browser": "agent", "waits": "plain"},
    "Guesses": {"count": "plain", "at": "plain"},
    "Away": {"start": "plain", "end": "plain", "deputy": "agent"},
    # the store's own
    "Fact": {"value": "words"},
    "Counter": {"value": "plain"},
    "Month": {"generation": "plain", "tickets": "plain", "sha256": "plain"},
    "Head": {"number": "plain", "mac": "plain"},
    "NameWord": {"word": "words", "tickets": "plain", "form": "plain", "rare": "plain"},
    "Pattern": {
        "key": "plain",
        "tickets": "plain",
        "terms": "stems",
        "square": "plain",
        "words": "part",
        "top": "stems",
        "given": "words",
        "born": "plain",
        "hidden": "plain",
        "into": "plain",
        "gone": "plain",
    },
    "Measure": {
        "number": "plain",
        "name": "words",
        "start": "plain",
        "at": "plain",
        "by": "agent",
        "about": "part",
        "stopped": "plain",
    },
    "Thing": {"kind": "plain", "value": "label"},
    "Alike": {"one": "plain", "other": "plain", "likeness": "plain"},
    "Vocabulary": {
        "seen": "plain",
        "total": "plain",
        "counts": "stems",
        "last": "plain",
        "least": "plain",
        "stems": "plain",
        "month": "plain",
        "alike": "part",
    },
}

# Structs that read what is stored under another name, or only a part of it, and structs of the desk's own logins.
VIEWS = frozenset({
    "MessageOutline", "TicketOutline", "Summary", "Sighting", "Dated", "_Holder", "_Head", "_Said", "_Attached",
    "_Reason", "Login", "Endpoints", "Archived", "DatedMessage", "DatedEvent", "Manifest",
})  # fmt: skip

# Tables of the desk file → what their keys and rows are.
COLLECTIONS: Mapping[str, str] = {
    "tickets": "Ticket by number",
    "outbox": "Outbound by id: removed where it is to or about the person",
    "quarantine": "Quarantined by id: removed where its bytes hold the person",
    "facts": "small facts by key: FACTS",
    "tombstones": "hashes of mails that were deleted, so that they do not come back",
    "purged": "numbers of deleted tickets",
    "counters": "the last ticket number",
    "cursors": "Cursor by mailbox",
    "runs": "Run by job",
    "audit": "Head of the audit log",
    "months": "Month by name: digests of the archive",
    "migrations": "which migrations have run",
    "patterns": "Pattern by key: the words of its name go where fewer than two other customers used them",
    "measures": "Measure by number: what a team tried, in its own words",
    "vocabulary": "Vocabulary: in how many tickets each stem was, as keyed hashes",
}

# The first words of a fact's key → what it holds, and what becomes of it.
FACTS: Mapping[str, str] = {
    "answered": "keyed hash of an address: forgotten by erase, else after a day",
    "held": "keyed hash of an address: forgotten by erase, else after a day",
    "notified": "keyed hash of an address of the team",
    "afterwards": "UIDs of a mailbox",
    "import": "how far old mail of a mailbox came in",
    "outage": "a source that does not work",
    "heartbeat": "that the heartbeat failed",
    "sent": "Copy by Message-ID: forgotten by erase where the mail is the person's",
    "notice": "_Remembered: mail to the team that waits; about tickets by number",
    "mention": "who of the team was named where",
    "watching": "who of the team watches what",
    "inbox": "how far somebody of the team has looked",
    "clock": "when the clock was right",
    "away": "who of the team is away",
    "hook": "HookState by name: a receiver of webhooks that does not work",
    "api": "ApiKey by name: hashes of keys; Given by key: what a change by it became, for a day, by numbers alone",
    "login": "Account by name of the team: its password, hashed; goes with `user remove`",
    "session": "WebSession by hash: where somebody of the team is logged in; goes 14 days after the log-in",
    "guess": "Guesses by name of the team, or keyed hash of a network address: goes a day after the last",
    "view": "words that somebody of the team filters the list by: goes with `user remove`",
    "warning": "EarlyWarning by cause, label, category or pattern: counts, and numbers of tickets",
    "warnings": "the day on which it was last looked for",
    "restored": "from which backup, and since when it is at work again",
    "person": "Profile by an id that says nothing: forgotten by erase",
    "apart": "a keyed hash of two persons of whom a colleague said that they are not one: says nothing of either",
    "push": "a short notice that waits: numbers of tickets, names of sources, figures",
    "export": "ExportMade by an id that says nothing: file and fact are deleted by erase",
    "link": "_Link by the sha256 of its token: keyed hash of an address; forgotten by erase, else when it ends",
    "linked": "keyed hash of an address: for an hour; forgotten by erase",
    "relinked": "how often the links of a ticket were taken back",
    "renumbered": "that an import gave tickets new numbers",
    "purged": "when there was last something to purge",
    "erased": "the id of the last erasure that was carried out",
}

# Beside data/: files that the team writes, and that `patterns faq` drafts without persons → what becomes of who is
# named there all the same.
BESIDE: Mapping[str, str] = {
    "rules.yaml": "erase, export and show name the line; the team's to take out",
    "snippets": "erase, export and show name the line; the team's to take out",
    "docs/faq": "erase, export and show name the line; the team's to take out",
}

# Files and folders of data/, as regular expressions → what becomes of what they hold of a person.
FILES: Mapping[str, str] = {
    r"desk\.json": "the collections",
    r"desk\.json\.bak": "the generation before: written anew by erase",
    r"archive/\d{4}-\d\d\.json": "closed tickets and tombstones: written anew by erase",
    r"archive/index\.bin": "hashes, made anew from the archive",
    r"blobs/[0-9a-f]{2}/[0-9a-f]{64}": "original mail and files: deleted when nothing names them",
    r"blobs/verified": "hashes and sizes of blobs",
    r"audit\.jsonl": "no person but the team, and keyed hashes: stays",
    r"audit\.head": "number and hash of the log's last record",
    r"key": "the desk's secret",
    r"(\.?[\w-]+)\.lock": "empty, or a process number",
    r"\.rules\.cache(\.\d+)?": "rules.yaml as it is: who is named there is the team's to take out",
    r"\.answers\.cache": "keyed hashes of parts of words of closed tickets: deleted by every commit that changes one",
    r"(.+/)?\..+\.\d+\.tmp": "half a file of a process that died: deleted by the next command that writes",
    r"tmp(/.+)?": "blobs being written: deleted when their process is dead",
    r"README\.md|\.gitignore": "of the starter",
    r"tokens(/.+)?": "logins of the desk itself",
    r"maildirs(/.+)?": "hashes of file names of a Maildir that is read",
    r"writing(/.+)?": "who of the team writes on which ticket: gone when they are done",
    r"exports(/.+)?": "exports of a person: deleted when they are erased",
    r"drafts(/.+)?": "texts of an editor, by ticket: deleted by erase",
    r"sent(/.+)?": "copies of sent mail: deleted by erase where they are to or about the person",
    r".+\.damaged-.+": "what recovery kept: erase refuses as long as there is one",
}


def entry(struct: type) -> str:
    """Under which name a struct is listed: its own; two that are called the same have their module before it."""
    name = struct.__name__
    qualified = f"{struct.__module__.rpartition('.')[2]}.{name}"
    return qualified if qualified in FIELDS else name
