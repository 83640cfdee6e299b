"""The board: a desk's state at this moment, on one screen of 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

import msgspec

from ticketctl.content.terminal import columns, folded, line, shortened
from ticketctl.content.times import age, ahead, local
from ticketctl.domain.deadlines.work_order import Owner, TicketInQueue
from ticketctl.present.json import down_json, instant, warning_json
from ticketctl.present.tables import TAIL, Column, table
from ticketctl.present.words import say_in
from ticketctl.present.words.away import away_line
from ticketctl.present.words.board import (
    COMMANDS,
    TEXTS,
    count_words,
    hook_line,
    limit_line,
    mailbox_line,
    warned_line,
    writing_line,
)
from ticketctl.present.words.terms import TEXTS as TERMS
from ticketctl.present.words.terms import channel_note, figure, priority_word
from ticketctl.usecases.views.board import Board

SHOWN = 5
INDENT = "  "
ALWAYS = ("open", "overdue")  # counts that are shown where they are 0, too


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How to show it: `name` is the desk's, `room` the terminal columns."""

    name: str
    now: datetime
    zone: tzinfo
    room: int
    language: str


def board_json(board: Board, now: datetime) -> dict[str, Any]:
    """Numbers of tickets per group, in order of urgency; counts per owner (null: unassigned)."""
    state, outgoing = board.state, board.outgoing
    return {
        "at": instant(now),
        "mailboxes_down": [down_json(one) for one in board.down],
        "webhooks_failing": [
            {"name": one.name, "since": instant(one.since), "paused": one.paused} for one in board.hooks
        ],
        "quarantine": board.quarantined,
        "active": len(state.all),
        "unopened": _numbers(state.unopened),
        "unassigned": _numbers(state.unassigned),
        "overdue": _numbers(state.overdue),
        "waking": _numbers(state.waking),
        "promised": _numbers(state.promised),
        "owner_away": _numbers(state.away),
        "not_delivered": _numbers(outgoing.tickets),
        "held_back": _numbers(outgoing.held),
        "outbox": {
            "pending": outgoing.pending,
            "deferred": outgoing.deferred,
            "deferred_since": instant(outgoing.since),
            "stuck": outgoing.stuck,
            "scheduled": outgoing.scheduled,
        },
        "braked": [limit_line(one, "en") for one in outgoing.limited],
        "channels": _channels(state.all),
        "owners": [_owner_json(owner) for owner in state.owners],
        "oldest": state.oldest.ticket.number if state.oldest else None,
        "warnings": [warning_json(one) for one in board.warnings],
        "writing": [{"ticket": one.number, "agent": one.agent, "since": instant(one.since)} for one in board.writing],
    }


def board_lines(board: Board, view: View) -> Iterator[tuple[str, str]]:
    """Lines with what they are: "title", "warning", "head" or ""."""
    for mailbox in board.down:
        yield from _notice(mailbox_line(mailbox, view.now, view.zone, view.language), view.room)
    for hook in board.hooks:
        yield from _notice(hook_line(hook, view.now, view.zone, view.language), view.room)
    yield shortened(f"{line(view.name)}  {local(view.now, view.zone, view.language)}", view.room), "title"
    urgent = board.state.overdue or board.outgoing.tickets or board.outgoing.held
    for counts in _counts(board, view):
        yield counts, "warning" if urgent else ""
    for notice in _notices(board, view):
        yield from _notice(notice, view.room)
    yield from _groups(_parts(board), view)
    yield from _owners(board.state.owners, view)
    if board.state.oldest:
        yield "", ""
        yield shortened(_oldest(board.state.oldest, view), view.room), ""
    for news in _people(board, view):
        yield "", ""
        yield from ((text, "") for text in news)


def _notice(text: str, room: int) -> Iterator[tuple[str, str]]:
    """In two or three lines where one is too short: what to do stands at its end."""
    yield from ((one, "warning") for one in folded(shortened(text, 3 * room - 2 * len(INDENT)), room, INDENT, ""))


def _notices(board: Board, view: View) -> Iterator[str]:
    outgoing, language = board.outgoing, view.language
    if board.quarantined:
        yield count_words("quarantined", board.quarantined, language)
    if outgoing.since is not None:
        yield count_words("deferred", outgoing.deferred, language, age=age(outgoing.since, view.now, language))
    yield from (line(limit_line(one, language)) for one in outgoing.limited)
    yield from (warned_line(one, language) for one in board.warnings)


def _people(board: Board, view: View) -> Iterator[list[str]]:
    """Who is away, and who writes."""
    if board.absent:
        yield [away_line(name, one, board.today, view.language) for name, one in board.absent]
    if board.writing:
        yield [writing_line(one, view.now, view.zone, view.language) for one in board.writing]


