"""The board, refreshed while it is open; and the reallocation that one click carries out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.content.early_warning import warning_line
from ticketctl.content.terminal import line
from ticketctl.content.times import age, local, short, zone
from ticketctl.domain.chat.state import is_chat
from ticketctl.domain.deadlines.reallocation import Proposal
from ticketctl.errors import Usage
from ticketctl.present.words.away import away_line
from ticketctl.present.words.web_board import TEXTS
from ticketctl.usecases.chat.rooms import FindChats, Room, find_chats
from ticketctl.usecases.outgoing.webhooks import FailingHook
from ticketctl.usecases.results import Failed
from ticketctl.usecases.tickets.assign import Gift, Reallocate, reallocate
from ticketctl.usecases.tickets.take import Take, take
from ticketctl.usecases.views.board import Board, board
from ticketctl.usecases.views.workload import among
from ticketctl.web.doors import door
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import may, mine
from ticketctl.web.team.presence import sweep
from ticketctl.web.team.rows import row

pages = Blueprint("board", __name__)
SHOWN = 6  # tickets of a group
MINUTES = 5  # the board is drawn again after that, though nothing changed: what is due comes nearer


@pages.get("/board")
@door("agent", needs="board")
def page() -> str:
    return render_template("agent/board.html", say=speak(TEXTS), done=request.args.get("done", ""), **_shown())


@pages.get("/board/live")
@door("agent", needs="board")
def live() -> ResponseReturnValue:
    """What a page that is open asks for: the inner part, or 304 while nothing has changed."""
    mark = state_mark()
    if request.headers.get("If-None-Match") == mark:
        return Response(status=304, headers={"ETag": mark})
    response = make_response(render_template("agent/_board.html", say=speak(TEXTS), **_shown()))
    response.headers["ETag"] = mark
    return response


@pages.post("/board/reallocate")
@door("agent", needs="reallocate")
def carry_out() -> ResponseReturnValue:
    """What was proposed when the page was drawn; a ticket that was changed since stays where it is."""
    gifts = tuple(map(_gift, request.form.getlist("gift")))
    done = reallocate(mine(), Reallocate(gifts))
    stayed = sum(isinstance(one, Failed) for one in done)
    return redirect(url_for(".page", done="some_stayed" if stayed else "moved"), 303)


@pages.post("/take")
@door("agent", needs="take")
def take_next() -> ResponseReturnValue:
    done = take(mine(), Take())
    if done is None:
        return redirect(url_for(".page", done="nothing_to_take"), 303)
    return redirect(url_for("ticket.page", number=done.number, done="taken"), 303)


def state_mark() -> str:
    """What is the same as long as the page would be."""
    sweep()
    with mine().store.reading() as desk:
        generation = desk.generation
    marks = hash(tuple(mine().store.marks(r".+"))) & 0xFFFFFF
    minutes = int(mine().now.timestamp()) // (60 * MINUTES)
    return f'"{generation}-{minutes}-{marks:x}-{language()}-{g.user}"'


def _gift(word: str) -> Gift:
    try:
        number, seen, to = word.split(":", 2)
        return Gift(int(number), int(seen), to)
    except ValueError:
        raise Usage("{word!r} is no ticket and agent", code="not_a_gift", word=word) from None


def _shown() -> dict[str, Any]:
    found, say, where, now = board(mine()), speak(TEXTS), zone(mine().config.timezone), mine().now
    state = found.state
    plan = among(mine(), list(state.all))
    return {
        "board": found,
        "mark": state_mark(),
        "at": local(now, where, language()),
        "counts": _counts(found),
        "groups": _groups(found),
        "owners": [
            {
                "name": line(one.name) or say("unassigned"),
                "link": one.name,
                "for_us": one.for_us,
                "for_customer": one.for_customer,
                "overdue": one.overdue,
                "oldest": age(one.oldest, now, language()),
                "too_much": one.name in plan.too_much,
            }
            for one in state.owners
        ],
        "plan": [
            {
                "row": row(one.ticket),
                "giver": one.giver,
                "receiver": one.receiver,
                "gift": _word(one),
            }
            for one in plan.proposals
        ],
        "chats": _chats(found),
        "oldest": row(state.oldest) if state.oldest else None,
        "down": [_down(one, now, where) for one in found.down] + [_hook(one, now, where) for one in found.hooks],
        "warnings": [warning_line(one, language()) for one in found.warnings],
        "absent": [away_line(name, one, found.today, language()) for name, one in found.absent],
        "writing": [(one.number, line(one.agent), short(one.since, now, where, language())) for one in found.writing],
        "may_move": may("reallocate"),
        "may_take": may("take"),
    }


def _chats(found: Board) -> list[dict[str, Any]]:
    """Who waits in the chat comes first."""
    some = any(is_chat(one.ticket) for one in found.state.all)
    return [_chat(one, mine().now) for one in find_chats(mine(), FindChats())] if some else []


def _chat(room: Room, now: datetime) -> dict[str, Any]:
    since = room.waits_since
    return {
        "number": room.number,
        "who": line(room.ticket.requester.name) or speak(TEXTS)("visitor"),
        "subject": line(room.ticket.subject),
        "waits": age(since, now, language()) if since else "",
        "types": room.types,
        "here": room.here,
    }


def _word(one: Proposal) -> str:
    ticket = one.ticket.ticket
    return f"{ticket.number}:{ticket.revision}:{one.receiver}"


def _down(one: Any, now: Any, where: Any) -> str:
    since = short(one.since, now, where, language()) if one.since else ""
    key = "not_fetched" if not one.reason else "no_mail_since" if since else "no_mail_yet"
    reason = line(one.reason).removeprefix(f"{one.source}: ")
    return speak(TEXTS)(key, source=line(one.source), since=since, reason=reason)


def _hook(one: FailingHook, now: datetime, where: tzinfo) -> str:
    key = "hook_paused" if one.paused else "hook_failing"
    return speak(TEXTS)(key, name=one.name, since=short(one.since, now, where, language()))


def _counts(found: Board) -> list[tuple[str, int, str]]:
    """Name, how many, and the list that shows them."""
    state, outgoing = found.state, found.outgoing
    every = [
        ("open", len(state.all), url_for("list.page")),
        ("unopened", len(state.unopened), url_for("list.page", status="new")),
        ("unassigned", len(state.unassigned), url_for("list.page", owner="none")),
        ("overdue", len(state.overdue), url_for("list.page", overdue=1)),
        ("waking", len(state.waking), url_for("list.page", status="waiting")),
        ("not_delivered", len(outgoing.tickets) + outgoing.stuck, ""),
        ("held", len(outgoing.held), ""),
        ("pending", outgoing.pending, ""),
        ("quarantined", found.quarantined, url_for("quarantine.page")),
    ]
    return [one for one in every if one[1] or one[0] in ("open", "unopened", "unassigned", "overdue")]


def _groups(found: Board) -> list[dict[str, Any]]:
    """The tickets under one heading that are under none above; `more` are left out."""
    state, outgoing = found.state, found.outgoing
    seen: set[int] = set()
    groups = []
    for name, group, link in (
        ("held", outgoing.held, ""),
        ("not_delivered", outgoing.tickets, ""),
        ("overdue", state.overdue, url_for("list.page", overdue=1)),
        ("promised", state.promised, ""),
        ("unopened", state.unopened, url_for("list.page", status="new")),
        ("unassigned", state.unassigned, url_for("list.page", owner="none")),
        ("away", state.away, ""),
        ("waking", state.waking, url_for("list.page", status="waiting")),
    ):
        fresh = [one for one in group if one.ticket.number not in seen]
        seen |= {one.ticket.number for one in fresh}
        if fresh:
            shown = [row(one) for one in fresh[:SHOWN]]
            groups.append({"name": name, "count": len(group), "rows": shown, "more": len(fresh) - SHOWN, "link": link})
    return groups
