"""Zammad: what `GET /api/v1/tickets?expand=true` and `GET /api/v1/ticket_articles/by_ticket/ID?expand=true` give, in
any order and in any number of files; or tickets with `articles` in them. Files lie at TICKET/ARTICLE/ATTACHMENT, as in
the API's addresses.

Source of the fields: Zammad's REST documentation (docs.zammad.org; zammad/zammad-documentation, api/ticket/index.rst
and articles.rst). Without `expand=true` a ticket has `state_id` and `customer_id` in place of words: they mean
something there alone, and it is refused. `from` of an article that was written in the browser is a bare name;
`created_by` has the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ticketctl.channels.exports.common import Json, instant, person, persons, text_of
from ticketctl.errors import BadImport

_STATUS = {
    "new": "new", "open": "open", "pending reminder": "waiting", "pending close": "waiting", "closed": "closed",
    "merged": "closed", "removed": "closed",
}  # fmt: skip
_PRIORITY = {"1 low": "low", "2 normal": "medium", "3 high": "high"}
_CHANNEL = {"phone": "phone", "chat": "chat", "web": "form"}


def tickets(found: Sequence[tuple[str, Json]], zone: str) -> Iterator[tuple[str, Json]]:
    articles: dict[object, list[Json]] = {}
    for _, one in found:
        if "ticket_id" in one:
            articles.setdefault(one["ticket_id"], []).append(one)
    bare = [place for place, one in found if "state_id" in one and "title" in one and not one.get("state")]
    if bare:
        raise BadImport(
            [f"{place}: numbers in place of words (state_id): fetch it with ?expand=true" for place in bare]
        )
    for place, one in found:
        if "ticket_id" not in one and "title" in one:
            yield place, _ticket(one, [*one.get("articles", ()), *articles.get(one.get("id"), ())], zone)


def _ticket(one: Json, articles: Sequence[Json], zone: str) -> Json:
    state = str(one.get("state") or one.get("state_type") or "open").lower()
    unique = {str(article.get("id", at)): article for at, article in enumerate(articles)}
    messages = [_message(article, zone) for article in unique.values()]
    owner = one.get("owner")
    return {
        "system": "zammad",
        "number": one.get("number", one.get("id", "")),
        "subject": one.get("title") or "",
        "status": _STATUS.get(state, "open"),
        "priority": _PRIORITY.get(str(one.get("priority")).lower(), "medium"),
        "requester": person(one.get("customer")),
        "assignee": owner if isinstance(owner, str) and owner not in ("-", "") else None,
        "labels": [str(tag) for tag in one.get("tags") or ()],
        "fields": {"group": str(one["group"])} if one.get("group") else {},
        "opened_at": instant(one.get("created_at"), zone),
        "closed_at": instant(one.get("last_close_at") or one.get("close_at"), zone),
        "wake_at": instant(one.get("pending_time"), zone),
        "channel": _CHANNEL.get(str(one.get("create_article_type")).lower(), "email"),
        "links": [{"to": link, "kind": "related"} for link in one.get("links") or () if isinstance(link, str | int)],
        "messages": messages,
        "events": [] if state in _STATUS else [{"what": f"state {state}", "at": instant(one.get("updated_at"), zone)}],
    }


def _message(one: Json, zone: str) -> Json:
    """A mail that is marked internal was sent all the same: nobody outside is shown it again, so it is a note."""
    sender, kind = str(one.get("sender", "")).lower(), str(one.get("type", "")).lower()
    internal = bool(one.get("internal")) or kind == "note"
    ours = sender != "customer"
    html = "html" in str(one.get("content_type", "text/html")).lower()
    direction = "internal" if internal else "out" if ours else "in"
    base = f"{one.get('ticket_id')}/{one.get('id')}"
    return {
        "at": instant(one.get("created_at"), zone),
        "direction": direction,
        "kind": "note" if internal else "automatic" if sender == "system" else "message",
        "from": _writer(one),
        "to": persons(one.get("to")),
        "cc": persons(one.get("cc")),
        "subject": one.get("subject") or "",
        "text": text_of(one.get("body"), html=html),
        "message_id": one.get("message_id"),
        "references": str(one.get("references") or one.get("in_reply_to") or "").split(),
        "author": one.get("created_by") if ours else None,
        "attachments": [_file(file, base) for file in one.get("attachments") or ()],
    }


def _writer(one: Json) -> Json | None:
    """Who wrote an article; `origin_by` is on whose behalf, as of a call that an agent noted."""
    written = person(one.get("from"))
    if written is None or not written["address"]:
        account = person(one.get("origin_by") or one.get("created_by"), written["name"] if written else "")
        return account if account and account["address"] else written or account
    return written


def _file(one: Json, base: str) -> Json:
    preferences = one.get("preferences") or {}
    return {
        "name": one.get("filename") or "attachment",
        "type": preferences.get("Content-Type") or preferences.get("Mime-Type") or "application/octet-stream",
        "size": int(one.get("size") or 0),
        "path": f"{base}/{one.get('id')}",
        "inline": bool(preferences.get("Content-ID")),
    }