def _counts(board: Board, view: View) -> Iterator[str]:
    """In lines as long as there is room."""
    state, outgoing = board.state, board.outgoing
    counts = {
        "open": len(state.all),
        "unopened": len(state.unopened),
        "unassigned": len(state.unassigned),
        "overdue": len(state.overdue),
        "promised": len(state.promised),
        "away": len(state.away),
        "waking": len(state.waking),
        "not_delivered": len(outgoing.tickets) + outgoing.stuck,
        "held": len(outgoing.held),
        "scheduled": outgoing.scheduled,
        "pending": outgoing.pending,
    }
    if not (any(counts.values()) or outgoing.limited):
        yield say_in(view.language, TEXTS)("nothing_open")
        return
    text = ""
    for part in (count_words(name, count, view.language) for name, count in counts.items() if count or name in ALWAYS):
        if text and columns(text) + 3 + columns(part) > view.room:
            yield text
            text = ""
        text = f"{text}   {part}" if text else part
    yield text


class _Group(msgspec.Struct, frozen=True):
    """The tickets under one heading that are under none above; `whole` is how many belong there."""

    name: str
    fresh: tuple[TicketInQueue, ...]
    whole: int


def _parts(board: Board) -> list[_Group]:
    state, outgoing = board.state, board.outgoing
    seen: set[int] = set()
    groups = []
    for name, group in (
        ("held", outgoing.held),
        ("not_delivered", outgoing.tickets),
        ("promised", state.promised),
        ("overdue", state.overdue),
        ("away", state.away),
        ("unopened", state.unopened),
        ("unassigned", state.unassigned),
        ("waking", state.waking),
    ):
        fresh = tuple(one for one in group if one.ticket.number not in seen)
        seen |= {one.ticket.number for one in fresh}
        if fresh:
            groups.append(_Group(name, fresh, len(group)))
    return groups


def _groups(groups: Sequence[_Group], view: View) -> Iterator[tuple[str, str]]:
    """One table in parts, so that the columns of all are under each other."""
    say = say_in(view.language, TEXTS)
    heads = (
        Column("#", right=True),
        Column(say("prio"), optional=2),
        Column(say("due"), right=True),
        Column(say("who"), least=10),
        Column(say("subject"), least=16, weight=2),
        Column(say("owner"), least=6, optional=1),
    )
    rows = [_row(one, view.language) for group in groups for one in group.fresh[:SHOWN]]
    lines = iter(table(heads, rows, view.room - 2)[1:])
    for group in groups:
        above = group.whole - len(group.fresh)
        yield "", ""
        head = say(f"head_{group.name}")
        yield say("head_some_above" if above else "head", head=head, count=group.whole, above=above), "head"
        yield from ((f"  {text}", "") for text in islice(lines, min(SHOWN, len(group.fresh))))
        if len(group.fresh) > SHOWN:
            yield f"  {say('more', count=len(group.fresh) - SHOWN, command=COMMANDS[group.name])}", ""


def _row(one: TicketInQueue, language: str) -> list[str]:
    ticket = one.ticket
    due = ahead(one.due, one.now, language) if one.due else ""
    who = line(ticket.requester.name or ticket.requester.address)
    priority = priority_word(ticket.priority, language)
    channel = channel_note(ticket, language)
    subject = f"{_subject(one, language)}{TAIL}{channel}" if channel else _subject(one, language)
    return [f"#{ticket.number}", priority, due, who, subject, line(ticket.assignee) or "–"]


def _subject(one: TicketInQueue, language: str) -> str:
    return line(one.ticket.subject) or say_in(language, TERMS)("no_subject")


def _oldest(one: TicketInQueue, view: View) -> str:
    owner = line(one.ticket.assignee) or say_in(view.language, TERMS)("unassigned")
    facts = {"subject": _subject(one, view.language), "age": age(one.began, view.now, view.language), "owner": owner}
    return say_in(view.language, TEXTS)("the_oldest", number=one.ticket.number, **facts)


def _owners(owners: Sequence[Owner], view: View) -> Iterator[tuple[str, str]]:
    if not owners:
        return
    say = say_in(view.language, TEXTS)
    figures = {"column_open": 0, "for_us": 0, "for_customer": 1, "column_overdue": 0, "oldest": 0}
    right = (Column(say(title), right=True, optional=optional) for title, optional in figures.items())
    heads = (Column(say("owner"), least=10), *right)
    unassigned = say_in(view.language, TERMS)("unassigned")
    rows = [
        [
            shortened(line(one.name), 30) or unassigned,
            *(figure(count, view.language) for count in (one.tickets, one.for_us, one.for_customer, one.overdue)),
            age(one.oldest, view.now, view.language),
        ]
        for one in owners
    ]
    yield "", ""
    yield from ((text, "") for text in table(heads, rows, view.room))


def _owner_json(owner: Owner) -> dict[str, Any]:
    return {
        "owner": owner.name or None,
        "active": owner.tickets,
        "waiting_on_us": owner.for_us,
        "waiting_on_customer": owner.for_customer,
        "overdue": owner.overdue,
        "oldest": instant(owner.oldest),
    }


def _channels(group: Sequence[TicketInQueue]) -> dict[str, list[int]]:
    """Those that came by each door, the busiest first."""
    found: dict[str, list[int]] = {}
    for one in group:
        found.setdefault(one.ticket.channel, []).append(one.ticket.number)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _numbers(group: Sequence[TicketInQueue]) -> list[int]:
    return [one.ticket.number for one in group]
