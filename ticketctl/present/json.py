"""The JSON shapes that other programs read: `list`, `show` and `export` with --json. Keys may be added; those that are
here stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from ticketctl.domain.ticket.message import MAIL, Attachment, Message, Person
from ticketctl.domain.ticket.seen import seen_by_requester
from ticketctl.domain.ticket.ticket import Event, Ticket

if TYPE_CHECKING:
    from ticketctl.content.outage import Down
    from ticketctl.content.snippets import Rendered
    from ticketctl.domain.deadlines.escalation import Escalated
    from ticketctl.domain.privacy.same_person import MaybeSame
    from ticketctl.domain.reply.answers import PastAnswer
    from ticketctl.domain.reply.check import Hint
    from ticketctl.domain.reports.measure import EarlyWarning
    from ticketctl.domain.ticket.outbound import Outbound
    from ticketctl.domain.ticket.ticket import RuleRun
    from ticketctl.usecases.automation.escalate import Escalation
    from ticketctl.usecases.reply.suggest_draft import Suggestion
    from ticketctl.usecases.views.explain import Explained
    from ticketctl.usecases.views.show import Shown
    from ticketctl.usecases.views.snippets import Snippet

Json = dict[str, Any]


def ticket_json(ticket: Ticket, with_messages: bool) -> Json:
    """A ticket as JSON values; messages and events only `with_messages` (`show`, `export`). Instants are RFC 3339."""
    shape: Json = {
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "requester": person_json(ticket.requester),
        "assignee": ticket.assignee or None,
        "labels": list(ticket.labels),
        "fields": dict(ticket.fields),
        "opened_at": instant(ticket.opened_at),
        "closed_at": instant(ticket.closed_at),
        "wake_at": instant(ticket.wake_at),
        "links": [{"to": link.to, "kind": link.kind} for link in ticket.links],
        "participants": [person_json(person) for person in ticket.participants],
        "watchers": list(ticket.watchers),
        "channel": ticket.channel,
        "language": ticket.language or None,
        "cause": ticket.cause or None,
        "lesson": ticket.lesson or None,
        "resolution": ticket.resolution or None,
        "merged_into": ticket.merged_into or None,
        "spam": ticket.spam,
        "revision": ticket.revision,
    }
    if with_messages:
        shape["messages"] = [message_json(message) for message in ticket.messages]
        shape["events"] = [event_json(event) for event in ticket.events]
    return shape


def exported_json(ticket: Ticket) -> Json:
    """The same with all else that the ticket remembers, so that `import` can make the same ticket of it."""
    shape = ticket_json(ticket, with_messages=True)
    for whole, part in zip(ticket.messages, shape["messages"], strict=True):
        part |= _rest(whole, part, {"sender": "from"})
    for event, part in zip(ticket.events, shape["events"], strict=True):
        part |= _rest(event, part, {})
    return shape | _rest(ticket, shape, {})


def _rest(struct: msgspec.Struct, shown: Json, names: Mapping[str, str]) -> Json:
    """The fields that are set and not shown yet."""
    left = {name for name in struct.__struct_fields__ if names.get(name, name) not in shown}
    return {name: msgspec.to_builtins(getattr(struct, name)) for name in sorted(left) if getattr(struct, name)}


def shown_json(shown: Shown) -> Json:
    """What `show` shows of a ticket."""
    answers = {} if shown.answers is None else {"answers": [past_answer_json(one) for one in shown.answers]}
    return {
        **ticket_json(shown.ticket, with_messages=True),
        "promised_at": instant(shown.promised_at),
        "writing": [one.agent for one in shown.writing],
        "also_open": [one.number for one in shown.also_open],
        "closed_before": [one.number for one in shown.closed_before],
        "maybe_same_person": [maybe_same_json(one) for one in shown.maybe_same],
        "legal_hold": shown.ticket.legal_hold or None,
        "about_requester": [note.text for note in shown.known.notes] if shown.known else [],
        "restricted_at": instant(shown.known.restricted_at) if shown.known else None,
        **answers,
    }


def maybe_same_json(one: MaybeSame) -> Json:
    """Who may be the requester too, by the ticket `seen`: `by` is "address" or the name of a field."""
    return {"person": person_json(one.other), "ticket": one.seen, "by": one.by, "value": one.value}


def customer_json(ticket: Ticket, *, with_messages: bool) -> Json:
    """A ticket as its requester may see it: no notes, no names of the team, nothing of how it is worked on."""
    shape: Json = {
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "requester": person_json(ticket.requester),
        "opened_at": instant(ticket.opened_at),
        "closed_at": instant(ticket.closed_at),
        "channel": ticket.channel,
        "language": ticket.language or None,
    }
    if with_messages:
        shape["messages"] = [_customer_message_json(one) for one in seen_by_requester(ticket)]
    return shape


def _customer_message_json(message: Message) -> Json:
    return {
        "key": message.key,
        "direction": message.direction,
        "at": instant(message.at),
        "from": person_json(message.sender),
        "subject": message.subject,
        "text": message.text,
        "attachments": [attachment_json(attachment) for attachment in message.attachments],
    }


def past_answer_json(one: PastAnswer) -> Json:
    """A past answer: `likeness` 0 … 1, `words` that both questions have, `also` tickets with the same answer."""
    return {
        "ticket": one.ticket,
        "likeness": one.likeness,
        "text": one.text,
        "at": instant(one.at),
        "subject": one.subject,
        "words": list(one.words),
        "also": list(one.also),
    }


def suggestion_json(made: Suggestion) -> Json:
    """`by` is "model", "past" (a past answer, as the model could not be used) or "nobody"."""
    return {
        "ticket": made.ticket.number,
        "by": made.by,
        "model": made.model or None,
        "text": made.text,
        "sources": [{"ticket": one.ticket, "likeness": one.likeness} for one in made.sources],
        "trouble": str(made.trouble) if made.trouble else None,
    }


def message_json(message: Message) -> Json:
    """`text` is what was newly written, `whole` the entire text where it differs (else null)."""
    return {
        "key": message.key,
        "message_id": message.message_id or None,
        "direction": message.direction,
        "kind": message.kind,
        "from": person_json(message.sender),
        "to": [person_json(person) for person in message.to],
        "cc": [person_json(person) for person in message.cc],
        "reply_to": [person_json(person) for person in message.reply_to],
        "bcc": [person_json(person) for person in message.bcc],
        "at": instant(message.at),
        "fetched_at": instant(message.fetched_at),
        "author": message.author or None,
        "subject": message.subject,
        "text": message.text,
        "whole": message.whole or None,
        "attachments": [attachment_json(attachment) for attachment in message.attachments],
        "machine": message.machine,
        "delivery": message.delivery or None,
        "delivered_at": instant(message.delivered_at),
        "leaves_at": instant(message.leaves_at),
        "channel": message.channel,
        "source": list(message.source),
        "why": message.why or None,
        "flagged": message.flagged or None,
        "nature": list(message.nature),
    }


def outbound_json(item: Outbound) -> Json:
    """A mail of the outbox; `error` is what went wrong so far."""
    from ticketctl.domain.ticket.delivery import trouble
    from ticketctl.domain.ticket.scheduling import state_of

    return {
        "id": item.id,
        "kind": item.kind,
        "state": state_of(item),
        "ticket": item.ticket or None,
        "to": list(item.recipients),
        "subject": item.subject,
        "message_id": item.message_id,
        "queued_at": instant(item.queued_at),
        "attempts": item.attempts,
        "next_at": instant(item.next_at),
        "leaves_at": instant(item.leaves_at),
        "error": trouble(item) or None,
    }


def attachment_json(attachment: Attachment) -> Json:
    return {
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "inline": attachment.inline,
    }


def event_json(event: Event) -> Json:
    return {
        "at": instant(event.at),
        "actor": event.actor,
        "what": event.what,
        "before": event.before,
        "after": event.after,
        "why": event.why or None,
    }


def person_json(person: Person) -> Json:
    """`medium` where that is no mail."""
    shape = {"name": person.name, "address": person.address}
    return shape if person.medium == MAIL else {**shape, "medium": person.medium}


def down_json(one: Down) -> Json:
    """A mailbox that can't be fetched."""
    return {"source": one.source, "since": instant(one.since), "reason": one.reason or "nothing has fetched it"}


