"""osTicket 1.18: its database tables as CSV or JSON, a file a table with the table's name (with or without the prefix
"ost_"): ticket, ticket__cdata, ticket_status, ticket_priority, user, user_email, staff, thread, thread_entry,
thread_entry_email, attachment, file. Times have no zone in the database: `zone` says which it is. Files lie under the
`key` of the table file. What the staff panel exports as CSV holds no texts and cannot be imported.

Source of the columns: osTicket/osTicket, setup/inc/streams/core/install-mysql.sql. An entry's `user_id` is who wrote
it, who may be a collaborator. The thread of a ticket that was merged away has the type C and its number in `extra`;
`ticket_pid` is the ticket that it was merged into."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from ticketctl.channels.exports.common import Json, instant, person, text_of
from ticketctl.errors import BadImport

_STATUS = {"open": "open", "closed": "closed", "archived": "closed", "deleted": "closed"}
_PRIORITY = {"low": "low", "normal": "medium", "medium": "medium", "high": "high", "emergency": "high"}
_DIRECTION = {"M": ("in", "message"), "R": ("out", "message"), "N": ("internal", "note")}
_HIDDEN, _SYSTEM = 4, 0x80  # flags of a thread entry


def _number_in(extra: object) -> str:
    try:
        found = json.loads(extra) if isinstance(extra, str) and extra else {}
    except ValueError:
        found = {}
    return str(found.get("number", "")) if isinstance(found, dict) else ""


class _Tables:
    def __init__(self, found: Sequence[tuple[str, Json]]) -> None:
        self._rows: dict[str, list[tuple[str, Json]]] = {}
        for place, one in found:
            self._rows.setdefault(str(one.get("_table", "")).removeprefix("ost_"), []).append((place, one))
        for name in ("ticket", "thread", "thread_entry"):
            if name not in self._rows:
                raise BadImport([f"the table {name} is missing: export it as {name}.csv or {name}.json"])

    def rows(self, table: str) -> list[tuple[str, Json]]:
        return self._rows.get(table, [])

    def by(self, table: str, key: str) -> dict[str, Json]:
        return {str(row.get(key)): row for _, row in self.rows(table)}

    def groups(self, table: str, key: str) -> Mapping[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for _, row in self.rows(table):
            found.setdefault(str(row.get(key)), []).append(row)
        return found


def tickets(found: Sequence[tuple[str, Json]], zone: str) -> Iterator[tuple[str, Json]]:
    tables = _Tables(found)
    reader = _Reader(tables, zone)
    for place, row in tables.rows("ticket"):
        yield place, reader.ticket(row)


class _Reader:
    def __init__(self, tables: _Tables, zone: str) -> None:
        self._zone = zone
        self._statuses, self._priorities = tables.by("ticket_status", "id"), tables.by("ticket_priority", "priority_id")
        self._data, self._users = tables.by("ticket__cdata", "ticket_id"), tables.by("user", "id")
        self._emails, self._staff = tables.by("user_email", "id"), tables.by("staff", "staff_id")
        self._mails, self._files = tables.by("thread_entry_email", "thread_entry_id"), tables.by("file", "id")
        self._numbers = {str(row.get("ticket_id")): str(row.get("number", "")) for _, row in tables.rows("ticket")}
        self._threads = self._threads_of([row for _, row in tables.rows("thread")])
        self._entries = tables.groups("thread_entry", "thread_id")
        held = [row for _, row in tables.rows("attachment") if row.get("type") == "H"]
        self._attached: dict[str, list[Json]] = {}
        for row in held:
            self._attached.setdefault(str(row.get("object_id")), []).append(row)

    def _threads_of(self, rows: Sequence[Json]) -> dict[str, list[str]]:
        """Ticket → its threads; one of a merged ticket belongs to that ticket, else to the one that has it now."""
        merged = {number: ticket for ticket, number in self._numbers.items()}
        found: dict[str, list[str]] = {}
        for row in rows:
            kind, owner = row.get("object_type"), str(row.get("object_id"))
            if kind == "C":
                owner = merged.get(_number_in(row.get("extra")), owner)
            if kind in ("T", "C"):
                found.setdefault(owner, []).append(str(row.get("id")))
        return found

    def ticket(self, row: Json) -> Json:
        key = str(row.get("ticket_id"))
        data = self._data.get(key, {})
        status = _STATUS.get(str(self._statuses.get(str(row.get("status_id")), {}).get("state", "open")), "open")
        priority = str(self._priorities.get(str(data.get("priority")), {}).get("priority", "normal")).lower()
        entries = [one for thread in self._threads.get(key, ()) for one in self._entries.get(thread, ())]
        parent = self._numbers.get(str(row.get("ticket_pid") or ""))
        shown = [one for one in entries if not int(one.get("flags") or 0) & _HIDDEN]
        return {
            "system": "osticket",
            "number": str(row.get("number", "")),
            "subject": data.get("subject") or "",
            "status": status,
            "priority": _PRIORITY.get(priority, "medium"),
            "requester": self._requester(row),
            "assignee": self._agent(row.get("staff_id")) or None,
            "labels": ["emergency"] if priority == "emergency" else [],
            "opened_at": instant(row.get("created"), self._zone),
            "closed_at": instant(row.get("closed"), self._zone) if status == "closed" else None,
            "channel": {"Phone": "phone", "Web": "form"}.get(str(row.get("source")), "email"),
            "links": [{"to": parent, "kind": "related"}] if parent else [],
            "messages": [self._message(one) for one in shown],
        }

    def _requester(self, row: Json) -> Json | None:
        user = self._users.get(str(row.get("user_id")), {})
        email = self._emails.get(str(row.get("user_email_id") or "")) or self._emails.get(
            str(user.get("default_email_id"))
        )
        return person((email or {}).get("address"), str(user.get("name") or ""))

    def _writer(self, row: Json) -> Json | None:
        """Of an entry: its own user, who may be a collaborator and not the ticket's owner (class.thread.php)."""
        return self._requester(row) or person(None, str(row.get("poster") or ""))

    def _agent(self, key: object) -> str:
        staff = self._staff.get(str(key), {})
        return str(staff.get("username") or staff.get("email") or "")

    def _message(self, row: Json) -> Json:
        direction, kind = _DIRECTION.get(str(row.get("type")), ("internal", "note"))
        if direction == "out" and int(row.get("flags") or 0) & _SYSTEM:
            kind = "automatic"
        mail = self._mails.get(str(row.get("id")), {})
        return {
            "at": instant(row.get("created"), self._zone),
            "direction": direction,
            "kind": kind,
            "from": self._writer(row) if direction == "in" else person(None, str(row.get("poster") or "")),
            "subject": row.get("title") or "",
            "text": text_of(row.get("body"), html=str(row.get("format", "html")) == "html"),
            "message_id": mail.get("mid"),
            "author": self._agent(row.get("staff_id")) or str(row.get("poster") or "") if direction != "in" else None,
            "attachments": [self._file(one) for one in self._attached.get(str(row.get("id")), ())],
        }

    def _file(self, row: Json) -> Json:
        file = self._files.get(str(row.get("file_id")), {})
        return {
            "name": row.get("name") or file.get("name") or "attachment",
            "type": file.get("type") or "application/octet-stream",
            "size": int(file.get("size") or 0),
            "path": str(file.get("key") or ""),
            "inline": str(row.get("inline")) == "1",
        }