def instant(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC: "2026-11-21T14:30:00Z"."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def hints_json(hints: Sequence[Hint]) -> list[Json]:
    """What the reply check noticed; its text is English whatever the terminal speaks."""
    from ticketctl.present.words.reply_check import hint_text

    return [
        {"code": one.code, "severity": one.severity, "line": one.line or None, "text": hint_text(one, "en")}
        for one in hints
    ]


def draft_json(ticket: Ticket, draft: Message) -> Json:
    return {"ticket": ticket.number, "subject": ticket.subject, "draft": message_json(draft)}


def explained_json(explained: Explained) -> Json:
    """What `explain` explains of a ticket."""
    ticket, trace = explained.ticket, explained.trace
    return {
        "ticket": ticket.number,
        "event": trace.event,
        "messages": [{"key": one.key, "why": one.why} for one in ticket.messages],
        "decided": [_run_json(one) for one in ticket.rule_runs],
        "rules": [
            {
                "rule": one.rule.id,
                "line": one.rule.line,
                "outcome": one.outcome,
                "fired": [fired.at.isoformat() for fired in ticket.fired if fired.rule == one.rule.id],
                "conditions": msgspec.to_builtins(one.verdict),
            }
            for one in trace.rules
        ],
    }


def _run_json(run: RuleRun) -> Json:
    rules = [
        {
            "rule": one.rule,
            "outcome": one.outcome,
            "because": [msgspec.structs.asdict(reason) for reason in one.reasons],
        }
        for one in run.rules
    ]
    at = run.at.isoformat()
    return {"event": run.event, "at": at, "message": run.message or None, "kept": list(run.kept), "rules": rules}


def escalation_json(done: Escalation, *, dry_run: bool) -> Json:
    """What a run of `escalate` did."""
    return {
        "dry_run": dry_run,
        "escalated": [_step_json(one.what, one.persons) for one in done.steps],
        "swept": [
            {"ticket": one.after.number, "rule": rule.id, "actions": [str(action) for action in rule.then]}
            for one in done.swept
            for rule in one.fired
        ],
        "told": [{"ticket": number, "agent": name} for number, name in done.mentioned],
        "held_back": done.held_back,
        "mails": done.mails,
        "silent": list(done.silent),
        "woken": list(done.woken),
        "chats_ended": list(done.chats),
        "archived": done.archived,
        "warnings": [warning_json(one) for one in done.warnings],
    }


def warning_json(one: EarlyWarning) -> Json:
    """What comes unusually often."""
    return {
        one.thing.kind: one.thing.value,
        "count": one.count,
        "days": one.days,
        "usual": [one.low, one.high],
        "since": one.since.isoformat(),
        "found": one.fired.isoformat(),
        "tickets": list(one.tickets),
    }


def _step_json(one: Escalated, persons: Sequence[str]) -> Json:
    return {
        "ticket": one.number,
        "promise": one.deadline.kind if one.deadline else None,
        "occasion": one.occasion,
        "due_at": one.deadline.due_at.isoformat() if one.deadline else None,
        "used": one.deadline.used if one.deadline else None,
        "step": one.step.name,
        "actions": [list(action) for action in one.step.actions],
        "notified": list(persons),
    }


def snippet_json(snippet: Snippet) -> Json:
    return {
        "name": snippet.name,
        "languages": list(snippet.languages),
        "last_90_days": snippet.usage.lately,
        "in_all": snippet.usage.ever,
        "last_used_at": instant(snippet.usage.last_at),
    }


def answer_json(answer: Rendered) -> Json:
    """A snippet as it would be sent on a ticket."""
    from ticketctl.domain.reply.check import unfilled

    return {
        "language": answer.language,
        "subject": answer.subject,
        "body": answer.body,
        "to_fill_in": [place.found for place in unfilled(answer.body)],
    }
